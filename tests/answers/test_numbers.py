from decimal import Decimal

import pytest

from bot.answers.base import Misshapen, Value
from bot.answers.number_words import in_words
from tests.answers.speaking import english, german, kind, told

MONEY = kind("money")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1234", "= 1.234,00 €"),
        ("1.234,56 €", "= 1.234,56 €"),
        ("1234,5", "= 1.234,50 €"),
        ("€ 12,50", "= 12,50 €"),
        ("12,- €", "= 12,00 €"),
        ("1 234,56", "= 1.234,56 €"),
        ("1'234.50", "= 1.234,50 €"),
        ("1,234.56", "= 1.234,56 €"),
        ("1.234.567", "= 1.234.567,00 €"),
        ("1.5", "= 1,50 €"),
        ("1234.50", "= 1.234,50 €"),
        ("zwölfhundert", "= 1.200,00 €"),
        ("nichts", "? 0,00 €"),
        ("gar nix", "? 0,00 €"),
        ("so ungefähr dreißig", "? 30,00 €"),
        ("zweitausend dreihundert Euro", "= 2.300,00 €"),
        ("2k", "= 2.000,00 €"),
        ("3 tsd", "= 3.000,00 €"),
        ("1,5 Mio", "= 1.500.000,00 €"),
        ("3 Euro 50", "= 3,50 €"),
        ("3 Euro und 5 Cent", "= 3,05 €"),
        ("50 Cent", "= 0,50 €"),
        ("0", "= 0,00 €"),
        ("keine", "= 0,00 €"),
        ("1.234", "= 1.234,00 €"),
        ("12.50", "? 12,50 € | 1.250,00 €"),
        ("1,234", "? 1.234,00 € | 1,23 €"),
        ("ca. 1200", "? 1.200,00 €"),
        ("so etwa 1200 netto", "? 1.200,00 €"),
        ("1,2345", "! number.decimals"),
        ("-5", "! number.too_small"),
        ("20 $", "! money.other_currency"),
        ("zwischen 100 und 200", "! money.not_understood"),
        ("abc", "! money.not_understood"),
        ("12.34.56", "! money.not_understood"),
        ("9" * 14, "! number.beyond"),
        ("9" * 300, "! text.too_long"),
    ],
)
def test_money(text, answer):
    assert told(MONEY, text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1,234.50", "= €1,234.50"),
        ("€12.50", "= €12.50"),
        ("12.50", "= €12.50"),
        ("1,234", "= €1,234.00"),
        ("1.234", "? €1,234.00 | €1.23"),
        ("12,50", "? €12.50 | €1,250.00"),
        ("1.234,56", "= €1,234.56"),
        ("three hundred and five euros", "= €305.00"),
        ("zwölfhundert", "= €1,200.00"),
        ("3 euros 50", "= €3.50"),
        ("about 20", "? €20.00"),
        ("nothing", "? €0.00"),
        ("20 pounds", "! money.other_currency"),
    ],
)
def test_money_in_english(text, answer):
    assert told(MONEY, text, english()) == answer


def test_money_below_zero_where_the_dialog_allows_it():
    loss = kind("money", min="-9999999")
    for text in ("-1.234,50", "- 1.234,50 €", "−1234,50", "minus 1234,50"):
        assert told(loss, text) == "= -1.234,50 €"
    assert told(loss, "-€1,234.50", english()) == "= -€1,234.50"


def test_limits_leave_only_what_is_possible():
    """Both meanings of 1,234 are asked about, but never one that would be refused."""
    assert told(kind("money", max="100"), "1,234") == "? 1,23 €"
    assert told(kind("money", min="100"), "1,234") == "? 1.234,00 €"
    assert told(kind("money", max="1"), "1,234") == "! number.too_big"


def test_limits_may_be_parameters():
    capped = kind("money", max="parameter.grenze")
    context = german(parameters={"grenze": Decimal("2016.00")})
    assert told(capped, "2016", context) == "= 2.016,00 €"
    assert capped.read("2017", context).params == {"max": "2.016,00\xa0€"}
    assert capped.limits(context) == {"min": "0.00", "max": "2016.00", "decimals": 2}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("3", "= 3"),
        ("drei", "= 3"),
        ("three", "= 3"),
        ("Drei Kinder", "? 3"),
        ("3 Kinder", "= 3"),
        ("ich habe 3 Kinder", "? 3"),
        ("mehr als 3", "? 3"),
        ("3 oder 4", "! number.not_understood"),
        ("2,0", "= 2"),
        ("1.234", "= 1.234"),
        ("2,5", "! number.not_whole"),
        ("zweieinhalb", "! number.not_whole"),
        ("ein Dutzend", "= 12"),
        ("ein paar", "! number.not_understood"),
        ("zwei Drittel", "! number.not_understood"),
        ("-1", "= -1"),
        ("viele", "! number.not_understood"),
        ("👍", "! number.not_understood"),
    ],
)
def test_whole_number(text, answer):
    assert told(kind("whole_number"), text) == answer


