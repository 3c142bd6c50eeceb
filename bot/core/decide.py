"""The heart: (situation, command) → facts. Nothing is said, stored or sent here, and nothing is guessed.

Each command has one small function. What the lifecycle does not allow becomes the outcome ``nothing`` with a word
of explanation; an applicant's slip is a :class:`Problem` in the decision and a fact in the transcript.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bot import limits
from bot.answers.base import Evidence, Misshapen, Problem, problem
from bot.core import commands as c
from bot.core import events, files, lifecycle, objections, reception, texts
from bot.core.case import CHANGE, STALE
from bot.core.decision import FULL, INVALID, Decision, done, not_now, nothing, refused
from bot.core.events import Fact
from bot.core.notice import data_notice
from bot.core.position import Open, Situation, addition_wanted, may_keep, may_submit, open_question, stop_at
from bot.core.progress import consequences, progress, rows_about_only, whole_path
from bot.core.retention import ends_at
from bot.core.say import Voice
from bot.core.texts import digest
from bot.core.verdict import verdict
from bot.procedures.interview import CheckPlan, Stop
from bot.procedures.walk import Cell


def decide(situation: Situation, command: c.Command) -> Decision:
    """What becomes true, and what came of it."""
    is_full = situation.case.facts >= limits.FACTS_PER_CASE
    if is_full and not isinstance(command, _WHEN_FULL) and not _is_demanded(situation, command):
        return nothing(situation, command, problem(texts.CASE_FULL), conflict=FULL)
    return _DECIDERS[type(command)](situation, command)


_WHEN_FULL: Final = (
    c.Submit,
    c.Move,
    c.Expire,
    c.JudgeFile,
    c.DropFile,
    c.Declare,
    c.AskErase,
    c.Erase,
    c.Decline,
    c.Human,
    c.Pause,
    c.SetLanguage,
    c.GoOn,
    c.Note,
)
"""What a case that has grown too long can still do: be sent, be left and found again, be erased, and find a person."""

_TO_ANSWER: Final = (
    c.Answer, c.Guess, c.Slip, c.DontKnow, c.Skip, c.Keep, c.AddRow, c.NoMoreRows, c.ApplyAnyway, c.Help, c.OfferFile,
)  # fmt: skip


def _is_demanded(situation: Situation, command: c.Command) -> bool:
    """A task, an answer that fell away, what a correction after sending opened: else it could never be sent again."""
    case, open_ = situation.case, open_question(situation)
    if open_ is None or not isinstance(command, _TO_ANSWER):
        return False
    about = case.pending.address if open_.kind == "change" and case.pending is not None else open_.address
    if isinstance(command, c.OfferFile) and command.address != about:
        return False
    if isinstance(command, c.AddRow) and open_.kind != "again":
        return False
    tasked = any(task.address == about for task in case.tasks.values())
    return tasked or about in case.sheet.reopened or bool(case.submissions)


# -- beginning and language ---------------------------------------------------------------------------------------


def _begin(situation: Situation, command: c.Begin) -> Decision:
    if situation.case.consented:
        return not_now(situation, command)
    shown = data_notice(Voice(situation))
    fact = events.Consented(text_hash=digest(shown), language=situation.words.language)
    return done(situation, command, fact, outcome="accepted")


def _language(situation: Situation, command: c.SetLanguage) -> Decision:
    return done(situation, command, events.LanguageSet(language=command.language))


def _choose(situation: Situation, command: c.Choose) -> Decision:
    offer = situation.offers.get(command.offer)
    if offer is None:
        return not_now(situation, command)
    moved, after = reception.chosen(situation, offer)
    return Decision(command, "accepted", (moved,), after)


# -- files -------------------------------------------------------------------------------------------------------


def _offer_file(situation: Situation, command: c.OfferFile) -> Decision:
    found = files.offered(situation, command)
    if isinstance(found, str):
        why = files.CASE_FULL if found == files.TOO_MANY_FILES else texts.NOT_NOW
        return nothing(situation, command, problem(why), conflict=found)
    return done(situation, command, *found)


def _judge_file(situation: Situation, command: c.JudgeFile) -> Decision:
    facts = files.judged(situation, command.fact)
    return done(situation, command, *facts) if facts else Decision(command, "nothing", (), situation)


def _drop_file(situation: Situation, command: c.DropFile) -> Decision:
    facts = files.dropped(situation, command)
    return done(situation, command, *facts) if facts else Decision(command, "nothing", (), situation)


# -- answers ------------------------------------------------------------------------------------------------------


def _answer(situation: Situation, command: c.Answer) -> Decision:
    open_ = open_question(situation)
    stop, _ = stop_at(situation.interview, command.address)
    if stop is None or open_ is None or not lifecycle.may(situation.case.state, events.Answered):
        return not_now(situation, command)
    later = isinstance(command.value, Evidence) and command.value.later
    if open_.task is not None and later and open_.stands and situation.case.state == "submitted":
        return done(situation, command, events.Kept(address=command.address))
    if not command.sure and (doubt := _doubt(situation, stop, command)) is not None:
        asked = events.NotSure(address=command.address, candidates=[command.raw], doubt=doubt.place)
        return done(situation, command, asked, outcome="ask_back", check=doubt)
    if isinstance(command.value, Evidence):
        most = stop.asked.kind.limits(situation.context)["max_pages"]
        if (slip := files.refusal(situation.case, command.address, command.value, most)) is not None:
            return refused(situation, command, command.address, slip, None)
    answered = events.Answered(address=command.address, value=command.raw, source=command.source)
    return _taken(situation, command, open_, stop, answered)


def _taken(situation: Situation, command: Any, open_: Open, stop: Stop, answered: Any) -> Decision:
    """The answer is taken, unless a check or the kind's limits refuse it, or a correction wants a second look."""
    facts = [*_rows_that_begin(situation, stop, answered.address), answered, *_tasks_done(situation, answered.address)]
    after = progress(situation, facts)
    if (no := _refusal(situation, command, answered.address, after)) is not None:
        return no
    if not getattr(command, "seen", True) and _has_consequences(situation, open_, after):
        asked = events.NotSure(address=answered.address, candidates=[answered.value], doubt=CHANGE)
        return done(situation, command, asked, outcome="ask_back")
    return Decision(command, "accepted", tuple(facts), after)


