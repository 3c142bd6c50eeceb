"""The dated tables: computed anew from the calendar where that is possible, and in order where the law has stages."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.procedures.source import Source
from tests.dialogs.elternentschaedigung.conftest import day


def easter_sunday(year: int) -> date:
    """Gauss' rule with its two exceptions."""
    century = year // 100
    moon = (15 + (3 * century + 3) // 4 - (8 * century + 13) // 25) % 30
    sun = 2 - (3 * century + 3) // 4
    seed = (19 * (year % 19) + moon) % 30
    limit = 21 + seed - (seed // 29 + (seed // 28 - seed // 29) * (year % 19 // 11))
    first_sunday = 7 - (year + year // 4 + sun) % 7
    return date(year, 3, 1) + timedelta(days=limit + 7 - (limit - first_sunday) % 7 - 1)


def penance_day(year: int) -> date:
    """Buß- und Bettag: the last Wednesday before 23 November."""
    return next(found for back in range(1, 8) if (found := date(year, 11, 23) - timedelta(days=back)).weekday() == 2)


def holidays(year: int) -> set[date]:
    easter = easter_sunday(year)
    fixed = {date(year, *one) for one in ((1, 1), (5, 1), (10, 3), (10, 31), (12, 25), (12, 26))}
    moving = {easter + timedelta(days=distance) for distance in (-2, 1, 39, 50)}
    return fixed | moving | {penance_day(year)}


def test_easter_is_computed_rightly() -> None:
    assert [easter_sunday(year) for year in (2020, 2021, 2022)] == [
        date(2020, 4, 12),
        date(2021, 4, 4),
        date(2022, 4, 17),
    ]


@pytest.mark.parametrize("year", range(2020, 2026))
def test_public_holidays_are_those_of_saxony(source: Source, year: int) -> None:
    assert {line.tag for line in source.tables["feiertage"] if line.tag.year == year} == holidays(year)


def test_public_holidays_reach_beyond_the_last_deadline(source: Source) -> None:
    assert max(line.tag for line in source.tables["feiertage"]) > date(2024, 9, 30)


def test_school_holidays_do_not_overlap(source: Source) -> None:
    lines = source.tables["schulferien"]
    assert all(line.von <= line.bis for line in lines)
    assert all(one.bis < other.von for one, other in pairwise(lines))


def test_stages_of_the_law_follow_each_other_without_a_gap(source: Source) -> None:
    lines = source.tables["rechtsstand"]
    assert all(one.bis + timedelta(days=1) == other.ab for one, other in pairwise(lines))
    assert [str(line.ab) for line in lines] == [
        "2020-03-30",
        "2020-11-19",
        "2020-12-16",
        "2021-01-05",
        "2021-03-31",
        "2021-11-26",
        "2022-03-20",
    ]
    assert lines[-1].bis == day("2022-09-23")


def test_each_reason_of_the_table_can_be_chosen(source: Source) -> None:
    reasons = {line.grund for line in source.tables["gruende"]}
    grund = next(
        question for section in source.procedure.sections for question in section.questions if question.id == "grund"
    )
    assert set(grund.kind.options) == reasons | {"traeger", "anderer_grund"}


def test_reasons_lie_within_the_law(source: Source) -> None:
    law = source.tables["rechtsstand"]
    assert all(law[0].ab <= line.ab <= line.bis <= law[-1].bis for line in source.tables["gruende"])


def test_deadlines_only_get_longer(source: Source) -> None:
    lines = source.tables["antragsfristen"]
    assert all(one.ab < other.ab and one.monate < other.monate for one, other in pairwise(lines))


def test_what_is_not_proven_is_marked(source: Source) -> None:
    uncertain = {
        name: {index for index, line in enumerate(lines) if line.uncertain} for name, lines in source.tables.items()
    }
    assert uncertain["anspruchsjahre"] == {0, 1, 2}
    assert uncertain["antragsfristen"] == {2}
    assert {source.tables["gruende"][index].grund for index in uncertain["gruende"]} == {"bundesnotbremse"}
    assert not uncertain["feiertage"]
