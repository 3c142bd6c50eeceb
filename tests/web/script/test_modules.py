"""The modules of the chat page, tested by Node's own test runner. Without Node the page still works as a form."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = sorted(HERE.glob("*.test.mjs"))


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("Node is missing: the modules of the chat page cannot be tested")
        pytest.skip("Node is not installed: the modules of the chat page are tested in CI")
    return node


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name.removesuffix(".test.mjs"))
def test_modules(path: Path) -> None:
    done = subprocess.run([_node(), "--test", str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_kind_of_test_is_there() -> None:
    assert {path.name for path in TESTS} >= {
        "fields.test.mjs",
        "house.test.mjs",
        "line.test.mjs",
        "model.test.mjs",
        "outbox.test.mjs",
        "upload.test.mjs",
    }
