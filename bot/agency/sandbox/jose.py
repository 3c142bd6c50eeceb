"""The sandbox's cryptography: the header of a JWE, opening it, signing and checking events (RFC 7516, 7515, 8417).

Written apart from the sender's, so that each checks the other. What does not fit raises Broken with plain words.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import uuid
from typing import Any, Final

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from bot.agency.sandbox.keys import Pair

EVENTS: Final = "https://schema.fitko.de/fit-connect/events/"
PAYLOAD: Final = "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
_JWE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{683}\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{22}")
_EARLIEST: Final = 1_577_833_200


class Broken(ValueError):
    """It is no JWE or SET as the standard wants it; the message says why and shows nothing of it."""


class _Large(jwe.JWERegistry):
    max_ciphertext_length = 1 << 30


def check_header(token: str, kid: str, *, version: str, content_types: frozenset[str] | None) -> None:
    """What the delivery service can see without opening it. ``content_types`` None: any. Broken with the reason."""
    if not _JWE.fullmatch(token):
        raise Broken("no compact JWE with RSA-OAEP-256 (4096 bit) and A256GCM")
    header = _json_part(token.split(".", 1)[0])
    if (header.get("alg"), header.get("enc")) != ("RSA-OAEP-256", "A256GCM"):
        raise Broken("alg must be RSA-OAEP-256 and enc A256GCM")
    if version == "v2" and header.get("kid") != kid:  # v1's first senders named the thumbprint
        raise Broken("kid is not the destination's encryptionKid")
    if "crit" in header or ("zip" in header and (version == "v2" or header["zip"] != "DEF")):
        raise Broken("zip and crit are not allowed here")
    if version == "v2" and content_types is not None and header.get("cty") not in sorted(content_types):
        raise Broken("cty must be one of " + ", ".join(sorted(content_types)))


def open_jwe(token: str, key: Pair) -> bytes:
    """The plaintext. Broken: it cannot be decrypted."""
    registry = _Large(algorithms=["RSA-OAEP-256", "A256GCM", "DEF"], strict_check_header=False)
    try:
        plain = jwe.decrypt_compact(token, key.private, registry=registry).plaintext
    except (JoseError, ValueError) as error:
        raise Broken("cannot be decrypted") from error
    return plain or b""


def tag(token: str) -> str:
    """The authentication tag: the fifth segment."""
    return token.rsplit(".", 1)[-1]


def sign_event(key: Pair, claims: dict[str, Any]) -> str:
    """A SET, compact, PS512."""
    header = {"alg": "PS512", "typ": "secevent+jwt", "kid": key.kid}
    return jws.serialize_compact(header, json.dumps(claims).encode(), key.private, algorithms=["PS512"])


def event_claims(*, issuer: str, at: int, submission: str, case_id: str, event: dict[str, Any]) -> dict[str, Any]:
    """``event``: exactly one name → payload. An event without a payload names no schema."""
    ((name, payload),) = event.items()
    claims = {
        "iss": issuer,
        "iat": at,
        "jti": str(uuid.uuid4()),
        "sub": f"submission:{submission}",
        "txn": f"case:{case_id}",
        "events": {EVENTS + name: payload},
    }
    return {"$schema": PAYLOAD, **claims} if payload else claims


def read_event(token: str, key: dict[str, Any]) -> dict[str, Any]:
    """The claims of a SET signed with the public JWK ``key``. Broken: syntax or signature."""
    header = _json_part(token.split(".", 1)[0])
    if (header.get("alg"), header.get("typ"), header.get("kid")) != ("PS512", "secevent+jwt", key["kid"]):
        raise Broken("a SET has alg PS512, typ secevent+jwt and the key's kid")
    public = RSAKey.import_key({"kty": "RSA", "n": key["n"], "e": key["e"]})
    try:
        claims = json.loads(jws.deserialize_compact(token, public, algorithms=["PS512"]).payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise Broken("the signature or the content does not fit") from error
    return _checked(claims)


def _checked(claims: Any) -> dict[str, Any]:
    if not isinstance(claims, dict) or not isinstance(claims.get("events"), dict) or len(claims["events"]) != 1:
        raise Broken("a SET carries exactly one event")
    at = claims.get("iat")
    if not isinstance(at, int) or isinstance(at, bool) or at < _EARLIEST:
        raise Broken("iat is missing or too early")
    if not all(isinstance(claims.get(name), str) for name in ("iss", "jti", "sub", "txn")):
        raise Broken("iss, jti, sub and txn are needed")
    return claims


def _json_part(text: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Broken("the header is not JSON") from error
    if not isinstance(found, dict):
        raise Broken("the header is not an object")
    return found
