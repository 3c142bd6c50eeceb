"""``publish``: from now on a version's contents never change, because cases may be pinned to it."""

from __future__ import annotations

from pathlib import Path

from bot.dialogs import LOCK, newest, read_dialogs
from bot.procedures.check.versions import name_of, published, written_lock
from bot.procedures.errors import DialogErrors
from bot.settings import Settings
from bot.workshop.lint import found


def publish(settings: Settings, procedure: str) -> str:
    """Appends the newest version and its hash to ``versions.lock``, and says so.

    Raises :class:`bot.library.UnknownProcedure`, and :class:`DialogErrors` with what ``check`` finds. Then nothing
    is written.
    """
    folder = newest(settings.dialogs, procedure)
    shelf = read_dialogs(settings.dialogs, [procedure])
    if errors := found(shelf, settings.locales):
        raise DialogErrors(errors)
    source = next(dialog.source for dialog in shelf.dialogs if dialog.source.folder == folder)
    name = name_of(source)
    if name in shelf.lock:
        return f"{name} is published already"
    _append(settings.dialogs / LOCK, written_lock({name: published(source, shelf.lock)[name]}))
    return f"{name} is published"


def _append(path: Path, line: str) -> None:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    end = "\n" if text and not text.endswith("\n") else ""
    path.write_text(f"{text}{end}{line}", encoding="utf-8")
