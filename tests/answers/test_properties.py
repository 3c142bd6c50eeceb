"""Laws of all kinds, tried with many values: what is stored comes back, what is shown can be typed again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from stdnum.de import stnr
from stdnum.iso7064 import mod_11_10, mod_97_10

from bot.answers.base import Address, Evidence, Misshapen, Month, Period, PersonName, Problem, Register, Unclear, Value
from bot.answers.kinds import KINDS
from bot.answers.tax import social_check_digit
from tests.answers.speaking import BOTH, TODAY, german, kind

OPTIONS = {"miete": "Miete", "strom": "Strom, Gas und Wasser", "loehne": "Löhne", "anderes": "etwas anderes", "b": "2"}
ROWS = {1: "Kind Anna", 3: "Kind Ben", 4: "Kind Ben", 7: "Kind 9"}
TABLE = {"90.01.1": "Theaterensembles", "90.01.2": "Ballettgruppen", "90.01": "Darstellende Kunst", "90": "Kunst"}

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
LETTERS = st.characters(whitelist_categories=["Lu", "Ll"], max_codepoint=0x24F)
WORD = st.text(LETTERS, min_size=2, max_size=12).filter(
    lambda word: word.casefold() not in ("ag", "in", "at", "de", "of")
)
DIGIT = st.integers(0, 9).map(str)


def digits(size: int):
    return st.text("0123456789", min_size=size, max_size=size)


def decimals(places: int):
    return st.decimals(-(10**11), 10**11, places=places, allow_nan=False, allow_infinity=False)


def with_social_check(number: str) -> str:
    return f"{number}{social_check_digit(number + '0')}"


def capital(word: str) -> str:
    return word[0].upper() + word[1:]


SAMPLES = {
    "yes_no": (kind("yes_no"), st.booleans()),
    "one_of": (kind("one_of", options=OPTIONS), st.sampled_from(list(OPTIONS))),
    "one_of from a table": (kind("one_of", list="wz"), st.sampled_from(list(TABLE))),
    "many_of": (kind("many_of", options=OPTIONS), st.sets(st.sampled_from(list(OPTIONS)))),
    "rows_of": (kind("rows_of", of="kinder"), st.sets(st.sampled_from(list(ROWS)), min_size=1)),
    "whole_number": (kind("whole_number"), st.integers(-(10**11), 10**11)),
    "whole_number with a unit": (kind("whole_number", unit="Tage"), st.integers(0, 10**6)),
    "decimal": (kind("decimal", decimals="3"), decimals(3)),
    "decimal with a unit": (kind("decimal", unit="m²"), decimals(2)),
    "percent": (kind("percent"), decimals(2)),
    "whole percent": (kind("percent", decimals="0"), decimals(0)),
    "whole hours": (kind("hours", decimals="0"), st.decimals(0, 10**4, places=0)),
    "hours": (kind("hours"), st.decimals(0, 10**4, places=2)),
    "money": (kind("money", min="-999999999999"), decimals(2)),
    "date": (kind("date"), DAYS),
    "month": (kind("month"), st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))),
    "year": (kind("year"), st.integers(1900, 2100)),
    "period": (kind("period"), st.tuples(DAYS, DAYS).map(lambda days: Period(*sorted(days)))),
    "days": (kind("days"), st.sets(st.dates(date(2020, 1, 1), date(2020, 2, 20)), max_size=30)),
    "short_text": (kind("short_text"), st.text(max_size=120)),
    "long_text": (kind("long_text"), st.text(max_size=200)),
    "person_name": (
        kind("person_name"),
        st.builds(PersonName, st.lists(WORD, min_size=1, max_size=3).map(" ".join), WORD.map(capital)),
    ),
    "address": (
        kind("address"),
        st.builds(
            Address,
            st.lists(WORD | digits(2), min_size=1, max_size=3).map(" ".join),
            st.sampled_from(["1", "12a", "5-7", "3/4", "o. Nr.", "5 HH", "7b 2. OG links"]),
            st.integers(1001, 99998).map("{:05d}".format),
            WORD,
        ),
    ),
    "postal_code": (kind("postal_code"), st.integers(1001, 99998).map("{:05d}".format)),
    "municipality": (kind("municipality"), st.sampled_from(["14713000", "14612000", "14625010"])),
    "email": (kind("email"), st.builds("{}@example.org".format, st.text("abcxyz0189_+-", min_size=1, max_size=20))),
    "phone": (kind("phone"), st.integers(0, 999).map("+493023125{:03d}".format)),
    "iban": (kind("iban"), digits(18).map(lambda bban: f"DE{mod_97_10.calc_check_digits(bban + 'DE')}{bban}")),
    "tax_number": (kind("tax_number"), st.from_regex(r"\A(32[0-9]{2}|9[0-9]{3}|28[0-9]{2}|5[0-9]{3})0[0-9]{8}\Z")),
    "tax_id": (kind("tax_id"), st.sampled_from(["12345678995", "86095742719", "47036892816", "65929970489"])),
    "vat_id": (
        kind("vat_id"),
        st.integers(10**7, 10**8 - 1).map(lambda number: f"DE{number}{mod_11_10.calc_check_digit(str(number))}"),
    ),
    "social_number": (
        kind("social_number"),
        st.builds("{}{}{}".format, digits(8), st.sampled_from("ABJMZ"), digits(2)).map(with_social_check),
    ),
    "company_number": (kind("company_number"), digits(8)),
    "register": (
        kind("register"),
        st.builds(
            Register, WORD.map(capital), st.sampled_from(["HRA", "HRB", "GnR", "VR"]), st.sampled_from(["1", "123 B"])
        ),
    ),
    "evidence": (kind("evidence", later="allowed"), st.just(Evidence((), later=True))),
}


def contexts():
    return [make(rows=ROWS, options=TABLE, place="p.frage") for make in BOTH]


def typed_value(the_kind, value):
    """The value as the kind itself would have made it: sets are tuples in the kind's order, texts are tidy."""
    context = contexts()[0]
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    reading = the_kind.accept(the_kind.dump(value), context)
    assume(isinstance(reading, Value))
    return reading.value


