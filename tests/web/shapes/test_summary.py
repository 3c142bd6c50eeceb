"""The summary: what is on the path and nothing else, with what follows from it."""

from bot.web.shapes.summary import summary
from tests.core.talk import Talk
from tests.web.shapes.schemas import wrong
from tests.web.shapes.test_state import ready


def test_nothing_answered_yet():
    made = summary(Talk().begin().situation)
    assert wrong("Summary", made) == []
    assert (made["sections"], made["estimate"], made["missing"]) == ([], None, ["bundesland"])
    assert [each["finding"] for each in made["verdict"]["criteria"]] == ["open", "open"]


def test_everything_answered():
    talk = ready()
    made = summary(talk.situation)
    assert wrong("Summary", made) == []
    assert made["cursor"] == len(talk.turns)
    assert [section["id"] for section in made["sections"]] == ["vorab", "kinder", "zeiten", "monate", "kontakt"]
    assert made["missing"] == []
    assert made["declarations"] == [
        {"id": "wahrheit", "text": "Ich versichere, dass meine Angaben richtig sind.", "confirmed": True},
        {"id": "betreuung", "text": "Ich konnte nicht arbeiten.", "confirmed": True},
    ]


def test_an_item_has_its_question_its_answer_and_its_value():
    sections = {section["id"]: section for section in summary(ready().situation)["sections"]}
    assert sections["kinder"]["rows"] == [{"row": "1", "title": "Kind Lena"}]
    assert sections["kinder"]["items"][1] == {
        "question": "kinder[1].geboren",
        "text": "Wann ist Lena geboren?",
        "answer": "3. Mai 2019",
        "value": "2019-05-03",
        "row": "1",
        "change": True,
    }
    assert "rows" not in sections["kontakt"]
    assert sections["monate"]["rows"] == [{"row": "2020-04", "title": "Monat April 2020"}]
    values = {item["question"]: item["value"] for item in sections["kontakt"]["items"]}
    assert values == {
        "telefon": "+493411234567",
        "mail": None,
        "nachweis": {"files": [], "later": True, "source": "upload"},
    }


def test_an_answer_on_an_abandoned_branch_is_not_shown():
    talk = ready()
    talk.act("correct", "rolle")
    talk.pick("angestellt")
    talk.pick("change")
    assert [section["id"] for section in summary(talk.situation)["sections"]] == [
        "vorab",
        "kinder",
        "zeiten",
        "kontakt",
    ]


def test_the_verdict_has_reasons_the_law_and_a_way_on():
    talk = Talk().begin().answer("anderes")
    talk.pick("apply_anyway")
    found = summary(talk.situation)["verdict"]
    assert found["overall"] == "unlikely"
    assert found["criteria"][0] == {
        "id": "land",
        "about": "Einrichtung in Sachsen",
        "finding": "not_met",
        "text": "Zuständig ist ein anderes Land.",
        "law": "§ 66 BeispielG",
        "next": "Fragen Sie dort nach.",
        "rests_on": ["bundesland"],
        "acknowledged": True,
    }


def test_the_estimate_binds_nobody():
    made = summary(ready().situation)["estimate"]
    assert made["text"].startswith("Unverbindliche Schätzung:")
    assert made["text"].endswith("Der Betrag kann anders sein.")
    assert made["values"] == [{"id": "betrag", "text": "500,00\u00a0€", "value": "500.00"}]


def test_once_it_is_sent_nothing_can_be_changed_for_the_moment():
    talk = ready()
    talk.act("submit")
    items = [item for section in summary(talk.situation)["sections"] for item in section["items"]]
    assert {item["change"] for item in items} == {False}


def test_in_english_the_answers_stay_what_they_are():
    german, english = summary(ready().situation), summary(ready("en").situation)
    assert _values(german) == _values(english)
    assert english["sections"][1]["items"][1]["answer"] == "3 May 2019"
    assert english["estimate"]["text"] != german["estimate"]["text"]


def _values(made):
    return [item["value"] for section in made["sections"] for item in section["items"]]
