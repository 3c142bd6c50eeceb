"""Which FIT-Connect a procedure goes to: one frozen value, made by the operator's configuration.

Paths are base + ``/v1/...`` or ``/v2/...``; the service's keys lie at ``<base>/.well-known/jwks.json`` (v2) or at the
root of the host (v1). The secret is never shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

Profile = Literal["v1", "v2"]


@dataclass(frozen=True, slots=True)
class Service:
    """The public service: ``identifier`` an URN (``urn:de:fim:leika:leistung:`` + 14 digits), ``name`` for people."""

    identifier: str
    name: str


@dataclass(frozen=True, slots=True)
class Connection:
    """``destination``: UUID. ``region``: ``DE`` + digits of the ARS. ``sandbox``: the other side is one, and receipts
    say so. ``allow_self_signed``: a key's certificate may vouch for itself (TEST and sandbox only). ``roots``: PEM
    file of the certificates that may vouch, where self-signed ones may not. ``issuer``: of the service's events,
    ``submission_api`` where empty. ``schema_uri``: as the destination lists it, the schema's ``$id`` where empty.
    """

    profile: Profile
    token_url: str
    submission_api: str
    client_id: str
    client_secret: str = field(repr=False)
    destination: str
    service: Service
    region: str
    allow_self_signed: bool = False
    sandbox: bool = False
    issuer: str = ""
    schema_uri: str = ""
    roots: str = ""

    @property
    def base(self) -> str:
        """The Submission API without a slash at the end."""
        return self.submission_api.rstrip("/")

    @property
    def api(self) -> str:
        """``<base>/v2``."""
        return f"{self.base}/{self.profile}"

    @property
    def jwks(self) -> str:
        """Where the service publishes the keys that it signs events with."""
        root = self.base
        if self.profile == "v1":
            parts = urlsplit(self.base)
            root = f"{parts.scheme}://{parts.netloc}"
        return f"{root}/.well-known/jwks.json"

    @property
    def event_issuer(self) -> str:
        """``iss`` of the events that the service itself writes."""
        return self.issuer or self.base
