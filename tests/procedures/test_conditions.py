"""The expression language: three-valued, typed, and only looking back."""

# ruff: noqa: E501, RUF005  # a case is a line

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.base import Address, Period
from bot.procedures.conditions import BOOL, Names, Place, compile_expression, compile_value
from bot.procedures.errors import ExpressionError
from bot.procedures.rounding import rounded
from bot.procedures.rules import Row
from bot.procedures.scope import UNKNOWN, Scope

TODAY = date(2022, 3, 2)
PERIOD = Period(date(2020, 4, 20), date(2020, 5, 15))


def scope(**answers) -> Scope:
    return Scope({"grenze": Decimal(100), "mit_nachweis": True}, TODAY, answers)


def row(number: int, **answers) -> Row:
    return Row("kinder", str(number), number, number, answers)


@pytest.fixture
def names(desk) -> Names:
    return Names.of(desk.source())


def at_end(names: Names, text: str, known: Scope):
    return compile_expression(text, names, Place.end())(known)


TRUTH = [
    # left and right: yes, no, unknown
    ("and", ["yes no unknown", "no no no", "unknown no unknown"]),
    ("or", ["yes yes yes", "yes no unknown", "yes unknown unknown"]),
]
WORDS = {"yes": True, "no": False, "unknown": UNKNOWN}


@pytest.mark.parametrize(("word", "table"), TRUTH)
def test_truth_tables(names, word, table):
    # 'anzahl == 1' is yes, no or unknown with the answer; so is 'betreut'
    for left, line in zip(WORDS, table, strict=True):
        for right, result in zip(WORDS, line.split(), strict=True):
            answers = {"betreut": WORDS[left], "anzahl": {"yes": 1, "no": 2, "unknown": UNKNOWN}[right]}
            known = scope(**{id: value for id, value in answers.items() if value is not UNKNOWN})
            assert at_end(names, f"betreut {word} anzahl == 1", known) is WORDS[result], (left, right)


@pytest.mark.parametrize(("answer", "result"), [("yes", "no"), ("no", "yes"), ("unknown", "unknown")])
def test_not(names, answer, result):
    known = scope() if answer == "unknown" else scope(betreut=WORDS[answer])
    assert at_end(names, "not betreut", known) is WORDS[result]


VALUES = [
    ("rolle == selbst", True),
    ("selbst == rolle", True),
    ("rolle != selbst", False),
    ("rolle in (selbst, betrieb)", True),
    ("rolle not in (betrieb, betrieb)", True),
    ("rolle == betrieb and lohn > 3", False),
    ("lohn > 3", UNKNOWN),
    ("lohn > 3 or anzahl == 2", True),
    ("1 < anzahl < 3", True),
    ("1 < anzahl <= lohn", UNKNOWN),
    ("anzahl < 2 < lohn", False),
    ("anzahl in (1, 2)", True),
    ("anzahl * 2 - 1 + 0.5", Decimal("3.5")),
    ("-anzahl", -2),
    ("anzahl / 4", Decimal("0.5")),
    ("anzahl / (anzahl - 2)", UNKNOWN),
    ("anzahl / (anzahl - 2) > 1 or yes", True),
    ("answered(anzahl)", True),
    ("answered(lohn)", False),
    ("answered(betreut) or answered(lohn)", False),
    ("parameter.grenze + anzahl", Decimal(102)),
    ("parameter.mit_nachweis", True),
    ("count(kinder)", 2),
    ("sum(kinder.betrag)", Decimal(30)),
    ("min(kinder.betrag)", Decimal(10)),
    ("max(kinder.betrag, 3)", None),
    ("max(anzahl, 3, parameter.grenze)", Decimal(100)),
    ("min(anzahl, lohn)", UNKNOWN),
    ("kosten", Decimal("30.00")),
    ("kosten == sum(kinder.betrag)", True),
    ("count(teure(kinder, 15))", 1),
    ("count(teure(kinder))", 2),
    ("teure(kinder, lohn)", UNKNOWN),
    ("today", TODAY),
    ("days_between(today, today)", 0),
    ("yes == no", False),
    ("rolle ==\n  selbst", True),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text for text, _ in VALUES])
def test_values(names, text, value):
    known = scope(rolle="selbst", anzahl=2)
    known.rows["kinder"] = [row(1, betrag=Decimal(10)), row(2, betrag=Decimal(20))]
    if value is None:
        with pytest.raises(ExpressionError):
            at_end(names, text, known)
    else:
        assert at_end(names, text, known) == value


