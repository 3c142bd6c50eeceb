"""A case is the fold of its facts. This module applies facts; whether they may happen was decided before.

The fold trusts the tables: a fact that the lifecycle forbids means a broken history and stops loudly.
What a case keeps: the last value per address for ever, so that an abandoned branch comes back unharmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from bot.answers.base import Json
from bot.core import events, lifecycle
from bot.core.events import Fact, Turn
from bot.procedures.walk import Cell, Sheet

CHANGE: Final = "change"
STALE: Final = "stale"
"""What a pending ``@change[...]`` is about: a wished correction, or an answer to a question that is not open."""


ATTACHABLE: Final = frozenset({"checking", "waiting", "ready"})
"""States of a file that an answer may name."""


class BrokenHistory(Exception):
    """The ledger holds a fact that its lifecycle forbids. Nobody should go on with such a case."""


class Pending(NamedTuple):
    """What was asked back: candidates for ``address``, and why (``doubt``: empty, a check's place, change, stale)."""

    address: str
    candidates: tuple[Json, ...]
    doubt: str


class Change(NamedTuple):
    """What ``undo`` takes back. ``kind``: answered, added or removed; ``old``: the cell before, None for none.

    ``old`` of an added row is the "no more rows" that stood before it. ``turn``: when. ``also``: (section, row) of what
    was removed in the same turn, because it hung on nothing else.
    """

    kind: str
    address: str
    old: Cell | None = None
    row: int = 0
    turn: int = 0
    also: tuple[tuple[str, int], ...] = ()

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """(section, row) of everything that it removed."""
        return ((self.address, self.row), *self.also)


class Task(NamedTuple):
    """Something the applicant still has to do."""

    id: str
    address: str
    reason: str
    by: str


class Passed(NamedTuple):
    """A submission came into ``state`` in turn ``turn``."""

    state: str
    at: datetime
    turn: int


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission on its way. What was ordered stays: ``upto``, ``ordered_at``, ``verdict``, ``rows``.

    ``at``: when it last moved, in turn ``moved``; 0: it has not moved yet. ``trail``: its changes of state, without
    the steps that only brought more proof. ``away``: the last news was that the agency's side does not answer.
    """

    n: int
    kind: str
    state: str
    upto: int
    ordered_at: datetime
    at: datetime
    verdict: dict[str, Json] = field(default_factory=dict)
    proof: dict[str, Json] = field(default_factory=dict)
    moved: int = 0
    rows: dict[str, tuple[int, ...]] = field(default_factory=dict)
    trail: tuple[Passed, ...] = ()
    away: bool = False

    @property
    def sandbox(self) -> bool:
        """Is the other side only a practice agency?"""
        return bool(self.proof.get("sandbox"))


@dataclass(frozen=True, slots=True)
class File:
    """A file of evidence as far as the case knows it. ``findings``: ``{code, page}``.

    ``bytes``: of what was kept, and until there is that, ``announced``.
    """

    id: str
    address: str
    state: str
    pages: int = 0
    bytes: int = 0
    sha256: str = ""
    media_type: str = ""
    name: str = ""
    findings: tuple[dict[str, Json], ...] = ()
    document: str = ""
    preview: str = ""
    announced: int = 0


@dataclass
class Case:
    """The state of a case after turn ``number``. ``sheet`` is what the walk walks over.

    ``changed``: the turn that last changed an answer or a row. ``slips``: misunderstandings in a row.
    """

    number: int = 0
    state: str = "new"
    reference: str = ""
    procedure: str = ""
    version: str = ""
    hash: str = ""
    municipality: str | None = None
    parameters: dict[str, Json] = field(default_factory=dict)
    language: str = "de"
    demo_date: date | None = None
    speaker: str = "bot"
    speaker_until: datetime | None = None
    consented: bool = False
    paused: bool = False
    sheet: Sheet = field(default_factory=Sheet)
    pending: Pending | None = None
    slips: int = 0
    undo: Change | None = None
    declared: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    submissions: dict[int, Submission] = field(default_factory=dict)
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    input_at: datetime | None = None
    channel: str = ""
    changed: int = 0
    facts: int = 0

    def copy(self) -> Case:
        """A case of its own: folding more facts into it leaves this one as it is."""
        other = object.__new__(Case)
        vars(other).update(vars(self))  # copy.copy takes the way of pickling
        other.sheet = self.sheet.copy()
        other.declared = dict(self.declared)
        other.tasks = dict(self.tasks)
        other.files = dict(self.files)
        other.submissions = dict(self.submissions)
        return other

    def has_files_of(self, cell: Cell) -> bool:
        """Can every file that this answer names still be named? True of an answer without files."""
        named = cell.raw.get("files", ()) if isinstance(cell.raw, dict) else ()
        return all(id in self.files and self.files[id].state in ATTACHABLE for id in named)

    @property
    def filed(self) -> bool:
        """Has a submission of this case come to its end at the agency?"""
        return any(each.state in ("accepted", "prepared") for each in self.submissions.values())

    @property
    def under_way(self) -> bool:
        """Is a submission still on its way, or not yet judged by the agency's side?"""
        return any(each.state not in lifecycle.ENDS["submission"] for each in self.submissions.values())

    @property
    def submission(self) -> Submission | None:
        """The newest submission."""
        return self.submissions[max(self.submissions)] if self.submissions else None


def fold(turns: Iterable[Turn], case: Case | None = None) -> Case:
    """The case after ``turns``, which follow on ``case`` (a new one where None). ``case`` itself is not touched."""
    folded = Case() if case is None else case.copy()
    for turn in turns:
        _apply_turn(folded, turn)
    return folded


def _apply_turn(case: Case, turn: Turn) -> None:
    if turn.number != case.number + 1:
        raise BrokenHistory(f"turn {turn.number} follows on turn {case.number}")
    case.number = turn.number
    _take_note(case, turn)
    for fact in turn.facts:
        apply(case, fact, turn.at)


def _take_note(case: Case, turn: Turn) -> None:
    """Who came when, through which door, and how much it was."""
    case.updated_at = turn.at
    case.facts += len(turn.facts)
    if turn.actor in ("applicant", "helper"):
        case.input_at = turn.at
        case.channel = turn.door or case.channel


def finish(case: Case, turn: Turn, rest: Iterable[Fact]) -> Case:
    """``case`` with the rest of ``turn``: the facts before ``rest`` are folded into it already, by :func:`apply`."""
    _take_note(case, turn)
    for fact in rest:
        apply(case, fact, turn.at)
    return case


def apply(case: Case, fact: Fact, at: datetime) -> None:
    """Folds one fact that happened ``at`` into ``case``."""
    name = type(fact).__name__
    trigger = lifecycle.trigger_of(fact, filed=case.filed) if isinstance(fact, events.SubmissionMoved) else name
    state = lifecycle.CASE.goal(case.state, trigger)
    if state is None:
        raise BrokenHistory(f"{trigger} cannot happen to a case that is {case.state}")
    case.state = state
    change = _CHANGES.get(name)
    if change is not None:
        change(case, fact, at)


# -- one small function per fact ----------------------------------------------------------------------------------


def _opened(case: Case, fact: events.Opened, at: datetime) -> None:
    case.reference = fact.reference
    case.procedure = fact.procedure
    case.version = fact.version
    case.hash = fact.hash
    case.municipality = fact.municipality
    case.parameters = dict(fact.parameters)
    case.language = fact.language
    case.demo_date = fact.demo_date
    case.opened_at = at


def _consented(case: Case, _fact: events.Consented, _at: datetime) -> None:
    case.consented = True
    case.paused = False


def _answered(case: Case, fact: events.Answered, _at: datetime) -> None:
    _set_cell(case, fact.address, Cell("value", fact.value), undone=fact.source == "undone")


def _unsure(case: Case, fact: events.Unsure, _at: datetime) -> None:
    _set_cell(case, fact.address, Cell("unsure"))


def _skipped(case: Case, fact: events.Skipped, _at: datetime) -> None:
    _set_cell(case, fact.address, Cell("skipped"))


def _set_cell(case: Case, address: str, cell: Cell, *, undone: bool = False) -> None:
    old = case.sheet.cells.get(address)
    case.sheet.cells[address] = cell
    case.sheet.reopened.pop(address, None)
    case.undo = None if undone else Change("answered", address, old)
    _altered(case)


def _altered(case: Case) -> None:
    """The application is not what it was: what was declared about it must be declared again."""
    _settled(case)
    case.declared.clear()
    case.changed = case.number


def _settled(case: Case) -> None:
    """The applicant was understood: nothing is pending, and no slip counts any more."""
    case.pending = None
    case.slips = 0
    case.paused = False


def _reopened(case: Case, fact: events.Reopened, _at: datetime) -> None:
    if fact.address:
        case.sheet.reopened[fact.address] = None
    if fact.reason == "undo":
        case.undo = None
    _settled(case)


def _kept(case: Case, fact: events.Kept, _at: datetime) -> None:
    """Also a task that is put off: the others come first now."""
    case.sheet.reopened.pop(fact.address, None)
    for task in [task for task in case.tasks.values() if task.address == fact.address]:
        case.tasks[task.id] = case.tasks.pop(task.id)
    _settled(case)


def _row_added(case: Case, fact: events.RowAdded, _at: datetime) -> None:
    """A new row asks for "another one?" again; one that comes back leaves that answer as it is."""
    rows = case.sheet.rows.get(fact.section, ())
    highest = case.sheet.numbered.get(fact.section, 0)
    case.sheet.rows[fact.section] = tuple(sorted({*rows, fact.row}))
    case.sheet.numbered[fact.section] = max(highest, fact.row)
    enough = case.sheet.cells.pop(f"@again[{fact.section}]", None) if fact.row > highest else None
    last = case.undo
    if last is not None and (last.kind, last.rows[0]) == ("removed", (fact.section, fact.row)):
        case.undo = _rest_of(last)
    else:
        case.undo = Change("added", fact.section, enough, fact.row, case.number)
    _altered(case)


def _row_removed(case: Case, fact: events.RowRemoved, _at: datetime) -> None:
    rows = case.sheet.rows.get(fact.section, ())
    case.sheet.rows[fact.section] = tuple(row for row in rows if row != fact.row)
    last = case.undo
    if last is not None and (last.kind, last.rows[0]) == ("added", (fact.section, fact.row)):
        case.undo = None
    else:
        also = last.rows if last is not None and (last.kind, last.turn) == ("removed", case.number) else ()
        case.undo = Change("removed", fact.section, None, fact.row, case.number, also)
    _altered(case)


def _rest_of(removed: Change) -> Change | None:
    """What of a removal is still to be taken back, once its first row is there again."""
    if not removed.also:
        return None
    (section, row), *others = removed.also
    return Change("removed", section, None, row, removed.turn, tuple(others))


def _not_sure(case: Case, fact: events.NotSure, _at: datetime) -> None:
    case.pending = Pending(fact.address, tuple(fact.candidates), fact.doubt)
    case.slips = 0


def _not_understood(case: Case, fact: events.NotUnderstood, _at: datetime) -> None:
    if not fact.address.startswith("@change["):  # whether to change something is asked again
        case.pending = None
    case.slips += 1


def _acknowledged(case: Case, fact: events.Acknowledged, _at: datetime) -> None:
    case.sheet.acknowledged |= {fact.criterion}
    _settled(case)


def _language_set(case: Case, fact: events.LanguageSet, _at: datetime) -> None:
    case.language = fact.language


def _helped(case: Case, _fact: events.Helped, _at: datetime) -> None:
    case.slips = 0


def _paused(case: Case, fact: events.Paused, _at: datetime) -> None:
    case.paused = not fact.over


def _file_offered(case: Case, fact: events.FileOffered, _at: datetime) -> None:
    case.files[fact.file] = File(
        fact.file,
        fact.address,
        "receiving",
        bytes=fact.bytes,
        sha256=fact.sha256,
        name=fact.name,
        announced=fact.bytes,
    )


def _file_judged(case: Case, fact: events.FileJudged, _at: datetime) -> None:
    known = case.files.get(fact.file)
    if known is None:
        return
    case.files[fact.file] = replace(
        known,
        state=fact.state,
        pages=fact.pages,
        bytes=fact.bytes or known.bytes,
        sha256=fact.sha256,
        media_type=fact.media_type,
        findings=tuple(fact.findings),
        document=fact.document,
        preview=fact.preview,
    )


def _file_dropped(case: Case, fact: events.FileDropped, _at: datetime) -> None:
    known = case.files.get(fact.file)
    if known is not None:
        case.files[fact.file] = replace(known, state="dropped")


def _declared(case: Case, fact: events.Declared, _at: datetime) -> None:
    case.declared[fact.id] = fact.text_hash
    _settled(case)


def _submit_requested(case: Case, fact: events.SubmitRequested, at: datetime) -> None:
    case.submissions[fact.n] = Submission(
        fact.n, fact.kind, "queued", fact.upto, at, at, dict(fact.verdict), rows=dict(case.sheet.rows)
    )
    case.undo = None
    _settled(case)


def _submission_moved(case: Case, fact: events.SubmissionMoved, at: datetime) -> None:
    known = case.submissions.get(fact.n)
    if known is None:
        raise BrokenHistory(f"submission {fact.n} moved before it was ordered")
    trail = known.trail if fact.state == known.state else (*known.trail, Passed(fact.state, at, case.number))
    case.submissions[fact.n] = replace(
        known,
        state=fact.state,
        at=at,
        proof={**known.proof, **fact.proof},
        moved=case.number,
        trail=trail,
        away="away" in fact.proof,
    )


def _task_set(case: Case, fact: events.TaskSet, _at: datetime) -> None:
    case.tasks[fact.id] = Task(fact.id, fact.address, fact.reason, fact.by)


def _task_done(case: Case, fact: events.TaskDone, _at: datetime) -> None:
    case.tasks.pop(fact.id, None)


def _speaker_changed(case: Case, fact: events.SpeakerChanged, _at: datetime) -> None:
    case.speaker = fact.speaker
    case.speaker_until = fact.until


def _moved(case: Case, fact: events.Moved, _at: datetime) -> None:
    if fact.procedure:
        case.procedure, case.municipality = fact.procedure, fact.municipality
        case.sheet = Sheet()
    case.version = fact.version
    case.hash = fact.hash
    case.parameters = dict(fact.parameters)
    case.undo = None


_CHANGES: Final[dict[str, Callable[[Case, Any, datetime], None]]] = {
    "Opened": _opened,
    "Consented": _consented,
    "Answered": _answered,
    "Unsure": _unsure,
    "Skipped": _skipped,
    "Reopened": _reopened,
    "Kept": _kept,
    "RowAdded": _row_added,
    "RowRemoved": _row_removed,
    "NotSure": _not_sure,
    "NotUnderstood": _not_understood,
    "Acknowledged": _acknowledged,
    "Helped": _helped,
    "LanguageSet": _language_set,
    "Paused": _paused,
    "FileOffered": _file_offered,
    "FileJudged": _file_judged,
    "FileDropped": _file_dropped,
    "Declared": _declared,
    "SubmitRequested": _submit_requested,
    "SubmissionMoved": _submission_moved,
    "TaskSet": _task_set,
    "TaskDone": _task_done,
    "SpeakerChanged": _speaker_changed,
    "Moved": _moved,
}
"""Facts that are not here tell the transcript something and change no state beyond the lifecycle's."""
