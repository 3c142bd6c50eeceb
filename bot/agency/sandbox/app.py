"""The sandbox as an aiohttp application: mounted below ``/sandbox`` or served alone; its state is one folder."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.agency.sandbox.access import Access, Offer
from bot.agency.sandbox.house import House
from bot.agency.sandbox.http import answers
from bot.agency.sandbox.keys import open_safe
from bot.agency.sandbox.service import Service
from bot.agency.sandbox.store import Store
from bot.agency.sandbox.subscriber import Subscriber
from bot.agency.sandbox.tokens import Tokens

HOUSE: Final = web.AppKey("sandbox", House)


def create_sandbox(
    folder: Path,
    *,
    base: Callable[[], str],
    offers: Sequence[Offer] = (Offer(),),
    schemas: Callable[[str], dict[str, Any] | None] = lambda _: None,
    clock: Callable[[], float] = time.time,
    auto: str = "accept",
) -> web.Application:
    """``base``: URL of the mount, asked when an event is signed. ``schemas``: URI → JSON Schema, None where unknown.
    ``auto``: accept, clerk or reject, until somebody changes it. Makes keys at the first start (seconds).
    OSError: the folder cannot be used; ValueError: a file in it is damaged.
    """
    safe = open_safe(folder)
    house = House(safe, Store(folder), tuple(offers), schemas, base, clock, auto)
    app = web.Application(middlewares=[answers])
    app[HOUSE] = house
    app.add_routes(Service(house, Tokens(safe, clock)).routes())
    app.cleanup_ctx.append(_subscriber)
    return app


def access(app: web.Application, offer: Offer | None = None) -> Access:
    """A sender's way into ``app`` for one of its offers, the first where none is named."""
    house = app[HOUSE]
    return house.safe.access(offer or house.offers[0])


async def _subscriber(app: web.Application) -> AsyncIterator[None]:
    house = app[HOUSE]
    task = asyncio.create_task(Subscriber(house).run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    house.store.close()
