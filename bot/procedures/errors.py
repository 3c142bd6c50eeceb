"""An author's mistakes: always with file and line, always all of them at once, never shown to an applicant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True, slots=True, order=True)
class DialogError:
    """One mistake. ``line``: from 1; 0 where the whole file is meant. ``message`` names the cure."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else f"{self.path}"
        return f"{where}: {self.message}"


class DialogErrors(Exception):
    """A dialog cannot be used. ``errors`` holds every mistake found, in the order of the files."""

    def __init__(self, errors: Iterable[DialogError]) -> None:
        self.errors = tuple(sorted(set(errors)))
        super().__init__("\n".join(map(str, self.errors)))


class Mistake(NamedTuple):
    """What is wrong with an expression. ``column``: from 1, within the expression."""

    message: str
    column: int


class ExpressionError(Exception):
    """An expression cannot be compiled. The caller knows file and line and turns it into dialog errors."""

    def __init__(self, text: str, mistakes: Iterable[Mistake]) -> None:
        self.text = text
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(mistake.message for mistake in self.mistakes))

    def at(self, path: Path, line: int, what: str) -> list[DialogError]:
        """The mistakes as dialog errors. ``what``: the key that holds the expression."""
        return [
            DialogError(path, line, f"{what}: {mistake.message} (in '{self.text}', column {mistake.column})")
            for mistake in self.mistakes
        ]


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A hint at the most similar of ``words``, empty where none is similar."""
    close = get_close_matches(word, sorted(set(words)), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""
