"""The deadline: § 56 Abs. 11 IfSG, § 31 VwVfG, §§ 187 and 188 BGB."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.procedures.source import Source
from tests.dialogs.elternentschaedigung.conftest import Call, closure, day


@pytest.mark.parametrize(
    ("last", "end"),
    [
        ("2022-09-23", "2024-09-23"),  # a Monday
        ("2020-02-29", "2022-02-28"),  # the month lacks the day
        ("2020-05-15", "2022-05-16"),  # Sunday
        ("2020-04-09", "2022-04-11"),  # Saturday
        ("2020-05-01", "2022-05-02"),  # a holiday on a Sunday
        ("2020-04-15", "2022-04-19"),  # Good Friday, Saturday, Sunday, Easter Monday
        ("2020-11-16", "2022-11-17"),  # Buß- und Bettag
        ("2020-10-31", "2022-11-01"),  # Reformationstag
        ("2020-12-24", "2022-12-27"),  # Saturday and both days of Christmas
        ("2021-12-31", "2024-01-02"),  # Sunday, New Year
        ("2020-05-14", "2022-05-16"),  # Saturday
        ("2021-05-12", "2023-05-12"),  # an ordinary Friday
    ],
)
def test_two_years_and_then_the_next_working_day(law: Call, last: str, end: str) -> None:
    assert law("frist_ende", day(last), today=day("2026-11-23")) == day(end)


@pytest.mark.parametrize(
    ("today", "end"),
    [
        ("2020-05-22", "2020-08-17"),
        ("2020-05-23", "2021-05-17"),
        ("2021-03-30", "2021-05-17"),
        ("2021-03-31", "2022-05-16"),
    ],
)
def test_the_deadline_is_the_longest_that_the_law_knows_by_then(law: Call, today: str, end: str) -> None:
    assert law("frist_ende", day("2020-05-15"), today=day(today)) == day(end)


@given(last=st.dates(date(2020, 3, 30), date(2022, 9, 23)))
def test_a_deadline_ends_on_a_working_day_a_few_days_after_two_years(source: Source, law: Call, last: date) -> None:
    end = law("frist_ende", last, today=date(2026, 11, 23))
    assert end.weekday() < 5
    assert end not in {line.tag for line in source.tables["feiertage"]}
    assert timedelta(0) <= end - last - timedelta(days=730) <= timedelta(days=6)


@pytest.mark.parametrize(
    ("today", "state"),
    [("2022-04-11", "met"), ("2022-04-12", "partly"), ("2022-05-16", "partly"), ("2022-05-17", "not_met")],
)
def test_each_closure_has_its_own_deadline(law: Call, today: str, state: str) -> None:
    closures = (closure("2020-03-30", "2020-04-09"), closure("2020-04-20", "2020-05-15", 2))
    finding = law("frist_gewahrt", closures, today=day(today))
    assert finding.state == state
    assert finding.params["fristende"] == day("2022-05-16")
    assert finding.params["zeiten_ja"] + finding.params["zeiten_nein"] == 2


def test_without_a_closure_nothing_is_said(law: Call) -> None:
    assert law("frist_gewahrt", (closure("2020-04-20", "2020-05-15", zeitraum=None),)).state == "unclear"
    assert law("letzter_schliesstag", ()) is None


def test_the_last_day_of_all_closures(law: Call) -> None:
    closures = (closure("2020-04-20", "2020-05-15"), closure("2020-03-30", "2020-04-09", 2))
    assert law("letzter_schliesstag", closures) == day("2020-05-15")
