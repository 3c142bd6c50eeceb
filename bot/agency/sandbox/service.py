"""The delivery service as a sender meets it: FIT-Connect's Submission API v1 (OpenAPI 1.1.3) and v2, one handler each.

It sees headers and states and never opens a JWE. An event is written in the same transaction as what it tells.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from bot.agency.sandbox import jose
from bot.agency.sandbox.house import METADATA_VERSIONS, House, fresh
from bot.agency.sandbox.http import Refused, json_body, text_body
from bot.agency.sandbox.store import Conflict, Event, Held
from bot.agency.sandbox.tokens import Tokens

_DAY: Final = 86_400
_ANNOUNCE_LIMIT: Final = 64 * 1024
_SUBMIT_LIMIT: Final = 16 << 20
_ATTACHMENT_LIMIT: Final = 64 << 20
_TOGETHER_LIMIT: Final = 512 << 20
_MOST_ATTACHMENTS: Final = 100
_URN: Final = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[a-z0-9()+,.:=@;$_!*'%/?#-]+")
_CONTENT: Final = frozenset({"application/json", "application/xml"})
_SUBSCRIBER: Final = {"accept-submission": "accepted", "reject-submission": "rejected"}


class Service:
    """The handlers of ``/submission-api``."""

    def __init__(self, house: House, tokens: Tokens) -> None:
        self._house, self._tokens = house, tokens

    def routes(self) -> list[web.RouteDef]:
        """For v1 and v2 below the mount."""
        found = [
            web.get(path, self.jwks) for path in ("/.well-known/jwks.json", "/submission-api/.well-known/jwks.json")
        ]
        api = "/submission-api/{version:v[12]}"
        return [
            *found,
            web.post("/token", self._tokens.issue),
            web.get(f"{api}/info", self.info),
            web.get(f"{api}/destinations/{{destination}}", self.destination),
            web.get(f"{api}/destinations/{{destination}}/keys/{{kid}}", self.key),
            web.post(f"{api}/submissions", self.announce),
            web.get(f"{api}/submissions", self.waiting),
            web.put(f"{api}/submissions/{{submission}}", self.submit),
            web.get(f"{api}/submissions/{{submission}}", self.fetch),
            web.put(f"{api}/submissions/{{submission}}/attachments/{{attachment}}", self.attach),
            web.get(f"{api}/submissions/{{submission}}/attachments/{{attachment}}", self.fetch_attachment),
            web.get(f"{api}/submissions/{{submission}}/events", self.submission_log),
            web.get(f"{api}/cases/{{case}}/events", self.case_log),
            web.post(f"{api}/cases/{{case}}/events", self.post_event),
        ]

    async def info(self, request: web.Request) -> web.Response:
        major = int(request.match_info["version"][1:])
        return web.json_response({"version": {"major": major, "minor": 1, "patch": 3}, "sandbox": True})

    async def jwks(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [self._house.safe.service.public]})

    async def destination(self, request: web.Request) -> web.Response:
        """What the destination takes. 401, 404."""
        self._tokens.client(request)
        self._ours(request)
        word = "services" if request.match_info["version"] == "v1" else "publicServices"
        safe = self._house.safe
        return web.json_response(
            {
                "destinationId": safe.destination_id,
                "name": "Sandbox: keine echte Behörde",
                "status": "active",
                "encryptionKid": safe.encryption.kid,
                "metadataVersions": list(METADATA_VERSIONS),
                "replyChannels": {"eMail": {}},
                word: self._services(),
            }
        )

    async def key(self, request: web.Request) -> web.Response:
        """A public key of the destination; no token needed. 404."""
        self._ours(request)
        safe = self._house.safe
        for pair in (safe.encryption, safe.destination):
            if pair.kid == request.match_info["kid"]:
                return web.json_response(pair.public)
        raise Refused(404, "key-not-found")

    async def announce(self, request: web.Request) -> web.Response:
        """A new shell: 201 with its ids. 400, 401, 404, 413, 415, 422."""
        client = self._tokens.client(request)
        wish = await json_body(request, _ANNOUNCE_LIMIT)
        version = request.match_info["version"]
        self._check_announce(wish, version)
        case = await self._case(wish, client)
        now = int(self._house.clock())
        held = Held(fresh(), case, client, version, wish, "announced", now, None, None, None)
        event = await asyncio.to_thread(self._house.service_event, held, "create-submission", {})
        await asyncio.to_thread(self._house.store.sweep, now - _DAY)
        await asyncio.to_thread(self._house.store.announce, held, event)
        return web.json_response(_ids(held), status=201)

    async def attach(self, request: web.Request) -> web.Response:
        """Keep an attachment, or replace it: 204. 400, 401, 413, 415, 422; in v2 404 and 409 too."""
        version = request.match_info["version"]
        try:
            held = await self._mine(request)
        except Refused as refused:
            if version == "v1" and refused.status == 404:
                raise Refused(422, "submission-not-announced") from None  # v1 declares no 404 here
            raise
        name = _uuid(request.match_info["attachment"], "attachmentId")
        if name not in held.attachments:
            raise Refused(422, "attachment-not-announced")
        token = await text_body(request, _ATTACHMENT_LIMIT)
        self._check(token, held.version, None)
        sizes = await asyncio.to_thread(self._house.store.attachment_sizes, held.id)
        if sum(size for other, size in sizes.items() if other != name) + len(token) > _TOGETHER_LIMIT:
            raise Refused(413, "payload-too-large")
        await self._changed(self._house.store.put_attachment, held.id, name, token, status=_wrong_state(held))
        return web.Response(status=204)

    async def submit(self, request: web.Request) -> web.Response:
        """Hand it in: 202 in v1, 200 in v2. 400, 401, 404, 409, 413, 415, 422."""
        held = await self._mine(request)
        wish = await json_body(request, _SUBMIT_LIMIT)
        metadata, data = self._parts(wish, held)
        missing = set(held.attachments) - set(await asyncio.to_thread(self._house.store.attachment_sizes, held.id))
        if missing:
            raise Refused(422, "attachments-missing", f"{len(missing)} announced attachments are missing")
        held = replace(held, metadata=metadata, data=data)
        tags = await asyncio.to_thread(self._house.tags, held)
        event = await asyncio.to_thread(
            self._house.service_event, held, "submit-submission", {"authenticationTags": tags}
        )
        await self._changed(self._house.store.submit, held.id, metadata, data, event, status=_wrong_state(held))
        self._house.arrived.set()
        return web.json_response(_reduced(held), status=202 if held.version == "v1" else 200)

    async def waiting(self, request: web.Request) -> web.Response:
        """What waits for the subscriber, a page at a time."""
        self._tokens.client(request)
        offset, limit = _page(request)
        found = await asyncio.to_thread(self._house.store.submissions, "submitted", limit=limit, offset=offset)
        total = await asyncio.to_thread(self._house.store.count, "submitted")
        rows = [_ids(held) for held in found]
        return web.json_response({"count": len(rows), "offset": offset, "totalCount": total, "submissions": rows})

    async def fetch(self, request: web.Request) -> web.Response:
        """A submission that waits, encrypted. 404 in any other state."""
        held = await self._submitted(request)
        parts = {"encryptedMetadata": held.metadata, **({"encryptedData": held.data} if held.data else {})}
        return web.json_response({**_reduced(held), **parts})

    async def fetch_attachment(self, request: web.Request) -> web.Response:
        held = await self._submitted(request)
        found = await asyncio.to_thread(self._house.store.attachment, held.id, request.match_info["attachment"])
        if found is None:
            raise Refused(404, "attachment-not-found")
        return web.Response(text=found, content_type="application/jose")

    async def case_log(self, request: web.Request) -> web.Response:
        """The events of a case, oldest first. 404: no case of this client."""
        client, case = self._tokens.client(request), request.match_info["case"]
        if await asyncio.to_thread(self._house.store.case_client, case) != client:
            raise Refused(404, "case-not-found")
        return _log(request, await asyncio.to_thread(self._house.store.events, case))

    async def submission_log(self, request: web.Request) -> web.Response:
        held = await self._mine(request)
        return _log(request, await asyncio.to_thread(self._house.store.events, held.case_id, held.id))

    async def post_event(self, request: web.Request) -> web.Response:
        """A subscriber's decision: 204. 400 syntax, 404, 409 state, 422 meaning."""
        self._tokens.client(request)
        token = await text_body(request, _ANNOUNCE_LIMIT)
        try:
            claims = await asyncio.to_thread(jose.read_event, token, self._house.safe.destination.public)
        except jose.Broken as broken:
            raise Refused(400, "invalid-event", str(broken)) from broken
        ((uri, _),) = claims["events"].items()
        name = uri.removeprefix(jose.EVENTS)
        held = await asyncio.to_thread(self._house.store.submission, claims["sub"].removeprefix("submission:"))
        case = request.match_info["case"]
        if held is None or held.case_id != case or claims["txn"] != f"case:{case}":
            raise Refused(404, "submission-not-found")
        if name not in _SUBSCRIBER or claims["iss"] != self._house.safe.destination_id:
            raise Refused(422, "invalid-event", "this author may not write this event")
        event = Event(claims["jti"], case, held.id, name, int(self._house.clock()), token)
        await self._changed(self._house.store.decide, held.id, _SUBSCRIBER[name], event)
        return web.Response(status=204)

    def _services(self) -> list[dict[str, Any]]:
        return [
            {
                "identifier": offer.identifier,
                "regions": [offer.region],
                "submissionSchemas": [{"schemaUri": uri, "mimeType": "application/json"} for uri in offer.schemas],
            }
            for offer in self._house.offers
        ]

    def _ours(self, request: web.Request) -> None:
        if _uuid(request.match_info["destination"], "destinationId") != self._house.safe.destination_id:
            raise Refused(404, "destination-not-found")

    def _check_announce(self, wish: dict[str, Any], version: str) -> None:
        if _uuid(wish.get("destinationId"), "destinationId") != self._house.safe.destination_id:
            raise Refused(404, "destination-not-found")
        names = wish.get("announcedAttachments")
        if not isinstance(names, list):
            raise Refused(400, "schema-violation", "announcedAttachments is missing")
        if len(names) > _MOST_ATTACHMENTS:
            raise Refused(413, "too-many-attachments")
        if len({_uuid(name, "announcedAttachments") for name in names}) != len(names):
            raise Refused(400, "schema-violation", "announcedAttachments repeats an id")
        service = wish.get("serviceType" if version == "v1" else "publicService")
        self._check_service(service, wish.get("region"))

    def _check_service(self, service: Any, region: Any) -> None:
        known = isinstance(service, dict) and all(isinstance(service.get(name), str) for name in ("name", "identifier"))
        if not known or not _URN.fullmatch(service["identifier"]):
            raise Refused(400, "schema-violation", "the service needs a name and an URN as identifier")
        offers = [offer for offer in self._house.offers if offer.identifier == service["identifier"]]
        if not offers:
            raise Refused(422, "service-not-offered")
        if region is not None and not any(str(region).startswith(offer.region) for offer in offers):
            raise Refused(422, "region-not-offered")

    async def _case(self, wish: dict[str, Any], client: str) -> str:
        if wish.get("caseId") is None:
            return fresh()
        case = _uuid(wish["caseId"], "caseId")
        if await asyncio.to_thread(self._house.store.case_client, case) != client:
            raise Refused(404, "case-not-found")
        return case

    async def _mine(self, request: web.Request) -> Held:
        client = self._tokens.client(request)
        name = _uuid(request.match_info["submission"], "submissionId")
        held = await asyncio.to_thread(self._house.store.submission, name)
        if held is None or held.client != client:
            raise Refused(404, "submission-not-found")
        return held

    async def _submitted(self, request: web.Request) -> Held:
        held = await self._mine(request)
        if held.state != "submitted":
            raise Refused(404, "submission-not-found", "it does not wait to be fetched")
        return held

    def _parts(self, wish: dict[str, Any], held: Held) -> tuple[str, str | None]:
        metadata, data = wish.get("encryptedMetadata"), wish.get("encryptedData")
        if not isinstance(metadata, str) or not (isinstance(data, str) or (data is None and held.version == "v1")):
            raise Refused(400, "schema-violation", "encryptedMetadata and encryptedData are needed")
        self._check(metadata, held.version, _CONTENT)
        if data is not None:
            self._check(data, held.version, _CONTENT)
        return metadata, data

    def _check(self, token: str, version: str, content_types: frozenset[str] | None) -> None:
        try:
            jose.check_header(token, self._house.safe.encryption.kid, version=version, content_types=content_types)
        except jose.Broken as broken:
            raise Refused(422, "encryption-issue", str(broken)) from broken

    async def _changed(self, change: Any, *values: Any, status: int = 409) -> None:
        """``status``: of a state that does not fit."""
        try:
            await asyncio.to_thread(change, *values)
        except Conflict as conflict:
            raise Refused(status, "invalid-state-transition", str(conflict)) from conflict


