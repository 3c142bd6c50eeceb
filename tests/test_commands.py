"""Every command as an operator or author starts it: a process, its words, its exit status."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from bot.core.commands import Acted
from bot.keys import KEY_FILE, Secret, written
from bot.settings import Settings
from bot.wiring import opened
from tests.desk.house import Client, filled

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "tests" / "core" / "dialogs"
TINY = ROOT / "tests" / "dialogs" / "tiny"
FOLDERS = {"data", "dialogs", "locales"}
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
REAL = "elternentschaedigung"
PATIENCE = 30.0
"""Seconds that a process may take on a busy machine."""


class House:
    """A data folder and the commands over it. ``more``: what else stands in the environment."""

    more: ClassVar[dict[str, str]] = {}

    def __init__(self, data: Path, dialogs: Path) -> None:
        self.data = data
        self.settings = Settings(data=data, dialogs=dialogs, locales=ROOT / "locales")
        self.running: list[subprocess.Popen[str]] = []

    @property
    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ANTRAGSLOTSE_")}
        folders = {
            f"ANTRAGSLOTSE_{name.upper()}": str(path)
            for name, path in self.settings.model_dump(include=FOLDERS).items()
        }
        return {**clean, **folders, **self.more, "PYTHONIOENCODING": "utf-8"}

    def run(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *words]
        done = subprocess.run(
            command,
            input=typed,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=self.environment,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def start(self, *words: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "bot", *words]
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=ROOT, env=self.environment
        )
        self.running.append(process)
        return process

    @property
    def submissions(self) -> list[Path]:
        return sorted(self.settings.outbox.glob("*.zip"))

    def submit(self) -> None:
        """A whole application is sent off, and nobody has done the work that follows."""

        async def one() -> None:
            async with opened(self.settings) as desk:
                client = Client(desk, f"door {os.urandom(4).hex()}")
                await filled(client)
                await client.put(Acted("submit"))

        asyncio.run(one())


def made(data: Path, dialogs: Path) -> Iterator[House]:
    house = House(data, dialogs)
    yield house
    for process in house.running:
        process.kill()
        process.communicate()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Over the dialogs that ship."""
    yield from made(tmp_path / "data", ROOT / "dialogs")


@pytest.fixture
def example(tmp_path: Path) -> Iterator[House]:
    """Over the example dialog of the tests."""
    yield from made(tmp_path / "data", EXAMPLES)


def until(true: Callable[[], object], process: subprocess.Popen[str] | None = None) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def told(done: subprocess.CompletedProcess[str], status: int) -> str:
    """What an operator reads: everything but the first start's warning about its new key."""
    assert done.returncode == status, done.stderr
    return "\n".join(line for line in done.stderr.splitlines() if not line.startswith("WARNING made the master key"))


# -- help ------------------------------------------------------------------------------------------------------------


def test_help_names_every_command_and_setting(house):
    text = house.run("--help").stdout
    for word in ("chat", "check", "draw", "schema", "publish", "work", "rewrap", "migrate", "ANTRAGSLOTSE_DATA"):
        assert word in text
    assert "{de,en}" in house.run("chat", "--help").stdout


def test_usage_is_told_without_a_stack(house):
    assert house.run().returncode == 2
    assert house.run("chat", REAL, "--lang", "xx").returncode == 2
    assert told(house.run("chat"), 2) == "Name a procedure, or a case by --resume CODE."


# -- the ways to the agencies ----------------------------------------------------------------------------------------

WRONG_WAYS = """
[default]
way = "fax"
[procedures.elternentschaedigun]
way = "export"
"""
TOLD_WAYS = (
    'agencies.toml: default: way is one of "export", "sandbox", "fitconnect"',
    "agencies.toml: procedures.elternentschaedigun: there is no procedure 'elternentschaedigun'",
)


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["work", "--once"], ["chat", REAL]])
def test_a_wrong_file_of_ways_stops_the_start_with_the_key_path(house, tmp_path, monkeypatch, command):
    path = tmp_path / "agencies.toml"
    path.write_text(WRONG_WAYS, "utf-8")
    monkeypatch.setattr(House, "more", {"ANTRAGSLOTSE_AGENCIES": str(path), "ANTRAGSLOTSE_DEMO_DATE": "2020-06-02"})
    said = told(house.run(*command), 1)
    assert all(line in said for line in TOLD_WAYS)


