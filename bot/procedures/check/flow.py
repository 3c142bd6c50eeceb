"""Lints of the way through a dialog: conditions go both ways, every end is reached, everything may be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from bot import limits
from bot.procedures.cells import Unreadable, read_parameter
from bot.procedures.check.common import Reading
from bot.procedures.check.names import parameter_of_type
from bot.procedures.check.worlds import worlds
from bot.procedures.errors import DialogError
from bot.procedures.format import Again, Question

Policy = Mapping[str, frozenset[str]]
"""Channel to the kinds of sensitive questions that it may ask."""

EVERYTHING: Final = frozenset({"health", "bank", "identity"})
CHANNELS: Final[Policy] = {"terminal": EVERYTHING, "web": EVERYTHING, "telegram": frozenset()}


def idle_conditions(reading: Reading) -> Iterator[DialogError]:
    """A ``when`` that never holds hides something for ever; one that always holds says nothing."""
    for key, expression in reading.expressions.items():
        if key[-1] != "when":
            continue
        scopes = worlds(reading, [expression])
        held = set() if scopes is None else {expression(scope) is True for scope in scopes}
        if held == {False}:
            yield reading.error(f"when: '{expression.text}' never holds", *key)
        if held == {True}:
            yield reading.error(f"when: '{expression.text}' always holds; leave it out", *key)


def ends(reading: Reading) -> Iterator[DialogError]:
    """Each complete path reaches a finish, and each finish can be reached."""
    finish = reading.source.procedure.finish
    if finish[-1].when is not None:
        yield reading.error("the last finish must have no when, or some paths have no end", "finish", len(finish) - 1)
    for number, end in enumerate(finish[:-1]):
        if end.when is None:
            yield reading.error("nothing behind this finish is ever reached; give it a when", "finish", number)


def repeats(reading: Reading) -> Iterator[DialogError]:
    for number, section in enumerate(reading.names.sections):
        if isinstance(section.repeat, Again) and section.repeat.max > limits.ROWS_PER_SECTION:
            message = f"max: more rows than {limits.ROWS_PER_SECTION}"
            yield reading.error(message, "sections", number, "repeat", "max")


def life_cycle(reading: Reading) -> Iterator[DialogError]:
    """Dates in their order; parameters of the right kind."""
    cycle = reading.source.procedure.life_cycle
    for word, wanted in (("opens", "date"), ("closes", "date"), ("stopped", "bool")):
        given = getattr(cycle, word)
        if isinstance(given, str):
            yield from parameter_of_type(reading, given, wanted, ("life_cycle", word))
    opens, closes = _day(reading, cycle.opens), _day(reading, cycle.closes)
    if opens is not None and closes is not None and opens > closes:
        yield reading.error(f"closes on {closes} before it opens on {opens}", "life_cycle", "closes")


def _day(reading: Reading, given: date | str | None) -> date | None:
    if not isinstance(given, str):
        return given
    for parameter in reading.source.procedure.parameters:
        if f"parameter.{parameter.id}" == given and parameter.default is not None:
            try:
                value: Any = read_parameter(parameter, parameter.default)
            except Unreadable:
                return None
            return value if isinstance(value, date) else None
    return None


def defaults(reading: Reading) -> Iterator[DialogError]:
    """A parameter's default is written as its kind must be."""
    for number, parameter in enumerate(reading.source.procedure.parameters):
        if parameter.default is not None:
            try:
                read_parameter(parameter, parameter.default)
            except Unreadable as error:
                yield reading.error(f"parameter '{parameter.id}': {error}", "parameters", number, "default")


_BORN_SENSITIVE: Final = {"iban": "bank", "tax_id": "identity", "social_number": "identity"}


def sensitive(reading: Reading, channels: Policy) -> Iterator[DialogError]:
    """What is sensitive is marked, and some configured channel may ask it."""
    for _, question, key in reading.questions():
        born = _BORN_SENSITIVE.get(_kind_name(question))
        if born is not None and question.sensitive is None:
            yield reading.error(f"'{question.id}' is sensitive; write sensitive: {born}", *key)
        if question.sensitive is not None and not any(question.sensitive in allowed for allowed in channels.values()):
            yield reading.error(_nobody_asks(question, channels), *key, "sensitive")


def _nobody_asks(question: Question, channels: Policy) -> str:
    names = ", ".join(sorted(channels)) or "none"
    return f"'{question.id}' is about {question.sensitive}, and no channel may ask that (configured: {names})"


def _kind_name(question: Question) -> str:
    return str(getattr(question.kind, "answer", ""))
