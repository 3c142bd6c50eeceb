"""OAuth client credentials (RFC 6749, 4.4), secret in the body as the service wants it, no scope asked for.

One refresh at a time, a minute before the end. Answers are never logged: they may repeat what was sent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from bot.agency.fitconnect.connection import Connection
from bot.agency.fitconnect.problems import Answer, asked_wait, for_operator, json_object, passing
from bot.agency.fitconnect.wire import Wire
from bot.ports import AgencyUnavailable

EARLY: Final = 60.0
LIFETIME: Final = 300.0
"""Seconds, where the service does not say how long a token holds."""


class Tokens:
    """The token of one client. ``clock``: seconds that only grow."""

    def __init__(self, connection: Connection, wire: Wire, clock: Callable[[], float] = time.monotonic) -> None:
        self._connection = connection
        self._wire = wire
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0

    async def token(self, refused: str = "") -> str:
        """One that holds for a while yet, and is not the ``refused`` one. Raises :class:`AgencyUnavailable`."""
        async with self._lock:
            if not self._token or self._token == refused or self._clock() >= self._until:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        asked_at = self._clock()
        form = {
            "grant_type": "client_credentials",
            "client_id": self._connection.client_id,
            "client_secret": self._connection.client_secret,
        }
        answer = await self._wire.ask("POST", self._connection.token_url, data=form)
        self._token, lifetime = _granted(answer)
        self._until = asked_at + max(lifetime - EARLY, lifetime / 2)


def _granted(answer: Answer) -> tuple[str, float]:
    if not answer.ok:
        if passing(answer.status):
            raise AgencyUnavailable(f"token: {answer.status}", asked_wait(answer.headers, datetime.now(UTC)))
        raise for_operator(f"token: refused with {answer.status}; check client_id, client_secret and token_url")
    found = json_object(answer.body)
    token, lifetime = found.get("access_token"), found.get("expires_in", LIFETIME)
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token or not token:
        raise AgencyUnavailable("token: the answer holds none")
    return token, float(lifetime) if isinstance(lifetime, int | float) and lifetime > 0 else LIFETIME
