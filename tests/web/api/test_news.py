"""News: streams, long polls, another process on the same store, a restart, the end."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager

import aiohttp
import orjson
import pytest

from bot import limits
from bot.core.commands import Acted
from bot.web.watch import Hub
from tests.web.api.served import client_of, opened, play, served


class Stream:
    """Reads server-sent events as they come."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.comments = 0

    async def next(self, seconds: float = 3.0) -> tuple[str, int, dict]:
        """(event, id, data) of the next event."""
        async with asyncio.timeout(seconds):
            return await self._event()

    async def _event(self) -> tuple[str, int, dict]:
        fields: dict[bytes, bytes] = {}
        async for line in self.response.content:
            name, _, value = line.rstrip(b"\n").partition(b": ")
            if line.startswith(b":"):
                self.comments += 1
            elif name:
                fields[name] = value
            elif fields:
                return fields[b"event"].decode(), int(fields.get(b"id", b"0")), orjson.loads(fields[b"data"])
        raise EOFError


@asynccontextmanager
async def stream(client, after=0, **headers):
    headers = {"Authorization": f"Bearer {client.token}", "Accept": "text/event-stream", **headers}
    async with client.session.get(f"{client.base}/api/v1/events?after={after}", headers=headers) as response:
        yield Stream(response)


def test_a_stream_says_what_happened_and_what_happens(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        async with stream(client) as news:
            assert news.response.headers["Content-Type"].startswith("text/event-stream")
            assert news.response.headers["X-Accel-Buffering"] == "no"
            assert news.response.headers["Cache-Control"] == "no-store"
            kind, id, data = await news.next()
            assert (kind, id, data["cursor"], data["state"]) == ("turn", 2, 2, client.state)
            assert news.comments == 1
            reply = await client.value("sachsen")
            kind, id, data = await news.next()
            assert (kind, id, data["events"]) == ("turn", 3, reply.json["events"])
        async with stream(client, **{"Last-Event-ID": "2"}) as news:
            assert (await news.next())[1] == 3

    play(tmp_path, scenario)


def test_the_oldest_of_three_streams_says_goodbye(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        async with stream(client, 2) as first, stream(client, 2) as second, stream(client, 2) as third:
            assert await first.next() == ("bye", 0, {"reason": "replaced"})
            with pytest.raises(EOFError):
                await first.next()
            await client.value("sachsen")
            assert (await second.next())[1] == (await third.next())[1] == 3

    play(tmp_path, scenario)


def test_quiet_streams_are_kept_awake(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "STREAM_COMMENT_SECONDS", 0.1)

    async def scenario(_house, client):
        await client.begun()
        async with stream(client, 2) as news:
            with pytest.raises(TimeoutError):
                await news.next(0.75)
            assert 4 <= news.comments <= 9

    play(tmp_path, scenario)


def test_streams_and_polls_end_with_the_service(tmp_path):
    async def scenario():
        async with asyncio.timeout(8):
            async with served(tmp_path) as house:
                session = aiohttp.ClientSession()
                client = await _begun(session, house)
                response = await session.get(
                    f"{house.base}/api/v1/events?after=2",
                    headers={"Authorization": f"Bearer {client.token}", "Accept": "text/event-stream"},
                )
                poll = asyncio.create_task(client.call("GET", "/events?after=2&wait=20"))
                await asyncio.sleep(0.2)
                began = time.monotonic()
            assert time.monotonic() - began < 3
            assert await Stream(response).next() == ("bye", 0, {"reason": "closing"})
            assert (await poll).json["events"] == []
            await session.close()
        async with served(tmp_path) as house, client_of(house) as later:
            later.token = client.token
            async with stream(later, 1) as news:
                assert (await news.next())[1] == 2

    async def _begun(session, house):
        from tests.web.api.served import Client

        client = Client(session, house.base)
        await client.begun()
        return client

    asyncio.run(scenario())


def test_a_long_poll_waits_for_the_next_turn_and_no_longer(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        began = time.monotonic()
        poll = asyncio.create_task(client.call("GET", "/events?after=2&wait=10"))
        await asyncio.sleep(0.2)
        reply = await client.value("sachsen")
        assert (await poll).json["events"] == reply.json["events"]
        assert time.monotonic() - began < 2
        began = time.monotonic()
        empty = (await client.call("GET", "/events?after=3&wait=1")).json
        assert (empty["events"], empty["cursor"], empty["more"]) == ([], 3, False)
        assert 0.9 < time.monotonic() - began < 2
        assert (await client.call("GET", "/events?after=2&wait=10")).json["cursor"] == 3

    play(tmp_path, scenario)


def test_turns_of_another_process_arrive_within_a_second_and_a_half(tmp_path):
    async def scenario(house, client):
        await client.begun()
        case = await house.desk.authorise(client.token)
        async with opened(tmp_path) as (_, elsewhere), stream(client, 2) as news:
            poll = asyncio.create_task(client.call("GET", "/events?after=2&wait=10"))
            await asyncio.sleep(0.3)
            began = time.monotonic()
            await elsewhere.answer(case, "web", "other-process", Acted("help"))
            assert (await news.next())[1] == 3
            assert (await poll).json["cursor"] == 3
            assert time.monotonic() - began < 1.5
            assert (await client.value("sachsen")).json["cursor"] == 4

    play(tmp_path, scenario)


def test_a_stream_of_an_erased_case_ends(tmp_path):
    async def scenario(house, client):
        await client.begun()
        case = await house.desk.authorise(client.token)
        async with opened(tmp_path) as (_, elsewhere), stream(client, 2) as news:
            await asyncio.sleep(0.1)
            await elsewhere.erase_case(case)
            assert await news.next() == ("bye", 0, {"reason": "erased"})
            assert (await client.call("GET", "/state")).status == 410

    play(tmp_path, scenario)


def test_the_hub_asks_for_the_lowest_cursor_and_forgets_who_left():
    async def scenario():
        async def numbers(_known):
            return set()

        hub = Hub(numbers)
        with hub.watching(b"a", 3) as early, hub.watching(b"a", 5) as late:
            assert hub.watched == {b"a": 3}
            hub.heard(b"a", 5)
            assert await early.news(0.01)
            assert not await late.news(0.01)
            assert hub.knows(b"a", 5)
            assert not hub.knows(b"a", 6)
        assert hub.watched == {}

    asyncio.run(scenario())
