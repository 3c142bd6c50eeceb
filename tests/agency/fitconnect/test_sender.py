"""The way of a submission: once, whatever breaks; delivered only by a signed statement about these very bytes."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from jsonschema import Draft202012Validator, FormatChecker

from bot.agency.fitconnect.sender import FitConnect
from bot.ports import AgencyRejected, AgencyUnavailable, Parcel
from tests.agency.fitconnect.small_service import (
    DESTINATION,
    SmallService,
    after,
    opened,
    parcel,
    serving,
    signed,
)  # fmt: skip

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def lead(client: FitConnect, sent: Parcel, until: str = "delivered", tries: int = 30) -> Parcel:
    """Step by step; a failure of the world is asked again, as the ledger would."""
    for _ in range(tries):
        if sent.state == until:
            return sent
        try:
            sent = after(sent, await client.step(sent))
        except AgencyUnavailable:
            continue
    raise AssertionError(f"stuck in {sent.state}")


@pytest.mark.parametrize("profile", ["v1", "v2"])
async def test_a_submission_arrives_and_says_what_is_in_it(profile: Any) -> None:
    service = SmallService(profile)
    async with serving(service) as connection:
        client = FitConnect(connection)
        sent = await lead(client, parcel())
        await client.close()
    (body,) = service.submitted[sent.proof["submission_id"]]
    header, plain = opened(body["encryptedData"])
    assert header == {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": "kid-destination", "cty": "application/json"}
    assert json.loads(plain) == sent.envelope
    letter = json.loads(opened(body["encryptedMetadata"])[1])
    assert letter["contentStructure"]["data"]["hash"]["content"] == hashlib.sha512(plain).hexdigest()
    for part in letter["contentStructure"]["attachments"]:
        file = opened(service.attachments[part["attachmentId"]][-1])[1]
        assert part["hash"]["content"] == hashlib.sha512(file).hexdigest()
    assert service.tokens == 1
    assert sent.proof["sandbox"] is True and sent.proof["set.submit"] == service.log[0]
    _official(letter, "1.0.0" if profile == "v1" else "2.1.0")


def _official(letter: dict[str, Any], version: str) -> None:
    folder = os.environ.get("ANTRAGSLOTSE_FIT_CONNECT_FILES")
    if not folder:
        pytest.skip("not checked by the official schema: ANTRAGSLOTSE_FIT_CONNECT_FILES names no folder")
    schema = json.loads((Path(folder) / "schemas" / f"metadata-{version}.schema.json").read_text())
    assert letter["$schema"].endswith(f"/{version}/metadata.schema.json")
    assert not list(Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(letter))


@pytest.mark.parametrize("kind", ["POST v2", "PUT attachments", "PUT submissions"])
async def test_an_answer_that_is_lost_after_its_effect_files_nothing_twice(kind: str) -> None:
    service = SmallService(lost={kind})
    async with serving(service) as connection:
        client = FitConnect(connection)
        sent = await lead(client, parcel())
        await client.close()
    assert list(service.submitted) == [sent.proof["submission_id"]]
    assert all(len(set(tries)) == 1 for tries in service.attachments.values()), "a retry sends identical bytes"
    assert service.requests.count("PUT submissions") == 1, "the log is read before anything goes out again"


async def test_a_process_that_dies_after_any_step_goes_on_without_a_second_submission() -> None:
    service = SmallService()
    async with serving(service) as connection:
        client, sent = FitConnect(connection), parcel()
        while sent.state != "delivered":
            await client.step(sent)  # its result is lost
            sent = after(sent, await client.step(sent))
        await client.close()
    assert len(service.submitted) == 1


async def test_a_destination_that_is_not_active_gets_nothing_and_is_asked_again() -> None:
    service = SmallService(status="inactive")
    async with serving(service) as connection:
        client = FitConnect(connection)
        with pytest.raises(AgencyUnavailable) as raised:
            await client.step(parcel())
        await client.close()
    assert raised.value.retry_after == 1800 and not service.announced


async def test_what_breaks_its_schema_is_rejected_with_a_pointer_and_never_announced() -> None:
    service = SmallService()
    async with serving(service) as connection:
        client = FitConnect(connection)
        with pytest.raises(AgencyRejected) as raised:
            await client.step(parcel(envelope={"data": {"a": 1}}))
        await client.close()
    assert raised.value.reasons[0]["pointer"] == "/a" and not service.requests


async def test_too_large_a_file_is_named() -> None:
    service = SmallService(fail={"PUT attachments": [lambda: web.Response(status=413)]})
    async with serving(service) as connection:
        client = FitConnect(connection)
        sent = after(parcel(), await client.step(parcel(scratch=parcel().scratch)))
        with pytest.raises(AgencyRejected) as raised:
            await client.step(sent)
        await client.close()
    assert raised.value.reasons[0]["file"] == "copy"


async def test_a_shell_that_is_gone_is_announced_anew() -> None:
    service = SmallService()
    async with serving(service) as connection:
        client = FitConnect(connection)
        sent = await lead(client, parcel(), "announced")
        first = sent.proof["submission_id"]
        service.fail["PUT attachments"] = [lambda: web.Response(status=404)]
        sent = await lead(client, sent)
        await client.close()
    assert sent.proof["submission_id"] != first and list(service.submitted) == [sent.proof["submission_id"]]


async def test_a_refused_token_is_renewed_once() -> None:
    service = SmallService(fail={"POST v2": [lambda: web.Response(status=401)]})
    async with serving(service) as connection:
        client = FitConnect(connection)
        await client.step(parcel())
        await client.close()
    assert service.tokens == 2


async def test_a_rejection_names_questions_and_files() -> None:
    service = SmallService()
    async with serving(service) as connection:
        client = FitConnect(connection)
        sent = await lead(client, parcel())
        uuid = sent.proof["attachment.f1"]
        problems = [
            {"type": "x:schema", "title": "T", "detail": "D", "instance": "data#/data/a"},
            {"type": "x:file", "title": "T", "detail": "D", "instance": f"attachment:{uuid}"},
        ]
        claims = service.claims("reject-submission", sent.proof["submission_id"], iss=DESTINATION, problems=problems)
        service.log.append(signed("agency", claims))
        told = await client.step(sent)
        await client.close()
    assert told.state == "rejected" and told.wait is None
    assert [(each.get("pointer"), each.get("file")) for each in told.proof["reasons"]] == [("/a", None), (None, "f1")]


async def test_only_the_agency_accepts_and_only_these_bytes() -> None:
    service = SmallService()
    async with serving(service) as connection:
        client = FitConnect(connection)
        sent = await lead(client, parcel())
        id, honest = sent.proof["submission_id"], list(service.log)
        tags = service.tags(id)

        async def told(key: str, iss: str, tags: dict[str, Any], **header: Any) -> str:
            claims = service.claims("accept-submission", id, iss=iss, authenticationTags=tags)
            service.log[:] = [*honest, signed(key, claims, **header)]
            return (await client.step(sent)).state

        assert await told("service", "", tags) == "delivered", "the service may not accept"
        assert await told("agency", DESTINATION, {**tags, "data": "AAAA"}) == "delivered", "foreign bytes"
        assert await told("agency", DESTINATION, tags, alg="PS256") == "delivered", "another algorithm"
        assert await told("service", DESTINATION, tags, kid="kid-agency") == "delivered", "another's signature"
        assert await told("agency", DESTINATION, tags) == "accepted"
        await client.close()


async def test_a_confirmation_of_other_bytes_is_never_delivered() -> None:
    service = SmallService()
    async with serving(service) as connection:
        client = FitConnect(connection)
        sent = await lead(client, parcel(), "sent")
        forged = {**sent.proof, "tag.data": "AAAA"}
        with pytest.raises(AgencyUnavailable):
            await client.step(replace(sent, proof=forged))
        await client.close()
