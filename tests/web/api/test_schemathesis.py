"""The served description against the running service: made-up requests to every call, and every reply as described."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.house.test_openapi import operations
from tests.web.api.served import client_of, served

EXAMPLES = 60
"""Requests for each call. All together they take less than a minute."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

CALLS = [(method, path) for method, path, _ in operations()]


@contextmanager
def running(folder) -> Iterator[tuple[str, str]]:
    """The service in a thread of its own: its address, and a valid token."""
    ready: list[tuple[str, str]] = []
    begun, stop = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with served(folder) as house, client_of(house) as client:
            await client.begun("sachsen")
            ready.append((house.base, client.token))
            begun.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert begun.wait(20)
        yield ready[0]
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join()


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with running(tmp_path_factory.mktemp("house")) as found:
        yield found


@pytest.fixture(scope="module")
def description(service):
    base, _ = service
    return schemathesis.openapi.from_url(f"{base}/api/v1/openapi.json")


def fresh_token(base):
    opened = requests.post(f"{base}/api/v1/cases", json={"procedure": "beispiel"}, timeout=10)
    return opened.json()["token"]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), CALLS, ids=[f"{method} {path}" for method, path in CALLS])
def test_every_reply_is_as_described(service, description, method, path):
    base, token = service
    operation = description[path][method.upper()]
    wild = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    tame = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if method == "delete" and path == "/case":
        token = fresh_token(base)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(tame, wild))
    def check(case):
        if "wait" in (case.query or {}):
            case.query["wait"] = 0
        response = case.call(base_url=f"{base}/api/v1", headers={"Authorization": f"Bearer {token}"})
        case.validate_response(response, checks=CHECKS)

    check()
