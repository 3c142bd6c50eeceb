"""Which days count: the requirements of § 56 Abs. 1a IfSG, each on both sides of its dates."""

from __future__ import annotations

import pytest

from bot.procedures.rules import Row
from tests.dialogs.elternentschaedigung.conftest import Call, child, closure, day, days, period


def counted(finding: object) -> tuple[object, ...]:
    return (finding.state, finding.params["tage_ja"], finding.params["tage_nein"])  # type: ignore[attr-defined]


# --- questions and checks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-05-11", "2020-05-10", 11),
        ("2008-05-11", "2020-05-11", 12),
        ("2008-02-29", "2021-02-28", 12),
        ("2008-02-29", "2021-03-01", 13),
    ],
)
def test_age_in_completed_years(law: Call, born: str, on: str, age: int) -> None:
    assert law("alter_am", day(born), day(on)) == age


@pytest.mark.parametrize(
    ("fuer", "first", "last", "before", "overlaps"),
    [
        ((1,), "2020-05-15", "2020-05-20", (1,), True),
        ((1,), "2020-05-16", "2020-05-20", (1,), False),
        ((1,), "2020-04-01", "2020-04-20", (1,), True),
        ((1,), "2020-04-01", "2020-04-19", (1,), False),
        ((2,), "2020-05-01", "2020-05-02", (1,), False),
        ((1, 2), "2020-05-01", "2020-05-02", (2, 3), True),
        (None, "2020-05-01", "2020-05-02", (1,), True),
        ((1,), "2020-05-01", "2020-05-02", None, True),
    ],
)
def test_a_day_is_given_once_for_a_child(
    law: Call, fuer: tuple[int, ...] | None, first: str, last: str, before: tuple[int, ...] | None, overlaps: bool
) -> None:
    earlier = (closure("2020-04-20", "2020-05-15", fuer=before),)
    assert law("ueberschneidet", fuer, period(first, last), earlier) is overlaps


def test_nothing_overlaps_the_first_closure(law: Call) -> None:
    assert law("ueberschneidet", None, period("2020-04-20", "2020-05-15"), ()) is False


@pytest.mark.parametrize(
    ("first", "last", "inside"),
    [
        ("2020-03-30", "2022-09-23", True),
        ("2020-03-29", "2020-04-09", False),
        ("2022-09-01", "2022-09-24", False),
    ],
)
def test_a_period_inside_the_law(law: Call, first: str, last: str, inside: bool) -> None:
    assert law("im_gesetz", period(first, last)) is inside


@pytest.mark.parametrize(
    ("first", "last", "outside"),
    [
        ("2020-03-01", "2020-03-29", True),
        ("2020-03-01", "2020-03-30", False),
        ("2022-09-23", "2022-09-30", False),
        ("2022-09-24", "2022-09-30", True),
        ("2020-01-01", "2022-12-31", False),
    ],
)
def test_a_period_wholly_outside_the_law(law: Call, first: str, last: str, outside: bool) -> None:
    assert law("ausserhalb_des_gesetzes", period(first, last)) is outside


def test_the_limits_of_the_law(law: Call) -> None:
    assert law("erster_tag_des_gesetzes") == day("2020-03-30")
    assert law("letzter_tag_des_gesetzes") == day("2022-09-23")


def test_the_reason_is_not_blamed_for_days_outside_the_law(law: Call) -> None:
    assert counted(law("grund_zaehlt", (closure("2022-09-20", "2022-09-30"),))) == ("met", 4, 0)
    assert not law("gesetz_gilt", (closure("2022-09-24", "2022-09-30"),))
    assert law("gesetz_gilt", (closure("2022-09-24", "2022-09-30"), closure("2022-09-23", "2022-09-23")))


@pytest.mark.parametrize(
    ("kind", "grund", "proposed"),
    [
        ("kita", "behoerde", ("2020-04-10", "2020-04-13")),
        ("schule", "ferien_verlaengert", ("2020-04-10", "2020-04-13")),
        ("schule", None, ("2020-04-10", "2020-04-11", "2020-04-12", "2020-04-13", "2020-04-14")),
    ],
)
def test_holidays_are_proposed_and_school_holidays_for_schools(
    law: Call, kind: str, grund: str | None, proposed: tuple[str, ...]
) -> None:
    children = (child(einrichtung_art=kind),)
    found = law("freie_tage_vorschlag", None, period("2020-04-08", "2020-04-14"), grund, children)
    assert found == days(*proposed)


