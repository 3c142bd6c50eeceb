from datetime import date

import pytest

from bot.answers.base import Misshapen, Month, Period, Value
from tests.answers.speaking import english, german, kind, told


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("3.5.20", "= 3. Mai 2020"),
        ("03.05.2020", "= 3. Mai 2020"),
        ("3. Mai 2020", "= 3. Mai 2020"),
        ("am Sonntag, den 3. Mai 2020", "= 3. Mai 2020"),
        ("3 May 2020", "= 3. Mai 2020"),
        ("May 3rd, 2020", "= 3. Mai 2020"),
        ("2020-05-03", "= 3. Mai 2020"),
        ("3-5-2020", "= 3. Mai 2020"),
        ("3/5/2020", "= 3. Mai 2020"),
        ("3. Febuar 2020", "= 3. Februar 2020"),
        ("29.2.2020", "= 29. Februar 2020"),
        ("heute", "= 2. März 2022"),
        ("gestern", "= 1. März 2022"),
        ("Vorgestern.", "= 28. Februar 2022"),
        ("vor 3 Tagen", "= 27. Februar 2022"),
        ("yesterday", "= 1. März 2022"),
        ("03052020", "? 3. Mai 2020"),
        ("030520", "? 3. Mai 2020"),
        ("3.5.", "? 3. Mai 2021 | 3. Mai 2020"),
        ("3. Mai", "? 3. Mai 2021 | 3. Mai 2020"),
        ("31.02.2020", "! date.impossible"),
        ("29.2.2021", "! date.impossible"),
        ("31.4.20", "! date.impossible"),
        ("32.5.2020", "! date.no_such_day"),
        ("0.5.2020", "! date.no_such_day"),
        ("3.13.2020", "! date.no_such_month"),
        ("Mai 2020", "! date.day_missing"),
        ("2020", "! date.day_missing"),
        ("3.5.1820", "! date.year"),
        ("3.5.202", "! date.not_understood"),
        ("1.4.2022", "! date.future"),
        ("morgen", "! date.future"),
        ("irgendwann", "! date.not_understood"),
        ("3.5.2020 oder 4.5.2020", "! date.not_understood"),
    ],
)
def test_date(text, answer):
    assert told(kind("date", latest="today"), text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("3 May 2020", "= 3 May 2020"),
        ("May 3 2020", "= 3 May 2020"),
        ("the 3rd of May 2020", "= 3 May 2020"),
        ("yesterday", "= 1 March 2022"),
        ("the day before yesterday", "= 28 February 2022"),
        ("two weeks ago", "= 16 February 2022"),
        ("3. Mai 2020", "= 3 May 2020"),
        ("gestern", "= 1 March 2022"),
        ("03/05/2020", "? 3 May 2020 | 5 March 2020"),
        ("05/13/2020", "= 13 May 2020"),
        ("05/05/2020", "= 5 May 2020"),
        ("3.5.2020", "= 3 May 2020"),
    ],
)
def test_date_in_english(text, answer):
    assert told(kind("date"), text, english()) == answer


def test_an_impossible_day_is_refused_with_a_helpful_word():
    reading = kind("date").read("31.02.2020", german())
    assert reading.params == {"month": "Februar 2020", "days": "29"}
    assert kind("date").read("31.02.2020", english()).params == {"month": "February 2020", "days": "29"}


@pytest.mark.parametrize(("text", "year"), [("1.1.85", 1985), ("1.1.20", 2020), ("1.1.22", 2022), ("1.1.23", 1923)])
def test_two_digits_are_a_year_of_the_past_for_a_birthday(text, year):
    assert kind("date", latest="today").read(text, german()) == Value(date(year, 1, 1))


def test_limits_of_dates():
    since = kind("date", earliest="2020-03-30", latest="parameter.ende")
    context = german(parameters={"ende": date(2020, 12, 31)})
    assert told(since, "29.3.2020", context) == "! date.too_early"
    assert told(since, "30.3.2020", context) == "= 30. März 2020"
    assert told(since, "1.1.2021", context) == "! date.too_late"
    assert told(since, "3. Mai", context) == "= 3. Mai 2020", "only one year is possible"
    assert since.limits(context) == {"earliest": "2020-03-30", "latest": "2020-12-31"}
    assert since.accept("2020-03-29", context).key == "date.too_early"


def test_one_reading_beyond_the_limit_leaves_the_other():
    assert told(kind("date", latest="2020-04-01"), "03/05/2020", english()) == "= 5 March 2020"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("April 2020", "= April 2020"),
        ("04/2020", "= April 2020"),
        ("4.2020", "= April 2020"),
        ("04.20", "= April 2020"),
        ("2020-04", "= April 2020"),
        ("Apr 20", "= April 2020"),
        ("im April 2020", "= April 2020"),
        ("letzter Monat", "= Februar 2022"),
        ("this month", "= März 2022"),
        ("April", "? April 2021 | April 2020"),
        ("13/2020", "! date.no_such_month"),
        ("3.4.2020", "! month.not_understood"),
        ("2020", "! month.month_missing"),
        ("seit 2020", "! month.month_missing"),
        ("im Jahr 2020", "! month.month_missing"),
        ("seit April 2020", "= April 2020"),
        ("since 04/2020", "= April 2020"),
        ("seit", "! month.not_understood"),
        ("Mai 2022", "! date.too_late"),
    ],
)
def test_month(text, answer):
    assert told(kind("month", latest="today"), text) == answer


