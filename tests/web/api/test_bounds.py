"""Rates, bounded intake, a full disk, slow and giant clients: each is refused kindly, and nobody else notices."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from bot import limits
from bot.ports import EvidenceDown
from bot.web import serve
from tests.web.api.served import Disk, client_of, play, served
from tests.web.api.test_contract import problem
from tests.web.api.test_files import BODY, HEADERS, asking_for_evidence, created, metadata


def too_many(answer):
    assert answer.status == 429
    read = problem(answer, "too-many")
    assert int(answer.headers["Retry-After"]) == read["retry_after"] >= 1
    return read


def test_a_case_has_its_pace(tmp_path):
    async def scenario(house, client):
        await client.begun()
        answers = [await client.call("GET", "/state") for _ in range(limits.CASE_BURST + 10)]
        refused = [answer for answer in answers if answer.status != 200]
        assert len(refused) >= 5
        too_many(refused[0])
        async with client_of(house) as other:
            assert (await other.open()).status == 201  # only this case has to wait
        await asyncio.sleep(1.1)
        assert (await client.call("GET", "/state")).status == 200

    play(tmp_path, scenario, free_networks="")


def test_a_network_has_its_pace(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "NETWORK_BURST", 20)
    monkeypatch.setattr(limits, "NETWORK_RATE", 1.0)

    async def scenario(_house, client):
        answers = [await client.call("GET", "/health") for _ in range(30)]
        assert [answer.status for answer in answers].count(429) >= 8
        too_many(answers[-1])

    play(tmp_path, scenario, free_networks="")


def test_new_cases_and_wrong_codes_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "NEW_CASES_PER_HOUR", 3)

    async def scenario(_house, client):
        answers = [await client.call("POST", "/cases", {}) for _ in range(5)]
        assert [answer.status for answer in answers] == [201, 201, 201, 429, 429]
        assert too_many(answers[-1])["retry_after"] > 1000
        tries = [await client.call("POST", "/cases/resume", {"code": "0" * 16}) for _ in range(7)]
        assert [answer.status for answer in tries] == [404] * limits.RESUME_TRIES_PER_HOUR + [429, 429]
        assert "Code" in too_many(tries[-1])["detail"]

    play(tmp_path, scenario, free_networks="")


def test_our_proxies_are_believed_and_strangers_are_not(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "NEW_CASES_PER_HOUR", 1)

    async def scenario(_house, client):
        async def open_from(forwarded):
            return (await client.call("POST", "/cases", {}, headers={"X-Forwarded-For": forwarded})).status

        assert await open_from("1.2.3.4, 198.51.100.7") == 201
        assert await open_from("9.9.9.9, 198.51.100.8") == 429  # the same network, whatever the client claims
        assert await open_from("198.51.101.7") == 201

    play(tmp_path, scenario, free_networks="", proxies=1)


def test_a_full_house_says_so_at_once(tmp_path):
    async def scenario(house, client):
        await client.begun()
        intake = house.service.intake
        intake.turns, intake._most_turns = 2, 2
        began = time.monotonic()
        answer = await client.send(text="sachsen")
        assert time.monotonic() - began < 0.2
        assert answer.status == 503
        assert problem(answer, "busy")["retry_after"] == int(answer.headers["Retry-After"]) >= 1
        assert (await client.call("GET", "/state")).json["cursor"] == 2
        intake.turns = 0
        assert (await client.send(text="sachsen")).json["outcome"] == "accepted"

    play(tmp_path, scenario)


def test_words_go_before_photos(tmp_path):
    async def scenario(house, client):
        await client.begun()
        intake = house.service.intake
        intake.turns = intake._most_turns // 2
        answer = await client.call("POST", "/files", headers={**HEADERS, **metadata(), "Upload-Length": "10"})
        assert answer.status == 503
        problem(answer, "busy")
        assert (await client.send(text="sachsen")).status == 200

    play(tmp_path, scenario)


def test_a_full_disk_takes_words_and_no_files(tmp_path):
    async def scenario():
        disk = Disk()
        disk.part = limits.FREE_DISK - 0.01
        async with served(tmp_path, disk) as house, client_of(house) as client:
            await client.begun()
            answer = await client.call("POST", "/files", headers={**HEADERS, **metadata(), "Upload-Length": "10"})
            assert answer.status == 503
            assert "Platz" in problem(answer, "busy")["detail"]
            assert (await client.send(text="sachsen")).json["outcome"] == "accepted"
            async with client.session.get(f"{client.base}/readyz") as ready:
                assert (ready.status, (await ready.json())["evidence"]) == (200, "full")

    asyncio.run(scenario())


def test_a_disk_that_fails_is_not_ready(tmp_path):
    class Failing(Disk):
        async def free(self):
            raise EvidenceDown("gone")

    async def scenario():
        async with served(tmp_path, Failing()) as house, client_of(house) as client:
            async with client.session.get(f"{client.base}/readyz") as ready:
                assert (ready.status, (await ready.json())["evidence"]) == (503, "down")
            assert (await client.open()).status == 201

    asyncio.run(scenario())


async def _raw(house, data, seconds=3.0, pause=0.0):
    """What the service answers to these bytes, until it closes or ``seconds`` are over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(data)
    await asyncio.sleep(pause)
    try:
        async with asyncio.timeout(seconds):
            return await reader.read(-1)
    finally:
        writer.close()


