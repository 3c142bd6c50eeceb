"""Fills ``{name}`` in a dialog's sentences with earlier answers, values, parameters and row titles, as shown text.

Each piece of the text names the answer that it shows, or one of those that a computed value or a key rests on.
A name that is unknown is shown as an ellipsis, never as an error: an applicant must not meet one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

from bot.answers.base import Context, Kind, Month, Period
from bot.answers.kinds import read_kind
from bot.procedures.conditions import Expression
from bot.procedures.format import Each, Section
from bot.procedures.interview import Interview, Stop
from bot.procedures.rules import Row
from bot.procedures.scope import UNKNOWN, Scope

PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")
MISSING: Final = "…"


class Part(NamedTuple):
    """A piece of shown text. ``of``: any address of what it rests on; None where it shows nothing of an applicant."""

    text: str
    of: str | None = None


Text = tuple[Part, ...]
"""Shown text, piece by piece, so that what it shows of an applicant can be masked."""


class Filling(NamedTuple):
    """One filled placeholder."""

    name: str
    text: Text


def plain(text: Text) -> str:
    """The pieces as one string."""
    return "".join(part.text for part in text)


def fill(
    interview: Interview,
    scope: Scope,
    text: str,
    context: Context,
    *,
    row: Row | None = None,
    extra: Mapping[str, Text] | None = None,
) -> tuple[Filling, ...]:
    """What each placeholder of ``text`` shows. ``row``: whose answers bare names mean. ``extra``: a finding's."""
    filler = _Filler(interview, scope, context, row if row is not None else scope.row, extra or {})
    return tuple(Filling(name, filler.one(name)) for name in dict.fromkeys(PLACEHOLDER.findall(text)))


def filled(text: str, fillings: tuple[Filling, ...]) -> Text:
    """The text with its placeholders replaced; anything else in braces is left alone."""
    given = {filling.name: filling.text for filling in fillings}
    parts: list[Part] = []
    end = 0
    for match in PLACEHOLDER.finditer(text):
        if match[1] in given:
            parts += [Part(text[end : match.start()]), *given[match[1]]]
            end = match.end()
    return tuple(part for part in (*parts, Part(text[end:])) if part.text)


def row_title(interview: Interview, scope: Scope, row: Row, context: Context) -> Text:
    """A row's title in the applicant's language; a section without a title of rows counts them."""
    if not interview.sections[row.section].names_itself:
        return _row_title(interview, scope, row, context)
    known = row.titled
    if known is None or known[0] is not context.words or known[1] != row.answers:
        known = row.titled = context.words, dict(row.answers), _row_title(interview, scope, row, context)
    title: Text = known[2]
    return title


def _row_title(interview: Interview, scope: Scope, row: Row, context: Context) -> Text:
    section = interview.sections[row.section].section
    place = f"{interview.procedure.procedure}.{row.section}"
    key, text = (f"{place}.title", section.title) if section.row is None else (f"{place}.row", section.row)
    title = filled(context.words.translate(key, text), fill(interview, scope, text, context, row=row))
    return title if section.row is not None else (*title, Part(f" {row.number}"))


def shown_row_title(interview: Interview, scope: Scope, row: Row, context: Context) -> str:
    """The title as one string."""
    return plain(row_title(interview, scope, row, context))


def question_context(interview: Interview, stop: Stop, scope: Scope, context: Context) -> Context:
    """What the kind of this question may look at, with the titles of rows that can be chosen."""
    narrowed = interview.context(stop, scope, context)
    if stop.of is None:
        return narrowed
    titles = {row.number: shown_row_title(interview, scope, row, context) for row in scope.rows.get(stop.of, ())}
    return replace(narrowed, rows=titles)


def rests_on(interview: Interview, scope: Scope, expression: Expression) -> str | None:
    """The first address whose answer an expression looks at. None where it looks at none."""
    for question, stop in interview.by_question.items():
        if question in expression.questions and (address := _first_answered(scope, question, stop)) is not None:
            return address
    return None