def test_check_reads_the_file_of_ways_too(example, tmp_path, monkeypatch):
    path = tmp_path / "agencies.toml"
    path.write_text('[procedures.beispil]\nway = "export"\n', "utf-8")
    monkeypatch.setattr(House, "more", {"ANTRAGSLOTSE_AGENCIES": str(path)})
    done = example.run("check")
    assert done.returncode == 1
    assert "procedures.beispil: there is no procedure 'beispil'; did you mean 'beispiel'?" in done.stdout


# -- for authors -----------------------------------------------------------------------------------------------------


def test_check_tells_each_mistake_with_file_and_line(house, tmp_path):
    dialogs = tmp_path / "dialogs"
    shutil.copytree(TINY / "choices", dialogs / "choices")
    path = dialogs / "choices" / "2026-01" / "dialog.yaml"
    path.write_text(path.read_text("utf-8").replace("agency:", "agenci:", 1), "utf-8")
    house.settings = Settings(data=house.data, dialogs=dialogs, locales=tmp_path)
    done = house.run("check", "choices")
    assert done.returncode == 1
    assert re.search(r"choices/2026-01/dialog\.yaml:\d+: .*agenci", done.stdout)
    assert "chat" not in told(house.run("chat", "choices"), 1)
    assert "dialog.yaml" in told(house.run("chat", "choices"), 1)


def test_check_is_content_with_what_is_right(house, tmp_path):
    shutil.copytree(TINY / "choices", tmp_path / "dialogs" / "choices")
    house.settings = Settings(data=house.data, dialogs=tmp_path / "dialogs", locales=tmp_path)
    done = house.run("check")
    assert (done.returncode, done.stdout) == (0, "1 dialogs, 0 mistakes\n")


def test_draw(house):
    assert house.run("draw", REAL).stdout.startswith("flowchart")
    assert "submitted" in house.run("draw", "case").stdout


def test_schema(house, tmp_path):
    assert json.loads(house.run("schema").stdout)["$id"] == "urn:antragslotse:dialog-format"
    shutil.copytree(TINY / "choices", tmp_path / "dialogs" / "choices")
    house.settings = Settings(data=house.data, dialogs=tmp_path / "dialogs")
    path = tmp_path / "dialogs" / "choices" / "2026-01" / "submission.schema.json"
    before = path.read_text("utf-8")
    path.unlink()
    assert house.run("schema", "choices").stdout == f"{path}\n"
    assert path.read_text("utf-8") == before


def test_publish(house, tmp_path):
    shutil.copytree(TINY / "choices", tmp_path / "dialogs" / "choices")
    house.settings = Settings(data=house.data, dialogs=tmp_path / "dialogs", locales=tmp_path)
    assert house.run("publish", "choices").stdout == "choices/2026-01 is published\n"
    assert (tmp_path / "dialogs" / "versions.lock").read_text("utf-8").startswith("choices/2026-01 ")
    path = tmp_path / "dialogs" / "choices" / "2026-01" / "dialog.yaml"
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    assert "is published and may not change" in told(house.run("publish", "choices"), 1)
    assert "is published and may not change" in told(house.run("chat", "choices"), 1)


@pytest.mark.parametrize("command", ["chat", "draw", "schema", "publish"])
def test_a_name_that_is_not_there_is_one_line_with_a_proposal(house, command):
    line = told(house.run(command, "elternentschaedigun"), 1)
    assert line == "there is no procedure 'elternentschaedigun'; did you mean 'elternentschaedigung'?"
    line = told(house.run(command, "nix"), 1)
    assert line.startswith("there is no procedure 'nix'; there is: ")
    assert "\n" not in line


def test_a_municipality_that_is_not_there_or_is_needed(house):
    house.settings = Settings(data=house.data, dialogs=TINY, locales=ROOT / "locales")
    needed = told(house.run("chat", "municipal"), 1)
    assert needed == "'municipal' needs a municipality; there is: musterstadt"
    unknown = told(house.run("chat", "municipal", "--municipality", "musterstatt"), 1)
    assert unknown == "'municipal' has no municipality 'musterstatt'; did you mean 'musterstadt'?"
    assert "Wo sitzt" not in house.run("chat", "municipal", "--municipality", "musterstadt").stderr


def test_nobody_need_read_to_the_end(house):
    """As ``antragslotse draw ... | head -1`` does."""
    process = house.start("draw", REAL)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(PATIENCE) == 1


# -- chat ------------------------------------------------------------------------------------------------------------


