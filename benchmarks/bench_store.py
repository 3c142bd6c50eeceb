"""Durable appends a second on the SQLite store: 1, 8 and 64 cases at once, each waiting for its own commit.

An append here is a whole turn: dedup entry, turn of 700 bytes, summary, one job, one step of the funnel.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.ports import Entry, NewJob, Step, Summary
from bot.stores.sqlite import SqliteStore

RUNS = 5
SECONDS = 1.0
CASES = (1, 8, 64)
NOW = datetime(2022, 3, 2, 9, 30, tzinfo=UTC)
PAYLOAD = bytes(range(256)) * 3
SUMMARY = Summary("", "aid", "2022-01", None, "open", "bot", "de", "web", "person", NOW, NOW)


def run() -> list[tuple[str, str, str]]:
    """(name, figure, unit) for each number of cases: the median of some runs, and the best."""
    return [_figure(cases) for cases in CASES]


def _figure(cases: int) -> tuple[str, str, str]:
    rates = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            rates.append(asyncio.run(_rate(Path(folder) / "bench.db", cases)))
    remark = f"durable appends/s (best {max(rates):,.0f}; synchronous=FULL)"
    return f"SQLite, {cases} at once", f"{statistics.median(rates):,.0f}", remark


async def _rate(path: Path, cases: int) -> float:
    store = SqliteStore(path)
    turns = [_turns(case.to_bytes(16, "big")) for case in range(cases)]
    for entries in turns:
        assert await store.append([next(entries)]) == ["done"]
    began = time.perf_counter()
    counts = await asyncio.gather(*(_talk(store, entries, began + SECONDS) for entries in turns))
    took = time.perf_counter() - began
    await store.close()
    return sum(counts) / took


async def _talk(store: SqliteStore, entries: Iterator[Entry], until: float) -> int:
    count = 0
    while time.perf_counter() < until:
        assert await store.append([next(entries)]) == ["done"]
        count += 1
    return count


def _turns(case: bytes) -> Iterator[Entry]:
    """Turn 1, 2, 3, ... of one case."""
    name = case.hex()
    first = Entry(case, 1, NOW, PAYLOAD, replace(SUMMARY, reference=name), key=bytes(65))
    yield first
    number = 1
    while True:
        number += 1
        jobs = [NewJob("say", f"{name}:{number}", NOW, PAYLOAD[:200])]
        steps = [Step("born", "date", 4_000)]
        yield replace(first, number=number, key=None, seen=(case, str(number)), jobs=jobs, steps=steps)


if __name__ == "__main__":
    for name, figure, remark in run():
        print(f"{name:20} {figure:>10} {remark}")
