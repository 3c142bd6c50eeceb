"""The cold case: what another process would see. All facts go through JSON, are folded and walked from nothing.

It must be the hot case of the desk, part by part. The tables that the cold walk goes through note their edges.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.core import events
from bot.core.case import Case, fold
from bot.core.events import Turn
from bot.core.position import Situation
from bot.library import typed_parameters
from bot.machine import Table, Token
from bot.ports import CaseId
from bot.procedures.interview import Interview
from bot.procedures.rules import Row
from bot.procedures.walk import Here, Path, walk
from tests.support.house import House


class TracedTable(Table):
    """A table that notes which of its moves were made."""

    def __init__(self, table: Table) -> None:
        super().__init__(table.name, table.initial, table.moves)
        self.made: set[tuple[str, str]] = set()

    def step(self, token: Token, trigger: str) -> str:
        source = token.state
        dest = super().step(token, trigger)
        self.made.add((source, dest))
        return dest


_TRACED: dict[int, Interview] = {}


def traced(interview: Interview, made: set[tuple[str, str]]) -> Interview:
    """The same interview with a table that notes its moves in ``made``. Its machine is built only once."""
    if id(interview) not in _TRACED:
        _TRACED[id(interview)] = replace(interview, table=TracedTable(interview.table))
    known = _TRACED[id(interview)]
    assert isinstance(known.table, TracedTable)
    known.table.made = made
    return known


class Cold:
    """The turns of one case as they lie in the store."""

    def __init__(self, house: House, id: CaseId) -> None:
        self.house = house
        self.id = id
        self.turns: list[Turn] = []
        self.made: set[tuple[str, str]] = set()

    async def compare(self, hot: Situation) -> None:
        """Raises ``AssertionError`` where the hot case is not the fold of its facts, or its path not their walk."""
        case = await self._folded()
        assert case == hot.case, _first_difference(case, hot.case)
        assert list(case.tasks) == list(hot.case.tasks), "the order of tasks"
        interview = traced(hot.interview, self.made)
        today: date = hot.path.scope.today
        path = walk(interview, case.sheet, typed_parameters(interview, case.parameters), today)
        assert picture(path) == picture(hot.path)

    async def _folded(self) -> Case:
        loaded = await self.house.store.load(self.id, len(self.turns))
        assert loaded is not None
        key = self.house.vault.unwrap(self.id, loaded.key)
        for row in loaded.rows:
            turn = events.read(self.house.vault.open(key, self.id, row.number, row.payload))
            assert events.read(events.write(turn)) == turn
            self.turns.append(turn)
        return fold(self.turns)


def _first_difference(cold: Case, hot: Case) -> str:
    names = (name for name in Case.__dataclass_fields__ if getattr(cold, name) != getattr(hot, name))
    return ", ".join(f"{name}: {getattr(cold, name)!r} is not {getattr(hot, name)!r}" for name in names)


def picture(path: Path) -> dict[str, Any]:
    """A path as plain values that can be compared."""
    scope = path.scope
    return {
        "state": path.token.state,
        "steps": [(step.address, step.cell, step.row) for step in path.steps],
        "here": _here(path.here),
        "findings": path.findings,
        "answers": scope.answers,
        "rows": {section: [_row(row) for row in rows] for section, rows in scope.rows.items()},
        "unsure": scope.unsure,
        "today": scope.today,
        "complete": path.complete,
    }


def _here(here: Here | None) -> tuple[Any, ...] | None:
    if here is None:
        return None
    failed = here.failed.place if here.failed is not None else None
    criterion = here.criterion.id if here.criterion is not None else None
    return here.address, here.row, here.old, failed, here.invalid, criterion


def _row(row: Row) -> tuple[Any, ...]:
    key = _row(row.key) if isinstance(row.key, Row) else row.key
    return row.section, row.id, row.number, key, row.answers
