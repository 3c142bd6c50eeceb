"""Writes the JSON Schemas that follow from dialogs."""

from __future__ import annotations

from bot.dialogs import newest
from bot.procedures.load import load_procedure
from bot.procedures.schema import FILE, format_schema, submission_schema, written
from bot.settings import Settings


def write_schema(settings: Settings, procedure: str | None) -> str:
    """The dialog format's schema as text, or the path of a procedure's freshly written submission schema.

    Raises :class:`bot.library.UnknownProcedure`.
    """
    if procedure is None:
        return written(format_schema())
    folder = newest(settings.dialogs, procedure)
    path = folder / FILE
    path.write_text(written(submission_schema(load_procedure(folder))), encoding="utf-8")
    return str(path)
