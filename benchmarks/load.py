"""A client that costs little, so that one core can drive another: keep-alive, nothing parsed but status and length."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import orjson

from bot.core import commands as c

CONNECTIONS: Final = 64
_END: Final = b"\r\n\r\n"


class Connection:
    """One connection; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, port: int) -> Connection:
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**20))

    async def ask(self, method: str, path: str, body: bytes = b"", *headers: str) -> tuple[int, bytes]:
        """Status and body of the reply."""
        head = await self.begin(method, path, f"Content-Length: {len(body)}", *headers, body=body)
        status = int(head[9:12])
        place = head.lower().find(b"content-length:")
        length = int(head[place + 15 : head.index(b"\r\n", place)]) if place > 0 else 0
        return status, await self._reader.readexactly(length) if length else b""

    async def begin(self, method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
        """The head of the reply, and nothing more of it."""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
        self._writer.write("\r\n".join(lines).encode() + _END + body)
        return await self._reader.readuntil(_END)

    async def post(self, path: str, data: bytes, token: str = "") -> bytes:
        """The reply's body. Fails unless it is a success."""
        bearer = (f"Authorization: Bearer {token}",) if token else ()
        status, reply = await self.ask("POST", path, data, "Content-Type: application/json", *bearer)
        assert status in (200, 201), (status, reply)
        return reply

    def close(self) -> None:
        self._writer.close()


async def connected(port: int, count: int = CONNECTIONS) -> list[Connection]:
    return [await Connection.to(port) for _ in range(count)]


async def opened(connection: Connection, procedure: str) -> str:
    """The token of a new case."""
    reply = await connection.post("/api/v1/cases", orjson.dumps({"procedure": procedure}))
    token: str = orjson.loads(reply)["token"]
    return token


def body(content: c.Picked | c.Typed | c.Acted) -> bytes:
    """The body of ``POST /answers`` as the chat page sends it, with an id of its own."""
    return orjson.dumps({"id": str(uuid.uuid4()), **_members(content)})


def _members(content: c.Picked | c.Typed | c.Acted) -> dict[str, Any]:
    if isinstance(content, c.Picked):
        return {"question": content.question, "value": content.value}
    if isinstance(content, c.Typed):
        return {"question": content.question, "text": content.text}
    return {"action": content.action, "target": content.target}


async def answered(connection: Connection, token: str, contents: Iterable[Any], took: list[float]) -> list[bytes]:
    """Answers one after another, each accepted. ``took`` gets the seconds of each."""
    replies = []
    for content in contents:
        asked = body(content)
        began = time.perf_counter()
        reply = await connection.post("/api/v1/answers", asked, token)
        took.append(time.perf_counter() - began)
        assert b'"outcome":"accepted"' in reply[:40], reply[:200]
        replies.append(reply)
    return replies


async def side_by_side(works: Sequence[Awaitable[Any]]) -> list[Any]:
    return list(await asyncio.gather(*works))


async def measured(cpu: Callable[[], float], works: Sequence[Awaitable[Any]], turns: int) -> float:
    """Seconds of the server's CPU for each of ``turns`` while ``works`` run side by side."""
    before = cpu()
    await side_by_side(works)
    return (cpu() - before) / turns
