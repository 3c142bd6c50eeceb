"""The fold: what each fact makes of a case, and what it leaves alone."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import get_args

import pytest

from bot.core import events
from bot.core.case import BrokenHistory, Case, Change, Pending, fold
from bot.procedures.walk import Cell
from tests.core.talk import NOW, TODAY, interview_of, opening

OPENED = opening(interview_of("beispiel"), "de", TODAY)
ROLE = events.Answered(address="rolle", value="angestellt")
ORDER = events.SubmitRequested(n=1, upto=2)


def turn(number, *facts, actor="applicant", door="web"):
    return events.Turn(number=number, at=NOW + timedelta(seconds=number), actor=actor, door=door, facts=facts)


def after(*facts):
    """An open case after ``facts``, each in a turn of its own."""
    return fold(turn(number, fact) for number, fact in enumerate((OPENED, *facts), 1))


def changed(*facts):
    """The fields of the case that the last of ``facts`` changed, but for the counters."""
    before, now = after(*facts[:-1]), after(*facts)
    names = {field.name for field in fields(Case)} - {"number", "updated_at", "input_at", "facts"}
    return {name: getattr(now, name) for name in names if getattr(now, name) != getattr(before, name)}


def test_opening():
    case = after()
    assert (case.state, case.number, case.reference, case.procedure) == ("open", 1, "AL-TEST-TEST", "beispiel")
    assert case.opened_at == case.updated_at == case.input_at == NOW + timedelta(seconds=1)
    assert case.channel == "web"
    assert case.demo_date == TODAY


def test_consenting():
    assert changed(events.Consented(text_hash="0", language="de")) == {"consented": True}


@pytest.mark.parametrize(
    ("fact", "cell"),
    [
        (ROLE, Cell("value", "angestellt")),
        (events.Unsure(address="rolle"), Cell("unsure")),
        (events.Skipped(address="rolle"), Cell("skipped")),
    ],
)
def test_answering_sets_a_cell_and_can_be_undone(fact, cell):
    now = changed(fact)
    assert now["sheet"].cells == {"rolle": cell}
    assert now["undo"] == Change("answered", "rolle", None)
    assert now["changed"] == 2
    assert set(now) == {"sheet", "undo", "changed"}


def test_the_last_answer_counts_and_undo_remembers_the_one_before():
    case = after(ROLE, events.Answered(address="rolle", value="selbststaendig"))
    assert case.undo == Change("answered", "rolle", Cell("value", "angestellt"))
    undone = after(ROLE, events.Answered(address="rolle", value="selbststaendig", source="undone"))
    assert undone.undo is None


def test_an_answer_settles_what_was_asked_back_and_voids_declarations():
    asked = events.NotSure(address="rolle", candidates=["angestellt"])
    declared = events.Declared(id="wahrheit", text_hash="0", shown_language="de")
    slip = events.NotUnderstood(address="rolle", key="x")
    case = after(declared, slip, asked, ROLE)
    assert (case.pending, case.slips, case.declared) == (None, 0, {})


def test_reopening_keeping_and_answering_again():
    reopened = events.Reopened(address="rolle")
    assert after(ROLE, reopened).sheet.reopened == {"rolle": None}
    assert after(ROLE, reopened, events.Kept(address="rolle")).sheet.reopened == {}
    assert after(ROLE, reopened, ROLE).sheet.reopened == {}
    assert after(ROLE, reopened).sheet.cells == after(ROLE).sheet.cells


def test_rows_have_numbers_for_ever():
    add, remove = events.RowAdded(section="kinder", row=1), events.RowRemoved(section="kinder", row=1)
    second = events.RowAdded(section="kinder", row=2)
    named = events.Answered(address="kinder[1].vorname", value="Lena")
    case = after(add, named, second, remove)
    assert (case.sheet.rows, case.sheet.numbered) == ({"kinder": (2,)}, {"kinder": 2})
    assert case.sheet.cells["kinder[1].vorname"].raw == "Lena"
    assert after(add, named, second, remove, add).sheet.rows == {"kinder": (1, 2)}


def test_a_new_row_asks_for_another_one_again_and_one_that_comes_back_does_not():
    add, remove = events.RowAdded(section="kinder", row=1), events.RowRemoved(section="kinder", row=1)
    enough = events.Answered(address="@again[kinder]", value=False)
    assert "@again[kinder]" not in after(add, enough, events.RowAdded(section="kinder", row=2)).sheet.cells
    assert after(add, enough, remove, add).sheet.cells["@again[kinder]"].raw is False


def test_slips_count_until_something_is_understood():
    slip, help = events.NotUnderstood(address="rolle", key="x"), events.Helped()
    assert after(slip, slip).slips == 2
    assert after(slip, slip, help).slips == 0
    assert after(slip, ROLE).slips == 0


def test_asking_back():
    asked = events.NotSure(address="rolle", candidates=["a", "b"], doubt="x")
    assert after(asked).pending == Pending("rolle", ("a", "b"), "x")
    assert after(asked, events.NotUnderstood(address="rolle", key="x")).pending is None


def test_the_small_ones():
    assert changed(events.LanguageSet(language="en")) == {"language": "en"}
    assert changed(events.Paused()) == {"paused": True}
    assert after(events.Paused(), ROLE).paused is False
    assert after(events.Acknowledged(criterion="land")).sheet.acknowledged == {"land"}
    assert changed(events.Declared(id="w", text_hash="h", shown_language="en")) == {"declared": {"w": "h"}}
    assert changed(events.SpeakerChanged(speaker="staff", until=NOW)) == {"speaker": "staff", "speaker_until": NOW}
    assert changed(events.Ended()) == {"state": "ended"}
    assert changed(events.Expired()) == {"state": "expired"}
    assert changed(events.Moved(version="2", hash="h", parameters={"grenze": "1"})) == {
        "version": "2", "hash": "h", "parameters": {"grenze": "1"},
    }  # fmt: skip


@pytest.mark.parametrize(
    "fact",
    [
        events.Said(place="core.yes", template="Ja"),
        events.DoorOpened(channel="web", address="x"),
        events.DoorClosed(channel="web"),
        events.Notified(kind="x", way="email"),
        events.StaffNote(author="x", text="y"),
        events.Redacted(reason="x"),
    ],
    ids=lambda fact: fact.type,
)
def test_facts_of_the_transcript_change_no_state(fact):
    assert changed(fact) == {}


def test_files_on_their_way():
    offered = events.FileOffered(file="f", address="nachweis", bytes=9, sha256="1")
    judged = events.FileJudged(file="f", state="ready", media_type="image/jpeg", pages=2, bytes=8, sha256="2")
    assert after(offered).files["f"].state == "receiving"
    ready = after(offered, judged).files["f"]
    assert (ready.state, ready.pages, ready.address, ready.sha256) == ("ready", 2, "nachweis", "2")
    assert after(offered, judged, events.FileDropped(file="f")).files["f"].state == "dropped"
    assert after(judged).files == {}
    assert after(events.FileDropped(file="f")).files == {}


def test_tasks():
    task = events.TaskSet(id="t", address="nachweis", reason="unreadable", by="staff")
    assert list(after(task).tasks) == ["t"]
    assert after(task, events.TaskDone(id="t")).tasks == {}
    assert after(events.TaskDone(id="never set")).tasks == {}


def test_submissions():
    moved = [
        events.SubmissionMoved(n=1, state=state, proof={state: "x"}) for state in ("announced", "sent", "accepted")
    ]
    ordered, done = after(ROLE, ORDER), after(ROLE, ORDER, *moved)
    assert (ordered.state, ordered.submission.state, ordered.undo) == ("sending", "queued", None)
    assert (done.state, done.submission.state) == ("submitted", "accepted")
    assert done.submission.proof == {"announced": "x", "sent": "x", "accepted": "x"}


def test_only_the_applicant_moves_the_time_of_the_last_input():
    case = fold([turn(1, OPENED), turn(2, events.StaffNote(author="x", text="y"), actor="staff", door="console")])
    assert case.updated_at > case.input_at
    assert case.channel == "web"
    helped = fold([turn(3, ROLE, actor="helper", door="counter")], case)
    assert (helped.input_at, helped.channel) == (helped.updated_at, "counter")


def test_folding_on_leaves_the_case_before_as_it_was():
    before = after(ROLE, events.RowAdded(section="kinder", row=1))
    kept = before.copy()
    every = [events.Answered(address="kinder[1].vorname", value="x"), events.Acknowledged(criterion="a"),
             events.Declared(id="x", text_hash="y", shown_language="de"), events.FileOffered(file="f", address="x"),
             events.TaskSet(id="t", address="x", reason="y", by="staff"), events.Reopened(address="rolle"),
             events.RowAdded(section="kinder", row=2), events.Moved(version="9", hash="9"), ORDER]  # fmt: skip
    fold([turn(4 + place, fact) for place, fact in enumerate(every)], before)
    assert before == kept


def test_turns_must_follow_on_each_other():
    for number in (1, 2, 4):
        with pytest.raises(BrokenHistory):
            fold([turn(number, ROLE)], after(ROLE))


def test_every_fact_is_folded_in_these_tests():
    told = {fact.__name__ for fact in get_args(events.AnyFact)}
    source = __import__("pathlib").Path(__file__).read_text("utf-8")
    assert {name for name in told if f"events.{name}(" not in source} == {"Opened"}
