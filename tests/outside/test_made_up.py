"""schemathesis with the official OpenAPI 1.1.3 makes requests up, right and wrong ones, for what the sandbox serves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from bot.agency.sandbox.app import HOUSE, access
from tests.agency.once.world import world
from tests.support.practice import furnish

EXAMPLES = 40
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
CALLS = (
    ("get", "/v1/destinations/{destinationId}"),
    ("get", "/v1/destinations/{destinationId}/keys/{keyId}"),
    ("post", "/v1/submissions"),
    ("get", "/v1/submissions"),
    ("get", "/v1/submissions/{submissionId}"),
    ("put", "/v1/submissions/{submissionId}"),
    ("get", "/v1/submissions/{submissionId}/attachments/{attachmentId}"),
    ("put", "/v1/submissions/{submissionId}/attachments/{attachmentId}"),
    ("get", "/v1/cases/{caseId}/events"),
    ("post", "/v1/cases/{caseId}/events"),
    ("get", "/v1/info"),
    ("get", "/.well-known/jwks.json"),
)


@schemathesis.serializer("application/jose")
def _jose(_context: Any, value: Any) -> Any:
    return value.encode("utf-8", "replace") if isinstance(value, str) else b"e30.e30.e30"


@schemathesis.deserializer("application/jose")
def _text(_context: Any, response: Any) -> Any:
    return response.text


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, dict[str, str], str]]:
    """The sandbox in a thread of its own: base of the API, a bearer token's header, the destination."""
    ready: list[tuple[str, dict[str, str], str]] = []
    begun, loops, stop = threading.Event(), list[asyncio.AbstractEventLoop](), asyncio.Event()

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with world(furnish(folder), "v1") as here:
            way, target = access(here.app), here.proxy.target
            await here.app[HOUSE].ready.wait()
            form = {"grant_type": "client_credentials", "client_id": way.client_id, "client_secret": way.client_secret}
            reply = await asyncio.to_thread(requests.post, target + way.token_path, data=form, timeout=10)
            bearer = {"Authorization": f"Bearer {reply.json()['access_token']}"}
            ready.append((target + way.api_path, bearer, way.destination))
            begun.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert begun.wait(30)
        yield ready[0]
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str], str]]:
    with running(tmp_path_factory.mktemp("sandbox")) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), CALLS, ids=[f"{method} {path}" for method, path in CALLS])
def test_the_sandbox_keeps_to_the_official_document(
    service: tuple[str, dict[str, str], str], official: Path, method: str, path: str
) -> None:
    base, bearer, destination = service
    description = schemathesis.openapi.from_path(official / "openapi" / "submission-api-1.1.3.yaml")
    operation = description[path][method.upper()]
    wild = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    tame = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=wild | tame)
    def each(case: Any) -> None:
        case.path_parameters.update({"destinationId": destination} if "destinationId" in case.path_parameters else {})
        case.call_and_validate(base_url=base, headers=bearer, checks=CHECKS, timeout=10)

    each()