def _refusal(situation: Situation, command: c.Command, address: str, after: Situation) -> Decision | None:
    here = after.path.here
    if here is None or here.address != address or address in after.case.sheet.reopened:
        return None
    if here.failed is not None:
        why = Problem("check", here.failed.check.otherwise)
        return refused(situation, command, address, why, here.failed)
    return refused(situation, command, address, problem(texts.NO_LONGER_FITS), None) if here.invalid else None


def _doubt(situation: Situation, stop: Stop, command: c.Answer) -> CheckPlan | None:
    """The first "is that right?" that the value raises."""
    if not stop.shoulds or stop.question is None:
        return None
    scope = situation.path.scope.copy()
    answers = scope.row.answers if scope.row is not None and stop.repeated else scope.answers
    answers[stop.asked.id] = command.value
    return next((plan for plan in stop.shoulds if plan.expression(scope) is False), None)


def _rows_that_begin(situation: Situation, stop: Stop, address: str) -> list[Fact]:
    """A row comes into being with its first answer."""
    plan = situation.interview.sections[stop.section]
    if plan.again is None:
        return []
    row = int(address.partition("[")[2].partition("]")[0])
    if row in situation.case.sheet.rows.get(stop.section, ()) or row <= situation.case.sheet.numbered.get(
        stop.section, 0
    ):
        return []
    return [events.RowAdded(section=stop.section, row=row)]


def _tasks_done(situation: Situation, address: str) -> list[events.TaskDone]:
    return [events.TaskDone(id=task.id) for task in situation.case.tasks.values() if task.address == address]


def _has_consequences(situation: Situation, open_: Open, after: Situation) -> bool:
    """Does a corrected answer drop other answers, or ask something new before the place where we were?"""
    if open_.old is None or not may_keep(open_):
        return False  # an answer that no longer stands must be given anew in any case
    dropped, asked = consequences(situation, open_.address, after)
    return bool(dropped or asked)


def _late_answer(situation: Situation, command: c.LateAnswer) -> Decision:
    if not lifecycle.may(situation.case.state, events.NotSure, events.Answered):
        return not_now(situation, command)
    if situation.case.sheet.cells.get(command.address) == Cell("value", command.raw):
        return Decision(c.Keep(command.address), "done", (), situation)  # a second press of the same button
    asked = events.NotSure(address=command.address, candidates=[command.raw], doubt=STALE)
    return done(situation, command, asked, outcome="stale")