def _first_answered(scope: Scope, question: str, stop: Stop) -> str | None:
    if not stop.repeated:
        return question if question in scope.answers else None
    rows = (row.id for row in scope.rows.get(stop.section, ()) if row.answers.get(question) is not None)
    row = next(rows, None)
    return None if row is None else stop.address(row)


class _Filler:
    def __init__(
        self, interview: Interview, scope: Scope, context: Context, row: Row | None, extra: Mapping[str, Text]
    ) -> None:
        self.interview = interview
        self.scope = scope
        self.context = context
        self.row = row
        self.extra = extra

    def one(self, name: str) -> Text:
        if name in self.extra:
            return self.extra[name]
        head, _, tail = name.partition(".")
        if head == "parameter":
            return (Part(self._parameter(tail)),)
        if tail:
            return self._answer_of_key(head, tail)
        if self.row is not None and head == self._key_name(self.row):
            return self._key(self.row)
        if name in self.interview.values:
            return self._value(name)
        return self._answer(name, self.row)

    def _answer(self, question: str, row: Row | None) -> Text:
        stop = self.interview.by_question.get(question)
        if stop is None or stop.question is None:
            return _MISSING
        inside = stop.repeated and row is not None and row.section == stop.section
        value = row.answers.get(question) if inside and row is not None else self.scope.answers.get(question)
        if value is None:
            return _MISSING
        context = question_context(self.interview, stop, self.scope, self.context)
        address = stop.address(row.id if inside and row is not None else None)
        return (Part(stop.asked.kind.show(value, context), address),)

    def _key(self, row: Row) -> Text:
        if isinstance(row.key, Row):
            return row_title(self.interview, self.scope, row.key, self.context)
        each = self.interview.sections[row.section].each
        of = None if each is None else rests_on(self.interview, self.scope, each)
        return (Part(show_plain(row.key, self.context), of),)

    def _answer_of_key(self, key: str, question: str) -> Text:
        if self.row is None or self._key_name(self.row) != key or not isinstance(self.row.key, Row):
            return _MISSING
        return self._answer(question, self.row.key)

    def _key_name(self, row: Row) -> str | None:
        return key_name(self.interview.sections[row.section].section)

    def _parameter(self, id: str) -> str:
        parameter = next((each for each in self.interview.procedure.parameters if each.id == id), None)
        value = self.scope.parameters.get(id)
        if parameter is None or value is None:
            return MISSING
        return show_value(parameter.kind, value, self.context)

    def _value(self, id: str) -> Text:
        formula = self.interview.values[id]
        value = formula(self.scope)
        if value is UNKNOWN:
            return _MISSING
        kind = next(each.kind for each in self.interview.procedure.values if each.id == id)
        return (Part(show_value(kind, value, self.context), rests_on(self.interview, self.scope, formula)),)


def key_name(section: Section) -> str | None:
    """The name by which an ``each`` section calls the item of a row."""
    return section.repeat.key if isinstance(section.repeat, Each) else None


def show_value(kind: str, value: Any, context: Context) -> str:
    """A computed value or parameter, shown as an answer of that kind would be."""
    if kind in ("table", "list"):
        return ", ".join(str(item) for item in value)
    return _plain_kind(kind).show(value, context)


def show_plain(value: Any, context: Context) -> str:
    """A typed value without a kind of its own: shown by what it is."""
    for type_, kind in _BY_TYPE:
        if isinstance(value, type_):
            return _plain_kind(kind).show(value, context)
    return str(value)


_MISSING: Final[Text] = (Part(MISSING),)

_BY_TYPE: Final = (
    (bool, "yes_no"),
    (int, "whole_number"),
    (Decimal, "decimal"),
    (Month, "month"),
    (Period, "period"),
    (date, "date"),
)


@cache
def _plain_kind(kind: str) -> Kind:
    return read_kind({"answer": kind})
