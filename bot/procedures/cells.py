"""Values that authors write into files: parameters and table cells. Canonical text only, never read generously."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.answers.base import Context, German, Month, Value
from bot.answers.kinds import read_kind
from bot.procedures.format import Parameter
from bot.procedures.rules import Line

_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

SOMEDAY: Final = date(2000, 1, 1)
"""Kinds want a day to look at; no value of a file depends on it."""


class Unreadable(Exception):
    """A value is not written as its kind must be; the message says how."""


def read_cell(kind: str, raw: Any) -> Any:
    """The typed value of ``raw`` as it stands in a file. Raises :class:`Unreadable`."""
    if kind == "list":
        return _texts(raw)
    if not isinstance(raw, str):
        raise Unreadable(f"one {kind} is expected, not several values")
    reader = _READERS.get(kind)
    return _by_kind(kind, raw) if reader is None else reader(raw)


def read_parameter(parameter: Parameter, raw: Any) -> Any:
    """The typed value of a parameter. A ``table`` is a tuple of lines of texts. Raises :class:`Unreadable`."""
    if parameter.kind == "table":
        return _lines(parameter.columns or [], raw)
    return read_cell(parameter.kind, raw)


def _texts(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise Unreadable("a list of texts is expected; begin each line with '- '")
    return tuple(raw)


def _lines(columns: list[str], raw: Any) -> tuple[Line, ...]:
    if not isinstance(raw, list) or not all(isinstance(row, dict) and set(row) == set(columns) for row in raw):
        raise Unreadable(f"a list is expected, each entry with exactly the keys {', '.join(columns)}")
    if not all(isinstance(cell, str) for row in raw for cell in row.values()):
        raise Unreadable("the cells of a table are texts")
    return tuple(Line(row) for row in raw)


def _bool(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Unreadable(f"'{text}' is neither yes nor no")
    return text == "yes"


def _date(text: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Unreadable(f"'{text}' is no date; write 2020-04-20")


def _month(text: str) -> Month:
    if not (found := _MONTH.fullmatch(text)):
        raise Unreadable(f"'{text}' is no month; write 2020-04")
    return Month(int(found[1]), int(found[2]))


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise Unreadable(f"'{text}' is no number; write 1234.50")
    return Decimal(text)


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Unreadable(f"'{text}' is no whole number")
    return int(text)


def _text(text: str) -> str:
    if not text.strip():
        raise Unreadable("the text is empty")
    return text.strip()


def _by_kind(kind: str, text: str) -> Any:
    reading = read_kind({"answer": kind}).accept(text, Context(words=German(), today=SOMEDAY))
    if not isinstance(reading, Value):
        raise Unreadable(f"'{text}' is no {kind}")
    return reading.value


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "yes_no": _bool,
    "date": _date,
    "month": _month,
    "year": _whole,
    "whole_number": _whole,
    "decimal": _number,
    "percent": _number,
    "hours": _number,
    "money": _number,
    "short_text": _text,
    "long_text": _text,
}
