"""A hot case is folded once a turn, while it is decided: it must be what another process folds from the ledger."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from bot.core import commands as c
from bot.core import events
from bot.core.case import fold
from bot.core.position import actions
from bot.stores.memory import MemoryStore
from tests.desk.house import ANSWERS, Client, desk_over


@pytest.mark.parametrize("seed", range(6))
def test_the_hot_case_is_the_fold_of_its_ledger(seed: int) -> None:
    asyncio.run(_talk(seed))


async def _talk(seed: int) -> None:
    desk, chance = desk_over(MemoryStore()), Random(seed)
    client = Client(desk)
    await client.open()
    values = list(ANSWERS)
    for _ in range(60):
        situation = await client.situation()
        reply = await client.put(_next(situation, values, chance))
        ledger = await desk.history(await client.case(), most=100_000)
        assert reply.situation is not None
        assert reply.situation.case == fold(ledger)


def _next(situation: Any, values: list[Any], chance: Random) -> c.Content:
    if situation.open is not None and values and chance.random() < 0.7:
        return c.Picked(situation.open.address, values.pop(0))
    wanted = [each for each in actions(situation) if each.name not in ("erase", "new_case")]
    action = chance.choice(wanted)
    return c.Acted(action.name, "en" if action.name == "language" else action.target)


def test_the_ledger_keeps_the_bytes_that_pydantic_writes() -> None:
    said = events.Said(place="x", template="„Größe“ {a}", params=[events.Param(name="a", value="1", of="b")])
    answered = events.Answered(address="a", value={"given": "Ä", "n": [1, 2.5, None, True]})
    at = datetime(2022, 3, 2, 9, 30, 0, 1, tzinfo=UTC)
    opened = events.Opened(reference="r", procedure="p", version="v", hash="h", demo_date=at.date())
    turn = events.Turn(number=1, at=at, actor="applicant", door="web", facts=(opened, answered, said))
    assert events.write(turn) == turn.model_dump_json().encode()
    assert events.read(events.write(turn)) == turn
