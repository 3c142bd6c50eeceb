"""``antragslotse verify-receipt`` and ``receipt-key``, as an operator calls them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.documents.receipt_keys import Keyring
from bot.documents.receipts import sign

ROOT = Path(__file__).parents[2]
COPY = b"%PDF-1.7 a copy"


def receipt(**more: Any) -> dict[str, Any]:
    return {
        "schema": "antragslotse-receipt-1",
        "reference": "AL-7KQ2-M9XD",
        "n": 1,
        "kind": "application",
        "ordered_at": "2026-11-24T05:00:00Z",
        "state": "accepted",
        "as_of": "2026-11-24T05:00:02Z",
        "states": [],
        "filed": True,
        "sandbox": False,
        "demo_date": None,
        "procedure": {"id": "beispiel", "version": "2022-01", "hash": "0"},
        "files": [{"name": "antrag.pdf", "sha256": hashlib.sha256(COPY).hexdigest(), "bytes": len(COPY)}],
        **more,
    }


class House:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"

    def run(self, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env={"ANTRAGSLOTSE_DATA": str(self.data), "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def file(self, name: str, data: bytes | str) -> str:
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_receipt_is_genuine_until_a_byte_of_it_changes(house: House) -> None:
    text = sign(receipt(), Keyring.load(house.data).signing)
    status, told = house.run("verify-receipt", house.file("a.jws", text))
    assert status == 0
    assert "genuine" in told
    assert "AL-7KQ2-M9XD" in told
    assert "filed: ja" in told
    head, payload, signature = text.split(".")
    other = sign(receipt(reference="AL-0000-0000"), Keyring.load(house.data).signing).split(".")[1]
    assert payload != other
    status, told = house.run("verify-receipt", house.file("b.jws", f"{head}.{other}.{signature}"))
    assert (status, "changed" in told, "AL-0000" in told) == (1, True, False)


def test_the_copy_is_held_against_the_receipt(house: House) -> None:
    name = house.file("a.jws", sign(receipt(), Keyring.load(house.data).signing))
    assert house.run("verify-receipt", name, "--against", house.file("copy.pdf", COPY))[0] == 0
    status, told = house.run("verify-receipt", name, "--against", house.file("other.pdf", COPY + b"."))
    assert (status, "was not sent" in told) == (1, True)


def test_old_receipts_stay_good_after_a_new_key_and_strangers_need_only_the_public_ones(house: House) -> None:
    name = house.file("a.jws", sign(receipt(sandbox=True, filed=False), Keyring.load(house.data).signing))
    status, keys = house.run("receipt-key", "--rotate")
    assert status == 0
    assert len(json.loads(keys)["keys"]) == 2
    assert '"d"' not in keys
    public = house.file("keys.json", keys)
    for words in (("verify-receipt", name), ("verify-receipt", name, "--keys", public)):
        status, told = house.run(*words)
        assert (status, "PRACTICE" in told, "filed: nein" in told) == (0, True, True)
    stranger = House(house.folder / "stranger")  # has no keys and makes none
    assert "signed by nobody" in stranger.run("verify-receipt", name)[1]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"a.b.c", b"\xff" * 100])
def test_what_is_no_receipt_is_called_so(house: House, data: bytes) -> None:
    status, told = house.run("verify-receipt", house.file("x", data))
    assert (status, "no receipt" in told) == (1, True)