def test_school_holidays_are_proposed_only_where_all_children_go_to_school(law: Call) -> None:
    children = (child(einrichtung_art="grundschule"), child(number=2, einrichtung_art="kita"))
    july = period("2020-07-20", "2020-07-22")
    assert law("freie_tage_vorschlag", (1,), july, "behoerde", children) == days(
        "2020-07-20", "2020-07-21", "2020-07-22"
    )
    assert law("freie_tage_vorschlag", (1, 2), july, "behoerde", children) == ()
    assert law("freie_tage_vorschlag", None, july, "behoerde", children) == ()


@pytest.mark.parametrize(("last", "asked"), [("2020-05-10", ()), ("2020-05-11", (1,))])
def test_disability_is_asked_only_for_a_child_of_12_on_a_claimed_day(
    law: Call, last: str, asked: tuple[int, ...]
) -> None:
    children = (child("2008-05-11"), child("2015-01-01", 2))
    rows = law("kinder_ab_12", children, (closure("2020-04-20", last),))
    assert tuple(row.number for row in rows) == asked


def test_disability_is_not_asked_where_the_closure_is_about_another_child(law: Call) -> None:
    children = (child("2006-05-11"), child("2015-01-01", 2))
    assert law("kinder_ab_12", children, (closure("2020-04-20", "2020-05-15", fuer=(2,)),)) == ()


def test_part_days_are_gathered_in_order_each_once(law: Call) -> None:
    closures = (
        closure("2020-05-04", "2020-05-08", teil_tage=days("2020-05-05", "2020-05-04")),
        closure("2020-04-20", "2020-05-08", 2, teil_tage=days("2020-04-21", "2020-05-05")),
    )
    assert law("teiltage_von", closures) == days("2020-04-21", "2020-05-04", "2020-05-05")
    assert law("teiltage_von", (closure("2020-05-04", "2020-05-08"),)) == ()


@pytest.mark.parametrize(("first", "asked"), [("2021-03-30", True), ("2021-03-31", False), ("2020-03-29", False)])
def test_home_office_is_asked_until_30_march_2021(law: Call, first: str, asked: bool) -> None:
    assert law("homeoffice_pruefen", (closure(first, first),)) is asked


@pytest.mark.parametrize(("first", "asked"), [("2021-01-04", False), ("2021-01-05", True), ("2022-09-23", True)])
def test_child_sick_pay_is_asked_from_5_january_2021(law: Call, first: str, asked: bool) -> None:
    assert law("kinderkrankengeld_pruefen", (closure(first, first),)) is asked


def test_quarantine_is_noticed_among_the_reasons(law: Call) -> None:
    assert law("quarantaene_dabei", (closure("2020-12-01", "2020-12-02", grund="quarantaene"),))
    assert not law("quarantaene_dabei", (closure("2020-12-01", "2020-12-02", grund=None),))


@pytest.mark.parametrize(("iban", "needed"), [("DE89370400440532013000", False), ("CH9300762011623852957", True)])
def test_a_bic_outside_the_european_economic_area(law: Call, iban: str, needed: bool) -> None:
    assert law("bic_noetig", iban) is needed


# --- criteria ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2020-03-30", "2020-04-09", ("met", 11, 0)),
        ("2020-03-28", "2020-03-30", ("partly", 1, 2)),
        ("2020-03-18", "2020-03-29", ("not_met", 0, 12)),
        ("2022-09-22", "2022-09-25", ("partly", 2, 2)),
        ("2022-09-24", "2022-09-24", ("not_met", 0, 1)),
        ("2021-11-25", "2021-11-26", ("met", 2, 0)),
        ("2022-03-19", "2022-03-20", ("met", 2, 0)),
    ],
)
def test_time_of_entitlement(law: Call, first: str, last: str, expected: tuple[object, ...]) -> None:
    finding = law("anspruchszeit", (closure(first, last),))
    assert counted(finding) == expected
    assert finding.params["erster_tag"] == day("2020-03-30")
    assert finding.params["letzter_tag"] == day("2022-09-23")


