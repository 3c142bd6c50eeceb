"""Dated tables beside a dialog: rates, calendars, lists of the law, each line with its source.

A table file has ``table``, ``columns`` (``id`` and ``kind``) and ``rows``. Each row has those columns and may have
``name``; ``source`` and ``uncertain`` are required, so that nobody has to believe a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.procedures.cells import Unreadable, read_cell
from bot.procedures.errors import DialogError, did_you_mean
from bot.procedures.format import Id
from bot.procedures.rules import Line
from bot.procedures.source import Key, line_of

CellKind = Literal["date", "month", "money", "percent", "whole_number", "decimal", "yes_no", "short_text", "list"]

ALWAYS: Final = {"source": "short_text", "uncertain": "yes_no"}
OPTIONAL: Final = {"name": "short_text"}


class Column(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    id: Id
    kind: CellKind


class TableFile(BaseModel):
    """The shape of a table file; its rows are read by their columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    table: Id
    columns: list[Column] = Field(min_length=1)
    rows: list[dict[str, Any]] = Field(min_length=1)


def read_lines(file: TableFile, path: Path, positions: Mapping[Key, int]) -> tuple[tuple[Line, ...], list[DialogError]]:
    """The typed lines of a table, and every mistake in them."""
    kinds = {**{column.id: column.kind for column in file.columns}, **ALWAYS}
    lines: list[Line] = []
    errors: list[DialogError] = []
    for number, row in enumerate(file.rows):
        cells: dict[str, Any] = {}
        for column, message in _read_row(row, kinds, cells):
            errors.append(DialogError(path, line_of(positions, ("rows", number, column)), message))
        lines.append(Line(cells))
    return tuple(lines), errors


def _read_row(row: Mapping[str, Any], kinds: Mapping[str, str], cells: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Fills ``cells``; gives (column, message) for each mistake."""
    for column in [*kinds, *OPTIONAL]:
        if column in row:
            try:
                cells[column] = read_cell(kinds.get(column) or OPTIONAL[column], row[column])
            except Unreadable as error:
                yield column, f"'{column}': {error}"
        elif column in kinds:
            yield column, f"'{column}' is missing in this row"
    for column in row:
        if column not in kinds and column not in OPTIONAL:
            yield column, f"unknown column '{column}'{did_you_mean(column, kinds)}"
