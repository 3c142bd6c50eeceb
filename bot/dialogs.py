"""The folder of dialogs, read in one way by everybody: each version, what lies beside it, and every mistake.

Municipalities' files stand beside all versions and belong to the newest: cases of older ones bear their own values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from bot.library import UnknownProcedure
from bot.procedures.check import Beside, check, versions
from bot.procedures.check.versions import Lock
from bot.procedures.errors import DialogError, DialogErrors, did_you_mean
from bot.procedures.load import find_procedures, load_municipality, load_procedure, municipality_files
from bot.procedures.schema import FILE
from bot.procedures.source import MunicipalityFile, Source

LOCK: Final = "versions.lock"
"""The file in the folder of dialogs that says what is published."""


class Dialog(NamedTuple):
    """One version of a procedure with what lies beside it."""

    source: Source
    beside: Beside


class Shelf(NamedTuple):
    """What could be read, and ``errors``: what kept the rest from being read."""

    dialogs: tuple[Dialog, ...]
    lock: Lock
    errors: tuple[DialogError, ...]


def read_dialogs(folder: Path, procedures: Collection[str] = ()) -> Shelf:
    """Every version of the named procedures; none named: of all."""
    errors: list[DialogError] = []
    known = find_procedures(folder)
    lock = _lock(folder / LOCK, errors)
    dialogs: list[Dialog] = []
    for path in sorted(folder.glob("*/*/dialog.yaml")):
        if not procedures or path.parent.parent.name in procedures:
            dialogs += _dialog(path.parent, lock, errors, newest=path.parent in known.values())
    errors += _unknown(folder, procedures, known) if procedures else _gone(folder, lock)
    return Shelf(tuple(dialogs), lock, tuple(errors))


def newest(folder: Path, procedure: str, also: Iterable[str] = ()) -> Path:
    """The folder of a procedure's newest version. Raises :class:`UnknownProcedure`, which proposes ``also`` too."""
    found = find_procedures(folder)
    if procedure not in found:
        raise UnknownProcedure(procedure, [*found, *also])
    return found[procedure]


def mistakes(dialog: Dialog) -> Iterator[DialogError]:
    """What keeps a version from being served. Its schema's file may be stale: the house makes its own."""
    yield from check(dialog.source)
    yield from versions.municipalities(dialog.source, dialog.beside.municipalities)
    yield from versions.unchanged(dialog.source, dialog.beside.lock or {})


def _dialog(folder: Path, lock: Lock, errors: list[DialogError], *, newest: bool) -> Iterator[Dialog]:
    try:
        source = load_procedure(folder)
    except DialogErrors as found:
        errors += found.errors
        return
    schema = folder / FILE
    yield Dialog(
        source,
        Beside(
            municipalities=list(_municipalities(source, errors)) if newest else (),
            lock=lock,
            schema=schema.read_text(encoding="utf-8") if schema.exists() else None,
        ),
    )


def _municipalities(source: Source, errors: list[DialogError]) -> Iterator[MunicipalityFile]:
    for path in municipality_files(source.folder):
        try:
            yield load_municipality(path, source)
        except DialogErrors as found:
            errors += found.errors


def _lock(path: Path, errors: list[DialogError]) -> Lock:
    try:
        return versions.read_lock(path.read_text(encoding="utf-8"), path) if path.exists() else {}
    except DialogErrors as found:
        errors += found.errors
        return {}


def _unknown(folder: Path, procedures: Collection[str], known: Collection[str]) -> Iterator[DialogError]:
    for name in sorted(set(procedures) - set(known)):
        yield DialogError(folder / name, 0, f"there is no such procedure{did_you_mean(name, known)}")


def _gone(folder: Path, lock: Lock) -> Iterator[DialogError]:
    """A case may be pinned to any version that was published."""
    for name in lock:
        if not (folder / name / "dialog.yaml").exists():
            yield DialogError(folder / LOCK, 0, f"{name} is published, and its folder is gone")
