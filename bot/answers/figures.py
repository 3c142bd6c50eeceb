"""Numbers as people write them: figures with any separators, words, thousands. All meanings, the likeliest first.

German: ``1.234,56``, English: ``1,234.56``; both are understood by everybody. Where a separator can be either,
both meanings are returned and somebody else asks back.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from bot.answers.number_words import in_words

DIGITS: Final = 15
"""More digits than any answer has."""

SMALL: Final = 6
"""More digits than any list of choices or rows has."""

_SCALES: Final = {
    **dict.fromkeys(["k", "tsd", "tausend", "thousand", "t"], Decimal(1000)),
    **dict.fromkeys(["mio", "mill", "million", "millionen", "millions", "m"], Decimal(1_000_000)),
    **dict.fromkeys(["mrd", "milliarde", "milliarden", "billion", "bn"], Decimal(1_000_000_000)),
}
_FIGURE: Final = re.compile(r"([+\-−–]?) ?([0-9][0-9.,'’\s]{0,40}|[.,][0-9]{1,6}) ?([a-z]{0,10})\.?")
_GROUPED: Final = re.compile(r"[0-9]{1,3}([.,'’ ])[0-9]{3}(?:\1[0-9]{3})*")
_ABOUT: Final = re.compile(
    r"(?:so )?(?:ca\.?|circa|etwa|ungefähr|ungefaehr|rund|um die|schätzungsweise|about|around|approx\.?|roughly|~)"
    r" ?(.*)"
)
_NOTHING: Final = re.compile(r"(?:gar ?)?(?:nichts|nix)|nothing")
_BLANKS: Final = re.compile(r"[\s\u202f]+")


class Figures(NamedTuple):
    """``values``: all meanings, the likeliest first. ``rough``: the applicant said "about"."""

    values: tuple[Decimal, ...]
    rough: bool = False


def read_figures(text: str, english: bool, decimals: int) -> Figures:
    """The number in ``text``, which holds nothing else. ``decimals``: how many the answer can have. Empty if none."""
    text = _BLANKS.sub(" ", text.casefold()).strip()
    if _NOTHING.fullmatch(text):
        return Figures((Decimal(0),), rough=True)
    about = _ABOUT.fullmatch(text)
    values = _exact(about[1] if about else text, english, decimals)
    return Figures(values, rough=about is not None)


def small_number(text: str) -> int | None:
    """A place in a list, typed in figures. None for everything else: words, signs, ``²``, figures without end."""
    figures = text.strip()
    return int(figures) if len(figures) <= SMALL and figures.isdecimal() else None


def plain(value: Decimal) -> str:
    """The number without exponent and superfluous zeros: ``7.5``, ``20``."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _exact(text: str, english: bool, decimals: int) -> tuple[Decimal, ...]:
    figure = _FIGURE.fullmatch(text.removeprefix("minus ")) if len(text) <= 60 else None
    if figure is None:
        spoken = in_words(text)
        return () if spoken is None else (spoken,)
    sign, digits, scale = figure.groups()
    factor = _SCALES.get(scale) if scale else Decimal(1)
    if factor is None:
        return ()
    if sign in ("-", "−", "–") or text.startswith("minus "):
        factor = -factor
    # "1,234 Mio" has its own decimals: there a separator is no sign of thousands
    room = decimals if abs(factor) == 1 else 9
    return tuple(value * factor for value in _separated(digits.strip(), english, room))


def _separated(digits: str, english: bool, decimals: int) -> tuple[Decimal, ...]:
    """The meanings of figures with separators."""
    if sum(character.isdigit() for character in digits) > DIGITS:
        return ()
    marks = re.sub(r"[0-9]", "", digits)
    if not marks:
        return (Decimal(digits),)
    last = marks[-1]
    if last in ".," and last not in marks[:-1]:
        return _with_decimals(digits, last, english, decimals)
    return (_grouped(digits),) if _GROUPED.fullmatch(digits) else ()


def _with_decimals(digits: str, mark: str, english: bool, decimals: int) -> tuple[Decimal, ...]:
    """``mark`` stands once, as the last separator: a decimal mark, or the only sign of thousands."""
    whole, _, fraction = digits.rpartition(mark)
    if not fraction or not (whole == "" or whole.isdigit() or _GROUPED.fullmatch(whole)):
        return ()
    decimal = Decimal(f"{_grouped(whole) if whole else 0}.{fraction}")
    if not _can_be_thousands(whole, fraction):
        return (decimal,)
    return _either(decimal, Decimal(whole + fraction), mark, english, decimals)


def _can_be_thousands(whole: str, fraction: str) -> bool:
    return whole.isdigit() and len(whole) <= 3 and whole[0] != "0" and len(fraction) in (2, 3)


def _either(decimal: Decimal, thousands: Decimal, mark: str, english: bool, decimals: int) -> tuple[Decimal, ...]:
    """``1.234`` and ``12.50``: decide only where the applicant's own language leaves no doubt."""
    own_decimal = (mark == ".") == english
    three = -int(decimal.as_tuple().exponent) == 3
    if own_decimal:
        return (decimal,) if not three or decimals >= 3 else (thousands, decimal)
    if three:
        return (thousands,) if english or decimals == 0 else (thousands, decimal)
    return (decimal, thousands)


def _grouped(digits: str) -> Decimal:
    return Decimal(re.sub(r"[.,'’ ]", "", digits))
