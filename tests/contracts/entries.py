"""What the tests of stores write: entries of made-up cases, and the stores that must all do the same with them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.ports import CaseId, Entry, Store, Summary
from bot.stores.memory import MemoryStore
from bot.stores.sqlite import SqliteStore

NOW = datetime(2022, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SUMMARY = Summary("", "aid", "2022-01", None, "open", "bot", "de", "web", "person", NOW, NOW)

STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda folder: SqliteStore(folder / "ledger.db"),
}
"""How each store is made in an empty folder. Another store joins the contract by a line here."""


def case(number: int) -> CaseId:
    return number.to_bytes(16, "big")


def reference(case: CaseId) -> str:
    return f"AL-{case.hex()}"


def wrapped_key(case: CaseId) -> bytes:
    return b"wrapped:" + case


def entry(case: CaseId, number: int, **changes: Any) -> Entry:
    """Turn ``number`` of ``case``; with its key where it opens the case."""
    summary = replace(SUMMARY, reference=reference(case), section=f"section {number}")
    key = wrapped_key(case) if number == 1 else None
    return replace(Entry(case, number, NOW, f"payload {number}".encode(), summary, key), **changes)


async def put(store: Store, *entries: Entry) -> None:
    """Append one after the other; each must be done."""
    for one in entries:
        assert await store.append([one]) == ["done"]


async def talk(store: Store, case: CaseId, turns: int) -> None:
    """A case with that many turns."""
    await put(store, *(entry(case, number) for number in range(1, turns + 1)))


async def numbers(store: Store, case: CaseId) -> list[int]:
    """The numbers that the store has of ``case``, in its order."""
    loaded = await store.load(case)
    return [] if loaded is None else [row.number for row in loaded.rows]


async def append_next(store: Store, case: CaseId, payload: bytes, **changes: Any) -> int:
    """Append behind whatever is there, as often as others are faster. The number that it got."""
    while True:
        loaded = await store.load(case, after=10**9)
        assert loaded is not None
        if await store.append([entry(case, loaded.last + 1, payload=payload, **changes)]) == ["done"]:
            return loaded.last + 1


Scene = Callable[[Any], Awaitable[None]]


def each_store(scene: Scene) -> Callable[[Callable[[Path], Store], Path], None]:
    """Turns an async scene into a test that plays it on every store."""

    @pytest.mark.parametrize("make", STORES.values(), ids=STORES.keys())
    def test(make, tmp_path):
        asyncio.run(played(scene, make, tmp_path))

    test.__name__, test.__doc__ = scene.__name__, scene.__doc__
    return test


async def played(scene: Scene, make: Callable[[Path], Store], folder: Path) -> None:
    store = make(folder)
    try:
        await scene(store)
    finally:
        await store.close()
