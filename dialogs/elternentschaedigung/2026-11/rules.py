"""Legal rules of the compensation for parents (§ 56 Abs. 1a IfSG), by the day of the event.

Dates and calendars stand in the tables beside this file, amounts and limits in the dialog's parameters. A day is
never told "no" while a deciding fact is unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from bot.answers.base import Month, Period
from bot.procedures.rules import Finding, Line, Row, Rows, Tables, rule

Days = tuple[date, ...]
Parameters = Mapping[str, Any]

ONE_DAY: Final = timedelta(days=1)
CENT: Final = Decimal("0.01")
SATURDAY: Final = 5


# --- days, periods, children ------------------------------------------------------------------------------------------


def days_of(period: Period) -> Iterator[date]:
    """Each day of a period, both ends included."""
    for number in range((period.last - period.first).days + 1):
        yield period.first + number * ONE_DAY


def closures_by_day(zeiten: Rows) -> dict[date, list[Row]]:
    """Each claimed day, in order, with the closure periods that cover it."""
    found: dict[date, list[Row]] = {}
    for zeit in zeiten:
        for day in days_of(zeit.zeitraum) if zeit.zeitraum is not None else ():
            found.setdefault(day, []).append(zeit)
    return dict(sorted(found.items()))


def children_of(zeit: Row, kinder: Rows) -> list[Row]:
    """The children a closure concerns. With a single child nobody is asked, so no answer means all of them."""
    return [kind for kind in kinder if zeit.fuer is None or kind.number in zeit.fuer]


def is_public_holiday(day: date, tables: Tables) -> bool:
    return any(line.tag == day for line in tables["feiertage"])


def is_school_holiday(day: date, tables: Tables) -> bool:
    return any(line.von <= day <= line.bis for line in tables["schulferien"])


def state_of_law(day: date, tables: Tables) -> Line | None:
    """The state of § 56 Abs. 1a IfSG on a day; None outside the time in which there is a claim."""
    return next((line for line in tables["rechtsstand"] if line.ab <= day <= line.bis), None)


def home_office_excludes(day: date, tables: Tables) -> bool:
    law = state_of_law(day, tables)
    return law is not None and bool(law.homeoffice_schliesst_aus)


def sick_pay_suspends(day: date, tables: Tables) -> bool:
    law = state_of_law(day, tables)
    return law is not None and bool(law.ruht_bei_kinderkrankengeld)


def finding(
    yes: Collection[date], no: Collection[date], unclear: Collection[date] = (), more: Parameters | None = None
) -> Finding:
    """One finding for all days. ``tage_ja`` and ``tage_nein`` are their numbers; ``more`` goes along."""
    params = {"tage_ja": len(yes), "tage_nein": len(no), **(more or {})}
    if unclear:
        return Finding("unclear", params)
    if no:
        return Finding("partly" if yes else "not_met", params)
    return Finding("met", params)


def sorted_out(verdicts: Mapping[date, bool | None], more: Parameters | None = None) -> Finding:
    """A finding from each day's verdict: true, false, or None for not known."""
    yes, no, unclear = ([day for day, verdict in verdicts.items() if verdict is kind] for kind in (True, False, None))
    return finding(yes, no, unclear, more)


def best(verdicts: Iterable[bool | None]) -> bool | None:
    """One true is enough; false only where all are false."""
    known = set(verdicts)
    if True in known:
        return True
    return None if None in known else False


# --- questions and checks ---------------------------------------------------------------------------------------------


@rule
def alter_am(geboren: date, tag: date) -> int:
    """Completed years of age on a day (§ 187 Abs. 2 Satz 2, § 188 Abs. 2 BGB)."""
    return tag.year - geboren.year - ((tag.month, tag.day) < (geboren.month, geboren.day))


