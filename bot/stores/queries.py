"""Reads a file of named SQL: ``-- name: x`` begins a statement (or several, each ended by ``;``)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

_NAME: Final = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def load(path: Path) -> Mapping[str, str]:
    """Name to SQL, in the order of the file. Raises ValueError for a name that stands twice."""
    _, *parts = _NAME.split(path.read_text("utf-8"))
    names, texts = parts[::2], parts[1::2]
    if len(set(names)) < len(names):
        raise ValueError(f"{path.name}: a name stands twice")
    return MappingProxyType({name: text.strip() for name, text in zip(names, texts, strict=True)})


def statements(text: str) -> list[str]:
    """The single statements of a text; a line ends at most one of them."""
    found, gathered = [], ""
    for line in text.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            found.append(gathered)
            gathered = ""
    return [*found, gathered] if gathered.strip() else found
