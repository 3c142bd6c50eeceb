"""Files of evidence on their way in: received in pieces, looked into, kept sealed, shown again, swept.

Each step is durable before it is told: first the bytes, then the fact. What dies between the two lies there without a
name, and is swept. The bytes of a case die with its key.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.cases import Cases, CaseUnreadable, Hot, UnknownDoor
from bot.core import commands as c
from bot.core import events
from bot.core.case import Case, File
from bot.core.files import attached
from bot.core.lifecycle import ENDS
from bot.keys import SealBroken
from bot.ports import CaseId, EvidenceDown, Finding, Inspected, Inspector, Job, NewJob, Scanner
from bot.strongbox import Strongbox, scratch_of, upload_of
from bot.turn import Arrived, Reply

log = logging.getLogger("antragslotse.desk")

UNWANTED_AFTER: Final = timedelta(days=1)
"""A file that no answer names by then is dropped; one that is named is looked at again as much later."""
LOOK_AGAIN: Final = timedelta(minutes=5)

_MALWARE: Final = Inspected("refused", findings=(Finding("malware"),))
_DAMAGED: Final = Inspected("refused", findings=(Finding("damaged"),))

TakeTurn = Callable[[CaseId, Arrived], Awaitable[Reply]]
Which = Literal["preview", "document"]


class UnknownFile(Exception):
    """The case has no such file, or it is gone."""


class Filing:
    """The desk's second pair of hands. ``scanner`` None: nobody looks for malware, which is said elsewhere."""

    def __init__(
        self, cases: Cases, strongbox: Strongbox, inspector: Inspector, scanner: Scanner | None, take_turn: TakeTurn
    ) -> None:
        self._cases = cases
        self._box = strongbox
        self._inspector = inspector
        self._scanner = scanner
        self._take_turn = take_turn

    # -- in ----------------------------------------------------------------------------------------------------------

    async def offer(self, case: CaseId, offered: c.OfferFile, channel: str, now: datetime) -> Reply:
        """Announces a file. Whatever becomes of it, somebody looks after it a day later."""
        job = NewJob("check_file", f"unwanted:{offered.file}", now + UNWANTED_AFTER, offered.file.encode())
        reply = await self._take_turn(case, Arrived(channel, command=offered, strict=True, jobs=(job,)))
        for fact in reply.turn.facts if reply.turn is not None else ():
            if isinstance(fact, events.FileDropped):  # unfinished, and in the way of this one
                await self._box.discard(case, fact.file)
        return reply

    async def offset(self, case: CaseId, file: str, now: datetime) -> tuple[int, int]:
        """(bytes received, bytes announced). Raises :class:`UnknownFile`.

        A file that is whole, but whose last reply was lost with its fact, is completed by the way.
        """
        hot, known = await self._known(case, file, "receiving")
        if known.state != "receiving":
            return known.announced, known.announced
        reached = await self._box.offset(case, hot.key, file)
        if reached == known.bytes:
            await self.complete(case, file, now)
        return reached, known.bytes

    async def receive(self, case: CaseId, file: str, offset: int, chunk: bytes) -> tuple[int, bool]:
        """Stores a piece. Returns the new offset, and whether the file is whole with it.

        Raises :class:`UnknownFile`, :class:`bot.strongbox.OffsetMismatch`, ``ValueError`` where it grows too long.
        """
        hot, known = await self._known(case, file)
        if known.state != "receiving":
            raise UnknownFile
        if offset + len(chunk) > known.bytes:
            raise ValueError("more bytes than were announced")
        reached = await self._box.receive(case, hot.key, file, offset, chunk)
        return reached, reached == known.bytes

    async def complete(self, case: CaseId, file: str, now: datetime) -> Reply:
        """All of it is here: it will be looked into."""
        fact = events.FileJudged(file=file, state="checking")
        job = NewJob("check_file", f"check:{file}", now, file.encode())
        return await self._judge(case, fact, job)

    # -- looked into -------------------------------------------------------------------------------------------------

    async def do(self, job: Job, now: datetime) -> tuple[Reply | None, datetime | None]:
        """A job about one file: (what was said, when to come again)."""
        file = job.payload.decode()
        if job.key.startswith("unwanted:"):
            return await self._drop_unwanted(job.case, file, now)
        return await self._check(job.case, file, now)

    async def _check(self, case: CaseId, file: str, now: datetime) -> tuple[Reply | None, datetime | None]:
        try:
            hot, known = await self._known(case, file)
        except UnknownFile:
            return None, None
        if known.state not in ("checking", "waiting"):
            return None, None
        try:
            original = await self._box.received(case, hot.key, file)
            found = await self._inspector.inspect(original)
        except SealBroken:  # the disk has lost some of it: no later try finds it
            original, found = b"", _DAMAGED
        if found.state == "ready" and self._scanner is not None:
            try:
                found = found if await self._scanner.clean(original) else _MALWARE
            except EvidenceDown:
                return await self._judge(case, events.FileJudged(file=file, state="waiting")), now + LOOK_AGAIN
        reply = await self._judge(case, await self._kept(case, hot, file, original, found))
        await self._box.discard(case, file)
        return reply, None

    async def _kept(self, case: CaseId, hot: Hot, file: str, original: bytes, found: Inspected) -> events.FileJudged:
        """The rebuilt document and its preview lie sealed; the fact says where."""
        fact = events.FileJudged(
            file=file,
            state=found.state,
            media_type=found.media_type,
            pages=found.pages,
            findings=[{"code": code, "page": page} for code, page in found.findings],
            original_sha256=await _digest(original),
        )
        if found.state == "refused":
            return fact
        document = await self._box.keep(case, hot.key, found.data)
        preview = await self._box.keep(case, hot.key, found.preview) if found.preview else ""
        digest = await _digest(found.data)
        return fact.model_copy(
            update={"document": document, "preview": preview, "bytes": len(found.data), "sha256": digest}
        )

    async def _judge(self, case: CaseId, fact: events.FileJudged, *jobs: NewJob) -> Reply:
        return await self._take_turn(case, Arrived("", "timer", command=c.JudgeFile(fact), strict=True, jobs=jobs))

    # -- out, and gone -----------------------------------------------------------------------------------------------

    async def open(self, case: CaseId, file: str, which: Which) -> tuple[str, bytes]:
        """(media type, bytes) of what was kept. Raises :class:`UnknownFile`."""
        hot, known = await self._known(case, file, "checking", "waiting")
        name = known.preview if which == "preview" else known.document
        if not name:
            raise UnknownFile
        try:
            data = await self._box.read(case, hot.key, name)
        except KeyError:
            raise UnknownFile from None
        return ("image/jpeg" if which == "preview" else known.media_type), data

    async def drop(self, case: CaseId, file: str, channel: str) -> Reply:
        """Raises :class:`UnknownFile`."""
        _, known = await self._known(case, file)
        reply = await self._take_turn(case, Arrived(channel, command=c.DropFile(file), strict=True))
        if not reply.conflict:
            await self._remove(case, known)
        return reply

    async def _drop_unwanted(self, case: CaseId, file: str, now: datetime) -> tuple[Reply | None, datetime | None]:
        """Not while the case is being sent, and not as long as an answer names it."""
        hot = await self._cases.fresh(case)
        known = hot.case.files.get(file)
        if known is None or known.state == "dropped":
            return None, None
        if file in attached(hot.case):
            return None, now + UNWANTED_AFTER
        reply = await self._take_turn(case, Arrived("", "timer", command=c.DropFile(file), strict=True))
        if reply.conflict:
            return None, now + UNWANTED_AFTER
        await self._remove(case, known)
        return reply, None

    async def _remove(self, case: CaseId, file: File) -> None:
        """What only this file needs: the same photo twice is one document."""
        await self._box.discard(case, file.id)
        await self._tidy(case)

    async def _tidy(self, case: CaseId) -> None:
        """Drops what lay there and the case, looked at afterwards, does not name: what came in between stays.

        Not while a file is looked into: its document may lie there already, and the fact not yet.
        """
        lying = await self._box.names(case)
        known = (await self._cases.fresh(case)).case
        if not any(file.state in ("checking", "waiting") for file in known.files.values()):
            await self._box.forget(case, [name for name in lying if not _needed(known, name)])

    async def erase(self, case: CaseId) -> None:
        await self._box.erase(case)

    async def sweep(self) -> None:
        """Removes what no case names: bytes whose fact was never written, folders of erased cases.

        A case that cannot be read keeps everything, and stops nobody else's sweeping.
        """
        for case in await self._box.cases():
            try:
                await self._tidy(case)
            except UnknownDoor:
                await self._box.erase(case)
            except CaseUnreadable as error:
                log.warning("a case is not swept: %s", error)

    async def _known(self, case: CaseId, file: str, *passing: str) -> tuple[Hot, File]:
        """``passing``: states that another process may have ended meanwhile; then the store is asked."""
        hot = await self._cases.hot(case)
        known = hot.case.files.get(file)
        if known is None or known.state in passing:
            hot = await self._cases.fresh(case)
            known = hot.case.files.get(file)
        if known is None or known.state == "dropped":
            raise UnknownFile
        return hot, known


def named(files: Iterable[File]) -> set[str]:
    """Everything in the strongbox that these files still need."""
    living = [file for file in files if file.state != "dropped"]
    kept = {name for file in living for name in (file.document, file.preview) if name}
    return kept | {upload_of(file.id) for file in living if file.state in ("receiving", "checking", "waiting")}


def _needed(case: Case, name: str) -> bool:
    """Does a file of the case need what lies under that name, or a submission?"""
    submissions = case.submissions.values()
    if any(name in (each.proof.get("copy"), each.proof.get("record")) for each in submissions):
        return True
    on_their_way = [each for each in submissions if each.state not in ("delivered", *ENDS["submission"])]
    return any(name.startswith(scratch_of(each.n)) for each in on_their_way) or name in named(case.files.values())


async def _digest(data: bytes) -> str:
    """In a thread: a large file takes longer than a turn may wait."""
    return await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
