"""The calls of the expression language: the few built in, and the procedure's own rules."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, get_type_hints

from bot.procedures.logic import Run, all_of, any_of, constant, days_between, fold
from bot.procedures.rules import Rule, Tables
from bot.procedures.scope import UNKNOWN, Scope
from bot.procedures.types import (
    ADDRESS,
    ANY,
    BOOL,
    DATE,
    NUMBER,
    ORDERED,
    PERIOD,
    TEXT,
    Type,
    fits,
    item_of,
    type_of_hint,
)


class Mismatch(Exception):
    """A call does not fit its arguments; the message says how."""


class Term(NamedTuple):
    """A compiled piece of an expression."""

    type: Type
    run: Run


Call = Callable[[Sequence[Term]], Term]


def _arguments(name: str, terms: Sequence[Term], *wanted: Type) -> None:
    if len(terms) != len(wanted):
        raise Mismatch(f"{name} takes {len(wanted)} argument{'s' if len(wanted) != 1 else ''}, not {len(terms)}")
    for term, type in zip(terms, wanted, strict=True):
        if not fits(term.type, type):
            raise Mismatch(f"{name} takes {type}, not {term.type}")


def _apply(function: Callable[..., Any], terms: Sequence[Term]) -> Run:
    runs = tuple(term.run for term in terms)

    def run(scope: Scope) -> Any:
        values = [one(scope) for one in runs]
        return UNKNOWN if UNKNOWN in values else function(*values)

    return run


def _simple(name: str, function: Callable[..., Any], result: Type, *wanted: Type) -> Call:
    def call(terms: Sequence[Term]) -> Term:
        _arguments(name, terms, *wanted)
        return Term(result, _apply(function, terms))

    return call


def _count(terms: Sequence[Term]) -> Term:
    if len(terms) != 1 or terms[0].type.name == "column" or not _listed(terms[0].type):
        raise Mismatch("count takes a repeated section or an answer with several parts, as in count(kinder)")
    return Term(NUMBER, _apply(len, terms))


def _listed(type: Type) -> bool:
    return type.name == "any" or item_of(type) is not None


def _column(name: str, term: Term, allowed: frozenset[str]) -> Type:
    item = item_of(term.type) or ANY
    if not _listed(term.type) or item.name not in allowed:
        raise Mismatch(f"{name} takes the rows' answers to one question, as in {name}(section.question)")
    return item


def _over_column(name: str, function: Callable[[Any], Any], allowed: frozenset[str], result: Type | None) -> Call:
    def call(terms: Sequence[Term]) -> Term:
        if len(terms) != 1:
            raise Mismatch(f"{name} takes 1 argument, not {len(terms)}")
        item = _column(name, terms[0], allowed)
        values = terms[0].run
        return Term(result or item, lambda scope: function(values(scope)))

    return call


def _logical(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: UNKNOWN if values is UNKNOWN else function(values)


def _extreme(name: str, function: Callable[..., Any]) -> Call:
    over_column = _over_column(name, fold(function, UNKNOWN), ORDERED, None)

    def call(terms: Sequence[Term]) -> Term:
        if len(terms) == 1:
            return over_column(terms)
        if not terms:
            raise Mismatch(f"{name} takes the rows' answers to one question, or at least two values")
        type = next((term.type for term in terms if term.type != ANY), ANY)
        if any(term.type.name not in ORDERED or not fits(term.type, type) for term in terms):
            raise Mismatch(f"{name} takes values of one type that has an order")
        return Term(type, _apply(function, terms))

    return call


_NUMBERS: Final = frozenset({"number", "any"})
_BOOLS: Final = frozenset({"bool", "any"})

BUILT_IN: Final[dict[str, Call]] = {
    "count": _count,
    "sum": _over_column("sum", fold(sum, 0), _NUMBERS, NUMBER),
    "any": _over_column("any", _logical(any_of), _BOOLS, BOOL),
    "all": _over_column("all", _logical(all_of), _BOOLS, BOOL),
    "min": _extreme("min", min),
    "max": _extreme("max", max),
    "von": _simple("von", lambda period: period.first, DATE, PERIOD),
    "bis": _simple("bis", lambda period: period.last, DATE, PERIOD),
    "plz": _simple("plz", lambda address: address.postal_code, TEXT, ADDRESS),
    "days_between": _simple("days_between", days_between, NUMBER, DATE, DATE),
}
"""``answered`` is the one call that is not here: it looks at a name, not at a value."""


def call_rule(rule: Rule, terms: Sequence[Term], tables: Tables) -> Term:
    """A rule with its arguments. Raises :class:`Mismatch`."""
    _check_arguments(rule, terms)
    function, runs = rule.function, tuple(term.run for term in terms)
    may_be_none = tuple(index < len(rule.optional) and rule.optional[index] for index in range(len(runs)))
    hand_in = _handed_in(rule.wants, tables)

    def run(scope: Scope) -> Any:
        values: list[Any] = []
        for argument, allowed in zip(runs, may_be_none, strict=True):
            value = argument(scope)
            if value is UNKNOWN or (type(value) is tuple and UNKNOWN in value):
                if not allowed:
                    return UNKNOWN
                value = None
            values.append(value)
        result = function(*values, **{name: give(scope) for name, give in hand_in})
        return UNKNOWN if result is None else result

    return Term(type_of_hint(rule.returns), run)


def _handed_in(wants: Sequence[str], tables: Tables) -> list[tuple[str, Run]]:
    ways: dict[str, Run] = {
        "tables": constant(tables),
        "parameters": lambda scope: scope.parameters,
        "today": lambda scope: scope.today,
    }
    return [(name, ways[name]) for name in wants]


def _check_arguments(rule: Rule, terms: Sequence[Term]) -> None:
    positional, hints = _positional(rule), get_type_hints(rule.function)
    least = sum(1 for parameter in positional if parameter.default is parameter.empty)
    if len(terms) < least or (len(terms) > len(positional) and not rule.variadic):
        raise Mismatch(f"rule {rule.name} takes {_how_many(least, positional, rule.variadic)}, not {len(terms)}")
    for term, parameter in zip(terms, positional, strict=False):
        wanted = type_of_hint(hints[parameter.name])
        if not fits(term.type, wanted):
            raise Mismatch(f"rule {rule.name} wants {wanted} for {parameter.name}, not {term.type}")


def _positional(rule: Rule) -> list[inspect.Parameter]:
    parameters = inspect.signature(rule.function).parameters.values()
    return [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]


def _how_many(least: int, positional: Sequence[inspect.Parameter], variadic: bool) -> str:
    if variadic:
        return f"at least {least} arguments"
    most = len(positional)
    return f"{most} argument{'s' if most != 1 else ''}" if least == most else f"{least} to {most} arguments"
