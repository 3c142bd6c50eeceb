"""How a row names itself in a submission: by its number, or by the item it stands for.

Other rows point to numbers (``rows_of``), and an agency's system needs something that stays when a row is removed.
"""

from __future__ import annotations

from typing import Any, Final

from bot.answers.base import Json
from bot.procedures.format import Each, Section
from bot.procedures.rules import Row

NUMBER: Final = "nummer"


def identity_name(section: Section) -> str:
    """The property that identifies a row of this section: the ``key`` of an ``each``, else ``nummer``."""
    return section.repeat.key if isinstance(section.repeat, Each) else NUMBER


def row_identity(section: Section, row: Row) -> dict[str, Json]:
    """``{"nummer": 2}``, ``{"monat": "2020-04"}``, or for an ``each`` over rows ``{"kind": 2}``."""
    key = row.key
    if isinstance(key, Row):
        return {identity_name(section): key.number}
    return {identity_name(section): key if isinstance(key, int) else str(key)}


def identity_schema(section: Section) -> dict[str, Any]:
    """JSON Schema of :func:`row_identity`'s value."""
    if isinstance(section.repeat, Each):
        return {"title": section.row or section.title, "type": ["integer", "string"]}
    return {"title": section.row or section.title, "type": "integer", "minimum": 1}