@pytest.mark.parametrize(
    ("grund", "before", "first", "last"),
    [
        ("quarantaene", "2020-11-18", "2020-11-19", "2022-09-23"),
        ("ferien_verlaengert", "2020-12-15", "2020-12-16", "2022-09-23"),
        ("praesenzpflicht", "2020-12-15", "2020-12-16", "2022-09-23"),
        ("eingeschraenkt", "2021-03-30", "2021-03-31", "2022-09-23"),
        ("empfehlung", "2021-03-30", "2021-03-31", "2022-09-23"),
    ],
)
def test_a_reason_counts_from_its_first_to_its_last_day(
    law: Call, grund: str, before: str, first: str, last: str
) -> None:
    def state(on: str) -> str:
        return law("grund_zaehlt", (closure(on, on, grund=grund),)).state

    assert [state(on) for on in (before, first, last)] == ["not_met", "met", "met"]


@pytest.mark.parametrize("grund", ["behoerde", "betretungsverbot"])
def test_the_first_reasons_count_as_long_as_the_law(law: Call, grund: str) -> None:
    closures = (closure("2020-03-29", "2020-03-30", grund=grund), closure("2022-09-23", "2022-09-24", grund=grund))
    assert counted(law("grund_zaehlt", closures)) == ("met", 2, 0)


@pytest.mark.parametrize(
    ("grund", "on", "state"),
    [
        ("traeger", "2021-05-03", "not_met"),
        ("anderer_grund", "2021-05-03", "unclear"),
        (None, "2021-05-03", "unclear"),
        ("bundesnotbremse", "2021-04-22", "not_met"),
        ("bundesnotbremse", "2021-04-23", "unclear"),
        ("bundesnotbremse", "2021-06-30", "unclear"),
        ("bundesnotbremse", "2021-07-01", "not_met"),
    ],
)
def test_reasons_that_never_count_or_are_not_settled(law: Call, grund: str | None, on: str, state: str) -> None:
    assert law("grund_zaehlt", (closure(on, on, grund=grund),)).state == state


def test_a_reason_may_begin_to_count_within_a_closure(law: Call) -> None:
    finding = law("grund_zaehlt", (closure("2020-11-16", "2020-11-20", grund="quarantaene"),))
    assert counted(finding) == ("partly", 2, 3)


def test_one_reason_that_counts_is_enough(law: Call) -> None:
    closures = (closure("2021-05-03", "2021-05-04", grund="traeger"), closure("2021-05-04", "2021-05-05", 2))
    assert counted(law("grund_zaehlt", closures)) == ("partly", 2, 1)


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (None, ("met", 3, 0)),
        ((), ("met", 3, 0)),
        (("2020-05-01",), ("partly", 2, 1)),
        (("2020-04-30", "2020-05-01", "2020-05-02"), ("not_met", 0, 3)),
    ],
)
def test_days_on_which_it_was_closed_anyway(
    law: Call, free: tuple[str, ...] | None, expected: tuple[object, ...]
) -> None:
    row = closure("2020-04-30", "2020-05-02", freie_tage=None if free is None else days(*free))
    assert counted(law("nicht_ohnehin_zu", (row,))) == expected


def twelve(number: int, disabled: bool | None) -> Row:
    return Row("ab_zwoelf", str(number), 1, child("2008-05-11", number), {"behindert": disabled})


@pytest.mark.parametrize(
    ("born", "rows", "expected"),
    [
        ("2008-05-11", (twelve(1, False),), ("partly", 10, 5)),  # example F: the last day is 10 May 2020
        ("2008-05-11", (twelve(1, None),), ("unclear", 10, 0)),
        ("2008-05-11", None, ("unclear", 10, 0)),
        ("2008-05-11", (twelve(1, True),), ("met", 15, 0)),
        ("2008-05-16", None, ("met", 15, 0)),
        ("2008-05-01", (twelve(1, False),), ("not_met", 0, 15)),
    ],
)
def test_the_right_ends_the_day_before_the_twelfth_birthday(
    law: Call, born: str, rows: tuple[Row, ...] | None, expected: tuple[object, ...]
) -> None:
    finding = law("alter_erfuellt", (child(born),), (closure("2020-05-01", "2020-05-15"),), rows)
    assert counted(finding) == expected


