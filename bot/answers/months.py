"""A calendar month, and a calendar year."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator

from bot.answers.base import Context, Json, Month, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.calendar_words import Written, parse, spoken_month, spoken_year
from bot.answers.common import Spoken, as_bound, is_english, misshapen, parameter
from bot.answers.days_read import (
    FIRST_YEAR,
    LAST_YEAR,
    NO_MONTH,
    TOO_EARLY,
    TOO_LATE,
    YEAR,
    full_year,
    last_of,
    plausible_years,
    show_month,
)
from bot.answers.number_words import in_words

NOT_A_MONTH: Final = Template(
    "answers.month.not_understood", "Bitte schreiben Sie Monat und Jahr, zum Beispiel April 2020."
)
MONTH_MISSING: Final = Template(
    "answers.month.month_missing", "Welcher Monat war das? Bitte schreiben Sie auch den Monat, zum Beispiel März 2017."
)
NOT_A_YEAR: Final = Template("answers.year.not_understood", "Bitte schreiben Sie ein Jahr, zum Beispiel 2019.")

_LEAD: Final = re.compile(r"(?:(?:etwa|ungefähr|circa|ca\.?|about) )?(?:(?:seit|ab|since|from) )(?:dem |the )?")
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"(?:(?:im|in) )?(?:(?:jahre?|year) )?['’]?([0-9]{4}|[0-9]{2})")


def _month(raw: str) -> Month:
    """A month, or the month of a day."""
    if _MONTH.fullmatch(raw):
        return Month(int(raw[:4]), int(raw[5:]))
    day = date.fromisoformat(raw)
    return Month(day.year, day.month)


def _year(raw: str) -> int:
    return int(raw) if re.fullmatch(r"[0-9]{4}", raw) else date.fromisoformat(raw).year


MonthBound = Annotated[Month | str, BeforeValidator(partial(as_bound, _month))]
LastMonthBound = Annotated[Month | str, BeforeValidator(partial(as_bound, _month, today=True))]
YearBound = Annotated[int | str, BeforeValidator(partial(as_bound, _year))]
LastYearBound = Annotated[int | str, BeforeValidator(partial(as_bound, _year, today=True))]


def resolve_month(bound: Month | str | None, context: Context) -> Month | None:
    if not isinstance(bound, str):
        return bound
    value = context.today if bound == "today" else parameter(bound, context)
    return Month(value.year, value.month)


def resolve_year(bound: int | str | None, context: Context) -> int | None:
    if not isinstance(bound, str):
        return bound
    value = context.today if bound == "today" else parameter(bound, context)
    return value if isinstance(value, int) else int(value.year)


class CalendarMonth(Spoken):
    """JSON: ``2020-04``. Limits may be given as months or as days."""

    answer: Literal["month"] = "month"
    type: ClassVar[str] = "month"
    longest: ClassVar[int] = 60
    earliest: MonthBound | None = None
    latest: LastMonthBound | None = None

    def understand(self, text: str, context: Context) -> Reading:
        spoken = spoken_month(text, context.today)
        if spoken is not None:
            return Value(spoken)
        said = _LEAD.sub("", " ".join(text.casefold().split()), count=1)
        writings = parse(said, is_english(context))
        found = [month for written in writings if (month := _as_month(written)) is not None]
        if found:
            return self._completed(found, context)
        named = any(written.year is not None and written.day is None for written in writings)
        return problem(MONTH_MISSING if named else NOT_A_MONTH)

    def _completed(self, found: list[Written], context: Context) -> Reading:
        low, high = resolve_month(self.earliest, context), resolve_month(self.latest, context)
        first, last = (low and last_of(low)), (high and last_of(high))
        written = found[0]
        if written.month is None or not 1 <= written.month <= 12:
            return problem(NO_MONTH)
        if written.year is None:
            years = plausible_years(first, last, context)
            return Unclear(tuple(Month(year, written.month) for year in years))
        return Value(Month(full_year(written.year, context, last), written.month))

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, str) or not _MONTH.fullmatch(raw):
            return misshapen()
        return Value(self.load(raw))

    def check(self, value: Any, context: Context) -> Problem | None:
        low, high = resolve_month(self.earliest, context), resolve_month(self.latest, context)
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            return problem(YEAR)
        if low is not None and value < low:
            return problem(TOO_EARLY, earliest=show_month(low, context))
        if high is not None and value > high:
            return problem(TOO_LATE, latest=show_month(high, context))
        return None

    def load(self, raw: Json) -> Any:
        return Month(int(raw[:4]), int(raw[5:]))

    def dump(self, value: Any) -> Json:
        return str(value)

    def show(self, value: Any, context: Context) -> str:
        return show_month(value, context)

    def limits(self, context: Context) -> dict[str, Json]:
        bounds = {"earliest": resolve_month(self.earliest, context), "latest": resolve_month(self.latest, context)}
        return {name: str(bound) for name, bound in bounds.items() if bound is not None}

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}


def _as_month(written: Written) -> Written | None:
    """``04.20`` was read as a day and a month, but here it is a month and a year."""
    if written.day is not None and written.year is not None:
        return None
    if written.day is not None and written.month is not None:
        return (
            Written(None, written.day, written.month)
            if written.day <= 12
            else Written(None, written.month, written.day)
        )
    return written if written.month is not None else None


class Year(Spoken):
    """JSON: an integer, 1900 to 2100."""

    answer: Literal["year"] = "year"
    type: ClassVar[str] = "number"
    longest: ClassVar[int] = 60
    earliest: YearBound | None = None
    latest: LastYearBound | None = None

    def understand(self, text: str, context: Context) -> Reading:
        spoken = spoken_year(text, context.today)
        if spoken is not None:
            return Value(spoken)
        figures = _YEAR.fullmatch(" ".join(text.casefold().rstrip(".!").split()))
        if figures is None:
            words = in_words(text)
            return Value(int(words)) if words is not None and FIRST_YEAR <= words <= LAST_YEAR else problem(NOT_A_YEAR)
        if len(figures[1]) == 4:
            return Value(int(figures[1]))
        high = resolve_year(self.latest, context)
        return Unclear((full_year(int(figures[1]), context, date(high, 12, 31) if high else None),))

    def typed(self, raw: Json, context: Context) -> Reading:
        return misshapen() if isinstance(raw, bool) or not isinstance(raw, int) else Value(raw)

    def check(self, value: Any, context: Context) -> Problem | None:
        low, high = resolve_year(self.earliest, context), resolve_year(self.latest, context)
        if not FIRST_YEAR <= value <= LAST_YEAR:
            return problem(YEAR)
        if low is not None and value < low:
            return problem(TOO_EARLY, earliest=str(low))
        if high is not None and value > high:
            return problem(TOO_LATE, latest=str(high))
        return None

    def show(self, value: Any, context: Context) -> str:
        return str(value)

    def limits(self, context: Context) -> dict[str, Json]:
        bounds = {"earliest": resolve_year(self.earliest, context), "latest": resolve_year(self.latest, context)}
        return {name: bound for name, bound in bounds.items() if bound is not None}

    def json_schema(self) -> dict[str, Json]:
        return {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
