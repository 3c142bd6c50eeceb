"""Days from a first to a last one, both included: ``vom 20.4. bis 15.5.2020``, ``20.4.–15.5.2020``, ``KW 17 2020``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar, Final, Literal, NamedTuple

from bot.answers.base import Context, Json, Month, Period, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.calendar_words import Written, parse, spoken_day
from bot.answers.common import distinct, is_english, misshapen, told
from bot.answers.dates import Bounded, iso_day
from bot.answers.days_read import FIRST_YEAR, LAST_YEAR, completed, full_year, in_range, last_of, show_day

NOT_A_PERIOD: Final = Template(
    "answers.period.not_understood",
    "Bitte schreiben Sie den ersten und den letzten Tag, zum Beispiel 20.4.2020 bis 15.5.2020.",
)
BACKWARDS: Final = Template(
    "answers.period.backwards", "Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie die beiden Tage."
)
SHOWN: Final = Template("answers.period.shown", "{first} bis {last}")

_LEAD: Final = re.compile(r"(?:vom|von|from|between|zwischen(?: dem)?|seit(?: dem)?|since) ")
_WORD: Final = re.compile(
    r" ?\b(?:bis einschließlich|bis einschliesslich|bis einschl\.?|bis zum|bis|to|until|till|through|thru)\b ?"
)
_DASH: Final = re.compile(r" ?[–—‒―−] ?| - ")
_HYPHEN: Final = re.compile(r"-")
_WEEK: Final = re.compile(r"(?:kw|kalenderwoche|week|woche|cw)[ .]*([0-9]{1,2})[ /,.]*(?:in |im jahr )?([0-9]{4})")


class Side(NamedTuple):
    """One end of a period: a day of the calendar, or its written parts."""

    day: date | None
    written: tuple[Written, ...]


class Frame(NamedTuple):
    """Where parts that were left out are looked for: in these days, or with the day that follows in a list."""

    earliest: date | None = None
    latest: date | None = None
    next: date | None = None


def spoken_period(text: str, context: Context, frame: Frame) -> Reading:
    """The period that ``text`` means. Whole months and weeks are asked back, because days were not named."""
    said = " ".join(text.casefold().split())
    whole = _whole_week(said)
    if whole is not None:
        return Unclear((whole,))
    slip: Problem | None = None
    for left, right in _cuts(_LEAD.sub("", said, count=1)):
        reading = _between(left, right, context, frame)
        if not isinstance(reading, Problem):
            return reading
        slip = slip or reading
    single = _single(_side(said, context, frame), context, frame)
    return slip if slip is not None and single == problem(NOT_A_PERIOD) else single


def show_period(period: Period, context: Context) -> str:
    """``20. April 2020 bis 15. Mai 2020``; a single day stands alone."""
    first, last = show_day(period.first, context), show_day(period.last, context)
    return first if first == last else told(context, SHOWN, first=first, last=last)


def _cuts(said: str) -> Iterator[tuple[str, str]]:
    """Where the text may fall into two, the surest place first."""
    for separator in (_WORD, _DASH, _HYPHEN):
        marks = list(separator.finditer(said))
        # of several hyphens (in ISO dates) the middle one parts the days
        for mark in sorted(marks, key=lambda mark: abs(mark.start() + mark.end() - len(said)))[:3]:
            left, right = said[: mark.start()].strip(), said[mark.end() :].strip()
            if left and right:
                yield left, right


def _between(left: str, right: str, context: Context, frame: Frame) -> Reading:
    start, end = _side(left, context, Frame()), _side(right, context, frame)
    if not (end.day or end.written) or not (start.day or start.written):
        return problem(NOT_A_PERIOD)
    months = _months(start, end, context)
    if months is not None:
        return months
    lasts = _days(end, context, frame)
    if isinstance(lasts, Problem):
        return lasts
    found: list[Period] = []
    slip: Problem | None = None
    for last in lasts:
        firsts = _firsts(start, last, context, frame)
        if isinstance(firsts, Problem):
            slip = slip or firsts
        else:
            found += [Period(first, last) for first in firsts if first <= last]
    return _settled(found, start) if found else slip or problem(BACKWARDS)


def _settled(found: list[Period], start: Side) -> Reading:
    """A start without a year that had to move to the year before is a guess."""
    periods = distinct(found)
    moved = any(period.first.year != period.last.year for period in periods)
    guessed = moved and any(written.year is None for written in start.written)
    return Unclear(tuple(periods)) if guessed or len(periods) > 1 else Value(periods[0])


def _side(text: str, context: Context, frame: Frame) -> Side:
    spoken = spoken_day(text, context.today)
    if spoken is not None:
        return Side(spoken, ())
    writings = parse(text, is_english(context))
    return Side(None, tuple(_filled(written, frame.next) for written in writings) if frame.next else writings)


def _days(side: Side, context: Context, frame: Frame) -> list[date] | Problem:
    if side.day:
        return [side.day]
    return completed(side.written, context, frame.earliest, frame.latest)


def _firsts(start: Side, last: date, context: Context, frame: Frame) -> list[date] | Problem:
    """The first day; what it leaves out (``20.–25.4.2020``) comes from the last one."""
    filled = tuple(_filled(written, last) for written in start.written)
    return _days(Side(start.day, filled), context, frame)


def _filled(written: Written, later: date) -> Written:
    """With what was left out and stands with a ``later`` day. December before a January is the year before's."""
    if written.day is None or (written.month is not None and written.year is not None):
        return written
    if written.month is None:
        return Written(written.day, later.month, later.year)
    return written._replace(year=later.year - 1 if written.month > later.month else later.year)


