"""What is sent, hashed and said at the two ends of a case: at its beginning, after sending, and when it is erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core import commands as c
from bot.core import texts
from bot.core.notice import data_notice
from bot.core.say import Voice
from bot.core.submission import envelope, instant
from bot.core.verdict import verdict
from bot.procedures.interview import compile_interview
from bot.procedures.load import load_procedure
from bot.web.shapes.state import state as shape_of
from bot.web.shapes.transcript import events as events_of
from tests.core.talk import NOW, Talk, interview_of, words

UP_TO_CONTACT = ("sachsen", "selbststaendig", "Lena", "2019-05-03", True, "Ben", "2001-02-03", False)
CLOSED = (True, [1, 2], ["2020-04-20", "2020-04-30"], "behoerde", False, "100.00")


def ready(language="de"):
    """Everything answered, the paper promised for later, everything declared."""
    talk = Talk(language=language).begin().answer(*UP_TO_CONTACT, *CLOSED, "+493411234567")
    talk.act("skip")
    talk.answer({"files": [], "later": True}, True, True)
    return talk


def ordered(talk):
    talk.act("submit")
    return talk.case.submissions[1]


# -- the verdict for the record -------------------------------------------------------------------------------------


def test_the_record_says_why_in_german_whatever_language_is_spoken():
    why = "Für 1 Kinder passt es, für 1 nicht."
    for language in ("de", "en"):
        record = verdict(ready(language).situation).as_json()
        assert record["overall"] == "partly"
        assert record["criteria"] == [
            {"id": "land", "state": "met", "law": "§ 66 BeispielG", "reason": None},
            {"id": "alter", "state": "partly", "law": "§ 56 BeispielG", "reason": why},
        ]


def test_the_record_names_the_law_that_a_municipality_names(tmp_path):
    talk = ready()
    talk.situation = replace(talk.situation, interview=with_law_of_parameter(tmp_path))
    scope = talk.path.scope
    scope.parameters = {**scope.parameters, "beschluss": "Beschluss vom 26. März 2020"}
    laws = [each["law"] for each in verdict(talk.situation).as_json()["criteria"]]
    assert laws == ["§ 66 BeispielG", "Beschluss vom 26. März 2020"]


def with_law_of_parameter(folder):
    """The example, whose second criterion has its law from a parameter."""
    copy = folder / "2026-01"
    copy.mkdir()
    for file in interview_of("beispiel").source.folder.glob("*.*"):
        copy.joinpath(file.name).write_bytes(file.read_bytes())
    dialog = copy / "dialog.yaml"
    text = dialog.read_text("utf-8").replace("law: § 56 BeispielG", "law: parameter.beschluss")
    parameter = "parameters:\n  - id: beschluss\n    kind: short_text\n    label: Beschluss\n"
    dialog.write_text(text.replace("parameters:\n", parameter), "utf-8")
    return compile_interview(load_procedure(copy))


# -- what was ordered -------------------------------------------------------------------------------------------------


def test_what_is_delivered_late_is_what_was_ordered():
    talk = ready()
    submission = ordered(talk)
    later = replace(talk.situation, today=talk.today + timedelta(days=4000), now=NOW + timedelta(days=4000))
    moved = replace(submission, at=NOW + timedelta(days=2), verdict={"overall": "partly", "criteria": []})
    sent = envelope(later, moved)
    assert sent["submitted_at"] == instant(submission.ordered_at)
    assert sent["verdict"] == {"overall": "partly", "criteria": []}
    assert [each["id"] for each in sent["declarations"]] == ["wahrheit", "betreuung"]


# -- the beginning ----------------------------------------------------------------------------------------------------


def test_the_notice_that_is_hashed_is_the_one_that_was_shown():
    for language in ("de", "en"):
        talk = Talk(language=language)
        assert data_notice(Voice(talk.situation)) in talk.texts
        assert "{" not in data_notice(Voice(talk.situation))


def test_a_change_of_language_before_beginning_greets_again():
    """Nobody agrees to a notice that was only shown in another language."""
    talk = Talk()
    talk.act("language", "en")
    assert data_notice(Voice(talk.situation)) in talk.texts
    talk.act("start")
    talk.act("language", "de")
    assert data_notice(Voice(talk.situation)) not in talk.texts


# -- after sending ----------------------------------------------------------------------------------------------------


def test_after_sending_what_is_still_missing_is_named():
    for state in ("prepared", "accepted"):
        talk = ready()
        ordered(talk)
        if state == "accepted":
            talk.command(c.Move(1, "announced", {}))
            assert not any("Bescheid" in text for text in talk.texts)
            talk.command(c.Move(1, "sent", {}))
        talk.command(c.Move(1, state, {"place": "outbox/1.json"}))
        assert "Das fehlt noch: Bescheid." in talk.texts
    talk.hand_in(talk.open.address, "file-1")
    talk.pick({"files": ["file-1"], "later": False})
    assert not any(text.startswith("Das fehlt noch") for text in talk.texts)


# -- the end ----------------------------------------------------------------------------------------------------------


def erased(talk):
    """(what is said before the yes, what is said after it)"""
    talk.act("erase")
    before = talk.texts
    talk.type("ja")
    return before, talk.texts


def test_erasing_a_draft_leaves_nothing():
    before, after = erased(Talk().begin().answer("sachsen"))
    assert after == [texts.ERASED.text]
    assert len(before) == 1


def test_erasing_tells_where_a_prepared_application_still_lies():
    talk = ready()
    ordered(talk)
    talk.command(c.Move(1, "prepared", {"place": "outbox/1.json"}))
    for said in erased(talk):
        assert any("outbox/1.json" in text and talk.case.reference in text for text in said)
        assert not any(text.startswith("Was schon abgesendet ist") for text in said)


def test_erasing_tells_that_the_agency_keeps_what_it_got():
    talk = ready()
    ordered(talk)
    for state in ("announced", "sent", "accepted"):
        talk.command(c.Move(1, state, {}))
    for said in erased(talk):
        assert any("Beispielamt" in text and talk.case.reference in text for text in said)
    assert talk.texts[0] == texts.ERASED.text


def test_a_refused_application_lies_nowhere():
    talk = ready()
    ordered(talk)
    talk.command(c.Move(1, "rejected", {}))
    assert erased(talk)[1] == [texts.ERASED.text]


def test_the_words_are_translated():
    for template in (texts.TO_DO, texts.LEFT_PREPARED, texts.LEFT_SENT):
        assert words("en").translate(*template) != template.text


# -- on its way -------------------------------------------------------------------------------------------------------


def on_its_way():
    talk = ready()
    ordered(talk)
    return talk


def told(talk):
    return [
        event["kind"]
        for event in events_of([talk.turns[-1].model_copy(update={"actor": "agency"})], talk.situation, words)
    ]


def test_more_proof_of_the_same_state_says_nothing_and_is_no_event():
    talk = on_its_way()
    for state in ("queued", "announced", "sent", "delivered"):
        if state != "queued":
            talk.command(c.Move(1, state, {}))
            assert told(talk)[0] == "submission"
        talk.command(c.Move(1, state, {"copy": state}))
        assert (talk.texts, told(talk)) == ([], [])


def test_an_agency_that_is_away_is_told_once_and_waited_for():
    talk = on_its_way()
    talk.command(c.Move(1, "queued", {"away": "2022-03-02T09:30:00Z"}))
    said = texts.AWAY.text.replace("{practice}", "")
    assert (talk.texts, told(talk)) == ([said], ["said"])
    assert shape_of(talk.situation)["waiting"] == {"for": "agency", "text": said}
    talk.command(c.Move(1, "queued", {"away": "2022-03-03T09:30:00Z"}))
    assert talk.texts == []
    talk.command(c.Move(1, "announced", {}))
    assert shape_of(talk.situation)["waiting"]["text"] != said


def test_what_is_delivered_is_waited_for_and_its_steps_are_shown():
    talk = on_its_way()
    for each in ("announced", "sent", "delivered"):
        talk.command(c.Move(1, each, {}))
    shown = shape_of(talk.situation)
    assert shown["phase"] == "submitted"
    assert shown["waiting"]["text"] == shown["submissions"][0]["text"]
    assert [step["state"] for step in shown["submissions"][0]["steps"]] == ["announced", "sent", "delivered"]


def test_a_refusal_is_shown_with_the_words_of_the_agency():
    talk = on_its_way()
    for each in ("announced", "sent"):
        talk.command(c.Move(1, each, {}))
    talk.command(c.Move(1, "rejected", {"reasons": [{"title": "Doppelt"}, {"title": "Falsch", "pointer": "/telefon"}]}))
    shown = shape_of(talk.situation)
    assert shown["submissions"][0]["text"].endswith("„Doppelt“\nDie Behörde schreibt dazu: „Falsch“")
    assert shown["question"]["because"] == "Die Behörde schreibt dazu: „Falsch“"
    assert shown["question"]["task"] == "agency:1:telefon"


def test_deleting_while_it_is_sent_is_asked_once_more_and_survives_the_news():
    talk = on_its_way()
    talk.act("erase")
    assert talk.open.address == "@erase"
    talk.command(c.Move(1, "announced", {"sandbox": True}))
    assert (talk.open.address, talk.texts) == ("@erase", [])
    before, after = erased(talk)
    for said in (before, after):
        assert any(text.startswith("Was schon abgesendet ist, liegt bei der Übungsbehörde") for text in said)
    assert talk.case.state == "sending"


def test_who_keeps_everything_while_it_is_sent_hears_where_it_is():
    talk = on_its_way()
    talk.act("erase")
    talk.type("nein")
    assert talk.texts == [f"Ich sende den Antrag. Ihre Nummer: {talk.case.reference}. Nichts geht verloren."]
