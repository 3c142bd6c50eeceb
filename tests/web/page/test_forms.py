"""Fields of a form, and what they mean."""

from __future__ import annotations

import pytest

from bot.core.commands import Acted, Picked, Typed
from bot.web.page import fields, session
from bot.web.page.forms import Malformed, content, ticked, typed

ADDRESS = {
    "value.street": ["Musterweg"],
    "value.house_number": [" 1 "],
    "value.postal_code": ["01067"],
    "value.city": ["Dresden"],
}


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"question": ["iban"], "text": [" DE89 "]}, Typed("DE89", "iban")),
        ({"question": ["iban"], "text": [""]}, Typed("", "iban")),
        ({"question": ["tage"]}, Typed("", "tage")),
        ({"question": ["zeit"], "from": ["1.4.2020"], "to": ["3.4.2020"]}, Typed("1.4.2020 bis 3.4.2020", "zeit")),
        ({"question": ["zeit"], "from": ["1.4.2020"], "to": [" "]}, Typed("1.4.2020", "zeit")),
        ({"question": ["zeit"], "from": [""], "to": [""]}, Typed("", "zeit")),
        ({"question": ["land"], "value": ['"sachsen"']}, Picked("land", "sachsen")),
        ({"question": ["ja"], "value": ["true"]}, Picked("ja", True)),
        ({"question": ["@again[kinder]"], "value": ["false"]}, Picked("@again[kinder]", False)),
        ({"question": ["tage"], "pick": ['"mo"', '"di"']}, Picked("tage", ["mo", "di"])),
        ({"question": ["fuer"], "pick": ["1"]}, Picked("fuer", [1])),
        (
            {"question": ["name"], "value.given": ["Anna "], "value.family": ["Muster"]},
            Picked("name", {"given": "Anna", "family": "Muster"}),
        ),
        (
            {"question": ["name"], "value.given": ["Anna"], "value.family": [""]},
            Picked("name", {"given": "Anna", "family": ""}),
        ),
        ({"question": ["name"], "value.given": [""], "value.family": [" "]}, Typed("", "name")),
        (
            {"question": ["wo"], **ADDRESS},
            Picked("wo", {"street": "Musterweg", "house_number": "1", "postal_code": "01067", "city": "Dresden"}),
        ),
        (
            {"question": ["hr"], "value.court": ["Leipzig"], "value.type": ["HRB"], "value.number": ["1"]},
            Picked("hr", {"court": "Leipzig", "type": "HRB", "number": "1"}),
        ),
        (
            {"question": ["foto"], "value": ['{"files":["f_1"],"later":false}']},
            Picked("foto", {"files": ["f_1"], "later": False}),
        ),
        ({"action": ["back"]}, Acted("back")),
        ({"action": ["remove_row kinder[2]"]}, Acted("remove_row", "kinder[2]")),
        ({"action": ["correct kinder[2].geboren"], "text": ["x"]}, Acted("correct", "kinder[2].geboren")),
        ({"action": ["submit"], "after": ["17"]}, Acted("submit", "", 17)),
        ({"action": ["submit"], "after": ["-1"]}, Acted("submit", "", None)),
        ({"action": ["back"], "after": ["17"]}, Acted("back")),
    ],
)
def test_a_form_means_one_thing(sent: dict[str, list[str]], meant: object) -> None:
    assert content(sent) == meant


@pytest.mark.parametrize(
    "sent",
    [
        {"question": ["land"], "value": ["sachsen"]},
        {"question": ["land"], "value": ["[" * 20 + "]" * 20]},
        {"question": ["land"], "value": ["[" * 100_000]},
        {"value": ["true"]},
        {"question": ["x" * 201], "value": ["true"]},
        {"question": ["tage"], "pick": ["mo"]},
        {"action": ["fly"]},
        {"action": [""]},
        {"question": ["name"], "value.given": ["Anna"]},
        {"question": ["name"], "value.given": ["Anna"], "value.family": ["M"], "value.admin": ["1"]},
    ],
)
def test_what_no_form_of_ours_sends_is_refused(sent: dict[str, list[str]]) -> None:
    with pytest.raises(Malformed):
        content(sent)


def test_what_was_filled_in_comes_back_as_it_was() -> None:
    sent = {
        "csrf": ["1"],
        "text": [" 31.2. "],
        "from": ["a"],
        "value.given": ["Anna"],
        "pick": ["1", "2"],
        "value": ["3"],
    }
    assert typed(sent) == {"text": " 31.2. ", "from": "a", "value.given": "Anna"}
    assert ticked(sent) == ["1", "2", "3"]