def _guess(situation: Situation, command: c.Guess) -> Decision:
    asked = events.NotSure(address=command.address, candidates=list(command.candidates))
    return done(situation, command, asked, outcome="ask_back")


def _slip(situation: Situation, command: c.Slip) -> Decision:
    if not lifecycle.may(situation.case.state, events.NotUnderstood):
        return nothing(situation, command, command.problem)
    if isinstance(command.problem, Misshapen):
        return nothing(situation, command, command.problem, conflict=INVALID)
    fact = events.NotUnderstood(address=command.address, key=command.problem.key)
    outcome: c.Outcome = "refused" if command.refused else "not_understood"
    return done(situation, command, fact, outcome=outcome, problem=command.problem)


def _decline(situation: Situation, command: c.Decline) -> Decision:
    pending = situation.case.pending
    if pending is None:
        return not_now(situation, command)
    if pending.doubt in (CHANGE, STALE):
        return done(situation, command, events.Kept(address=pending.address))
    return done(situation, command, events.NotUnderstood(address=pending.address, key="declined"), outcome="ask_back")


def _dont_know(situation: Situation, command: c.DontKnow) -> Decision:
    open_ = open_question(situation)
    if open_ is None or open_.kind != "question" or open_.stop is None or open_.stop.question is None:
        return not_now(situation, command)
    if open_.stop.asked.unsure is None:
        return refused(situation, command, open_.address, problem(texts.NOT_UNSURE), None)
    return _taken_cell(situation, command, open_, events.Unsure(address=open_.address))


def _skip(situation: Situation, command: c.Skip) -> Decision:
    open_ = open_question(situation)
    if open_ is None or open_.kind != "question" or open_.stop is None or open_.stop.question is None:
        return not_now(situation, command)
    if not open_.stop.asked.optional:
        return refused(situation, command, open_.address, problem(texts.NOT_OPTIONAL), None)
    return _taken_cell(situation, command, open_, events.Skipped(address=open_.address))


def _taken_cell(situation: Situation, command: c.Command, open_: Open, fact: Any) -> Decision:
    assert open_.stop is not None
    return _taken(situation, command, open_, open_.stop, fact)


# -- moving about -------------------------------------------------------------------------------------------------


def _back(situation: Situation, command: c.Back) -> Decision:
    steps = situation.path.steps
    if situation.case.pending is not None and situation.case.pending.doubt in (CHANGE, STALE, "erase"):
        return _decline(situation, c.Decline())
    if not steps or not lifecycle.may(situation.case.state, events.Reopened):
        return nothing(situation, command, problem(texts.NOTHING_BEFORE))
    return done(situation, command, events.Reopened(address=steps[-1].address, reason="back"))


def _correct(situation: Situation, command: c.Correct) -> Decision:
    on_path = any(step.address == command.address for step in whole_path(situation).steps)
    if not on_path or not lifecycle.may(situation.case.state, events.Reopened):
        return not_now(situation, command)
    return done(situation, command, events.Reopened(address=command.address, reason="correct"))


def _keep(situation: Situation, command: c.Keep) -> Decision:
    open_ = open_question(situation)
    if open_ is None or open_.address != command.address or not may_keep(open_):
        return not_now(situation, command)
    kept: list[Fact] = [events.Kept(address=command.address)]
    if open_.task is not None and open_.task.by == "agency":  # heard, and it stays: the agency will see it again
        kept += [task for task in _tasks_done(situation, command.address) if task.id.startswith("agency:")]
    return done(situation, command, *kept, outcome="accepted")


def _undo(situation: Situation, command: c.Undo) -> Decision:
    change = situation.case.undo
    if change is None or not lifecycle.may(situation.case.state, events.Reopened):
        return nothing(situation, command, problem(texts.NOTHING_TO_UNDO))
    if change.kind == "added":
        removed = events.RowRemoved(section=change.address, row=change.row)
        enough = [] if change.old is None else [_restored(f"@again[{change.address}]", "value", change.old.raw)]
        return done(situation, command, removed, *enough)
    if change.kind == "removed":
        return done(situation, command, *(events.RowAdded(section=section, row=row) for section, row in change.rows))
    if change.old is None or not situation.case.has_files_of(change.old):
        return done(situation, command, events.Reopened(address=change.address, reason="undo"))
    return done(situation, command, _restored(change.address, change.old.kind, change.old.raw))


