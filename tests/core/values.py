"""Valid answers for every kind, made from nothing but what a client of the public API knows: the kind and its limits.

All of them are invented; numbers of persons and accounts are published sample numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from bot.answers.base import Context, Json, Value

Maker = Callable[[Any, Context, Random], Json]

_FIRST, _LAST = date(2020, 3, 16), date(2022, 9, 23)
_TRIES = 60


def valid(kind: Any, context: Context, chance: Random) -> Json:
    """A JSON value that the kind takes here."""
    for _ in range(_TRIES):
        raw = _MAKERS[kind.answer](kind, context, chance)
        if isinstance(kind.accept(raw, context), Value):
            return raw
    raise AssertionError(f"no valid value for {kind!r}")


def _one_of(kind: Any, context: Context, chance: Random) -> Json:
    return chance.choice([choice.value for choice in kind.all_choices(context)])


def _many_of(kind: Any, context: Context, chance: Random) -> Json:
    values = [choice.value for choice in kind.all_choices(context)]
    return chance.sample(values, chance.randint(0, len(values)))


def _rows_of(_kind: Any, context: Context, chance: Random) -> Json:
    rows = list(context.rows)
    return chance.sample(rows, chance.randint(1, len(rows)))


def _number(kind: Any, context: Context, chance: Random) -> Json:
    low, high = _bounds(kind, context)
    return chance.randint(int(low), int(high))


def _decimal(kind: Any, context: Context, chance: Random) -> Json:
    low, high = _bounds(kind, context)
    return format(chance.randint(int(low * 4), int(high * 4)) / 4, ".2f")


def _bounds(kind: Any, context: Context) -> tuple[float, float]:
    found = kind.limits(context)
    low = max(float(found.get("min", 0)), -5_000)
    return low, min(float(found.get("max", 60_000)), low + 60_000)


def _day(kind: Any, context: Context, chance: Random) -> date:
    """Half of the time a day of the closures, else some day of a life."""
    found = kind.limits(context)
    first = date.fromisoformat(found["earliest"]) if "earliest" in found else date(2005, 1, 1)
    last = date.fromisoformat(found["latest"]) if "latest" in found else _LAST
    if chance.random() < 0.5:
        first = min(max(first, _FIRST), last)
    return first + timedelta(days=chance.randint(0, (last - first).days))


def _date(kind: Any, context: Context, chance: Random) -> Json:
    return _day(kind, context, chance).isoformat()


def _period(kind: Any, context: Context, chance: Random) -> Json:
    first = _day(kind, context, chance)
    return [first.isoformat(), (first + timedelta(days=chance.choice((0, 4, 11, 25, 90)))).isoformat()]


def _days(kind: Any, context: Context, chance: Random) -> Json:
    if chance.random() < 0.4:
        return []
    if context.within:
        period = chance.choice(context.within)
        span = (period.last - period.first).days
        found = {period.first + timedelta(days=chance.randint(0, span)) for _ in range(chance.randint(1, 5))}
    else:
        found = {_day(kind, context, chance) for _ in range(chance.randint(1, 3))}
    return [day.isoformat() for day in sorted(found)]


def _evidence(kind: Any, _context: Context, chance: Random) -> Json:
    if kind.later and chance.random() < 0.6:
        return {"files": [], "later": True, "source": "upload"}
    return {"files": [f"file-{number}" for number in range(chance.randint(1, min(2, kind.max_pages)))], "later": False}


def _some(*values: Json) -> Maker:
    return lambda _kind, _context, chance: chance.choice(values)


_MAKERS: dict[str, Maker] = {
    "yes_no": _some(True, False),
    "one_of": _one_of,
    "many_of": _many_of,
    "rows_of": _rows_of,
    "whole_number": _number,
    "decimal": _decimal,
    "percent": _decimal,
    "hours": _decimal,
    "money": _decimal,
    "date": _date,
    "month": lambda _kind, _context, chance: f"{chance.randint(2015, 2019)}-{chance.randint(1, 12):02d}",
    "year": _some(2017, 2018, 2019, 2020, 2021),
    "period": _period,
    "days": _days,
    "short_text": _some("Lena", "Ben", "Fotografin", "Kita Sonnenschein", "Å-Ñ", "x", "Leipzig", "{vorname}"),
    "long_text": _some("Der andere Elternteil arbeitete.", "Zeile eins\nZeile zwei", "ja"),
    "person_name": _some(
        {"given": "Lena", "family": "Muster"}, {"given": "Ana María", "family": "de la Cruz"},
        {"given": "Ben", "family": "Muster"},
    ),
    "address": _some({"street": "Musterweg", "house_number": "1", "postal_code": "04109", "city": "Leipzig"}),
    "postal_code": _some("04109", "01067"),
    "municipality": _some("14713000", "14612000"),
    "email": _some("alex@example.org", "erika.mustermann@example.com"),
    "phone": _some("+493411234567", "+4915112345678"),
    "iban": _some("DE89370400440532013000", "GB29NWBK60161331926819", "AT611904300234573201"),
    "tax_number": _some("3201012312340"),
    "tax_id": _some("12345678995"),
    "vat_id": _some("DE136695976"),
    "social_number": _some("65170839J003"),
    "company_number": _some("12345678"),
    "register": _some({"court": "Leipzig", "type": "HRB", "number": "12345"}),
    "evidence": _evidence,
}  # fmt: skip
