"""Lints about names: everything is called once, differently from everything else, and points at something there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.procedures.check.common import Reading
from bot.procedures.errors import DialogError, did_you_mean
from bot.procedures.format import Each, Question
from bot.procedures.names import RESERVED
from bot.procedures.rules import Row
from bot.procedures.source import Key
from bot.procedures.types import item_of


def duplicate_ids(reading: Reading) -> Iterator[DialogError]:
    """Within each list, and for questions in the whole file, an id stands once."""
    groups = dict.fromkeys(("parameters", "sections", "values", "criteria", "estimates", "declarations"))
    for group in groups:
        things = [(thing.id, (group, number)) for number, thing in enumerate(getattr(reading.source.procedure, group))]
        yield from _twice(reading, things)
    yield from _twice(reading, [(question.id, key) for _, question, key in reading.questions()])


def _twice(reading: Reading, things: Sequence[tuple[str, Key]]) -> Iterator[DialogError]:
    first: dict[str, Key] = {}
    for id, key in things:
        if id in first:
            line = reading.source.line(*first[id], "id")
            yield reading.error(f"'{id}' stands twice, first in line {line}", *key, "id")
        first.setdefault(id, key)


def clashing_names(reading: Reading) -> Iterator[DialogError]:
    """A question's name means nothing else: no option, rule, section, value or key is called like it."""
    questions = reading.names.questions
    for id, what, key in _other_names(reading):
        if id in questions:
            yield reading.error(f"{what} '{id}' is called like a question", *key)
        if id in RESERVED:
            yield reading.error(f"'{id}' is a word of the language; choose another name", *key)
    for _, question, key in reading.questions():
        if question.id in reading.names.rules:
            yield reading.error(f"question '{question.id}' is called like a rule", *key, "id")
        if question.id in RESERVED:
            yield reading.error(f"'{question.id}' is a word of the language; choose another name", *key, "id")
        if question.id in Row.__slots__:  # a rule that writes row.number means the row's, never the answer
            yield reading.error(f"every row has '{question.id}' of its own; choose another name", *key, "id")


def _other_names(reading: Reading) -> Iterator[tuple[str, str, Key]]:
    procedure = reading.source.procedure
    for number, section in enumerate(procedure.sections):
        yield section.id, "section", ("sections", number, "id")
        if isinstance(section.repeat, Each):
            yield section.repeat.key, "key", ("sections", number, "repeat", "key")
    for number, value in enumerate(procedure.values):
        yield value.id, "value", ("values", number, "id")
    for _, question, key in reading.questions():
        for option in getattr(question.kind, "options", None) or {}:
            yield option, "option", (*key, "options", option)


def one_meaning(reading: Reading) -> Iterator[DialogError]:
    """Sections, values and keys are different names too."""
    sections = {section.id for section in reading.names.sections}
    for number, value in enumerate(reading.source.procedure.values):
        if value.id in sections:
            yield reading.error(f"value '{value.id}' is called like a section", "values", number, "id")
    for number, section in enumerate(reading.names.sections):
        key = section.repeat.key if isinstance(section.repeat, Each) else None
        if key in sections or key in reading.names.values:
            place = ("sections", number, "repeat", "key")
            yield reading.error(f"key '{key}' is called like a section or value", *place)


def references(reading: Reading) -> Iterator[DialogError]:
    """``of``, ``within``, ``proves``, ``list``, ``also`` and limits point at things that are there, and earlier."""
    for _, question, key in reading.questions():
        for check in (_of, _within, _proves, _list, _also, _limits):
            yield from check(reading, question, key)


def _of(reading: Reading, question: Question, key: Key) -> Iterator[DialogError]:
    of = getattr(question.kind, "of", None)
    if of is None:
        return
    number = reading.names.section_number(of)
    if number is None or reading.names.sections[number].repeat is None:
        hint = did_you_mean(of, [section.id for section in reading.names.sections if section.repeat])
        yield reading.error(f"there is no repeated section '{of}'{hint}", *key, "of")
    elif number >= reading.names.questions[question.id].section:
        yield reading.error(f"section '{of}' is not complete before this question", *key, "of")


