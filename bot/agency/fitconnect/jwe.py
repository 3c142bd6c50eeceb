"""Seals one part of a submission for its receiver: JWE compact (RFC 7516), RSA-OAEP-256 and A256GCM, never packed.

The algorithms are named at each call and never taken from a message. Encryption blocks, so it runs in a thread.
"""

from __future__ import annotations

import asyncio
from typing import Final

from joserfc import jwe
from joserfc.jwk import RSAKey

ALG: Final = "RSA-OAEP-256"
ENC: Final = "A256GCM"
JSON_TYPE: Final = "application/json"
_PARTS: Final = 5


async def seal(plaintext: bytes, media_type: str, key: RSAKey, kid: str) -> bytes:
    """The compact serialisation, ASCII. ``kid``: the destination's, exactly as it publishes it."""
    return await asyncio.to_thread(_seal, plaintext, media_type, key, kid)


def tag_of(sealed: bytes) -> str:
    """The authentication tag: the last of five segments. Raises ``ValueError`` where it is no compact JWE."""
    parts = sealed.split(b".")
    if len(parts) != _PARTS:
        raise ValueError("no compact JWE")
    return parts[-1].decode("ascii")


def _seal(plaintext: bytes, media_type: str, key: RSAKey, kid: str) -> bytes:
    header = {"alg": ALG, "enc": ENC, "kid": kid, "cty": media_type}
    return jwe.encrypt_compact(header, plaintext, key, algorithms=[ALG, ENC]).encode("ascii")