def test_rows_that_lack_an_answer_make_a_sum_unknown(names):
    known = scope()
    known.rows["kinder"] = [row(1, betrag=Decimal(10)), row(2)]
    assert at_end(names, "sum(kinder.betrag)", known) is UNKNOWN
    assert at_end(names, "count(kinder)", known) == 2


def test_no_rows(names):
    known = scope()
    assert at_end(names, "count(kinder)", known) is UNKNOWN
    known.rows["kinder"] = []
    assert at_end(names, "count(kinder)", known) == 0
    assert at_end(names, "sum(kinder.betrag)", known) == 0
    assert at_end(names, "max(kinder.betrag)", known) is UNKNOWN


def test_any_and_all_over_rows(tiny):
    names = Names.of(tiny("repeat_each_row"))
    known = scope()
    for answers, some, every in (
        ([True, False], True, False),
        ([True, None], True, UNKNOWN),
        ([False, None], UNKNOWN, False),
        ([], False, True),
    ):
        known.rows["aeltere"] = [
            Row("aeltere", str(i), i, None, {} if one is None else {"ausbildung": one}) for i, one in enumerate(answers)
        ]
        assert at_end(names, "any(aeltere.ausbildung)", known) is some
        assert at_end(names, "all(aeltere.ausbildung)", known) is every


def test_in_a_row_a_bare_name_is_the_rows_own_answer(names):
    check = compile_expression("betrag <= parameter.grenze and count(kinder) == 1", names, Place.after("kinder", 1))
    known = scope()
    known.row = row(2, betrag=Decimal(100))
    known.rows["kinder"] = [row(1, betrag=Decimal(999)), known.row]
    assert check(known) is True
    del known.row.answers["betrag"]
    assert check(known) is UNKNOWN


def test_the_key_of_an_each_and_its_answers(tiny):
    names = Names.of(tiny("repeat_each_row"))
    when = compile_expression("kind.alter >= 16", names, Place.at("aeltere", 0, today=False), BOOL)
    known = scope()
    known.row = Row("aeltere", "1", 1, Row("kinder", "1", 1, 1, {"alter": 17}))
    assert when(known) is True
    known.row = Row("aeltere", "2", 2, Row("kinder", "2", 2, 2, {}))
    assert when(known) is UNKNOWN
    assert when.questions == {"alter", "vorname"}
    assert when.sections == {"kinder"}


def test_periods_addresses_and_choices(tiny):
    period = Names.of(tiny("findings"))
    known = Scope({"stichtag": date(2022, 9, 23)}, TODAY, {"zeitraum": PERIOD})
    assert at_end(period, "days_between(von(zeitraum), bis(zeitraum))", known) == 25
    assert at_end(period, "today in zeitraum", known) is False
    assert at_end(period, "von(zeitraum) in zeitraum", known) is True
    finding = at_end(period, "tage_bis(zeitraum, parameter.stichtag)", known)
    assert (finding.state, finding.params["tage_ja"]) == ("met", 26)

    city = Names.of(tiny("municipal"))
    known = Scope({"postleitzahlen": ("01067",)}, TODAY, {"anschrift": Address("Weg", "1", "01067", "Musterstadt")})
    assert at_end(city, "plz(anschrift) in parameter.postleitzahlen", known) is True

    choices = Names.of(tiny("choices"))
    assert at_end(choices, "strom in kosten", Scope({}, TODAY, {"kosten": ("miete", "strom")})) is True
    assert at_end(choices, "strom in kosten", Scope({}, TODAY)) is UNKNOWN


def test_what_an_expression_depends_on(names):
    expression = compile_expression("kosten > parameter.grenze and answered(lohn)", names, Place.end(), BOOL)
    assert expression.questions == {"betrag", "lohn"}
    assert expression.sections == {"kinder"}
    assert expression.parameters == {"grenze"}
    assert expression.uses_today is False
    assert compile_expression("count(kinder) > 1", names, Place.end()).questions == {"vorname", "betrag", "zeit"}
    assert compile_expression("today == today", names, Place.end()).uses_today is True


def test_a_value_may_use_earlier_values_and_is_rounded(tiny):
    names = Names.of(tiny("values"))
    known = Scope({}, TODAY, {"umsatz_alt": Decimal(3), "umsatz_neu": Decimal(1)})
    assert compile_value(names, "rueckgang")(known) == Decimal("66.67")
    assert compile_value(names, "volle_prozent")(known) == 66
    known.answers["umsatz_alt"] = Decimal(0)
    assert compile_value(names, "volle_prozent")(known) is UNKNOWN


