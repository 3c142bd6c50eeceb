"""What an agency writes becomes questions: whatever it writes, nothing breaks, and each task can be answered."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import limits
from bot.core import commands as c
from bot.core import events, texts
from bot.core.news import status
from bot.core.objections import MOST_CHARACTERS, MOST_REASONS, objections, read_pointer, words_of
from bot.core.position import actions, addition_wanted, may_submit
from bot.core.say import Voice
from bot.core.submission import data
from bot.web.shapes.state import state
from tests.core.applicant import Applicant
from tests.core.talk import Talk
from tests.core.test_told import ready

WAY = ("announced", "sent", "delivered")


def sent(talk, upto="delivered"):
    talk.act("send_addition" if talk.case.state == "submitted" else "submit")
    n = max(talk.case.submissions)
    for each in WAY[: WAY.index(upto) + 1]:
        talk.command(c.Move(n, each, {"case_id": "k"}))
    return n


def refused(talk, *reasons):
    n = sent(talk)
    talk.command(c.Move(n, "rejected", {"reasons": list(reasons)}))
    return n


def at(pointer, title="Das passt nicht"):
    return {"code": "x", "title": title, "pointer": pointer}


# -- places -----------------------------------------------------------------------------------------------------------


def pointers(value, place=""):
    """Every leaf of ``data`` with its pointer."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from pointers(inner, f"{place}/{key}")
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, inner in enumerate(value):
            yield from pointers(inner, f"{place}/{index}")
    else:
        yield place


@pytest.mark.parametrize("seed", range(8))
def test_every_place_of_what_was_sent_leads_to_its_question(seed):
    talk = Applicant(Talk(), seed, more=0.6).finish()
    talk.act("submit")
    submission = talk.case.submissions[1]
    by_address = {step.address: step.cell.raw for step in talk.path.steps}
    document = data(talk.situation)
    places = [place for place in pointers(document) if not place.endswith(("/nummer", "/monat"))]
    assert places
    for place in places:
        [found] = objections(talk.situation, submission, [at(place)])
        value = _at(document, place)
        assert found.address, place
        assert value == by_address[found.address] or value in by_address[found.address].values()


def _at(document, place):
    for part in place[1:].split("/"):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def test_a_row_leads_to_its_first_question_and_the_whole_to_none():
    talk = ready()
    talk.act("submit")
    submission = talk.case.submissions[1]

    def address(pointer):
        return objections(talk.situation, submission, [at(pointer)])[0].address

    assert address("/kinder/1") == "kinder[2].vorname"
    assert address("/kinder/1/geboren/x/y") == "kinder[2].geboren"
    assert address("/einrichtung") == "bundesland"
    assert [address(each) for each in ("", "/", "/kinder", "/kinder/7", "/kinder/-1", "/gibt~1es", "kinder")] == [
        ""
    ] * 7


def test_a_pointer_is_read_as_the_rfc_says():
    assert read_pointer("/a~1b/m~0n/~01") == ("a/b", "m~n", "~1")
    assert read_pointer("/") == ("",)
    assert [read_pointer(raw) for raw in ("", "a", None, 7, "/" + "x" * 5000)] == [None] * 5


def test_rows_that_went_while_the_agency_was_reading_lead_to_the_rows_that_were_sent():
    talk = ready()
    n = sent(talk)
    talk.act("remove_row", "kinder[1]")
    talk.command(c.Move(n, "rejected", {"reasons": [at("/kinder/1/vorname"), at("/kinder/0/vorname")]}))
    assert set(talk.case.tasks) & {"agency:1:kinder[2].vorname", "agency:1:kinder[1].vorname"} == {
        "agency:1:kinder[2].vorname"
    }


def test_a_file_leads_to_its_evidence_and_the_copy_to_none():
    talk = ready()
    sent(talk)
    talk.hand_in("nachweis", "file-1")
    talk.pick({"files": ["file-1"], "later": False})
    talk.command(
        c.Move(1, "rejected", {"reasons": [{"title": "unscharf", "file": "file-1"}, {"title": "x", "file": "copy"}]})
    )
    assert "agency:1:nachweis" in talk.case.tasks
    assert any(text.endswith("„x“") for text in talk.texts)


# -- words ------------------------------------------------------------------------------------------------------------


def test_an_agency_is_quoted_and_cannot_speak_for_the_house():
    hostile = "Gut.“ Ihr Antrag ist bewilligt. \u202eNeu\x00\nZeile {reference} <b>"
    said = words_of({"title": hostile})
    assert said == "Gut.‘ Ihr Antrag ist bewilligt. Neu Zeile {reference} <b>"
    talk = ready()
    refused(talk, at("/telefon", hostile))
    assert f"Die Behörde schreibt dazu: „{said}“" in talk.texts


def test_words_are_bounded_and_said_once():
    assert len(words_of({"title": "x" * 9000, "detail": "y" * 9000})) == MOST_CHARACTERS
    assert words_of({"title": "Fehler", "detail": "Fehler in Zeile 1"}) == "Fehler in Zeile 1"
    assert words_of({"title": 7, "detail": None}) == ""
    talk = ready()
    talk.act("submit")
    many = [at("", str(number)) for number in range(500)]
    assert len(objections(talk.situation, talk.case.submissions[1], many)) == MOST_REASONS


# -- the whole movement -----------------------------------------------------------------------------------------------


def test_an_answer_is_changed_another_stays_and_all_is_sent_again():
    talk = ready()
    refused(talk, at("/telefon"), at("/kinder/0/vorname"))
    assert (talk.case.state, talk.open.task.id) == ("open", "agency:1:telefon")
    assert not may_submit(talk.situation)
    talk.pick("+493511234567")
    assert talk.open.address == "kinder[1].vorname"
    talk.act("keep")
    assert not any(task.by == "agency" for task in talk.case.tasks.values())
    Applicant(talk, 1).finish()
    assert sent(talk) == 2
    assert (talk.case.submissions[2].kind, talk.case.state) == ("application", "submitted")


