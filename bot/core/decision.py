"""What a decision is, and the ways to make one: it happened, nothing came of it, not now, refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.answers.base import Problem, problem
from bot.core import commands as c
from bot.core import events, lifecycle, texts
from bot.core.events import Fact
from bot.core.position import Situation
from bot.core.progress import progress
from bot.procedures.interview import CheckPlan

INVALID: Final = "invalid"
"""The conflict of a value whose shape no applicant could have meant."""
FULL: Final = "full"
"""The conflict of a case that takes nothing more: its turn is not even written."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``after``: the situation once ``facts`` are true. ``check``: the dialog's check that was not passed."""

    command: c.Command
    outcome: c.Outcome
    facts: tuple[Fact, ...]
    after: Situation
    problem: Problem | None = None
    check: CheckPlan | None = None
    erase: bool = False
    conflict: str = ""


def done(situation: Situation, command: c.Command, *facts: Fact, outcome: c.Outcome = "done", **more: Any) -> Decision:
    if not lifecycle.may_all(situation.case.state, facts):
        return not_now(situation, command)
    return Decision(command, outcome, facts, progress(situation, facts), **more)


def nothing(situation: Situation, command: c.Command, why: Problem, conflict: str = "") -> Decision:
    return Decision(command, "nothing", (), situation, why, conflict=conflict)


def not_now(situation: Situation, command: c.Command) -> Decision:
    return nothing(situation, command, problem(texts.NOT_NOW), conflict="not-now")


def refused(situation: Situation, command: c.Command, address: str, why: Problem, check: CheckPlan | None) -> Decision:
    fact = events.NotUnderstood(address=address, key=why.key)
    return done(situation, command, fact, outcome="refused", problem=why, check=check)
