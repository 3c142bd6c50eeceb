"""Rules of the example procedure that the core's tests use."""

from __future__ import annotations

from bot.answers.base import Month
from bot.procedures.rules import Finding, Rows, rule


@rule
def monate(zeiten: Rows) -> tuple[Month, ...]:
    """§ 1 BeispielG: every month of a closure, once and in order."""
    months = set()
    for zeit in zeiten:
        if zeit.zeitraum is not None:
            year, month = zeit.zeitraum.first.year, zeit.zeitraum.first.month
            while (year, month) <= (zeit.zeitraum.last.year, zeit.zeitraum.last.month):
                months.add(Month(year, month))
                year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(sorted(months))


@rule
def jung(kinder: Rows, zeiten: Rows) -> Finding:
    """§ 56 BeispielG: under twelve on the first day of each closure."""
    ja = nein = 0
    for zeit in zeiten:
        for kind in kinder:
            if zeit.fuer and kind.number in zeit.fuer:
                alt = zeit.zeitraum.first.year - kind.geboren.year >= 12
                ja, nein = ja + (not alt), nein + alt
    if not ja and not nein:
        return Finding("unclear")
    return Finding("met" if not nein else "partly" if ja else "not_met", {"ja": ja, "nein": nein})
