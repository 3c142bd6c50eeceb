"""The terminal: numbers, codes, records, and what happens when the world fails while somebody talks."""

import asyncio
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.channels.terminal import CHANNEL, Console, Terminal
from bot.codes import new_resume_code
from bot.desk import Desk
from bot.ports import StoreDown
from bot.turn import Reply
from tests.support.conversation import play
from tests.support.house import House
from tests.support.script import read_script

TODAY = date(2022, 3, 2)
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
Line = str | None | Callable[[], Any]

SENT = ["ja", "Sachsen", "selbstständig", "Lena", "1.3.2015", "nein", "ja", "1", "20.4.2020 bis 15.5.2020"]
SENT += ["Die Behörde hatte geschlossen", "nein", "1000", "900", "0341 1234567", "erika@example.org", "später"]
SENT += ["ja", "ja", "absenden"]
"""A whole application of the example dialog, as somebody types it."""


class Sheet:
    """A screen of paper: lines come from a list, and a function in it is something that happens meanwhile."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.shown: list[str] = []
        self.asked = 0

    def show(self, text: str) -> None:
        self.shown.append(text)

    def ask(self) -> str | None:
        self.asked += 1
        while self.lines:
            line = self.lines.pop(0)
            if not callable(line):
                return line
            while callable(line):
                line = line()
            if line is not None:
                return line
        return None

    @property
    def text(self) -> str:
        return "\n".join(self.shown)

    @property
    def code(self) -> str:
        return CODE.findall(self.text)[-1]


class Fickle:
    """A store that is away while ``away`` says so."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.away: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        if name in self.away:

            async def down(*_: Any) -> None:
                raise StoreDown("away", 1.0)

            return down
        return getattr(self.store, name)


class Talk:
    """One terminal over a house whose store can go away."""

    def __init__(self, folder: Path) -> None:
        self.house = House("beispiel", TODAY, folder)
        self.store = Fickle(self.house.store)
        self.house.store = self.store  # type: ignore[assignment]  # the same store, now and then away
        self.desk: Desk = self.house.open_desk()

    async def open(self, address: str = "a") -> Reply:
        return await self.desk.open_case("beispiel", channel=CHANNEL, address=address, demo_date=TODAY)

    async def hold(self, lines: list[Line], record: Path | None = None, address: str = "a") -> Sheet:
        sheet = Sheet(lines)
        await Terminal(self.desk, sheet, address, record).run(await self.open(address))
        return sheet

    def away(self, *names: str) -> Callable[[], None]:
        return lambda: self.store.away.update(names)

    def back(self) -> None:
        self.store.away.clear()


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(tmp_path / "submissions")


def say(talk: Talk, *lines: Line, record: Path | None = None) -> Sheet:
    return asyncio.run(talk.hold(list(lines), record))


# -- lines ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        (b"", []),
        (b"ja\nnein\n", ["ja", "nein"]),
        (b"ja\r\nohne Ende", ["ja", "ohne Ende"]),
        ("größer\n\n".encode(), ["größer", ""]),
        (b"gr\xf6\xdfer\n", ["gr\ufffd\ufffder"]),
        (b"x" * 200_000 + b"\n", ["x" * 200_000]),
    ],
)
def test_lines_as_they_come(tmp_path, typed, lines):
    path = tmp_path / "typed"
    path.write_bytes(typed)
    with path.open("rb") as file:
        console = Console(file.fileno())
        asked = [console.ask() for _ in range(len(lines) + 2)]
    assert asked == [*lines, None, None]


def test_a_screen_that_breaks_ends_the_talk(talk):
    def broken() -> None:
        raise OSError("the line is dead")

    with pytest.raises(OSError, match="the line is dead"):
        say(talk, broken)


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_a_number_is_the_choice_shown_with_it(talk):
    assert "Bundesland" in say(talk, "1").text


@pytest.mark.parametrize("line", ["²", "9" * 5_000, "0", "3", "-1", "١" * 30])
def test_what_is_no_number_of_a_choice_is_words(talk, line):
    sheet = say(talk, line, "ja")
    assert "Bundesland" in sheet.text


# -- leaving and coming back -------------------------------------------------------------------------------------------


def test_whoever_closes_the_terminal_gets_the_code(talk):
    assert CODE.search(say(talk, "ja").text)


def test_whoever_never_began_gets_none(talk):
    assert not CODE.search(say(talk).text)


def test_after_erasing_nothing_more_is_asked(talk):
    sheet = say(talk, "ja", "löschen", "ja", "noch etwas")
    assert "Alles ist gelöscht." in sheet.text
    assert sheet.asked == 3


