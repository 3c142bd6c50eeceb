"""What breaks in the middle: an upload while it is written, a line of news, an export, an erasure."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager

import aiohttp
import pytest

from bot import limits
from bot.ports import EvidenceDown, StoreDown
from tests.web.api.served import play
from tests.web.api.test_contract import problem
from tests.web.api.test_files import BODY, HEADERS, asking_for_evidence, created, metadata, patched, photo


@contextmanager
def away(port, name, down, after=0):
    """Behind ``port`` nobody answers ``name`` any more, once it was asked ``after`` times."""
    asked, here = 0, getattr(port, name)

    async def gone(*arguments):
        nonlocal asked
        asked += 1
        if asked > after:
            raise down("away", 1.0)
        return await here(*arguments)

    setattr(port, name, gone)
    try:
        yield
    finally:
        setattr(port, name, here)
    assert asked > after


async def count_of_files(house, client):
    case = await house.desk.authorise(client.token)
    return len((await house.desk.look(case)).case.files)


def test_a_body_that_is_too_long_leaves_no_file_behind(tmp_path):
    async def scenario(house, client):
        question = await asking_for_evidence(client)
        headers = {**BODY, **metadata(question), "Upload-Length": "5"}
        problem(await client.call("POST", "/files", data=b"0123456789", headers=headers), "too-large")
        assert await count_of_files(house, client) == 0

    play(tmp_path, scenario)


def test_time_runs_out_while_a_piece_is_written(tmp_path, monkeypatch):
    """The client was in time; the disk was slow: nothing is broken off."""
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.2)

    async def scenario(house, client):
        question = await asking_for_evidence(client)
        data = photo(64, 64)
        location = await created(client, question, data)
        disk = house.desk._filing._box._store
        quick = disk.append

        async def slow(*arguments):
            await asyncio.sleep(0.6)
            return await quick(*arguments)

        monkeypatch.setattr(disk, "append", slow)
        monkeypatch.setattr(limits, "SLOWEST_BYTES", 1_000_000)
        monkeypatch.setattr(limits, "CHUNK_BYTES", 1)
        answer = await patched(client, location, 0, data)
        assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(len(data)))

    play(tmp_path, scenario)


def test_the_last_reply_of_an_upload_was_lost(tmp_path):
    async def scenario(house, client):
        question = await asking_for_evidence(client)
        data = photo(64, 64)
        location = await created(client, question, data)
        with away(house.desk._store, "append", StoreDown):
            assert (await patched(client, location, 0, data)).status == 503
        head = await client.call("HEAD", location, headers=HEADERS)
        assert head.headers["Upload-Offset"] == head.headers["Upload-Length"] == str(len(data))
        assert (await client.call("GET", location)).json["state"] == "checking"

    play(tmp_path, scenario)


def test_an_erasure_that_waits_for_its_files_is_an_erasure(tmp_path):
    async def scenario(house, client):
        await asking_for_evidence(client)
        with away(house.desk._filing._box._store, "erase", EvidenceDown):
            assert (await client.call("DELETE", "/case")).status == 204
        await house.desk.work()
        problem(await client.call("GET", "/state"), "erased")

    play(tmp_path, scenario)


@pytest.mark.parametrize(("method", "path", "body"), [("POST", "/links", {"to": "web"}), ("DELETE", "/case", None)])
def test_a_case_that_is_erased_meanwhile_is_no_bug(tmp_path, method, path, body):
    async def scenario(house, client):
        await client.begun()
        case = await house.desk.authorise(client.token)
        append = house.desk._store.append

        async def late(entries):
            house.desk._store.append = append
            await house.desk._store.erase(case, entries[0].at)
            return await append(entries)

        house.desk._store.append = late
        problem(await client.call(method, path, body), "erased")

    play(tmp_path, scenario)


@pytest.mark.parametrize("path", ["/export", "/events?after=0"])
def test_what_has_begun_and_breaks_is_cut_off_and_never_looks_whole(tmp_path, path):
    async def scenario(house, client):
        await client.begun()
        with away(house.desk._store, "load", StoreDown, after=1), pytest.raises(aiohttp.ClientError):
            await client.call("GET", path, headers={"Accept": "text/event-stream"})
        assert (await client.send(action="help")).status == 200

    play(tmp_path, scenario)
