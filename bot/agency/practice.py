"""The way to the practice agency of this house: the sender, told by files where the sandbox is and who we are to it.

The sandbox may run in this process, beside it, or not yet: until it has made its keys nothing can be sent, and that is
the world's failure like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.agency.fitconnect.connection import Connection, Service
from bot.agency.fitconnect.sender import FitConnect
from bot.agency.sandbox.access import Offer
from bot.agency.sandbox.app import create_sandbox
from bot.agency.sandbox.keys import has_safe, open_safe
from bot.ports import AgencyUnavailable, Delivery, Parcel

MOUNT: Final = "/sandbox"
BASE: Final = "https://sandbox.invalid"
"""Who signs: a name that no port and no proxy changes (RFC 2606)."""
NOT_UP_YET: Final = 2.0


def practice_agency(folder: Path, schemas: Iterable[Mapping[str, Any]]) -> web.Application:
    """The sandbox, which takes submissions of these schemas. OSError: the folder cannot be used."""
    known = {str(schema["$id"]): dict(schema) for schema in schemas}
    return create_sandbox(folder, base=lambda: BASE, offers=(Offer(schemas=tuple(known)),), schemas=known.get)


class Practice:
    """See :class:`bot.ports.AgencyClient`. ``url``: of the sandbox's mount; ``folder``: the sandbox's."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url
        self._sender: FitConnect | None = None

    def move_to(self, url: str) -> None:
        """Where it really listens. Nothing was sent before that is known."""
        self._url = url

    async def step(self, parcel: Parcel) -> Delivery:
        if self._sender is None:
            if not has_safe(self._folder):
                raise AgencyUnavailable("the sandbox has no keys yet", NOT_UP_YET)
            self._sender = FitConnect(self._connection())
        return await self._sender.step(parcel)

    async def close(self) -> None:
        if self._sender is not None:
            await self._sender.close()

    def _connection(self) -> Connection:
        way = open_safe(self._folder).access(Offer())
        return Connection(
            profile="v2",
            token_url=self._url + way.token_path,
            submission_api=self._url + way.api_path,
            client_id=way.client_id,
            client_secret=way.client_secret,
            destination=way.destination,
            service=Service(way.service_identifier, way.service_name),
            region=way.region,
            allow_self_signed=True,
            sandbox=True,
            issuer=BASE + way.api_path,
        )
