"""What every lint looks at: the source, its names, and all its expressions compiled at their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.procedures.conditions import Expression, compile_expression, compile_formula, compile_list, compile_value
from bot.procedures.errors import DialogError, ExpressionError
from bot.procedures.format import Check, Each, Question, Section, Times
from bot.procedures.names import Names, Place
from bot.procedures.source import Key, Source
from bot.procedures.types import BOOL, FINDING, NUMBER, Type


@dataclass(slots=True)
class Reading:
    """A source being checked. ``expressions``: by the keys down to them in the dialog file; broken ones are missing."""

    source: Source
    names: Names
    expressions: dict[Key, Expression] = field(default_factory=dict)
    broken: list[DialogError] = field(default_factory=list)

    @classmethod
    def of(cls, source: Source) -> Reading:
        reading = cls(source, Names.of(source))
        for written in _written(source):
            reading._compile(written)
        return reading

    def error(self, message: str, *key: str | int) -> DialogError:
        """A dialog error at the line of a thing in the dialog file."""
        return DialogError(self.source.path, self.source.line(*key), message)

    def questions(self) -> Iterator[tuple[Section, Question, Key]]:
        for number, section in enumerate(self.source.procedure.sections):
            for index, question in enumerate(section.questions):
                yield section, question, ("sections", number, "questions", index)

    def _compile(self, written: Written) -> None:
        try:
            self.expressions[written.key] = written.compile(self.names)
        except ExpressionError as error:
            line = self.source.line(*written.key)
            self.broken += error.at(self.source.path, line, str(written.key[-1]))


class Written(NamedTuple):
    """An expression as it stands in the file. ``kind``: the type it must give, or how it is compiled."""

    key: Key
    text: str
    place: Place
    kind: str

    def compile(self, names: Names) -> Expression:
        """Raises :class:`ExpressionError`."""
        head, _, rest = self.kind.partition(" ")
        match head:
            case "each":
                return compile_list(self.text, names, rest)
            case "value":
                return compile_value(names, rest)
            case "formula":
                return compile_formula(self.text, names, self.place, rest, None)
            case "answer":
                return compile_expression(self.text, names, self.place, names.questions[rest].type)
        return compile_expression(self.text, names, self.place, _WANTED[head])


_WANTED: Final[Mapping[str, Type]] = {"bool": BOOL, "finding": FINDING, "number": NUMBER}


def _written(source: Source) -> Iterator[Written]:
    procedure, end = source.procedure, Place.end()
    for number, section in enumerate(procedure.sections):
        yield from _in_section(section, ("sections", number))
    for number, value in enumerate(procedure.values):
        yield Written(("values", number, "is"), value.formula, end, f"value {value.id}")
    for number, criterion in enumerate(procedure.criteria):
        yield from _when(criterion.when, ("criteria", number), end)
        yield Written(("criteria", number, "met"), criterion.met, end, "finding")
    for number, estimate in enumerate(procedure.estimates):
        yield from _when(estimate.when, ("estimates", number), end)
        yield Written(("estimates", number, "is"), estimate.formula, end, f"formula {estimate.kind}")
    for number, declaration in enumerate(procedure.declarations):
        yield from _when(declaration.when, ("declarations", number), end)
    for number, finish in enumerate(procedure.finish):
        yield from _when(finish.when, ("finish", number), end)


def _in_section(section: Section, key: Key) -> Iterator[Written]:
    before = Place.before(section.id)
    yield from _when(section.when, key, before)
    if isinstance(section.repeat, Each):
        yield Written((*key, "repeat", "each"), section.repeat.each, before, f"each {section.id}")
    if isinstance(section.repeat, Times):
        yield Written((*key, "repeat", "times"), section.repeat.times, before, "number")
    for index in range(len(section.questions)):
        yield from _in_question(section, index, (*key, "questions", index))
    yield from _checks(section.checks, key, Place.after(section.id))


def _in_question(section: Section, index: int, key: Key) -> Iterator[Written]:
    question = section.questions[index]
    yield from _when(question.when, key, Place.at(section.id, index, today=False))
    if question.suggest is not None:
        yield Written((*key, "suggest"), question.suggest, Place.at(section.id, index), f"answer {question.id}")
    yield from _checks(question.checks, key, Place.after(section.id, index))


def _when(text: str | None, key: Key, place: Place) -> Iterator[Written]:
    if text is not None:
        yield Written((*key, "when"), text, place, "bool")


def _checks(checks: Sequence[Check], key: Key, place: Place) -> Iterator[Written]:
    for number, check in enumerate(checks):
        word = "must" if check.must is not None else "should"
        yield Written((*key, "checks", number, word), check.must or check.should or "", place, "bool")
