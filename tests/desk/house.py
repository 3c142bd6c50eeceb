"""A desk over any store, with a clock that stands still, and an applicant behind a door who writes to it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from bot.core import commands as c
from bot.desk import Desk
from bot.keys import Secret, Vault
from bot.library import Library
from bot.ports import CaseId, Loaded, Moment, Store
from bot.procedures.load import load_procedure
from bot.turn import Incoming, Reply
from tests.core.talk import FOLDERS, words

TODAY = date(2022, 3, 2)
MASTER = Secret(bytes(range(32)))
DOOR = "erika@example.org"


class StillClock:
    """Moves only when told."""

    def __init__(self) -> None:
        self.now = datetime(2022, 3, 2, 9, 30, tzinfo=UTC)

    def moment(self, demo_date: date | None = None) -> Moment:
        return Moment(self.now, demo_date or TODAY)

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@cache
def library() -> Library:
    return Library(load_procedure(folder) for folder in FOLDERS.values())


def desk_over(store: Store, clock: StillClock | None = None, books: Library | None = None) -> Desk:
    """A desk as one process has it: an empty cache, the same master key as every other."""
    vault = Vault([MASTER], os.urandom)
    return Desk(store, vault, books or library(), words, clock or StillClock(), random_bytes=os.urandom)


_ids = itertools.count(1)


class Client:
    """One person behind one door. Message ids count up by themselves."""

    def __init__(self, desk: Desk, address: str = DOOR, channel: str = "test") -> None:
        self.desk = desk
        self.address = address
        self.channel = channel
        self.last: Reply | None = None

    async def open(self, procedure: str = "beispiel", language: str = "de") -> Reply:
        self.last = await self.desk.open_case(
            procedure, channel=self.channel, address=self.address, language=language, demo_date=TODAY
        )
        return self.last

    async def put(self, content: c.Content, id: str | None = None) -> Reply:
        message = Incoming(self.channel, self.address, id or f"m{next(_ids)}", content)
        self.last = await self.desk.take_in(message)
        return self.last

    async def type(self, text: str, id: str | None = None) -> Reply:
        return await self.put(c.Typed(text), id)

    async def pick(self, value: Any, id: str | None = None) -> Reply:
        return await self.put(c.Picked(await self.question(), value), id)

    async def act(self, action: str, target: str = "", id: str | None = None) -> Reply:
        return await self.put(c.Acted(action, target), id)

    async def question(self) -> str:
        """The address of the open question."""
        open_ = (await self.situation()).open
        assert open_ is not None
        return open_.address

    async def situation(self) -> Any:
        """The case as this process last saw it; another one may have written since."""
        hot = await self.desk._cases.hot(await self.case())
        return self.desk._cases.situation(hot)

    async def case(self) -> CaseId:
        return await self.desk.find(self.channel, self.address)

    async def all(self, contents: Iterable[c.Content]) -> list[Reply]:
        return [await self.put(content) for content in contents]


ANSWERS: tuple[Any, ...] = (
    True, "sachsen", "selbststaendig", "Lena", "2015-03-01", False, True, [1], ["2020-04-20", "2020-05-15"], "behoerde",
    False, "1000.00", "900.00", "+493411234567", "erika@example.org", {"files": [], "later": True}, True, True,
)  # fmt: skip
"""A whole application of the example dialog, from "may I begin?" to the last declaration."""


async def filled(client: Client, upto: int | None = None) -> Reply:
    """A case with the first ``upto`` answers; with all of them it may be submitted."""
    await client.open()
    for value in ANSWERS[:upto]:
        reply = await client.pick(value)
        assert reply.outcome in ("accepted", "done"), (value, reply.outcome, [say.text for say in reply.says])
    assert client.last is not None
    return client.last


class CountingStore:
    """Remembers how much was loaded and written. Everything passes through to ``store``."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.loads: list[tuple[int, int]] = []
        self.appended: list[str] = []

    async def load(self, case: CaseId, after: int = 0) -> Loaded | None:
        loaded = await self.store.load(case, after)
        self.loads.append((after, 0 if loaded is None else len(loaded.rows)))
        return loaded

    async def append(self, entries: Any) -> Any:
        outcomes = await self.store.append(entries)
        self.appended += outcomes
        return outcomes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)
