"""Single days: ``1.5., 4.5.2020 und 21.-22.5.2020``. Sorted, each once. ``keine`` is an answer too."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, ClassVar, Final, Literal

from bot.answers.base import Context, Json, Period, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.calendar_words import MONTHS
from bot.answers.common import Id, is_english, listed, misshapen, told
from bot.answers.dates import Bounded, iso_day
from bot.answers.days_read import days_of, in_range, show_day
from bot.answers.periods import show_period, spoken_period

NOT_DAYS: Final = Template(
    "answers.days.not_understood", "Bitte schreiben Sie die Tage mit Kommas, zum Beispiel 1.5.2020, 4.5.2020."
)
OUTSIDE: Final = Template("answers.days.outside", "Bitte nennen Sie nur Tage in dieser Zeit: {periods}.")
TOO_MANY: Final = Template("answers.days.too_many", "Das sind zu viele Tage. Höchstens {max} sind möglich.")
NONE: Final = Template("answers.days.none", "keine")

MOST: Final = 400
_NONE: Final = frozenset(
    ["keine", "keiner", "keinem", "kein", "an keinem", "none", "no days", "nie", "never", "-", "0"]
)
_ALL: Final = frozenset(
    ["alle", "alle tage", "an allen", "an allen tagen", "all", "all days", "every day", "jeden tag"]
)
_SPLIT: Final = re.compile(r" ?[,;\n&+] ?| (?:und|and|sowie|plus) ")
_ENGLISH_YEAR: Final = re.compile(rf"\b((?:{'|'.join(MONTHS)})\.? [0-9]{{1,2}}(?:st|nd|rd|th)?),? ?([0-9]{{4}})\b")
_YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b|\.[0-9]{2}$")
_BARE_DAY: Final = re.compile(r"[0-9]{1,2}\.?")
_ONE: Final = timedelta(days=1)


class Days(Bounded):
    """JSON: a list of days. ``within``: the question whose period holds them all (``Context.within``)."""

    answer: Literal["days"] = "days"
    type: ClassVar[str] = "days"
    longest: ClassVar[int] = 2000
    within: Id | None = None

    def understand(self, text: str, context: Context) -> Reading:
        words = " ".join(text.casefold().split(" ")).rstrip("!")
        if words.rstrip(".") in _NONE:
            return Value(())
        if words.rstrip(".") in _ALL and context.within:
            return Value(_sorted(day for period in context.within for day in days_of(*period)))
        pieces = [piece.strip() for piece in _SPLIT.split(_ENGLISH_YEAR.sub(r"\1 \2", words)) if piece.strip()]
        return self._together(_inherited(pieces), context)

    def _together(self, pieces: list[str], context: Context) -> Reading:
        first, last = self._frame(context)
        days: set[date] = set()
        unclear = False
        for piece in pieces:
            reading = spoken_period(piece, context, first, last)
            if isinstance(reading, Problem):
                return problem(NOT_DAYS) if reading.key.endswith("not_understood") else reading
            period = reading.value if isinstance(reading, Value) else self._fitting(reading, context)
            unclear = unclear or (isinstance(reading, Unclear) and not self._only_one_fits(reading, context))
            if (period.last - period.first).days >= MOST:
                return problem(TOO_MANY, max=str(MOST))
            days.update(days_of(*period))
        found = _sorted(days)
        if not found:
            return problem(NOT_DAYS)
        return Unclear((found,)) if unclear else Value(found)

    def _frame(self, context: Context) -> tuple[date | None, date | None]:
        """Years that were left out are looked for here."""
        earliest, latest = self.bounds(context)
        if not context.within:
            return earliest, latest
        return min(period.first for period in context.within), max(period.last for period in context.within)

    def _fitting(self, reading: Unclear, context: Context) -> Period:
        fit = [period for period in reading.candidates if _lies_within(period, context.within)]
        chosen: Period = (fit or reading.candidates)[0]
        return chosen

    def _only_one_fits(self, reading: Unclear, context: Context) -> bool:
        return sum(_lies_within(period, context.within) for period in reading.candidates) == 1 < len(reading.candidates)

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


def _sorted(days: object) -> tuple[date, ...]:
    return tuple(sorted(set(days)))  # type: ignore[call-overload]  # any iterable of days


def _lies_within(period: Period, periods: tuple[Period, ...]) -> bool:
    return any(outer.first <= period.first and period.last <= outer.last for outer in periods)


def _inherited(pieces: list[str]) -> list[str]:
    """``1., 4. und 5.5.2020``: what a day leaves out stands with the next one that has it."""
    month, year = "", ""
    whole: list[str] = []
    for piece in reversed(pieces):
        if _BARE_DAY.fullmatch(piece):
            piece = f"{piece.rstrip('.')}.{month}{year}" if month else piece
        elif not _YEAR.search(piece):
            piece = (
                f"{piece.rstrip('.')}.{year}"
                if year and piece[-1:].isdigit() or piece.endswith(".")
                else f"{piece} {year}"
            )
        month, year = _parts(piece) or (month, year)
        whole.append(piece.strip())
    return whole[::-1]


def _parts(piece: str) -> tuple[str, str] | None:
    figures = re.search(r"([0-9]{1,2})\.((?:19|20)?[0-9]{2})$", piece)
    if figures is not None:
        return f"{figures[1]}.", figures[2]
    named = re.search(r"([^\W\d_]{3,9})\.? ((?:19|20)[0-9]{2})$", piece)
    return (f" {named[1]} ", named[2]) if named is not None else None


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
