"""Rules of a tiny dialog: made up, to show one feature of the format."""

from __future__ import annotations

from datetime import date

from bot.answers.base import Period
from bot.procedures.rules import Finding, rule


@rule
def tage_bis(zeitraum: Period, stichtag: date) -> Finding:
    """§ 3 MusterG: days up to the last day with a claim."""
    days = (zeitraum.last - zeitraum.first).days + 1
    late = min(days, max(0, (zeitraum.last - stichtag).days))
    state = "met" if late == 0 else "not_met" if late == days else "partly"
    return Finding(state, {"tage_ja": days - late, "tage_nein": late})
