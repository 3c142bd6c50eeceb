"""Does the destination take what we send? Looked at right before each announcement, for it may change any day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.agency.fitconnect.connection import Connection
from bot.agency.fitconnect.jwe import JSON_TYPE


def objection(found: Mapping[str, Any], connection: Connection, schema_uri: str) -> str:
    """Why nothing can be sent there, for an operator; nothing where it fits."""
    if found.get("status") != "active":
        return "the destination is not active"
    services = [each for each in _services(found) if each.get("identifier") == connection.service.identifier]
    if not services:
        return "the destination does not offer the service"
    services = [each for each in services if _covers(each.get("regions"), connection.region)]
    if not services:
        return "the destination does not offer the service in the region"
    if not any(_reads(each.get("submissionSchemas"), schema_uri) for each in services):
        return "the destination does not list the schema as application/json"
    return ""


def _services(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """``publicServices`` in v2, ``services`` in v1."""
    for name in ("publicServices", "services"):
        listed = found.get(name)
        yield from (each for each in (listed if isinstance(listed, list) else []) if isinstance(each, dict))


def _covers(regions: object, region: str) -> bool:
    """``DE14`` covers ``DE145110000000``: a longer key names a part of what a shorter one names."""
    listed = regions if isinstance(regions, list) else []
    return any(isinstance(each, str) and each and region.startswith(each) for each in listed)


def _reads(schemas: object, uri: str) -> bool:
    wanted = {"schemaUri": uri, "mimeType": JSON_TYPE}
    listed = schemas if isinstance(schemas, list) else []
    return any(isinstance(each, dict) and wanted.items() <= each.items() for each in listed)
