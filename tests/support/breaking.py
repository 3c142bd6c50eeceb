"""A proxy between us and the agency that breaks what a network and a tired server break: by plan, request by request.

A fault happens *before* the effect (the request never arrives) or *after* it (the answer never comes back as it was).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

import aiohttp
from aiohttp import web

STATUSES: Final = (408, 429, 500, 502, 503, 504)
KINDS: Final = ("cut", "delay", "repeat", "truncate", *map(str, STATUSES))
HOP: Final = {"connection", "transfer-encoding", "content-length", "content-encoding", "keep-alive", "date", "server"}


class Fault(NamedTuple):
    """``kind``: one of :data:`KINDS`. ``after``: what was asked for has happened; only the answer suffers."""

    kind: str
    after: bool


FAULTS: Final = (
    *(Fault(kind, after) for kind in KINDS for after in (False, True) if kind not in ("repeat", "truncate")),
    Fault("repeat", after=True),
    Fault("truncate", after=True),
)

Plan = Callable[[int, str, str], Fault | None]
"""What befalls the ``n``-th request (from 1), by method and path."""


class Proxy:
    """Passes everything on to ``target``. ``asked``: method and path of each request so far."""

    def __init__(self, target: str) -> None:
        self.target = target.rstrip("/")
        self.plan: Plan = lambda _n, _method, _path: None
        self.asked: list[tuple[str, str]] = []
        self.befallen = 0
        self.delay = 0.0
        self.url = ""
        self._session: aiohttp.ClientSession | None = None

    def begin(self, plan: Plan) -> None:
        """A new run: requests are counted from 1 again."""
        self.plan, self.befallen = plan, 0
        self.asked.clear()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.path))
        fault = self.plan(len(self.asked), request.method, request.path)
        if fault is None:
            return await self._pass_on(request)
        self.befallen += 1
        return await self._suffer(request, fault)

    async def _suffer(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        answer = await self._pass_on(request) if fault.after else None
        if fault.kind == "repeat":
            return await self._pass_on(request)
        if fault.kind == "delay":
            await asyncio.sleep(self.delay)
            return _hang_up(request)
        if fault.kind == "truncate" and answer is not None:
            return await _half_of(request, answer)
        if fault.kind.isdigit():
            return web.json_response({"type": "about:blank", "title": "broken"}, status=int(fault.kind))
        return _hang_up(request)

    async def _pass_on(self, request: web.Request) -> web.Response:
        assert self._session is not None
        headers = {name: value for name, value in request.headers.items() if name.lower() not in (*HOP, "host")}
        url, body = self.target + request.path_qs, await request.read()
        async with self._session.request(
            request.method, url, headers=headers, data=body, allow_redirects=False
        ) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP}
            return web.Response(status=answer.status, headers=kept, body=await answer.read())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Proxy]:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self.serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession(auto_decompress=False) as self._session:
            try:
                yield self
            finally:
                await runner.cleanup()


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half_of(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """The head promises all of the body, and half of it comes. Where there is no body, nothing of the answer comes."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    if not body:
        return _hang_up(request)
    half = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/octet-stream"})
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return half
