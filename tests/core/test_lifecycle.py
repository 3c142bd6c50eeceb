"""The three tables, and what they let happen: each fact and each command against each state."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from bot.answers.base import Problem
from bot.core import commands as c
from bot.core import events, lifecycle
from bot.core.case import BrokenHistory, fold
from bot.core.decide import decide
from bot.machine import dead_ends, unreachable
from tests.core.applicant import Applicant
from tests.core.talk import NOW, TODAY, Talk, interview_of, opening

SAMPLES = {
    "Opened": {"reference": "AL-1", "procedure": "beispiel", "version": "2026-01", "hash": "0"},
    "Consented": {"text_hash": "0", "language": "de"},
    "Answered": {"address": "rolle", "value": "angestellt"},
    "RowAdded": {"section": "kinder", "row": 1},
    "RowRemoved": {"section": "kinder", "row": 1},
    "NotSure": {"address": "rolle", "candidates": ["angestellt"]},
    "NotUnderstood": {"address": "rolle", "key": "x"},
    "Acknowledged": {"criterion": "land"},
    "LanguageSet": {"language": "en"},
    "Said": {"place": "core.yes", "template": "Ja"},
    "FileOffered": {"file": "f", "address": "nachweis"},
    "FileJudged": {"file": "f", "state": "ready"},
    "FileDropped": {"file": "f"},
    "Declared": {"id": "wahrheit", "text_hash": "0", "shown_language": "de"},
    "SubmitRequested": {"n": 1, "upto": 1},
    "SubmissionMoved": {"n": 1, "state": "announced"},
    "TaskSet": {"id": "t", "address": "nachweis", "reason": "later", "by": "staff"},
    "TaskDone": {"id": "t"},
    "SpeakerChanged": {"speaker": "staff"},
    "DoorOpened": {"channel": "web", "address": "x"},
    "DoorClosed": {"channel": "web"},
    "Notified": {"kind": "x", "way": "email"},
    "Moved": {"version": "2026-02", "hash": "1"},
    "StaffNote": {"author": "x", "text": "y"},
    "Redacted": {"reason": "x"},
}
FACTS = [
    kind(**SAMPLES.get(kind.__name__, {"address": "rolle"} if "address" in kind.model_fields else {}))
    for kind in get_args(events.AnyFact)
]
REACHED = {
    "open": (),
    "sending": (events.SubmitRequested(n=1, upto=1),),
    "submitted": (events.SubmitRequested(n=1, upto=1), events.SubmissionMoved(n=1, state="prepared")),
    "ended": (events.Ended(),),
    "expired": (events.Expired(),),
}


def case_in(state, *more):
    """A case that came into ``state`` by facts alone."""
    opened = opening(interview_of("beispiel"), "de", TODAY)
    facts = [] if state == "new" else [opened, *REACHED[state], *more]
    return fold(turns_of(facts))


def turns_of(facts, after=0):
    return [
        events.Turn(number=after + n, at=NOW + timedelta(seconds=n), actor="staff", door="", facts=(fact,))
        for n, fact in enumerate(facts, 1)
    ]


@pytest.mark.parametrize("table", lifecycle.TABLES, ids=lambda table: table.name)
def test_every_state_is_reached_and_none_is_a_trap(table):
    assert unreachable(table) == ()
    assert dead_ends(table, lifecycle.ENDS[table.name]) == ()
    assert set(lifecycle.ENDS[table.name]) <= set(table.states)


def test_the_case_table_knows_every_fact_and_nothing_else():
    known = {trigger for state in lifecycle.CASE.states for trigger in lifecycle.CASE.triggers(state)}
    kinds = {kind.__name__ for kind in get_args(events.AnyFact)}
    assert kinds <= known
    assert known - kinds <= {"delivered", "accepted", "rejected", "prepared", "addition rejected", "Erased"}


@pytest.mark.parametrize("state", ["new", *REACHED])
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.type)
def test_the_fold_lets_happen_what_the_table_allows_and_nothing_else(state, fact):
    case = case_in(state)
    assert case.state == state
    turns = turns_of([fact], case.number)
    known = fact.type != "SubmissionMoved" or 1 in case.submissions
    if known and lifecycle.CASE.may(state, lifecycle.trigger_of(fact)):
        assert fold(turns, case).state == lifecycle.CASE.after(state, lifecycle.trigger_of(fact))
    else:
        with pytest.raises(BrokenHistory):
            fold(turns, case)


def test_a_submission_must_be_ordered_before_it_moves():
    case = case_in("open")
    with pytest.raises(BrokenHistory):
        fold(turns_of([events.SubmissionMoved(n=7, state="announced")], case.number), case)


SIMPLE = (
    c.Begin, c.Decline, c.DontKnow, c.Skip, c.Back, c.Undo, c.StopHere, c.Help, c.ShowSummary, c.Pause, c.GoOn, c.Human,
    c.Submit, c.AskErase, c.Expire,
)  # fmt: skip
ALL_COMMANDS = (
    *(kind() for kind in SIMPLE),
    c.Answer("rolle", "angestellt", "angestellt"),
    c.Guess("rolle", ("angestellt",)),
    c.LateAnswer("rolle", "x"),
    c.Slip("rolle", Problem("x", "Nein.")),
    c.Correct("rolle"),
    c.Keep("rolle"),
    c.AddRow("kinder"),
    c.NoMoreRows("kinder"),
    c.RemoveRow("kinder", 1),
    c.ApplyAnyway("land"),
    c.SetLanguage("en"),
    c.Declare("wahrheit"),
    c.Choose("beispiel"),
    c.OfferFile("f_1", "nachweis", "foto.jpg", 1_000),
    c.JudgeFile(events.FileJudged(file="f_1", state="checking")),
    c.DropFile("f_1"),
    c.Note(events.DoorClosed(channel="web", reason="left")),
    c.Move(1, "announced", {}),
    c.NotNow("x"),
)


def situations():
    """One case in each state and phase that an applicant can be in."""
    begun = Talk().begin()
    asking = Talk().begin().answer("sachsen", "angestellt", "Lena")
    done = Applicant(Talk(), 4).finish()
    sending = Applicant(Talk(), 4).finish()
    sending.act("submit")
    submitted = Applicant(Talk(), 4).finish()
    submitted.act("submit")
    submitted.command(c.Move(1, "prepared", {}))
    ended = Talk().begin()
    ended.act("stop")
    talks = {"new": Talk(), "begun": begun, "asking": asking, "reviewing": done, "sending": sending}
    return {**talks, "submitted": submitted, "ended": ended}


@pytest.mark.parametrize("command", ALL_COMMANDS, ids=lambda command: type(command).__name__)
def test_no_command_breaks_the_history_in_any_state(command):
    """Whatever is decided may happen: the facts of a decision always fold. What may not is said, not done."""
    for name, talk in situations().items():
        decision = decide(talk.situation, command)
        assert decision.outcome in c.OUTCOMES, name
        turns = turns_of(decision.facts, talk.case.number)
        after = fold(turns, talk.case)
        assert after.state in ("open", "sending", "submitted", "ended")
        if name == "sending":
            assert after.sheet == talk.case.sheet
        if decision.outcome == "nothing":
            assert decision.facts == ()


def test_every_command_is_decided_here():
    assert {type(command) for command in ALL_COMMANDS} >= set(get_args(c.Command)) - {c.Erase}


def test_news_of_a_submission_is_told_once():
    talk = situations()["sending"]
    assert talk.command(c.Move(1, "announced", {})).outcome == "done"
    for late in ("announced", "queued", "accepted"):
        decision = decide(talk.situation, c.Move(1, late, {}))
        assert (decision.outcome, decision.facts) == ("nothing", ())
    assert decide(talk.situation, c.Move(9, "sent", {})).facts == ()


def test_a_refused_submission_may_be_corrected_and_sent_again():
    talk = situations()["sending"]
    talk.command(c.Move(1, "rejected", {}))
    assert talk.case.state == "open"
    talk.act("correct", "bundesland")
    talk.pick({"sachsen": "anderes", "anderes": "sachsen"}[talk.case.sheet.cells["bundesland"].raw])
    Applicant(talk, 1).finish()
    talk.act("submit")
    assert (talk.case.state, sorted(talk.case.submissions)) == ("sending", [1, 2])
