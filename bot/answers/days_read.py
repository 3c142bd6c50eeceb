"""From written parts to days: years of two digits, years left out, days that do not exist, and limits."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Annotated, Final

from babel.dates import format_date
from pydantic import BeforeValidator

from bot.answers.base import Context, Month, Problem, Template, problem
from bot.answers.calendar_words import Written, parse, spoken_day
from bot.answers.common import as_bound, is_english, locale, parameter

NOT_A_DATE: Final = Template(
    "answers.date.not_understood", "Bitte schreiben Sie ein Datum mit Tag, Monat und Jahr, zum Beispiel 3.5.2020."
)
IMPOSSIBLE: Final = Template(
    "answers.date.impossible", "Diesen Tag gibt es nicht. Der {month} hat nur {days} Tage. Bitte prüfen Sie das Datum."
)
NO_MONTH: Final = Template(
    "answers.date.no_such_month", "Diesen Monat gibt es nicht. Das Jahr hat 12 Monate. Bitte prüfen Sie das Datum."
)
NO_DAY: Final = Template("answers.date.no_such_day", "Diesen Tag gibt es nicht. Bitte prüfen Sie das Datum.")
DAY_MISSING: Final = Template("answers.date.day_missing", "Bitte nennen Sie auch den Tag, zum Beispiel 3.5.2020.")
YEAR: Final = Template("answers.date.year", "Das Jahr kann nicht stimmen. Bitte schreiben Sie es mit vier Ziffern.")
TOO_EARLY: Final = Template("answers.date.too_early", "Das ist zu früh. Möglich ist es ab {earliest}.")
TOO_LATE: Final = Template("answers.date.too_late", "Das ist zu spät. Möglich ist es bis {latest}.")
FUTURE: Final = Template("answers.date.future", "Dieser Tag liegt in der Zukunft. Möglich ist es bis {latest}.")

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
_AHEAD: Final = 20
"""A two-digit year is read as 20xx up to this many years from today."""


def _day(raw: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", raw):
        raise ValueError("a date such as 2020-03-31, or parameter.x")
    return date.fromisoformat(raw)


DayBound = Annotated[date | str, BeforeValidator(partial(as_bound, _day))]
LastDayBound = Annotated[date | str, BeforeValidator(partial(as_bound, _day, today=True))]


def resolve_day(bound: date | str | None, context: Context) -> date | None:
    """The day itself, today, or the value of the parameter that is named."""
    if bound == "today":
        return context.today
    if isinstance(bound, str):
        day: date = parameter(bound, context)
        return day
    return bound


def show_day(day: date, context: Context) -> str:
    """``3. Mai 2020``, ``3 May 2020``."""
    return _shown(day, "long", locale(context))


def show_month(month: Month, context: Context) -> str:
    """``April 2020``."""
    return _shown(date(month.year, month.month, 1), "LLLL y", locale(context))


@lru_cache(maxsize=4096)
def _shown(day: date, form: str, language: str) -> str:
    """The calendar is small, and each turn shows the days of every row again."""
    return str(format_date(day, form, locale=language))


def last_of(month: Month) -> date:
    return date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])


def in_range(day: date, earliest: date | None, latest: date | None, context: Context) -> Problem | None:
    """Is the day within the limits, and in a century that an application can be about?"""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return problem(YEAR)
    if earliest is not None and day < earliest:
        return problem(TOO_EARLY, earliest=show_day(earliest, context))
    if latest is not None and day > latest:
        template = FUTURE if latest == context.today else TOO_LATE
        return problem(template, latest=show_day(latest, context))
    return None


def full_year(year: int, context: Context, latest: date | None) -> int:
    """Two digits are a year of this century, unless that were beyond the limit or far in the future."""
    if year >= 100:
        return year
    last = latest.year if latest is not None else context.today.year + _AHEAD
    return 2000 + year if 2000 + year <= last else 1900 + year


def plausible_years(earliest: date | None, latest: date | None, context: Context) -> list[int]:
    """For a date without its year: the newest possible year first."""
    last = min(latest, context.today).year if latest is not None else context.today.year
    first = earliest.year if earliest is not None else FIRST_YEAR
    return [year for year in range(last, last - 3, -1) if year >= first] or [first]


def build(written: Written, context: Context) -> date | Problem:
    """The day of complete parts, or why there is none."""
    if written.day is None:
        return problem(DAY_MISSING)
    assert written.month is not None
    assert written.year is not None
    if not FIRST_YEAR <= written.year <= LAST_YEAR:
        return problem(YEAR)
    if not 1 <= written.month <= 12:
        return problem(NO_MONTH)
    month = Month(written.year, written.month)
    if written.day < 1 or written.day > last_of(month).day:
        named = 28 <= last_of(month).day < written.day <= 31
        days = str(last_of(month).day)
        return problem(IMPOSSIBLE, month=show_month(month, context), days=days) if named else problem(NO_DAY)
    return date(written.year, written.month, written.day)


def days_in(text: str, context: Context, earliest: date | None, latest: date | None) -> list[date] | Problem:
    """Every day that ``text`` can mean, likeliest first; more than one where the year is missing or open."""
    spoken = spoken_day(text, context.today)
    if spoken is not None:
        return [spoken]
    return completed(parse(text, is_english(context)), context, earliest, latest)


def completed(
    writings: tuple[Written, ...], context: Context, earliest: date | None, latest: date | None
) -> list[date] | Problem:
    """The days that ``writings`` mean within the limits; else those beyond; else the first one's problem."""
    built = [build(whole, context) for written in writings for whole in _whole(written, context, earliest, latest)]
    days = [day for day in built if isinstance(day, date)]
    within = [day for day in days if in_range(day, earliest, latest, context) is None]
    if days:
        return within or days
    return next((no for no in built if isinstance(no, Problem)), problem(NOT_A_DATE))


def _whole(written: Written, context: Context, earliest: date | None, latest: date | None) -> list[Written]:
    if written.month is None:
        return [Written(None, 1, 2000)] if written.day is None else []
    if written.year is None:
        return [written._replace(year=year) for year in plausible_years(earliest, latest, context)]
    return [written._replace(year=full_year(written.year, context, latest))]


def days_of(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
