"""A loaded version of a procedure: what its folder holds, read and typed, and where everything stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.procedures.format import Municipality, Procedure
from bot.procedures.rules import Rule, Tables

Key = tuple[str | int, ...]
"""Keys and list indices from the top of a file down to a thing."""

Positions = Mapping[Key, int]


def line_of(positions: Positions, key: Key) -> int:
    """The line of ``key``, or of the nearest thing around it that has one. 0 where nothing has."""
    while key and key not in positions:
        key = key[:-1]
    return positions.get(key, 0)


@dataclass(frozen=True, slots=True)
class Source:
    """``hash``: SHA-256 over the contents of dialog.yaml, rules.py and tables, the same on every machine.

    ``positions``: lines in dialog.yaml. ``rules_text``: the text of rules.py, which lints read.
    """

    procedure: Procedure
    rules: Mapping[str, Rule]
    tables: Tables
    hash: str
    folder: Path
    positions: Positions
    rules_text: str = ""

    @property
    def path(self) -> Path:
        """The dialog file."""
        return self.folder / "dialog.yaml"

    def line(self, *key: str | int) -> int:
        """The line of a thing in the dialog file: ``line("sections", 0, "questions", 2, "when")``."""
        return line_of(self.positions, key)


@dataclass(frozen=True, slots=True)
class MunicipalityFile:
    """One municipality's file beside the versions, with its lines."""

    municipality: Municipality
    path: Path
    positions: Positions = field(default_factory=dict)
