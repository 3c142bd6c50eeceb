from datetime import date
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from bot.answers.kinds import KINDS, AnyKind, parameters_of, read_kind, read_scalar
from tests.answers.speaking import german


@pytest.mark.parametrize(
    ("data", "places"),
    [
        ({}, [("answer",)]),
        ({"answer": "photo"}, [("answer",)]),
        ({"answer": "money", "min": "viel"}, [("min",)]),
        ({"answer": "money", "max": "parameter.Grenze"}, [("max",)]),
        ({"answer": "yes_no", "min": "1"}, [("min",)]),
        ({"answer": "date", "earliest": "today"}, [("earliest",)]),
        ({"answer": "date", "earliest": "2020-02-31", "latest": "1.1.2020"}, [("earliest",), ("latest",)]),
        ({"answer": "decimal", "decimals": "0"}, [("decimals",)]),
        ({"answer": "short_text", "max_length": "9999"}, [("max_length",)]),
        ({"answer": "one_of", "options": {"a": "A"}, "also": {"b": "x"}}, [("also",)]),
        ({"answer": "one_of", "options": {"a": "Ja", "b": "ja"}}, [("options",)]),
        ({"answer": "one_of", "options": {"Ä b": "x"}}, [("options", "Ä b", "[key]")]),
        ({"answer": "one_of", "table": "wz2008"}, [("table",)]),
        ({"answer": "rows_of"}, [("of",)]),
        ({"answer": "evidence", "later": "vielleicht"}, [("later",)]),
    ],
)
def test_an_authors_mistake_names_its_key(data, places):
    with pytest.raises(ValidationError) as caught:
        read_kind(data)
    assert [error["loc"] for error in caught.value.errors()] == places


def test_options_and_list_exclude_each_other():
    for keys in ({}, {"options": {"a": "A"}, "list": "wz2008"}):
        with pytest.raises(ValidationError, match="exactly one of options and list"):
            read_kind({"answer": "one_of", **keys})


def test_every_scalar_of_a_file_is_text():
    assert read_kind({"answer": "whole_number", "min": "1", "max": "12", "unit": "Tage"}).max == Decimal(12)
    assert read_kind({"answer": "date", "earliest": "2020-03-30"}).earliest == date(2020, 3, 30)
    assert read_kind({"answer": "one_of", "list": "wz2008"}).table == "wz2008"
    assert read_kind({"answer": "evidence", "proves": "gewinn, abzuege"}).proves == ("gewinn", "abzuege")
    assert read_kind({"answer": "evidence", "proves": ["gewinn"]}).proves == ("gewinn",)
    also = read_kind({"answer": "one_of", "options": {"a": "A", "b": "B"}, "also": {"b": "x, y z"}}).also
    assert also == {"b": ("x", "y z")}


def test_parameters_that_limits_refer_to():
    kind = read_kind({"answer": "date", "earliest": "parameter.anfang", "latest": "parameter.ende"})
    assert parameters_of(kind) == ("anfang", "ende")
    assert parameters_of(read_kind({"answer": "date", "latest": "today"})) == ()


@pytest.mark.parametrize(
    ("answer", "text", "value"),
    [
        ("yes_no", "yes", True),
        ("yes_no", "no", False),
        ("whole_number", "30", 30),
        ("money", "2016.00", Decimal("2016.00")),
        ("date", "2022-09-23", date(2022, 9, 23)),
        ("year", "2019", 2019),
        ("short_text", "Beschluss vom 26. März", "Beschluss vom 26. März"),
    ],
)
def test_values_of_parameters(answer, text, value):
    assert read_scalar(read_kind({"answer": answer}), text, german()) == value


@pytest.mark.parametrize(
    ("answer", "text"),
    [("yes_no", "ja"), ("whole_number", "viele"), ("money", "2.016,00"), ("date", "23.9.2022"), ("money", "-1.00")],
)
def test_values_of_parameters_are_strict(answer, text):
    with pytest.raises(ValueError, match=r"."):
        read_scalar(read_kind({"answer": answer}), text, german())


TYPES = {
    *("bool", "number", "date", "month", "period", "days", "text", "option", "options", "rows"),
    *("name", "address", "register", "evidence"),
}


def test_each_kind_has_a_type_and_a_json_schema():
    keys = {
        "one_of": {"options": {"a": "A", "b": "B"}},
        "many_of": {"options": {"a": "A"}},
        "rows_of": {"of": "kinder"},
    }
    for name in KINDS:
        kind = read_kind({"answer": name, **keys.get(name, {})})
        Draft202012Validator.check_schema(kind.json_schema())
        assert kind.type in TYPES


def test_the_union_for_editors_knows_every_kind():
    schema = TypeAdapter(AnyKind).json_schema()
    assert set(schema["discriminator"]["mapping"]) == set(KINDS)
    assert TypeAdapter(AnyKind).validate_python({"answer": "iban"}) == read_kind({"answer": "iban"})
