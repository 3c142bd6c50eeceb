"""The types of the expression language. They only serve to find authors' mistakes before the first applicant does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

from bot.answers.base import Address, Evidence, Kind, Month, Period, PersonName, Register
from bot.procedures.rules import Finding, Row


@dataclass(frozen=True, slots=True)
class Type:
    """``words``: the options of a choice, None where they stand in a table. ``item``: what a list or column holds.

    ``section``: whose rows. A ``column`` is one question's answers in all rows of a section.
    """

    name: str
    words: tuple[str, ...] | None = None
    item: Type | None = None
    section: str | None = None

    def __str__(self) -> str:
        return _SAID.get(self.name, self.name) + (f" of {self.item}" if self.item else "")


_SAID: Final = {
    "any": "anything",
    "bool": "yes or no",
    "number": "a number",
    "date": "a date",
    "month": "a month",
    "period": "a period",
    "days": "days",
    "text": "a text",
    "option": "an option",
    "options": "options",
    "row": "a row",
    "rows": "rows",
    "row_numbers": "numbers of rows",
    "name": "a name",
    "address": "an address",
    "register": "a register entry",
    "evidence": "evidence",
    "finding": "a finding",
    "list": "a list",
    "column": "the rows' answers",
    "table": "a table",
    "float": "a float (a rule must give Decimal)",
}

ANY: Final = Type("any")
BOOL: Final = Type("bool")
NUMBER: Final = Type("number")
DATE: Final = Type("date")
MONTH: Final = Type("month")
PERIOD: Final = Type("period")
TEXT: Final = Type("text")
ADDRESS: Final = Type("address")
ROW: Final = Type("row")
ROWS: Final = Type("rows")
FINDING: Final = Type("finding")
LIST: Final = Type("list", item=ANY)
TABLE: Final = Type("table")

ORDERED: Final = frozenset({"number", "date", "month", "any"})
"""Types that ``<``, ``min`` and ``max`` know."""

_NUMBERS: Final = ("whole_number", "decimal", "percent", "hours", "money", "year")
_BY_KIND: Final = {
    "yes_no": BOOL,
    "date": DATE,
    "month": MONTH,
    "table": TABLE,
    "list": Type("list", item=TEXT),
    **dict.fromkeys(_NUMBERS, NUMBER),
}

_BY_HINT: Final[dict[Any, Type]] = {
    bool: BOOL,
    int: NUMBER,
    Decimal: NUMBER,
    float: Type("float"),
    str: TEXT,
    date: DATE,
    Month: MONTH,
    Period: PERIOD,
    PersonName: Type("name"),
    Address: ADDRESS,
    Register: Type("register"),
    Evidence: Type("evidence"),
    Row: ROW,
    Finding: FINDING,
}


def type_of_kind_name(kind: str) -> Type:
    """The type of a parameter or value by the word after ``kind:``."""
    return _BY_KIND.get(kind, TEXT)


def type_of_answer(kind: Kind) -> Type:
    """The type of a question's answers."""
    if kind.type == "rows":
        return Type("row_numbers", section=getattr(kind, "of", None))
    if kind.type in ("option", "options"):
        return Type(kind.type, words=tuple(getattr(kind, "options", None) or ()) or None)
    return Type(kind.type)


def type_of_hint(hint: Any) -> Type:
    """The type of a rule's argument or result by its annotation. ``X | None`` is X: unknown belongs to every type."""
    if hint in _BY_HINT:
        return _BY_HINT[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _one_of([type_of_hint(part) for part in arguments if part is not NoneType])
    if origin in (tuple, list, set, frozenset, Sequence, Collection, Iterable) and arguments:
        item = type_of_hint(arguments[0])
        return ROWS if item == ROW else Type("list", item=item)
    return LIST if hint in (tuple, list) else ANY


def _one_of(types: list[Type]) -> Type:
    if set(types) <= {BOOL, FINDING} and FINDING in types:
        return FINDING
    return types[0] if len(set(types)) == 1 else ANY


_AS_LIST: Final = {
    "options": TEXT,
    "days": DATE,
    "row_numbers": NUMBER,
    "rows": ROW,
    "table": ANY,
}


def item_of(type: Type) -> Type | None:
    """What one goes through in a list-like type, None where it is no list."""
    return type.item if type.name in ("list", "column") else _AS_LIST.get(type.name)


def fits(given: Type, wanted: Type) -> bool:
    """May a value of type ``given`` stand where ``wanted`` is expected?"""
    if "any" in (given.name, wanted.name) or given.name == wanted.name != "list":
        return True
    if wanted.name == "list":
        item = item_of(given)
        return item is not None and fits(item, wanted.item or ANY)
    if wanted.name in _AS_LIST and given.name in ("list", "column"):
        return fits(given.item or ANY, _AS_LIST[wanted.name])
    return (given.name, wanted.name) in {("option", "text"), ("text", "option"), ("bool", "finding")}


def comparable(left: Type, right: Type) -> bool:
    """Does ``left == right`` make sense?"""
    return fits(left, right) or fits(right, left)
