"""Processes under test: each on the first core, as long as a block lasts. Linux only."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.dialogue import TODAY
from bot.keys import load_masters

ROOT: Final = Path(__file__).parents[1]
CORES: Final = sorted(os.sched_getaffinity(0))
THEIRS: Final = {CORES[0]}
"""Where the server runs. The load has all others."""
OURS: Final = set(CORES[1:]) or THEIRS


class Process:
    """A running server. ``port``: where it listens."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def cpu(self) -> float:
        """Seconds of CPU of its own threads so far, to the nanosecond; children are not counted."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text("ascii").split()[0]) for task in tasks) / 1e9

    def pin(self, cores: set[int]) -> None:
        """From now on only there, with every thread it has."""
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), cores)


def command(data: Path) -> tuple[list[str], dict[str, str]]:
    """How the product is started as a demonstration without rates, and with which environment."""
    settings = {
        "ANTRAGSLOTSE_DATA": str(data),
        "ANTRAGSLOTSE_PORT": "0",
        "ANTRAGSLOTSE_DEMO_DATE": TODAY.isoformat(),
        "ANTRAGSLOTSE_FREE_NETWORKS": "127.0.0.0/8",
    }
    return [sys.executable, "-m", "bot", "serve"], {**os.environ, **settings}


@contextmanager
def product(data: Path, cores: set[int] = THEIRS) -> Iterator[Process]:
    """``antragslotse serve`` over the folder ``data``."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    load_masters({}, data, os.urandom)
    line, environment = command(data)
    with _running(line, environment, cores) as process:
        yield process


@contextmanager
def bare() -> Iterator[Process]:
    """:mod:`benchmarks.bare`."""
    with _running([sys.executable, "-m", "benchmarks.bare"], dict(os.environ), THEIRS) as process:
        yield process


@contextmanager
def durable() -> Iterator[Process]:
    """:mod:`benchmarks.durable`."""
    with _running([sys.executable, "-m", "benchmarks.durable"], dict(os.environ), THEIRS) as process:
        yield process


@contextmanager
def _running(line: list[str], environment: dict[str, str], cores: set[int]) -> Iterator[Process]:
    process = subprocess.Popen(line, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE)
    os.sched_setaffinity(process.pid, cores)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://[\w.]+:(\d+)", said)
        if found is None:
            raise RuntimeError(f"not started: {said!r}")
        yield Process(process, int(found[1]))
    finally:
        process.terminate()
        process.wait(30)
