"""Listens: bounded connections, bounded heads, and an end that loses nothing.

At the end nobody new is let in, turns under way are finished, streams say goodbye, and only then the store may close.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import orjson
from aiohttp import web

from bot import limits
from bot.answers.base import German
from bot.settings import Settings
from bot.web.middleware import EVERYWHERE, log, where
from bot.web.problems import Trouble, document, reply
from bot.web.service import SERVICE

SHUTDOWN_SECONDS: Final = 10.0
LINGERING_SECONDS: Final = 5.0
"""How long the rest of a refused body is read, so that its sender sees the answer."""
BACKLOG: Final = 1_024


class CannotListen(OSError):
    """The port is taken or not allowed. The message is for the operator."""


@asynccontextmanager
async def listening(app: web.Application, settings: Settings) -> AsyncIterator[int]:
    """The service, until the block is left. Yields the port. Raises :class:`CannotListen`."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        server = await _listen(runner, _refusal(app), settings)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, refusal: bytes, settings: Settings) -> asyncio.Server:
    manager = runner.server
    assert manager is not None

    def connected() -> asyncio.Protocol:
        if len(manager.connections) >= limits.CONNECTIONS:
            return _Refused(refusal)
        return _Connection(
            manager,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # None: no log, as its own runner says it
            keepalive_timeout=limits.CONNECTION_SECONDS,
            lingering_time=LINGERING_SECONDS,
            max_line_size=limits.URL_BYTES,
            max_field_size=limits.HEADER_BYTES,
            max_headers=limits.HEADERS,
        )

    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(connected, settings.host, settings.port, backlog=BACKLOG)
    except OSError as error:
        raise CannotListen(_why(error, settings)) from None


def _why(error: OSError, settings: Settings) -> str:
    where = f"port {settings.port} of {settings.host}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken by another program; choose another one: PORT=8081 antragslotse serve"
    if error.errno == errno.EACCES:
        return f"{where} is not allowed to this user; choose one above 1023: PORT=8080 antragslotse serve"
    return f"cannot listen on {where}: {error.strerror or error}"


def _refusal(app: web.Application) -> bytes:
    """What a connection too many is told, whatever it asks."""
    trouble = Trouble("busy", retry_after=app[SERVICE].intake.pause())
    body = orjson.dumps(document(trouble, app[SERVICE].desk.words("de")))
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nRetry-After: {trouble.retry_after}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


class _Connection(web.RequestHandler):
    """What cannot even be read as HTTP, or broke outside of every handler, is told without a word of what was sent."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= 500 and exc is not None and not isinstance(exc, ConnectionError):  # a client that went away
            log.error("bug outside of a handler: %s", where(exc))
        trouble = Trouble("malformed" if status < 500 else "bug", headers={"Server": "antragslotse", **EVERYWHERE})
        response = reply(trouble, German())
        response.force_close()
        return response


class _Refused(asyncio.Protocol):
    """A connection beyond the last: one answer, and closed. What it asks is not read."""

    def __init__(self, refusal: bytes) -> None:
        self._refusal = refusal

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._refusal)
        transport.close()
