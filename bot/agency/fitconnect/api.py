"""The Submission API, v1 and v2, as far as a sender needs it: one method a request, no state of a submission.

What the profiles do differently stands here alone. Sources: OpenAPI 1.1.3 (v1); v2 as seen on the TEST environment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from joserfc.jwk import RSAKey

from bot.agency.fitconnect.connection import Connection
from bot.agency.fitconnect.jwe import JSON_TYPE
from bot.agency.fitconnect.keys import KeyRules, UnfitKey, Use
from bot.agency.fitconnect.problems import Answer, failure, for_operator, json_object
from bot.agency.fitconnect.tokens import Tokens
from bot.agency.fitconnect.wire import Wire
from bot.ports import AgencyUnavailable

PAGE: Final = 500
PAGES: Final = 20
JOSE_TYPE: Final = "application/jose"
REFUSED: Final = 401


class Api:
    """All calls raise :class:`AgencyUnavailable`; ``announce`` and the two PUTs give the answer to judge."""

    def __init__(self, connection: Connection, wire: Wire, tokens: Tokens, rules: KeyRules) -> None:
        self._connection = connection
        self._wire = wire
        self._tokens = tokens
        self._rules = rules

    async def destination(self) -> dict[str, Any]:
        return await self._object(f"/destinations/{self._connection.destination}", "destination")

    async def key(self, kid: str, use: Use) -> RSAKey:
        """A key of the destination. Raises :class:`UnfitKey` too."""
        if not kid or len(kid) > 64 or not kid.replace("-", "").replace("_", "").replace(".", "").isalnum():
            raise UnfitKey("kid is no name of a key")
        jwk = await self._object(f"/destinations/{self._connection.destination}/keys/{kid}", "destination key")
        return self._rules.fit(jwk, use, kid=kid, now=datetime.now(UTC))

    async def service_key(self, kid: str) -> RSAKey:
        """A key that the delivery service signs events with. Raises :class:`UnfitKey` too."""
        answer = await self._wire.ask("GET", self._connection.jwks)
        keys = json_object(self._good(answer, "signature keys").body).get("keys")
        for jwk in keys if isinstance(keys, list) else []:
            if isinstance(jwk, dict) and jwk.get("kid") == kid:
                return self._rules.fit(jwk, "verify", kid=kid, now=datetime.now(UTC), published=True)
        raise UnfitKey("the service publishes no such key")

    async def announce(self, attachments: Iterable[str], case: str) -> Answer:
        """``attachments``: UUIDs. ``case``: an existing case, or nothing for a new one."""
        connection = self._connection
        service = {"identifier": connection.service.identifier, "name": connection.service.name}
        body: dict[str, Any] = {"destinationId": connection.destination, "announcedAttachments": list(attachments)}
        if connection.profile == "v1":
            body["serviceType"] = service
        else:
            body |= {"publicService": service, "region": connection.region}
        if case:
            body["caseId"] = case
        return await self._send("POST", "/submissions", orjson.dumps(body), JSON_TYPE)

    async def put_attachment(self, submission: str, attachment: str, sealed: bytes) -> Answer:
        return await self._send("PUT", f"/submissions/{submission}/attachments/{attachment}", sealed, JOSE_TYPE)

    async def submit(self, submission: str, metadata: bytes, data: bytes) -> Answer:
        body = {"encryptedMetadata": metadata.decode("ascii"), "encryptedData": data.decode("ascii")}
        return await self._send("PUT", f"/submissions/{submission}", orjson.dumps(body), JSON_TYPE)

    async def events(self, case: str) -> list[str] | None:
        """The compact tokens of the case's log, oldest first. None: the service knows no such case."""
        tokens: list[str] = []
        for _ in range(PAGES):
            answer = await self._send("GET", f"/cases/{case}/events?limit={PAGE}&offset={len(tokens)}")
            if answer.status == 404:
                return None
            page, total = _log(self._good(answer, "event log"))
            tokens += page
            if not page or (len(page) < PAGE if total is None else len(tokens) >= total):
                return tokens
        raise for_operator("event log: longer than any case's can be")

    async def _object(self, path: str, doing: str) -> dict[str, Any]:
        found = json_object(self._good(await self._send("GET", path), doing).body)
        if not found:
            raise AgencyUnavailable(f"{doing}: the answer is no JSON object")
        return found

    def _good(self, answer: Answer, doing: str) -> Answer:
        if not answer.ok:
            raise failure(answer, doing, now=datetime.now(UTC))
        return answer

    async def _send(self, method: str, path: str, body: bytes | None = None, media_type: str = "") -> Answer:
        """With a token; a refused one is renewed once."""
        token = await self._tokens.token()
        answer = await self._once(method, path, body, _headers(token, media_type))
        if answer.status != REFUSED:
            return answer
        renewed = await self._tokens.token(refused=token)
        return await self._once(method, path, body, _headers(renewed, media_type))

    async def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        return await self._wire.ask(method, self._connection.api + path, headers=headers, data=body)


def _headers(token: str, media_type: str) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, application/problem+json"}
    return headers | ({"Content-Type": media_type} if media_type else {})


def _log(answer: Answer) -> tuple[Sequence[str], int | None]:
    """A page, and how many there are in all. An answer without a log is no empty log: that would be a guess."""
    found = json_object(answer.body)
    log, total = found.get("eventLog"), found.get("totalCount")
    if not isinstance(log, list) or not all(isinstance(each, str) for each in log):
        raise AgencyUnavailable("event log: the answer holds none")
    return log, total if isinstance(total, int) else None
