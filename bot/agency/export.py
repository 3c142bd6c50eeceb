"""The way for agencies without an interface: the submission as a file, checked against its schema.

Nothing is filed here, and nothing says so: the state is ``prepared``. The same key writes the same file again.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from bot.ports import AgencyRejected, AgencyUnavailable, Delivery, Parcel

NO_ROOM_RETRY = 60.0


class ExportFolder:
    """See :class:`bot.ports.AgencyClient`. ``folder`` is made with mode 0700 and gets one ``<reference>-<n>.json`` per
    submission, mode 0600.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def step(self, parcel: Parcel) -> Delivery:
        """Raises :class:`AgencyRejected` if the submission breaks its schema, :class:`AgencyUnavailable` if no room."""
        if reasons := list(_violations(parcel)):
            raise AgencyRejected(reasons)
        path = self._folder / f"{parcel.key.replace(':', '-')}.json"
        text = json.dumps(parcel.envelope, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        try:
            await asyncio.to_thread(_write, path, text)
        except OSError as error:
            raise AgencyUnavailable("the export folder cannot be written", NO_ROOM_RETRY) from error
        return Delivery("prepared", {"place": path.name})


def _violations(parcel: Parcel) -> list[dict[str, str]]:
    """Where the submission breaks its schema: pointers and rules, no values."""
    validator = Draft202012Validator(parcel.schema, format_checker=FormatChecker())
    errors = validator.iter_errors(parcel.envelope)
    return [{"code": str(error.validator), "address": "/".join(map(str, error.absolute_path))} for error in errors]


def _write(path: Path, text: str) -> None:
    """All of the file or none of it, durable with its name before this returns."""
    _make(path.parent)
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
    _sync(path.parent)


def _make(folder: Path) -> None:
    """The folder, readable by its owner alone: what lies in it is not sealed."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """A name lives in its folder, and is durable when that is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
