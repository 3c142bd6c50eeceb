"""Sender, a proxy that breaks things, and the sandbox: real HTTP on loopback, and a ledger that survives every death.

The ledger does what the desk does: it keeps state and proof of each step that ended, and nothing of one that did not.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.agency.fitconnect.connection import Connection, Service
from bot.agency.fitconnect.sender import FitConnect
from bot.agency.sandbox.access import Offer
from bot.agency.sandbox.app import HOUSE, access, create_sandbox
from bot.ports import AgencyRejected, AgencyUnavailable, Attachment, Parcel
from tests.support.breaking import Proxy

BASE: Final = "https://sandbox.invalid"
"""Who signs: the same after a restart on another port."""
URI: Final = "urn:antragslotse:test:2026-11:submission"
SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": URI,
    "type": "object",
    "required": ["reference", "data"],
    "properties": {"reference": {"type": "string"}, "data": {"type": "object"}},
}
ENDS: Final = ("accepted", "rejected")
CLAIMS: Final = ("delivered", "accepted", "rejected")
"""What nobody may be told of a submission that the agency does not have."""
MOST_STEPS: Final = 60
FAST: Final = aiohttp.ClientTimeout(total=0.3, connect=0.3)
DELAY: Final = 0.4
"""Longer than :data:`FAST`: a delayed answer finds nobody waiting."""

_numbers = itertools.count(1)


class Memory:
    """A scratch that survives deaths, as the strongbox does."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def keep(self, name: str, data: bytes) -> None:
        self.kept.setdefault(name, data)

    async def read(self, name: str) -> bytes | None:
        return self.kept.get(name)


def parcel(files: int = 2, reference: str = "") -> Parcel:
    """A new submission with so many files; each parcel bears a reference of its own."""
    reference = reference or f"AL-TEST-{next(_numbers):04d}"
    return Parcel(
        key=f"{reference}:1",
        reference=reference,
        kind="application",
        envelope={"reference": reference, "data": {"vorname": "Alex"}},
        schema=SCHEMA,
        procedure="test",
        applied_on=date(2026, 11, 24),
        attachments=tuple(_file(n) for n in range(files)),
        scratch=Memory(),
    )


def _file(n: int) -> Attachment:
    data = b"%PDF-1.7 " + bytes([65 + n]) * 200

    async def read() -> bytes:
        return data

    digest = hashlib.sha256(data).hexdigest()
    purpose = "form" if n == 0 else "attachment"
    return Attachment(f"file{n}", purpose, f"{n}.pdf", "Nachweis", "application/pdf", len(data), digest, read)


@dataclass
class World:
    """``sandbox`` behind ``proxy``. ``told``: every state that the ledger was told, in order.

    ``dies``: set by a plan when our process shall die in this step. ``before``: what was filed before this run.
    ``api``: where the API is, if not behind the proxy.
    """

    app: web.Application
    proxy: Proxy
    profile: str
    told: list[str] = field(default_factory=list)
    dies: bool = False
    before: set[str] = field(default_factory=set)
    api: str = ""

    def client(self) -> FitConnect:
        way, base = access(self.app), self.proxy.url
        connection = Connection(
            profile=self.profile,  # type: ignore[arg-type]
            token_url=base + way.token_path,
            submission_api=self.api or base + way.api_path,
            client_id=way.client_id,
            client_secret=way.client_secret,
            destination=way.destination,
            service=Service(way.service_identifier, way.service_name),
            region=way.region,
            allow_self_signed=True,
            sandbox=True,
            issuer=self.app[HOUSE].issuer,
        )
        return FitConnect(connection, times=FAST)

    async def lead(self, sent: Parcel, most: int = MOST_STEPS) -> Parcel:
        """To its end, or until ``most`` steps are over. Where ``dies`` was set meanwhile, the step is lost."""
        client, self.told, before = self.client(), [sent.state], self.before
        for _ in range(most):
            self.dies = False
            moved = await self._step(client, sent)
            if self.dies:
                await client.close()
                client = self.client()
            elif moved is not None:
                sent = moved
                self.told.append(sent.state)
                assert sent.state not in CLAIMS or len(self.filed() - before) == 1, "said to be there, and is not"
            if sent.state in ENDS:
                break
            if moved is None or sent.state == "delivered":
                await asyncio.sleep(0.01)  # the agency's own programme takes its time
        await client.close()
        return sent

    async def _step(self, client: FitConnect, sent: Parcel) -> Parcel | None:
        """None: the world failed, and the same step is due again."""
        try:
            delivery = await client.step(sent)
        except AgencyUnavailable:
            return None
        except AgencyRejected as error:
            return replace(sent, state="rejected", proof={**sent.proof, "reasons": list(error.reasons)})
        return replace(sent, state=delivery.state, proof={**sent.proof, **delivery.proof})

    def filed(self) -> set[str]:
        """Ids of everything that the agency has ever got, announcements apart."""
        states = ("submitted", "accepted", "rejected")
        return {held.id for held in self.app[HOUSE].store.submissions(*states, limit=1_000_000)}


@asynccontextmanager
async def world(
    folder: Path, profile: str = "v2", schemas: Mapping[str, dict[str, Any]] | None = None
) -> AsyncIterator[World]:
    """The sandbox's state is in ``folder``, and its keys are made there where there are none.

    ``schemas``: what it takes, by URI; by default :data:`SCHEMA` only.
    """
    known = schemas or {URI: SCHEMA}
    offer = Offer(schemas=tuple(known))
    app = create_sandbox(folder, base=lambda: BASE, offers=(offer,), schemas=known.get)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    proxy = Proxy(f"http://127.0.0.1:{runner.addresses[0][1]}")
    proxy.delay = DELAY
    try:
        async with proxy.running():
            yield World(app, proxy, profile)
    finally:
        await runner.cleanup()
