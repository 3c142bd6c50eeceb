"""Every sentence of a dialog that applicants read, with the place that is its key in the catalogues.

A place is ``procedure.thing.key``; ids of questions, sections and criteria never collide in one key. Names of
agencies, paragraphs and words to search by stay German and are not listed. Other words for an option (``also``) are
one text, with commas: a language has its own words, and its own number of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from bot.procedures.format import Again, Criterion, Question, Section
from bot.procedures.source import Key, Source


class DialogText(NamedTuple):
    """``place``: key of its translations. ``line``: in the dialog file."""

    place: str
    text: str
    line: int


class PlacedText(NamedTuple):
    """A text with where it stands: ``key`` are the keys down to it in the dialog file."""

    place: str
    text: str
    key: Key


def texts_of(source: Source) -> Iterator[DialogText]:
    """All translatable texts of a version, in the order of its file."""
    for placed in placed_texts(source):
        yield DialogText(placed.place, placed.text, source.line(*placed.key))


def placed_texts(source: Source) -> Iterator[PlacedText]:
    procedure = source.procedure
    top = procedure.procedure
    yield from _fields(top, procedure, ("title",), ())
    yield from _fields(top, procedure.life_cycle, ("planned", "closed"), ("life_cycle",))
    for number, parameter in enumerate(procedure.parameters):
        yield from _fields(f"{top}.parameter.{parameter.id}", parameter, ("label",), ("parameters", number))
    for number, section in enumerate(procedure.sections):
        yield from _section_texts(top, section, ("sections", number))
    for number, value in enumerate(procedure.values):
        yield from _fields(f"{top}.{value.id}", value, ("label",), ("values", number))
    for number, criterion in enumerate(procedure.criteria):
        yield from _criterion_texts(top, criterion, ("criteria", number))
    for number, estimate in enumerate(procedure.estimates):
        yield from _fields(f"{top}.{estimate.id}", estimate, ("say",), ("estimates", number))
    for number, declaration in enumerate(procedure.declarations):
        yield from _fields(f"{top}.{declaration.id}", declaration, ("text",), ("declarations", number))
    for number, finish in enumerate(procedure.finish):
        yield from _fields(f"{top}.finish.{number + 1}", finish, ("how",), ("finish", number))


def _section_texts(top: str, section: Section, key: Key) -> Iterator[PlacedText]:
    place = f"{top}.{section.id}"
    yield from _fields(place, section, ("title", "intro"), key)
    if isinstance(section.repeat, Again):
        yield PlacedText(f"{place}.again", section.repeat.again, (*key, "repeat", "again"))
    yield from _fields(place, section, ("row",), key)
    for number, question in enumerate(section.questions):
        yield from _question_texts(top, question, (*key, "questions", number))
    yield from _check_texts(place, section.checks, key)


def _question_texts(top: str, question: Question, key: Key) -> Iterator[PlacedText]:
    place = f"{top}.{question.id}"
    yield from _fields(place, question, ("ask", "why", "help", "example"), key)
    for value, label in (getattr(question.kind, "options", None) or {}).items():
        yield PlacedText(f"{place}.options.{value}", label, (*key, "options", value))
    for value, words in (getattr(question.kind, "also", None) or {}).items():
        yield PlacedText(f"{place}.also.{value}", ", ".join(words), (*key, "also", value))
    yield from _fields(place, question.kind, ("unit", "title"), key)
    yield from _check_texts(place, question.checks, key)


def _check_texts(place: str, checks: Any, key: Key) -> Iterator[PlacedText]:
    for number, check in enumerate(checks):
        yield PlacedText(f"{place}.checks.{number + 1}", check.otherwise, (*key, "checks", number, "else"))


def _criterion_texts(top: str, criterion: Criterion, key: Key) -> Iterator[PlacedText]:
    fields = ("about", "not_met", "partly", "unclear", "next")
    yield from _fields(f"{top}.{criterion.id}", criterion, fields, key)


def _fields(place: str, thing: Any, fields: tuple[str, ...], key: Key) -> Iterator[PlacedText]:
    for field in fields:
        text = getattr(thing, field, None)
        if isinstance(text, str):
            yield PlacedText(f"{place}.{field}", text, (*key, field))