@rule
def ueberschneidet(fuer: tuple[int, ...] | None, zeitraum: Period, zeiten: Rows) -> bool:
    """Is one of the days already given for one of these children? Without children named, all are meant.

    A day counts once, however many children there are (§ 56 Abs. 2 Satz 5 IfSG).
    """
    mine = [zeit for zeit in zeiten if fuer is None or zeit.fuer is None or not set(fuer).isdisjoint(zeit.fuer)]
    periods = [zeit.zeitraum for zeit in mine if zeit.zeitraum is not None]
    return any(zeitraum.first <= other.last and other.first <= zeitraum.last for other in periods)


@rule
def im_gesetz(zeitraum: Period, *, tables: Tables) -> bool:
    """Does the period lie wholly in the time in which there is a claim (§ 56 Abs. 1a IfSG)?"""
    law = tables["rechtsstand"]
    return bool(law[0].ab <= zeitraum.first and zeitraum.last <= law[-1].bis)


@rule
def ausserhalb_des_gesetzes(zeitraum: Period, *, tables: Tables) -> bool:
    """Does the period lie wholly before or behind the time in which there is a claim (§ 56 Abs. 1a IfSG)?"""
    law = tables["rechtsstand"]
    return bool(zeitraum.last < law[0].ab or law[-1].bis < zeitraum.first)


@rule
def gesetz_gilt(zeiten: Rows, *, tables: Tables) -> bool:
    """Is a day claimed in the time in which there is a claim (§ 56 Abs. 1a IfSG)?"""
    return any(state_of_law(day, tables) is not None for day in closures_by_day(zeiten))


@rule
def erster_tag_des_gesetzes(*, tables: Tables) -> date:
    """The first day for which there is a claim (§ 56 Abs. 1a IfSG, Gesetz vom 27. März 2020)."""
    first: date = tables["rechtsstand"][0].ab
    return first


@rule
def letzter_tag_des_gesetzes(*, tables: Tables) -> date:
    """The last day for which there is a claim (§ 56 Abs. 1a IfSG)."""
    last: date = tables["rechtsstand"][-1].bis
    return last


@rule
def freie_tage_vorschlag(
    fuer: tuple[int, ...] | None, zeitraum: Period, grund: str | None, kinder: Rows, *, tables: Tables
) -> Days:
    """Days on which the facility would have been closed anyway (§ 56 Abs. 1a Satz 3 IfSG): a proposal to confirm.

    School holidays are proposed where all children concerned go to school, and never where the holidays themselves
    were ordered or extended. A day care centre is often open in the school holidays.
    """
    kinds = {kind.einrichtung_art for kind in kinder if fuer is None or kind.number in fuer}
    school = bool(kinds) and kinds <= {"grundschule", "schule"} and grund != "ferien_verlaengert"
    days = days_of(zeitraum)
    return tuple(day for day in days if is_public_holiday(day, tables) or (school and is_school_holiday(day, tables)))


@rule
def kinder_ab_12(kinder: Rows, zeiten: Rows, *, parameters: Parameters) -> Rows:
    """Children who are no longer under the age limit on a claimed day (§ 56 Abs. 1a Satz 1 Nr. 1 IfSG)."""
    return tuple(kind for kind in kinder if _too_old_on_some_day(kind, kinder, zeiten, parameters["altersgrenze"]))


def _too_old_on_some_day(kind: Row, kinder: Rows, zeiten: Rows, limit: int) -> bool:
    mine = [zeit for zeit in zeiten if zeit.zeitraum is not None and kind in children_of(zeit, kinder)]
    return kind.kind_geboren is not None and any(
        alter_am(kind.kind_geboren, zeit.zeitraum.last) >= limit for zeit in mine
    )


@rule
def teiltage_von(zeiten: Rows) -> Days:
    """The days on which somebody could work some hours all the same; only the lost part counts (§ 56 Abs. 3 IfSG)."""
    return tuple(sorted({day for zeit in zeiten for day in zeit.teil_tage or ()}))


