"""``check``: every author's mistake, in dialogs and translations, all at once with file and line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.dialogs import Shelf, read_dialogs
from bot.i18n.check import check_catalogues, stale
from bot.i18n.sources import ROOT, domains, unreadable
from bot.procedures.check import check
from bot.procedures.errors import DialogError
from bot.procedures.source import Source
from bot.settings import Settings


def lint(settings: Settings, procedures: Sequence[str]) -> int:
    """Prints every mistake of the named procedures (none named: of all). Exit status 1 where there is one."""
    shelf = read_dialogs(settings.dialogs, procedures)
    sources = [dialog.source for dialog in shelf.dialogs]
    errors = found(shelf, settings.locales)
    for error in errors:
        _say(str(error))
    for warning in stale(domains(sources), settings.locales) if not procedures else ():
        _say(f"warning: {warning}")
    _say(f"{len(sources)} dialogs, {len(errors)} mistakes")
    return 1 if errors else 0


def found(shelf: Shelf, locales: Path) -> list[DialogError]:
    """Every mistake of these dialogs and of their translations, in the order of the files."""
    errors = [*shelf.errors, *translations([dialog.source for dialog in shelf.dialogs], locales)]
    for dialog in shelf.dialogs:
        errors += check(dialog.source, dialog.beside)
    return sorted(set(errors))


def translations(sources: Sequence[Source], locales: Path) -> Iterator[DialogError]:
    """Missing, fuzzy or broken translations of the house's own sentences and of these dialogs."""
    yield from unreadable(ROOT / "bot")
    yield from check_catalogues(domains(sources), locales)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
