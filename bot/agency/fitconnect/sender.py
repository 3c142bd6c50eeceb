"""Leads a submission through FIT-Connect, one durable step at a time: announce, each attachment, submit, event log.

Laws: ids are in the ledger before anything is sent under them; a retry sends identical bytes, from the scratch; where
a submission may have gone out already the log is read first; ``delivered`` only by a signed statement about exactly
these bytes. What does not verify changes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import aiohttp
import orjson
from joserfc.jwk import RSAKey

from bot.agency.fitconnect import proof
from bot.agency.fitconnect.api import Api
from bot.agency.fitconnect.connection import Connection
from bot.agency.fitconnect.destination import objection
from bot.agency.fitconnect.events import (
    ACCEPT,
    REJECT,
    SUBMIT,
    About,
    Event,
    FindKey,
    believed,
    problems_of,
    submitted_somehow,
    tags_equal,
)  # fmt: skip
from bot.agency.fitconnect.jwe import JSON_TYPE, seal, tag_of
from bot.agency.fitconnect.keys import KeyRules, UnfitKey, load_roots
from bot.agency.fitconnect.metadata import Letter, Part, version_for
from bot.agency.fitconnect.problems import TOO_LARGE, Answer, failure, for_operator, json_object, passing
from bot.agency.fitconnect.tokens import Tokens
from bot.agency.fitconnect.wire import Wire
from bot.ports import AgencyClient, AgencyRejected, AgencyUnavailable, Attachment, Delivery, Parcel, Scratch

log = logging.getLogger("antragslotse.fitconnect")

SHELL_LIFE: Final = 20 * 3600.0
"""Seconds after which an answer 422 may mean that the service has deleted what was announced (it does after a day)."""
ANEW: Final = 60.0
SANDBOX_POLL: Final = 2.0
FIRST_POLL: Final = 60.0
LONGEST_POLL: Final = 3600.0
DAY: Final = 86_400.0
LONG_AFTER: Final = 21 * DAY
"""By then the service itself has rejected what nobody fetched."""
PATIENCE: Final = 0.1
"""Asked again after such a part of what has been waited already."""
GONE: Final = 404
SEMANTIC: Final = 422


class FitConnect(AgencyClient):
    """See :class:`bot.ports.AgencyClient`. Raises ``OSError`` or ``ValueError`` where ``roots`` cannot be read."""

    def __init__(
        self,
        connection: Connection,
        *,
        times: aiohttp.ClientTimeout | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._connection = connection
        self._now = now
        self._wire = Wire(times)
        rules = KeyRules(self_signed=connection.allow_self_signed, roots=load_roots(connection.roots))
        self._api = Api(connection, self._wire, Tokens(connection, self._wire), rules)
        self._steps = {
            "queued": self._announce,
            "announced": self._bring,
            "sent": self._confirm,
            "delivered": self._poll,
        }

    async def step(self, parcel: Parcel) -> Delivery:
        """Raises :class:`AgencyUnavailable`, :class:`AgencyRejected`, and what reading an attachment raises."""
        try:
            return await self._steps[parcel.state](parcel)
        except UnfitKey as error:
            raise for_operator(f"key of the destination: {error}") from None

    async def close(self) -> None:
        await self._wire.close()

    # -- queued: announce ---------------------------------------------------------------------------------------------

    async def _announce(self, parcel: Parcel) -> Delivery:
        _scratch(parcel)
        if broken := await asyncio.to_thread(lambda: list(proof.violations(parcel))):
            raise AgencyRejected(broken)
        version, kid = await self._fitting(parcel)
        await self._api.key(kid, "wrapKey")  # an unfit key is seen before anything is announced
        uuids = {each.id: str(uuid4()) for each in parcel.attachments}
        case = self._case_to_join(parcel)
        answer = await self._api.announce(uuids.values(), case)
        if not answer.ok:
            raise failure(answer, "announcement", now=self._now())
        ids = _ids(answer)
        return Delivery("announced", self._announced(parcel, ids, version, joined=bool(case)) | _named(uuids), wait=0)

    def _case_to_join(self, parcel: Parcel) -> str:
        """An earlier submission's case. What this one opened itself is gone with its shell."""
        known = parcel.proof
        if "submission_id" not in known:
            return parcel.agency_case
        return str(known["case_id"]) if known.get("joined") else ""

    def _announced(self, parcel: Parcel, ids: Mapping[str, str], version: str, *, joined: bool) -> dict[str, Any]:
        return {
            "submission_id": ids["submissionId"],
            "case_id": ids["caseId"],
            "joined": joined,
            "sandbox": self._connection.sandbox,
            "announced_at": self._now().isoformat(timespec="seconds"),
            "announced_times": int(parcel.proof.get("announced_times", 0)) + 1,
            "metadata_version": version,
        }

    async def _fitting(self, parcel: Parcel) -> tuple[str, str]:
        """The metadata version to write and the ``kid`` to encrypt for, where the destination takes what we have."""
        found = await self._api.destination()
        if why := objection(found, self._connection, self._schema_uri(parcel)):
            raise for_operator(why)
        listed = found.get("metadataVersions")
        texts = [each for each in (listed if isinstance(listed, list) else []) if isinstance(each, str)]
        version = version_for(texts, self._connection.profile)
        if version is None:
            raise for_operator("the destination lists no version of metadata that we can write")
        return version, str(found.get("encryptionKid", ""))

    def _schema_uri(self, parcel: Parcel) -> str:
        return self._connection.schema_uri or str(parcel.schema.get("$id", ""))

    # -- announced: attachments, then the submission ------------------------------------------------------------------

    async def _bring(self, parcel: Parcel) -> Delivery:
        attachment = proof.next_attachment(parcel)
        if attachment is None:
            return await self._submit(parcel)
        return await self._bring_one(parcel, attachment)

    async def _bring_one(self, parcel: Parcel, attachment: Attachment) -> Delivery:
        uuid = proof.uuid_of(parcel, attachment)
        plain = await attachment.read()
        sealed = await self._sealed(parcel, f"part-{uuid}", plain, attachment.media_type)
        answer = await self._api.put_attachment(str(parcel.proof["submission_id"]), uuid, sealed)
        if not answer.ok:
            return await self._refused(parcel, answer, "attachment", file=attachment.id)
        sha512 = await asyncio.to_thread(lambda: hashlib.sha512(plain).hexdigest())
        return Delivery("announced", {f"tag.{uuid}": tag_of(sealed), f"sha512.{uuid}": sha512}, wait=0)

    async def _submit(self, parcel: Parcel) -> Delivery:
        submission, scratch = str(parcel.proof["submission_id"]), _scratch(parcel)
        kept = await scratch.read(f"letter-{submission}")
        metadata, data = (kept or await self._keep_letter(parcel, f"letter-{submission}")).split(b"\n")
        sent = Delivery("sent", {"tag.metadata": tag_of(metadata), "tag.data": tag_of(data)}, wait=0)
        if kept is not None and await self._in_log(parcel):
            return sent
        answer = await self._api.submit(submission, metadata, data)
        return sent if answer.ok else await self._refused(parcel, answer, "submission", sent=sent)

    async def _keep_letter(self, parcel: Parcel, name: str) -> bytes:
        """Metadata and data, sealed and kept together: one names the other's hash."""
        plain = orjson.dumps(parcel.envelope, option=orjson.OPT_SORT_KEYS)
        letter = self._letter(parcel, plain).write(str(parcel.proof["metadata_version"]))
        key, kid = await self._receiver(parcel)
        both = [await seal(part, JSON_TYPE, key, kid) for part in (letter, plain)]
        await _scratch(parcel).keep(name, b"\n".join(both))
        return b"\n".join(both)

    async def _sealed(self, parcel: Parcel, name: str, plain: bytes, media_type: str) -> bytes:
        """What was sealed under this name before, or now: durable before it goes out."""
        scratch = _scratch(parcel)
        if (kept := await scratch.read(name)) is not None:
            return kept
        key, kid = await self._receiver(parcel)
        sealed = await seal(plain, media_type, key, kid)
        await scratch.keep(name, sealed)
        return sealed

    async def _receiver(self, parcel: Parcel) -> tuple[RSAKey, str]:
        """Fetched each time, for keys may roll."""
        _, kid = await self._fitting(parcel)
        return await self._api.key(kid, "wrapKey"), kid

    def _letter(self, parcel: Parcel, plain: bytes) -> Letter:
        return Letter(
            data_sha512=hashlib.sha512(plain).hexdigest(),
            schema_uri=self._schema_uri(parcel),
            service=self._connection.service,
            reference=parcel.reference,
            applied_on=parcel.applied_on,
            parts=[_part(parcel, each) for each in proof.announced(parcel)],
        )

    async def _refused(
        self, parcel: Parcel, answer: Answer, doing: str, *, sent: Delivery | None = None, file: str = ""
    ) -> Delivery:
        """The submission may be there already, or the shell may be gone: the log knows. Raises what else it means."""
        if not passing(answer.status) and answer.status != TOO_LARGE:
            if sent is not None and await self._in_log(parcel):
                return sent
            if answer.status == GONE or (answer.status == SEMANTIC and proof.age(parcel, self._now()) > SHELL_LIFE):
                return await self._announce_anew(parcel)
        raise failure(answer, doing, now=self._now(), file=file)

    async def _announce_anew(self, parcel: Parcel) -> Delivery:
        """Only where the log shows that nothing went out under the old id."""
        if await self._in_log(parcel):
            raise for_operator("an attachment is refused, for its submission is in the event log")
        times = int(parcel.proof.get("announced_times", 1))
        log.warning("FIT-Connect: what was announced is gone; announced anew, time %d", times + 1)
        again = await self._announce(parcel)
        return again._replace(wait=min(LONGEST_POLL, ANEW * 2.0 ** min(times - 1, 10)))

    async def _in_log(self, parcel: Parcel) -> bool:
        """Does the log say, believed or not, that this submission went out? Then it does not go out again."""
        tokens = await self._api.events(str(parcel.proof["case_id"])) or []
        return submitted_somehow(tokens, str(parcel.proof["submission_id"]))

    # -- sent and delivered: the log ----------------------------------------------------------------------------------

    async def _confirm(self, parcel: Parcel) -> Delivery:
        submitted = _named_event(await self._events(parcel), SUBMIT)
        if submitted is None:
            raise AgencyUnavailable("event log: the submission is not confirmed yet")
        if not tags_equal(submitted, proof.tags(parcel)):
            raise for_operator("event log: the service confirms other bytes than were sent")
        at = self._now().isoformat(timespec="seconds")
        return Delivery("delivered", {"set.submit": submitted.token, "delivered_at": at}, wait=0)

    async def _poll(self, parcel: Parcel) -> Delivery:
        events = await self._events(parcel)
        accepted, rejected = _named_event(events, ACCEPT), _named_event(events, REJECT)
        if rejected is not None:
            why = proof.reasons(parcel, problems_of(rejected))
            return Delivery("rejected", {"set.reject": rejected.token, "reasons": why})
        if accepted is not None and tags_equal(accepted, proof.tags(parcel)):
            return Delivery("accepted", {"set.accept": accepted.token})
        if accepted is not None:
            log.warning("FIT-Connect: the agency accepts other bytes than were sent; not believed")
        return Delivery("delivered", {}, wait=self._pause(proof.waited(parcel, self._now())))

    def _pause(self, waited: float) -> float:
        """Seconds until the log is read again."""
        if waited > LONG_AFTER:
            return DAY
        return min(LONGEST_POLL, max(SANDBOX_POLL if self._connection.sandbox else FIRST_POLL, PATIENCE * waited))

    async def _events(self, parcel: Parcel) -> list[Event]:
        known, connection = parcel.proof, self._connection
        tokens = await self._api.events(str(known["case_id"])) or []
        about = About(
            submission=str(known["submission_id"]),
            case=str(known["case_id"]),
            destination=connection.destination,
            issuer=connection.event_issuer,
        )
        return await believed(tokens, about, self._key_finder())

    def _key_finder(self) -> FindKey:
        """Each key is asked for once a reading."""
        known: dict[tuple[str, str], Any] = {}

        async def find(author: str, kid: str) -> Any:
            if (author, kid) not in known:
                service = author == "service"
                known[author, kid] = await (self._api.service_key(kid) if service else self._api.key(kid, "verify"))
            return known[author, kid]

        return find