def test_one_young_child_is_enough_but_only_where_it_is_concerned(law: Call) -> None:
    children = (child("2006-01-01"), child("2016-01-01", 2))
    old = (twelve(1, False),)
    assert law("alter_erfuellt", children, (closure("2020-05-04", "2020-05-05"),), old).state == "met"
    assert law("alter_erfuellt", children, (closure("2020-05-04", "2020-05-05", fuer=(1,)),), old).state == "not_met"


@pytest.mark.parametrize(
    ("relation", "on", "state"),
    [
        ("eigenes", "2021-03-30", "met"),
        ("pflegekind", "2021-03-31", "met"),
        ("in_pflege", "2021-03-31", "not_met"),
        ("anderes_kind", "2021-03-30", "not_met"),
        ("anderes_kind", "2021-03-31", "unclear"),
        (None, "2021-03-30", "unclear"),
    ],
)
def test_whose_child_it_is(law: Call, relation: str | None, on: str, state: str) -> None:
    assert law("sorge_erfuellt", (child(verhaeltnis=relation),), (closure(on, on),)).state == state


@pytest.mark.parametrize(
    ("concerned", "excluded", "state"),
    [
        (False, None, "met"),
        (True, ("2020-05-04",), "partly"),
        (True, ("2020-05-04", "2020-05-05"), "not_met"),
        (True, None, "unclear"),
        (True, (), "unclear"),
        (None, None, "unclear"),
        (False, ("2020-05-04",), "met"),
    ],
)
def test_days_that_are_excluded(
    law: Call, concerned: bool | None, excluded: tuple[str, ...] | None, state: str
) -> None:
    found = None if excluded is None else days(*excluded)
    assert law("ohne_tage", (closure("2020-05-04", "2020-05-05"),), concerned, found).state == state


@pytest.mark.parametrize(
    ("answer", "first", "last", "expected"),
    [
        ("nein", "2021-03-29", "2021-03-30", ("met", 2, 0)),
        ("ja", "2021-03-29", "2021-03-30", ("not_met", 0, 2)),
        ("ja", "2021-03-29", "2021-04-01", ("partly", 2, 2)),
        ("teils", "2021-03-29", "2021-03-30", ("partly", 0, 2)),
        ("ja", "2021-03-31", "2021-04-01", ("met", 2, 0)),
        (None, "2021-03-29", "2021-03-30", ("unclear", 0, 0)),
    ],
)
def test_home_office_by_day(law: Call, answer: str | None, first: str, last: str, expected: tuple[object, ...]) -> None:
    finding = law("kein_homeoffice", (closure(first, last),), answer)
    assert counted(finding) == expected
    assert finding.params["bis"] == day("2021-03-30")


@pytest.mark.parametrize(
    ("drawn", "on", "state"),
    [
        (False, None, "met"),
        (True, ("2021-01-05",), "partly"),
        (True, ("2021-01-04",), "met"),
        (True, ("2021-01-04", "2021-01-05"), "partly"),
        (True, None, "unclear"),
        (None, None, "unclear"),
    ],
)
def test_child_sick_pay_by_day(law: Call, drawn: bool | None, on: tuple[str, ...] | None, state: str) -> None:
    found = None if on is None else days(*on)
    finding = law("ohne_kinderkrankengeld", (closure("2021-01-04", "2021-01-06"),), drawn, found)
    assert finding.state == state


# --- which days count -------------------------------------------------------------------------------------------------


def test_excluded_days_are_joined(law: Call) -> None:
    found = law("ausnahmen", days("2020-05-05"), None, days("2020-05-04", "2020-05-05"), None, ())
    assert found == days("2020-05-04", "2020-05-05")


@pytest.mark.parametrize(
    ("homeoffice", "resting"), [("nein", ("2021-01-05",)), ("teils", ("2021-01-05",)), (None, ("2021-01-05",))]
)
def test_days_at_rest(law: Call, homeoffice: str | None, resting: tuple[str, ...]) -> None:
    sick = days("2021-01-04", "2021-01-05")
    assert law("ruhende", (closure("2021-01-04", "2021-01-06"),), sick, homeoffice) == days(*resting)


