"""Reads a file of named SQL: ``-- name: x`` begins a statement (or several, each ending with ``;`` at a line's end)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

_NAME: Final = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_END: Final = re.compile(r";[^\S\n]*$", re.MULTILINE)


def load(path: Path) -> Mapping[str, str]:
    """Name to SQL, in the order of the file. Raises ValueError for a name that stands twice."""
    _, *parts = _NAME.split(path.read_text("utf-8"))
    names, texts = parts[::2], parts[1::2]
    if len(set(names)) < len(names):
        raise ValueError(f"{path.name}: a name stands twice")
    return MappingProxyType({name: text.strip() for name, text in zip(names, texts, strict=True)})


def statements(text: str) -> list[str]:
    """The single statements of a text."""
    return [part.strip() for part in _END.split(text) if part.strip()]
