"""What the agency received, opened: for people and for programs. Blocking; nothing of it is kept a second time.

Whatever came in is somebody's word only: it is read within bounds, and never trusted to be what it says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from bot.agency.sandbox import jose
from bot.agency.sandbox.house import House
from bot.agency.sandbox.store import Event, Held

PAGE: Final = 20
ARRIVED: Final = ("submitted", "accepted", "rejected")
MOST_FIELDS: Final = 2_000
_PICTURES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}
_PDF: Final = b"%PDF-"


class File(NamedTuple):
    """``media_type``: by its first bytes; anything else than a picture or a PDF is ``application/octet-stream``."""

    name: str
    media_type: str
    data: bytes


class Field(NamedTuple):
    """One value of the data. ``pointer``: RFC 6901, into the document as it came."""

    pointer: str
    value: str


class Inbox:
    """The agency's eyes on what the house keeps."""

    def __init__(self, house: House) -> None:
        self._house = house

    def listed(self, page: int = 1) -> dict[str, Any]:
        """``{total, page, pages, mode, submissions: [...]}``, newest first."""
        total = self._house.store.count(*ARRIVED)
        held = self._house.store.submissions(*ARRIVED, limit=PAGE, offset=(page - 1) * PAGE)
        return {
            "sandbox": True,
            "mode": self._house.mode(),
            "total": total,
            "page": page,
            "pages": max(1, -(-total // PAGE)),
            "submissions": [self._head(each) for each in held],
        }

    def opened(self, id: str) -> dict[str, Any] | None:
        """One submission with everything in it. None: nothing like that has arrived."""
        held = self._arrived(id)
        if held is None:
            return None
        metadata = self._json(held.metadata)
        return {
            **self._head(held),
            "metadata": metadata,
            "data": self._json(held.data),
            "attachments": [self._attachment(held, each) for each in _attachments(metadata)],
            "problems": held.verdict or [],
            "checked": held.verdict is not None,
            "events": [_event(each) for each in self._house.store.events(held.case_id)],
        }

    def file(self, id: str, attachment: str) -> File | None:
        held = self._arrived(id)
        token = None if held is None else self._house.store.attachment(id, attachment)
        if held is None or token is None:
            return None
        try:
            data = jose.open_jwe(token, self._house.safe.encryption)
        except jose.Broken:
            return None
        described = _attachments(self._json(held.metadata))
        names = (str(each.get("filename") or "") for each in described if each.get("attachmentId") == attachment)
        return File(next(names, "") or attachment, _media_type(data), data)

    def _arrived(self, id: str) -> Held | None:
        held = self._house.store.submission(id)
        return held if held is not None and held.state in ARRIVED else None

    def _head(self, held: Held) -> dict[str, Any]:
        data = self._json(held.data)
        found = data if isinstance(data, dict) else {}
        return {
            "id": held.id,
            "case": held.case_id,
            "state": held.state,
            "at": datetime.fromtimestamp(held.at, UTC).isoformat(),
            "version": held.version,
            **{name: _text(found.get(name)) for name in ("reference", "kind", "procedure", "submitted_at")},
        }

    def _attachment(self, held: Held, described: dict[str, Any]) -> dict[str, Any]:
        id = str(described.get("attachmentId", ""))
        found = self.file(held.id, id)
        return {
            "id": id,
            "name": _text(described.get("filename")) or id,
            "title": _text(described.get("description")),
            "purpose": _text(described.get("purpose")),
            "media_type": "" if found is None else found.media_type,
            "bytes": 0 if found is None else len(found.data),
        }

    def _json(self, token: str | None) -> Any:
        """None where it cannot be opened or read."""
        if token is None:
            return None
        try:
            return json.loads(jose.open_jwe(token, self._house.safe.encryption))
        except (jose.Broken, ValueError, RecursionError):
            return None


def fields(data: Any, pointer: str = "") -> Iterator[Field]:
    """Every value within ``data``, in order."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from fields(value, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from fields(value, f"{pointer}/{place}")
    else:
        yield Field(pointer, "" if data is None else str(data))


def _attachments(metadata: Any) -> list[dict[str, Any]]:
    try:
        listed = metadata["contentStructure"]["attachments"]
    except (KeyError, TypeError):
        return []
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _event(event: Event) -> dict[str, Any]:
    return {
        "name": event.name,
        "submission": event.submission,
        "at": datetime.fromtimestamp(event.at, UTC).isoformat(),
        "jws": event.jws,
    }


def _media_type(data: bytes) -> str:
    if data.startswith(_PDF):
        return "application/pdf"
    return next((kind for start, kind in _PICTURES.items() if data.startswith(start)), "application/octet-stream")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