@pytest.mark.parametrize(
    ("value", "kind", "round", "result"),
    [
        ("0.005", "money", None, "0.01"),
        ("0.004", "money", "cent", "0.00"),
        ("-0.005", "money", None, "-0.01"),
        ("2.5", "money", "euro", "3"),
        ("2.01", "money", "up", "3"),
        ("2.99", "money", "down", "2"),
        ("2.5", "whole_number", None, "3"),
        ("1e999", "money", None, None),
    ],
)
def test_rounding(value, kind, round, result):
    expected = UNKNOWN if result is None else Decimal(result)
    assert rounded(Decimal(value), kind, round) == expected


REFUSED = [
    "'a'", '"a"', "kinder[0]", "lambda: 1", "[1]", "{1}", "anzahl ** 2", "anzahl % 2", "anzahl // 2", "anzahl | 1",
    "anzahl is anzahl", "anzahl if yes else 1", "f(*kinder)", "count(x=kinder)", "kinder.vorname.strip()", "True",
    "None", "1.5.5", "12ab", "0x10", "1_000", "anzahl :=  1", "~anzahl", "not anzahl", "rolle > rolle", "1 and 2",
    "betreut + 1", "kinder.betrag", "anfang", "anfang.anzahl", "anzahl in kinder", "answered(kosten)",
    "answered(anzahl, lohn)", "count(anzahl)", "count(kinder.betrag)", "sum(1)", "min()", "min(1, today)",
    "von(anzahl)",     "plz(rolle)", "days_between(today)", "nix(1)", "teure(1)", "rolle == anzahl", "rolle in selbst", "selbst",
    "parameter.nix", "parameter", "(1, 2)", "betrag", "kinder.nix", "nix.betrag", "", " ", "anzahl anzahl", "x" * 700,
    "(" * 300 + ")" * 300,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refused(names, text):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text, names, Place.end())
    assert all(mistake.message and mistake.column >= 1 for mistake in caught.value.mistakes)


def test_all_mistakes_of_an_expression_at_once(names):
    with pytest.raises(ExpressionError) as caught:
        compile_expression("rolle == selbts and anzal > 1 or parameter.x", names, Place.end(), BOOL)
    assert [mistake.column for mistake in caught.value.mistakes] == [10, 21, 34]


ATOMS = st.sampled_from(
    ["rolle", "anzahl", "betreut", "lohn", "konto", "vorname", "betrag", "kosten", "kinder", "selbst", "betrieb"]
    + ["today", "yes", "no", "parameter.grenze", "parameter.mit_nachweis", "kinder.betrag", "kinder.vorname"]
    + ["1", "2.5", "0", "nix"]
)
CALLS = st.sampled_from(
    ["count", "sum", "any", "all", "min", "max", "answered", "von", "bis", "plz", "days_between"]
    + ["hoechstens", "teure", "nix"]
)


def bigger(inner):
    signs = st.sampled_from(["and", "or", "==", "!=", "<", ">=", "in", "not in", "+", "-", "*", "/"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, signs, inner),
        st.builds("not {}".format, inner),
        st.builds("-{}".format, inner),
        st.builds("{}({})".format, CALLS, inner),
        st.builds("{}({}, {})".format, CALLS, inner, inner),
        st.builds("{} in ({}, {})".format, inner, inner, inner),
    )


@pytest.fixture(scope="module")
def sample_names(tmp_path_factory) -> Names:
    from tests.procedures.conftest import Desk

    return Names.of(Desk(tmp_path_factory.mktemp("sample")).source())


@given(text=st.recursive(ATOMS, bigger, max_leaves=8) | st.text(max_size=60), end=st.booleans(), full=st.booleans())
def test_any_expression_compiles_and_runs_or_is_refused(sample_names, text, end, full):
    place = Place.end() if end else Place.at("kinder", 2)
    try:
        expression = compile_expression(text, sample_names, place)
    except ExpressionError:
        return
    known = scope()
    if full:
        known = scope(rolle="selbst", anzahl=0, betreut=True, lohn=Decimal(0), konto="DE89370400440532013000")
        known.row = None if end else row(2, vorname="A", betrag=Decimal(0))
        known.rows["kinder"] = [row(1, vorname="B", betrag=Decimal(5), zeit=PERIOD)]
    expression(known)