def test_chat_in_german_and_the_code_at_the_end_of_input(house):
    done = house.run("chat", REAL, "--today", "2021-03-01", typed="ja\n")
    assert told(done, 0) == ""
    assert "Guten Tag!" in done.stdout
    assert CODE.search(done.stdout)


def test_chat_in_english(house):
    done = house.run("chat", REAL, "--today", "2021-03-01", "--lang", "en", typed="yes\n")
    assert "Good day" in done.stdout
    assert CODE.search(done.stdout)


def test_a_record_that_cannot_be_written_is_said(house):
    record = house.data / "nowhere" / "talk.txt"
    assert "nowhere" in told(house.run("chat", REAL, "--record", str(record)), 1)


def test_a_code_that_opens_nothing(house):
    assert "öffnet nichts" in told(house.run("chat", "--resume", "0000-0000-0000-0000"), 1)


class Listener:
    """Reads what a process says while it is still talking."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.heard = ""
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        while character := self.process.stdout.read(1):
            self.lines.put(character)

    def type(self, line: str) -> str:
        """Types a line; what is said until the next prompt."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.prompt()

    def prompt(self) -> str:
        said = ""
        while not said.endswith("\n> ") and said != "> ":
            said += self.lines.get(timeout=PATIENCE)
        return said


def test_killed_in_the_middle_and_resumed_by_the_code_nothing_is_lost(example):
    process = example.start("chat", "beispiel", "--today", "2022-03-02")
    talk = Listener(process)
    talk.prompt()
    talk.type("ja")
    found = CODE.search(talk.type("Pause"))
    assert found is not None
    talk.type("weiter")
    talk.type("Sachsen")
    talk.type("selbstständig")
    process.kill()
    assert process.wait(PATIENCE) == -signal.SIGKILL
    done = example.run("chat", "--resume", found[0], typed="Zusammenfassung\n")
    assert told(done, 0) == ""
    assert "Schön, dass Sie wieder da sind." in done.stdout
    assert "→ Sachsen" in done.stdout
    assert "→ Ich bin selbstständig" in done.stdout
    assert "Wie heißt das Kind" in done.stdout


def test_control_c_ends_the_talk_at_once_and_without_a_stack(example):
    process = example.start("chat", "beispiel")
    Listener(process).prompt()
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 130
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()


# -- work ------------------------------------------------------------------------------------------------------------


def test_work_once_does_what_is_due(example):
    example.submit()
    assert told(example.run("work", "--once"), 0) == ""
    (path,) = example.submissions
    with zipfile.ZipFile(path) as package:
        assert json.loads(package.read("submission.json"))["procedure"] == "beispiel"
    assert told(example.run("work", "--once"), 0) == ""
    assert example.submissions == [path]


def test_a_worker_works_until_it_is_told_to_stop(example):
    example.submit()
    process = example.start("work")
    until(lambda: example.submissions, process)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.wait(PATIENCE) == 0
    assert time.monotonic() - began < 5


@pytest.mark.slow
def test_a_worker_outlives_a_store_that_is_away(example):
    example.submit()
    process = example.start("work")
    until(lambda: example.submissions, process)
    ledger = sqlite3.connect(example.settings.ledger, isolation_level=None)
    ledger.execute("BEGIN IMMEDIATE")
    time.sleep(8)  # longer than the store waits for another process
    ledger.execute("ROLLBACK")
    ledger.close()
    assert process.poll() is None
    example.submit()
    until(lambda: len(example.submissions) == 2, process)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "no work for 1 seconds" in said
    assert "erika" not in said


def test_work_once_says_where_the_store_is_away(example):
    example.data.mkdir(mode=0o700)
    example.settings.ledger.mkdir()
    assert example.settings.ledger.name in told(example.run("work", "--once"), 1)


# -- keys and tables -------------------------------------------------------------------------------------------------


def test_migrate_makes_the_tables(house):
    done = house.run("migrate")
    assert done.stdout == f"{house.settings.ledger} is up to date\n"
    assert house.settings.ledger.exists()
    assert house.run("migrate").returncode == 0


def test_after_a_new_master_key_every_key_is_wrapped_anew(example):
    example.submit()
    path = example.data / KEY_FILE
    path.write_text(f"{written(Secret(os.urandom(32)))}\n{path.read_text('utf-8')}", "utf-8")
    assert example.run("rewrap").stdout == "1 keys wrapped anew\n"
    assert example.run("rewrap").stdout == "0 keys wrapped anew\n"
    assert example.run("work", "--once").returncode == 0
    assert len(example.submissions) == 1
