"""Compiles a dialog into a table of moves: states are questions, the trigger is ``answered``, guards are the ``when``s.

One table per version, shared by all cases. Two silent states frame each section (its id: entering; ``id.@row``: a row
is done), ``id.@again`` asks for another row. First match in the order of the file wins; there are no gotos.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.answers.base import Context, Period
from bot.machine import Move, Table
from bot.procedures.conditions import (
    BOOL,
    Expression,
    Names,
    Place,
    compile_each,
    compile_expression,
    compile_formula,
    compile_value,
)
from bot.procedures.format import Again, Check, Criterion, Each, Estimate, Procedure, Question, Section, Times
from bot.procedures.scope import UNKNOWN, Scope
from bot.procedures.source import Source

BEGIN: Final = "@begin"
END: Final = "@end"


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """``place``: where its sentence is translated (``procedure.question.checks.1``)."""

    check: Check
    place: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class CriterionPlan:
    """``due``: the order after which all its inputs are behind us."""

    id: str
    criterion: Criterion
    due: int
    when: Expression | None
    met: Expression


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where the interview waits: a question, or (``question`` None) "another row?".

    ``of``, ``within``, ``options``: what its kind looks at: a section's rows, a question's periods, a table's lines.
    """

    state: str
    order: int
    section: str
    repeated: bool
    place: str
    question: Question | None = None
    musts: tuple[CheckPlan, ...] = ()
    shoulds: tuple[CheckPlan, ...] = ()
    suggest: Expression | None = None
    early: tuple[CriterionPlan, ...] = ()
    of: str | None = None
    within: str | None = None
    options: Mapping[str, str] | None = None

    @property
    def needs_context(self) -> bool:
        """Does its kind look at other answers or at a table?"""
        return self.of is not None or self.within is not None or self.options is not None

    @property
    def asked(self) -> Question:
        """The question. Only for stops that are one."""
        if self.question is None:
            raise LookupError(f"{self.state} is no question")
        return self.question

    def address(self, row: str | None) -> str:
        """``question`` or ``section[row].question``."""
        return f"{self.section}[{row}].{self.asked.id}" if self.repeated else self.asked.id


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section as the walk needs it. ``number``: its place among the sections, from 1.

    ``behind``: repeated sections before it; where they were passed by they have no rows, which is known.
    ``names_itself``: the title of a row shows nothing but the row's own answers.
    """

    id: str
    number: int
    section: Section
    order: int
    last: int
    checks: tuple[CheckPlan, ...]
    behind: tuple[str, ...] = ()
    each: Expression | None = None
    times: Callable[[Scope], Any] | None = None
    names_itself: bool = False

    @property
    def repeated(self) -> bool:
        return self.section.repeat is not None

    @property
    def again(self) -> Again | None:
        return self.section.repeat if isinstance(self.section.repeat, Again) else None


@dataclass(frozen=True, slots=True)
class SayPlan:
    """A sentence with its condition: a declaration, an estimate, a way to finish."""

    id: str
    when: Expression | None
    formula: Expression | None = None


@dataclass(frozen=True, slots=True)
class Interview:
    """A procedure version, ready to be walked. ``values``: each computed value as an expression."""

    source: Source
    table: Table
    stops: Mapping[str, Stop]
    sections: Mapping[str, SectionPlan]
    orders: Mapping[str, int]
    criteria: tuple[CriterionPlan, ...]
    values: Mapping[str, Expression]
    estimates: tuple[SayPlan, ...]
    declarations: tuple[SayPlan, ...]
    finish: tuple[SayPlan, ...]
    by_question: Mapping[str, Stop]
    repeated: tuple[str, ...]
    growing: tuple[tuple[str, Again], ...]

    @property
    def procedure(self) -> Procedure:
        return self.source.procedure

    def order(self, state: str) -> int:
        return self.orders[state]

    def context(self, stop: Stop, scope: Scope, context: Context) -> Context:
        """``context`` with what this question's kind may look at: rows by number, days, a table's options."""
        rows = {} if stop.of is None else {row.number: str(row.number) for row in scope.rows.get(stop.of, ())}
        within = () if stop.within is None else self._periods(scope, stop)
        options = stop.options or {}
        return Context(context.words, context.today, context.parameters, rows, within, options, stop.place)

    def _periods(self, scope: Scope, stop: Stop) -> tuple[Period, ...]:
        """The period that the days must lie in: this row's, or those of all rows of another section."""
        there = self.by_question[stop.within or ""]
        if not there.repeated or there.section == stop.section:
            answers = [_bare(scope, there.asked.id)]
        else:
            answers = [row.answers.get(there.asked.id) for row in scope.rows.get(there.section, ())]
        return tuple(period for period in answers if period is not None)


def compile_interview(source: Source) -> Interview:
    """Raises ``ExpressionErrors`` of conditions only for what ``check`` refuses: call ``check`` first."""
    compiler = _Compiler(source)
    return compiler.compile()


