"""Lints of versions and municipalities: what is published never changes, what a municipality must say is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.procedures.check.common import Reading
from bot.procedures.errors import DialogError, DialogErrors
from bot.procedures.load import parameters_of
from bot.procedures.source import MunicipalityFile, Source, line_of

Lock = Mapping[str, str]
"""``procedure/version`` to the hash it was published with."""


def read_lock(text: str, path: Path) -> dict[str, str]:
    """The lines ``procedure/version hash`` of a ``versions.lock``. Raises :class:`DialogErrors`."""
    lock: dict[str, str] = {}
    errors: list[DialogError] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, hash = line.partition(" ")
        if name.count("/") != 1 or len(hash) != 64 or name in lock:
            errors.append(DialogError(path, number, "a line is 'procedure/version hash', each version once"))
        lock[name] = hash
    if errors:
        raise DialogErrors(errors)
    return lock


def written_lock(lock: Lock) -> str:
    """The text of a ``versions.lock``."""
    return "".join(f"{name} {hash}\n" for name, hash in sorted(lock.items()))


def name_of(source: Source) -> str:
    return f"{source.procedure.procedure}/{source.procedure.version}"


def published(source: Source, lock: Lock) -> dict[str, str]:
    """The lock with this version in it. Raises :class:`DialogErrors` where it was published with other contents."""
    if errors := list(unchanged(source, lock)):
        raise DialogErrors(errors)
    return {**lock, name_of(source): source.hash}


def unchanged(source: Source, lock: Lock) -> Iterator[DialogError]:
    """A published version has the hash it was published with."""
    hash = lock.get(name_of(source))
    if hash is not None and hash != source.hash:
        message = f"{name_of(source)} is published and may not change; copy it to a new version"
        yield DialogError(source.path, source.line("version"), message)


def folders(reading: Reading) -> Iterator[DialogError]:
    """A version lies in ``procedure/version``."""
    source = reading.source
    if source.folder.name != source.procedure.version:
        yield reading.error(f"version {source.procedure.version} lies in folder '{source.folder.name}'", "version")
    if source.folder.parent.name != source.procedure.procedure:
        folder = source.folder.parent.name
        yield reading.error(f"procedure {source.procedure.procedure} lies in folder '{folder}'", "procedure")


def municipalities(source: Source, files: Sequence[MunicipalityFile]) -> Iterator[DialogError]:
    """Each file fills every parameter without a default and bears its municipality's name."""
    first: dict[str, Path] = {}
    for file in files:
        yield from _municipality(source, file)
        ags = file.municipality.ags
        if ags in first:
            yield DialogError(file.path, line_of(file.positions, ("ags",)), f"{ags} is {first[ags].name} already")
        first.setdefault(ags, file.path)


def _municipality(source: Source, file: MunicipalityFile) -> Iterator[DialogError]:
    name = file.municipality.municipality
    if name != file.path.stem:
        line = line_of(file.positions, ("municipality",))
        yield DialogError(file.path, line, f"municipality '{name}' is in {file.path.name}")
    try:
        parameters_of(source, file)
    except DialogErrors as missing:
        yield from (error for error in missing.errors if error.path == file.path)
