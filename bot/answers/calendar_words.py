"""The words of the calendar, German and English, and a text cut into the parts of days."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from bot.answers.base import Month
from bot.answers.common import words

_MONTHS: Final = (
    ("januar", "january", "jan", "jänner", "jaenner"),
    ("februar", "february", "feb", "febr", "feber"),
    ("märz", "march", "mär", "mrz", "mar", "maerz", "marz"),
    ("april", "apr"),
    ("mai", "may"),
    ("juni", "june", "jun", "juno"),
    ("juli", "july", "jul", "julei"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("dezember", "december", "dez", "dec"),
)
MONTHS: Final = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_TODAY: Final = {
    **dict.fromkeys(["heute", "today", "jetzt", "now"], 0),
    **dict.fromkeys(["gestern", "yesterday"], -1),
    **dict.fromkeys(["vorgestern", "day before yesterday", "the day before yesterday"], -2),
    **dict.fromkeys(["morgen", "tomorrow"], 1),
    **dict.fromkeys(["übermorgen", "uebermorgen", "day after tomorrow", "the day after tomorrow"], 2),
}
_UNITS: Final = {
    **dict.fromkeys(["tag", "tagen", "tage", "day", "days"], 1),
    **dict.fromkeys(["woche", "wochen", "week", "weeks"], 7),
}
_AGO: Final = re.compile(r"(?:vor )?([0-9]{1,3}|einem|einer|zwei|drei|a|one|two|three) ([a-z]{3,6})(?: ago)?")
_FEW: Final = {"einem": 1, "einer": 1, "a": 1, "one": 1, "zwei": 2, "two": 2, "drei": 3, "three": 3}
_FILLERS: Final = words("""
    am den dem der des im in on the of st nd rd th uhr jahr year monat month es war it was
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
""")
_PART: Final = re.compile(r"[0-9]+|[^\W\d_]+|[./\-–—]|[^\s,'’:;()]")


class Written(NamedTuple):
    """A day, month or year as it was written; what was left out is None. Two-digit years stand as written."""

    day: int | None
    month: int | None
    year: int | None


def spoken_day(text: str, today: date) -> date | None:
    """``gestern``, ``vor 3 Tagen``, ``two weeks ago``."""
    said = " ".join(text.casefold().split()).rstrip(".!")
    if said in _TODAY:
        return today + timedelta(days=_TODAY[said])
    ago = _AGO.fullmatch(said)
    if ago is None or ago[2] not in _UNITS or said.startswith("vor ") == said.endswith(" ago"):
        return None
    count = _FEW.get(ago[1]) or (int(ago[1]) if ago[1].isdigit() else 0)
    return today - timedelta(days=count * _UNITS[ago[2]])


def spoken_month(text: str, today: date) -> Month | None:
    """``letzter Monat``, ``this month``."""
    said = " ".join(text.casefold().split()).rstrip(".!")
    ago = re.fullmatch(
        r"(?:im )?(diese[rnms]?|this|letzte[rnms]?|last|vorige[rnms]?|vergangene[rnms]?) (?:monat|month)", said
    )
    if ago is None:
        return None
    months = today.year * 12 + today.month - 1 - (not ago[1].startswith(("dies", "this")))
    return Month(months // 12, months % 12 + 1)


def spoken_year(text: str, today: date) -> int | None:
    """``letztes Jahr``, ``this year``."""
    said = " ".join(text.casefold().split()).rstrip(".!")
    back = {"dieses": 0, "diesem": 0, "this": 0, "letztes": 1, "letztem": 1, "letzten": 1, "last": 1, "voriges": 1}
    back |= {"vorletztes": 2, "vorletztem": 2, "vorletzten": 2}
    ago = re.fullmatch(r"(?:im |in )?([a-z]{4,10}) (?:jahr|year)", said)
    return today.year - back[ago[1]] if ago is not None and ago[1] in back else None


def month_named(word: str) -> int | None:
    """The month's number; one typing error in a long name is forgiven."""
    if word in MONTHS:
        return MONTHS[word]
    if len(word) < 5:
        return None
    near = {MONTHS[name] for name in MONTHS if len(name) >= 5 and OSA.distance(word, name, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else None


def parse(text: str, english: bool) -> tuple[Written, ...]:
    """What ``text`` can mean as a day, month or year, likeliest first. Empty where it is none of them."""
    if len(text) > 60:
        return ()
    pieces = [piece for piece in _PART.findall(text.casefold()) if piece not in _FILLERS]
    marks = {piece for piece in pieces if piece in "./-–—"}
    parts = [piece for piece in pieces if piece not in marks]
    if not 1 <= len(parts) <= 3:
        return ()
    if all(part.isdecimal() for part in parts):
        return _in_figures(parts, marks, english)
    return _with_name(parts, english)


def _with_name(parts: list[str], english: bool) -> tuple[Written, ...]:
    """Exactly one part is the name of a month."""
    names = [index for index, part in enumerate(parts) if not part.isdecimal()]
    month = month_named(parts[names[0]])
    if len(names) != 1 or month is None:
        return ()
    figures = [part for part in parts if part.isdecimal()]
    if not all(_sound(figure) for figure in figures):
        return ()
    if len(figures) == 2:
        day, year = reversed(figures) if len(figures[0]) == 4 else figures
        return (Written(int(day), month, int(year)),) if len(day) <= 2 else ()
    if not figures:
        return (Written(None, month, None),)
    if len(figures[0]) == 4:
        return (Written(None, month, int(figures[0])),)
    day_first = Written(int(figures[0]), month, None)
    year_only = Written(None, month, int(figures[0]))
    if names[0] == 1 or len(figures[0]) == 1:
        return (day_first,)
    return (day_first, year_only) if english and int(figures[0]) <= 31 else (year_only,)


def _in_figures(parts: list[str], marks: set[str], english: bool) -> tuple[Written, ...]:
    if len(parts) == 1:
        return _one_figure(parts[0])
    if not all(_sound(part) for part in parts):
        return ()
    numbers = [int(part) for part in parts]
    if len(parts) == 2:
        return _two_figures(parts)
    if len(parts[0]) == 4:
        return (Written(numbers[2], numbers[1], numbers[0]),) if len(parts[2]) <= 2 else ()
    if len(parts[0]) > 2 or len(parts[1]) > 2:
        return ()
    day_first, month_first = Written(*numbers), Written(numbers[1], numbers[0], numbers[2])
    if marks == {"/"} and numbers[0] <= 12 < numbers[1] <= 31:
        return (month_first,)
    if marks == {"/"} and english and numbers[0] != numbers[1] and max(numbers[:2]) <= 12:
        return (day_first, month_first)
    return (day_first,)


def _two_figures(parts: list[str]) -> tuple[Written, ...]:
    first, second = int(parts[0]), int(parts[1])
    if len(parts[1]) == 4:
        return (Written(None, first, second),) if len(parts[0]) <= 2 else ()
    if len(parts[0]) == 4:
        return (Written(None, second, first),)
    if second > 12 and first <= 12:
        return (Written(None, first, second),)
    return (Written(first, second, None),)


def _one_figure(digits: str) -> tuple[Written, ...]:
    """``2020``, a day, or figures without separators: ``03052020``, ``20200503``, ``030520``."""
    if len(digits) == 4:
        return (Written(None, None, int(digits)),)
    if len(digits) <= 2:
        return (Written(int(digits), None, None),)
    if len(digits) == 6:
        return (Written(int(digits[:2]), int(digits[2:4]), int(digits[4:])),)
    if len(digits) != 8:
        return ()
    year_first = Written(int(digits[6:]), int(digits[4:6]), int(digits[:4]))
    day_first = Written(int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    if 1900 <= int(digits[:4]) <= 2100 and not 1900 <= int(digits[4:]) <= 2100:
        return (year_first,)
    return (day_first,)


def _sound(digits: str) -> bool:
    return len(digits) in (1, 2, 4)
