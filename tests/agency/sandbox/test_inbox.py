"""The practice agency as people and programs meet it: its inbox, its switch, a clerk, and what it refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.agency.sandbox.app import HOUSE, access
from bot.ports import AgencyUnavailable, Parcel
from tests.agency.once.world import World, parcel, world
from tests.support.practice import furnish

pytestmark = pytest.mark.anyio

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}"


@asynccontextmanager
async def agency(folder: Path, profile: str = "v2", mode: str = "accept") -> AsyncIterator[tuple[World, Any]]:
    async with world(furnish(folder / "sandbox"), profile) as here, aiohttp.ClientSession(here.proxy.target) as visitor:
        here.proxy.begin(lambda _n, _method, _path: None)
        here.before = here.filed()
        async with visitor.post("/mode", data={"mode": mode}) as reply:
            assert reply.status == 200, "back on the inbox"
        yield here, visitor


async def json_of(visitor: Any, path: str) -> Any:
    async with visitor.get(path) as reply:
        assert reply.status == 200, path
        return await reply.json()


def hostile() -> Parcel:
    sent = parcel()
    return replace(sent, envelope={**sent.envelope, "data": {"vorname": HOSTILE, "kinder": [{"name": HOSTILE}]}})


async def test_what_arrived_is_shown_as_pages_and_as_data_and_nothing_of_it_runs(tmp_path: Path) -> None:
    async with agency(tmp_path) as (here, visitor):
        sent = await here.lead(hostile())
        assert sent.state == "accepted"
        (listed,) = (await json_of(visitor, "/inbox.json"))["submissions"]
        assert (listed["reference"], listed["state"]) == (sent.reference, "accepted")
        found = await json_of(visitor, f"/inbox/{listed['id']}.json")
        assert found["data"] == sent.envelope
        assert [each["purpose"] for each in found["attachments"]] == ["form", "attachment"]
        assert [each["name"] for each in found["events"]] == [
            "create-submission", "submit-submission", "accept-submission",
        ]  # fmt: skip
        file = f"/inbox/{listed['id']}/files/{found['attachments'][0]['id']}"
        async with visitor.get(file) as reply:
            assert reply.content_type == "application/pdf"
            assert await reply.read() == await sent.attachments[0].read()
        for path in ("/inbox", f"/inbox/{listed['id']}", "/"):
            async with visitor.get(path) as reply:
                page = await reply.text()
                assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "Übungsbehörde" in page
            assert "49" not in page.partition("kinder")[2][:40]


async def test_a_clerk_sends_single_fields_and_files_back(tmp_path: Path) -> None:
    async with agency(tmp_path, mode="clerk") as (here, visitor):
        sent = await here.lead(parcel(), most=12)
        assert sent.state == "delivered"
        id, file = sent.proof["submission_id"], sent.proof["attachment.file1"]
        form = {
            "decision": "reject",
            "on.data#/data/vorname": "on",
            "word.data#/data/vorname": "Bitte alle Vornamen.",
            f"on.attachment:{file}": "on",
            f"word.attachment:{file}": "Bitte schärfer.",
        }
        async with visitor.post(f"/inbox/{id}/decision", data=form, headers={"Sec-Fetch-Site": "cross-site"}) as reply:
            assert reply.status == 403, "a form of another site"
        async with visitor.post(f"/inbox/{id}/decision", data=form) as reply:
            assert reply.status == 200
        async with visitor.post(f"/inbox/{id}/decision", data={"decision": "accept"}) as reply:
            assert reply.status == 409, "it was decided before"
        sent = await here.lead(sent)
        assert sent.state == "rejected"
        first, second = sent.proof["reasons"]
        assert (first["pointer"], first["detail"]) == ("/vorname", "Bitte alle Vornamen.")
        assert (second["file"], second["detail"]) == ("file1", "Bitte schärfer.")


async def test_the_agency_may_refuse_everything_or_be_silent(tmp_path: Path) -> None:
    async with agency(tmp_path, mode="reject") as (here, visitor):
        assert (await here.lead(parcel())).state == "rejected"
        here.before = here.filed()
        await visitor.post("/mode", data={"mode": "silent"})
        client = here.client()
        with pytest.raises(AgencyUnavailable) as silent:
            await client.step(parcel())
        await client.close()
        assert silent.value.retry_after == 5
        async with visitor.post("/mode", data={"mode": "holiday"}) as reply:
            assert reply.status == 400
        await visitor.post("/mode", data={"mode": "accept"})
        assert (await here.lead(parcel())).state == "accepted"


async def test_what_was_submitted_is_judged_after_a_restart(tmp_path: Path) -> None:
    async with agency(tmp_path, mode="clerk") as (here, _):
        sent = await here.lead(parcel(), most=12)
    async with agency(tmp_path, mode="accept") as (here, _):
        here.before = here.filed() - {sent.proof["submission_id"]}
        assert (await here.lead(sent)).state == "accepted"


@pytest.mark.parametrize(("profile", "status"), [("v1", 422), ("v2", 409)])
async def test_a_second_submission_of_the_same_id_is_refused(tmp_path: Path, profile: str, status: int) -> None:
    async with agency(tmp_path, profile) as (here, visitor):
        sent = await here.lead(parcel(0))
        held = here.app[HOUSE].store.submission(sent.proof["submission_id"])
        assert held is not None
        way = access(here.app)
        form = {"grant_type": "client_credentials", "client_id": way.client_id, "client_secret": way.client_secret}
        async with visitor.post(way.token_path, data=form) as reply:
            bearer = {"Authorization": f"Bearer {(await reply.json())['access_token']}"}
        path = f"{way.api_path}/{profile}/submissions/{held.id}"
        again = {"encryptedMetadata": held.metadata, "encryptedData": held.data}
        async with visitor.put(path, json=again, headers=bearer) as reply:
            assert (reply.status, reply.content_type) == (status, "application/problem+json")
        async with visitor.put(path, json=again) as reply:
            assert reply.status == 401
        assert len(here.filed() - here.before) == 1