@pytest.mark.parametrize("next_line", ["Sachsen", None])
def test_a_case_erased_elsewhere_ends_the_talk_with_a_word(talk, next_line):
    async def both() -> Sheet:
        loop = asyncio.get_running_loop()

        def erase() -> None:
            asyncio.run_coroutine_threadsafe(erased(), loop).result(5)

        async def erased() -> None:
            await talk.desk._forget(await talk.desk.find(CHANNEL, "a"))

        return await talk.hold(["ja", erase, next_line, "mehr"])

    sheet = asyncio.run(both())
    assert sheet.shown[-2:] == ["Alles ist gelöscht.", ""]
    assert sheet.asked == 2


# -- the store goes away -----------------------------------------------------------------------------------------------

NOT_SAVED = "Ich kann gerade nicht speichern."


def test_an_answer_that_could_not_be_saved_is_given_again(talk):
    sheet = say(talk, "ja", talk.away("append"), "Sachsen", talk.back, "Sachsen")
    assert NOT_SAVED in sheet.text
    assert "! Ich kann gerade nicht" in sheet.text
    assert "Wer stellt den Antrag?" in sheet.text.rpartition(NOT_SAVED)[2]


def test_work_that_cannot_be_done_now_is_done_later(talk):
    sheet = say(talk, *SENT[:-1], talk.away("claim"), "absenden", talk.back, "Zusammenfassung")
    assert "Ich sende den Antrag" in sheet.text
    assert "fertig vorbereitet" in sheet.text.rpartition("Ich sende den Antrag")[2]


def test_a_code_typed_while_the_store_is_away_is_typed_again(talk):
    async def both() -> Sheet:
        other = await talk.hold(["ja", "Sachsen"], address="other")
        lines = [talk.away("find_credential"), other.code, talk.back, other.code]
        return await talk.hold(lines)

    sheet = asyncio.run(both())
    assert NOT_SAVED in sheet.text
    assert "Schön, dass Sie wieder da sind." in sheet.text.rpartition(NOT_SAVED)[2]


def test_leaving_while_the_store_is_away_says_so(talk):
    assert NOT_SAVED in say(talk, "ja", talk.away("append")).text


def test_nothing_of_another_case_is_shown(talk):
    """Work that falls due is everybody's; what it makes the house say is for one person."""

    async def both() -> tuple[Sheet, Sheet]:
        first = await talk.hold([*SENT[:-1], talk.away("claim"), "absenden"], address="first")
        talk.back()
        return first, await talk.hold(["ja", "Sachsen"], address="second")

    first, second = asyncio.run(both())
    assert len(talk.house.agency.received) == 1
    assert "Ich sende den Antrag" in first.text
    assert "fertig vorbereitet" not in second.text
    assert "Wer stellt den Antrag?" in second.text


# -- records -----------------------------------------------------------------------------------------------------------


def replayed(path: Path) -> None:
    play(read_script(path))


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A script lies in the folder of its procedure."""
    (tmp_path / "beispiel").mkdir()
    return tmp_path / "beispiel" / "talk.txt"


def test_a_record_plays_as_a_script(talk, record):
    say(talk, *SENT, record=record)
    assert "you: absenden\n" in record.read_text("utf-8")
    replayed(record)


def test_leaving_is_recorded_as_the_pause_it_is(talk, record):
    say(talk, "ja", "Sachsen", record=record)
    assert "you: /pause\n" in record.read_text("utf-8")
    replayed(record)


def test_a_code_is_never_recorded_and_the_record_still_plays(talk, record):
    sheet = Sheet([])
    sheet.lines = ["ja", "Pause", lambda: sheet.code, "Sachsen", lambda: sheet.code.replace("-", " ").lower()]

    async def one() -> None:
        await Terminal(talk.desk, sheet, "a", record).run(await talk.open())

    asyncio.run(one())
    text = record.read_text("utf-8")
    assert text.count("you: {code}\n") == 2
    assert "Schön, dass Sie wieder da sind." in text
    for code in CODE.findall(sheet.text):
        assert code not in text
        assert code.replace("-", " ").lower() not in text
    replayed(record)


def test_a_code_that_opens_nothing_is_not_recorded_either(talk, record):
    code = new_resume_code(talk.house.random)
    say(talk, "ja", code, record=record)
    assert "you: XXXX-XXXX-XXXX-XXXX\n" in record.read_text("utf-8")
    assert code not in record.read_text("utf-8")
    replayed(record)


def test_what_was_not_saved_is_not_recorded(talk, record):
    say(talk, "ja", talk.away("append"), "Sachsen", talk.back, "Sachsen", record=record)
    assert record.read_text("utf-8").count("you: Sachsen\n") == 1
    replayed(record)
