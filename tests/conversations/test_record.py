"""``chat --record`` writes a script, and that script plays."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bot.channels.terminal import CHANNEL, Terminal
from tests.support.conversation import Failed, play
from tests.support.house import House
from tests.support.script import read_script

TODAY = date(2022, 3, 2)
TYPED = [
    *["ja", "sachsn", "ja", "2", "Mia", "3.5.2015", "nein", "ja", "1", "20.4.2020 bis 15.5.2020", "weiß nicht"],
    *["nein", "Zusammenfassung", "0341 1234567", "überspringen", "Hilfe", "Pause", "", "ja", "absenden"],
]


class Typist:
    """A screen at which somebody types line after line, and then closes it."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = list(lines)
        self.shown: list[str] = []

    def show(self, text: str) -> None:
        self.shown.append(text)

    def ask(self) -> str | None:
        return self.lines.pop(0) if self.lines else None


def record(folder: Path, lines: list[str], *, language: str = "de", demo: bool = False) -> Path:
    """Talks in a terminal with ``--record``. The script lies in the folder of its procedure, as all do."""
    path = folder / "beispiel" / "recorded.txt"
    path.parent.mkdir()
    house = House("beispiel", TODAY, folder / "outbox")

    async def talk() -> None:
        first = await house.desk.open_case(
            "beispiel", channel=CHANNEL, address="here", language=language, demo_date=TODAY if demo else None
        )
        await Terminal(house.desk, Typist(lines), "here", path).run(first)

    asyncio.run(talk())
    return path


@pytest.mark.parametrize("demo", [False, True])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_recorded_conversation_plays(tmp_path, demo, language):
    path = record(tmp_path, TYPED, language=language, demo=demo)
    text = path.read_text("utf-8")
    assert text.startswith(f"today 2022-03-02 · language {language}")
    assert text.count("\nyou:") >= len(TYPED)
    play(read_script(path))


def test_what_was_not_said_is_found(tmp_path):
    path = record(tmp_path, TYPED)
    wrong = path.read_text("utf-8").replace("Wann ist Mia geboren?", "Wann wurde Mia geboren?", 1)
    path.write_text(wrong, "utf-8")
    with pytest.raises(Failed, match=r"recorded\.txt:\d+: after you: Mia\n  - Wann wurde Mia geboren\?") as found:
        play(read_script(path))
    assert "+ Wann ist Mia geboren?" in str(found.value)
