"""Drawings of tables: every state and every move is there."""

from __future__ import annotations

import pytest

from bot.core.lifecycle import TABLES
from bot.procedures.draw import draw_table


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
def test_every_move_is_drawn(table):
    drawing = draw_table(table)
    assert f"[*] --> {table.initial}" in drawing
    for move in table.moves:
        (line,) = (line for line in drawing.split("\n") if line.startswith(f"  {move.source} --> {move.dest}: "))
        assert move.trigger in line.partition(": ")[2].replace("<br/>", ", ").split(", ")
