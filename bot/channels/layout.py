"""Lays out what is said for a channel: pure, and the only thing that channels share.

Long text is split, too many choices become a numbered list. Nothing is reworded and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.say import Choice, Say


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show. ``max_text`` and ``max_label`` in UTF-16 units, as messengers count.

    ``asks``: how sensitive a question may be in this channel.
    """

    max_text: int
    max_choices: int
    max_label: int
    buttons: bool
    files: bool
    asks: frozenset[str] = frozenset({"health", "bank", "identity"})


class Button(NamedTuple):
    """A choice as a button. ``number``: its place in the question, from 1; it is what a press sends back."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a channel."""

    kind: str
    text: str
    buttons: tuple[Button, ...] = ()
    question: str = ""


def layout(says: Sequence[Say], capabilities: Capabilities) -> list[Part]:
    """The messages of one turn, in order."""
    return [part for say in says for part in _laid_out(say, capabilities)]


def _laid_out(say: Say, capabilities: Capabilities) -> Iterator[Part]:
    as_buttons = _fit_buttons(say.choices, capabilities)
    text = say.text if as_buttons or not say.choices else f"{say.text}\n{numbered(say.choices)}"
    *first, last = split(text, capabilities.max_text)
    for piece in first:
        yield Part(say.kind, piece)
    buttons = tuple(Button(number, choice.label) for number, choice in enumerate(say.choices, 1)) if as_buttons else ()
    yield Part(say.kind, last, buttons, say.question)


def _fit_buttons(choices: Sequence[Choice], capabilities: Capabilities) -> bool:
    if not capabilities.buttons or len(choices) > capabilities.max_choices:
        return False
    return all(units(choice.label) <= capabilities.max_label for choice in choices)


def numbered(choices: Sequence[Choice]) -> str:
    """Choices as a list to be answered by number or word."""
    return "\n".join(f"  {number}. {choice.label}" for number, choice in enumerate(choices, 1))


def split(text: str, most: int) -> list[str]:
    """Pieces of at most ``most`` UTF-16 units: at line ends where possible, else at blanks, else anywhere."""
    pieces: list[str] = []
    rest = text
    while units(rest) > most:
        cut = _cut(rest, most)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip("\n ")
    return [*pieces, rest]


def _cut(text: str, most: int) -> int:
    """Where to cut: as late as possible, never inside a character."""
    end = _longest_prefix(text, most)
    line, blank = text.rfind("\n", 1, end + 1), text.rfind(" ", 1, end + 1)
    return line if line > 0 else blank if blank > 0 else end


def _longest_prefix(text: str, most: int) -> int:
    used = 0
    for index, character in enumerate(text):
        used += units(character)
        if used > most:
            return max(1, index)
    return len(text)


def units(text: str) -> int:
    """Length in UTF-16 units. A lone surrogate counts one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