def test_unit():
    days = kind("whole_number", unit="Tage")
    assert told(days, "30 Tage", german(place="p.tage")) == "= 30 Tage"
    assert told(days, "30 Tage", english(place="p.tage")) == "= 30 days"
    assert told(days, "30 days", english(place="p.tage")) == "= 30 days"
    assert told(days, "2 Wochen") == "? 2 Tage", "another unit is another number"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("7,5", "= 7,5"),
        ("7.5", "= 7,5"),
        ("1.234", "? 1234 | 1,23"),
        ("1.234,5", "= 1.234,5"),
        ("7,125", "? 7125 | 7,12"),
        ("1,2345", "! number.decimals"),
        ("anderthalb", "= 1,5"),
    ],
)
def test_decimal(text, answer):
    assert told(kind("decimal"), text) == answer


def test_decimals_of_the_dialog_settle_the_meaning():
    assert told(kind("decimal", decimals="3"), "7,125") == "= 7,125"
    assert told(kind("decimal", decimals="3"), "7.125", english()) == "= 7.125"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("20 %", "= 20 %"),
        ("20%", "= 20 %"),
        ("20 Prozent", "= 20 %"),
        ("zwanzig prozent", "= 20 %"),
        ("12,5 percent", "= 12,5 %"),
    ],
)
def test_percent(text, answer):
    assert told(kind("percent"), text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("7,5", "= 7,5 Stunden"),
        ("7:30", "= 7,5 Stunden"),
        ("7 Std 30 Min", "= 7,5 Stunden"),
        ("7h30", "= 7,5 Stunden"),
        ("7 Stunden und 20 Minuten", "= 7,33 Stunden"),
        ("30 min", "= 0,5 Stunden"),
        ("siebeneinhalb Stunden", "= 7,5 Stunden"),
        ("7.33 Stunden", "= 7,33 Stunden"),
        ("7.30", "? 7,5 Stunden | 7,3 Stunden"),
        ("8 hours", "= 8 Stunden"),
        ("7:75", "! number.not_understood"),
        ("-2", "! number.too_small"),
    ],
)
def test_hours(text, answer):
    assert told(kind("hours"), text) == answer


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("null", 0),
        ("eins", 1),
        ("zwo", 2),
        ("elf", 11),
        ("fuenfzehn", 15),
        ("einundzwanzig", 21),
        ("dreißig", 30),
        ("neunundneunzig", 99),
        ("hundert", 100),
        ("einhundertundeins", 101),
        ("zwölfhundert", 1200),
        ("neunzehnhundertachtundneunzig", 1998),
        ("zweitausendzwanzig", 2020),
        ("dreihunderttausend", 300_000),
        ("eine Million zweihunderttausend", 1_200_000),
        ("minus fünf", -5),
        ("twenty-three", 23),
        ("a hundred and one", 101),
        ("fifteen hundred", 1500),
        ("two thousand and twenty", 2020),
        ("two and a half", Decimal("2.5")),
        ("zweieinhalb", Decimal("2.5")),
    ],
)
def test_numbers_in_words(text, number):
    assert in_words(text) == number


@pytest.mark.parametrize("text", ["", "und", "hundertzwanzigzwanzig", "tausendtausend", "zwanzigx", "kind"])
def test_what_is_no_number_in_words(text):
    assert in_words(text) is None


@pytest.mark.parametrize(
    ("answer", "raw", "value"),
    [
        ("whole_number", 3, 3),
        ("money", "1234.50", Decimal("1234.50")),
        ("money", "20", Decimal("20.00")),
        ("decimal", "7.5", Decimal("7.5")),
        ("percent", "20", Decimal(20)),
        ("hours", "7.50", Decimal("7.5")),
    ],
)
def test_json(answer, raw, value):
    assert kind(answer).accept(raw, german()) == Value(value)


@pytest.mark.parametrize(
    ("answer", "raw"),
    [
        ("whole_number", "3"),
        ("whole_number", True),
        ("whole_number", 3.0),
        ("money", 3),
        ("money", "1.234,50"),
        ("money", "1e3"),
        ("money", "NaN"),
        ("decimal", None),
        ("percent", "٣"),
        ("hours", "7:30"),
    ],
)
def test_json_of_another_shape(answer, raw):
    assert isinstance(kind(answer).accept(raw, german()), Misshapen)


def test_json_is_never_rounded():
    assert kind("money").accept("1.239", german()).key == "number.decimals"
