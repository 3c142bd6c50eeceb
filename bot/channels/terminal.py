"""The terminal is a channel like any other: words in, messages out. For authors, operators and tests.

It maps a number to the choice shown with it and knows nothing else about procedures.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import textwrap
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, Protocol

from bot.answers.base import Template
from bot.answers.figures import small_number
from bot.channels import script
from bot.channels.layout import Capabilities, numbered
from bot.codes import read_resume_code
from bot.core import texts
from bot.core.commands import Acted, Content, Picked, Typed
from bot.core.position import Situation
from bot.core.say import Choice, Say, Voice
from bot.desk import Desk, UnknownDoor
from bot.ports import CaseId, StoreDown
from bot.turn import Incoming, Reply

CHANNEL: Final = "terminal"
CAPABILITIES: Final = Capabilities(max_text=100_000, max_choices=0, max_label=0, buttons=False, files=False)
WIDEST: Final = 88
PROMPT: Final = "> "
_MARK: Final = re.compile(r"\s*(?:\d+\.|[–·→!])\s+")


class Screen(Protocol):
    """Where lines come from and go to."""

    def show(self, text: str) -> None: ...
    def ask(self) -> str | None:
        """The next line, None where there is no more."""


class Console:
    """Standard input and output. Reads past Python's own buffer: who waits there keeps the process from ending."""

    def __init__(self, source: int = 0) -> None:
        self._source = source
        self._typed = b""

    def show(self, text: str) -> None:
        print(text)  # this channel is standard output

    def ask(self) -> str | None:
        print(end=PROMPT, flush=True)
        while b"\n" not in self._typed and (more := os.read(self._source, 65_536)):
            self._typed += more
        line, _, rest = self._typed.partition(b"\n")
        ended, self._typed = not self._typed, rest
        # what is no UTF-8 stays visible as a replacement character
        return None if ended else line.decode("utf-8", "replace").removesuffix("\r")


