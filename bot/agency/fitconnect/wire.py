"""HTTP as this house speaks it: bounded in time and size, no redirects, no cookies, a real User-Agent, one session.

Whatever goes wrong on the way is :class:`AgencyUnavailable` with the kind of failure only: no URL, no body, no token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from bot import __version__
from bot.agency.fitconnect.problems import Answer
from bot.ports import AgencyUnavailable

LARGEST_ANSWER: Final = 8 * 1024 * 1024
CONNECT: Final = 10.0
SILENCE: Final = 30.0
TOTAL: Final = 300.0
"""Seconds for the largest file over a slow line; an answer that does not come ends after :data:`SILENCE`."""
USER_AGENT: Final = f"Antragslotse/{__version__} (FIT-Connect sender)"


class Wire:
    """One session, made at the first request in the loop that uses it. ``times``: other bounds, for tests."""

    def __init__(self, times: aiohttp.ClientTimeout | None = None) -> None:
        self._times = times or aiohttp.ClientTimeout(total=TOTAL, connect=CONNECT, sock_read=SILENCE)
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: bytes | Mapping[str, str] | None = None,
    ) -> Answer:
        """Any complete answer, whatever its status. Raises :class:`AgencyUnavailable`."""
        try:
            async with self._open().request(method, url, headers=headers, data=data, allow_redirects=False) as response:
                body = await _bounded(response)
                return Answer(response.status, {name.lower(): text for name, text in response.headers.items()}, body)
        except (aiohttp.ClientError, OSError, ValueError) as error:  # TimeoutError is an OSError
            raise AgencyUnavailable(f"no answer: {type(error).__name__}") from None

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            agent: dict[str, Any] = {"User-Agent": USER_AGENT}
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(timeout=self._times, headers=agent, cookie_jar=jar)
        return self._session


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_chunked(64 * 1024):
        body += piece
        if len(body) > LARGEST_ANSWER:
            response.close()
            raise AgencyUnavailable("the answer is too large")
    return bytes(body)
