"""The process that is killed: several streams of messages on one store, each told to the parent once it is stored."""

from __future__ import annotations

import asyncio
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from bot import failpoints
from bot.ports import CaseId
from bot.stores.sqlite import SqliteStore
from tests.contracts.entries import NOW, case
from tests.crash.scenarios import deliver


class Orders(NamedTuple):
    """``streams``: for each stream the number of its next message. ``spare``: first number of cases to be erased.

    ``point``: where to die (a failpoint), at its ``nth`` visit; None to be killed from outside.
    """

    path: str
    streams: tuple[int, ...]
    spare: int
    point: str | None
    nth: int


def live(orders: Orders, told: Connection) -> None:
    """Runs until it is killed."""
    hook = failpoints.kill_at(orders.point, orders.nth) if orders.point else lambda _: None
    with failpoints.armed(hook):
        asyncio.run(_streams(orders, told))


async def _streams(orders: Orders, told: Connection) -> None:
    store = SqliteStore(Path(orders.path))
    talks = [_talk(store, stream, first, told) for stream, first in enumerate(orders.streams)]
    await asyncio.gather(*talks, _come_and_go(store, orders.spare, told))


async def _talk(store: SqliteStore, stream: int, first: int, told: Connection) -> None:
    """The first message may be a redelivery: the parent does not know whether it got through."""
    message = first
    while True:
        assert await deliver(store, case(stream), str(message)) in ("done", "seen")
        told.send(("message", stream, message))
        message += 1


async def _come_and_go(store: SqliteStore, spare: int, told: Connection) -> None:
    """Cases that are opened and erased."""
    while True:
        one: CaseId = case(spare)
        await deliver(store, one, "hello")
        await store.erase(one, NOW)
        told.send(("erased", spare, 0))
        spare += 1
