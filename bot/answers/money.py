"""Amounts in euro, to the cent."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final, Literal

from babel.numbers import format_currency

from bot.answers.base import Context, Json, Problem, Reading, Template, problem
from bot.answers.common import is_english, locale
from bot.answers.figures import read_figures
from bot.answers.numbers import NumberBound, Numeric

NOT_MONEY: Final = Template(
    "answers.money.not_understood", "Bitte schreiben Sie einen Betrag in Euro, zum Beispiel 1.250,00."
)
OTHER_CURRENCY: Final = Template("answers.money.other_currency", "Bitte rechnen Sie den Betrag in Euro um.")

_EURO: Final = re.compile(r"€|\beuros?\b|\beur\b|(?<=k)euro?\b")
_OTHER: Final = re.compile(r"[$£¥₺₽₴]|\b(?:usd|chf|gbp|pln|czk|dollars?|franken|pfund|pounds?|zloty|kronen|lira)\b")
_CENT: Final = re.compile(r"([0-9]{1,9}) ?(?:cents?|ct\.?)")
_EURO_CENT: Final = re.compile(r"([0-9.,' ]{1,20}) ?(?:€|euros?|eur) ?(?:und |and )?([0-9]{1,2}) ?(?:cents?|ct\.?)?")
_THOUSANDS: Final = tuple(re.compile(rf"(?:minus |[-−–] ?)?[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+") for mark in (r"\.", ","))
"""German, English: figures in groups of three, as that language writes them."""
_DASHES: Final = re.compile(r"[,.] ?[-–—]{1,3}$")


class Money(Numeric):
    """JSON: text such as ``1234.50``. ``min`` is 0 where the dialog says nothing else."""

    answer: Literal["money"] = "money"
    min: NumberBound | None = Decimal(0)

    def places(self) -> int:
        return 2

    def understand(self, text: str, context: Context) -> Reading:
        folded = " ".join(text.casefold().split())
        if _OTHER.search(folded):
            return problem(OTHER_CURRENCY)
        if cent := _CENT.fullmatch(folded):
            return self._fitting((Decimal(cent[1]) / 100,), rough=False)
        if both := _EURO_CENT.fullmatch(folded):
            return self._euro_and_cent(both[1], both[2], context)
        bare = _DASHES.sub("", _EURO.sub(" ", folded).strip()).strip()
        if _THOUSANDS[is_english(context)].fullmatch(bare):
            bare = re.sub("[.,]", "", bare)  # nobody means thousandths of a euro
        reading = super().understand(re.sub(r"^([-−–]) ", r"\1", bare), context) if bare else problem(NOT_MONEY)
        return problem(NOT_MONEY) if isinstance(reading, Problem) and reading.key.endswith("understood") else reading

    def _euro_and_cent(self, euro: str, cent: str, context: Context) -> Reading:
        whole = read_figures(euro, is_english(context), 0).values
        if not whole or whole[0] % 1:
            return problem(NOT_MONEY)
        return self._fitting((whole[0] + Decimal(cent) / 100,), rough=False)

    def value_of(self, number: Decimal) -> Any:
        return number.quantize(Decimal("0.01"))

    def dump(self, value: Any) -> Json:
        return format(value, ".2f")

    def show(self, value: Any, context: Context) -> str:
        return format_currency(value, "EUR", locale=locale(context))

    def json_schema(self) -> dict[str, Json]:
        sign = "-?" if not isinstance(self.min, Decimal) or self.min < 0 else ""
        return {"type": "string", "pattern": rf"^{sign}[0-9]{{1,12}}\.[0-9]{{2}}$"}

    def limits(self, context: Context) -> dict[str, Json]:
        return {**super().limits(context), "decimals": 2}
