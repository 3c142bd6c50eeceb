"""Server-sent events over ``fetch``: a bonus over polling. Every write is bounded in time; one timer comments for all.

At most two streams a token: the oldest gets ``event: bye``, as all do when the process ends.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import orjson
from aiohttp import web

from bot import limits
from bot.web.watch import Watcher

COMMENT: Final = b": \n\n"
WRITE_SECONDS: Final = 20.0
"""A client that takes nothing for so long is gone."""

HEADERS: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


class Stream:
    """One open stream. ``why_bye``: set where it is to end."""

    def __init__(self, response: web.StreamResponse, watcher: Watcher) -> None:
        self.response = response
        self.watcher = watcher
        self.why_bye = ""
        self.is_quiet = False

    def end(self, why: str) -> None:
        """``replaced`` or ``closing``; said to the client by the stream's own handler."""
        self.why_bye = self.why_bye or why
        self.watcher.wake()

    def comment_wanted(self) -> None:
        self.is_quiet = True
        self.watcher.wake()

    async def comment(self) -> None:
        self.is_quiet = False
        await self._write(COMMENT)

    async def turn(self, number: int, data: Mapping[str, Any]) -> None:
        """``event: turn`` with everything up to turn ``number``."""
        self.is_quiet = False
        await self._write(b"event: turn\nid: %d\ndata: %b\n\n" % (number, orjson.dumps(data)))

    async def bye(self) -> None:
        with suppress(ConnectionError, TimeoutError):
            await self._write(b"event: bye\ndata: %b\n\n" % orjson.dumps({"reason": self.why_bye}))

    async def _write(self, data: bytes) -> None:
        async with asyncio.timeout(WRITE_SECONDS):
            await self.response.write(data)


class Streams:
    """The open streams of this process, by a hash of their token."""

    def __init__(self) -> None:
        self._open: dict[bytes, list[Stream]] = {}
        self._timer: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._timer = asyncio.create_task(self._comment_for_all())

    async def close(self) -> None:
        """All streams say goodbye, each by its own handler."""
        for stream in self.all():
            stream.end("closing")
        if self._timer is not None:
            self._timer.cancel()
            with suppress(asyncio.CancelledError):
                await self._timer

    def all(self) -> list[Stream]:
        return [stream for streams in self._open.values() for stream in streams]

    @asynccontextmanager
    async def opened(self, request: web.Request, token: str, watcher: Watcher) -> AsyncIterator[Stream]:
        """A stream that has begun, with a comment at once so that every proxy lets its first byte through."""
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        stream = Stream(response, watcher)
        key = hashlib.sha256(token.encode()).digest()
        streams = self._open.setdefault(key, [])
        streams.append(stream)
        for oldest in streams[: -limits.STREAMS_PER_TOKEN]:
            oldest.end("replaced")
        try:
            await stream.comment()
            yield stream
        finally:
            streams.remove(stream)
            if not streams and self._open.get(key) is streams:
                del self._open[key]

    async def _comment_for_all(self) -> None:
        while True:
            await asyncio.sleep(limits.STREAM_COMMENT_SECONDS)
            for stream in self.all():
                stream.comment_wanted()
