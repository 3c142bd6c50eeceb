"""A stranger's subscriber (PyPI ``fitconnect``, on jwcrypto) fetches, opens and checks what our sender sent."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from fitconnect import Environment, FITConnectClient

from bot.agency.sandbox.app import HOUSE, access
from bot.agency.sandbox.jose import Broken, check_header, open_jwe
from tests.agency.once.world import World, world
from tests.outside.conftest import delivered, private_key

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::SyntaxWarning"),
]


class Stranger(FITConnectClient):  # type: ignore[misc]
    """Knows metadata 1.0.0 only; ``schema`` teaches it another version."""

    schema: dict[str, Any] | None = None

    def latest_metadata_schema(
        self, major: int | None = None, minor: int | None = None, patch: int | None = None
    ) -> Any:
        return super().latest_metadata_schema(major, minor, patch) if self.schema is None else self.schema


def stranger(here: World, schema: dict[str, Any] | None) -> Stranger:
    way = access(here.app)
    found = Stranger(Environment.TESTING, way.client_id, way.client_secret)
    found.token_url = here.proxy.url + way.token_path
    found.submission_api_url = f"{here.proxy.url}{way.api_path}/{here.profile}"
    found.schema = schema
    return found


def metadata_schema(official: Path, version: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((official / "schemas" / f"metadata-{version}.schema.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize(("profile", "version"), [("v1", "1.0.0"), ("v2", "2.1.0")])
async def test_a_stranger_opens_everything(profile: str, version: str, sandbox: Path, official: Path) -> None:
    async with world(sandbox, profile) as here:
        sent = await delivered(here)
        theirs = stranger(here, metadata_schema(official, version))
        (waiting,) = await asyncio.to_thread(theirs.available_submissions)
        assert waiting["submissionId"] == sent.proof["submission_id"]
        found = await asyncio.to_thread(theirs.retrieve_submission, waiting["submissionId"], private_key(here))
        assert found["data_json"] == sent.envelope
        assert found["metadata"]["$schema"].endswith(f"/{version}/metadata.schema.json")
        assert found["metadata"]["additionalReferenceInfo"]["senderReference"] == sent.reference
        files = {sent.proof[f"attachment.{each.id}"]: await each.read() for each in sent.attachments}
        assert found["attachments"] == files


@pytest.mark.parametrize("profile", ["v1", "v2"])
async def test_a_stranger_sees_a_changed_file(profile: str, sandbox: Path, official: Path) -> None:
    version = {"v1": "1.0.0", "v2": "2.1.0"}[profile]
    async with world(sandbox, profile) as here:
        sent = await delivered(here)
        theirs = stranger(here, metadata_schema(official, version))
        found = await asyncio.to_thread(theirs.retrieve_submission, sent.proof["submission_id"], private_key(here))
        id, data = next(iter(found["attachments"].items()))
        with pytest.raises(ValueError, match="hash"):
            theirs.verify_metadata_attachment_hash(found["metadata"], id, data + b".")


async def test_a_strict_v2_refuses_what_an_old_sender_writes(sandbox: Path) -> None:
    """It packs (``zip``) and names the key by its thumbprint: allowed in v1, refused by v2 before anything is kept."""
    async with world(sandbox, "v2") as here:
        theirs, safe = stranger(here, None), here.app[HOUSE].safe
        sealed = await asyncio.to_thread(theirs.encrypt, safe.destination_id, {"a": 1})
        check_header(sealed, safe.encryption.kid, version="v1", content_types=None)
        assert json.loads(open_jwe(sealed, safe.encryption)) == {"a": 1}
        with pytest.raises(Broken):
            check_header(sealed, safe.encryption.kid, version="v2", content_types=None)
