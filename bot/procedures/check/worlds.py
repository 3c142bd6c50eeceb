"""Small worlds: every way in which a few choices can be answered. They show what a condition can ever be.

Only questions with few possible answers are gone through, and only those outside repeated sections. Where that is
not enough, or would be too much, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import prod
from typing import Any, Final, NamedTuple

from bot.procedures.check.common import Reading
from bot.procedures.conditions import Expression
from bot.procedures.names import Asked
from bot.procedures.scope import UNKNOWN, Scope

QUESTIONS: Final = 8
WORLDS: Final = 20_000
SOMEDAY: Final = date(2000, 1, 1)


class Chosen(NamedTuple):
    """A question or parameter whose answers can be gone through. ``guards``: None where nothing is known of them."""

    id: str
    values: tuple[Any, ...]
    guards: tuple[Expression, ...] | None
    may_be_open: bool
    is_parameter: bool = False


def worlds(reading: Reading, expressions: Sequence[Expression]) -> Iterator[Scope] | None:
    """Every scope there can be when these expressions are looked at. None where there are too many to go through."""
    if any(one.sections or one.uses_today for one in expressions):
        return None
    chosen = _choices(reading, expressions)
    if chosen is None or len(chosen) > QUESTIONS or prod(len(one.values) + 1 for one in chosen) > WORLDS:
        return None
    return _go(chosen, Scope(parameters={}, today=SOMEDAY))


def _choices(reading: Reading, expressions: Sequence[Expression]) -> list[Chosen] | None:
    found: list[Chosen] = []
    for parameter in sorted({id for one in expressions for id in one.parameters}):
        if reading.names.parameters[parameter].name != "bool":
            return None
        found.append(Chosen(parameter, (True, False), (), False, True))
    asked = [reading.names.questions[id] for id in _with_guards(reading, expressions)]
    for question in sorted(asked, key=lambda one: (one.section, one.position)):
        values = _values(question)
        if values is None or question.repeated:
            return None
        found.append(_chosen(reading, question, values))
    return found


def _chosen(reading: Reading, asked: Asked, values: tuple[Any, ...]) -> Chosen:
    question = asked.question
    may_be_open = question.optional or question.unsure is not None
    return Chosen(question.id, values, guards_of(reading, asked), may_be_open)


def _with_guards(reading: Reading, expressions: Sequence[Expression]) -> set[str]:
    """The questions of the expressions, and those that decide whether they are asked, as far as they can be read."""
    found: set[str] = set()
    front = sorted({id for one in expressions for id in one.questions})
    while front:
        id = front.pop()
        if id not in found:
            found.add(id)
            guards = guards_of(reading, reading.names.questions[id]) or ()
            front += [question for guard in guards for question in guard.questions]
    return found


def guards_of(reading: Reading, asked: Asked) -> tuple[Expression, ...] | None:
    """The whens of a question and its section. None where one of them cannot be gone through."""
    keys = [("sections", asked.section), ("sections", asked.section, "questions", asked.position)]
    section = reading.names.sections[asked.section]
    written = [section.when, asked.question.when]
    guards = [reading.expressions.get((*key, "when")) for key, text in zip(keys, written, strict=True) if text]
    readable = [guard for guard in guards if guard is not None and _small(reading, guard)]
    return tuple(readable) if len(readable) == len(guards) else None


def _small(reading: Reading, guard: Expression) -> bool:
    if guard.sections or any(reading.names.parameters[id].name != "bool" for id in guard.parameters):
        return False
    return all(_values(reading.names.questions[id]) is not None for id in guard.questions)


def _values(asked: Asked) -> tuple[Any, ...] | None:
    if asked.type.name == "bool":
        return (True, False)
    return asked.type.words if asked.type.name == "option" else None


def _go(chosen: Sequence[Chosen], scope: Scope) -> Iterator[Scope]:
    if not chosen:
        yield scope
        return
    first, rest = chosen[0], chosen[1:]
    for value in _possible(first, scope):
        world = scope.copy()
        if first.is_parameter:
            world.parameters = {**scope.parameters, first.id: value}
        elif value is not UNKNOWN:
            world.answers[first.id] = value
        yield from _go(rest, world)


def _possible(chosen: Chosen, scope: Scope) -> Iterator[Any]:
    guards = chosen.guards
    asked = None if guards is None else all(guard(scope) is True for guard in guards)
    if asked is not False:
        yield from chosen.values
    if asked is not True or chosen.may_be_open:
        yield UNKNOWN
