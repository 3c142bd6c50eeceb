"""What an expression may look at: the answers on the path so far, and nothing that was abandoned.

The walk fills a scope while it goes, so an answer of an abandoned branch is simply not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, final

from bot.procedures.rules import Row


@final
class Unknown:
    """Not yet known: not asked, not on the path, or "weiß nicht". Neither true nor false."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("unknown is neither true nor false")


UNKNOWN: Final = Unknown()


@dataclass(slots=True)
class Scope:
    """``answers``: typed values of questions outside repeated sections. ``rows``: rows entered so far, by section.

    ``row``: the row that is being asked. ``unsure``: addresses answered with "weiß nicht". ``computed``: values that
    were worked out since the walk came to rest; None while it goes on, and answers may still change.
    """

    parameters: Mapping[str, Any]
    today: date
    answers: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    row: Row | None = None
    unsure: set[str] = field(default_factory=set)
    computed: dict[str, Any] | None = None

    def copy(self) -> Scope:
        """Its own containers, and its own copy of the row that is still being filled; finished rows are shared."""
        rows = {section: list(done) for section, done in self.rows.items()}
        row = self.row
        if row is not None:
            row = Row(row.section, row.id, row.number, row.key, dict(row.answers))
            rows[row.section][-1] = row
        return Scope(self.parameters, self.today, dict(self.answers), rows, row, set(self.unsure))
