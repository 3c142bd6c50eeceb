"""The open question: each kind of answer, each pseudo-question, and what was asked back, in German and English."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.answers import kinds
from bot.core.case import Case
from bot.core.position import Open, Situation
from bot.procedures.interview import compile_interview
from bot.procedures.load import load_procedure
from bot.procedures.walk import Cell, Sheet, walk
from bot.web.shapes.actions import actions
from bot.web.shapes.question import ACCEPTED, asked, question
from tests.core.talk import NOW, TODAY, Talk, words
from tests.web.shapes.schemas import wrong

ROOT = Path(__file__).parents[3]
DIALOGS = sorted(
    path.parent
    for pattern in ("dialogs/*/*", "tests/core/dialogs/*/*", "tests/dialogs/tiny/*/*")
    for path in ROOT.glob(f"{pattern}/dialog.yaml")
)
LANGUAGES = ("de", "en")


@cache
def interview_of(folder):
    return compile_interview(load_procedure(folder))


def situation_in(folder, language="de"):
    interview = interview_of(folder)
    path = walk(interview, Sheet(), {}, TODAY)
    return Situation(Case(language=language), path, interview, words(language), NOW, TODAY)


def every_question(folder, language):
    """Each question of a dialog as if it were open, in its first row where it has rows."""
    situation = situation_in(folder, language)
    for stop in situation.interview.by_question.values():
        row = "1" if stop.repeated else None
        yield stop, asked(situation, Open("question", stop.address(row), stop, row=row))


def shaped(kind, language="de"):
    """The first question of this kind in any dialog."""
    for folder in DIALOGS:
        for stop, made in every_question(folder, language):
            if made["kind"] == kind:
                return stop, made
    raise LookupError(kind)


# -- real questions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", DIALOGS, ids=lambda folder: folder.parent.name)
def test_every_question_of_every_dialog(folder, language):
    found = list(every_question(folder, language))
    assert found
    for stop, made in found:
        assert wrong("Question", made) == []
        assert made["required"] != stop.asked.optional
        assert made["unsure"] == (stop.asked.unsure is not None)
        assert made["sensitive"] == stop.asked.sensitive
        assert ("help" in made) == (stop.asked.help is not None or stop.asked.law is not None)
        assert ("example" in made) == (stop.asked.example is not None)


@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
def test_every_kind_of_answer_is_met(kind):
    stop, made = shaped(kind)
    assert made["id"] == stop.address("1" if stop.repeated else None)
    assert made["text"]
    assert made["why"]


@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        ("whole_number", {"min": 1, "max": 5}),
        ("decimal", {"decimals": 1}),
        ("money", {"min": "0.00", "decimals": 2}),
        ("long_text", {"max_length": 500}),
        ("evidence", {"max_pages": 5, "max_bytes": 20 * 1024 * 1024, "accept": list(ACCEPTED)}),
    ],
)
def test_limits_are_those_of_the_kind(kind, limits):
    made = [made for folder in DIALOGS for _, made in every_question(folder, "de") if made["kind"] == kind]
    assert limits in [each.get("limits") for each in made]


def test_a_date_may_not_lie_behind_the_day_of_the_case():
    made = next(
        made
        for folder in DIALOGS
        for stop, made in every_question(folder, "de")
        if made["kind"] == "date" and stop.asked.kind.latest == "today"
    )
    assert made["limits"]["latest"] == TODAY.isoformat()


def test_yes_and_no_are_choices_in_both_languages():
    labels = {language: [each["label"] for each in shaped("yes_no", language)[1]["choices"]] for language in LANGUAGES}
    assert labels == {"de": ["Ja", "Nein"], "en": ["Yes", "No"]}


def test_papers_may_be_promised_only_where_the_dialog_says_so():
    folder = ROOT / "tests/core/dialogs/beispiel/2026-01"
    made = next(made for _, made in every_question(folder, "de") if made["kind"] == "evidence")
    assert made["choices"] == [{"value": {"files": [], "later": True}, "label": "Später nachreichen"}]
    for each in DIALOGS:
        for stop, shape in every_question(each, "de"):
            if shape["kind"] == "evidence":
                assert ("choices" in shape) == (stop.asked.kind.later is not None)


def test_a_subsidy_relevant_question_says_so():
    marked = [
        (stop, made) for folder in DIALOGS for stop, made in every_question(folder, "de") if stop.asked.subsidy_relevant
    ]
    assert marked
    assert all(made["why"].endswith("◆ Diese Angabe ist subventionserheblich.") for _, made in marked)


def test_help_names_the_law():
    made = Talk("elternentschaedigung").begin().answer("betreuung_kind")
    assert question(made.situation)["help"] == "Grundlage: § 66 Abs. 1 Nr. 3 IfSG"


# -- rows -----------------------------------------------------------------------------------------------------------


def test_a_row_is_called_by_its_answers_as_soon_as_they_are_there():
    talk = Talk().begin().answer("sachsen", "angestellt")
    assert question(talk.situation)["row"] == {"section": "kinder", "row": "1", "position": 1, "title": "Kinder 1"}
    talk.answer("Lena")
    made = question(talk.situation)
    assert made["row"] == {"section": "kinder", "row": "1", "position": 1, "title": "Kind Lena"}
    assert made["text"] == "Wann ist Lena geboren?"


def test_rows_keep_their_number_and_are_counted_as_shown():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2019-05-03", True, "Ben", "2018-02-03", True)
    talk.answer("Ida")
    talk.act("remove_row", "kinder[2]")
    made = question(talk.situation)
    assert (made["id"], made["row"]["row"], made["row"]["position"]) == ("kinder[3].geboren", "3", 2)


def test_rows_that_can_be_chosen_bear_their_titles():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2019-05-03", True, "Ben", "2018-02-03", False, True)
    made = question(talk.situation)
    assert (made["id"], made["kind"]) == ("zeiten[1].fuer", "rows_of")
    assert made["choices"] == [{"value": 1, "label": "Kind Lena"}, {"value": 2, "label": "Kind Ben"}]


# -- what stood there before, what is proposed, what was asked back ------------------------------------------------


def test_an_old_answer_is_shown_in_words():
    talk = Talk().begin().answer("sachsen")
    talk.act("back")
    made = question(talk.situation)
    assert (made["old"], made["old_text"]) == ("sachsen", "Sachsen")
    assert "because" not in made


def test_a_proposal_is_shown_in_words():
    interview = interview_of(ROOT / "tests/dialogs/tiny/suggest/2026-01")
    path = walk(interview, Sheet(cells={"kaltmiete": Cell("value", "400.00")}), {}, TODAY)
    case = Case(state="open", procedure="suggest", consented=True)
    made = question(Situation(case, path, interview, words("de"), NOW, TODAY))
    assert (made["id"], made["suggestion"], made["suggestion_text"]) == ("warmmiete", "500.00", "500,00\u00a0€")


def test_a_guess_is_asked_back_with_its_reading():
    talk = Talk().begin()
    talk.type("sachsn")
    made = question(talk.situation)
    assert made["id"] == "bundesland"
    assert made["text"] == "In welchem Bundesland liegt die Einrichtung?"
    assert made["proposals"] == [{"value": "sachsen", "label": "Sachsen"}]
    assert made["because"] == "Sachsen, richtig?"
    assert {"name": "decline", "label": "Nein, neu eingeben"} in actions(talk.situation, talk.open)
    talk.pick(made["proposals"][0]["value"])
    assert question(talk.situation)["id"] == "rolle"


def test_a_doubt_says_what_is_doubted():
    talk = Talk(today=date(2022, 12, 1)).begin()
    talk.answer("sachsen", "angestellt", "Lena", "2019-05-03", False, True, [1])
    talk.type("1.9.2022 bis 30.9.2022")
    made = question(talk.situation)
    assert made["id"] == "zeiten[1].zeitraum"
    assert made["because"] == "Danach gibt es voraussichtlich kein Geld mehr."
    label = "1. September 2022 bis 30. September 2022"
    assert made["proposals"] == [{"value": ["2022-09-01", "2022-09-30"], "label": label}]


def test_an_answer_that_no_longer_stands_says_why():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2019-05-03", False, False, "+493411234567")
    talk.act("skip")
    talk.act("correct", "telefon")
    talk.act("skip")
    made = question(talk.situation)
    assert (made["id"], made["because"]) == ("mail", "Bitte geben Sie Telefon oder E-Mail an.")


# -- pseudo-questions -------------------------------------------------------------------------------------------------


def test_beginning():
    made = question(Talk().situation)
    assert made == {
        "id": "@consent",
        "kind": "yes_no",
        "text": "Möchten Sie anfangen?",
        "required": True,
        "unsure": False,
        "sensitive": None,
        "choices": [{"value": True, "label": "Ja, anfangen"}, {"value": False, "label": "Nein, jetzt nicht"}],
    }


def test_another_row():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2019-05-03")
    made = question(talk.situation)
    assert (made["id"], made["kind"]) == ("@again[kinder]", "yes_no")
    assert made["text"] == "Möchten Sie noch ein Kind angeben?"
    assert made["choices"] == [{"value": True, "label": "Ja"}, {"value": False, "label": "Nein"}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_has_its_reason_and_never_ends_the_application(language):
    talk = Talk("elternentschaedigung", language).begin().answer("anderer_anlass")
    made = question(talk.situation)
    assert wrong("Question", made) == []
    assert (made["id"], made["kind"]) == ("@notice[richtiger_antrag]", "one_of")
    assert [each["value"] for each in made["choices"]] == ["apply_anyway", "stop"]
    assert "§ 56 Abs. 1a IfSG" in made["why"]
    assert "https://amt24.sachsen.de" in made["why"]


def test_a_late_answer_asks_whether_to_change():
    talk = Talk().begin().answer("sachsen", "angestellt")
    talk.pick("anderes", "bundesland")
    made = question(talk.situation)
    assert (made["id"], made["kind"]) == ("@change[bundesland]", "one_of")
    assert made["why"].startswith("Diese Frage haben Sie schon beantwortet")
    assert [each["value"] for each in made["choices"]] == ["change", "keep"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_declaration_is_its_own_text(language):
    talk = Talk("beispiel", language)
    talk.begin().answer("sachsen", "angestellt", "Lena", "2019-05-03", False, False, "+493411234567")
    talk.act("skip")
    made = question(talk.situation)
    assert made["id"] == "@declaration[wahrheit]"
    assert made["text"].endswith("1: Ich versichere, dass meine Angaben richtig sind.")
    assert made["choices"][0]["value"] is True


def test_erasing_is_asked_once_more():
    talk = Talk().begin()
    talk.act("erase")
    made = question(talk.situation)
    assert (made["id"], made["kind"]) == ("@erase", "yes_no")
    assert [each["label"] for each in made["choices"]] == ["Ja, alles löschen", "Nein, behalten"]


def test_nothing_open_is_no_question():
    talk = Talk().begin()
    talk.act("stop")
    assert question(talk.situation) is None
