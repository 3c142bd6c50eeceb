"""Lints of the sentences: placeholders are known where they stand, lengths fit every channel, one form of address."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from bot import limits
from bot.procedures.calls import Mismatch
from bot.procedures.check.common import Reading
from bot.procedures.conditions import compile_each, compile_value
from bot.procedures.errors import DialogError
from bot.procedures.lookup import Lookup
from bot.procedures.names import Place
from bot.procedures.source import Key
from bot.procedures.texts import PlacedText, placed_texts

_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
_FAMILIAR: Final = re.compile(r"\b(du|dich|dir|dein(e[mnrs]?)?|euch|eu(er|re[mnrs]?))\b", re.IGNORECASE)
_GAPS: Final = re.compile(r"  | \n|\n{3}")


def placeholders(reading: Reading) -> Iterator[DialogError]:
    """``{name}`` is an earlier answer, value, parameter, or a value of the finding the sentence is about."""
    for placed in placed_texts(reading.source):
        rest = _BRACES.sub("", placed.text)
        if "{" in rest or "}" in rest:
            yield reading.error(f"'{placed.key[-1]}': a brace that belongs to no {{name}}", *placed.key)
        for name in dict.fromkeys(_BRACES.findall(placed.text)):
            if message := _unknown(reading, placed, name):
                yield reading.error(f"'{placed.key[-1]}': {{{name}}}: {message}", *placed.key)


def _unknown(reading: Reading, placed: PlacedText, name: str) -> str:
    if not _NAME.fullmatch(name):
        return "no name stands in the braces"
    if name in _own_names(reading, placed.key):
        return ""
    lookup = Lookup(reading.names, _place(reading, placed.key), compile_value, compile_each)
    owner, _, attribute = name.partition(".")
    try:
        type = (lookup.attribute(owner, attribute) if attribute else lookup.name(name)).type
    except Mismatch as error:
        return str(error)
    if type.name in ("column", "rows", "table", "finding") or name in ("yes", "no", "today"):
        return "cannot be shown in a sentence"
    return ""


def _own_names(reading: Reading, key: Key) -> frozenset[str]:
    """Names that only this sentence knows: an estimate's own result, a finding's parameters."""
    procedure = reading.source.procedure
    if key[0] == "estimates":
        return frozenset({procedure.estimates[int(key[1])].id})
    if key[0] == "criteria" and key[-1] in ("not_met", "partly", "unclear"):
        met = reading.expressions.get(("criteria", key[1], "met"))
        return _named_in_rules(reading.source.rules_text) if met is None or met.type.name == "finding" else frozenset()
    return frozenset()


@lru_cache(maxsize=32)
def _named_in_rules(text: str) -> frozenset[str]:
    """Every text that a rules.py writes out: the keys of its findings' parameters are among them."""
    nodes = ast.walk(ast.parse(text))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _place(reading: Reading, key: Key) -> Place:
    """Where a sentence is said, so what it may show."""
    if key[0] in ("title", "life_cycle", "parameters"):
        return Place.before(reading.names.sections[0].id)
    if key[0] != "sections":
        return Place.end()
    section = reading.names.sections[int(key[1])]
    if key[2] == "questions":
        position = int(key[3])
        return Place.after(section.id, position) if "checks" in key else Place.at(section.id, position)
    if key[2] == "row":
        return Place.at(section.id, len(section.questions))
    return Place.after(section.id) if key[2] == "checks" else Place.before(section.id)


def lengths(reading: Reading) -> Iterator[DialogError]:
    """No text is longer than the narrowest channel's message, no option longer than a button."""
    for placed in placed_texts(reading.source):
        length = len(placed.text.encode("utf-16-le")) // 2
        if length > limits.CHANNEL_TEXT:
            message = f"{length} characters; a message has room for {limits.CHANNEL_TEXT}"
            yield reading.error(f"'{placed.key[-1]}': {message}", *placed.key)
        if "options" in placed.key and len(placed.text) > limits.CHANNEL_CHOICE:
            message = f"{len(placed.text)} characters; a button has room for {limits.CHANNEL_CHOICE}"
            yield reading.error(f"option '{placed.key[-1]}': {message}", *placed.key)


def manners(reading: Reading) -> Iterator[DialogError]:
    """Formal address throughout, and no stray blanks inside a text."""
    for placed in placed_texts(reading.source):
        if found := _FAMILIAR.search(placed.text):
            yield reading.error(f"'{placed.key[-1]}': '{found[0]}' is not formal; say Sie", *placed.key)
        if _GAPS.search(placed.text):
            yield reading.error(f"'{placed.key[-1]}': several blanks or empty lines in a row", *placed.key)


def explanations(reading: Reading) -> Iterator[DialogError]:
    """What is there to explain must say something new."""
    for _, question, key in reading.questions():
        for explains in ("why", "help"):
            text = getattr(question, explains)
            if text is not None and _same(text, question.ask):
                yield reading.error(f"'{explains}' only repeats the question", *key, explains)
        if question.help is not None and _same(question.help, question.why):
            yield reading.error("'help' only repeats 'why'", *key, "help")
    yield from _unexplained_rows(reading)


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def _unexplained_rows(reading: Reading) -> Iterator[DialogError]:
    for number, section in enumerate(reading.names.sections):
        if section.repeat is not None and section.row is None:
            message = f"section '{section.id}' is repeated; 'row' must say what a row is called"
            yield reading.error(message, "sections", number)
        if section.repeat is None and section.row is not None:
            yield reading.error(f"section '{section.id}' is not repeated and has no 'row'", "sections", number, "row")
