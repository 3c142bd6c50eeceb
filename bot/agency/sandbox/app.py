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
from bot.agency.sandbox.http import LABEL, Handler, answers, problem
from bot.agency.sandbox.keys import has_safe, open_safe
from bot.agency.sandbox.pages import Pages
from bot.agency.sandbox.service import Service
from bot.agency.sandbox.store import Store
from bot.agency.sandbox.subscriber import Subscriber
from bot.agency.sandbox.tokens import Tokens

HOUSE: Final = web.AppKey("sandbox", House)
SILENT_SECONDS: Final = "5"
FOLDER: Final = web.AppKey("sandbox_folder", Path)


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
    ``auto``: accept, clerk or reject, until somebody changes it. Keys that are not there yet are made after the start,
    which takes seconds; who asks meanwhile waits. OSError: the folder cannot be used; ValueError: a file in it is
    damaged.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(folder)
    safe = open_safe(folder) if has_safe(folder) else None
    house = House(safe, store, tuple(offers), schemas, base, clock, auto)
    app = web.Application(middlewares=[when_ready, answers])
    app[HOUSE], app[FOLDER] = house, folder
    app.add_routes(Service(house, Tokens(house, clock)).routes())
    app.add_routes(Pages(house).routes())
    app.cleanup_ctx.append(_working)
    return app


@web.middleware
async def when_ready(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nobody is served before there are keys; programs not at all while the agency is switched to silence."""
    house = _house_of(request)
    await house.ready.wait()
    if _is_for_programs(request) and await asyncio.to_thread(house.mode) == "silent":
        return problem(503, "service-unavailable", headers={"Retry-After": SILENT_SECONDS, **LABEL})
    return await handler(request)


def _is_for_programs(request: web.Request) -> bool:
    resource = request.match_info.route.resource
    path = "" if resource is None else resource.canonical
    return "/submission-api/" in path or path.endswith("/token")


def _house_of(request: web.Request) -> House:
    return request.config_dict[HOUSE]


def access(app: web.Application, offer: Offer | None = None) -> Access:
    """A sender's way into ``app`` for one of its offers, the first where none is named."""
    house = app[HOUSE]
    return house.safe.access(offer or house.offers[0])


async def _working(app: web.Application) -> AsyncIterator[None]:
    """Keys first, then the agency's own programme."""
    task = asyncio.create_task(_work(app[HOUSE], app[FOLDER]))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    app[HOUSE].store.close()


async def _work(house: House, folder: Path) -> None:
    if not house.has_keys:
        house.give_keys(await asyncio.to_thread(open_safe, folder))
    house.ready.set()
    await Subscriber(house).run()