every_kind = pytest.mark.parametrize("sample", SAMPLES.values(), ids=list(SAMPLES))


def test_every_kind_is_tried():
    assert {the_kind.answer for the_kind, _ in SAMPLES.values()} == set(KINDS)


@every_kind
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_stored_comes_back(sample, data):
    the_kind, values = sample
    value = typed_value(the_kind, data.draw(values))
    stored = the_kind.dump(value)
    assert the_kind.load(stored) == value
    assert the_kind.accept(stored, contexts()[0]) == Value(value)
    Draft202012Validator(the_kind.json_schema()).validate(stored)


@every_kind
@settings(max_examples=40)
@given(data=st.data())
def test_what_is_shown_can_be_typed_again(sample, data):
    the_kind, values = sample
    value = typed_value(the_kind, data.draw(values))
    for context in contexts():
        assert the_kind.read(the_kind.show(value, context), context) == Value(value)


@every_kind
def test_every_choice_can_be_typed_and_counted(sample):
    the_kind, _ = sample
    several = the_kind.type in ("options", "rows")
    for context in contexts():
        for number, choice in enumerate(the_kind.choices(context), start=1):
            expected = Value((choice.value,) if several else choice.value)
            assert the_kind.read(choice.label, context) == expected
            labels = [other.label for other in the_kind.choices(context)]
            if str(number) not in labels:
                assert the_kind.read(str(number), context) == expected


NASTY = st.text(
    st.characters() | st.sampled_from("\ud800\udfff\u202e\u2066\u200b\x00\n{}<>0123456789.,-/:€%@ "), max_size=60
)
FRAGMENTS = [
    *("{x}", "{{x}}", "<script>", "1.234", "12.50", "3.5.20", "31.2.", "3.5.", "20", "1", "9999999", "2020", "Mai"),
    *("bis", "und", ",", "-", "–", "/", ":", "\n", "ja", "nein", "drei", "hundert", "tausend", "einhalb", "Uhr", "KW"),
    *("€", "k", "%", "DE89", "HRB", "@", "web.de", "0341", "+49", "04109", "Leipzig", "Weg", "von", "Dr.", "Bayern"),
    *("\u202e", "\x00", "٣", "²", "½", "Ⅷ"),
]
PIECES = st.lists(st.sampled_from(FRAGMENTS), max_size=8)
PIECES_OF_TEXT = PIECES.map("".join) | PIECES.map(" ".join)


@every_kind
@settings(max_examples=120)
@given(text=NASTY | PIECES_OF_TEXT)
def test_reading_never_fails_and_never_returns_what_would_be_refused(sample, text):
    the_kind, _ = sample
    for context in contexts():
        reading = the_kind.read(text, context)
        assert not isinstance(reading, Misshapen)
        if isinstance(reading, Problem):
            assert set(_holes(reading.text)) == set(reading.params), "every hole is filled, and nothing else is told"
            continue
        found = [reading.value] if isinstance(reading, Value) else reading.candidates
        assert 1 <= len(found) <= 5
        for value in found:
            assert the_kind.check(value, context) is None
            assert the_kind.accept(the_kind.dump(value), context) == Value(value)
            assert the_kind.show(value, context)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | NASTY,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["given", "family", "files", "later", "street", "house_number", "postal_code", "city", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)


@every_kind
@settings(max_examples=80)
@given(raw=JSON)
def test_any_json_is_taken_or_refused_but_never_fails(sample, raw):
    the_kind, _ = sample
    reading = the_kind.accept(raw, contexts()[0])
    if isinstance(reading, Value):
        assert the_kind.check(reading.value, contexts()[0]) is None
        assert the_kind.load(the_kind.dump(reading.value)) == reading.value
    assert not isinstance(reading, Unclear)


@given(first=DAYS, length=st.integers(0, 40))
def test_days_within_a_period_are_never_outside_it(first, length):
    last = min(first + timedelta(days=length), date(2100, 12, 31))
    context = german(within=(Period(first, last),))
    days = kind("days", within="zeitraum")
    assert days.read("alle", context).value[0] == first
    assert days.check((last + timedelta(days=1),), context) is not None


def test_todays_limit_follows_today():
    birthday = kind("date", latest="today")
    assert birthday.check(TODAY, german()) is None
    assert birthday.check(TODAY + timedelta(days=1), german()).key == "date.future"


@given(number=st.from_regex(r"\A2[0-9]{10}\Z"))
def test_saxon_tax_numbers(number):
    """FFF/BBB/UUUUP is 3FFF0BBBUUUUP."""
    paper = f"{number[:3]}/{number[3:6]}/{number[6:]}"
    assert kind("tax_number").read(paper, german()) == Value(f"3{number[:3]}0{number[3:]}")
    assert stnr.is_valid(f"3{number[:3]}0{number[3:]}", "Sachsen")


@given(amount=st.decimals(0, 10**9, places=2))
def test_money_is_never_rounded(amount):
    text = f"{amount:.2f}".replace(".", ",")
    assert kind("money").read(text, german()) == Value(Decimal(f"{amount:.2f}"))


def _holes(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:]]
