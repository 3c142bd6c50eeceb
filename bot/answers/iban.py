"""An account by its IBAN (ISO 13616). What is wrong with it is said as exactly as the number allows."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, ClassVar, Final, Literal

from stdnum import iban, numdb
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from bot.answers.base import Context, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.identifiers import Identifier, grouped, lead

NOT_AN_IBAN: Final = Template(
    "answers.iban.not_understood", "Eine IBAN beginnt mit zwei Buchstaben, zum Beispiel DE89 3704 0044 0532 0130 00."
)
COUNTRY: Final = Template(
    "answers.iban.country", "Das Land am Anfang der IBAN gibt es nicht. Deutsche IBAN beginnen mit DE."
)
TOO_SHORT: Final = Template(
    "answers.iban.too_short",
    "Der IBAN fehlen {missing} Zeichen. Für dieses Land sind es {length}, ohne Leerzeichen gezählt.",
)
TOO_LONG: Final = Template(
    "answers.iban.too_long",
    "Die IBAN hat {extra} Zeichen zu viel. Für dieses Land sind es {length}, ohne Leerzeichen gezählt.",
)
CHECK: Final = Template(
    "answers.iban.check",
    "In der IBAN stimmt etwas nicht. Oft sind zwei Ziffern vertauscht. Bitte vergleichen Sie sie mit Ihrer Karte.",
)
CHARACTERS: Final = Template(
    "answers.iban.characters", "In der IBAN steht ein Zeichen an einer falschen Stelle. Bitte prüfen Sie sie."
)

_ALIKE: Final = str.maketrans("OILSB", "01158")


@cache
def length_of(country: str) -> int | None:
    """How many characters an IBAN of this country has; None where there are no such IBANs."""
    info = numdb.get("iban").info(country)
    structure = info[0][1].get("bban", "") if info and info[0] else ""
    return 4 + sum(int(size) for size in re.findall(r"([0-9]+)!", structure)) if structure else None


class Iban(Identifier):
    """JSON: without blanks. Shown in groups of four."""

    answer: Literal["iban"] = "iban"
    pattern: ClassVar[str] = "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
    lead: ClassVar[re.Pattern[str]] = lead("iban(?:-nummer)?")

    def understand(self, text: str, context: Context) -> Reading:
        number = self.compact(text)
        if self.check(number, context) is None:
            return Value(number)
        guess = _guess(number)
        return Unclear((guess,)) if guess else Value(number)

    def check(self, value: Any, context: Context) -> Problem | None:
        slip = _outside(value)
        if slip is not None:
            return slip
        if not mod_97_10.is_valid(value[4:] + value[:4]):
            return problem(CHECK)
        try:
            iban.validate(value)
        except ValidationError:
            return problem(CHECK)
        return None

    def show(self, value: Any, context: Context) -> str:
        return grouped(value, *[4] * (len(value) // 4))


def _outside(value: str) -> Problem | None:
    """What can be said before any computing."""
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{0,50}", value):
        return problem(NOT_AN_IBAN)
    length = length_of(value[:2])
    if length is None:
        return problem(COUNTRY)
    if len(value) < length:
        return problem(TOO_SHORT, missing=str(length - len(value)), length=str(length))
    if len(value) > length:
        return problem(TOO_LONG, extra=str(len(value) - length), length=str(length))
    wrong = not value[2:4].isdigit() or (value.startswith("DE") and not value[4:].isdigit())
    return problem(CHARACTERS) if wrong else None


def _guess(number: str) -> str | None:
    """Letters for digits (O for 0), or a German IBAN without its DE: only where the check digits then fit."""
    for guess in (number[:2] + number[2:].translate(_ALIKE), f"DE{number}"):
        if len(guess) == 22 and guess.startswith("DE") and guess[2:].isdigit() and iban.is_valid(guess):
            return guess
    return None