@rule
def homeoffice_pruefen(zeiten: Rows, *, tables: Tables) -> bool:
    """Is a day claimed on which working from home counted as a reasonable way out (BT-Drs. 19/18111)?"""
    return any(home_office_excludes(day, tables) for day in closures_by_day(zeiten))


@rule
def kinderkrankengeld_pruefen(zeiten: Rows, *, tables: Tables) -> bool:
    """Is a day claimed on which the claim rests while child sick pay is drawn (§ 45 Abs. 2b SGB V)?"""
    return any(sick_pay_suspends(day, tables) for day in closures_by_day(zeiten))


@rule
def quarantaene_dabei(zeiten: Rows) -> bool:
    """Is a child's quarantine among the reasons, for which there is an order to show (§ 56 Abs. 1a Satz 1 IfSG)?"""
    return any(zeit.grund == "quarantaene" for zeit in zeiten)


@rule
def bic_noetig(iban: str, *, tables: Tables) -> bool:
    """Payments to SEPA countries outside the European Economic Area need a BIC (Regulation (EU) No 260/2012)."""
    return iban[:2] not in {line.land for line in tables["ewr_laender"]}


# --- criteria, day by day ---------------------------------------------------------------------------------------------


@rule
def anspruchszeit(zeiten: Rows, *, tables: Tables) -> Finding:
    """Days in the time in which there is a claim (§ 56 Abs. 1a Satz 1 IfSG). Also gives its first and last day."""
    law = tables["rechtsstand"]
    days = {day: state_of_law(day, tables) is not None for day in closures_by_day(zeiten)}
    return sorted_out(days, {"erster_tag": law[0].ab, "letzter_tag": law[-1].bis})


@rule
def grund_zaehlt(zeiten: Rows, *, tables: Tables) -> Finding:
    """Days whose reason counted on that day (§ 56 Abs. 1a Satz 1 IfSG in the version of the day).

    Of days outside the time of the law nothing is said: there the day fails, not the reason.
    """
    days = {day: rows for day, rows in closures_by_day(zeiten).items() if state_of_law(day, tables) is not None}
    counts = {day: best(_reason_counts(day, zeit.grund, tables) for zeit in rows) for day, rows in days.items()}
    return sorted_out(counts)


def _reason_counts(day: date, grund: str | None, tables: Tables) -> bool | None:
    """None where the reason is not known, in own words, or counts only by an uncertain line."""
    if grund in (None, "anderer_grund"):
        return None
    for line in tables["gruende"]:
        if line.grund == grund and line.ab <= day <= line.bis:
            return None if line.uncertain else True
    return False


@rule
def nicht_ohnehin_zu(zeiten: Rows) -> Finding:
    """Days on which the facility would have been open (§ 56 Abs. 1a Satz 3 IfSG)."""
    days = closures_by_day(zeiten).items()
    return sorted_out({day: any(day not in (zeit.freie_tage or ()) for zeit in rows) for day, rows in days})


@rule
def alter_erfuellt(kinder: Rows, zeiten: Rows, ab_zwoelf: Rows | None, *, parameters: Parameters) -> Finding:
    """Days with a child below the age limit, or disabled and in need of help (§ 56 Abs. 1a Satz 1 Nr. 1 IfSG)."""
    limit, helped = parameters["altersgrenze"], _in_need_of_help(ab_zwoelf)
    return sorted_out(
        {day: _young_enough(day, rows, kinder, helped, limit) for day, rows in closures_by_day(zeiten).items()}
    )


def _in_need_of_help(ab_zwoelf: Rows | None) -> dict[int, bool | None]:
    return {row.key.number: row.behindert for row in ab_zwoelf or ()}


def _young_enough(
    day: date, zeiten: Collection[Row], kinder: Rows, helped: Mapping[int, bool | None], limit: int
) -> bool | None:
    children = [kind for zeit in zeiten for kind in children_of(zeit, kinder)]
    return best(_age_fits(day, kind, helped, limit) for kind in children)


