"""Legal rules by name: pure Python functions beside a dialog, called from its expressions.

A rule's positional arguments are values, rows or lists from the dialog. An argument that is unknown (open, absent or
unsure) makes the result unknown without a call, unless its annotation allows ``None``; then ``None`` is handed in.
Keyword-only arguments named ``tables``, ``parameters`` and ``today`` are filled by the house. The docstring names the
paragraph of law.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

FindingState = Literal["met", "partly", "not_met", "unclear"]


@dataclass(frozen=True, slots=True)
class Finding:
    """How far a requirement is met. ``params`` are typed values (numbers, dates, ...) for the criterion's sentences."""

    state: FindingState
    params: Mapping[str, Any] = field(default_factory=dict)


class Line:
    """One line of a dated table: its columns as attributes, ``source`` and ``uncertain`` always among them."""

    def __init__(self, cells: Mapping[str, Any]) -> None:
        vars(self).update(cells)

    if TYPE_CHECKING:

        def __getattr__(self, column: str) -> Any: ...

    def __repr__(self) -> str:
        return f"Line({vars(self)!r})"


Tables = Mapping[str, tuple[Line, ...]]
"""Table name to its lines, in the order of the file."""


class Row:
    """One row of a repeated section as rules see it: ``number``, ``key``, and each answer as an attribute.

    ``key`` is the item of an ``each`` (a date, a :class:`~bot.answers.base.Month`, another section's Row), else the
    number. An answer that is open, absent or unsure is ``None``.
    """

    __slots__ = ("__dict__", "answers", "id", "key", "number", "section", "titled")

    def __init__(self, section: str, id: str, number: int, key: Any, answers: dict[str, Any] | None = None) -> None:
        self.section = section
        self.id = id
        self.number = number
        self.key = key
        self.answers: dict[str, Any] = {} if answers is None else answers
        self.titled: tuple[Any, dict[str, Any], Any] | None = None  # how it was called, and when it had which answers
        self.__dict__ = self.answers  # rules read answers thousands of times a turn

    def __getattr__(self, question: str) -> Any:
        return None  # what is there was found before

    def __repr__(self) -> str:
        return f"Row({self.section}[{self.id}])"


Rows = tuple[Row, ...]

HANDED_IN: Final = ("tables", "parameters", "today")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the expressions know it. ``optional``: for each positional argument, may it be ``None``?"""

    name: str
    function: Callable[..., Any]
    optional: tuple[bool, ...]
    variadic: bool
    wants: tuple[str, ...]
    returns: Any


def rule(function: F) -> F:
    """Marks a function of a ``rules.py`` as callable from the dialog's expressions."""
    function.__rule__ = describe(function)  # type: ignore[attr-defined]  # a mark that only the loader reads
    return function


def describe(function: Callable[..., Any]) -> Rule:
    """Reads a rule's signature. Raises ``ValueError`` where it lacks a docstring, a type or has an unknown keyword."""
    if not (function.__doc__ or "").strip():
        raise ValueError(f"rule {function.__name__} has no docstring with its paragraph of law")
    hints = get_type_hints(function)
    optional: list[bool] = []
    wants: list[str] = []
    variadic = False
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in hints:
            raise ValueError(f"rule {function.__name__}: argument {name} has no type")
        if parameter.kind is parameter.KEYWORD_ONLY:
            if name not in HANDED_IN:
                raise ValueError(f"rule {function.__name__}: only {', '.join(HANDED_IN)} can be handed in, not {name}")
            wants.append(name)
        elif parameter.kind is parameter.VAR_POSITIONAL:
            variadic = True
        else:
            optional.append(_allows_none(hints[name]))
    if "return" not in hints:
        raise ValueError(f"rule {function.__name__} does not say what it returns")
    return Rule(function.__name__, function, tuple(optional), variadic, tuple(wants), hints["return"])


def _allows_none(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint)