class Terminal:
    """One conversation. ``address`` is the door's: the same address finds the same case again."""

    def __init__(self, desk: Desk, screen: Screen, address: str, record: Path | None = None) -> None:
        self._desk = desk
        self._screen = screen
        self._address = address
        self._record = record
        self._choices: tuple[Choice, ...] = ()
        self._question = ""
        self._closed = False
        self._case: CaseId = b""
        self._situation: Situation | None = None

    async def run(self, first: Reply) -> None:
        """Talks until the applicant leaves or the case is gone."""
        self._case = first.case
        self._begin_record(first)
        self._hand_out(first)
        while (situation := self._situation) is not None:
            await self._work()
            line = await _aside(self._screen.ask)
            if line is None:
                await self._leave(situation)
                return
            await self._one(line)

    async def _one(self, line: str) -> None:
        try:
            typed, reply = await self._taken_in(line)
        except StoreDown:
            self._tell(texts.STORE_DOWN, "problem")
        except UnknownDoor:
            self._tell(texts.ERASED, "said")
            self._situation = None
        else:
            self._case = reply.case
            self._note([script.you_line(typed)])
            self._hand_out(reply)

    async def _taken_in(self, text: str) -> tuple[str, Reply]:
        """What a record may say was typed, and what came of it. No record holds a resume code."""
        if not _is_code(text):
            return text, await self._desk.take_in(self._incoming(text))
        resumed = await self._desk.resume(text, channel=CHANNEL, address=self._address)
        if resumed is not None:
            return script.CODE, resumed
        # a word of sixteen letters is an answer, though it has the form
        noted = script.NO_CODE if any(map(str.isdigit, text)) else text
        return noted, await self._desk.take_in(self._incoming(text))

    async def _leave(self, situation: Situation) -> None:
        """Whoever just closes the terminal gets the code to come back, too."""
        if situation.case.state == "open" and situation.case.consented and not situation.case.paused:
            await self._one("/pause")

    async def _work(self) -> None:
        """Does everybody's work, and shows what it makes the house say in this case only."""
        try:
            replies = await self._desk.work() or ()
        except StoreDown:
            return  # it stays due; an answer that cannot be saved says so itself
        for reply in replies:
            if reply.case == self._case:
                self._hand_out(reply)

    def _incoming(self, text: str) -> Incoming:
        return Incoming(CHANNEL, self._address, str(uuid.uuid4()), self._content(text))

    def _content(self, text: str) -> Content:
        """A number that was shown with a choice means that choice; everything else is words."""
        number = small_number(text) or 0
        if not self._closed or not 1 <= number <= len(self._choices):
            return Typed(text)
        choice = self._choices[number - 1]
        if choice.action:
            return Acted(choice.action, choice.target)
        return Picked(self._question, choice.value)

    # -- output ------------------------------------------------------------------------------------------------------

    def _hand_out(self, reply: Reply) -> None:
        self._situation = reply.situation
        says = [_with_code(say, reply.code) for say in reply.says]
        self._print(says)
        self._note(script.bot_lines(reply.says))
        for say in says:
            if say.choices:
                self._choices, self._question, self._closed = say.choices, say.question, say.closed
            elif say.question:
                self._choices, self._question, self._closed = (), say.question, False

    def _tell(self, template: Template, kind: Literal["said", "problem"]) -> None:
        """What the terminal itself must say: nothing of it is in the ledger."""
        assert self._situation is not None
        self._print([Voice(self._situation).say(template, kind)])

    def _print(self, says: Sequence[Say]) -> None:
        """One turn: paragraphs, and air before the question."""
        for place, say in enumerate(says):
            if place and (say.kind == "question" or "\n" in say.text):
                self._screen.show("")
            self._screen.show(painted(say))
        self._screen.show("")

    def _begin_record(self, first: Reply) -> None:
        if self._record is not None and first.situation is not None:
            case, today = first.situation.case, first.situation.today
            line = script.header(today, case.language, case.municipality, demo=case.demo_date is not None)
            self._record.write_text(line + "\n", encoding="utf-8")

    def _note(self, lines: Sequence[str]) -> None:
        if self._record is not None and lines:
            with self._record.open("a", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")


async def _aside(ask: Callable[[], str | None]) -> str | None:
    """Waits on a thread that the process need not wait for when it is told to stop."""
    asked: Future[str | None] = Future()

    def answer() -> None:
        with contextlib.suppress(InvalidStateError):  # nobody waits any more
            try:
                asked.set_result(ask())
            except Exception as error:  # noqa: BLE001  # whoever waits shall hear of it
                asked.set_exception(error)

    threading.Thread(target=answer, daemon=True).start()
    return await asyncio.wrap_future(asked)


def painted(say: Say) -> str:
    """One message as the terminal shows it."""
    text = f"! {say.text}" if say.kind == "problem" else say.text
    if say.choices and not say.closed:
        text = f"{text}  " + " ".join(f"[{choice.label}]" for choice in say.choices)
    if say.choices and say.closed:
        return f"{wrapped(text)}\n{numbered(say.choices)}"
    return wrapped(text)


def wrapped(text: str) -> str:
    """The text in lines no wider than the terminal."""
    width = min(WIDEST, shutil.get_terminal_size().columns)
    return "\n".join(_folded(line, width) for line in text.splitlines())


def _folded(line: str, width: int) -> str:
    """One line, folded under the beginning of its words: behind "12. ", "– " or the arrow of an answer."""
    mark = _MARK.match(line)
    hang = " " * (mark.end() if mark is not None else 0)
    return textwrap.fill(line, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)


def _with_code(say: Say, code: str) -> Say:
    """The resume code stands on the screen only; the ledger has never seen it."""
    if not say.secret or not code:
        return say
    return replace(say, text=say.text.replace("…", code))


def _is_code(text: str) -> bool:
    """Has it the form of a resume code? Words of sixteen letters may have it too; then it opens nothing."""
    return len(text.replace("-", "").replace(" ", "")) == 16 and read_resume_code(text) is not None
