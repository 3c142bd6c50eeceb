"""The agency's own programme: takes what was submitted, checks it in the standard's order, accepts or rejects it.

It keeps nothing outside the store: after a restart it goes on with whatever is still submitted.
"""

from __future__ import annotations

import asyncio
import logging

from bot.agency.sandbox.checks import Checks
from bot.agency.sandbox.house import House
from bot.agency.sandbox.store import Conflict, Held

_log = logging.getLogger(__name__)
_BY_HAND = [
    {
        "type": "https://schema.fitko.de/fit-connect/events/problems/technical-error",
        "title": "Von der Sandbox abgelehnt",
        "detail": "Diese Sandbox ist so eingestellt, dass sie alles ablehnt.",
        "instance": "metadata",
    }
]


class Subscriber:
    """One task of the application."""

    def __init__(self, house: House) -> None:
        self._house, self._checks = house, Checks(house)

    async def run(self) -> None:
        """Until cancelled: once at the start, then after every arrival and every change of the mode."""
        while True:
            self._house.arrived.clear()
            try:
                await asyncio.to_thread(self.round)
            except Exception:  # noqa: BLE001  # one bad submission stops no other
                _log.exception("sandbox: the subscriber failed and waits for the next arrival")
            await self._house.arrived.wait()

    def round(self) -> None:
        """Look at everything that waits. Blocking."""
        for held in reversed(self._house.store.submissions("submitted")):
            self._one(held)

    def _one(self, held: Held) -> None:
        found = held.verdict
        if found is None:
            found = self._checks.problems(held)
            self._house.store.judge(held.id, found)
        mode = self._house.mode()
        if mode == "reject" and not found:
            found = _BY_HAND
        if found or mode == "accept":
            self._decide(held, found)

    def _decide(self, held: Held, found: list[dict[str, str]]) -> None:
        try:
            self._house.decide(held, found)
        except Conflict:
            _log.info("sandbox: a submission had been decided already")