# -- how a question is shown ------------------------------------------------------------------------------------------


def choices(number: int) -> list[dict[str, object]]:
    return [{"value": n, "label": str(n)} for n in range(number)]


@pytest.mark.parametrize(
    ("question", "layout"),
    [
        ({"kind": "yes_no", "choices": choices(2)}, "buttons"),
        ({"kind": "one_of", "choices": choices(5)}, "buttons"),
        ({"kind": "one_of", "choices": choices(6)}, "radios"),
        ({"kind": "many_of", "choices": choices(2)}, "checks"),
        ({"kind": "rows_of", "choices": choices(2)}, "checks"),
        ({"kind": "period"}, "range"),
        ({"kind": "person_name"}, "parts"),
        ({"kind": "address"}, "parts"),
        ({"kind": "register"}, "parts"),
        ({"kind": "long_text"}, "area"),
        ({"kind": "evidence", "choices": choices(1)}, "evidence"),
        ({"kind": "something_new"}, "line"),
        *(
            ({"kind": kind}, "line")
            for kind in ("date", "month", "year", "days", "money", "hours", "iban", "phone", "email")
        ),
    ],
)
def test_each_kind_has_its_layout(question: dict[str, object], layout: str) -> None:
    assert fields.layout(question) == layout


@pytest.mark.parametrize(
    ("id", "kind", "inputmode", "autocomplete"),
    [
        ("email", "email", "email", "email"),
        ("telefon", "phone", "tel", "tel"),
        ("kontakt[1].telefon", "phone", "tel", "off"),
        ("vorname", "short_text", "text", "given-name"),
        ("kinder[1].vorname", "short_text", "text", "off"),
        ("geburtsdatum", "date", "text", "bday"),
        ("gewinn", "money", "decimal", "off"),
        ("steuerjahr", "year", "numeric", "off"),
        ("iban", "iban", "text", "off"),
    ],
)
def test_a_line_offers_the_right_keyboard(id: str, kind: str, inputmode: str, autocomplete: str) -> None:
    [field] = fields.fields({"id": id, "kind": kind, "text": "?"}, {})
    assert (field.name, field.id, field.inputmode, field.autocomplete) == ("text", "f-text", inputmode, autocomplete)


def test_an_address_is_filled_in_where_it_is_the_applicants() -> None:
    own = [field.autocomplete for field in fields.fields({"id": "anschrift", "kind": "address"}, {})]
    assert own == ["address-line1", "address-line2", "postal-code", "address-level2"]
    other = [field.autocomplete for field in fields.fields({"id": "vertretene_anschrift", "kind": "address"}, {})]
    assert set(other) == {"off"}


def test_only_the_part_that_is_wrong_is_marked() -> None:
    wrong = [f.name for f in fields.fields({"id": "wo", "kind": "address"}, {}, "address.city_missing") if f.wrong]
    assert wrong == ["value.city"]
    every = [f.name for f in fields.fields({"id": "wo", "kind": "address"}, {}, "address.too_long") if f.wrong]
    assert len(every) == 4


def test_an_old_answer_stands_in_its_parts() -> None:
    question = {"id": "wer", "kind": "person_name", "old": {"given": "Anna", "family": "Muster"}}
    assert [f.value for f in fields.fields(question, {})] == ["Anna", "Muster"]
    assert [f.value for f in fields.fields(question, {"value.given": "B"})] == ["B", ""]


def test_the_old_choice_is_ticked_and_what_was_just_ticked_goes_first() -> None:
    question = {"kind": "many_of", "choices": choices(3), "old": [1]}
    assert [option.chosen for option in fields.options(question, [])] == [False, True, False]
    assert [option.chosen for option in fields.options(question, ["0", "2"])] == [True, False, True]


# -- proofs -----------------------------------------------------------------------------------------------------------


def test_a_proof_is_of_one_token() -> None:
    assert session.is_proof("at_1", session.proof("at_1"))
    assert not session.is_proof("at_1", session.proof("at_2"))
    assert not session.is_proof("at_1", "")
    assert not session.is_proof("at_1", "ü")


def test_only_names_of_forms_are_names_of_forms() -> None:
    assert session.is_id(session.new_id())
    assert not session.is_id("") and not session.is_id("1") and not session.is_id("{" + session.new_id() + "}")
