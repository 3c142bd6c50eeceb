"""Where a case stands: the one open question, the phase, and what may be done now. Derived, never stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

from bot.answers.base import Context, Json, Words
from bot.core import events, lifecycle
from bot.core.case import CHANGE, STALE, Case, Task
from bot.procedures.format import Declaration
from bot.procedures.interview import Interview, Stop
from bot.procedures.walk import Cell, Here, Path, locate

OpenKind = Literal["procedure", "consent", "question", "again", "notice", "change", "erase", "declaration"]


RECEPTION: Final = "reception"
"""The procedure of a case whose applicant has not said yet what to apply for."""
WHICH_PROCEDURE: Final = "@procedure"


class Open(NamedTuple):
    """The one open question. ``address`` may be a pseudo-question (``@consent``, ``@again[kinder]``, ...).

    ``stands``: the old answer, or the task, may stay as it is.
    """

    kind: OpenKind
    address: str
    stop: Stop | None = None
    here: Here | None = None
    row: str | None = None
    old: Cell | None = None
    declaration: Declaration | None = None
    task: Task | None = None
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to apply for: an interview, and the parameters that a new case is pinned to."""

    interview: Interview
    municipality: str | None
    parameters: Mapping[str, Json]
    typed: Mapping[str, Any]


@dataclass(frozen=True)
class Situation:
    """Everything that understanding, deciding and saying may look at. ``now`` is UTC, ``today`` the law's day.

    ``offers``: what can be chosen, by name; only at the reception, where a case has no procedure yet.
    """

    case: Case
    path: Path
    interview: Interview
    words: Words
    now: datetime
    today: date
    offers: Mapping[str, Offer] = field(default_factory=dict)

    @cached_property
    def context(self) -> Context:
        return Context(self.words, self.today, self.path.scope.parameters)

    @cached_property
    def open(self) -> Open | None:
        """What the applicant is asked now, looked up once."""
        return _open_question(self)

    def moved(self, case: Case, path: Path) -> Situation:
        """The same moment with the case somewhere else."""
        return Situation(case, path, self.interview, self.words, self.now, self.today, self.offers)


def phase(situation: Situation) -> str:
    """The phase of the public API."""
    case = situation.case
    if case.state in ("sending", "submitted"):
        return str(case.state)
    if case.state != "open":
        return "ended"
    if not case.consented:
        return "greeting"
    return "reviewing" if situation.path.complete else "asking"


def open_question(situation: Situation) -> Open | None:
    """What the applicant is asked now. None: nothing; the review may be submitted, or there is nothing to do."""
    return situation.open


def _open_question(situation: Situation) -> Open | None:
    case, path = situation.case, situation.path
    if case.state in ("ended", "sending") and case.pending is not None and case.pending.doubt == "erase":
        return Open("erase", "@erase")
    if case.state not in ("open", "submitted"):
        return None
    if case.pending is not None and case.pending.doubt in (CHANGE, STALE, "erase"):
        if case.pending.doubt == "erase":
            return Open("erase", "@erase")
        return _open_change(situation, case.pending.address)
    if case.procedure == RECEPTION:
        return Open("procedure", WHICH_PROCEDURE)
    if not case.consented:
        return Open("consent", "@consent")
    if not case.sheet.reopened and (urgent := _first_task(situation, urgent=True)) is not None:
        return urgent
    if path.here is not None:
        return _open_here(case, path.here)
    if addition_wanted(situation):
        return _declaration(situation)
    if (task := _first_task(situation)) is not None:
        return task
    return None if case.state == "submitted" else _declaration(situation)


def _declaration(situation: Situation) -> Open | None:
    """The first declaration that is not confirmed yet."""
    return next((Open("declaration", f"@declaration[{d.id}]", declaration=d) for d in undeclared(situation)), None)


def _open_change(situation: Situation, address: str) -> Open:
    stop, row = stop_at(situation.interview, address)
    return Open("change", f"@change[{address}]", stop, row=row, old=situation.case.sheet.cells.get(address))


def _open_here(case: Case, here: Here) -> Open:
    if here.criterion is not None:
        return Open("notice", here.address, here=here)
    if here.stop is not None and here.stop.question is None:
        return Open("again", here.address, here.stop, here)
    valid = here.failed is None and not here.invalid
    stands = valid and here.old is not None and case.has_files_of(here.old)
    return Open("question", here.address, here.stop, here, here.row, here.old, stands=stands)


def _first_task(situation: Situation, *, urgent: bool = False) -> Open | None:
    """``urgent``: only what the house's own checks ask for, before anything else. Then others, then own promises."""
    for task in sorted(situation.case.tasks.values(), key=lambda task: task.by == "applicant"):
        if urgent and task.by != "check":
            continue
        if task.by == "applicant" and situation.case.state != "submitted":
            continue  # promised for later: not while the application itself is still open
        step = locate(situation.path, task.address)
        if step is not None:
            # before, nothing could be sent while it stays open; to what the agency wrote, "it is right" is an answer
            stands = situation.case.state == "submitted" or task.by == "agency"
            return Open("question", task.address, step.stop, row=step.row, old=step.cell, task=task, stands=stands)
    return None


