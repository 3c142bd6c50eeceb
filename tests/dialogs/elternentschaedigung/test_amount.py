"""The non-binding estimate: the worked examples, the monthly limit, parts of months and of days."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.procedures.rules import Row
from tests.dialogs.elternentschaedigung.conftest import Call, closure, day, days
from tests.dialogs.elternentschaedigung.test_days import span

EIGHT = Decimal(8)
SPRING = (*span("2020-03-30", "2020-04-09"), *span("2020-04-20", "2020-04-30"), *span("2020-05-02", "2020-05-15"))


def spring(**answers: object) -> tuple[Row, ...]:
    first = closure("2020-03-30", "2020-04-09", **answers)
    return (first, closure("2020-04-20", "2020-05-15", 2, **{"freie_tage": days("2020-05-01"), **answers}))


def part_day(on: str, hours: str) -> Row:
    return Row("teiltage", on, 1, day(on), {"ausfall_stunden": Decimal(hours)})


def test_example_d_whole_days(law: Call) -> None:
    assert len(SPRING) == 36
    assert law("entschaedigung", Decimal(2100), SPRING, spring(), (), EIGHT) == Decimal("1688.40")


def test_example_d_half_the_time(law: Call) -> None:
    half = spring(umfang="taeglich", ausfall_taeglich=Decimal(4))
    assert law("entschaedigung", Decimal(2100), SPRING, half, (), EIGHT) == Decimal("844.20")


@pytest.mark.parametrize(
    ("monthly", "expected"),
    [
        ("2400.00", "1608.00"),  # example A
        ("3500.00", "2016.00"),  # example B
        ("3008.95", "2016.00"),
        ("3008.94", "2015.99"),
        ("0.00", "0.00"),
    ],
)
@pytest.mark.parametrize(
    "month", [("2020-04-01", "2020-04-30"), ("2020-05-01", "2020-05-31"), ("2021-02-01", "2021-02-28")]
)
def test_a_full_month_is_a_share_of_the_month_up_to_its_limit(
    law: Call, monthly: str, expected: str, month: tuple[str, str]
) -> None:
    found = law("entschaedigung", Decimal(monthly), span(*month), (closure(*month),), (), EIGHT)
    assert found == Decimal(expected)


@pytest.mark.parametrize(("count", "expected"), [(1, "67.20"), (11, "739.20"), (12, "806.40"), (29, "1948.80")])
def test_the_limit_is_shared_out_by_days(law: Call, count: int, expected: str) -> None:
    """Example C: 11 days have a limit of 739.20 EUR, 12 days of 806.40 EUR."""
    claimed = span("2020-07-01", "2020-07-31")[:count]
    found = law("entschaedigung", Decimal(9000), claimed, (closure("2020-07-01", "2020-07-31"),), (), EIGHT)
    assert found == Decimal(expected)


def test_thirty_days_of_a_long_month_are_no_more_than_a_month(law: Call) -> None:
    claimed = span("2020-07-01", "2020-07-30")
    found = law("entschaedigung", Decimal(2100), claimed, (closure("2020-07-01", "2020-07-31"),), (), EIGHT)
    assert found == Decimal("1407.00")


def test_rates_are_parameters(law: Call) -> None:
    call = ("entschaedigung", Decimal(3000), span("2020-07-01", "2020-07-10"), (closure("2020-07-01", "2020-07-10"),))
    assert law(*call, (), EIGHT, ersatzquote=Decimal(50)) == Decimal("500.00")
    assert law(*call, (), EIGHT, tage_im_monat=20) == Decimal("1005.00")
    assert law(*call, (), EIGHT, monatsgrenze=Decimal(300)) == Decimal("100.00")


def test_single_part_days_count_by_their_hours(law: Call) -> None:
    row = closure("2020-05-04", "2020-05-05", umfang="einzelne", teil_tage=days("2020-05-05"))
    claimed = days("2020-05-04", "2020-05-05")
    found = law("entschaedigung", Decimal(2100), claimed, (row,), (part_day("2020-05-05", "2"),), EIGHT)
    assert found == Decimal("58.63")  # 1.25 x 46.90, half a cent rounds up


@pytest.mark.parametrize(("hours", "expected"), [("0", "0.00"), ("8", "46.90"), ("12", "46.90")])
def test_a_day_is_at_most_one_day(law: Call, hours: str, expected: str) -> None:
    row = closure("2020-05-05", "2020-05-05", umfang="einzelne", teil_tage=days("2020-05-05"))
    found = law("entschaedigung", Decimal(2100), days("2020-05-05"), (row,), (part_day("2020-05-05", hours),), EIGHT)
    assert found == Decimal(expected)


def test_of_two_closures_the_larger_loss_counts(law: Call) -> None:
    half = closure("2020-05-05", "2020-05-05", umfang="taeglich", ausfall_taeglich=Decimal(4))
    whole = closure("2020-05-05", "2020-05-05", 2)
    assert law("entschaedigung", Decimal(2100), days("2020-05-05"), (half, whole), None, EIGHT) == Decimal("46.90")


@given(
    monthly=st.decimals(0, 20000, places=2),
    count=st.integers(0, 60),
    hours=st.decimals(0, 24, places=2),
)
def test_never_more_than_the_limit_of_each_month(law: Call, monthly: Decimal, count: int, hours: Decimal) -> None:
    claimed = span("2020-06-01", "2020-07-31")[:count]
    row = closure("2020-06-01", "2020-07-31", umfang="taeglich", ausfall_taeglich=hours)
    found = law("entschaedigung", monthly, claimed, (row,), (), EIGHT)
    assert 0 <= found <= min(monthly * 2, Decimal(4032))
    assert found == round(found, 2)


@pytest.mark.parametrize(
    ("self_employed", "home", "expected"),
    [("2100", None, "2100"), (None, "900", "900"), ("-50", None, "0"), (None, None, None)],
)
def test_monthly_income_of_the_branch_that_was_asked(
    law: Call, self_employed: str | None, home: str | None, expected: str | None
) -> None:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    assert law("monatseinkommen", number(self_employed), number(home)) == number(expected)
