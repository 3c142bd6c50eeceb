"""Finds the position of a case by walking the compiled table over its answers, from the beginning.

Nothing here is ever stored. The walk stops at the first question without a valid answer; what lies behind, or on
a branch that is no longer taken, stays out of the scope and thereby out of every guard, summary and submission.
A path that stands at its end may be resumed: then one new answer costs one step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from bot import limits
from bot.answers.base import Context, German, Json
from bot.machine import Token
from bot.procedures.interview import END, CheckPlan, CriterionPlan, Interview, SectionPlan, Stop, pass_by
from bot.procedures.rules import Finding, Row
from bot.procedures.scope import UNKNOWN, Scope

CellKind = Literal["value", "unsure", "skipped"]


class Cell(NamedTuple):
    """The last word of the applicant at one address. ``raw``: JSON value, None where unsure or skipped."""

    kind: CellKind
    raw: Json = None


@dataclass(slots=True)
class Sheet:
    """What was ever answered, as far as the walk cares.

    ``rows``: visible row numbers of each ``again`` section, in order. ``numbered``: the highest number ever given.
    """

    cells: dict[str, Cell] = field(default_factory=dict)
    rows: dict[str, tuple[int, ...]] = field(default_factory=dict)
    numbered: dict[str, int] = field(default_factory=dict)
    reopened: dict[str, None] = field(default_factory=dict)
    acknowledged: frozenset[str] = frozenset()

    def copy(self) -> Sheet:
        return Sheet(dict(self.cells), dict(self.rows), dict(self.numbered), dict(self.reopened), self.acknowledged)


class Step(NamedTuple):
    """One answered question on the path. ``row``: id of its row, None outside repeated sections."""

    address: str
    stop: Stop
    cell: Cell
    row: str | None


@dataclass(frozen=True, slots=True)
class Here:
    """Where the walk stands still. ``failed``: the check that the present answer does not pass.

    ``invalid``: there is an answer, and it breaks the limits of its kind. ``criterion``: a notice is to be read.
    """

    address: str
    stop: Stop | None
    row: str | None = None
    old: Cell | None = None
    failed: CheckPlan | None = None
    invalid: bool = False
    criterion: CriterionPlan | None = None


@dataclass(slots=True)
class Path:
    """The answers that count, in order, and the place where the next one is missing (``here``; None: complete).

    ``findings``: each criterion whose inputs are all behind us. ``suggested``: (address, proposal) once computed.
    """

    scope: Scope
    token: Token
    steps: list[Step] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    here: Here | None = None
    arrived: bool = False
    section: SectionPlan | None = None
    ids: Sequence[tuple[str, int, Any]] = ()
    cursor: int = 0
    judged: int = 0
    suggested: tuple[str, Json] | None = None

    @property
    def complete(self) -> bool:
        return self.token.state == END and self.here is None

    def copy(self) -> Path:
        """A path of its own that can be walked on while this one stays as it is."""
        return Path(
            self.scope.copy(),
            Token(self.token.state),
            list(self.steps),
            dict(self.findings),
            self.here,
            self.arrived,
            self.section,
            self.ids,
            self.cursor,
            self.judged,
        )


def walk(interview: Interview, sheet: Sheet, parameters: Mapping[str, Any], today: date) -> Path:
    """The path over all answers of ``sheet``, from the beginning."""
    path = Path(Scope(parameters, today), Token(interview.table.initial))
    _Walker(interview, sheet, path).go()
    return path


def resume(interview: Interview, sheet: Sheet, path: Path) -> Path:
    """A new path that goes on where ``path`` stands. Right only if nothing but the answer at ``path.here`` changed.

    Where ``path`` stands at "another row?", that answer may be a new row behind the others.
    """
    longer = path.copy()
    walker = _Walker(interview, sheet, longer)
    if path.here is not None and path.here.stop is not None and path.here.stop.question is None:
        walker.enter_new_row()
    walker.go()
    return longer


def locate(path: Path, address: str) -> Step | None:
    """The step of the path at ``address``."""
    return next((step for step in path.steps if step.address == address), None)


class _Walker:
    """One walk. Guards see it as the subject of the token."""

    __slots__ = ("context", "interview", "path", "scope", "sheet")

    def __init__(self, interview: Interview, sheet: Sheet, path: Path) -> None:
        self.interview = interview
        self.sheet = sheet
        self.path = path
        self.scope = path.scope
        self.context = Context(German(), path.scope.today, path.scope.parameters)
        path.token.subject = self

    def go(self) -> None:
        path = self.path
        path.here, path.scope.computed = None, None
        while path.here is None and self._move_on() and path.token.state != END:
            self._pass()
        path.token.subject, path.scope.computed = None, {}

    def _move_on(self) -> bool:
        """Arrive at the next state, unless a notice is to be read before."""
        path = self.path
        if not path.arrived:
            path.here = self._early_notice()
            if path.here is not None:
                return False
            self.interview.table.step(path.token, "answered")
            path.arrived = True
        if path.token.state == END:
            pass_by(self.scope, self.interview.repeated)
        return not self._judge_what_is_due()

    def enter_new_row(self) -> None:
        """Back to the end of the last row, from where the new one is entered like any other. Nothing where none is."""
        path = self.path
        assert path.section is not None
        ids = _row_ids(path.section, self.sheet, self.scope)
        if len(ids) > len(path.ids):
            path.ids = ids
            path.token.state = f"{path.section.id}.@row"
            path.arrived = False
            self._begin_row(path.section)

    # -- what guards ask ------------------------------------------------------------------------------------------

    def in_row(self) -> bool:
        """Is there a row (or the single round of a section without rows) to be asked?"""
        return self.path.cursor < len(self.path.ids)

    def asks_again(self) -> bool:
        """Are all rows done, and may there be another?"""
        path = self.path
        again = path.section.again if path.section else None
        return again is not None and not self.in_row() and len(path.ids) < again.max

    # -- one state ------------------------------------------------------------------------------------------------

    def _pass(self) -> None:
        """Leave the present state if its answer is there and valid; else stand still."""
        path = self.path
        stop = self.interview.stops.get(path.token.state)
        if stop is None:
            self._silent(self.interview.sections[path.token.state.partition(".")[0]])
            return
        if stop.question is None:
            self._again(stop)
            return
        here = self._question(stop)
        if here is not None:
            path.here = here
            return
        path.arrived = False

    def _silent(self, plan: SectionPlan) -> None:
        path = self.path
        path.arrived = False
        if path.token.state == plan.id:
            self._enter(plan)
            return
        if path.cursor >= len(path.ids) - 1 and (failed := self._broken_check(plan)) is not None:
            self._step_back(plan, failed)
            return
        path.cursor += 1
        self._begin_row(plan)

    def _enter(self, plan: SectionPlan) -> None:
        path = self.path
        pass_by(self.scope, plan.behind)
        path.section = plan
        path.ids = _row_ids(plan, self.sheet, self.scope)
        path.cursor = 0
        if plan.repeated:
            self.scope.rows.setdefault(plan.id, [])
        self._begin_row(plan)

    def _begin_row(self, plan: SectionPlan) -> None:
        if not plan.repeated or not self.in_row():
            self.scope.row = None
            return
        id, number, key = self.path.ids[self.path.cursor]
        self.scope.row = Row(plan.id, id, number, key)
        self.scope.rows[plan.id].append(self.scope.row)

    def _again(self, stop: Stop) -> None:
        path = self.path
        address = f"@again[{stop.section}]"
        if self.sheet.cells.get(address) == Cell("value", False):
            path.arrived = False
        else:
            path.here = Here(address, stop)

    # -- one question ---------------------------------------------------------------------------------------------

    def _question(self, stop: Stop) -> Here | None:
        row = self.scope.row.id if self.scope.row is not None else None
        address = stop.address(row)
        cell = self.sheet.cells.get(address)
        if cell is None:
            return Here(address, stop, row)
        if address in self.sheet.reopened:
            return self._reopened(stop, address, row, cell)
        if cell.kind == "value":
            problem = self._put(stop, cell.raw)
            if problem is not None:
                return Here(address, stop, row, cell, *problem)
        elif not self._still_allowed(stop, cell):
            return Here(address, stop, row, cell, invalid=True)
        elif cell.kind == "unsure":
            self.scope.unsure.add(address)
        self.path.steps.append(Step(address, stop, cell, row))
        return None

    def _reopened(self, stop: Stop, address: str, row: str | None, cell: Cell) -> Here:
        """Open again; whether the old answer could stay is known."""
        if cell.kind != "value":
            return Here(address, stop, row, cell, invalid=not self._still_allowed(stop, cell))
        problem = self._put(stop, cell.raw)
        if problem is not None:
            return Here(address, stop, row, cell, *problem)
        del self._answers()[stop.asked.id]
        return Here(address, stop, row, cell)

    def _put(self, stop: Stop, raw: Json) -> tuple[CheckPlan | None, bool] | None:
        """Puts the value into the scope, or says why it does not stand: (failed check, breaks its kind's limits)."""
        kind = stop.asked.kind
        try:
            value = kind.load(raw)
        except (ValueError, TypeError, KeyError, LookupError):
            return None, True  # the question changed its kind in a newer version
        context = self.interview.context(stop, self.scope, self.context) if stop.needs_context else self.context
        if kind.check(value, context) is not None:
            return None, True
        answers = self._answers()
        answers[stop.asked.id] = value
        for check in stop.musts:
            if check.expression(self.scope) is False:
                del answers[stop.asked.id]
                return check, False
        return None

    def _still_allowed(self, stop: Stop, cell: Cell) -> bool:
        if cell.kind == "skipped":
            return stop.asked.optional
        return stop.asked.unsure is not None

    def _answers(self) -> dict[str, Any]:
        return self.scope.row.answers if self.scope.row is not None else self.scope.answers

    # -- checks of a section --------------------------------------------------------------------------------------

    def _broken_check(self, plan: SectionPlan) -> CheckPlan | None:
        """The first check that the whole section does not pass, with all its rows."""
        row, self.scope.row = self.scope.row, None
        broken = next((check for check in plan.checks if check.expression(self.scope) is False), None)
        self.scope.row = row
        return broken

    def _step_back(self, plan: SectionPlan, failed: CheckPlan) -> None:
        """A section's check fails: the last answer that it looks at is asked again, and what follows waits."""
        path = self.path
        questions = failed.expression.questions
        steps = enumerate(path.steps)
        seen = [n for n, step in steps if step.stop.section == plan.id and step.stop.asked.id in questions]
        if not seen:
            path.cursor += 1  # nothing of it was asked here: nothing to ask again
            self._begin_row(plan)
            return
        last = path.steps[seen[-1]]
        self._return_to_row(plan, last)
        for step in path.steps[seen[-1] :]:
            if step.row == last.row:
                self._answers().pop(step.stop.asked.id, None)
            self.scope.unsure.discard(step.address)
        del path.steps[seen[-1] :]
        self._forget_findings(last.stop.order)
        path.token.state = last.stop.state
        path.arrived = True
        path.here = Here(last.address, last.stop, last.row, last.cell, failed)

    def _return_to_row(self, plan: SectionPlan, step: Step) -> None:
        if not plan.repeated:
            return
        rows = self.scope.rows[plan.id]
        self.path.cursor = next(place for place, row in enumerate(rows) if row.id == step.row)
        del rows[self.path.cursor + 1 :]
        self.scope.row = rows[-1]

    def _forget_findings(self, order: int) -> None:
        """What was judged by answers that are withdrawn is open again."""
        path, plans = self.path, self.interview.criteria
        while path.judged and plans[path.judged - 1].due >= order:
            path.judged -= 1
            path.findings.pop(plans[path.judged].id, None)

    # -- criteria -------------------------------------------------------------------------------------------------

    def _judge_what_is_due(self) -> bool:
        """Judges each criterion once all its inputs are behind us. True: the applicant should read a notice first."""
        path = self.path
        if path.token.state.endswith(".@row"):
            return False  # the section's own checks come first
        order = self.interview.order(path.token.state)
        plans = self.interview.criteria
        while path.judged < len(plans) and plans[path.judged].due < order:
            plan = plans[path.judged]
            finding = judge(plan, self.scope)
            if finding is not None:
                path.findings[plan.id] = finding
                if self._wants_notice(plan, finding):
                    path.here = _notice(plan)
                    return True
            path.judged += 1
        return False

    def _early_notice(self) -> Here | None:
        """A plain answer may settle a criterion before its other inputs are known: false stays false."""
        stop = self.interview.stops.get(self.path.token.state)
        for plan in stop.early if stop is not None else ():
            finding = judge(plan, self.scope, quick=True)
            if finding is not None and self._wants_notice(plan, finding):
                self.path.findings[plan.id] = finding
                return _notice(plan)
        return None

    def _wants_notice(self, plan: CriterionPlan, finding: Finding) -> bool:
        at_once = plan.criterion.tell == "at_once"
        return at_once and finding.state == "not_met" and plan.id not in self.sheet.acknowledged


def judge(plan: CriterionPlan, scope: Scope, *, quick: bool = False) -> Finding | None:
    """What the answers so far say about one criterion. None: it does not concern this case.

    ``quick``: only a definite "no" counts; anything else may still change.
    """
    if plan.when is not None and plan.when(scope) is not True:
        return None
    result = plan.met(scope)
    if result is False:
        return Finding("not_met")
    if quick:
        return None
    if isinstance(result, Finding):
        return result
    return Finding("unclear") if result is UNKNOWN else Finding("met")


def _notice(plan: CriterionPlan) -> Here:
    return Here(f"@notice[{plan.id}]", None, criterion=plan)


def _row_ids(plan: SectionPlan, sheet: Sheet, scope: Scope) -> Sequence[tuple[str, int, Any]]:
    """(id, number, key) of each row that the section has now. A section without rows has one nameless round."""
    if not plan.repeated:
        return (("", 0, None),)
    if plan.each is not None:
        items = plan.each(scope)
        found = () if items is UNKNOWN else tuple(items)[: limits.ROWS_PER_SECTION]
        return tuple((_key_id(item), _key_number(item, place), item) for place, item in enumerate(found, 1))
    numbers = _counted(plan, scope) if plan.again is None else _added(plan, sheet)
    return tuple((str(number), number, number) for number in numbers)


def _counted(plan: SectionPlan, scope: Scope) -> Sequence[int]:
    count = plan.times(scope) if plan.times is not None else 0
    return range(1, 1 + min(int(count), limits.ROWS_PER_SECTION)) if count is not UNKNOWN else ()


def _added(plan: SectionPlan, sheet: Sheet) -> Sequence[int]:
    """The rows that were added, and as many fresh ones as the section must have at least."""
    assert plan.again is not None
    rows = sheet.rows.get(plan.id, ())
    missing = plan.again.min - len(rows)
    if missing <= 0:
        return rows
    first = sheet.numbered.get(plan.id, 0) + 1
    return (*rows, *range(first, first + missing))


def _key_id(item: Any) -> str:
    return item.id if isinstance(item, Row) else str(item)


def _key_number(item: Any, place: int) -> int:
    return item.number if isinstance(item, Row) else place
