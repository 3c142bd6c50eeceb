"""A conversation as a text that people read, record and test: one line a message, choices in brackets.

``bot:`` is what the assistant says, ``you:`` what the applicant types. A line break inside a message is ``⏎``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.core.say import Say

BREAK = " ⏎ "

CODE = "{code}"
"""Stands for the code of the last pause: a script that plays makes its own, and no script holds a real one."""

NO_CODE = "XXXX-XXXX-XXXX-XXXX"
"""Has the form of a resume code, and opens nothing."""


def header(today: date, language: str, municipality: str | None = None, *, demo: bool = False) -> str:
    """The first line of a script. ``demo``: the day is a demo date, which the assistant says."""
    parts = [f"today {today.isoformat()}", f"language {language}"]
    parts += [f"municipality {municipality}"] if municipality is not None else []
    return " · ".join([*parts, "demo"] if demo else parts)


def bot_lines(says: Iterable[Say]) -> list[str]:
    """What the assistant said, one line a message."""
    return [f"bot: {said(say)}" for say in says]


def said(say: Say) -> str:
    """One message with its choices, as a script writes it."""
    choices = " ".join(f"[{choice.label}]" for choice in say.choices)
    text = say.text.replace("\n", BREAK)
    return f"{text} {choices}" if choices else text


def you_line(text: str) -> str:
    """What the applicant typed."""
    return f"you: {text}"