def _age_fits(day: date, kind: Row, helped: Mapping[int, bool | None], limit: int) -> bool | None:
    if kind.kind_geboren is None:
        return None
    return alter_am(kind.kind_geboren, day) < limit or helped.get(kind.number)


@rule
def sorge_erfuellt(kinder: Rows, zeiten: Rows, *, tables: Tables) -> Finding:
    """Days with a child of one's own, or a foster child in one's home (§ 56 Abs. 1a Satz 1 and 4 IfSG).

    For other children: no claim while the law spoke of people with custody; since it speaks of "erwerbstätige
    Person" the agency has to say, so these days are unclear.
    """
    return sorted_out({day: _custody(day, rows, kinder, tables) for day, rows in closures_by_day(zeiten).items()})


def _custody(day: date, zeiten: Collection[Row], kinder: Rows, tables: Tables) -> bool | None:
    law = state_of_law(day, tables)
    other = None if law is not None and not law.nur_sorgeberechtigte else False
    answers = {"eigenes": True, "pflegekind": True, "in_pflege": False, "anderes_kind": other}
    children = [kind for zeit in zeiten for kind in children_of(zeit, kinder)]
    return best(answers.get(kind.verhaeltnis) for kind in children)


@rule
def ohne_tage(zeiten: Rows, betroffen: bool | None, tage: Days | None) -> Finding:
    """Claimed days that are not among ``tage``; unclear while it is not known whether there are any.

    For all requirements that can fail on single days (§ 56 Abs. 1a Satz 1 Nr. 2 and 3 IfSG).
    """
    claimed = closures_by_day(zeiten)
    if betroffen is None or (betroffen and not tage):
        return finding((), (), claimed)
    excluded = set(tage or ()) if betroffen else set()
    return sorted_out({day: day not in excluded for day in claimed})


@rule
def kein_homeoffice(zeiten: Rows, homeoffice: str | None, *, tables: Tables) -> Finding:
    """Days on which working from home did not exclude the claim (BT-Drs. 19/18111, until the end of March 2021).

    ``bis`` is the last day on which it counted. Who could work from home in part keeps the claim for the rest.
    """
    days = closures_by_day(zeiten)
    counted = [day for day in days if home_office_excludes(day, tables)]
    others = [day for day in days if day not in set(counted)]
    more = {"bis": max(line.bis for line in tables["rechtsstand"] if line.homeoffice_schliesst_aus)}
    if homeoffice == "nein" or not counted:
        return finding(days, (), (), more)
    if homeoffice == "teils":
        return Finding("partly", {"tage_ja": len(others), "tage_nein": len(counted), **more})
    return finding(others, counted, (), more) if homeoffice == "ja" else finding((), (), counted, more)


@rule
def ohne_kinderkrankengeld(zeiten: Rows, bezogen: bool | None, tage: Days | None, *, tables: Tables) -> Finding:
    """Days on which neither parent drew child sick pay while the claim rests (§ 45 Abs. 2b SGB V)."""
    resting = tuple(day for day in tage or () if sick_pay_suspends(day, tables))
    if bezogen and tage and not resting:
        return ohne_tage(zeiten, False, None)
    return ohne_tage(zeiten, bezogen, resting)


# --- which days count -------------------------------------------------------------------------------------------------


@rule
def ausnahmen(
    fremd: Days | None, notbetreuung: Days | None, elternteil: Days | None, verwandte: Days | None, ausfall: Days | None
) -> Days:
    """All days on which there was another way, or another reason not to work (§ 56 Abs. 1a Satz 1 Nr. 2, 3 IfSG)."""
    return tuple(sorted({day for days in (fremd, notbetreuung, elternteil, verwandte, ausfall) for day in days or ()}))