def _restored(address: str, kind: str, raw: Any) -> Fact:
    if kind == "unsure":
        return events.Unsure(address=address)
    if kind == "skipped":
        return events.Skipped(address=address)
    return events.Answered(address=address, value=raw, source="undone")


# -- rows ---------------------------------------------------------------------------------------------------------


def _add_row(situation: Situation, command: c.AddRow) -> Decision:
    plan = situation.interview.sections.get(command.section)
    rows = situation.case.sheet.rows.get(command.section, ())
    if plan is None or plan.again is None or not lifecycle.may(situation.case.state, events.RowAdded):
        return not_now(situation, command)
    if len(rows) >= plan.again.max:
        return nothing(situation, command, problem(texts.TOO_MANY_ROWS, most=str(plan.again.max)))
    number = situation.case.sheet.numbered.get(command.section, 0) + 1
    return done(situation, command, events.RowAdded(section=command.section, row=number), outcome="accepted")


def _no_more_rows(situation: Situation, command: c.NoMoreRows) -> Decision:
    fact = events.Answered(address=f"@again[{command.section}]", value=False)
    return done(situation, command, fact, outcome="accepted")


def _remove_row(situation: Situation, command: c.RemoveRow) -> Decision:
    """A row goes, and with it every row elsewhere that was about nothing else (a closure of that child only)."""
    if command.row not in situation.case.sheet.rows.get(command.section, ()):
        return not_now(situation, command)
    gone = [*rows_about_only(situation, command.section, command.row), (command.section, command.row)]
    return done(situation, command, *(events.RowRemoved(section=section, row=row) for section, row in gone))


# -- notices, help, pause -----------------------------------------------------------------------------------------


def _apply_anyway(situation: Situation, command: c.ApplyAnyway) -> Decision:
    fact = events.Acknowledged(criterion=command.criterion)
    return done(situation, command, fact, outcome="accepted")


def _stop_here(situation: Situation, command: c.StopHere) -> Decision:
    if not lifecycle.may(situation.case.state, events.Ended):
        return not_now(situation, command)
    return done(situation, command, events.Ended(reason="applicant"))


def _help(situation: Situation, command: c.Help) -> Decision:
    open_ = open_question(situation)
    return _told(situation, command, events.Helped(topic=open_.address if open_ is not None else ""))


def _human(situation: Situation, command: c.Human) -> Decision:
    return _told(situation, command, events.Helped(topic="@human"))


def _told(situation: Situation, command: c.Command, fact: Fact) -> Decision:
    facts = (fact,) if lifecycle.may(situation.case.state, type(fact)) else ()
    return done(situation, command, *facts)


def _summary(situation: Situation, command: c.ShowSummary) -> Decision:
    return Decision(command, "done", (), situation)


def _pause(situation: Situation, command: c.Pause) -> Decision:
    return done(situation, command, events.Paused())


def _go_on(situation: Situation, command: c.GoOn) -> Decision:
    if situation.case.state == "ended":
        return done(situation, command, events.Reopened(address="", reason="came back"))
    return done(situation, command, *([events.Paused(over=True)] if situation.case.paused else []))


# -- declaring, sending, erasing ----------------------------------------------------------------------------------


def _declare(situation: Situation, command: c.Declare) -> Decision:
    open_ = open_question(situation)
    if open_ is None or open_.declaration is None or open_.declaration.id != command.id:
        return not_now(situation, command)
    fact = events.Declared(
        id=command.id, text_hash=digest(open_.declaration.text), shown_language=situation.words.language
    )
    return done(situation, command, fact, outcome="accepted")


def _submit(situation: Situation, command: c.Submit) -> Decision:
    case = situation.case
    if not may_submit(situation):
        return not_now(situation, command)
    if command.after is not None and command.after < case.changed:
        return nothing(situation, command, problem(texts.CHANGED_SINCE), conflict="changed-since-review")
    n = max(case.submissions, default=0) + 1
    kind: events.SubmissionKind = "addition" if addition_wanted(situation) else "application"
    found = verdict(situation).as_json()
    ordered = events.SubmitRequested(n=n, kind=kind, upto=case.number, verdict=found)
    return done(situation, command, ordered, *_objections_gone(situation), *_evidence_to_come(situation))