def test_full_home_office_takes_only_the_days_of_the_old_law(law: Call) -> None:
    assert law("ruhende", (closure("2021-03-30", "2021-03-31"),), None, "ja") == days("2021-03-30")


def test_counted_days_fulfil_every_requirement(law: Call) -> None:
    closures = (closure("2020-03-29", "2020-04-03", freie_tage=days("2020-04-01")),)
    excluded, resting = days("2020-04-02"), days("2020-04-03")
    assert law("zaehlende", (child(),), closures, (), excluded, resting) == days("2020-03-30", "2020-03-31")


@pytest.mark.parametrize(
    ("kind", "answers", "counts"),
    [
        (child("2008-01-01"), {}, False),
        (child(verhaeltnis="in_pflege"), {}, False),
        (child(), {"grund": "traeger"}, False),
        (child(), {"grund": None}, True),
        (child(), {}, True),
    ],
)
def test_a_day_that_fails_does_not_count_and_an_open_one_does(
    law: Call, kind: Row, answers: dict[str, object], counts: bool
) -> None:
    closures = (closure("2020-05-04", "2020-05-04", **answers),)
    rows = (twelve(1, False),)
    assert bool(law("zaehlende", (kind,), closures, rows, (), ())) is counts


def test_a_day_cannot_borrow_the_reason_of_another_childs_closure(law: Call) -> None:
    children = (child("2006-01-01"), child("2016-01-01", 2))
    closures = (
        closure("2020-05-04", "2020-05-04", fuer=(1,)),
        closure("2020-05-04", "2020-05-04", 2, fuer=(2,), grund="traeger"),
    )
    assert law("zaehlende", children, closures, (twelve(1, False),), (), ()) == ()


def span(first: str, last: str) -> tuple[object, ...]:
    start, end = day(first), day(last)
    return tuple(type(start).fromordinal(number) for number in range(start.toordinal(), end.toordinal() + 1))


@pytest.mark.parametrize(("alone", "weeks"), [(True, 20), (False, 10)])
def test_twenty_two_weeks_in_a_year_are_cut(law: Call, alone: bool, weeks: int) -> None:
    claimed = span("2021-03-29", "2021-08-29")
    assert len(claimed) == 22 * 7
    kept = law("im_rahmen", claimed, (), alone)
    assert kept == claimed[: weeks * 7]
    finding = law("dauer_eingehalten", claimed, kept)
    assert counted(finding) == ("partly", weeks * 7, (22 - weeks) * 7)


def test_each_year_has_its_own_weeks(law: Call) -> None:
    claimed = (*span("2021-01-01", "2021-03-27"), *span("2021-03-28", "2021-06-05"))
    kept = law("im_rahmen", claimed, (), False)
    assert len([one for one in kept if one < day("2021-03-28")]) == 70
    assert len([one for one in kept if one >= day("2021-03-28")]) == 70


def paid(first: str, last: str) -> Row:
    return Row("bisher", "1", 1, 1, {"bisher_zeitraum": period(first, last)})


def test_what_was_paid_before_is_counted_first(law: Call) -> None:
    claimed = span("2020-06-01", "2020-06-10")
    assert law("im_rahmen", claimed, (paid("2020-03-30", "2020-06-05"),), False) == claimed[:2]
    assert law("im_rahmen", claimed, (paid("2020-03-30", "2020-06-30"),), False) == ()
    assert law("im_rahmen", claimed, (paid("2021-04-01", "2021-06-30"),), False) == claimed
    assert law("im_rahmen", claimed, None, False) == claimed


def test_the_longest_duration_is_a_parameter(law: Call) -> None:
    claimed = span("2020-06-01", "2020-06-10")
    assert law("im_rahmen", claimed, (), False, hoechsttage=3) == claimed[:3]


def test_no_counted_day_is_no_breach_of_the_duration(law: Call) -> None:
    assert law("dauer_eingehalten", (), ()).state == "met"


def test_days_are_counted(law: Call) -> None:
    assert law("anzahl", days("2020-05-04", "2020-05-05")) == 2