def test_a_head_that_never_ends_is_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "CONNECTION_SECONDS", 0.5)

    async def scenario(house, client):
        began = time.monotonic()
        assert await _raw(house, b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ") == b""
        assert await _raw(house, b"") == b""
        assert time.monotonic() - began < 3
        assert (await client.call("GET", "/health")).status == 200

    play(tmp_path, scenario)


def test_a_body_that_never_ends_is_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.3)

    async def scenario(house, _client):
        head = (
            b"POST /api/v1/cases HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        )
        assert b" 400 " in (await _raw(house, head, 8.0))[:20]

    play(tmp_path, scenario)


def test_slow_bodies_and_slow_uploads_keep_nobody_out(tmp_path):
    async def scenario(house, client):
        question = await asking_for_evidence(client)
        location = await created(client, question, b"x" * 1000)
        intake = house.service.intake
        intake._most_turns, intake._most_uploads = 1, 2
        bearer = f"Authorization: Bearer {client.token}\r\nContent-Length: 900\r\n"
        answers = f"POST /api/v1/answers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{bearer}\r\n{{"
        pieces = "".join(f"{name}: {value}\r\n" for name, value in BODY.items())
        piece = f"PATCH {location} HTTP/1.1\r\nHost: x\r\nUpload-Offset: 0\r\n{pieces}{bearer}\r\nx"
        slow = [await asyncio.open_connection("127.0.0.1", house.port) for _ in range(6)]
        for (_, writer), head in zip(slow, [answers] * 5 + [piece], strict=True):
            writer.write(head.encode())
        await asyncio.sleep(0.2)
        assert (intake.turns, intake.uploads) == (0, 1)
        assert (await client.send(action="help")).json["outcome"] == "done"
        for _, writer in slow:
            writer.close()

    play(tmp_path, scenario)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"y" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n",
        b"NONSENSE\r\n\r\n",
    ],
    ids=["address", "header", "headers", "nonsense"],
)
def test_giant_and_broken_heads_are_refused(tmp_path, head):
    async def scenario(house, client):
        answer = await _raw(house, head)
        assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
        assert b"xxxx" not in answer
        assert b"yyyy" not in answer
        assert (await client.call("GET", "/health")).status == 200

    play(tmp_path, scenario)


def test_a_connection_too_many_is_told_to_come_back(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "CONNECTIONS", 2)

    async def scenario(house, _client):
        kept = [await asyncio.open_connection("127.0.0.1", house.port) for _ in range(2)]
        await asyncio.sleep(0.05)
        answer = await _raw(house, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"Retry-After: " in answer
        for _, writer in kept:
            writer.close()
        await asyncio.sleep(0.1)
        async with aiohttp.ClientSession() as session, session.get(f"{house.base}/healthz") as response:
            assert response.status == 200

    play(tmp_path, scenario)


def test_a_taken_port_is_said_clearly(tmp_path):
    other = tmp_path / "other"
    other.mkdir()

    async def scenario(house, _client):
        with pytest.raises(serve.CannotListen, match=f"port {house.port} .* taken"):
            async with served(other, port=house.port):
                pass

    play(tmp_path, scenario)


def test_the_pieces_of_a_photo_are_no_turns(tmp_path):
    """A photo of three megabytes comes in a dozen pieces, and the talk goes on meanwhile."""

    async def scenario(_house, client):
        await client.begun()
        headers = {"Tus-Resumable": "1.0.0"}
        answers = [await client.call("HEAD", "/files/f_nobody", headers=headers) for _ in range(limits.CASE_BURST + 10)]
        assert {answer.status for answer in answers} == {404}
        assert (await client.call("GET", "/state")).status == 200

    play(tmp_path, scenario, free_networks="")
