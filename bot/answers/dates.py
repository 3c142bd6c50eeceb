"""One day. ``3.5.20``, ``3. Mai 2020``, ``gestern``; echoed in words, stored as ISO 8601."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar, Final, Literal

from bot.answers.base import Context, Json, Problem, Reading, Unclear, Value, problem
from bot.answers.common import Spoken, misshapen
from bot.answers.days_read import (
    NO_DAY,
    DayBound,
    LastDayBound,
    days_in,
    in_range,
    resolve_day,
    show_day,
)

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RUN_TOGETHER: Final = re.compile(r"[0-9]{6}|[0-9]{8}")


def iso_day(raw: Json) -> date | Problem:
    """A day in JSON. :class:`Misshapen` where it does not look like one, a problem where the calendar has none."""
    if not isinstance(raw, str) or not _ISO.fullmatch(raw):
        return misshapen()
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return problem(NO_DAY)


class Bounded(Spoken):
    """What all answers about days share: limits, both included."""

    longest: ClassVar[int] = 100
    earliest: DayBound | None = None
    latest: LastDayBound | None = None

    def bounds(self, context: Context) -> tuple[date | None, date | None]:
        return resolve_day(self.earliest, context), resolve_day(self.latest, context)

    def limits(self, context: Context) -> dict[str, Json]:
        names = zip(("earliest", "latest"), self.bounds(context), strict=True)
        return {name: day.isoformat() for name, day in names if day is not None}


class Date(Bounded):
    """JSON: ``2020-04-20``."""

    answer: Literal["date"] = "date"
    type: ClassVar[str] = "date"

    def understand(self, text: str, context: Context) -> Reading:
        days = days_in(text, context, *self.bounds(context))
        if isinstance(days, Problem):
            return days
        guessed = len(days) > 1 or _RUN_TOGETHER.fullmatch(text)
        return Unclear(tuple(days)) if guessed else Value(days[0])

    def typed(self, raw: Json, context: Context) -> Reading:
        day = iso_day(raw)
        return day if isinstance(day, Problem) else Value(day)

    def check(self, value: Any, context: Context) -> Problem | None:
        return in_range(value, *self.bounds(context), context)

    def load(self, raw: Json) -> Any:
        return date.fromisoformat(raw)

    def dump(self, value: Any) -> Json:
        return value.isoformat()

    def show(self, value: Any, context: Context) -> str:
        return show_day(value, context)

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "format": "date"}
