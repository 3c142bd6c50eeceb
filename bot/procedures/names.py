"""Every name an expression may use, and from which place on it is known.

A place is a point on the one road through the dialog. A name is known at a place when its last input lies before
it; that is the whole reason why one forward walk is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

from bot.procedures.format import ComputedValue, Parameter, Question, Section
from bot.procedures.rules import Rule, Tables
from bot.procedures.source import Source
from bot.procedures.types import Type, type_of_answer, type_of_kind_name

RESERVED: Final = frozenset(
    {"yes", "no", "today", "parameter", "and", "or", "not", "in", "is", "if", "else", "for", "lambda"}
    | {"none", "true", "false", "as", "class", "def", "from", "import", "pass", "while", "with", "del", "try"}
    | {"count", "sum", "any", "all", "min", "max", "answered", "von", "bis", "plz", "days_between"}
)
"""Words that the language itself uses: no question, value, section or option may be called so."""

Thing = TypeVar("Thing", Parameter, ComputedValue)

AT_THE_END: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands. ``section`` None: at the end. ``first``: before which question of the section.

    ``first`` None: behind the section with all its rows. ``inside``: in a row, where a bare name means this row's
    answer. ``today``: may it be used here? It may decide nothing that is asked, or answers would change overnight.
    """

    section: str | None
    first: int | None = 0
    inside: bool = False
    today: bool = True

    @classmethod
    def before(cls, section: str) -> Place:
        """For a section's ``when`` and ``repeat``: nothing of the section is known."""
        return cls(section, today=False)

    @classmethod
    def at(cls, section: str, index: int, *, today: bool = True) -> Place:
        """At a question: for its ``when`` (with ``today=False``), its ``suggest`` and its texts."""
        return cls(section, index, True, today)

    @classmethod
    def after(cls, section: str, index: int | None = None) -> Place:
        """For ``checks``: behind a question, whose own answer is known; without ``index`` behind the whole section."""
        return cls(section, None) if index is None else cls(section, index + 1, True)

    @classmethod
    def end(cls) -> Place:
        """For values, criteria, estimates, declarations and finish."""
        return cls(None)


class Asked(NamedTuple):
    """A question's whereabouts."""

    section: int
    position: int
    question: Question
    type: Type
    repeated: bool


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one version of a procedure. ``cache`` keeps compiled values and keys."""

    sections: tuple[Section, ...]
    questions: Mapping[str, Asked]
    parameters: Mapping[str, Type]
    values: Mapping[str, ComputedValue]
    rules: Mapping[str, Rule]
    tables: Tables
    cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, source: Source) -> Names:
        """The names of a loaded procedure. Of two things with one name the first counts; lints report the second."""
        procedure = source.procedure
        return cls(
            sections=tuple(procedure.sections),
            questions=_questions(procedure.sections),
            parameters={id: type_of_kind_name(one.kind) for id, one in _first(procedure.parameters).items()},
            values=_first(procedure.values),
            rules=source.rules,
            tables=source.tables,
        )

    def section_number(self, id: str) -> int | None:
        return next((number for number, section in enumerate(self.sections) if section.id == id), None)

    def point(self, place: Place) -> tuple[int, int]:
        """How far along the dialog a place is: sections complete, then questions of the next one. Can be compared."""
        if place.section is None:
            return AT_THE_END, 0
        number = self.section_number(place.section)
        assert number is not None
        return (number + 1, 0) if place.first is None else (number, place.first)

    def row_of(self, place: Place) -> Section | None:
        """The repeated section in whose row a place lies."""
        number = self.section_number(place.section) if place.section is not None and place.inside else None
        section = None if number is None else self.sections[number]
        return section if section is not None and section.repeat is not None else None


def _first(things: Iterable[Thing]) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for thing in things:
        found.setdefault(thing.id, thing)
    return found


def _questions(sections: list[Section]) -> dict[str, Asked]:
    questions: dict[str, Asked] = {}
    for number, section in enumerate(sections):
        for index, question in enumerate(section.questions):
            asked = Asked(number, index, question, type_of_answer(question.kind), section.repeat is not None)
            questions.setdefault(question.id, asked)
    return questions
