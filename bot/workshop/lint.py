"""``check``: every author's mistake, in dialogs and translations, all at once with file and line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.i18n.check import check_catalogues, stale
from bot.i18n.sources import ROOT, domains, unreadable
from bot.procedures.check import Beside, check
from bot.procedures.check.versions import read_lock
from bot.procedures.errors import DialogError, DialogErrors
from bot.procedures.load import load_municipality, load_procedure, municipality_files
from bot.procedures.schema import FILE
from bot.procedures.source import MunicipalityFile, Source
from bot.settings import Settings

LOCK = "versions.lock"


def lint(settings: Settings, procedures: Sequence[str]) -> int:
    """Prints every mistake of the named procedures (none named: of all). Exit status 1 where there is one."""
    sources, errors = read_all(settings.dialogs, procedures)
    for source in sources:
        errors += check(source, beside(source, errors))
    errors += translations(sources, settings.locales)
    for error in sorted(set(errors)):
        _say(str(error))
    for warning in stale(domains(sources), settings.locales) if not procedures else ():
        _say(f"warning: {warning}")
    _say(f"{len(sources)} dialogs, {len(set(errors))} mistakes")
    return 1 if errors else 0


def read_all(dialogs: Path, procedures: Sequence[str] = ()) -> tuple[list[Source], list[DialogError]]:
    """Every version of the named procedures, and what keeps others from being read."""
    sources: list[Source] = []
    errors: list[DialogError] = []
    for path in sorted(dialogs.glob("*/*/dialog.yaml")):
        if procedures and path.parent.parent.name not in procedures:
            continue
        try:
            sources.append(load_procedure(path.parent))
        except DialogErrors as found:
            errors += found.errors
    missing = set(procedures) - {path.parent.parent.name for path in dialogs.glob("*/*/dialog.yaml")}
    errors += [DialogError(dialogs / name, 0, "there is no such procedure") for name in sorted(missing)]
    return sources, errors


def beside(source: Source, errors: list[DialogError]) -> Beside:
    """What lies around a dialog. Mistakes in the municipalities' files are added to ``errors``."""
    municipalities: list[MunicipalityFile] = []
    for path in municipality_files(source.folder):
        try:
            municipalities.append(load_municipality(path, source))
        except DialogErrors as found:
            errors += found.errors
    lock = source.folder.parent.parent / LOCK
    schema = source.folder / FILE
    return Beside(
        municipalities=municipalities,
        lock=read_lock(lock.read_text(encoding="utf-8"), lock) if lock.exists() else None,
        schema=schema.read_text(encoding="utf-8") if schema.exists() else None,
    )


def translations(sources: Sequence[Source], locales: Path) -> Iterator[DialogError]:
    """Missing, fuzzy or broken translations of the house's own sentences and of these dialogs."""
    yield from unreadable(ROOT / "bot")
    yield from check_catalogues(domains(sources), locales)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
