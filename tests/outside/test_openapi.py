"""Prism with the official OpenAPI 1.1.3 stands between our sender and our sandbox, and judges both sides (v1)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.agency.sandbox.app import HOUSE, access
from tests.agency.once import world as worlds
from tests.agency.once.world import World, parcel, world

pytestmark = pytest.mark.anyio

SPEC = "openapi/submission-api-1.1.3.yaml"
START_SECONDS = 60
PATIENT = aiohttp.ClientTimeout(total=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def prism(node: Path, official: Path, upstream: str) -> AsyncIterator[str]:
    """The validating proxy: what breaks the document is an error, in requests and in answers."""
    port, binary = free_port(), node / "node_modules" / ".bin" / "prism"
    words = ("proxy", str(official / SPEC), upstream, "--errors", "--host", "127.0.0.1", "--port", str(port))
    process = await asyncio.create_subprocess_exec(
        str(binary), *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            while b"listening" not in (line := await process.stdout.readline()):
                assert line, "Prism has ended"
        drain = asyncio.create_task(process.stdout.read())
        yield f"http://127.0.0.1:{port}"
        drain.cancel()
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def judged(sandbox: Path, node: Path, official: Path) -> AsyncIterator[tuple[World, str]]:
    """A world whose sender talks to the API through Prism. Token and service keys are not in the document."""
    async with world(sandbox, "v1") as here:
        here.proxy.begin(lambda _n, _method, _path: None)
        async with prism(node, official, f"{here.proxy.url}{access(here.app).api_path}") as url:
            yield here, url


async def test_a_whole_submission_breaks_nothing(
    sandbox: Path, node: Path, official: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worlds, "FAST", PATIENT)
    async with judged(sandbox, node, official) as (here, url):
        here.before, here.api = here.filed(), url
        sent = await here.lead(parcel(3))
        assert sent.state == "accepted"
        assert here.told == ["queued", *["announced"] * 4, "sent", "delivered", "accepted"], "no step was tried twice"
    through = [path for _, path in here.proxy.asked if "/v1/" in path]
    assert len(through) > 10


async def test_a_planted_violation_is_seen_in_a_request_and_in_an_answer(
    sandbox: Path, node: Path, official: Path
) -> None:
    async with judged(sandbox, node, official) as (here, url), aiohttp.ClientSession() as session:
        way = access(here.app)
        form = {"grant_type": "client_credentials", "client_id": way.client_id, "client_secret": way.client_secret}
        async with session.post(here.proxy.url + way.token_path, data=form) as reply:
            bearer = {"Authorization": f"Bearer {(await reply.json())['access_token']}"}
        wanted = {
            "destinationId": way.destination,
            "announcedAttachments": [],
            "serviceType": {"identifier": way.service_identifier},
        }
        async with session.post(f"{url}/v1/submissions", json=wanted, headers=bearer) as reply:
            told = await reply.text()
            assert (reply.status, "name" in told) == (422, True), told
        destination = f"{url}/v1/destinations/{way.destination}"
        async with session.get(destination, headers=bearer) as reply:
            assert reply.status == 200
        object.__setattr__(here.app[HOUSE].safe.encryption, "public", {"kid": "x" * 200})
        async with session.get(destination, headers=bearer) as reply:
            assert reply.status >= 500, await reply.text()