def undeclared(situation: Situation) -> Iterator[Declaration]:
    """Declarations that hold for this case and are not confirmed yet, in order."""
    for declaration in declarations(situation):
        if declaration.id not in situation.case.declared:
            yield declaration


def declarations(situation: Situation) -> Iterator[Declaration]:
    """Declarations that hold for this case."""
    by_id = {declaration.id: declaration for declaration in situation.interview.procedure.declarations}
    for plan in situation.interview.declarations:
        if plan.when is None or plan.when(situation.path.scope) is True:
            yield by_id[plan.id]


def addition_wanted(situation: Situation) -> bool:
    """Has a submitted case something to send? What the applicant promised for later need not be there for it."""
    if situation.case.under_way or not has_news(situation.case):
        return False  # one after the other: what becomes of the first decides what the next one is
    return not _waited_for(situation, "staff", "agency", "version", "check")


def has_news(case: Case) -> bool:
    """Was something changed after the last sending, or did the agency refuse what was sent to it then?"""
    last = case.submission
    return case.state == "submitted" and last is not None and (case.changed > last.upto or last.state == "rejected")


def _waited_for(situation: Situation, *by: str) -> bool:
    """Does one of these wait for something that is still asked? A task of a row that was removed waits for its row."""
    tasks = situation.case.tasks.values()
    return any(task.by in by and locate(situation.path, task.address) is not None for task in tasks)


def stop_at(interview: Interview, address: str) -> tuple[Stop | None, str | None]:
    """The stop and row id of an address; (None, None) where there is no such question."""
    section, bracket, rest = address.partition("[")
    if not bracket:
        stop = interview.by_question.get(address)
        return (stop, None) if stop is not None and not stop.repeated else (None, None)
    row, _, question = rest.partition("].")
    stop = interview.by_question.get(question)
    if stop is None or not stop.repeated or stop.section != section:
        return None, None
    return stop, row


class Action(NamedTuple):
    """An action that is allowed now. ``target``: what it is about."""

    name: str
    target: str = ""


def actions(situation: Situation) -> list[Action]:
    """Every action that is allowed now, and no other."""
    case = situation.case
    if case.state == "ended":
        return [Action("resume"), Action("erase"), Action("new_case")]
    if case.state in ("new", "expired", "erased"):
        return [Action("new_case")]
    return list(_actions(situation))


def _actions(situation: Situation) -> Iterator[Action]:
    case, open_ = situation.case, situation.open
    if open_ is not None:
        yield from _of_question(open_)
        if open_.kind == "question" and case.pending is not None and case.pending.address == open_.address:
            yield Action("decline")  # of what was asked back, nothing is meant
    may_alter = lifecycle.may(case.state, events.Reopened)
    if may_alter and situation.path.steps and case.consented:
        yield Action("back")
        yield Action("correct")
        yield Action("summary")
    if may_alter and case.undo is not None:
        yield Action("undo")
    if may_alter and case.consented:
        yield from _of_rows(situation)
    if may_submit(situation):
        yield Action("send_addition" if case.state == "submitted" else "submit")
    yield Action("help")
    yield Action("language")
    if case.paused:
        yield Action("resume")
    elif case.state == "open":
        yield Action("pause")
        yield Action("stop")
    yield Action("human")
    yield Action("erase")


def _of_question(open_: Open) -> Iterator[Action]:
    if open_.kind == "consent":
        yield Action("start")
    if open_.kind == "notice":
        yield Action("apply_anyway", open_.address)
    if open_.kind == "question" and open_.stop is not None and open_.stop.question is not None:
        if may_keep(open_):
            yield Action("keep", open_.address)
        if open_.stop.question.optional:
            yield Action("skip", open_.address)
        if open_.stop.question.unsure is not None:
            yield Action("unsure", open_.address)


def may_keep(open_: Open) -> bool:
    """Is there an old answer that is still valid, or a task that can wait?"""
    return open_.old is not None and open_.stands and (open_.task is not None or open_.here is not None)


def _of_rows(situation: Situation) -> Iterator[Action]:
    for id, again in situation.interview.growing:
        rows = situation.case.sheet.rows.get(id, ())
        if id not in situation.path.scope.rows:
            continue  # not entered yet
        if len(rows) < again.max and _finished(situation, id):
            yield Action("add_row", id)
        if len(rows) > again.min:
            for row in rows:
                yield Action("remove_row", f"{id}[{row}]")


def _finished(situation: Situation, section: str) -> bool:
    """Are all rows of the section answered? Only then another makes sense."""
    here = situation.path.here
    return here is None or here.stop is None or here.stop.section != section


def may_submit(situation: Situation) -> bool:
    """Everything is answered and confirmed, and the lifecycle allows to send."""
    case = situation.case
    if not situation.path.complete or not case.consented or case.pending is not None:
        return False
    if _waited_for(situation, "check", "agency"):
        return False
    if not lifecycle.may(case.state, events.SubmitRequested):
        return False
    if case.state == "submitted" and not addition_wanted(situation):
        return False
    return next(undeclared(situation), None) is None
