"""Signed receipts: a compact JWS (RFC 7515) with Ed25519 (RFC 8037, RFC 9864), and the PDF that carries it.

The key lies in the data folder; whoever has the public ones can check a receipt without us. Nothing here decides what
a receipt says: see bot/core/receipt.py.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from bot.documents.press import AT_ONCE, prepared, pressed
from bot.documents.receipt_keys import ALGORITHM, Keyring
from bot.ports import Checked

TYPE: Final = "antragslotse-receipt+jws"
LONGEST_JWS: Final = 65_536
_JWS: Final = re.compile(rb"\s*([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86})\s*")
_EMBEDDED: Final = re.compile(rb"/Type\s*/EmbeddedFile\b")
_STREAM: Final = re.compile(rb"stream\r?\n")
_MOST_EMBEDDED: Final = 20
_HEAD_BYTES: Final = 2_000


class SignedReceipts:
    """See :class:`bot.ports.Receipts`."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._room = asyncio.Semaphore(AT_ONCE)

    def signed(self, receipt: Mapping[str, Any]) -> str:
        return sign(receipt, self._keyring.signing)

    async def paper(self, receipt: Mapping[str, Any], front: Mapping[str, Any], record: Mapping[str, Any]) -> bytes:
        async with self._room:
            return await asyncio.to_thread(self._printed, receipt, front, record)

    def _printed(self, receipt: Mapping[str, Any], front: Mapping[str, Any], record: Mapping[str, Any]) -> bytes:
        key = self._keyring.signing
        data = prepared({"receipt": dict(receipt), "front": dict(front), "record": dict(record)})
        inputs = {"jws": sign(receipt, key), "kid": str(key.kid)}
        return pressed("receipt.typ", data, standards=["ua-1", "a-3a"], at=receipt["as_of"], **inputs)

    def keys(self) -> Mapping[str, Any]:
        return self._keyring.public()

    async def check(self, data: bytes) -> Checked:
        keys = self._keyring.key_set()
        return await asyncio.to_thread(check, data, keys)


def sign(receipt: Mapping[str, Any], key: OKPKey) -> str:
    """The compact JWS. The same receipt and key give the same text: Ed25519 needs no chance."""
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}
    return jws.serialize_compact(header, orjson.dumps(receipt), key, algorithms=[ALGORITHM])


def check(data: bytes, keys: KeySet) -> Checked:
    """What a receipt is worth: a JWS, or a PDF that carries one. Reads bounded, and opens no PDF for it."""
    found = find(data)
    return Checked("no_receipt") if found is None else verify(found, keys)


def verify(text: str, keys: KeySet) -> Checked:
    """Is this a receipt, and signed with one of ``keys``?"""
    try:
        header = jws.extract_compact(text.encode()).headers()
    except (JoseError, ValueError, TypeError):
        return Checked("no_receipt")
    if header.get("typ") != TYPE or header.get("alg") != ALGORITHM or set(header) != {"alg", "typ", "kid"}:
        return Checked("no_receipt")
    key = next((each for each in keys.keys if each.kid == header["kid"]), None)
    if key is None:
        return Checked("unknown_key")
    try:
        payload = jws.deserialize_compact(text, key, algorithms=[ALGORITHM]).payload
    except (JoseError, ValueError):
        return Checked("changed")
    return Checked("genuine", orjson.loads(payload))


def find(data: bytes) -> str | None:
    """The JWS in ``data``: ``data`` itself, or a file that is embedded in a PDF."""
    candidates = _embedded(data) if b"%PDF-" in data[:1024] else iter([data])
    for candidate in candidates:
        if len(candidate) <= LONGEST_JWS and (found := _JWS.fullmatch(candidate)):
            return found[1].decode()
    return None


def _embedded(pdf: bytes) -> Iterator[bytes]:
    """Embedded files, each cut off where it is longer than a receipt can be."""
    for place, found in enumerate(_EMBEDDED.finditer(pdf)):
        if place == _MOST_EMBEDDED:
            return
        begins = _STREAM.search(pdf, found.end(), found.end() + _HEAD_BYTES)
        if begins is not None:
            yield _inflated(pdf[begins.end() : begins.end() + 2 * LONGEST_JWS])


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, LONGEST_JWS + 1)
    except zlib.error:
        return stream.partition(b"endstream")[0]
