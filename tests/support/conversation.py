"""Plays a script through the real desk and the terminal's own mapping, and compares every message.

Between every two turns the case is folded from nothing and walked from nothing (``cold``), and each message is laid
out for several channels. The first difference ends a play with a readable diff; with ``accept`` it is written down.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.channels.script import said
from bot.channels.terminal import CHANNEL, Terminal
from bot.core.commands import ACTIONS, Acted, Content, JudgeFile, OfferFile, Picked
from bot.core.events import FileJudged
from bot.core.position import Open, Situation, may_submit, open_question
from bot.core.say import Say
from bot.desk import Desk, UnknownDoor
from bot.ports import CaseId
from bot.turn import Arrived, Incoming, Reply
from tests.support.claims import claim
from tests.support.cold import Cold
from tests.support.house import House
from tests.support.layouts import nothing_is_lost
from tests.support.script import Line, Script, Turn, shown
from tests.support.words import compared, difference, rewritten

MOST_TRIES = 4
MOST_STEPS = 400
"""More questions than ``go`` ever answers: a guard against a talk that does not move."""

Watcher = Callable[[Situation, Reply], None]
"""Sees each reply with the situation before it; the coverage is such a watcher."""


class Failed(AssertionError):
    """The conversation went otherwise than its script says."""


@dataclass
class Ear:
    """The desk as the terminal sees it. What it answers is also heard here."""

    desk: Desk
    replies: list[Reply] = field(default_factory=list)

    async def take_in(self, incoming: Incoming) -> Reply:
        return self._heard(await self.desk.take_in(incoming))

    async def resume(self, code: str, *, channel: str, address: str) -> Reply | None:
        reply = await self.desk.resume(code, channel=channel, address=address)
        return None if reply is None else self._heard(reply)

    async def work(self) -> list[Reply]:
        """Everything that is due, and what becomes due by it."""
        heard: list[Reply] = []
        while (replies := await self.desk.work()) is not None:
            heard += [self._heard(reply) for reply in replies]
        return heard

    def _heard(self, reply: Reply) -> Reply:
        self.replies.append(reply)
        return reply


class Paper:
    """A screen that nobody looks at: what is said is taken from the replies."""

    def show(self, text: str) -> None:
        assert isinstance(text, str)

    def ask(self) -> str | None:
        return None


class Player:
    """One play of one script."""

    def __init__(self, script: Script, folder: Path, watch: Iterable[Watcher] = (), *, accept: bool = False) -> None:
        self.script = script
        self.house = House(script.procedure, script.today, folder)
        self.watch = tuple(watch)
        self.accept = accept
        self.changes: dict[Path, dict[int, list[str]]] = {}
        self.ear = Ear(self.house.desk)
        self.doors = 0
        self.inputs = 0
        self.asked: dict[str, int] = {}
        self.code = ""
        self.id: CaseId = b""
        self.situation: Situation | None = None
        self.cold: Cold | None = None

    # -- the whole script ---------------------------------------------------------------------------------------------

    async def play(self) -> None:
        """Raises :class:`Failed` at the first line that does not come true."""
        for turn in self.script.turns:
            heard = await self._input(turn.input)
            self._compare(turn, heard, loose=turn.input.kind in ("play", "go"))
            for line in turn.lines:
                if line.kind in ("case", "agency received") and (wrong := claim(line.kind, line.text, self)):
                    raise Failed(f"{line.where}: {line.kind}: {line.text}\n  but {wrong}")

    def _compare(self, turn: Turn, heard: list[Say], *, loose: bool) -> None:
        expected = [line for line in turn.lines if line.kind in ("bot", "...")]
        spoken = [said(say) for say in heard]
        if compared(expected, spoken, loose=loose):
            return
        if self.accept:
            for path, number, texts in rewritten(turn, expected, spoken, loose=loose):
                self.changes.setdefault(path, {})[number] = texts
            return
        where = (expected[0] if expected else turn.input).where
        raise Failed(
            f"{where}: after {turn.input.kind}: {turn.input.text}\n{difference(expected, spoken, loose=loose)}"
        )

    # -- what makes something happen ----------------------------------------------------------------------------------

    async def _header(self, _line: Line) -> list[Say]:
        script, address = self.script, self._new_door()
        first = await self.house.desk.open_case(
            script.procedure,
            channel=CHANNEL,
            address=address,
            language=script.language,
            demo_date=script.today if script.demo else None,
            municipality=script.municipality,
        )
        self.id = first.case
        self.cold = Cold(self.house, first.case)
        self.ear.replies.append(first)
        self.terminal._hand_out(first)
        return await self._hear(None)

    def _new_door(self) -> str:
        self.doors += 1
        address = f"door {self.doors}"
        self.terminal = Terminal(self.ear, Paper(), address)  # type: ignore[arg-type]  # an ear is a desk that listens
        self.address = address
        return address

    async def _input(self, line: Line) -> list[Say]:
        self.house.clock.go_on()
        act = getattr(self, f"_{line.kind}")
        heard: list[Say] = await act(line)
        return heard

    async def _you(self, line: Line) -> list[Say]:
        return await self._type(line.text.replace("{code}", self.code))

    async def _play(self, line: Line) -> list[Say]:
        heard: list[Say] = []
        for text in line.text.split(" | "):
            heard = await self._type(text.strip())
        return heard

    async def _type(self, text: str) -> list[Say]:
        before = self.situation
        await self.terminal._one(text)
        heard = await self._hear(before)
        assert heard, f"no answer to {text!r}"
        return heard

    async def _press(self, line: Line) -> list[Say]:
        address, _, value = line.text.partition(" = ")
        return await self._send(Picked(address, json.loads(value)))

    async def _file(self, line: Line) -> list[Say]:
        address, _, file = line.text.partition(" = ")
        states = [
            FileJudged(file=file, state=state, pages=1, media_type="image/jpeg") for state in ("checking", "ready")
        ]
        for command in (OfferFile(file, address, f"{file}.jpg", 1_000), *map(JudgeFile, states)):
            await self.ear.desk._turn(self.id, Arrived(CHANNEL, command=command))
        return []

    async def _act(self, line: Line) -> list[Say]:
        action, _, target = line.text.partition(" ")
        if action not in ACTIONS:
            raise Failed(f"{line.where}: no action {action}")
        return await self._send(Acted(action, target))

    async def _send(self, content: Content) -> list[Say]:
        before = self.situation
        self.inputs += 1
        reply = await self.ear.take_in(Incoming(CHANNEL, self.address, f"sent {self.inputs}", content))
        self.terminal._hand_out(reply)
        return await self._hear(before)

    async def _elsewhere(self, line: Line) -> list[Say]:
        """Another terminal: the same case by its resume code."""
        before = self.situation
        address = self._new_door()
        reply = await self.ear.resume(line.text.replace("{code}", self.code), channel=CHANNEL, address=address)
        if reply is None:
            raise Failed(f"{line.where}: this code opens nothing")
        self.terminal._hand_out(reply)
        return await self._hear(before)

    async def _today(self, line: Line) -> list[Say]:
        """Another day. What was due by then happens first: a case may be gone."""
        self.house.clock.set(date.fromisoformat(line.text))
        heard = await self._hear(self.situation)
        try:
            self.situation = await self.ear.desk.look(self.id)
        except UnknownDoor:
            self.situation = None
        return heard

    async def _agency(self, line: Line) -> list[Say]:
        self.house.agency.mood = line.text
        return []

    async def _hear(self, before: Situation | None) -> list[Say]:
        """Everything that was said since, after all that follows from it was done; and the checks of a turn."""
        for reply in await self.ear.work():
            self.terminal._hand_out(reply)
        replies, self.ear.replies = self.ear.replies, []
        heard: list[Say] = []
        for reply in replies:
            if reply.outcome == "bug":
                raise Failed(f"{shown(self.script.path)}: a bug, see the log")
            self.code = reply.code or self.code
            self.situation = reply.situation
            nothing_is_lost(reply)
            heard += reply.says
            for watch in self.watch:
                watch(before or reply.situation, reply)  # type: ignore[arg-type]  # the greeting has no before
            before = reply.situation or before
        await self._compare_cold()
        return heard

    async def _compare_cold(self) -> None:
        assert self.cold is not None
        try:
            hot = await self.ear.desk.look(self.id)
        except UnknownDoor:
            return
        await self.cold.compare(hot)

    # -- go -----------------------------------------------------------------------------------------------------------

    async def _go(self, line: Line) -> list[Say]:
        """Answers from the script's answers until the named place is reached."""
        heard: list[Say] = []
        for _ in range(MOST_STEPS):
            open_ = open_question(self.situation) if self.situation is not None else None
            if self._is_there(line.text, open_):
                return heard
            self.house.clock.go_on()
            words = self._answer(open_)
            if words is None:
                where = open_.address if open_ is not None else "the end"
                last = "\n".join(f"  {said(say)}" for say in heard)
                raise Failed(f"{line.where}: no answer is given, or none is taken, at {where}\n{last}")
            heard = await self._type(words)
        raise Failed(f"{line.where}: {line.text} is never reached")

    def _is_there(self, place: str, open_: Open | None) -> bool:
        situation = self.situation
        if situation is None or place == "@end":
            return situation is None or (open_ is None and not may_submit(situation))
        if place == "@ready":
            return may_submit(situation)
        if place == "@review":
            return situation.path.complete
        return open_ is not None and place in (open_.address, _question(open_.address))

    def _answer(self, open_: Open | None) -> str | None:
        """What the script gives for the open question. None: nothing, or it was refused three times."""
        if open_ is None:
            return "absenden"
        times = self.asked.get(open_.address, 0)
        self.asked[open_.address] = times + 1
        given = self.script.answers
        words = given.get(open_.address, given.get(_question(open_.address), _USUAL.get(open_.kind)))
        if words is None or (times >= MOST_TRIES and open_.kind == "question"):
            return None
        each = words.split(" | ")
        return each[min(times, len(each) - 1)]


_USUAL = {"consent": "ja", "again": "nein", "notice": "Trotzdem Antrag stellen", "declaration": "ja", "change": "ja"}


def _question(address: str) -> str:
    return re.sub(r"^\w+\[[^\]]*\]\.", "", address)


def play(script: Script, watch: Iterable[Watcher] = (), *, accept: bool = False) -> Player:
    """Plays a script to its end. Raises :class:`Failed`."""
    with tempfile.TemporaryDirectory() as folder:
        player = Player(script, Path(folder), watch, accept=accept)
        try:
            asyncio.run(player.play())
        finally:
            for path, changed in player.changes.items():
                _rewrite(path, changed)
    return player


def _rewrite(path: Path, changed: dict[int, list[str]]) -> None:
    lines = path.read_text("utf-8").splitlines()
    kept: list[str] = []
    for number, text in enumerate(lines, 1):
        kept += changed.get(number, [text])
    path.write_text("\n".join([*kept, *changed.get(len(lines) + 1, [])]) + "\n", "utf-8")
