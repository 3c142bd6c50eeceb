"""What all kinds do alike: clean the words, understand them, check what was understood; fill sentences; bounds.

A kind says only how it understands words (``understand``) and JSON (``typed``). No reading leaves here that
``check`` would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from typing import Annotated, Any, ClassVar, Final

from babel.lists import format_list
from pydantic import StringConstraints

from bot.answers.base import (
    Context,
    Json,
    Kind,
    Misshapen,
    Problem,
    Reading,
    Template,
    Unclear,
    Value,
    problem,
)
from bot.answers.cleaning import EMPTY, TOO_LONG, clean

CANDIDATES: Final = 5
"""More "did you mean" than this nobody reads."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]

SHAPE: Final = Template("answers.value.shape", "Dieser Wert hat nicht die Form, die hier gebraucht wird.")
NOT_UNDERSTOOD: Final = Template("answers.value.not_understood", "Das habe ich leider nicht verstanden.")

_PARAMETER: Final = re.compile(r"parameter\.[a-z][a-z0-9_]*")
_HOLE: Final = re.compile(r"\{([a-z_]+)\}")


class Spoken(Kind):
    """Base of every kind here. ``longest``: more characters than any answer of this kind has."""

    longest: ClassVar[int] = 400

    def read(self, text: str, context: Context) -> Reading:
        words = clean(text)
        if isinstance(words, Problem):
            return words
        if not words:
            return problem(EMPTY)
        if len(words) > self.longest:
            return problem(TOO_LONG, length=str(len(words)), max=str(self.longest))
        return self.checked(self.understand(words, context), context)

    def accept(self, raw: Json, context: Context) -> Reading:
        return self.checked(self.typed(raw, context), context)

    def understand(self, text: str, context: Context) -> Reading:
        """Clean words that are neither empty nor longer than ``longest``. Limits are checked afterwards."""
        raise NotImplementedError  # abstract

    def typed(self, raw: Json, context: Context) -> Reading:
        """A JSON value. Limits are checked afterwards."""
        raise NotImplementedError  # abstract

    def checked(self, reading: Reading, context: Context) -> Reading:
        """``reading``, unless its meanings are all beyond the limits: then the first one's problem."""
        if isinstance(reading, Problem):
            return reading
        if isinstance(reading, Value):
            return self.check(reading.value, context) or reading
        refused = [self.check(candidate, context) for candidate in reading.candidates]
        good = [candidate for candidate, no in zip(reading.candidates, refused, strict=True) if no is None]
        first = next((no for no in refused if no is not None), None)
        return Unclear(tuple(distinct(good))[:CANDIDATES]) if good else first or problem(NOT_UNDERSTOOD)


def words(text: str) -> frozenset[str]:
    """The words of ``text``, which blanks part."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """The phrases of ``text``, which bars part."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split("|"))


def misshapen() -> Misshapen:
    """The mistake of a program, not of a person."""
    return Misshapen(problem(SHAPE).key, SHAPE.text)


def distinct(items: Iterable[Hashable]) -> list[Any]:
    """Each item once, in order."""
    return list(dict.fromkeys(items))


def meanings(candidates: Iterable[Hashable], otherwise: Template = NOT_UNDERSTOOD) -> Reading:
    """One meaning is a value, several are unclear, none is a problem."""
    found = distinct(candidates)
    if not found:
        return problem(otherwise)
    return Value(found[0]) if len(found) == 1 else Unclear(tuple(found))


def told(context: Context, template: Template, **params: str) -> str:
    """``template`` in the applicant's language, filled in one pass: braces in a parameter stay plain text."""
    sentence = context.words.translate(template.place, template.text)
    return _HOLE.sub(lambda hole: params.get(hole[1], hole[0]), sentence)


def locale(context: Context) -> str:
    """Babel's locale. English is that of the United Kingdom: day before month."""
    return "en_GB" if context.words.language == "en" else context.words.language


def is_english(context: Context) -> bool:
    return context.words.language.startswith("en")


def listed(items: Iterable[str], context: Context) -> str:
    """``Miete, Strom und Wasser``."""
    return format_list(list(items), locale=locale(context))


def as_bound(read: Callable[[str], Any], raw: object, *, today: bool = False) -> Any:
    """A limit in a dialog file: what ``read`` makes of it, ``parameter.x``, or, where allowed, ``today``."""
    if not isinstance(raw, str) or (today and raw == "today") or _PARAMETER.fullmatch(raw):
        return raw
    return read(raw)


def parameter(name: str, context: Context) -> Any:
    """The typed value of ``parameter.x``. The loader has checked that it exists."""
    return context.parameters[name.removeprefix("parameter.")]
