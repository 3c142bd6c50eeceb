"""Compares what was said with what a script expects. Numbers that chance draws are compared by their pattern."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support.script import Line, Turn

REFERENCE = re.compile(r"\bAL-[0-9A-Z.]{4}-[0-9A-Z.]{4}")
RESUME_CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")
FILE = re.compile(r"(?:[^\s:]*/)?AL-…-(\d+)\.json")
ALIKE = 0.6
"""How alike (0 to 1) two messages are so that one can be the other, reworded."""


def plain(text: str) -> str:
    """The message without what chance draws: references, codes and where the export lies."""
    text = RESUME_CODE.sub("…", REFERENCE.sub("AL-…", " ".join(text.split())))
    return FILE.sub(r"AL-…-\1.json", text)


def compared(expected: Sequence[Line], spoken: Sequence[str], *, loose: bool) -> bool:
    """Was said what is expected? ``loose``: as if ``...`` stood first; without ``bot:`` lines anything goes."""
    return _matches(_pattern(expected, loose=loose), [plain(text) for text in spoken])


def _pattern(expected: Sequence[Line], *, loose: bool) -> list[str | None]:
    """Each wanted message; None for any number of others."""
    pattern: list[str | None] = [None] if loose else []
    pattern += [None if line.kind == "..." else plain(line.text) for line in expected]
    if loose and not expected:
        return [None]
    return pattern


def _matches(pattern: Sequence[str | None], spoken: Sequence[str]) -> bool:
    reachable = {0}
    for wanted in pattern:
        if wanted is None:
            reachable = set(range(min(reachable), len(spoken) + 1)) if reachable else set()
        else:
            reachable = {at + 1 for at in reachable if at < len(spoken) and spoken[at] == wanted}
    return len(spoken) in reachable


def difference(expected: Sequence[Line], spoken: Sequence[str], *, loose: bool) -> str:
    """Both sides for people: ``-`` what the script says, ``+`` what was said."""
    wanted = ["..." if text is None else text for text in _pattern(expected, loose=loose)]
    lines = difflib.ndiff(wanted, [plain(text) for text in spoken])
    return "\n".join(f"  {line.rstrip()}" for line in lines)


def rewritten(
    turn: Turn, expected: Sequence[Line], spoken: Sequence[str], *, loose: bool
) -> Iterator[tuple[Path, int, list[str]]]:
    """Which lines of which file become what, so that the turn says what was said. Dots, claims and remarks stay."""
    if loose or any(line.kind == "..." for line in expected):
        yield from _reworded(expected, spoken)
        return
    new = [f"bot: {_kept(text)}" for text in spoken]
    if expected:
        yield expected[0].path, expected[0].number, new
        for line in expected[1:]:
            yield line.path, line.number, []
    else:
        yield turn.input.path, turn.input.number, [_written(turn.input), *new]


def _written(line: Line) -> str:
    """The line as it stands in its file."""
    if line.kind == "header":
        return line.text
    return f"today {line.text}" if line.kind == "today" else f"{line.kind}: {line.text}".rstrip()


def _reworded(expected: Sequence[Line], spoken: Sequence[str]) -> Iterator[tuple[Path, int, list[str]]]:
    """Each listed message becomes the next one that is like it, or goes. Dots take in what lies between."""
    at = 0
    dots = True
    for line in expected:
        if line.kind == "...":
            dots = True
            continue
        found = _most_alike(line.text, spoken, at)
        if found is None:
            yield line.path, line.number, []
            continue
        gap = [] if dots or found == at else ["..."]
        yield line.path, line.number, [*gap, f"bot: {_kept(spoken[found])}"]
        at, dots = found + 1, False
    if expected and not dots and at < len(spoken):
        last = expected[-1]
        if last.kind == "bot":
            yield last.path, last.number, [f"bot: {_kept(spoken[at - 1])}", "..."]


def _most_alike(text: str, spoken: Sequence[str], start: int) -> int | None:
    scores = [
        (difflib.SequenceMatcher(None, plain(text), plain(spoken[i])).ratio(), -i) for i in range(start, len(spoken))
    ]
    best = max(scores, default=(0.0, 0))
    return -best[1] if best[0] >= ALIKE else None


def _kept(text: str) -> str:
    return plain(text)
