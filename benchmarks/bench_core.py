"""The core alone, on the first real procedure: a hot turn, a cold turn, and what an open case weighs.

A *hot* turn is understand, decide, say (no I/O, no ledger). A *cold* turn is load, decrypt, read, fold and walk of a
case with sixty answers. The applicant has many closures, so that the case is long and its rows are many.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bot.answers.base import Json
from bot.core import commands as c
from bot.core import events
from bot.core.case import fold
from bot.core.decide import decide
from bot.core.events import Turn
from bot.core.position import Situation
from bot.core.tell import tell
from bot.core.understand import understand
from bot.keys import Vault
from bot.library import typed_parameters
from bot.ports import Entry, Summary
from bot.procedures.walk import walk
from bot.stores.sqlite import SqliteStore
from tests.core.applicant import Applicant
from tests.core.talk import NOW, TODAY, Talk, interview_of
from tests.desk.house import MASTER, desk_over

EARLY, LATE = 5, 60
NEIGHBOURS = 4
"""Questions differ; so the median is taken over the choices around the place."""
REPEATS = 101
CASES = 10_000
CASE = bytes(16)
PROCEDURE = "elternentschaedigung"


class LongTalker(Applicant):
    """Two children, many closures, and nothing that ends early."""

    def _value(self, open_: Any) -> Json:
        if open_.kind == "again":
            rows = len(self.talk.path.ids)
            return rows < {"@again[kinder]": 2, "@again[zeiten]": 12}.get(open_.address, 0)
        return super()._value(open_)


def run() -> list[tuple[str, str, str]]:
    """(name, figure, remark) for each measured thing."""
    asked = long_talk(LATE + NEIGHBOURS)
    took = medians(asked)
    early, late = around(asked, took, EARLY), around(asked, took, LATE)
    rows = [took[place] for place, each in enumerate(asked) if each.content.question.endswith("].umfang")]
    return [
        (f"hot turn at question {EARLY}", _micro(early), "understand, decide, say; median; target 200 µs"),
        (f"hot turn at question {LATE}", _micro(late), "the same case, later"),
        ("ratio of the two", f"{late / early:.2f}", "in one run, taken in turns; target 1.3 at most"),
        (
            "the same question, first and last row",
            f"{rows[-1] / rows[0]:.2f}",
            f"{_micro(rows[0])}, {_micro(rows[-1])}",
        ),
        ("median of all hot turns", _micro(statistics.median(took)), f"{len(took)} questions"),
        ("slowest of them", _micro(max(took)), "a proposal over every day of a closure"),
        (f"cold turn at {LATE} answers", f"{cold_turn(asked) * 1e3:,.2f} ms", "load, decrypt, fold, walk; target 3 ms"),
        (
            f"{CASES:,} open cases",
            f"{weight(asked) / 2**20:,.0f} MiB",
            f"hot, {LATE} answers each; growth of the process",
        ),
    ]


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs"


class Asked:
    """One answered question: the situation in which ``content`` came in, and the turns so far."""

    def __init__(self, talk: Talk, content: c.Picked) -> None:
        self.situation: Situation = talk.situation
        self.content = content
        self.kind: str = talk.open.stop.asked.kind.answer if talk.open.kind == "question" else ""
        self.turns = tuple(talk.turns)


def long_talk(answers: int, seed: int = 1) -> list[Asked]:
    """The accepted answers of one case, in order: index 0 is the first question."""
    applicant = LongTalker(Talk(PROCEDURE), seed)
    asked: list[Asked] = []
    while len(asked) < answers:
        content = applicant.reply()
        assert isinstance(content, c.Picked)
        was = Asked(applicant.talk, content)
        is_question = applicant.talk.open.kind == "question"
        if applicant.talk.put(content).outcome == "accepted" and is_question:
            asked.append(was)
    return asked


def hot(asked: Asked) -> object:
    situation, content = asked.situation, asked.content
    decision = decide(situation, understand(content, situation))
    return tell(situation, content, decision)


def medians(asked: list[Asked]) -> list[float]:
    """Seconds of each question's hot turn. All are taken in turns, so that a busy machine slows them alike."""
    took: list[list[float]] = [[] for _ in asked]
    for _ in range(REPEATS):
        for place, each in enumerate(asked):
            began = time.perf_counter()
            hot(each)
            took[place].append(time.perf_counter() - began)
    return [statistics.median(times) for times in took]


def around(asked: list[Asked], took: list[float], number: int) -> float:
    """Seconds of a choice around question ``number``: like is compared with like."""
    near = range(number - 1 - NEIGHBOURS, number + NEIGHBOURS)
    return statistics.median(took[place] for place in near if asked[place].kind in ("one_of", "yes_no"))


def cold_turn(asked: list[Asked]) -> float:
    """Seconds until a desk that has never seen a case of sixty answers knows where it stands."""
    return asyncio.run(_cold([each.turns for each in asked][LATE]))


async def _cold(turns: tuple[Turn, ...]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "bench.db")
        await _write(store, turns)
        took = []
        for _ in range(REPEATS // 2):
            desk = desk_over(store)
            began = time.perf_counter()
            situation = await desk.look(CASE)
            took.append(time.perf_counter() - began)
        assert len(situation.path.steps) >= LATE
        await store.close()
    return statistics.median(took)


async def _write(store: SqliteStore, turns: tuple[Turn, ...]) -> None:
    """The turns as the desk would have written them."""
    vault = Vault([MASTER], os.urandom)
    key, wrapped = vault.new_key(CASE)
    summary = Summary("AL-BENCH", PROCEDURE, "", None, "open", "bot", "de", "test", "", NOW, NOW)
    for turn in turns:
        payload = vault.seal(key, CASE, turn.number, events.write(turn))
        entry = Entry(CASE, turn.number, turn.at, payload, summary, wrapped if turn.number == 1 else None)
        assert await store.append([entry]) == ["done"]


def weight(asked: list[Asked]) -> int:
    """Bytes by which the process grows while it keeps :data:`CASES` hot cases of sixty answers: folds and paths."""
    turns = [events.write(turn) for turn in asked[LATE].turns]
    interview = interview_of(PROCEDURE)
    gc.collect()
    before, kept = _resident(), []
    for _ in range(CASES):
        case = fold(events.read(payload) for payload in turns)
        kept.append((case, walk(interview, case.sheet, typed_parameters(interview, case.parameters), TODAY)))
    gc.collect()
    return _resident() - before


def _resident() -> int:
    """Bytes of memory that the process holds (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    for name, figure, remark in run():
        print(f"{name:40} {figure:>12} {remark}")
