"""What a subscriber checks, in the standard's order: tags, metadata, service, attachments, data, files.

A check that fails ends its branch; problems are ``{type, title, detail, instance}`` (RFC 7807) without contents.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

from jsonschema import Draft202012Validator

from bot.agency.sandbox import jose
from bot.agency.sandbox.house import METADATA_VERSIONS, House
from bot.agency.sandbox.store import Held

PROBLEMS: Final = "https://schema.fitko.de/fit-connect/events/problems/"
_METADATA: Final = re.compile(r"https://schema\.fitko\.de/fit-connect/metadata/([0-9.]+)/metadata\.schema\.json")
_MOST: Final = 50
_HASH: Final = {
    "type": "object",
    "required": ["type", "content"],
    "properties": {"type": {"const": "sha512"}, "content": {"type": "string", "pattern": "^[0-9a-f]{128}$"}},
}
_SHAPE: Final = {
    "type": "object",
    "required": ["$schema", "contentStructure"],
    "properties": {
        "contentStructure": {
            "type": "object",
            "required": ["data", "attachments"],
            "properties": {
                "data": {
                    "type": "object",
                    "required": ["hash", "submissionSchema"],
                    "properties": {
                        "hash": _HASH,
                        "submissionSchema": {
                            "type": "object",
                            "required": ["schemaUri", "mimeType"],
                            "properties": {"schemaUri": {"type": "string"}, "mimeType": {"type": "string"}},
                        },
                    },
                },
                "attachments": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["hash", "purpose", "mimeType", "attachmentId"],
                        "properties": {
                            "hash": _HASH,
                            "purpose": {"enum": ["form", "attachment", "report", "data"]},
                            "mimeType": {"type": "string", "pattern": r"^[-\w.]+/[-\w.+]+$"},
                            "attachmentId": {"type": "string"},
                        },
                    },
                },
            },
        }
    },
}


class _Found(Exception):
    """One problem ends the branch."""

    def __init__(self, name: str, detail: str, instance: str) -> None:
        super().__init__(name, instance)
        self.problem = problem(name, detail, instance)


def problem(name: str, detail: str, instance: str) -> dict[str, str]:
    """``instance``: ``metadata``, ``data``, ``data#/json/pointer`` or ``attachment:<uuid>``."""
    title = name.replace("-", " ").capitalize()
    return {"type": PROBLEMS + name, "title": title, "detail": detail, "instance": instance}


class Checks:
    """The checks of one sandbox. Blocking."""

    def __init__(self, house: House) -> None:
        self._house = house

    def problems(self, held: Held) -> list[dict[str, str]]:
        """Empty where all is well."""
        try:
            self._tags(held)
            metadata = self.metadata(held)
            content = metadata["contentStructure"]
            self._lists(held, content["attachments"])
        except _Found as found:
            return [found.problem]
        return [*self._data(held, content["data"]), *self._files(held, content["attachments"])]

    def metadata(self, held: Held) -> dict[str, Any]:
        """Decrypted and checked. _Found otherwise."""
        found = _json(self._open(held.metadata, "metadata"), "metadata")
        named = _METADATA.fullmatch(str(found.get("$schema"))) if isinstance(found, dict) else None
        if named is None or named[1] not in METADATA_VERSIONS:
            raise _Found("unsupported-schema", "Diese Version der Metadaten wird nicht gelesen.", "metadata")
        wrong = next(iter(Draft202012Validator(_SHAPE).iter_errors(found)), None)
        if wrong is not None:
            raise _Found("schema-violation", f"Metadaten falsch bei {wrong.json_path}.", "metadata")
        return dict(found)

    def _tags(self, held: Held) -> None:
        events = self._house.store.events(held.case_id, held.id)
        submits = [event for event in events if event.name == "submit-submission"]
        if len(submits) != 1:
            raise _Found("invalid-event-log", "Das Ereignisprotokoll ist unvollständig.", "metadata")
        claims = jose.read_event(submits[0].jws, self._house.safe.service.public)
        payload = claims["events"][jose.EVENTS + "submit-submission"]
        if payload["authenticationTags"] != self._house.tags(held):
            raise _Found("incorrect-authentication-tag", "Ein Authentifizierungs-Tag stimmt nicht.", "metadata")

    def _lists(self, held: Held, listed: list[dict[str, Any]]) -> None:
        names = [str(one["attachmentId"]) for one in listed]
        if sorted(names) != sorted(held.attachments):
            raise _Found("attachments-mismatch", "Angekündigte und beschriebene Anlagen sind verschieden.", "metadata")

    def _data(self, held: Held, described: dict[str, Any]) -> list[dict[str, str]]:
        try:
            schema = described["submissionSchema"]
            self._known(held, schema["schemaUri"])
            plain = self._open(held.data, "data")
            _same(plain, described["hash"], "data")
            data = _json(plain, "data") if schema["mimeType"] == "application/json" else None
        except _Found as found:
            return [found.problem]
        return self._against(schema["schemaUri"], data)

    def _known(self, held: Held, uri: str) -> None:
        word = "serviceType" if held.version == "v1" else "publicService"
        identifier = held.announce[word]["identifier"]
        if not any(offer.identifier == identifier and uri in offer.schemas for offer in self._house.offers):
            raise _Found("unsupported-data-schema", "Dieses Datenschema nimmt die Stelle nicht an.", "data")

    def _against(self, uri: str, data: Any) -> list[dict[str, str]]:
        schema = self._house.schemas(uri)
        if schema is None or data is None:
            return []
        wrong = list(Draft202012Validator(schema).iter_errors(data))[:_MOST]
        return [
            problem("schema-violation", "Passt nicht zum Datenschema.", _pointer(one.absolute_path)) for one in wrong
        ]

    def _files(self, held: Held, listed: list[dict[str, Any]]) -> list[dict[str, str]]:
        found = []
        for one in listed:
            instance = f"attachment:{one['attachmentId']}"
            try:
                _same(
                    self._open(self._house.store.attachment(held.id, one["attachmentId"]), instance),
                    one["hash"],
                    instance,
                )
            except _Found as wrong:
                found.append(wrong.problem)
        return found

    def _open(self, token: str | None, instance: str) -> bytes:
        if token is None:
            raise _Found("missing-data", "Dieser Teil fehlt.", instance)
        try:
            return jose.open_jwe(token, self._house.safe.encryption)
        except jose.Broken as broken:
            raise _Found("encryption-issue", "Dieser Teil lässt sich nicht entschlüsseln.", instance) from broken


def _same(plain: bytes, described: dict[str, Any], instance: str) -> None:
    if hashlib.sha512(plain).hexdigest() != described["content"]:
        raise _Found("incorrect-hash", "Die Prüfsumme stimmt nicht.", instance)


def _json(plain: bytes, instance: str) -> Any:
    try:
        return json.loads(plain)
    except (ValueError, RecursionError) as error:
        raise _Found("syntax-violation", "Das ist kein JSON.", instance) from error


def _pointer(path: Any) -> str:
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
    return "data#" + "".join(f"/{part}" for part in parts)