@rule
def ruhende(zeiten: Rows, kinderkrankengeld: Days | None, homeoffice: str | None, *, tables: Tables) -> Days:
    """Days without a claim because of child sick pay (§ 45 Abs. 2b SGB V) or home office (BT-Drs. 19/18111)."""
    sick = {day for day in kinderkrankengeld or () if sick_pay_suspends(day, tables)}
    home = {day for day in closures_by_day(zeiten) if homeoffice == "ja" and home_office_excludes(day, tables)}
    return tuple(sorted(sick | home))


@rule
def zaehlende(
    kinder: Rows,
    zeiten: Rows,
    ab_zwoelf: Rows | None,
    ausgenommen: Days,
    ruhend: Days,
    *,
    tables: Tables,
    parameters: Parameters,
) -> Days:
    """The days that no requirement excludes (§ 56 Abs. 1a IfSG), in order. Unclear days are counted.

    One closure must fit in all respects: a day cannot borrow the reason of one and the child of another.
    """
    excluded, helped, limit = {*ausgenommen, *ruhend}, _in_need_of_help(ab_zwoelf), parameters["altersgrenze"]

    def fits(day: date, zeit: Row, kind: Row) -> bool:
        young = _age_fits(day, kind, helped, limit) is not False
        return young and _custody(day, (zeit,), (kind,), tables) is not False

    def counts(day: date, zeit: Row) -> bool:
        closed = day not in (zeit.freie_tage or ()) and _reason_counts(day, zeit.grund, tables) is not False
        return closed and any(fits(day, zeit, kind) for kind in children_of(zeit, kinder))

    return tuple(
        day
        for day, rows in closures_by_day(zeiten).items()
        if day not in excluded and state_of_law(day, tables) is not None and any(counts(day, zeit) for zeit in rows)
    )


@rule
def im_rahmen(
    tage: Days, bisher: Rows | None, alleinerziehend: bool, *, tables: Tables, parameters: Parameters
) -> Days:
    """The days within the longest duration of each year (§ 56 Abs. 2 Satz 5 IfSG): the earliest, after those paid."""
    limit = parameters["hoechsttage_allein" if alleinerziehend else "hoechsttage"]
    periods = [row.bisher_zeitraum for row in bisher or () if row.bisher_zeitraum is not None]
    used = Counter(_year_of(day, tables) for period in periods for day in days_of(period))
    kept: list[date] = []
    for day in sorted(tage):
        year = _year_of(day, tables)
        used[year] += 1
        if used[year] <= limit:
            kept.append(day)
    return tuple(kept)


def _year_of(day: date, tables: Tables) -> date | None:
    """The first day of the year of entitlement in which a day lies; None before the first one."""
    return max((line.beginn for line in tables["anspruchsjahre"] if line.beginn <= day), default=None)


@rule
def dauer_eingehalten(tage: Days, erlaubt: Days) -> Finding:
    """Days within the longest duration (§ 56 Abs. 2 Satz 5 IfSG). ``erlaubt`` are the days that :func:`im_rahmen` kept.

    No day at all is no breach of the duration.
    """
    return sorted_out({day: day in set(erlaubt) for day in tage})


@rule
def anzahl(tage: Days) -> int:
    """How many days there are."""
    return len(tage)


# --- amount -----------------------------------------------------------------------------------------------------------


@rule
def monatseinkommen(selbststaendig: Decimal | None, heimarbeit: Decimal | None) -> Decimal | None:
    """The monthly income of the branch that was asked, at least 0 (§ 56 Abs. 3 Satz 4 and 5 IfSG)."""
    known = selbststaendig if selbststaendig is not None else heimarbeit
    return None if known is None else max(known, Decimal(0))


