"""The pre-check: a finding per criterion with its reason, never a decision. Applicant and staff see the same.

A pure function of the path and the day. Never "no" while a deciding fact is unknown: what is not known yet is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from bot.answers.base import German, Json
from bot.core.position import Situation
from bot.procedures.fill import Filling, Part, fill, filled, plain, rests_on, show_plain
from bot.procedures.interview import CriterionPlan
from bot.procedures.rules import Finding
from bot.procedures.scope import UNKNOWN

CriterionState = Literal["met", "partly", "not_met", "unclear", "open"]
Overall = Literal["likely", "partly", "unclear", "unlikely", "open"]


class Judged(NamedTuple):
    """One criterion with what the answers say about it."""

    plan: CriterionPlan
    state: CriterionState
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All criteria that concern this case, in the order of the file, and the situation that they judge."""

    items: tuple[Judged, ...]
    situation: Situation = field(repr=False, compare=False)

    @property
    def overall(self) -> Overall:
        """The worst that is certain, else what is still unknown."""
        return _worst({item.state for item in self.items})

    @property
    def not_met(self) -> int:
        return sum(item.state == "not_met" for item in self.items)

    def as_json(self) -> dict[str, Json]:
        """For the ledger and the submission: codes, and the reasons in German, the official language (§ 23 VwVfG).

        ``{overall, criteria: [{id, state, law, reason}]}``; ``reason`` is None where the criterion is met or open.
        """
        german = replace(self.situation, words=German())
        return {"overall": self.overall, "criteria": [_record(german, item) for item in self.items]}


def _record(german: Situation, item: Judged) -> dict[str, Json]:
    law, why = law_of(item.plan), reason(german, item)
    return {
        "id": item.plan.id,
        "state": item.state,
        "law": plain(filled(law, fill(german.interview, german.path.scope, law, german.context))),
        "reason": None if why is None else plain(filled(why.template, why.fillings)),
    }


def _worst(states: Set[CriterionState]) -> Overall:
    return next((word for state, word in _WORST_FIRST if state in states), "likely")


_WORST_FIRST: tuple[tuple[CriterionState, Overall], ...] = (
    ("not_met", "unlikely"),
    ("open", "open"),
    ("partly", "partly"),
    ("unclear", "unclear"),
)


def verdict(situation: Situation) -> Verdict:
    """What the answers so far say about each criterion."""
    by_id = {plan.id: plan for plan in situation.interview.criteria}
    plans = [by_id[criterion.id] for criterion in situation.interview.procedure.criteria]
    items = [item for plan in plans if (item := _judged(situation, plan)) is not None]
    return Verdict(tuple(items), situation)


def gist(situation: Situation) -> tuple[Overall, int]:
    """``overall`` and ``not_met`` of :func:`verdict`, without looking at more criteria than they need."""
    findings = situation.path.findings
    states: set[CriterionState] = {finding.state for finding in findings.values()}
    if "not_met" not in states and any(_may_be_open(situation)):
        states.add("open")
    return _worst(states), sum(finding.state == "not_met" for finding in findings.values())


def _may_be_open(situation: Situation) -> Iterator[bool]:
    """Of each criterion without a finding, whether it is open: first of those that need no look at the answers."""
    if situation.path.complete:
        return
    plans = [plan for plan in situation.interview.criteria if plan.id not in situation.path.findings]
    yield any(plan.when is None for plan in plans)
    for plan in plans:
        yield not _ruled_out(situation, plan)


def _judged(situation: Situation, plan: CriterionPlan) -> Judged | None:
    finding = situation.path.findings.get(plan.id)
    if finding is not None:
        return Judged(plan, finding.state, finding)
    if situation.path.complete or _ruled_out(situation, plan):
        return None
    return Judged(plan, "open", None)


def _ruled_out(situation: Situation, plan: CriterionPlan) -> bool:
    """The criterion does not concern this case: its condition is known to be false, or was passed without holding."""
    if plan.when is None:
        return False
    path = situation.path
    if any(plan is passed for passed in situation.interview.criteria[: path.judged]):
        return True
    holds = plan.when(path.scope)
    return holds is False or (holds is UNKNOWN and situation.interview.order(path.token.state) > plan.due)


def law_of(plan: CriterionPlan) -> str:
    """The paragraph; where a municipality names it, the parameter's value stands in the placeholder."""
    law = plan.criterion.law
    return f"{{{law}}}" if law.startswith("parameter.") else law


class Reason(NamedTuple):
    """A criterion's sentence: German template, its place, and what its placeholders show."""

    place: str
    template: str
    fillings: tuple[Filling, ...]


def reason(situation: Situation, item: Judged) -> Reason | None:
    """Why a criterion is not simply met. None where it is, or where nothing is known yet."""
    criterion = item.plan.criterion
    text = {"not_met": criterion.not_met, "partly": criterion.partly, "unclear": criterion.unclear}.get(item.state)
    if text is None:
        return None
    place = f"{situation.interview.procedure.procedure}.{criterion.id}.{item.state}"
    return Reason(place, text, _fillings(situation, text, item))


def _fillings(situation: Situation, text: str, item: Judged) -> tuple[Filling, ...]:
    """The finding's own values rest on the answers that the criterion looks at."""
    scope, context = situation.path.scope, situation.context
    of = rests_on(situation.interview, scope, item.plan.met)
    params = {} if item.finding is None else item.finding.params
    extra = {name: (Part(show_plain(value, context), of),) for name, value in params.items()}
    return fill(situation.interview, scope, text, context, extra=extra)
