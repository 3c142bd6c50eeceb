"""JWE and SET as the other side of FIT-Connect sees them: headers checked, opened, signed, read. Algorithms are named.

The delivery service cannot look into a JWE, but reads its header (RFC 7516); the agency opens it. Events are SETs
(RFC 8417) with PS512. Nothing here is shared with the sender: two implementations check each other.
"""

from __future__ import annotations

import json
import re
import uuid
from base64 import urlsafe_b64decode
from typing import Any, Final

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from bot.agency.sandbox.keys import Pair

EVENTS: Final = "https://schema.fitko.de/fit-connect/events/"
SET_SCHEMA: Final = "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json"
EARLIEST: Final = 1_577_833_200
"""No event of FIT-Connect is older (2020-01-01)."""
LARGEST_CIPHERTEXT: Final = 96 * 1024 * 1024

_ALGORITHMS: Final = ("RSA-OAEP-256", "A256GCM")
_JWE: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}")
_JWS: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Broken(Exception):
    """A token that cannot be what it should be. The message is our own and quotes nothing."""


class _Registry(JWERegistry):
    max_ciphertext_length = LARGEST_CIPHERTEXT


_PLAIN: Final = _Registry(algorithms=[*_ALGORITHMS])
_PACKED: Final = _Registry(algorithms=[*_ALGORITHMS, "DEF"])
_SIGNED: Final = JWSRegistry(algorithms=["PS512"])


# -- what is encrypted ------------------------------------------------------------------------------------------------


def check_header(token: str, kid: str, *, version: str, content_types: frozenset[str] | None) -> None:
    """What the delivery service can know of a JWE. ``content_types``: of v2, None: any. Raises :class:`Broken`."""
    if not _JWE.fullmatch(token):
        raise Broken("not a compact JWE")
    header = _object(token.partition(".")[0])
    if (header.get("alg"), header.get("enc")) != _ALGORITHMS:
        raise Broken("alg must be RSA-OAEP-256 and enc A256GCM")
    if version == "v1":
        return
    if header.get("kid") != kid:
        raise Broken("kid is not the destination's encryptionKid")
    if "zip" in header:
        raise Broken("zip is not allowed")
    if content_types is not None and header.get("cty") not in content_types:
        raise Broken("cty is not allowed here")


def tag(token: str) -> str:
    """The authentication tag: the last of the five parts."""
    return token.rpartition(".")[2]


def open_jwe(token: str, pair: Pair) -> bytes:
    """The plain text; a compressed one (``zip: DEF``, v1 only) too. Raises :class:`Broken`."""
    packed = "zip" in _object(token.partition(".")[0])
    try:
        plain = jwe.decrypt_compact(token, pair.private, registry=_PACKED if packed else _PLAIN).plaintext
    except (JoseError, ValueError):
        raise Broken("cannot be opened") from None
    if plain is None:
        raise Broken("cannot be opened")
    return plain


# -- what is signed ---------------------------------------------------------------------------------------------------


def event_claims(*, issuer: str, at: int, submission: str, case_id: str, event: dict[str, Any]) -> dict[str, Any]:
    """Claims of a SET. ``event``: the last part of one event's URI → its payload; without one no schema is named."""
    schema = {"$schema": SET_SCHEMA} if any(event.values()) else {}
    return {
        **schema,
        "iss": issuer,
        "iat": at,
        "jti": str(uuid.uuid4()),
        "sub": f"submission:{submission}",
        "txn": f"case:{case_id}",
        "events": {EVENTS + name: payload for name, payload in event.items()},
    }


def sign_event(pair: Pair, claims: dict[str, Any]) -> str:
    header = {"alg": "PS512", "typ": "secevent+jwt", "kid": pair.kid}
    return jws.serialize_compact(header, json.dumps(claims).encode(), pair.private, registry=_SIGNED)


def read_event(token: str, public: dict[str, Any]) -> dict[str, Any]:
    """Verified claims, whole and well shaped. ``public``: the JWK of who should have signed. Raises :class:`Broken`."""
    if not _JWS.fullmatch(token):
        raise Broken("not a compact JWS")
    header = _object(token.partition(".")[0])
    if (header.get("alg"), header.get("typ"), header.get("kid")) != ("PS512", "secevent+jwt", public["kid"]):
        raise Broken("alg, typ or kid is wrong")
    key = RSAKey.import_key({name: public[name] for name in ("kty", "n", "e")})
    try:
        payload = jws.deserialize_compact(token, key, registry=_SIGNED).payload
    except (JoseError, ValueError):
        raise Broken("the signature does not verify") from None
    return _shaped(_json(payload))


def _shaped(claims: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(claims.get(name), str) for name in ("iss", "sub", "txn", "jti")):
        raise Broken("iss, sub, txn or jti is missing")
    if not _UUID.fullmatch(claims["jti"]):
        raise Broken("jti is no UUID")
    at = claims.get("iat")
    if not isinstance(at, int) or isinstance(at, bool) or at < EARLIEST:
        raise Broken("iat is no time")
    events = claims.get("events")
    if not isinstance(events, dict) or len(events) != 1 or not isinstance(next(iter(events.values())), dict):
        raise Broken("exactly one event with an object is wanted")
    return claims


def _object(part: str) -> dict[str, Any]:
    try:
        return _json(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        raise Broken("the header cannot be read") from None


def _json(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        raise Broken("not JSON") from None
    if not isinstance(found, dict):
        raise Broken("not an object")
    return found
