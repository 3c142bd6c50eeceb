"""Leads each submission to the way that the operator chose for its procedure and municipality.

A submission that has begun on one way stays on it: its proof names the way, whatever the configuration says now.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.agency.config import Key, Plan
from bot.ports import AgencyClient, AgencyUnavailable, Delivery, Parcel

log = logging.getLogger("antragslotse.agency")

WAY: Final = "way"
GONE_RETRY: Final = 3600.0


class Ways:
    """See :class:`bot.ports.AgencyClient`. ``clients``: for each entry of the plan, named by :func:`name`."""

    def __init__(self, plan: Plan, clients: Mapping[str, AgencyClient]) -> None:
        self._plan = plan
        self._clients = dict(clients)
        self._closers: list[Callable[[], Awaitable[None]]] = []

    def open(self, name: str, client: AgencyClient, close: Callable[[], Awaitable[None]] | None = None) -> None:
        """A way that can be gone from now on: a sandbox has no address before it listens."""
        self._clients[name] = client
        if close is not None:
            self._closers.append(close)

    async def step(self, parcel: Parcel) -> Delivery:
        """The step of its way. Raises :class:`AgencyUnavailable` too where a way under way is no longer configured."""
        chosen = parcel.proof.get(WAY) or name(self._plan, self._plan.key(parcel.procedure, parcel.municipality))
        client = self._clients.get(chosen)
        if client is None:
            log.warning("a submission waits: its way %s is not configured", chosen)
            raise AgencyUnavailable("the way of a submission under way is not configured", GONE_RETRY)
        state, proof, wait = await client.step(parcel)
        return Delivery(state, {**proof, WAY: chosen}, wait)

    async def close(self) -> None:
        """Nothing is sent after this."""
        for close in self._closers:
            await close()


def name(plan: Plan, key: Key) -> str:
    """``export``, ``sandbox``, or ``fitconnect:`` and the destination: one client each."""
    way = plan.way(key)
    return f"fitconnect:{plan.connections[key].destination}" if way == "fitconnect" else way
