"""Three-valued logic and arithmetic as closures: yes, no, not yet known.

Unknown stays unknown unless the rest decides: ``no and unknown`` is no, ``yes or unknown`` is yes. What cannot be
computed (a division by zero, a number beyond all bounds) is unknown too.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.answers.base import Period
from bot.procedures.scope import UNKNOWN, Scope

Run = Callable[[Scope], Any]
Operator = Callable[[Any, Any], Any]


def constant(value: Any) -> Run:
    return lambda _: value


def not_(inner: Run) -> Run:
    def run(scope: Scope) -> Any:
        value = inner(scope)
        return UNKNOWN if value is UNKNOWN else not value

    return run


def both(left: Run, right: Run) -> Run:
    def run(scope: Scope) -> Any:
        first = left(scope)
        if first is False:
            return False
        second = right(scope)
        if second is False:
            return False
        return UNKNOWN if first is UNKNOWN or second is UNKNOWN else True

    return run


def either(left: Run, right: Run) -> Run:
    def run(scope: Scope) -> Any:
        first = left(scope)
        if first is True:
            return True
        second = right(scope)
        if second is True:
            return True
        return UNKNOWN if first is UNKNOWN or second is UNKNOWN else False

    return run


def combine(apply: Operator, left: Run, right: Run) -> Run:
    """``apply`` on two known values; unknown where one is unknown or the result is no number."""

    def run(scope: Scope) -> Any:
        first = left(scope)
        if first is UNKNOWN:
            return UNKNOWN
        second = right(scope)
        if second is UNKNOWN:
            return UNKNOWN
        try:
            return apply(first, second)
        except ArithmeticError:
            return UNKNOWN

    return run


def negate(inner: Run) -> Run:
    def run(scope: Scope) -> Any:
        value = inner(scope)
        return UNKNOWN if value is UNKNOWN else -value

    return run


def _divide(left: Any, right: Any) -> Decimal:
    return Decimal(left) / Decimal(right)


def _within(item: Any, container: Any) -> bool:
    if isinstance(container, Period):
        return bool(container.first <= item <= container.last)
    return bool(item in container)


def _not_within(item: Any, container: Any) -> bool:
    return not _within(item, container)


COMPARISONS: Final[dict[str, Operator]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "In": _within,
    "NotIn": _not_within,
}
ARITHMETIC: Final[dict[str, Operator]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": _divide,
}


def all_of(values: Iterable[Any]) -> Any:
    """No if one is no, else unknown if one is unknown, else yes."""
    known = set(values)
    if False in known:
        return False
    return UNKNOWN if UNKNOWN in known else True


def any_of(values: Iterable[Any]) -> Any:
    """Yes if one is yes, else unknown if one is unknown, else no."""
    known = set(values)
    if True in known:
        return True
    return UNKNOWN if UNKNOWN in known else False


def fold(function: Callable[[Sequence[Any]], Any], empty: Any) -> Callable[[Any], Any]:
    """``function`` over a list of known values; ``empty`` for no values, unknown where one is unknown."""

    def run(values: Any) -> Any:
        if values is UNKNOWN or UNKNOWN in values:
            return UNKNOWN
        return function(values) if values else empty

    return run


def days_between(first: date, last: date) -> int:
    return (last - first).days
