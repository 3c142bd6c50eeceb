"""Draws procedures and the lifecycle tables, from the very tables that run."""

from __future__ import annotations

from bot.core import lifecycle
from bot.dialogs import newest
from bot.procedures.draw import draw_interview, draw_table
from bot.procedures.interview import compile_interview
from bot.procedures.load import load_procedure
from bot.settings import Settings


def picture(settings: Settings, name: str) -> str:
    """Mermaid text of a procedure or of a lifecycle table. Raises :class:`UnknownProcedure` for anything else."""
    tables = {table.name: table for table in lifecycle.TABLES}
    if name in tables:
        return draw_table(tables[name])
    return draw_interview(compile_interview(load_procedure(newest(settings.dialogs, name, also=tables))))
