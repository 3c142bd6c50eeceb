"""What a sender must know to use the sandbox, and what the sandbox offers: two frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

TEST_SERVICE: Final = "urn:de:fim:leika:leistung:99400048079000"
TEST_SCHEMA: Final = "https://schema.fitko.de/fim/s00000114_1.1.schema.json"


@dataclass(frozen=True, slots=True)
class Offer:
    """A public service that the sandbox's destination takes applications for. ``region``: ``DE`` + digits of the ARS;
    ``schemas``: URIs of the data schemas that it reads.
    """

    identifier: str = TEST_SERVICE
    name: str = "Testantrag"
    region: str = "DE14"
    schemas: tuple[str, ...] = (TEST_SCHEMA,)


@dataclass(frozen=True, slots=True)
class Access:
    """A sender's way in. Paths begin below the mount (``/sandbox`` in the product, nothing where served alone)."""

    client_id: str
    client_secret: str = field(repr=False)
    destination: str
    service_identifier: str
    service_name: str
    region: str
    token_path: str = "/token"  # noqa: S105 a path
    api_path: str = "/submission-api"
    inbox_path: str = "/inbox"