def test_limits_of_months_may_be_days():
    spring = kind("month", earliest="2020-03-30", latest="2020-05")
    assert told(spring, "März 2020") == "= März 2020"
    assert told(spring, "Juni 2020") == "! date.too_late"
    assert spring.limits(german()) == {"earliest": "2020-03", "latest": "2020-05"}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("2019", "= 2019"),
        ("im Jahr 2019", "= 2019"),
        ("letztes Jahr", "= 2021"),
        ("this year", "= 2022"),
        ("zweitausendneunzehn", "= 2019"),
        ("19", "? 2019"),
        ("99", "? 1999"),
        ("2023", "! date.too_late"),
        ("1850", "! date.year"),
        ("2019/2020", "! year.not_understood"),
    ],
)
def test_year(text, answer):
    assert told(kind("year", latest="today"), text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("20.4.–15.5.2020", "= 20. April 2020 bis 15. Mai 2020"),
        ("20.4.-15.5.2020", "= 20. April 2020 bis 15. Mai 2020"),
        ("20.4.2020 - 15.5.2020", "= 20. April 2020 bis 15. Mai 2020"),
        ("vom 20.4.2020 bis 15.5.2020", "= 20. April 2020 bis 15. Mai 2020"),
        ("20.4. bis einschließlich 15.5.20", "= 20. April 2020 bis 15. Mai 2020"),
        ("from 20 April 2020 to 15 May 2020", "= 20. April 2020 bis 15. Mai 2020"),
        ("2020-04-20-2020-05-15", "= 20. April 2020 bis 15. Mai 2020"),
        ("20.–25. April 2020", "= 20. April 2020 bis 25. April 2020"),
        ("20.4.2020", "= 20. April 2020"),
        ("20.4.2020 bis 20.4.2020", "= 20. April 2020"),
        ("1.3.2022 bis heute", "= 1. März 2022 bis 2. März 2022"),
        ("April 2020", "? 1. April 2020 bis 30. April 2020"),
        ("März bis Mai 2020", "? 1. März 2020 bis 31. Mai 2020"),
        ("KW 17 2020", "? 20. April 2020 bis 26. April 2020"),
        ("20.12.–5.1.2021", "? 20. Dezember 2020 bis 5. Januar 2021"),
        ("20.4. bis 15.5.", "? 20. April 2021 bis 15. Mai 2021 | 20. April 2020 bis 15. Mai 2020"),
        ("15.5.2020 bis 20.4.2020", "! period.backwards"),
        ("31.2.2020 bis 5.3.2020", "! date.impossible"),
        ("20.2.2020 bis 30.2.2020", "! date.impossible"),
        ("1.3.2022 bis 9.9.2023", "! date.future"),
        ("KW 54 2020", "! period.not_understood"),
        ("im Frühling", "! period.not_understood"),
    ],
)
def test_period(text, answer):
    assert told(kind("period", latest="today"), text) == answer


def test_period_in_english():
    assert told(kind("period"), "20/4/2020 to 15/5/2020", english()) == "= 20 April 2020 to 15 May 2020"
    assert told(kind("period"), "20.4.2020 bis 15.5.2020", english()) == "= 20 April 2020 to 15 May 2020"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1.5., 4.5.2020 und 21.-22.5.2020", "= 1. Mai 2020, 4. Mai 2020, 21. Mai 2020, 22. Mai 2020"),
        ("1., 4. und 5.5.2020", "= 1. Mai 2020, 4. Mai 2020, 5. Mai 2020"),
        ("1.5. und 4.5.", "= 1. Mai 2020, 4. Mai 2020"),
        ("4.5.2020, 1.5.2020, 4.5.2020", "= 1. Mai 2020, 4. Mai 2020"),
        ("May 1, 2020 and May 4, 2020", "= 1. Mai 2020, 4. Mai 2020"),
        ("11.5.-15.5.2020", "= 11. Mai 2020 bis 15. Mai 2020"),
        ("keine", "= keine"),
        ("alle", "= 20. April 2020 bis 25. Mai 2020"),
        ("1.6.2020", "! days.outside"),
        ("1.5.2020, 31.4.2020", "! date.impossible"),
        ("1.5.2020, Ostern", "! days.not_understood"),
    ],
)
def test_days(text, answer):
    context = german(within=(Period(date(2020, 4, 20), date(2020, 5, 25)),))
    assert told(kind("days", within="zeitraum"), text, context) == answer


