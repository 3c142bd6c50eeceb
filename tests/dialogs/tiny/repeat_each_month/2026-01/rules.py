"""Rules of a tiny dialog: made up, to show one feature of the format."""

from __future__ import annotations

from bot.answers.base import Month, Period
from bot.procedures.rules import rule


@rule
def monate_von(zeitraum: Period) -> tuple[Month, ...]:
    """§ 1 MusterG: every month that the period touches."""
    first, last = (12 * day.year + day.month - 1 for day in zeitraum)
    return tuple(Month(number // 12, number % 12 + 1) for number in range(first, last + 1))
