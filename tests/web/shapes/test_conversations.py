"""Every conversation as a client of the API sees it: each shape after each turn is described, whole and true."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from bot.web.shapes.transcript import events
from tests.support.house import catalogues
from tests.support.plays import CONVERSATIONS, scripts
from tests.support.script import read_script
from tests.web.shapes.watcher import Looking


def look(path: Path) -> Looking:
    with tempfile.TemporaryDirectory() as folder:
        player = Looking(read_script(path), Path(folder))
        asyncio.run(player.play())
    return player


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.relative_to(CONVERSATIONS).with_suffix("").as_posix())
def test_a_client_sees_the_case(path):
    player = look(path)
    assert list(player.faults) == []
    assert player.seen
    assert player.events[0]["turn"] == 1


def test_reading_in_pieces_is_reading_all():
    player = look(CONVERSATIONS / "beispiel" / "correct_after_submission.txt")
    assert player.cold is not None
    turns, situation, words = player.cold.turns, player.situation, catalogues().words
    piecewise = [event for turn in turns for event in events([turn], situation, words)]
    assert events(turns, situation, words) == piecewise
    assert [event["turn"] for event in piecewise] == sorted(event["turn"] for event in piecewise)