def test_a_refused_addition_is_sent_again_even_if_everything_stays():
    talk = ready()
    n = sent(talk)
    talk.command(c.Move(n, "accepted", {}))
    talk.act("correct", "telefon")
    talk.pick("+493511234567")
    Applicant(talk, 1).finish()
    refused(talk, at("/telefon"))
    assert (talk.case.state, talk.open.address, addition_wanted(talk.situation)) == ("submitted", "telefon", False)
    talk.act("keep")
    assert may_submit(talk.situation)
    assert sent(talk) == 3
    assert talk.case.submissions[3].kind == "addition"


def test_what_is_objected_to_and_is_gone_blocks_nothing_and_is_done_with_the_next_sending():
    talk = ready()
    refused(talk, at("/kinder/1/vorname"))
    talk.act("remove_row", "kinder[2]")
    Applicant(talk, 1).finish()
    sent(talk)
    assert not any(task.by == "agency" for task in talk.case.tasks.values())


def test_late_evidence_while_the_agency_reads_is_held_back_and_asked_for_after():
    talk = ready()
    n = sent(talk)
    talk.hand_in("nachweis", "file-1")
    talk.pick({"files": ["file-1"], "later": False})
    assert texts.HELD_BACK.text in talk.texts
    assert "send_addition" not in [each.name for each in actions(talk.situation)]
    talk.command(c.Move(n, "accepted", {}))
    assert texts.STILL_HERE.text in talk.texts
    assert talk.open.kind == "declaration"


# -- full -------------------------------------------------------------------------------------------------------------


def fill_up(talk):
    while talk.case.facts < limits.FACTS_PER_CASE:
        talk.command(c.Note(events.Notified(kind="x", way="y")))


def test_a_full_case_can_answer_what_the_agency_asks_and_be_sent_again():
    talk = ready()
    sent(talk)
    fill_up(talk)
    talk.command(c.Move(1, "rejected", {"reasons": [at("/telefon"), at("/kinder/0/vorname")]}))
    assert talk.pick("+493511234567").outcome == "accepted"
    assert talk.act("keep").outcome == "accepted"
    while talk.situation.open is not None:
        assert talk.pick(True).outcome == "accepted"
    assert sent(talk) == 2


def test_a_full_case_can_replace_a_file_that_is_refused_late():
    talk = ready()
    talk.act("correct", "nachweis")
    talk.command(c.OfferFile("f", "nachweis", "f.jpg", 10))
    talk.command(c.JudgeFile(events.FileJudged(file="f", state="checking")))
    talk.pick({"files": ["f"], "later": False})
    fill_up(talk)
    talk.command(c.JudgeFile(events.FileJudged(file="f", state="refused")))
    assert talk.open.task.by == "check"
    talk.hand_in("nachweis", "g")
    assert talk.pick({"files": ["g"], "later": False}).outcome == "accepted"
    assert not talk.case.tasks


def test_a_full_case_still_takes_nothing_else():
    talk = Talk().begin().answer("sachsen")
    fill_up(talk)
    assert talk.pick("angestellt").conflict == "full"


# -- whatever the world says ------------------------------------------------------------------------------------------

PLACES = (
    "/telefon",
    "/kinder/0",
    "/kinder/1/geboren",
    "/zeiten/0/zeitraum/0",
    "/monate/0/einnahmen",
    "/bescheid",
    "/",
    "",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = {
    "code": JSON,
    "title": JSON,
    "detail": JSON,
    "pointer": st.sampled_from(PLACES) | st.text("/~01ankider", max_size=20) | JSON,
    "file": st.sampled_from(("copy", "f_1")) | JSON,
}
REASONS = st.lists(st.fixed_dictionaries({}, optional=FIELDS) | JSON, max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(REASONS | JSON, st.integers(0, 1000))
def test_any_reasons_leave_a_case_that_can_be_answered_and_sent_again(reasons, seed):
    talk = ready()
    sent(talk)
    talk.command(c.Move(1, "rejected", {"reasons": json.loads(json.dumps(reasons))}))
    assert talk.case.state == "open"
    assert all(len(say.text) <= limits.CHANNEL_TEXT for say in talk.says)
    json.dumps(state(talk.situation))
    asked = set()
    while (open_ := talk.situation.open) is not None and open_.task is not None and open_.task.by == "agency":
        assert open_.task.id not in asked
        asked.add(open_.task.id)
        kept = talk.act("keep") if len(asked) + seed & 1 else Applicant(talk, seed).step()
        assert kept.outcome in ("accepted", "done", "ask_back")
        if talk.situation.open is not None and talk.open.kind == "change":
            talk.pick("change")
    Applicant(talk, seed).finish()
    assert sent(talk) == 2


@pytest.mark.parametrize("sandbox", [True, False])
def test_every_state_says_whether_anybody_got_it(sandbox):
    talk = ready()
    talk.act("submit")
    proof = {"sandbox": True} if sandbox else {}
    for each in (*WAY, "accepted"):
        talk.command(c.Move(1, each, proof))
        said = [text for text in talk.texts if texts.PRACTICE.text in text]
        assert bool(said) is (sandbox and each != "announced"), each
        assert (texts.PRACTICE.text in status(Voice(talk.situation), talk.case.submissions[1]).text) is sandbox
        assert (texts.PRACTICE.text in state(talk.situation)["submissions"][0]["text"]) is sandbox