def test_days_without_a_period_around_them():
    assert told(kind("days"), "30.12. und 2.1.2021") == "= 30. Dezember 2020, 2. Januar 2021"
    assert told(kind("days"), "1.5.2020, 4.5.") == "= 1. Mai 2020, 4. Mai 2020"
    assert told(kind("days", latest="today"), "1.5.") == "? 1. Mai 2021 | 1. Mai 2020"
    assert told(kind("days", earliest="2020-06-01", latest="today"), "1.5., 4.5.") == "= 1. Mai 2021, 4. Mai 2021"
    both = "? 1. Mai 2021, 4. Mai 2021 | 1. Mai 2020, 4. Mai 2020"
    assert told(kind("days", latest="today"), "1.5. und 4.5.") == both
    assert told(kind("days"), "1.1.1990-31.12.2020") == "! days.too_many"


def test_days_must_lie_within_one_of_the_periods():
    context = german(
        within=(Period(date(2020, 4, 20), date(2020, 4, 24)), Period(date(2020, 5, 4), date(2020, 5, 8))),
    )
    days = kind("days", within="zeitraum")
    assert told(days, "24.4.2020, 4.5.2020", context) == "= 24. April 2020, 4. Mai 2020"
    assert days.read("25.4.2020", context).params == {
        "periods": "20. April 2020 bis 24. April 2020 und 4. Mai 2020 bis 8. Mai 2020"
    }
    assert days.check((date(2020, 5, 1),), context).key == "days.outside"


SPRING = Period(date(2020, 4, 20), date(2020, 5, 15))
NEXT_SPRING = Period(date(2021, 5, 3), date(2021, 5, 21))
NEW_YEAR = Period(date(2020, 12, 14), date(2021, 1, 10))
MAY = "4. Mai {year} bis 6. Mai {year}"


@pytest.mark.parametrize(
    ("periods", "text", "answer"),
    [
        ((SPRING,), "4.5. bis 6.5.", "= " + MAY.format(year=2020)),
        ((SPRING, NEW_YEAR), "4.5. bis 6.5.", "= " + MAY.format(year=2020)),
        ((SPRING, NEXT_SPRING), "4.5. bis 6.5.", f"? {MAY.format(year=2021)} | {MAY.format(year=2020)}"),
        ((SPRING, NEXT_SPRING), "20.5.", "= 20. Mai 2021"),
        ((SPRING, NEXT_SPRING), "22.4., 4.5.2020", "= 22. April 2020, 4. Mai 2020"),
        ((SPRING, NEXT_SPRING), "4., 5. und 20.5.", "= 4. Mai 2021, 5. Mai 2021, 20. Mai 2021"),
        ((SPRING, NEW_YEAR), "2.1., 30.12. und 4.5.", "= 4. Mai 2020, 30. Dezember 2020, 2. Januar 2021"),
        ((NEW_YEAR,), "29.12. bis 2.1.", "= 29. Dezember 2020 bis 2. Januar 2021"),
        ((SPRING,), "Mai 2020", "! days.outside"),
        ((SPRING,), "1.6. bis 3.6.", "! days.outside"),
        ((SPRING,), "4.5.2021", "! days.outside"),
        ((SPRING, Period(date(2020, 5, 16), date(2020, 5, 20))), "15.5. bis 16.5.", "= 15. Mai 2020, 16. Mai 2020"),
    ],
)
def test_the_year_is_the_one_in_which_the_days_must_lie(periods, text, answer):
    assert told(kind("days", within="zeitraum"), text, german(within=periods)) == answer


def test_days_are_still_guessed_where_only_a_month_or_a_week_was_named():
    week = german(within=(SPRING, NEXT_SPRING))
    assert told(kind("days", within="zeitraum"), "KW 19 2020", week) == "? 4. Mai 2020 bis 10. Mai 2020"


@pytest.mark.parametrize(
    ("answer", "raw", "value"),
    [
        ("date", "2020-04-20", date(2020, 4, 20)),
        ("month", "2020-04", Month(2020, 4)),
        ("year", 2019, 2019),
        ("period", ["2020-04-20", "2020-05-15"], Period(date(2020, 4, 20), date(2020, 5, 15))),
        ("days", ["2020-05-04", "2020-05-01", "2020-05-04"], (date(2020, 5, 1), date(2020, 5, 4))),
        ("days", [], ()),
    ],
)
def test_json(answer, raw, value):
    assert kind(answer).accept(raw, german()) == Value(value)


@pytest.mark.parametrize(
    ("answer", "raw"),
    [
        ("date", "20.4.2020"),
        ("date", "2020-4-20"),
        ("date", 20200420),
        ("month", "2020-13"),
        ("month", "2020-04-01"),
        ("year", "2019"),
        ("period", ["2020-04-20"]),
        ("period", "2020-04-20"),
        ("period", [1, 2]),
        ("days", "2020-05-01"),
        ("days", [None]),
    ],
)
def test_json_of_another_shape(answer, raw):
    assert isinstance(kind(answer).accept(raw, german()), Misshapen)


def test_json_that_means_nothing_possible():
    assert kind("date").accept("2021-02-29", german()).key == "date.no_such_day"
    assert kind("period").accept(["2020-05-15", "2020-04-20"], german()).key == "period.backwards"
    assert kind("month").accept("0000-05", german()).key == "date.year"
    assert not isinstance(kind("date").accept("2021-02-29", german()), Misshapen)