def _months(start: Side, end: Side, context: Context) -> Reading | None:
    """``März bis Mai 2020``."""
    last = next((_whole_month(written, context) for written in end.written), None)
    if last is None or not start.written or start.written[0].day is not None:
        return None
    year = start.written[0].year
    first = _whole_month(start.written[0]._replace(year=last.first.year if year is None else year), context)
    if first is None:
        return None
    return Unclear((Period(first.first, last.last),)) if first.first <= last.last else problem(BACKWARDS)


def _single(side: Side, context: Context, frame: Frame) -> Reading:
    """One day, or a whole month."""
    whole = next((_whole_month(written, context) for written in side.written), None)
    if whole is not None:
        return Unclear((whole,))
    days = _days(side, context, frame) if side.day or side.written else problem(NOT_A_PERIOD)
    if isinstance(days, Problem):
        return days
    periods = tuple(Period(day, day) for day in days)
    return Value(periods[0]) if len(periods) == 1 else Unclear(periods)


def _whole_month(written: Written, context: Context) -> Period | None:
    """The days of a month that was written without a day; None for anything else."""
    if written.day is not None or written.month is None or written.year is None:
        return None
    year = full_year(written.year, context, None)
    if not (1 <= written.month <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
        return None
    month = Month(year, written.month)
    return Period(date(month.year, month.month, 1), last_of(month))


def _whole_week(said: str) -> Period | None:
    """``KW 17 2020``, Monday to Sunday (ISO 8601)."""
    week = _WEEK.fullmatch(said)
    if week is None or not FIRST_YEAR <= int(week[2]) <= LAST_YEAR:
        return None
    try:
        monday = date.fromisocalendar(int(week[2]), int(week[1]), 1)
    except ValueError:
        return None
    return Period(monday, monday + timedelta(days=6))


class DayPeriod(Bounded):
    """JSON: ``["2020-04-20", "2020-05-15"]``."""

    answer: Literal["period"] = "period"
    type: ClassVar[str] = "period"

    def understand(self, text: str, context: Context) -> Reading:
        return spoken_period(text, context, Frame(*self.bounds(context)))

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, list) or len(raw) != 2:
            return misshapen()
        first, last = iso_day(raw[0]), iso_day(raw[1])
        if isinstance(first, Problem) or isinstance(last, Problem):
            return first if isinstance(first, Problem) else last  # type: ignore[return-value]  # one of them is
        return Value(Period(first, last))

    def check(self, value: Any, context: Context) -> Problem | None:
        if value.last < value.first:
            return problem(BACKWARDS)
        bounds = self.bounds(context)
        return in_range(value.first, *bounds, context) or in_range(value.last, *bounds, context)

    def load(self, raw: Json) -> Any:
        return Period(date.fromisoformat(raw[0]), date.fromisoformat(raw[1]))

    def dump(self, value: Any) -> Json:
        return [value.first.isoformat(), value.last.isoformat()]

    def show(self, value: Any, context: Context) -> str:
        return show_period(value, context)

    def json_schema(self) -> dict[str, Json]:
        day = {"type": "string", "format": "date"}
        return {"type": "array", "items": day, "minItems": 2, "maxItems": 2}
