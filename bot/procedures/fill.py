"""Fills ``{name}`` in a dialog's sentences with earlier answers, values, parameters and row titles, as shown text.

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
from bot.procedures.format import Each, Section
from bot.procedures.interview import Interview, Stop
from bot.procedures.rules import Row
from bot.procedures.scope import UNKNOWN, Scope

PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")
MISSING: Final = "…"


class Filling(NamedTuple):
    """One filled placeholder. ``of``: the address whose answer it shows, None for anything else."""

    name: str
    shown: str
    of: str | None


def fill(
    interview: Interview,
    scope: Scope,
    text: str,
    context: Context,
    *,
    row: Row | None = None,
    extra: Mapping[str, Any] | None = None,
) -> tuple[Filling, ...]:
    """What each placeholder of ``text`` shows. ``row``: whose answers bare names mean. ``extra``: a finding's."""
    filler = _Filler(interview, scope, context, row if row is not None else scope.row, extra or {})
    return tuple(filler.one(name) for name in dict.fromkeys(PLACEHOLDER.findall(text)))


def apply(text: str, fillings: tuple[Filling, ...]) -> str:
    """The text with its placeholders replaced; anything else in braces is left alone."""
    shown = {filling.name: filling.shown for filling in fillings}
    return PLACEHOLDER.sub(lambda match: shown.get(match[1], match[0]), text)


def row_title(interview: Interview, scope: Scope, row: Row, context: Context) -> tuple[str, tuple[Filling, ...]]:
    """A row's title as (German template, fillings); a section without a title of rows counts them."""
    section = interview.sections[row.section].section
    text = section.row or f"{section.title} {row.number}"
    return text, fill(interview, scope, text, context, row=row)


def shown_row_title(interview: Interview, scope: Scope, row: Row, context: Context) -> str:
    """The title in the applicant's language."""
    text, fillings = row_title(interview, scope, row, context)
    place = f"{interview.procedure.procedure}.{row.section}.row"
    return apply(context.words.translate(place, text), fillings)


def question_context(interview: Interview, stop: Stop, scope: Scope, context: Context) -> Context:
    """What the kind of this question may look at, with the titles of rows that can be chosen."""
    narrowed = interview.context(stop, scope, context)
    if stop.of is None:
        return narrowed
    titles = {row.number: shown_row_title(interview, scope, row, context) for row in scope.rows.get(stop.of, ())}
    return replace(narrowed, rows=titles)


class _Filler:
    def __init__(
        self, interview: Interview, scope: Scope, context: Context, row: Row | None, extra: Mapping[str, Any]
    ) -> None:
        self.interview = interview
        self.scope = scope
        self.context = context
        self.row = row
        self.extra = extra

    def one(self, name: str) -> Filling:
        if name in self.extra:
            return Filling(name, show_plain(self.extra[name], self.context), None)
        head, _, tail = name.partition(".")
        if head == "parameter":
            return Filling(name, self._parameter(tail), None)
        if tail:
            return self._answer_of_key(name, head, tail)
        if self.row is not None and head == self._key_name(self.row):
            return self._key(name, self.row)
        if name in self.interview.values:
            return Filling(name, self._value(name), None)
        return self._answer(name, name, self.row)

    def _answer(self, name: str, question: str, row: Row | None) -> Filling:
        stop = self.interview.by_question.get(question)
        if stop is None or stop.question is None:
            return Filling(name, MISSING, None)
        inside = stop.repeated and row is not None and row.section == stop.section
        value = row.answers.get(question) if inside and row is not None else self.scope.answers.get(question)
        if value is None:
            return Filling(name, MISSING, None)
        context = question_context(self.interview, stop, self.scope, self.context)
        address = stop.address(row.id if inside and row is not None else None)
        return Filling(name, stop.asked.kind.show(value, context), address)

    def _key(self, name: str, row: Row) -> Filling:
        if isinstance(row.key, Row):
            return Filling(name, shown_row_title(self.interview, self.scope, row.key, self.context), None)
        return Filling(name, show_plain(row.key, self.context), None)

    def _answer_of_key(self, name: str, key: str, question: str) -> Filling:
        if self.row is None or self._key_name(self.row) != key or not isinstance(self.row.key, Row):
            return Filling(name, MISSING, None)
        return self._answer(name, question, self.row.key)

    def _key_name(self, row: Row) -> str | None:
        return key_name(self.interview.sections[row.section].section)

    def _parameter(self, id: str) -> str:
        parameter = next((each for each in self.interview.procedure.parameters if each.id == id), None)
        value = self.scope.parameters.get(id)
        if parameter is None or value is None:
            return MISSING
        return show_value(parameter.kind, value, self.context)

    def _value(self, id: str) -> str:
        value = self.interview.values[id](self.scope)
        kind = next(each.kind for each in self.interview.procedure.values if each.id == id)
        return MISSING if value is UNKNOWN else show_value(kind, value, self.context)


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
