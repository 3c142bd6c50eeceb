"""Counts, quantities, percentages and hours. Values are ``int`` for whole numbers, else ``Decimal``.

An amount is never rounded silently: too many decimals are a problem, two meanings are asked back.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, ClassVar, Final, Literal

from babel.numbers import format_decimal
from pydantic import BeforeValidator, Field

from bot.answers.base import Context, Json, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.common import Spoken, as_bound, distinct, is_english, locale, misshapen, parameter, told, words
from bot.answers.figures import plain, read_figures

NOT_A_NUMBER: Final = Template("answers.number.not_understood", "Bitte schreiben Sie eine Zahl, zum Beispiel 12.")
NOT_WHOLE: Final = Template("answers.number.not_whole", "Bitte schreiben Sie eine ganze Zahl, ohne Komma.")
DECIMALS: Final = Template("answers.number.decimals", "Bitte höchstens {decimals} Stellen nach dem Komma.")
TOO_SMALL: Final = Template("answers.number.too_small", "Das ist zu klein. Möglich ist es ab {min}.")
TOO_BIG: Final = Template("answers.number.too_big", "Das ist zu groß. Möglich ist es bis {max}.")
BEYOND: Final = Template("answers.number.beyond", "So eine große Zahl kann hier nicht stehen. Bitte prüfen Sie sie.")
PERCENT: Final = Template("answers.percent.shown", "{number} %")
HOURS: Final = Template("answers.hours.shown", "{number} Stunden")

_PLAIN: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_BIGGEST: Final = Decimal(10) ** 12
_LONE_FIGURE: Final = re.compile(r"[+\-−]?[0-9](?:[0-9.,']{0,20}[0-9])?")
_NOT_UNITS: Final = words("paar bisschen wenig halb halbe viertel drittel fünftel zehntel third quarter half bit few")
_TRAILING_WORD: Final = re.compile(r"(.{0,60}[0-9]|.{1,60} ) ?([^\W\d_]{2,30})\.?", re.DOTALL)


def _number(raw: str) -> Decimal:
    if not _PLAIN.fullmatch(raw):
        raise ValueError("a number such as 12 or 7.5, or parameter.x")
    return Decimal(raw)


NumberBound = Annotated[Decimal | str, BeforeValidator(partial(as_bound, _number))]


def resolve_number(bound: Decimal | str | None, context: Context) -> Decimal | None:
    """The bound itself, or the value of the parameter that it names."""
    if isinstance(bound, str):
        return Decimal(parameter(bound, context))
    return bound


class Numeric(Spoken):
    """What all numbers share. ``min`` and ``max`` are included."""

    type: ClassVar[str] = "number"
    longest: ClassVar[int] = 120
    min: NumberBound | None = None
    max: NumberBound | None = None

    def places(self) -> int:
        """How many decimals a value may have."""
        return 0

    def understand(self, text: str, context: Context) -> Reading:
        figures = read_figures(text, is_english(context), self.places())
        if not figures.values:
            return self._amid_words(text, context)
        return self._fitting(figures.values, figures.rough)

    def check(self, value: Any, context: Context) -> Problem | None:
        low, high = resolve_number(self.min, context), resolve_number(self.max, context)
        if abs(value) >= _BIGGEST:
            return problem(BEYOND)
        if isinstance(value, Decimal) and _decimals(value) > self.places():
            return self._too_fine()
        if low is not None and value < low:
            return problem(TOO_SMALL, min=self.show(low, context))
        if high is not None and value > high:
            return problem(TOO_BIG, max=self.show(high, context))
        return None

    def limits(self, context: Context) -> dict[str, Json]:
        bounds = {"min": resolve_number(self.min, context), "max": resolve_number(self.max, context)}
        found = {name: self.dump(bound) for name, bound in bounds.items() if bound is not None}
        return found if self.places() == 0 else {**found, "decimals": self.places()}

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, str) or not _PLAIN.fullmatch(raw):
            return misshapen()
        return self._fitting((Decimal(raw),), rough=False)

    def load(self, raw: Json) -> Any:
        return Decimal(raw)

    def dump(self, value: Any) -> Json:
        return plain(value)

    def json_schema(self) -> dict[str, Json]:
        fraction = rf"(\.[0-9]{{1,{self.places()}}})?" if self.places() else ""
        return {"type": "string", "pattern": f"^-?[0-9]{{1,12}}{fraction}$"}

    def value_of(self, number: Decimal) -> Any:
        """The typed value; ``number`` has no more decimals than allowed."""
        return number

    def _fitting(self, values: tuple[Decimal, ...], rough: bool) -> Reading:
        """Only meanings with few enough decimals; rounded ones come last and only to be asked about."""
        fit = [value for value in values if _decimals(value) <= self.places()]
        if not fit:
            return self._too_fine()
        if len(fit) == len(values) == 1 and not rough:
            return Value(self.value_of(fit[0]))
        if self.places() == 0 and not rough and len(fit) == 1 and values[0] == fit[0]:
            return Value(self.value_of(fit[0]))
        step = Decimal(1).scaleb(-self.places())
        rounded = [value.quantize(step) for value in values if value not in fit and self.places()]
        return Unclear(tuple(self.value_of(value) for value in distinct(fit + rounded)))

    def _too_fine(self) -> Problem:
        return problem(DECIMALS, decimals=str(self.places())) if self.places() else problem(NOT_WHOLE)

    def _amid_words(self, text: str, context: Context) -> Reading:
        """A number with a word behind it (``3 Kinder``), or the only figures of a sentence: then asked about."""
        split = _TRAILING_WORD.fullmatch(text)
        if split is not None:
            figures = read_figures(split[1], is_english(context), self.places())
            if split[2].casefold() in _NOT_UNITS:
                return problem(NOT_A_NUMBER)
            if figures.values:
                sure = split[1][-1].isdigit() and self._knows_unit(split[2], context)
                return self._fitting(figures.values, rough=figures.rough or not sure)
        found = _LONE_FIGURE.findall(text)
        values = read_figures(found[0], is_english(context), self.places()).values if len(found) == 1 else ()
        return self._fitting(values, rough=True) if values else problem(NOT_A_NUMBER)

    def _knows_unit(self, word: str, context: Context) -> bool:
        """May this word stand behind the number without a doubt?"""
        return False


class Measured(Numeric):
    """A number with a unit in words, as German text: ``Tage``."""

    unit: str | None = Field(default=None, min_length=1, max_length=40)

    def show(self, value: Any, context: Context) -> str:
        number = _figures(value, context)
        return f"{number} {self._shown_unit(context)}" if self.unit else number

    def understand(self, text: str, context: Context) -> Reading:
        return super().understand(_without_end(text, (self.unit, self._shown_unit(context))), context)

    def _shown_unit(self, context: Context) -> str:
        return context.words.translate(f"{context.place}.unit", self.unit) if self.unit else ""

    def _knows_unit(self, word: str, context: Context) -> bool:
        return self.unit is None


class WholeNumber(Measured):
    """JSON: an integer. ``1.234`` is 1234, because a whole number has no decimals."""

    answer: Literal["whole_number"] = "whole_number"

    def typed(self, raw: Json, context: Context) -> Reading:
        return misshapen() if isinstance(raw, bool) or not isinstance(raw, int) else Value(raw)

    def value_of(self, number: Decimal) -> Any:
        return int(number)

    def load(self, raw: Json) -> Any:
        return raw

    def dump(self, value: Any) -> Json:
        return int(value)

    def json_schema(self) -> dict[str, Json]:
        names = {"minimum": self.min, "maximum": self.max}
        return {"type": "integer", **{name: int(b) for name, b in names.items() if isinstance(b, Decimal)}}


class DecimalNumber(Measured):
    """JSON: text such as ``7.5``."""

    answer: Literal["decimal"] = "decimal"
    decimals: int = Field(default=2, ge=1, le=6)

    def places(self) -> int:
        return self.decimals


class Percent(Numeric):
    """JSON: text; 20 means 20 %."""

    answer: Literal["percent"] = "percent"
    decimals: int = Field(default=2, ge=0, le=6)

    def places(self) -> int:
        return self.decimals

    def understand(self, text: str, context: Context) -> Reading:
        return super().understand(_without_end(text, ("%", "prozent", "percent", "per cent", "v.h.", "vh")), context)

    def show(self, value: Any, context: Context) -> str:
        return told(context, PERCENT, number=_figures(value, context))


class Hours(Numeric):
    """Hours as a decimal number with two decimals; ``7:30`` is 7.50. JSON: text such as ``7.50``."""

    answer: Literal["hours"] = "hours"
    min: NumberBound | None = Decimal(0)
    decimals: int = Field(default=2, ge=0, le=2)

    _CLOCK: ClassVar = re.compile(
        r"([0-9]{1,5}) ?(?::|h|std\.?|stunden?|hours?|hrs?) ?(?:und |and )?([0-5]?[0-9]) ?[^\W\d_]{0,8}\.?"
    )
    _MINUTES: ClassVar = re.compile(r"([0-9]{1,6}) ?(?:min\.?|minuten?|minutes?)")
    _DOTTED: ClassVar = re.compile(r"([0-9]{1,4})\.([0-5][0-9])")
    _UNITS: ClassVar = ("stunden", "stunde", "std", "std.", "h", "hours", "hour", "hrs", "hrs.")

    def places(self) -> int:
        return self.decimals

    def understand(self, text: str, context: Context) -> Reading:
        folded = " ".join(text.casefold().split())
        if clock := self._CLOCK.fullmatch(folded):
            return self._from_minutes(int(clock[1]) * 60 + int(clock[2]))
        if minutes := self._MINUTES.fullmatch(folded):
            return self._from_minutes(int(minutes[1]))
        if dotted := self._DOTTED.fullmatch(folded):
            return self._fitting((_hours(int(dotted[1]) * 60 + int(dotted[2])), Decimal(folded)), rough=True)
        bare = _without_end(folded, self._UNITS)
        if re.fullmatch(r"[0-9]{1,4}[.,][0-9]{1,2}", bare) and bare != folded:
            return self._fitting((Decimal(bare.replace(",", ".")),), rough=False)
        return super().understand(bare, context)

    def dump(self, value: Any) -> Json:
        return format(value, ".2f")

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": r"^-?[0-9]{1,12}\.[0-9]{2}$"}

    def show(self, value: Any, context: Context) -> str:
        return told(context, HOURS, number=_figures(value, context))

    def _from_minutes(self, minutes: int) -> Reading:
        return self._fitting((_hours(minutes),), rough=False)


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))


def _figures(value: Any, context: Context) -> str:
    """Grouped, but not where a single dot could be taken for a decimal mark."""
    grouping = isinstance(value, int) or _decimals(value) > 0
    return format_decimal(
        value, format="#,##0.######", locale=locale(context), decimal_quantization=False, group_separator=grouping
    )


def _decimals(value: Decimal) -> int:
    return len(plain(value).partition(".")[2])


def _without_end(text: str, ends: tuple[str | None, ...]) -> str:
    folded = text.casefold()
    for end in ends:
        if end and folded.endswith(end.casefold()) and len(folded) == len(text):
            return text[: -len(end)].strip()
    return text
