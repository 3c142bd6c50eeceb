"""A case without a desk, a store and a channel: content in, says out, every fact through JSON on its way.

What the desk does with the core is done here in the fewest lines, so that the core's laws can be tested alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.answers.base import Words
from bot.core import commands as c
from bot.core import events
from bot.core.case import fold
from bot.core.decide import decide
from bot.core.decision import Decision
from bot.core.events import Turn
from bot.core.position import Situation
from bot.core.say import Say
from bot.core.tell import greet, tell
from bot.core.understand import understand
from bot.i18n import Catalogues
from bot.library import typed_parameters
from bot.procedures.interview import Interview, compile_interview
from bot.procedures.load import load_procedure
from bot.procedures.walk import Path as WalkedPath
from bot.procedures.walk import walk

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "beispiel": ROOT / "tests/core/dialogs/beispiel/2026-01",
    "elternentschaedigung": ROOT / "dialogs/elternentschaedigung/2026-11",
}
NOW = datetime(2022, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2022, 3, 2)


@cache
def interview_of(name: str) -> Interview:
    return compile_interview(load_procedure(FOLDERS[name]))


@cache
def catalogues() -> Catalogues:
    return Catalogues.load(ROOT / "locales")


def words(language: str) -> Words:
    return catalogues().words(language)


class Talk:
    """One case. ``turns`` are its ledger, ``situation`` is hot: one step of the interview per answer."""

    def __init__(self, procedure: str = "beispiel", language: str = "de", today: date = TODAY) -> None:
        self.interview = interview_of(procedure)
        self.today = today
        self.turns: list[Turn] = []
        self.says: list[Say] = []
        opened = opening(self.interview, language, today)
        self.situation = self._at(fold([Turn(number=1, at=NOW, actor="applicant", door="test", facts=(opened,))]))
        self.says = greet(self.situation)
        self._keep((opened, *(say.fact for say in self.says)))

    # -- what an applicant does ---------------------------------------------------------------------------------------

    def type(self, text: str) -> Decision:
        return self.put(c.Typed(text))

    def pick(self, value: Any, question: str | None = None) -> Decision:
        return self.put(c.Picked(self.open.address if question is None else question, value))

    def act(self, action: str, target: str = "") -> Decision:
        return self.put(c.Acted(action, target))

    def begin(self) -> Talk:
        self.act("start")
        return self

    def answer(self, *values: Any) -> Talk:
        """Each value for the question that is open then."""
        for value in values:
            decision = self.pick(value)
            assert decision.outcome == "accepted", (decision.outcome, decision.problem, value)
        return self

    def hand_in(self, address: str, *files: str) -> Talk:
        """Files that arrived whole and were found good."""
        for file in files:
            self.command(c.OfferFile(file, address, f"{file}.jpg", 1_000))
            for state in ("checking", "ready"):
                self.command(c.JudgeFile(events.FileJudged(file=file, state=state, pages=1, media_type="image/jpeg")))
        return self

    # -- one turn -----------------------------------------------------------------------------------------------------

    def put(self, content: c.Content) -> Decision:
        before = self.situation
        return self._decided(content, decide(before, understand(content, before)))

    def command(self, command: Any) -> Decision:
        """A command that no words lead to (the agency's news)."""
        return self._decided(None, decide(self.situation, command))

    def _decided(self, content: c.Content | None, decision: Decision) -> Decision:
        before = self.situation
        if decision.after.case.language != before.words.language:
            spoken = words(decision.after.case.language)
            decision = replace(decision, after=replace(decision.after, words=spoken))
        self.says = tell(before, content, decision)
        self.situation = decision.after
        self._keep((*decision.facts, *(say.fact for say in self.says)), decision.outcome)
        return decision

    def _keep(self, facts: Iterable[events.Fact], outcome: str = "") -> None:
        number, now = len(self.turns) + 1, NOW + timedelta(seconds=len(self.turns))
        turn = Turn(number=number, at=now, actor="applicant", door="test", outcome=outcome, facts=tuple(facts))
        turn = events.read(events.write(turn))
        before = self.turns[:]
        self.turns.append(turn)
        case = fold([turn], None if not before else self._folded)
        self._folded = case
        self.situation = replace(self.situation, case=case, now=now)

    def _at(self, case: Any, path: WalkedPath | None = None) -> Situation:
        return Situation(case, path or self.walked(case), self.interview, words(case.language), NOW, self.today)

    # -- looking ------------------------------------------------------------------------------------------------------

    @property
    def case(self) -> Any:
        return self.situation.case

    @property
    def path(self) -> WalkedPath:
        return self.situation.path

    @property
    def open(self) -> Any:
        """The open question. Fails where there is none."""
        open_ = self.situation.open
        assert open_ is not None
        return open_

    @property
    def texts(self) -> list[str]:
        return [say.text for say in self.says]

    def walked(self, case: Any) -> WalkedPath:
        """The path from nothing."""
        return walk(self.interview, case.sheet, typed_parameters(self.interview, case.parameters), self.today)

    def cold(self) -> Situation:
        """The situation as another process finds it: everything read, folded and walked anew."""
        case = fold([events.read(events.write(turn)) for turn in self.turns])
        return replace(self.situation, case=case, path=self.walked(case))


def opening(interview: Interview, language: str, today: date) -> events.Opened:
    return events.Opened(
        reference="AL-TEST-TEST",
        procedure=interview.procedure.procedure,
        version=interview.procedure.version,
        hash=interview.source.hash,
        parameters={each.id: each.default for each in interview.procedure.parameters},
        language=language,
        demo_date=today,
    )


def seen(path: WalkedPath) -> dict[str, Any]:
    """Everything that a path says, as plain values that can be compared."""
    scope, here = path.scope, path.here
    return {
        "steps": [(step.address, step.cell, step.row) for step in path.steps],
        "here": here and (here.address, here.row, here.old, here.invalid, here.failed and here.failed.place),
        "state": path.token.state,
        "complete": path.complete,
        "findings": path.findings,
        "answers": scope.answers,
        "rows": {section: [(row.id, row.number, row.answers) for row in rows] for section, rows in scope.rows.items()},
        "unsure": scope.unsure,
    }
