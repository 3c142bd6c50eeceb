"""A second crypto stack, and a second validator: ``jose`` and ``ajv`` in Node, driven by small scripts of ours."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from bot.agency.sandbox.app import HOUSE, access
from bot.agency.sandbox.jose import open_jwe
from bot.ports import Parcel
from tests.agency.once.world import World, world
from tests.outside.conftest import delivered, private_key, run, signing_key

pytestmark = pytest.mark.anyio


def subscriber(here: World, sent: Parcel) -> dict[str, Any]:
    way = access(here.app)
    return {
        "base": here.proxy.url,
        "profile": here.profile,
        "client_id": way.client_id,
        "client_secret": way.client_secret,
        "destination": way.destination,
        "submission": sent.proof["submission_id"],
        "encryption": private_key(here),
        "signing": signing_key(here),
    }


@pytest.mark.parametrize("profile", ["v1", "v2"])
async def test_jose_opens_verifies_and_accepts(profile: str, sandbox: Path, node: Path) -> None:
    async with world(sandbox, profile) as here:
        sent = await delivered(here)
        found = await asyncio.to_thread(run, node, "subscribe.mjs", subscriber(here, sent))
        assert (found["wrong"], found["status"]) == ([], 204)
        assert found["data"] == sent.envelope
        assert found["names"] == ["create-submission", "submit-submission"]
        files = {sent.proof[f"attachment.{each.id}"]: await each.read() for each in sent.attachments}
        assert {id: base64.b64decode(data) for id, data in found["attachments"].items()} == files
        assert (await here.lead(sent)).state == "accepted", "our sender believes what jose signed"


def metadata_of(here: World, sent: Parcel) -> dict[str, Any]:
    house = here.app[HOUSE]
    held = house.store.submission(sent.proof["submission_id"])
    assert held is not None
    assert held.metadata is not None
    found: dict[str, Any] = json.loads(open_jwe(held.metadata, house.safe.encryption))
    return found


@pytest.mark.parametrize(("profile", "version"), [("v1", "1.0.0"), ("v2", "2.1.0")])
async def test_two_validators_find_our_metadata_right_and_a_planted_fault(
    profile: str, version: str, sandbox: Path, official: Path, node: Path
) -> None:
    schema = json.loads((official / "schemas" / f"metadata-{version}.schema.json").read_text("utf-8"))
    async with world(sandbox, profile) as here:
        right = metadata_of(here, await delivered(here, files=3))
    wrong = [copy.deepcopy(right) for _ in range(3)]
    wrong[0]["contentStructure"]["data"]["hash"]["content"] = "abc"
    wrong[1]["contentStructure"]["attachments"][0]["purpose"] = "holiday"
    del wrong[2]["contentStructure"]["attachments"][1]["attachmentId"]
    documents = [right, *wrong]
    ours = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [len(list(ours.iter_errors(each))) > 0 for each in documents] == [False, True, True, True]
    theirs = run(node, "validate.mjs", {"schema": schema, "documents": documents})
    assert [count > 0 for count in theirs["errors"]] == [False, True, True, True]
