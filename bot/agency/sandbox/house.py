"""What all rooms of one sandbox share, and the two deeds that both sides do: write an event, decide a submission."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.agency.sandbox import jose
from bot.agency.sandbox.access import Offer
from bot.agency.sandbox.keys import Safe
from bot.agency.sandbox.store import Event, Held, Store

METADATA_VERSIONS = ("1.0.0", "2.1.0")
MODES = {
    "accept": "alles sofort annehmen",
    "clerk": "warten, bis jemand entscheidet",
    "reject": "alles zurückweisen",
    "silent": "nicht antworten (503)",
}
"""How the agency behaves."""
Schemas = Callable[[str], "dict[str, Any] | None"]


@dataclass(slots=True)
class House:
    """``base``: URL of the mount, without a slash at the end. ``clock``: Unix seconds. ``auto``: the mode at first."""

    keys: Safe | None
    store: Store
    offers: Sequence[Offer]
    schemas: Schemas
    base: Callable[[], str]
    clock: Callable[[], float]
    auto: str
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """There are keys, and everybody is served."""

    @property
    def safe(self) -> Safe:
        """The keys. Nobody asks for them before :attr:`ready`."""
        assert self.keys is not None
        return self.keys

    @property
    def has_keys(self) -> bool:
        return self.keys is not None

    def give_keys(self, safe: Safe) -> None:
        self.keys = safe

    @property
    def issuer(self) -> str:
        return self.base().rstrip("/") + "/submission-api"

    def mode(self) -> str:
        """accept, clerk, reject or silent."""
        return self.store.setting("mode", self.auto)

    def service_event(self, held: Held, name: str, payload: dict[str, Any]) -> Event:
        """An event of the delivery service."""
        return self._event(held, {name: payload}, self.issuer, service=True)

    def decide(self, held: Held, problems: list[dict[str, str]]) -> None:
        """Accept without problems, reject with them. Blocking. store.Conflict: it was decided before."""
        name = "reject-submission" if problems else "accept-submission"
        payload = {"problems": problems} if problems else {"authenticationTags": self.tags(held)}
        event = self._event(held, {name: payload}, self.safe.destination_id, service=False)
        self.store.decide(held.id, "rejected" if problems else "accepted", event)

    def tags(self, held: Held) -> dict[str, Any]:
        """The authentication tags of what is kept. Blocking."""
        parts = {"metadata": held.metadata, "data": held.data}
        files = {name: jose.tag(self.store.attachment(held.id, name) or "") for name in held.attachments}
        return {**{name: jose.tag(part) for name, part in parts.items() if part}, "attachments": files}

    def _event(self, held: Held, event: dict[str, Any], issuer: str, *, service: bool) -> Event:
        key = self.safe.service if service else self.safe.destination
        at = int(self.clock())
        claims = jose.event_claims(issuer=issuer, at=at, submission=held.id, case_id=held.case_id, event=event)
        jws = jose.sign_event(key, claims)
        return Event(claims["jti"], held.case_id, held.id, next(iter(event)), at, jws)


def fresh() -> str:
    """A new UUID."""
    return str(uuid.uuid4())
