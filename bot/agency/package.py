"""The ZIP of one submission, for people and for ``sha256sum -c``. Nothing in it depends on the day it is made.

Files are stored, not packed: pictures and PDFs gain nothing, and the bytes do not depend on a library's version.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.agency.leaflet import leaflet
from bot.ports import Parcel

DATA: Final = "submission.json"
SCHEMA: Final = "submission.schema.json"
SUMS: Final = "SHA256SUMS"
LEAFLET: Final = "LIESMICH.txt"
_NO_DAY: Final = (1980, 1, 1, 0, 0, 0)
_OWNER_ONLY: Final = 0o600 << 16
_UNIX: Final = 3


class Package:
    """A package under way over ``draft``. Raises ``OSError``. Whole and durable after :meth:`close`."""

    def __init__(self, draft: Path, parcel: Parcel) -> None:
        self._draft = draft
        self._at = _at(parcel.envelope)
        self._sums: list[str] = []
        self._zip = zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED)
        self.add(LEAFLET, leaflet(parcel).encode())
        self.add(DATA, _json(parcel.envelope))
        self.add(SCHEMA, _json(parcel.schema))

    def add(self, name: str, data: bytes) -> None:
        self._sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
        self._put(name, data)

    def close(self) -> str:
        """Writes the sums and makes the file durable. Returns its SHA-256."""
        with self._zip:
            self._put(SUMS, "".join(self._sums).encode())
        with self._draft.open("rb") as file:
            os.fsync(file.fileno())
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _put(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(name, self._at)
        entry.create_system, entry.external_attr = _UNIX, _OWNER_ONLY
        self._zip.writestr(entry, data)


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _at(envelope: Mapping[str, Any]) -> tuple[int, int, int, int, int, int]:
    """When it was ordered, in UTC: the only time that is the same at each try."""
    ordered = envelope.get("submitted_at")
    return datetime.fromisoformat(ordered).timetuple()[:6] if isinstance(ordered, str) else _NO_DAY