class _Compiler:
    """Gathers the parts of one interview."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.procedure = source.procedure
        self.names = Names.of(source)
        self.orders: dict[str, int] = {BEGIN: -1}
        self.stops: dict[str, Stop] = {}
        self.sections: dict[str, SectionPlan] = {}

    def compile(self) -> Interview:
        for number, section in enumerate(self.procedure.sections, 1):
            self._plan_section(number, section)
        self.orders[END] = self._next_order()
        criteria = self._plan_criteria()
        self._mark_early(criteria)
        table = Table(f"{self.procedure.procedure} {self.procedure.version}", BEGIN, self._moves())
        return Interview(
            source=self.source,
            table=table,
            stops=self.stops,
            sections=self.sections,
            orders=self.orders,
            criteria=criteria,
            values={value.id: compile_value(self.names, value.id) for value in self.procedure.values},
            estimates=tuple(
                SayPlan(estimate.id, self._when(estimate.when), self._formula(estimate))
                for estimate in self.procedure.estimates
            ),
            declarations=tuple(SayPlan(each.id, self._when(each.when)) for each in self.procedure.declarations),
            finish=tuple(
                SayPlan(end.submit or end.document or "", self._when(end.when)) for end in self.procedure.finish
            ),
            repeated=tuple(section.id for section in self.procedure.sections if section.repeat is not None),
            growing=tuple((id, plan.again) for id, plan in self.sections.items() if plan.again is not None),
            by_question={stop.question.id: stop for stop in self.stops.values() if stop.question is not None},
        )

    # -- expressions ----------------------------------------------------------------------------------------------

    def _at_end(self, text: str) -> Expression:
        return compile_expression(text, self.names, Place.end())

    def _formula(self, estimate: Estimate) -> Expression:
        return compile_formula(estimate.formula, self.names, Place.end(), estimate.kind, estimate.round)

    def _when(self, text: str | None) -> Expression | None:
        return None if text is None else compile_expression(text, self.names, Place.end(), want=BOOL)

    def _check_plans(self, checks: list[Any], place: str, at: Place) -> Iterator[CheckPlan]:
        for number, check in enumerate(checks, 1):
            text = check.must or check.should
            yield CheckPlan(check, f"{place}.checks.{number}", compile_expression(text, self.names, at, want=BOOL))

    # -- sections and questions -----------------------------------------------------------------------------------

    def _next_order(self) -> int:
        return max(self.orders.values()) + 1

    def _plan_section(self, number: int, section: Section) -> None:
        order = self.orders[section.id] = self._next_order()
        for index, question in enumerate(section.questions):
            self._plan_question(section, index, question)
        last = self.orders[f"{section.id}.@row"] = self.orders[f"{section.id}.@again"] = self._next_order()
        place = f"{self.procedure.procedure}.{section.id}"
        if isinstance(section.repeat, Again):
            state = f"{section.id}.@again"
            self.stops[state] = Stop(state, last, section.id, True, place)
        self.sections[section.id] = SectionPlan(
            section.id,
            number,
            section,
            order,
            last,
            tuple(self._check_plans(list(section.checks), place, Place.after(section.id))),
            self._behind(section),
            self._each(section),
            self._times(section),
            self._names_itself(section),
        )

    def _behind(self, section: Section) -> tuple[str, ...]:
        sections = self.procedure.sections
        return tuple(each.id for each in sections[: sections.index(section)] if each.repeat is not None)

    def _names_itself(self, section: Section) -> bool:
        """Do the rows' titles show nothing but answers of the row?"""
        shown = set(re.findall(r"\{([^{}]*)\}", section.title if section.row is None else section.row))
        return shown <= {question.id for question in section.questions}

    def _each(self, section: Section) -> Expression | None:
        if not isinstance(section.repeat, Each):
            return None
        return compile_each(self.names, section.id)

    def _times(self, section: Section) -> Callable[[Scope], Any] | None:
        if not isinstance(section.repeat, Times):
            return None
        return compile_expression(section.repeat.times, self.names, Place.before(section.id))

    def _plan_question(self, section: Section, index: int, question: Question) -> None:
        state = f"{section.id}.{question.id}"
        order = self.orders[state] = self._next_order()
        place = f"{self.procedure.procedure}.{question.id}"
        checks = tuple(self._check_plans(list(question.checks), place, Place.after(section.id, index)))
        suggest = question.suggest
        kind = question.kind
        self.stops[state] = Stop(
            state,
            order,
            section.id,
            section.repeat is not None,
            place,
            question,
            musts=tuple(plan for plan in checks if plan.check.must),
            shoulds=tuple(plan for plan in checks if plan.check.should),
            suggest=None if suggest is None else compile_expression(suggest, self.names, Place.at(section.id, index)),
            of=getattr(kind, "of", None),
            within=getattr(kind, "within", None),
            options=self._options(getattr(kind, "table", None)),
        )

    def _options(self, table: str | None) -> Mapping[str, str] | None:
        return None if table is None else {line.value: line.label for line in self.source.tables[table]}

    # -- criteria -------------------------------------------------------------------------------------------------

    def _plan_criteria(self) -> tuple[CriterionPlan, ...]:
        plans = [self._plan_criterion(criterion) for criterion in self.procedure.criteria]
        return tuple(sorted(plans, key=lambda plan: plan.due))

    def _plan_criterion(self, criterion: Criterion) -> CriterionPlan:
        when = self._when(criterion.when)
        met = self._at_end(criterion.met)
        due = max((self._due(expression) for expression in (when, met) if expression is not None), default=0)
        return CriterionPlan(criterion.id, criterion, due, when, met)

    def _due(self, expression: Expression) -> int:
        """The order of the last input: a plain question itself, the end of a section whose rows are looked at."""
        sections = [self.sections[section].last for section in expression.sections]
        questions = [self._order_of(question) for question in expression.questions]
        return max([*sections, *questions], default=0)

    def _order_of(self, question: str) -> int:
        stop = next(stop for stop in self.stops.values() if stop.question is not None and stop.question.id == question)
        return self.sections[stop.section].last if stop.repeated else stop.order

    def _mark_early(self, criteria: tuple[CriterionPlan, ...]) -> None:
        """Criteria that look at plain questions only may say a definite "no" before their last input."""
        for plan in criteria:
            if plan.criterion.tell != "at_once" or plan.met.sections or self._may_turn(plan.criterion.met):
                continue
            for state, stop in self.stops.items():
                if stop.question is not None and stop.question.id in plan.met.questions:
                    self.stops[state] = replace(stop, early=(*stop.early, plan))

    def _may_turn(self, text: str) -> bool:
        """Could a "no" become a "yes" with a later answer? Only where something looks at what is *not* known."""
        called = set(re.findall(r"([a-z_][a-z0-9_]*)\s*\(", text))
        values = {value.id: value.formula for value in self.procedure.values}
        used = [formula for id, formula in values.items() if re.search(rf"\b{id}\b", text)]
        optional = any(any(self.source.rules[name].optional) for name in called & set(self.source.rules))
        return "answered" in called or optional or any(self._may_turn(formula) for formula in used)

    # -- the table ------------------------------------------------------------------------------------------------

    def _moves(self) -> Iterator[Move]:
        yield from self._onward(BEGIN, self.procedure.sections)
        for index, section in enumerate(self.procedure.sections):
            following = self.procedure.sections[index + 1 :]
            for state in (section.id, f"{section.id}.@row"):
                yield from self._into_row(state, section)
                if isinstance(section.repeat, Again):
                    yield Move("answered", state, f"{section.id}.@again", _asks_again)
                yield from self._onward(state, following)
            for place, question in enumerate(section.questions):
                state = f"{section.id}.{question.id}"
                yield from self._questions(state, section, place + 1)
            if isinstance(section.repeat, Again):
                yield from self._onward(f"{section.id}.@again", following)

    def _into_row(self, state: str, section: Section) -> Iterator[Move]:
        """While there is a row: its first question that is asked, or straight to the row's end."""
        for move in self._questions(state, section, 0):
            yield Move(move.trigger, move.source, move.dest, _in_row_and(move.guard))

    def _questions(self, state: str, section: Section, first: int) -> Iterator[Move]:
        for index, question in enumerate(section.questions[first:], first):
            if question.when is None:
                yield Move("answered", state, f"{section.id}.{question.id}")
                return
            when = compile_expression(question.when, self.names, Place.at(section.id, index, today=False), want=BOOL)
            yield Move("answered", state, f"{section.id}.{question.id}", _holds(when))
        yield Move("answered", state, f"{section.id}.@row")

    def _onward(self, state: str, following: list[Section]) -> Iterator[Move]:
        for section in following:
            if section.when is None:
                yield Move("answered", state, section.id)
                return
            when = compile_expression(section.when, self.names, Place.before(section.id), want=BOOL)
            yield Move("answered", state, section.id, _holds(when, self._behind(section)))
        yield Move("answered", state, END)


def _holds(when: Expression, behind: tuple[str, ...] = ()) -> Callable[[Any], bool]:
    def holds(walker: Any) -> bool:
        pass_by(walker.scope, behind)
        return when(walker.scope) is True

    return holds


def pass_by(scope: Scope, sections: tuple[str, ...]) -> None:
    """Repeated sections that lie behind and were not entered have no rows: that is known now."""
    for section in sections:
        scope.rows.setdefault(section, [])


def _in_row_and(guard: Callable[[Any], bool] | None) -> Callable[[Any], bool]:
    if guard is None:
        return lambda walker: bool(walker.in_row())
    return lambda walker: bool(walker.in_row()) and guard(walker)


def _asks_again(walker: Any) -> bool:
    return bool(walker.asks_again())


def _bare(scope: Scope, question: str) -> Any:
    """The answer to ``question`` in this row, or outside rows. None where it is unknown."""
    if scope.row is not None and question in scope.row.answers:
        return scope.row.answers[question]
    value = scope.answers.get(question, UNKNOWN)
    return None if value is UNKNOWN else value
