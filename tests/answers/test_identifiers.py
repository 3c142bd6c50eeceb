"""Numbers that others gave. Only published sample numbers stand here."""

import pytest

from bot.answers.base import Misshapen, Register, Value
from bot.answers.tax import social_check_digit
from tests.answers.speaking import german, kind, told


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("DE89 3704 0044 0532 0130 00", "= DE89 3704 0044 0532 0130 00"),
        ("de89370400440532013000", "= DE89 3704 0044 0532 0130 00"),
        ("Meine IBAN ist DE89-3704-0044-0532-0130-00", "= DE89 3704 0044 0532 0130 00"),
        ("GB82 WEST 1234 5698 7654 32", "= GB82 WEST 1234 5698 7654 32"),
        ("DE89 37O4 OO44 0532 0130 00", "? DE89 3704 0044 0532 0130 00"),
        ("89370400440532013000", "? DE89 3704 0044 0532 0130 00"),
        ("DE89 3704 0044 0532 0130", "! iban.too_short"),
        ("DE89 3704 0044 0532 0130 001", "! iban.too_long"),
        ("DE89 3704 0044 0532 0310 00", "! iban.check"),
        ("DE89 3704 0044 0532 013X 00", "! iban.characters"),
        ("XX89 3704 0044 0532 0130 00", "! iban.country"),
        ("532013000", "! iban.not_understood"),
    ],
)
def test_iban(text, answer):
    assert told(kind("iban"), text) == answer


def test_iban_says_how_much_is_missing():
    assert kind("iban").read("DE89 3704 0044 0532 0130", german()).params == {"missing": "2", "length": "22"}
    assert kind("iban").read("DE89370400440532013000123", german()).params == {"extra": "3", "length": "22"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("201/123/12340", "3201012312340"),
        ("201 123 12340", "3201012312340"),
        ("20112312340", "3201012312340"),
        ("3201012312340", "3201012312340"),
        ("St.-Nr. 201/123/12340", "3201012312340"),
        ("201/123/12340 (Bayern)", "9201012312340"),
        ("181/815/08155 Thüringen", "4181081508155"),
        ("93/815/08152 Baden-Württemberg", "2893081508152"),
    ],
)
def test_tax_number(text, value):
    assert kind("tax_number").read(text, german()) == Value(value)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("201/123/12340", "= 201/123/12340 (Sachsen)"),
        ("181/815/08155", "? 181/815/08155 (Bayern) | 181/815/08155 (Sachsen-Anhalt) | 181/815/08155 (Thüringen)"),
        ("133/8150/8159", "= 133/8150/8159 (Nordrhein-Westfalen)"),
        ("21/815/08150", "! tax_number.land"),
        ("12345678995", "! tax_number.tax_id"),
        ("201/123", "! tax_number.impossible"),
        ("9999999999999", "! tax_number.impossible"),
        ("keine", "! tax_number.impossible"),
    ],
)
def test_tax_number_shows_its_land(text, answer):
    assert told(kind("tax_number"), text) == answer


@pytest.mark.parametrize(
    ("answer", "text", "told_back"),
    [
        ("tax_id", "12345678995", "= 12 345 678 995"),
        ("tax_id", "Steuer-ID: 12 345 678 995", "= 12 345 678 995"),
        ("tax_id", "12345678996", "! tax_id.check"),
        ("tax_id", "02345678995", "! tax_id.impossible"),
        ("tax_id", "201/123/12340", "! tax_id.check"),
        ("vat_id", "DE136695976", "= DE136695976"),
        ("vat_id", "de 136 695 976", "= DE136695976"),
        ("vat_id", "136695976", "= DE136695976"),
        ("vat_id", "DE136695977", "! vat_id.check"),
        ("vat_id", "DE13669597", "! vat_id.impossible"),
        ("social_number", "65170839J003", "= 65 170839 J 003"),
        ("social_number", "65 170839 j 003", "= 65 170839 J 003"),
        ("social_number", "15070649C103", "= 15 070649 C 103"),
        ("social_number", "65170839J004", "! social_number.check"),
        ("social_number", "65170839J03", "! social_number.impossible"),
        ("company_number", "12345678", "= 12345678"),
        ("company_number", "Betriebsnummer 1234 5678", "= 12345678"),
        ("company_number", "1234567", "! company_number.impossible"),
    ],
)
def test_other_numbers(answer, text, told_back):
    assert told(kind(answer), text) == told_back


@pytest.mark.parametrize(("number", "digit"), [("65170839J003", 3), ("15070649C103", 3)])
def test_check_digit_of_the_social_number(number, digit):
    """§ 2 VKVV, with two published numbers."""
    assert social_check_digit(number) == digit


@pytest.mark.parametrize(
    "text",
    [
        "HRB 12345 Amtsgericht Leipzig",
        "Amtsgericht Leipzig, HRB 12345",
        "Leipzig hrb 12345",
        "HRB Nr. 12345, Leipzig",
    ],
)
def test_register(text):
    assert kind("register").read(text, german()) == Value(Register("Leipzig", "HRB", "12345"))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("HRB 12345b Berlin (Charlottenburg)", "= HRB 12345 B, Amtsgericht Berlin (Charlottenburg)"),
        ("12345 Leipzig", "! register.type_missing"),
        ("HRB Leipzig", "! register.number_missing"),
        ("HRB 12345", "! register.court_missing"),
    ],
)
def test_register_says_what_is_missing(text, answer):
    assert told(kind("register"), text) == answer


@pytest.mark.parametrize("answer", ["iban", "tax_number", "tax_id", "vat_id", "social_number", "company_number"])
def test_json_is_text(answer):
    for raw in (12345678995, None, ["DE"], "9" * 1000):
        assert isinstance(kind(answer).accept(raw, german()), Misshapen)


def test_json_is_taken_in_any_grouping():
    assert kind("iban").accept("DE89 3704 0044 0532 0130 00", german()) == Value("DE89370400440532013000")
    assert kind("tax_number").accept("201/123/12340", german()).key == "tax_number.impossible", "13 digits in JSON"
    assert isinstance(kind("register").accept({"court": "Leipzig", "type": "HRB"}, german()), Misshapen)
    assert (
        kind("register").accept({"court": "Leipzig", "type": "X", "number": "1"}, german()).key.startswith("register")
    )
