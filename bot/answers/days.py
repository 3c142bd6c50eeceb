"""Single days: ``1.5., 4.5.2020 und 21.-22.5.2020``. Sorted, each once. ``keine`` is an answer too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar, Final, Literal

from bot.answers.base import Context, Json, Period, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.calendar_words import MONTHS
from bot.answers.common import Id, distinct, listed, misshapen, phrases, told
from bot.answers.dates import Bounded, iso_day
from bot.answers.days_read import days_of, in_range
from bot.answers.periods import Frame, show_period, spoken_period

NOT_DAYS: Final = Template(
    "answers.days.not_understood", "Bitte schreiben Sie die Tage mit Kommas, zum Beispiel 1.5.2020, 4.5.2020."
)
OUTSIDE: Final = Template("answers.days.outside", "Bitte nennen Sie nur Tage in dieser Zeit: {periods}.")
TOO_MANY: Final = Template("answers.days.too_many", "Das sind zu viele Tage. Höchstens {max} sind möglich.")
NONE: Final = Template("answers.days.none", "keine")

MOST: Final = 400
_NONE: Final = phrases("keine | keiner | kein | keinem | an keinem | kein tag | none | no days | nie | never | - | 0")
_ALL: Final = phrases("alle | alle tage | an allen | an allen tagen | jeden tag | all | all days | every day")
_SPLIT: Final = re.compile(r" ?[,;\n&+] ?| (?:und|and|sowie|plus) ")
_ENGLISH_YEAR: Final = re.compile(rf"\b((?:{'|'.join(MONTHS)})\.? [0-9]{{1,2}}(?:st|nd|rd|th)?),? ?([0-9]{{4}})\b")
_ONE: Final = timedelta(days=1)


class Days(Bounded):
    """JSON: a list of days. ``within``: the question whose periods hold them all (``Context.within``)."""

    answer: Literal["days"] = "days"
    type: ClassVar[str] = "days"
    longest: ClassVar[int] = 2000
    within: Id | None = None

    def understand(self, text: str, context: Context) -> Reading:
        said = text.casefold().strip(" .!")
        if said in _NONE or said == told(context, NONE).casefold():
            return Value(())
        if said in _ALL and context.within:
            return Value(_sorted([day for period in context.within for day in days_of(*period)]))
        pieces = [piece.strip() for piece in _SPLIT.split(_ENGLISH_YEAR.sub(r"\1 \2", text.casefold()))]
        return self._together([piece for piece in pieces if piece], context)

    def _together(self, pieces: list[str], context: Context) -> Reading:
        """The days of all pieces. From the last to the first, because the last one has the month and the year."""
        if len(pieces) > MOST:
            return problem(TOO_MANY, max=str(MOST))
        if not pieces:
            return problem(NOT_DAYS)
        frame = self._frame(pieces, context)
        ends = _piece(pieces[-1], context, frame)
        if isinstance(ends, Problem):
            return ends
        if isinstance(ends, Value):
            return _before(pieces[:-1], ends.value, context, frame)
        return _one_of([_before(pieces[:-1], end, context, frame) for end in ends.candidates])

    def _frame(self, pieces: list[str], context: Context) -> Frame:
        """Where years that were left out are looked for: within the period, or with the first whole day."""
        if context.within:
            first = min(period.first for period in context.within)
            return Frame(first, max(period.last for period in context.within))
        frame = Frame(*self.bounds(context))
        readings = (spoken_period(piece, context, frame) for piece in pieces)
        whole = next((reading.value.last for reading in readings if isinstance(reading, Value)), None)
        return frame._replace(next=whole)

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, list) or len(raw) > MOST:
            return misshapen()
        days = [iso_day(item) for item in raw]
        slip = next((day for day in days if isinstance(day, Problem)), None)
        return slip or Value(_sorted(day for day in days if isinstance(day, date)))

    def check(self, value: Any, context: Context) -> Problem | None:
        if len(value) > MOST:
            return problem(TOO_MANY, max=str(MOST))
        bounds = self.bounds(context)
        for day in value:
            if slip := in_range(day, *bounds, context):
                return slip
            if context.within and not _lies_within(Period(day, day), context.within):
                periods = listed((show_period(period, context) for period in context.within), context)
                return problem(OUTSIDE, periods=periods)
        return None

    def load(self, raw: Json) -> Any:
        return tuple(date.fromisoformat(item) for item in raw)

    def dump(self, value: Any) -> Json:
        return [day.isoformat() for day in value]

    def show(self, value: Any, context: Context) -> str:
        """Runs of three days and more as ``21. Mai 2020 bis 25. Mai 2020``."""
        return ", ".join(show_period(run, context) for run in _runs(value)) if value else told(context, NONE)

    def json_schema(self) -> dict[str, Json]:
        day = {"type": "string", "format": "date"}
        return {"type": "array", "items": day, "uniqueItems": True, "maxItems": MOST}


def _before(pieces: list[str], end: Period, context: Context, frame: Frame) -> Reading:
    """The days of ``end`` and of the pieces before it, each of which may leave out what the next one has."""
    days, unclear = set(days_of(*end)), False
    for piece in reversed(pieces):
        reading = _piece(piece, context, frame._replace(next=end.first))
        if isinstance(reading, Problem):
            return reading
        unclear = unclear or isinstance(reading, Unclear)
        end = reading.value if isinstance(reading, Value) else reading.candidates[0]
        days.update(days_of(*end))
    return Unclear((_sorted(days),)) if unclear else Value(_sorted(days))


def _one_of(readings: list[Reading]) -> Reading:
    """What the end of a list leaves open, with the whole list."""
    found = [reading.value for reading in readings if isinstance(reading, Value)]
    found += [days for reading in readings if isinstance(reading, Unclear) for days in reading.candidates]
    return Unclear(tuple(distinct(found))) if found else readings[0]


def _piece(piece: str, context: Context, frame: Frame) -> Reading:
    """The days of one piece. What it leaves out: what stands behind it, and where days must lie, what fits there."""
    reading = _fitting(spoken_period(piece, context, frame), context)
    if frame.next is not None and context.within and not _fits(reading, context):
        alone = _fitting(spoken_period(piece, context, frame._replace(next=None)), context)
        reading = alone if _fits(alone, context) else reading
    if isinstance(reading, Problem):
        return problem(NOT_DAYS) if reading.key.endswith("not_understood") else reading
    periods = [reading.value] if isinstance(reading, Value) else reading.candidates
    if any((period.last - period.first).days >= MOST for period in periods):
        return problem(TOO_MANY, max=str(MOST))
    return reading


def _fitting(reading: Reading, context: Context) -> Reading:
    """Of several years those in which the days lie where they must; the only such one needs no question."""
    if not context.within or not isinstance(reading, Unclear):
        return reading
    years = len(reading.candidates) > 1 or any(period.first.year < period.last.year for period in reading.candidates)
    found = [period for period in reading.candidates if _inside(period, context)]
    if not years or not found:
        return reading
    return Value(found[0]) if len(found) == 1 else Unclear(tuple(found))


def _fits(reading: Reading, context: Context) -> bool:
    if isinstance(reading, Problem):
        return False
    periods = [reading.value] if isinstance(reading, Value) else reading.candidates
    return any(_inside(period, context) for period in periods)


def _inside(period: Period, context: Context) -> bool:
    """Does every day lie where days must lie?"""
    short = (period.last - period.first).days < MOST
    return short and all(_lies_within(Period(day, day), context.within) for day in days_of(*period))


def _sorted(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


def _lies_within(period: Period, periods: tuple[Period, ...]) -> bool:
    return any(outer.first <= period.first and period.last <= outer.last for outer in periods)


def _runs(days: tuple[date, ...]) -> list[Period]:
    runs: list[Period] = []
    for day in days:
        if runs and runs[-1].last + _ONE == day:
            runs[-1] = Period(runs[-1].first, day)
        else:
            runs.append(Period(day, day))
    return [part for run in runs for part in _short_ones_apart(run)]


def _short_ones_apart(run: Period) -> list[Period]:
    days = days_of(*run)
    return [run] if len(days) > 2 else [Period(day, day) for day in days]