@rule
def entschaedigung(
    monatlich: Decimal, tage: Days, zeiten: Rows, teiltage: Rows | None, stunden_tag: Decimal, *, parameters: Parameters
) -> Decimal:
    """A share of the monthly income for each month, at most the monthly limit (§ 56 Abs. 2 Satz 3 and 4 IfSG).

    A day is one part in ``tage_im_monat`` of the month, a wholly lost calendar month is one month. Euros and cents.
    """
    closures, hours = closures_by_day(zeiten), {row.key: row.ausfall_stunden for row in teiltage or ()}
    lost: dict[Month, list[Decimal]] = {}
    for day in tage:
        part = _lost_part(day, closures.get(day, []), hours, stunden_tag)
        lost.setdefault(Month(day.year, day.month), []).append(part)
    return sum((_for_month(month, parts, monatlich, parameters) for month, parts in lost.items()), Decimal(0))


def _lost_part(day: date, zeiten: Collection[Row], hours: Mapping[date, Decimal | None], usual: Decimal) -> Decimal:
    """Which part of the working day was lost, 0 to 1: the largest where several closures cover the day."""
    lost = [_hours_lost(day, zeit, hours) for zeit in zeiten]
    if not lost or None in lost or usual <= 0:
        return Decimal(1)
    return min(Decimal(1), max(part for part in lost if part is not None) / usual)


def _hours_lost(day: date, zeit: Row, hours: Mapping[date, Decimal | None]) -> Decimal | None:
    """None for a whole day."""
    if zeit.umfang == "taeglich":
        lost: Decimal | None = zeit.ausfall_taeglich
        return lost
    return hours.get(day) if day in (zeit.teil_tage or ()) else None


def _for_month(month: Month, parts: list[Decimal], monthly: Decimal, parameters: Parameters) -> Decimal:
    share = sum(parts, Decimal(0)) / _divisor(month, parts, parameters["tage_im_monat"])
    rate: Decimal = parameters["ersatzquote"] / Decimal(100)
    limit: Decimal = parameters["monatsgrenze"]
    return (min(monthly * rate, limit) * min(share, Decimal(1))).quantize(CENT, ROUND_HALF_UP)


def _divisor(month: Month, parts: list[Decimal], usual: int) -> int:
    first = date(month.year, month.month, 1)
    length = (_months_later(first, 1) - first).days
    return length if len(parts) == length else usual


# --- deadline ---------------------------------------------------------------------------------------------------------


@rule
def letzter_schliesstag(zeiten: Rows) -> date | None:
    """The last day of all closures, where the deadline starts (§ 56 Abs. 11 IfSG)."""
    return max((zeit.zeitraum.last for zeit in zeiten if zeit.zeitraum is not None), default=None)


@rule
def frist_ende(letzter_tag: date, *, tables: Tables, today: date) -> date:
    """The last day of the deadline (§ 56 Abs. 11 IfSG, § 31 VwVfG, §§ 187 and 188 BGB).

    The longest deadline that the law knows on the day of the application; on a Saturday, Sunday or public holiday
    the next working day.
    """
    lines = tables["antragsfristen"]
    months = max((line.monate for line in lines if line.ab <= today), default=lines[0].monate)
    end = _months_later(letzter_tag, months)
    while end.weekday() >= SATURDAY or is_public_holiday(end, tables):
        end += ONE_DAY
    return end


def _months_later(day: date, months: int) -> date:
    """The day of the same number, or the month's last day where it has none (§ 188 Abs. 2 and 3 BGB)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (day.day - 1) * ONE_DAY, following - ONE_DAY)


@rule
def frist_gewahrt(zeiten: Rows, *, tables: Tables, today: date) -> Finding:
    """Is the application in time for each closure (§ 56 Abs. 11 IfSG)? ``fristende`` is the last of the deadlines."""
    ends = [frist_ende(zeit.zeitraum.last, tables=tables, today=today) for zeit in zeiten if zeit.zeitraum is not None]
    if not ends:
        return Finding("unclear")
    in_time = sum(today <= end for end in ends)
    params = {"fristende": max(ends), "zeiten_ja": in_time, "zeiten_nein": len(ends) - in_time}
    if in_time == len(ends):
        return Finding("met", params)
    return Finding("partly" if in_time else "not_met", params)
