"""One turn, decided and worded, before it is written. Pure: the desk hands in the situation and keeps the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.answers.base import Words
from bot.core import commands as c
from bot.core import events
from bot.core.case import Case, finish, fold
from bot.core.commands import Content
from bot.core.decide import decide
from bot.core.decision import FULL, Decision
from bot.core.events import Actor, Fact, Turn
from bot.core.position import Situation, open_question
from bot.core.say import Say
from bot.core.tell import tell
from bot.core.understand import understand
from bot.ports import CaseId, CredentialChange, DoorChange, JobKind, NewJob, Step, Summary

WordsOf = Callable[[str], Words]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of an applicant. ``message_id``: the channel's own, so that a second delivery has no effect."""

    channel: str
    address: str
    message_id: str
    content: Content
    actor: Actor = "applicant"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it. ``situation`` None: the case is gone. ``turn``: what was written, None where nothing was.

    ``code`` and ``token``: a resume code and a bearer token, shown once and kept nowhere. ``conflict``: why nothing
    came of it, where a client could have known (``not-now``, ``changed-since-review``, ``full``, ``invalid``, ...).
    """

    case: CaseId
    outcome: str
    says: tuple[Say, ...]
    situation: Situation | None = None
    repeated: bool = False
    code: str = ""
    conflict: str = ""
    token: str = ""
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """One input on its way into a case: content to be understood, or a command of the house itself.

    ``strict``: what meets a conflict is not written down; its client hears of it in another way. ``jobs``: work that
    follows if anything is written.
    """

    channel: str
    actor: Actor = "applicant"
    content: Content | None = None
    command: c.Command | None = None
    message_id: str = ""
    seen: tuple[bytes, str] | None = None
    doors: tuple[DoorChange, ...] = ()
    facts: tuple[Fact, ...] = ()
    credentials: tuple[CredentialChange, ...] = ()
    jobs: tuple[NewJob, ...] = ()
    strict: bool = False

    @property
    def told_by(self) -> str:
        """The message's name in the ledger: its door and the channel's own id. Empty for commands of the house."""
        return f"{self.seen[0].hex()[:16]}:{self.message_id}" if self.seen is not None else ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A turn that is decided and worded, and not yet written."""

    before: Situation
    decision: Decision
    turn: Turn
    says: tuple[Say, ...]
    after: Situation
    arrived: Arrived

    @property
    def writes(self) -> bool:
        """Is there anything to write? A command of the house that changed nothing leaves no turn."""
        conflict = self.decision.conflict
        return conflict != FULL and not (conflict and self.arrived.strict) and bool(self.turn.facts)

    @property
    def jobs(self) -> tuple[NewJob, ...]:
        """The work that follows from the turn's facts."""
        ordered = [fact for fact in self.decision.facts if isinstance(fact, events.SubmitRequested)]
        reference, at = self.after.case.reference, self.turn.at
        erase = [NewJob("erase", "erase", at)] if self.decision.erase else []
        submit = (NewJob("submit", f"{reference}:{fact.n}", at, str(fact.n).encode()) for fact in ordered)
        return (*submit, *erase, *self._next_step(), *self.arrived.jobs)

    def _next_step(self) -> Iterator[NewJob]:
        """A submission that moved goes on from this turn, and from no other."""
        move = self.decision.command
        if not isinstance(move, c.Move) or move.wait is None or not self.decision.facts:
            return
        kind: JobKind = "poll" if move.state in ("sent", "delivered") else "submit"
        due = self.turn.at + timedelta(seconds=move.wait)
        step = f"{move.n}:{self.turn.number}"
        yield NewJob(kind, f"{self.after.case.reference}:{step}", due, step.encode())

    def reply(self, id: CaseId, *, code: str = "", written: bool = True) -> Reply:
        """What the sender hears of it."""
        decision, turn = self.decision, self.turn if written else None
        return Reply(id, decision.outcome, self.says, self.after, code=code, conflict=decision.conflict, turn=turn)


def attempt(before: Situation, arrived: Arrived, words: WordsOf) -> Attempt:
    """Decides and words one turn. Pure; nothing is written yet."""
    content = arrived.content
    command = arrived.command if content is None else understand(content, before)
    assert command is not None
    decision = decide(before, command)
    if decision.after.case.language != before.words.language:
        decision = replace(decision, after=replace(decision.after, words=words(decision.after.case.language)))
    says = tuple(tell(before, content, decision))
    turn = Turn(
        number=before.case.number + 1,
        at=before.now,
        actor=arrived.actor,
        door=arrived.channel,
        command=arrived.told_by,
        outcome=decision.outcome,
        facts=(*arrived.facts, *decision.facts, *(say.fact for say in says)),
    )
    after = decision.after.moved(_case_after(before, decision, turn, says), decision.after.path)
    return Attempt(before, decision, turn, says, after, arrived)


def _case_after(before: Situation, decision: Decision, turn: Turn, says: tuple[Say, ...]) -> Case:
    """The fold of the turn. What was decided is folded already; only where more came in, all of it is folded anew."""
    case = decision.after.case
    if case is before.case or len(turn.facts) > len(decision.facts) + len(says):
        return fold([turn], before.case)
    return finish(case, turn, (say.fact for say in says))


def summary_row(situation: Situation) -> Summary:
    """The clear row of a case. No answer and no person stands in it."""
    case = situation.case
    open_ = open_question(situation)
    section = open_.stop.section if open_ is not None and open_.stop is not None else ""
    assert case.opened_at is not None
    return Summary(
        reference=case.reference,
        procedure=case.procedure,
        version=case.version,
        municipality=case.municipality,
        state=case.state,
        speaker=case.speaker,
        language=case.language,
        channel=case.channel,
        section=section,
        opened_at=case.opened_at,
        updated_at=situation.now,
        files=sum(file.state != "dropped" for file in case.files.values()),
        tasks=len(case.tasks),
        submission=case.submission.state if case.submission is not None else "",
    )


def steps(before: Case, turn: Turn) -> list[Step]:
    """The funnel's step: which question was answered, and how long the applicant took. No answer."""
    since = before.updated_at
    ms = int((turn.at - since).total_seconds() * 1000) if since is not None else 0
    taken = (events.Answered, events.Unsure, events.Skipped)
    return [Step(_question_of(fact.address), type(fact).__name__, ms) for fact in turn.facts if isinstance(fact, taken)]


def _question_of(address: str) -> str:
    """``kinder[2].geboren`` → ``geboren``: the funnel knows questions, not rows."""
    return address.partition("].")[2] or address
