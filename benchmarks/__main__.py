"""Measures everything, prints it, and writes ``RESULTS.md`` with the machine and the day."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import timeit
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import bench_core, bench_http, bench_store, bench_web

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = (
    ("The core", bench_core),
    ("The store", bench_store),
    ("Turns over HTTP", bench_http),
    ("The web", bench_web),
)


def main() -> None:
    lines = ["# Benchmarks", "", *machine(), ""]
    for title, part in PARTS:
        rows = part.run()
        for name, figure, remark in rows:
            print(f"{name:42} {figure:>12}  {remark}")
        lines += [f"## {title}", "", (part.__doc__ or "").strip(), "", *table(rows), ""]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


def machine() -> list[str]:
    """Where and when: figures of different machines are not compared."""
    return [
        f"- Day: {datetime.now(UTC).date().isoformat()}",
        f"- Machine: {os.cpu_count()} cores, {processor()}",
        f"- Yardstick: {yardstick() * 1e3:.0f} ms for a million additions; where it is slower, so is the rest",
        f"- Python {platform.python_version()} on {platform.system()} {platform.release().split('-')[0]}",
        f"- Written by `{Path(sys.executable).name} -m benchmarks` (`make bench`)",
    ]


def yardstick() -> float:
    """Seconds of a fixed piece of Python, the median of five: a shared machine is not the same at each run."""
    return statistics.median(timeit.repeat("sum(n + 1 for n in numbers)", "numbers = range(1_000_000)", number=1))


def processor() -> str:
    try:
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    return ["| what | figure | remark |", "|---|---:|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]


if __name__ == "__main__":
    main()
