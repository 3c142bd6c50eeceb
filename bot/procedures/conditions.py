"""The expression language: Python's own syntax against an allow-list, compiled to closures, three-valued.

A compiled expression looks at nothing but the scope it is handed. Every name is known at its place, types fit and
options exist: what compiles cannot fail when an applicant is there. The language: the authors' guide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.procedures.compiler import Compiler
from bot.procedures.errors import ExpressionError, Mistake
from bot.procedures.format import Each
from bot.procedures.logic import Run
from bot.procedures.names import Names, Place
from bot.procedures.rounding import rounded
from bot.procedures.scope import Scope
from bot.procedures.types import ANY, BOOL, NUMBER, Type, fits, item_of, type_of_kind_name

__all__ = ["ANY", "BOOL", "NUMBER", "Expression", "Names", "Place", "compile_expression", "compile_formula"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: call it with a scope, get a typed value or ``UNKNOWN``.

    ``questions``: ids of all questions it depends on, also through values and through the rows of repeated sections.
    ``sections``: repeated sections whose rows it looks at. ``parameters``: ids. ``uses_today``: does it change by day?
    """

    text: str
    type: Type
    run: Run
    questions: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    uses_today: bool = False

    def __call__(self, scope: Scope) -> Any:
        return self.run(scope)


def compile_expression(text: str, names: Names, place: Place, want: Type | None = None) -> Expression:
    """Compile ``text`` for ``place``; ``want``: the type it must give. Raises :class:`ExpressionError`, all at once."""
    compiler = Compiler(names, place, compile_value, compile_each)
    term = compiler.whole(text)
    if want is not None and not compiler.mistakes and not fits(term.type, want):
        compiler.mistakes.append(Mistake(f"this must give {want}, but gives {term.type}", 1))
    if compiler.mistakes:
        raise ExpressionError(text, compiler.mistakes)
    used = compiler.lookup
    return Expression(
        text,
        term.type,
        term.run,
        frozenset(used.questions),
        frozenset(used.sections),
        frozenset(used.parameters),
        used.uses_today,
    )


def compile_formula(text: str, names: Names, place: Place, kind: str, round: str | None) -> Expression:
    """The formula of a value or an estimate: typed and rounded as its ``kind`` and ``round`` say."""
    raw = compile_expression(text, names, place, type_of_kind_name(kind))
    run = raw.run
    return Expression(
        text,
        type_of_kind_name(kind),
        lambda scope: rounded(run(scope), kind, round),
        raw.questions,
        raw.sections,
        raw.parameters,
        raw.uses_today,
    )


def compile_value(names: Names, id: str) -> Expression:
    """A computed value, compiled once. It may use earlier values only. Raises :class:`ExpressionError`."""
    return _cached(names, f"value {id}", lambda: _compile_value(names, id))


def _compile_value(names: Names, id: str) -> Expression:
    value, earlier = names.values[id], {}
    for other in names.values.values():
        if other is value:
            break
        earlier[other.id] = other
    before = Names(names.sections, names.questions, names.parameters, earlier, names.rules, names.tables, names.cache)
    formula = compile_formula(value.formula, before, Place.end(), value.kind, value.round)
    return replace(formula, run=_once(id, formula.run))


def _once(id: str, run: Run) -> Run:
    """Worked out once as long as the scope stays as it is: a review looks at the same values many times."""

    def known(scope: Scope) -> Any:
        if scope.computed is None:
            return run(scope)
        if id not in scope.computed:
            scope.computed[id] = run(scope)
        return scope.computed[id]

    return known


def compile_each(names: Names, section: str) -> Expression:
    """What an ``each`` section repeats over: gives a tuple of rows, months, days or other items."""
    number = names.section_number(section)
    repeat = None if number is None else names.sections[number].repeat
    assert isinstance(repeat, Each)
    text = repeat.each
    return _cached(names, f"each {section}", lambda: compile_list(text, names, section))


def compile_list(text: str, names: Names, section: str) -> Expression:
    """What stands after ``each`` in ``section``: it must give a list."""
    each = compile_expression(text, names, Place.before(section))
    if item_of(each.type) is None and each.type != ANY:
        raise ExpressionError(text, [Mistake(f"each needs a list, but this gives {each.type}", 1)])
    return each


def _cached(names: Names, key: str, make: Callable[[], Expression]) -> Expression:
    if key not in names.cache:
        try:
            names.cache[key] = make()
        except ExpressionError as error:
            names.cache[key] = error
    kept = names.cache[key]
    if isinstance(kept, ExpressionError):
        raise kept
    assert isinstance(kept, Expression)
    return kept
