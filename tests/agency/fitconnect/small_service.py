"""A delivery service of a few lines, for faults that no honest one shows: it keeps what it gets and signs what it is
told. Both profiles. Keys are made once a session.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwe, jws
from joserfc.jwk import RSAKey

from bot.agency.fitconnect.connection import Connection, Profile, Service
from bot.ports import Attachment, Delivery, Parcel

DESTINATION = "7c3f1c1e-4a55-4e0c-9c0b-0d0a4f2f6a11"
SCHEMA = "https://example.org/schemas/antrag-1.json"
SERVICE = Service("urn:de:fim:leika:leistung:99400048079000", "Testantrag")
EVENTS = "https://schema.fitko.de/fit-connect/events/"


@cache
def private(_name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 4096)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def certificate(key: rsa.RSAPrivateKey, *, days: int = 30, issuer: rsa.RSAPrivateKey | None = None) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Testamt")])
    by = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Testwurzel")]) if issuer else name
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(by, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=60)).not_valid_after(now + timedelta(days=days))
    signed = made.sign(issuer or key, hashes.SHA512())
    return base64.b64encode(signed.public_bytes(serialization.Encoding.DER)).decode()


@cache
def jwk(name: str, use: str) -> dict[str, Any]:
    key = private(name)
    n = key.public_key().public_numbers().n
    shown = {"kty": "RSA", "kid": f"kid-{name}", "n": b64(n.to_bytes(512, "big")), "e": "AQAB"}
    alg = "RSA-OAEP-256" if use == "wrapKey" else "PS512"
    return shown | {"alg": alg, "key_ops": [use], "x5c": [certificate(key)]}


def signed(name: str, claims: dict[str, Any], **header: Any) -> str:
    key = RSAKey.import_key(private(name))
    head = {"alg": "PS512", "typ": "secevent+jwt", "kid": f"kid-{name}", **header}
    return jws.serialize_compact(head, json.dumps(claims), key, algorithms=[head["alg"]])


def opened(sealed: str) -> tuple[dict[str, Any], bytes]:
    registry = jwe.JWERegistry(algorithms=["RSA-OAEP-256", "A256GCM"])
    found = jwe.decrypt_compact(sealed, RSAKey.import_key(private("destination")), registry=registry)
    return dict(found.headers()), bytes(found.plaintext or b"")


@dataclass
class SmallService:
    """``fail``: (method, end of path) to answers that are given first; ``lost``: effects whose answer is a 502."""

    profile: Profile = "v2"
    announced: dict[str, dict[str, Any]] = field(default_factory=dict)
    attachments: dict[str, list[str]] = field(default_factory=dict)
    submitted: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    fail: dict[str, list[Callable[[], web.Response]]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    tokens: int = 0
    issuer: str = ""
    status: str = "active"

    def claims(self, event: str, submission: str, *, iss: str = "", **payload: Any) -> dict[str, Any]:
        case = self.announced[submission]["case"]
        return {
            "iss": iss or self.issuer,
            "iat": int(datetime.now(UTC).timestamp()),
            "jti": str(uuid4()),
            "sub": f"submission:{submission}",
            "txn": f"case:{case}",
            "events": {EVENTS + event: payload},
        }

    def tags(self, submission: str) -> dict[str, Any]:
        sent = self.submitted[submission][0]
        ids = self.announced[submission]["announcedAttachments"]
        return {
            "metadata": sent["encryptedMetadata"].split(".")[-1],
            "data": sent["encryptedData"].split(".")[-1],
            "attachments": {id: self.attachments[id][-1].split(".")[-1] for id in ids},
        }

    async def handle(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/api")
        kind = f"{request.method} {path.rstrip('/').split('/')[-2]}"
        self.requests.append(kind)
        if self.fail.get(kind):
            return self.fail[kind].pop(0)()
        answer = await self._do(request, path)
        if kind in self.lost:
            self.lost.discard(kind)
            return web.Response(status=502)
        return answer

    async def _do(self, request: web.Request, path: str) -> web.Response:
        parts = path.strip("/").split("/")
        if path.endswith("/token"):
            self.tokens += 1
            return web.json_response({"access_token": f"token-{self.tokens}", "expires_in": 1800})
        if path.endswith("jwks.json"):
            return web.json_response({"keys": [jwk("service", "verify")]})
        if "keys" in parts:
            use = "wrapKey" if parts[-1] == "kid-destination" else "verify"
            return web.json_response(jwk(parts[-1].removeprefix("kid-"), use))
        if parts[1] == "destinations":
            return web.json_response(self._destination())
        if parts[1] == "cases":
            return web.json_response({"eventLog": self.log, "totalCount": len(self.log)})
        if request.method == "POST":
            return self._announce(await request.json())
        if parts[-2] == "attachments":
            self.attachments.setdefault(parts[-1], []).append(await request.text())
            return web.Response(status=204)
        return self._submit(parts[-1], await request.json())

    def _destination(self) -> dict[str, Any]:
        schemas = [{"schemaUri": SCHEMA, "mimeType": "application/json"}]
        service = {"identifier": SERVICE.identifier, "regions": ["DE14"], "submissionSchemas": schemas}
        name = "services" if self.profile == "v1" else "publicServices"
        versions = ["1.0.0"] if self.profile == "v1" else ["1.0.0", "2.1.0", "9.9.9"]
        shown = {"status": self.status, "encryptionKid": "kid-destination", "metadataVersions": versions}
        return {"destinationId": DESTINATION, name: [service], **shown}

    def _announce(self, body: dict[str, Any]) -> web.Response:
        submission, case = str(uuid4()), body.get("caseId") or str(uuid4())
        self.announced[submission] = {**body, "case": case}
        return web.json_response({"submissionId": submission, "caseId": case}, status=201)

    def _submit(self, submission: str, body: dict[str, str]) -> web.Response:
        if submission not in self.announced:
            return web.json_response({"type": "about:blank"}, status=404)
        if submission in self.submitted:
            return web.json_response({"type": "about:blank"}, status=409)
        self.submitted.setdefault(submission, []).append(body)
        claims = self.claims("submit-submission", submission, authenticationTags=self.tags(submission))
        self.log.append(signed("service", claims))
        return web.json_response({}, status=202 if self.profile == "v1" else 200)


@asynccontextmanager
async def serving(service: SmallService, **more: Any) -> AsyncIterator[Connection]:
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", service.handle)
    async with TestServer(app) as server:
        base = str(server.make_url("/api"))
        service.issuer = base
        more = {"allow_self_signed": True, "sandbox": True} | more
        yield Connection(
            profile=service.profile,
            token_url=str(server.make_url("/oauth/token")),
            submission_api=base,
            client_id="client",
            client_secret="not-a-secret",
            destination=DESTINATION,
            service=SERVICE,
            region="DE14",
            **more,
        )


class Memory:
    """A scratch that holds to the law: the same name again changes nothing."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def keep(self, name: str, data: bytes) -> None:
        self.kept.setdefault(name, data)

    async def read(self, name: str) -> bytes | None:
        return self.kept.get(name)


def attachment(id: str, data: bytes) -> Attachment:
    async def read() -> bytes:
        return data

    purpose: Any = "form" if id == "copy" else "attachment"
    return Attachment(id, purpose, f"{id}.pdf", "Nachweis", "application/pdf", len(data), "", read)


def parcel(**more: Any) -> Parcel:
    schema = {"$id": SCHEMA, "type": "object", "properties": {"data": {"properties": {"a": {"type": "string"}}}}}
    plain: dict[str, Any] = {
        "key": "AL-TEST-0001:1",
        "reference": "AL-TEST-0001",
        "kind": "application",
        "envelope": {"data": {"a": "b"}, "evidence": []},
        "schema": schema,
        "applied_on": date(2026, 11, 24),
        "attachments": (attachment("copy", b"%PDF-1"), attachment("f1", b"%PDF-2")),
        "scratch": Memory(),
    }
    return Parcel(**(plain | more))


def after(before: Parcel, delivery: Delivery) -> Parcel:
    from dataclasses import replace

    return replace(before, state=delivery.state, proof={**before.proof, **delivery.proof})
