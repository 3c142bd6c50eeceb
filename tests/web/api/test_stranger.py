"""A client that knows no procedure drives every procedure on offer from first message to submission."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.worker import serve as work
from tests.web.api.served import client_of, served
from tests.web.api.stranger import Stranger

SEEDS = range(4)


async def drive(folder, language, seed):
    """Every procedure on offer to its end. Returns what was asked."""
    async with served(folder) as house, client_of(house) as client:
        stop = asyncio.Event()
        worker = asyncio.create_task(work(house.desk, stop))

        async def call(method, path, body=None):
            answer = client.took(await client.call(method, path, body))
            assert answer.status < 300, (method, path, body, answer.body.decode())
            return answer.json

        asked = {}
        for offered in (await call("GET", f"/procedures?language={language}"))["procedures"]:
            stranger = Stranger(call, random.Random(f"{seed} {language} {offered['id']}"))
            phase = await stranger.run(offered["id"], language)
            assert phase == "submitted", (offered["id"], stranger.state)
            assert stranger.state["language"] == language
            asked[offered["id"]] = stranger.asked
        stop.set()
        await worker
        return asked


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_stranger_gets_through(tmp_path, language, seed):
    asked = asyncio.run(drive(tmp_path, language, seed))
    assert len(asked) >= 2
    assert min(len(questions) for questions in asked.values()) > 8, asked
