"""Looks at a case as a client does, after each turn: every shape is made, validated, and compared with the core.

Played over the conversation scripts, so that each place of each dialog is met.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from bot.core import position
from bot.core.commands import Acted, Content, NotNow, Picked
from bot.core.position import RECEPTION, Situation, open_question
from bot.core.understand import understand
from bot.core.verdict import verdict
from bot.desk import UnknownDoor
from bot.web.shapes.files import file
from bot.web.shapes.state import state
from bot.web.shapes.summary import summary
from bot.web.shapes.transcript import events
from tests.support.conversation import Player
from tests.support.house import catalogues
from tests.web.shapes.schemas import wrong

Shape = dict[str, Any]
MADE_BY_CLIENTS = ("new_case",)
"""Actions that are no command of a case: the client opens another one."""


class Looking(Player):
    """A play that looks at every shape instead of comparing messages. ``faults``: what was wrong, each once."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.faults: dict[str, None] = {}
        self.seen: list[Shape] = []
        self.events: list[Shape] = []

    def _compare(self, *_args: Any, **_more: Any) -> None:
        """What is said is another test's matter."""

    async def _compare_cold(self) -> None:
        assert self.cold is not None
        try:
            situation = await self.ear.desk.look(self.id)
        except UnknownDoor:
            return
        before = len(self.cold.turns)
        await self.cold._folded()
        new = self.cold.turns[before:]
        told = events(new, situation, catalogues().words)
        self.events += told
        self.seen.append(state(situation))
        for fault in [*faults(situation, self.seen[-1]), *faults_of_events(told)]:
            self.faults[fault] = None


def faults(situation: Situation, made: Shape) -> list[str]:
    """What is wrong with the shapes of a case."""
    as_json = json.loads(orjson.dumps(made))
    found = wrong("State", as_json)
    if _is_worth_a_summary(situation):
        found += wrong("Summary", json.loads(orjson.dumps(summary(situation))))
    found += [fault for each in situation.case.files.values() for fault in wrong("File", file(each, situation.words))]
    if as_json != made:
        found.append("state is no plain JSON")
    whole = verdict(situation)
    if situation.case.procedure != RECEPTION and made["verdict"] != {
        "overall": whole.overall,
        "not_met": whole.not_met,
    }:
        found.append(f"{made['verdict']} is not the whole verdict {whole.overall}")
    return [*found, *_question_faults(situation, made["question"]), *_action_faults(situation, made["actions"])]


def _is_worth_a_summary(situation: Situation) -> bool:
    """Of a long talk not each turn: its summary is long, too."""
    return situation.case.number < 40 or situation.path.complete or situation.case.number % 20 == 0


def _question_faults(situation: Situation, question: Shape | None) -> list[str]:
    open_ = open_question(situation)
    if question is None or open_ is None:
        return [] if question is None and open_ is None else ["the question is not the open one"]
    found = [] if question["id"] == open_.address else [f"{question['id']} is not {open_.address}"]
    found += _texts_are_there(question["id"], question)
    for choice in question.get("choices", ()):
        found += [] if choice["label"].strip() else [f"{question['id']}: a choice without a label"]
    for value in _offered(question):
        if _is_refused(Picked(open_.address, value), situation):
            found.append(f"{question['id']}: {value!r} is offered and not taken")
    return found


def _texts_are_there(where: str, shape: Shape) -> list[str]:
    texts = [name for name, value in shape.items() if isinstance(value, str) and (not value.strip() or "{" in value)]
    return [f"{where}: {name} is {shape[name]!r}" for name in texts]


def _offered(question: Shape) -> list[Any]:
    values = [choice["value"] for choice in question.get("choices", ())]
    if question["kind"] in ("many_of", "rows_of"):
        values = [[value] for value in values]
    if question["id"].startswith("@declaration"):
        values.remove(False)  # "no" is a choice, and refused with a word
    named = [question[name] for name in ("suggestion",) if name in question]
    return [*values, *named, *(each["value"] for each in question.get("proposals", ()))]


def _is_refused(content: Content, situation: Situation) -> bool:
    command = understand(content, situation)
    return isinstance(command, NotNow) or type(command).__name__ == "Slip"


def _action_faults(situation: Situation, made: list[Shape]) -> list[str]:
    allowed = {(action.name, action.target) for action in position.actions(situation)}
    allowed = {each for each in allowed if each[0] != "language"} | {
        ("language", "en" if situation.case.language == "de" else "de") for name, _ in allowed if name == "language"
    }
    shown = {(action["name"], action.get("target", "")) for action in made}
    found = [f"actions differ: {sorted(allowed ^ shown)}"] if allowed != shown else []
    for action in made:
        found += _texts_are_there(f"action {action['name']}", action)
        content = Acted(action["name"], action.get("target", ""), after=situation.case.number)
        if action["name"] not in MADE_BY_CLIENTS and _is_refused(content, situation):
            found.append(f"action {action['name']} is shown and not understood")
    return found


def faults_of_events(told: list[Shape]) -> list[str]:
    found = []
    for event in told:
        found += wrong("Event", json.loads(orjson.dumps(event)))
        if "text" in event and not event["text"].strip():
            found.append(f"an empty text: {event}")
        if "text" not in event and event["kind"] not in ("phase", "submission"):
            found.append(f"no text: {event}")
    return found