def _ids(held: Held) -> dict[str, Any]:
    destination = held.announce["destinationId"]
    return {"destinationId": destination, "submissionId": held.id, "caseId": held.case_id}


def _reduced(held: Held) -> dict[str, Any]:
    word = "serviceType" if held.version == "v1" else "publicService"
    return {**_ids(held), "attachments": held.attachments, word: held.announce[word]}


def _log(request: web.Request, events: list[Event]) -> web.Response:
    offset, limit = _page(request)
    page = [event.jws for event in events[offset : offset + limit]]
    return web.json_response({"count": len(page), "offset": offset, "totalCount": len(events), "eventLog": page})


def _page(request: web.Request) -> tuple[int, int]:
    """Offset and limit. What is no number, or out of bounds, is the nearest that there is: v1 declares no 400 here."""
    return max(0, _number(request, "offset", 0)), min(500, max(1, _number(request, "limit", 100)))


def _number(request: web.Request, name: str, otherwise: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _uuid(text: Any, what: str) -> str:
    try:
        if isinstance(text, str) and str(uuid.UUID(text)) == text.lower():
            return text
    except ValueError:
        pass
    raise Refused(400, "schema-violation", f"{what} is no UUID")


def _wrong_state(held: Held) -> int:
    """v1 declares no 409 for what a sender puts."""
    return 422 if held.version == "v1" else 409