def _scratch(parcel: Parcel) -> Scratch:
    """Without a place for sealed bytes a retry would send others than before: then nothing is begun."""
    if parcel.scratch is None:
        raise for_operator("there is no place to keep what is sent")
    return parcel.scratch


def _named(uuids: Mapping[str, str]) -> dict[str, str]:
    return {f"attachment.{id}": uuid for id, uuid in uuids.items()}


def _ids(answer: Answer) -> dict[str, str]:
    found = json_object(answer.body)
    ids = {name: found.get(name) for name in ("submissionId", "caseId")}
    if not all(isinstance(id, str) and id and len(id) <= 64 and id.replace("-", "").isalnum() for id in ids.values()):
        raise AgencyUnavailable("announcement: the answer holds no ids")
    return {name: str(id) for name, id in ids.items()}


def _part(parcel: Parcel, attachment: Attachment) -> Part:
    uuid = proof.uuid_of(parcel, attachment)
    return Part(
        id=uuid,
        sha512=str(parcel.proof[f"sha512.{uuid}"]),
        purpose=attachment.purpose,
        media_type=attachment.media_type,
        name=attachment.name,
        title=attachment.title,
    )


def _named_event(events: list[Event], name: str) -> Event | None:
    return next((event for event in events if event.name == name), None)
