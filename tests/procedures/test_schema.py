"""The submission's schema: required is what every complete path sends, and nothing else may be there."""

from __future__ import annotations

import copy
from pathlib import Path

import jsonschema
import pytest

from bot.procedures.errors import DialogErrors
from bot.procedures.schema import data_schema, format_schema, submission_schema
from bot.procedures.strict import read_yaml
from tests.procedures.conftest import DIALOG

DATA = {
    "rolle": "selbst",
    "anzahl": 1,
    "betreut": False,
    "kinder": [
        {"nummer": 1, "vorname": "A", "betrag": "10.00", "zeit": ["2020-04-20", "2020-05-15"]},
    ],
    "konto": "DE89370400440532013000",
}


@pytest.fixture
def valid(desk):
    schema = data_schema(desk.source())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).is_valid


def test_a_complete_application_is_valid(valid):
    assert valid(DATA)


@pytest.mark.parametrize("missing", ["rolle", "anzahl", "kinder"])
def test_what_every_path_answers_is_required(valid, missing):
    assert not valid({key: value for key, value in DATA.items() if key != missing})


@pytest.mark.parametrize("missing", ["betreut", "konto"])
def test_what_may_be_unsure_or_not_asked_is_not_required(valid, missing):
    assert valid({key: value for key, value in DATA.items() if key != missing})


@pytest.mark.parametrize("missing", ["nummer", "vorname", "zeit"])
def test_rows_name_themselves_and_are_complete(valid, missing):
    data = copy.deepcopy(DATA)
    del data["kinder"][0][missing]
    assert not valid(data)


@pytest.mark.parametrize(
    "wrong", [{"fremd": 1}, {"rolle": "anders"}, {"kinder": []}, {"geld": {"x": 1}}, {"anzahl": "1"}]
)
def test_nothing_else_is_valid(valid, wrong):
    assert not valid({**DATA, **wrong})


def test_the_envelope(desk):
    schema = submission_schema(desk.source())
    assert schema["$id"] == "urn:antragslotse:muster:2026-01:submission"
    assert schema["properties"]["procedure"] == {"const": "muster"}
    assert schema["properties"]["declarations"]["items"]["properties"]["id"] == {"enum": ["wahrheit"]}
    assert set(schema["required"]) == set(schema["properties"])


def test_answers_that_share_a_path_may_be_either(tiny):
    schema = data_schema(tiny("question_when"))
    titles = [one["title"] for one in schema["properties"]["kosten"]["anyOf"]]
    assert titles == ["Wie hoch ist die Miete im Monat?", "Wie hoch ist Ihre Belastung im Monat?"]
    assert schema["required"] == ["wohnt"]


def test_the_format_schema_knows_the_keys_of_each_kind():
    editor = jsonschema.Draft202012Validator(format_schema())
    content = read_yaml(DIALOG, Path("dialog.yaml")).content

    def unknown(content):
        return [error for error in editor.iter_errors(content) if "nevaluated" in error.message]

    assert unknown(content) == []
    content["sections"][0]["questions"][0]["max_pages"] = "3"
    assert len(unknown(content)) == 1


def test_a_broken_dialog_has_no_schema(desk):
    with pytest.raises(DialogErrors):
        data_schema(desk.change("title: Musterantrag", "titel: x").source())
