"""Asks ClamAV's daemon about a file, by INSTREAM (clamd(8)).

Law: never open by failure. No answer, or one that is not understood, is :class:`bot.ports.EvidenceDown`.
"""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Final

from bot.ports import EvidenceDown

SECONDS: Final = 30.0
"""For the whole conversation about one file."""

_CHUNK_BYTES: Final = 1 << 18
_LENGTH_BYTES: Final = 4
_MOST_ANSWER_BYTES: Final = 4_096
_RETRY_AFTER: Final = 30.0


class Scanner:
    """See :class:`bot.ports.Scanner`. ``address``: ``host:port``, or the path of a unix socket."""

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self._address, self._seconds = address, seconds

    async def clean(self, data: bytes) -> bool:
        """False: malware was found."""
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._asked(data)
        except TimeoutError:
            raise EvidenceDown("the scanner does not answer in time", _RETRY_AFTER) from None
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            raise EvidenceDown("the scanner does not answer", _RETRY_AFTER) from None
        return _verdict(answer)

    async def _asked(self, data: bytes) -> bytes:
        reader, writer = await self._connected()
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(data), _CHUNK_BYTES):
                chunk = data[start : start + _CHUNK_BYTES]
                writer.write(len(chunk).to_bytes(_LENGTH_BYTES, "big") + chunk)
                await writer.drain()
            writer.write(bytes(_LENGTH_BYTES))
            await writer.drain()
            return await reader.readuntil(b"\0")
        finally:
            writer.close()

    async def _connected(self) -> tuple[StreamReader, StreamWriter]:
        host, colon, port = self._address.rpartition(":")
        if "/" in self._address or not colon:
            return await asyncio.open_unix_connection(self._address, limit=_MOST_ANSWER_BYTES)
        return await asyncio.open_connection(host, int(port), limit=_MOST_ANSWER_BYTES)


def _verdict(answer: bytes) -> bool:
    """``stream: OK`` or ``stream: <name> FOUND``; anything else is no verdict."""
    text = answer.rstrip(b"\0\n")
    if text == b"stream: OK":
        return True
    if text.startswith(b"stream: ") and text.endswith(b" FOUND"):
        return False
    raise EvidenceDown("the scanner could not look into the file", _RETRY_AFTER)
