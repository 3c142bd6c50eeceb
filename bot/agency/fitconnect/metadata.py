"""The letter that lies on a submission: what is in it, with the hash of each part, in the destination's version.

Written by the official schemas 2.1.0 and 1.0.0. No identity proof and no reply channel: a chat identifies nobody, and
answers come by post (docs/adr/0026).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from bot import __version__
from bot.agency.fitconnect.connection import Service
from bot.agency.fitconnect.jwe import JSON_TYPE

SCHEMA: Final = "https://schema.fitko.de/fit-connect/metadata/{version}/metadata.schema.json"
AUTHOR: Final = {
    "name": "Antragslotse",
    "product": {"name": "Antragslotse", "version": __version__, "manufacturer": "Antragslotse"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """One attachment as the letter names it. ``id``: UUIDv4; ``sha512``: hex, of the bytes before encryption."""

    id: str
    sha512: str
    purpose: str
    media_type: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Letter:
    """``data_sha512``: hex, of the very bytes that are encrypted. ``reference``: our number of the case."""

    data_sha512: str
    schema_uri: str
    service: Service
    reference: str
    applied_on: date | None
    parts: Sequence[Part] = ()

    def write(self, version: str) -> bytes:
        """The JSON of one of :data:`WRITERS`."""
        return orjson.dumps({"$schema": SCHEMA.format(version=version), **WRITERS[version](self)})


def version_for(listed: Iterable[str], profile: str) -> str | None:
    """The highest version that the destination lists and we can write; in v1 only its own generation."""
    known = {each for each in set(listed) & WRITERS.keys() if profile == "v2" or each.startswith("1.")}
    return max(known, key=_rank) if known else None


def _rank(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _version_2(letter: Letter) -> dict[str, Any]:
    return {**_contents(letter), "author": AUTHOR}


def _version_1(letter: Letter) -> dict[str, Any]:
    service = {"identifier": letter.service.identifier, "name": letter.service.name}
    return {**_contents(letter), "publicServiceType": service}


WRITERS: Final[Mapping[str, Callable[[Letter], dict[str, Any]]]] = {"2.1.0": _version_2, "1.0.0": _version_1}


def _contents(letter: Letter) -> dict[str, Any]:
    info = {"senderReference": letter.reference}
    if letter.applied_on is not None:
        info["applicationDate"] = letter.applied_on.isoformat()
    data = {
        "hash": _hash(letter.data_sha512),
        "submissionSchema": {"schemaUri": letter.schema_uri, "mimeType": JSON_TYPE},
    }
    attachments = [_attachment(part) for part in letter.parts]
    return {"contentStructure": {"data": data, "attachments": attachments}, "additionalReferenceInfo": info}


def _attachment(part: Part) -> dict[str, Any]:
    return {
        "attachmentId": part.id,
        "hash": _hash(part.sha512),
        "purpose": part.purpose,
        "mimeType": part.media_type,
        "filename": part.name,
        "description": part.title,
    }


def _hash(sha512: str) -> dict[str, str]:
    return {"type": "sha512", "content": sha512}