def _objections_gone(situation: Situation) -> list[Fact]:
    """What the agency wrote about answers that are no longer part of the application."""
    there = {step.address for step in situation.path.steps}
    tasks = situation.case.tasks.values()
    return [events.TaskDone(id=task.id) for task in tasks if task.by == "agency" and task.address not in there]


def _evidence_to_come(situation: Situation) -> list[Fact]:
    """Evidence that was promised for later becomes a task."""
    facts: list[Fact] = []
    for step in situation.path.steps:
        raw = step.cell.raw
        if isinstance(raw, dict) and raw.get("later") is True:
            id = f"later:{step.address}"
            facts.append(events.TaskSet(id=id, address=step.address, reason="later", by="applicant"))
    return facts


def _ask_erase(situation: Situation, command: c.AskErase) -> Decision:
    if not lifecycle.may(situation.case.state, events.NotSure):
        return Decision(c.Erase(), "done", (), situation, erase=True)
    fact = events.NotSure(address="@erase", candidates=[True], doubt="erase")
    return done(situation, command, fact, outcome="ask_back")


def _erase(situation: Situation, command: c.Erase) -> Decision:
    return Decision(command, "done", (), situation, erase=True)


def _move(situation: Situation, command: c.Move) -> Decision:
    """News of a submission. What its table does not allow (told twice, or out of order) is no news."""
    submission = situation.case.submissions.get(command.n)
    if submission is None or command.after not in (None, submission.moved):
        return Decision(command, "nothing", (), situation)
    told = command.state == submission.state and command.proof.items() <= submission.proof.items()
    if told or not lifecycle.SUBMISSION.may(submission.state, command.state):
        return Decision(command, "nothing", (), situation)
    proof = dict(command.proof)
    if command.state != "rejected":
        return done(situation, command, events.SubmissionMoved(n=command.n, state=command.state, proof=proof))
    proof["reasons"] = objections.storable(proof.get("reasons"))
    moved = events.SubmissionMoved(n=command.n, state=command.state, proof=proof)
    found = objections.objections(situation, submission, proof["reasons"])
    return done(situation, command, moved, *objections.tasks(command.n, found))


def _note(situation: Situation, command: c.Note) -> Decision:
    return done(situation, command, command.fact)


def _expire(situation: Situation, command: c.Expire) -> Decision:
    """The timer asks; the case itself says whether its time is over, also if somebody wrote a moment ago."""
    over = ends_at(situation.case)
    if over is None or over > situation.now:
        return Decision(command, "nothing", (), situation)
    return done(situation, command, events.Expired(), erase=True)


def _impossible(situation: Situation, command: c.NotNow) -> Decision:
    return not_now(situation, command)


_DECIDERS: Final[dict[type, Callable[[Situation, Any], Decision]]] = {
    c.Begin: _begin,
    c.SetLanguage: _language,
    c.Answer: _answer,
    c.LateAnswer: _late_answer,
    c.Guess: _guess,
    c.Slip: _slip,
    c.Decline: _decline,
    c.DontKnow: _dont_know,
    c.Skip: _skip,
    c.Back: _back,
    c.Correct: _correct,
    c.Keep: _keep,
    c.Undo: _undo,
    c.AddRow: _add_row,
    c.NoMoreRows: _no_more_rows,
    c.RemoveRow: _remove_row,
    c.ApplyAnyway: _apply_anyway,
    c.StopHere: _stop_here,
    c.Help: _help,
    c.Human: _human,
    c.ShowSummary: _summary,
    c.Pause: _pause,
    c.GoOn: _go_on,
    c.Choose: _choose,
    c.OfferFile: _offer_file,
    c.JudgeFile: _judge_file,
    c.DropFile: _drop_file,
    c.Declare: _declare,
    c.Submit: _submit,
    c.AskErase: _ask_erase,
    c.Erase: _erase,
    c.Note: _note,
    c.Move: _move,
    c.Expire: _expire,
    c.NotNow: _impossible,
}
