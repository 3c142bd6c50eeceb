"""Strangers' programs: where they are found, and what is there for them to judge.

The official files of FIT-Connect are not ours to ship: ``ANTRAGSLOTSE_FIT_CONNECT_FILES`` names their folder, and
``make test-outside`` has installed the Node packages. What is missing is said, never passed over in silence.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.agency.sandbox.app import HOUSE
from bot.ports import Parcel
from tests.agency.once.world import World, parcel
from tests.support.practice import furnish

NODE = Path(__file__).parent / "node"
VARIABLE = "ANTRAGSLOTSE_FIT_CONNECT_FILES"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def official() -> Path:
    """The folder of the official files. Named and not there is a failure."""
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"the official files are not here: {VARIABLE} names no folder")
    folder = Path(named)
    assert (folder / "openapi" / "submission-api-1.1.3.yaml").is_file(), f"{VARIABLE}: no official files in that folder"
    return folder


@pytest.fixture(scope="session")
def node() -> Path:
    assert (NODE / "node_modules").is_dir(), "the Node packages are missing: make test-outside installs them"
    return NODE


@pytest.fixture
def sandbox(tmp_path: Path) -> Path:
    return furnish(tmp_path / "sandbox")


def run(node: Path, script: str, given: dict[str, Any]) -> dict[str, Any]:
    """A script of ours on strangers' packages: JSON in, JSON out."""
    done = subprocess.run(
        ["node", script], cwd=node, input=json.dumps(given), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def delivered(here: World, files: int = 2) -> Parcel:
    """A submission that waits for a clerk."""
    here.app[HOUSE].store.set_setting("mode", "clerk")
    here.proxy.begin(lambda _n, _method, _path: None)
    here.before = here.filed()
    sent = await here.lead(parcel(files), most=12)
    assert sent.state == "delivered", sent.state
    return sent


def private_key(here: World) -> dict[str, Any]:
    """The destination's, as a subscriber holds it."""
    pair = here.app[HOUSE].safe.encryption
    return {**pair.private.as_dict(private=True), "kid": pair.kid, "alg": "RSA-OAEP-256", "key_ops": ["unwrapKey"]}


def signing_key(here: World) -> dict[str, Any]:
    pair = here.app[HOUSE].safe.destination
    return {**pair.private.as_dict(private=True), "kid": pair.kid, "alg": "PS512", "key_ops": ["sign"]}
