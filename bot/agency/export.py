"""The way for agencies without an interface: the submission as a file, checked against its schema.

Nothing is filed here, and nothing says so: the state is ``prepared``. The same key writes the same file again.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from bot.ports import AgencyRejected, AgencyUnavailable, Delivery, Parcel

NO_ROOM_RETRY = 60.0


class ExportFolder:
    """See :class:`bot.ports.AgencyClient`. ``folder`` gets one ``<reference>-<n>.json`` per submission, mode 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def submit(self, parcel: Parcel) -> Delivery:
        """Raises :class:`AgencyRejected` if the submission breaks its schema, :class:`AgencyUnavailable` if no room."""
        if reasons := list(_violations(parcel)):
            raise AgencyRejected(reasons)
        path = self._folder / f"{parcel.key.replace(':', '-')}.json"
        try:
            _write(path, json.dumps(parcel.envelope, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
        except OSError as error:
            raise AgencyUnavailable("the export folder cannot be written", NO_ROOM_RETRY) from error
        return Delivery("prepared", {"place": str(path)})


def _violations(parcel: Parcel) -> list[dict[str, str]]:
    """Where the submission breaks its schema: pointers and rules, no values."""
    validator = Draft202012Validator(parcel.schema, format_checker=FormatChecker())
    errors = validator.iter_errors(parcel.envelope)
    return [{"code": str(error.validator), "address": "/".join(map(str, error.absolute_path))} for error in errors]


def _write(path: Path, text: str) -> None:
    """All of the file or none of it, durable before its name stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
