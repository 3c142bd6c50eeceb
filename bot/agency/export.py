"""The way for agencies without an interface: a package that a person files, checked against its schema.

Nothing is filed here, and nothing says so: the state is ``prepared``. The same parcel makes the same bytes again. One
file is in memory at a time.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from jsonschema import Draft202012Validator, FormatChecker

from bot.agency.package import Package
from bot.ports import AgencyRejected, AgencyUnavailable, Delivery, Parcel

NO_ROOM_RETRY: Final = 60.0
ABANDONED: Final = 600.0
"""Seconds after which a draft belongs to a process that has died: what it holds is readable, so it goes."""


class ExportFolder:
    """See :class:`bot.ports.AgencyClient`. ``folder`` is made with mode 0700 and gets one ``<reference>-<n>.zip`` per
    submission, mode 0600: the copy, the data and their schema, the evidence, sums, and how it is filed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def step(self, parcel: Parcel) -> Delivery:
        """Proof: ``place``, the file's name, and its ``sha256``.

        Raises :class:`AgencyRejected` if the submission breaks its schema, :class:`AgencyUnavailable` if there is no
        room, and what :meth:`bot.ports.Attachment.read` raises.
        """
        if reasons := list(_violations(parcel)):
            raise AgencyRejected(reasons)
        path = self._folder / f"{parcel.key.replace(':', '-')}.zip"
        try:
            sha256 = await self._write(path, parcel)
        except OSError as error:
            raise AgencyUnavailable("the export folder cannot be written", NO_ROOM_RETRY) from error
        return Delivery("prepared", {"place": path.name, "sha256": sha256})

    async def _write(self, path: Path, parcel: Parcel) -> str:
        """All of the file or none of it, durable with its name before this returns."""
        draft = await asyncio.to_thread(_begin, path)
        try:
            package = await asyncio.to_thread(Package, draft, parcel)
            try:
                for attachment in parcel.attachments:
                    await _beside(package.add, attachment.name, await attachment.read())
            finally:
                sha256 = await asyncio.to_thread(package.close)
            await asyncio.to_thread(_finish, draft, path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return sha256


async def _beside(work: Callable[[str, bytes], None], name: str, data: bytes) -> None:
    await asyncio.to_thread(work, name, data)


def _violations(parcel: Parcel) -> Iterator[dict[str, str]]:
    """Where the submission breaks its schema: pointers and rules, no values."""
    validator = Draft202012Validator(parcel.schema, format_checker=FormatChecker())
    for error in validator.iter_errors(parcel.envelope):
        path = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in error.absolute_path)
        reason = {"code": str(error.validator), "title": "Die Angaben passen nicht zum Schema.", "detail": path}
        inside = path.removeprefix("data/")
        yield {**reason, "pointer": f"/{inside}"} if inside != path else reason


def _begin(path: Path) -> Path:
    """An empty draft beside ``path``; the drafts of processes that died over it are gone."""
    _make(path.parent)
    for old in path.parent.glob(f".{path.name}-*"):
        if time.time() - old.stat().st_mtime > ABANDONED:
            old.unlink(missing_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(handle)
    return Path(draft)


def _finish(draft: Path, path: Path) -> None:
    draft.replace(path)
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
