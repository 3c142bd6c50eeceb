"""Writes the JSON Schemas that follow from dialogs."""

from __future__ import annotations

from bot.procedures.load import find_procedures, load_procedure
from bot.procedures.schema import FILE, format_schema, submission_schema, written
from bot.settings import Settings


def write_schema(settings: Settings, procedure: str | None) -> str:
    """The dialog format's schema as text, or the path of a procedure's freshly written submission schema.

    Raises ``KeyError`` for an unknown procedure.
    """
    if procedure is None:
        return written(format_schema())
    folder = find_procedures(settings.dialogs)[procedure]
    path = folder / FILE
    path.write_text(written(submission_schema(load_procedure(folder))), encoding="utf-8")
    return str(path)