def _within(reading: Reading, question: Question, key: Key) -> Iterator[DialogError]:
    within = getattr(question.kind, "within", None)
    if within is None:
        return
    found, here = reading.names.questions.get(within), reading.names.questions[question.id]
    if found is None or found.type.name != "period":
        yield reading.error(f"there is no question '{within}' that is answered with a period", *key, "within")
    elif (found.section, found.position) >= (here.section, here.position):
        yield reading.error(f"'{within}' is not asked before this question", *key, "within")


def _proves(reading: Reading, question: Question, key: Key) -> Iterator[DialogError]:
    for proved in getattr(question.kind, "proves", ()):
        if proved not in reading.names.questions:
            hint = did_you_mean(proved, reading.names.questions)
            yield reading.error(f"there is no question '{proved}' to prove{hint}", *key, "proves")


def _list(reading: Reading, question: Question, key: Key) -> Iterator[DialogError]:
    table = getattr(question.kind, "table", None)
    if table is None:
        return
    lines = reading.names.tables.get(table)
    if lines is None:
        yield reading.error(f"there is no table '{table}'{did_you_mean(table, reading.names.tables)}", *key, "list")
    elif any(not hasattr(line, column) for line in lines for column in ("value", "label")):
        yield reading.error(f"table '{table}' needs the columns value and label", *key, "list")


def _also(reading: Reading, question: Question, key: Key) -> Iterator[DialogError]:
    options = getattr(question.kind, "options", None) or {}
    for option in getattr(question.kind, "also", None) or {}:
        if options and option not in options:
            yield reading.error(f"there is no option '{option}'{did_you_mean(option, options)}", *key, "also", option)


_LIMITS: Final = ("min", "max", "earliest", "latest")
_LIMIT_TYPES: Final = {"period": "date", "days": "date"}


def _limits(reading: Reading, question: Question, key: Key) -> Iterator[DialogError]:
    type = reading.names.questions[question.id].type.name
    for limit in _LIMITS:
        text = getattr(question.kind, limit, None)
        if isinstance(text, str) and text.startswith("parameter."):
            wanted = _LIMIT_TYPES.get(type, type)
            yield from parameter_of_type(reading, text, wanted, (*key, limit))


def parameter_of_type(reading: Reading, text: str, wanted: str, key: Key) -> Iterator[DialogError]:
    """``parameter.x`` outside an expression: it is there and of the type that is needed."""
    name = text.removeprefix("parameter.")
    found = reading.names.parameters.get(name)
    if found is None:
        yield reading.error(f"there is no parameter '{name}'{did_you_mean(name, reading.names.parameters)}", *key)
    elif found.name != wanted:
        yield reading.error(f"parameter '{name}' is {found}, not fit for '{key[-1]}'", *key)


def parameters(reading: Reading) -> Iterator[DialogError]:
    """A parameter's default is readable; a table's columns are different."""
    for number, parameter in enumerate(reading.source.procedure.parameters):
        columns = parameter.columns or []
        if len(set(columns)) != len(columns):
            yield reading.error("a column stands twice", "parameters", number, "columns")
        if parameter.id in RESERVED:
            yield reading.error(f"'{parameter.id}' is a word of the language", "parameters", number, "id")


def keys_are_lists(reading: Reading) -> Iterator[DialogError]:
    """An ``each`` gives rows, dates, months or texts: something that names a row."""
    for number, section in enumerate(reading.names.sections):
        each = reading.expressions.get(("sections", number, "repeat", "each"))
        item = None if each is None else item_of(each.type)
        if item is not None and item.name not in ("row", "date", "month", "text", "number", "any"):
            place = ("sections", number, "repeat", "each")
            yield reading.error(f"section '{section.id}' cannot repeat over {item}", *place)
