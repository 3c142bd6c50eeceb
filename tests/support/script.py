"""Reads conversation scripts (docs/conversations.md): what is said, what is typed, what must hold afterwards.

Strict: an unknown line, a missing header or a missing file stops with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
INPUTS = ("you", "play", "go", "press", "act", "file", "elsewhere", "today", "agency")
"""Lines that make something happen. All others say what came of it."""

HEADER = re.compile(
    r"today (?P<today>\d{4}-\d{2}-\d{2}) · language (?P<language>[a-z]{2})"
    r"(?: · municipality (?P<municipality>\w+))?(?P<demo> · demo)?"
)
KEYED = re.compile(r"(bot|you|play|go|press|act|file|elsewhere|case|agency received|agency|given|include):(?: (.*))?")
RECEIVED_NOTHING = "agency received nothing"
TODAY = re.compile(r"today (\d{4}-\d{2}-\d{2})")


def shown(path: Path) -> str:
    """The path as people write it from the root of the repository."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


class ScriptError(Exception):
    """A line that is no line of a script."""

    def __init__(self, path: Path, number: int, message: str) -> None:
        super().__init__(f"{shown(path)}:{number}: {message}")


class Line(NamedTuple):
    """``kind``: its key, ``...`` or ``comment``. ``text``: what follows the key."""

    kind: str
    text: str
    path: Path
    number: int

    @property
    def where(self) -> str:
        return f"{shown(self.path)}:{self.number}"


@dataclass(frozen=True, slots=True)
class Turn:
    """An input and everything that the script says about what follows. The first input is the header: the greeting."""

    input: Line
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """``answers``: what ``go`` types, by address or question."""

    path: Path
    today: date
    language: str
    municipality: str | None
    demo: bool
    turns: tuple[Turn, ...]
    answers: dict[str, str]

    @property
    def procedure(self) -> str:
        """A script lies in the folder of its procedure."""
        return self.path.parent.name


def read_script(path: Path) -> Script:
    """The script in a file. Raises :class:`ScriptError`."""
    first, *rest = path.read_text("utf-8").splitlines() or [""]
    header = HEADER.fullmatch(first)
    if header is None:
        raise ScriptError(path, 1, "a script begins with: today 2022-03-02 · language de")
    lines = list(_lines(path, rest, 2))
    answers: dict[str, str] = {}
    for line in lines:
        if line.kind == "given":
            answers |= _given(line)
    opening = Line("header", first, path, 1)
    turns = tuple(_turns(opening, [line for line in lines if line.kind not in ("given", "comment")]))
    return Script(
        path,
        date.fromisoformat(header["today"]),
        header["language"],
        header["municipality"],
        header["demo"] is not None,
        turns,
        answers,
    )


def _lines(path: Path, texts: list[str], first: int) -> Iterator[Line]:
    for number, text in enumerate(texts, first):
        line = _line(path, number, text)
        if line.kind == "include":
            yield from _included(line)
        else:
            yield line


def _line(path: Path, number: int, text: str) -> Line:
    if not text.strip() or text.startswith("#"):
        return Line("comment", text, path, number)
    if text.strip() == "...":
        return Line("...", "", path, number)
    if (day := TODAY.fullmatch(text)) is not None:
        return Line("today", day[1], path, number)
    if text.startswith(RECEIVED_NOTHING):
        return Line("agency received", text.removeprefix("agency received ").strip(), path, number)
    keyed = KEYED.fullmatch(text)
    if keyed is None:
        raise ScriptError(path, number, f"not a line of a script: {text}")
    return Line(keyed[1], (keyed[2] or "").strip(), path, number)


def _included(line: Line) -> Iterator[Line]:
    path = line.path.parent / line.text
    if not path.is_file():
        raise ScriptError(line.path, line.number, f"there is no {line.text}")
    yield from _lines(path, path.read_text("utf-8").splitlines(), 1)


def _given(line: Line) -> dict[str, str]:
    """``question = words``, or the name of a file with such lines."""
    if " = " in line.text:
        address, _, words = line.text.partition(" = ")
        return {address.strip(): words.strip()}
    path = line.path.parent / line.text
    if not path.is_file():
        raise ScriptError(line.path, line.number, f"neither 'question = words' nor a file: {line.text}")
    found: dict[str, str] = {}
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        if text.strip() and not text.startswith("#"):
            if " = " not in text:
                raise ScriptError(path, number, f"not 'question = words': {text}")
            found |= _given(Line("given", text, path, number))
    return found


def _turns(opening: Line, lines: list[Line]) -> Iterator[Turn]:
    said: list[Line] = []
    for line in lines:
        if line.kind in INPUTS:
            yield Turn(opening, tuple(said))
            opening, said = line, []
        else:
            said.append(line)
    yield Turn(opening, tuple(said))
