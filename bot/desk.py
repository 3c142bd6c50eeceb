"""The one service: take in, decide, commit, hand out. Every way to a case leads through here.

Decide first, then one durable commit, then answer. A conflict loads only the tail and decides anew. A bug ends here:
logged without contents, told kindly.
"""

from __future__ import annotations

import base64
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson

from bot import codes, limits
from bot.cases import CaseErased, Cases, CaseUnreadable, Hot, UnknownDoor
from bot.core import commands as c
from bot.core import events, texts
from bot.core.case import fold
from bot.core.commands import Content
from bot.core.decision import Decision
from bot.core.events import Actor, Turn
from bot.core.position import RECEPTION, Situation
from bot.core.receipt import has_receipt, receipt
from bot.core.retention import ends_at
from bot.core.say import Voice, recalled
from bot.core.tell import greet
from bot.errands import Errands, where
from bot.filing import Filing, UnknownFile, Which
from bot.keys import RandomBytes, Vault
from bot.library import Library
from bot.ports import (
    AgencyClient,
    CaseId,
    Clock,
    CredentialChange,
    DoorChange,
    Entry,
    EvidenceDown,
    EvidenceStore,
    Inspector,
    Job,
    Moment,
    NewJob,
    Press,
    Receipts,
    Scanner,
    Store,
    StoreDown,
)  # fmt: skip
from bot.strongbox import Strongbox
from bot.turn import Arrived, Attempt, Incoming, Reply, WordsOf, attempt, steps, summary_row

__all__ = ["CaseErased", "CaseUnreadable", "Desk", "UnknownDoor", "UnknownFile"]

log = logging.getLogger("antragslotse.desk")

BUSY_RETRY: Final = 0.2
LINK_LIFE: Final = timedelta(minutes=10)
KNOWN_TOKENS: Final = 50_000
TOKEN_TRUSTED: Final = timedelta(seconds=30)
"""How long a token that was checked is not checked again: as long a revoked one may still open its case."""
AT_ONCE: Final = 10

Listener = Callable[[CaseId, int], None]


class Desk:
    """Knows the store, the keys, the procedures, the languages and the clock; nobody else knows all of them."""

    def __init__(
        self, store: Store, vault: Vault, library: Library, words: WordsOf, clock: Clock, *, random_bytes: RandomBytes
    ) -> None:
        self.library = library
        self.words = words
        self._store = store
        self._vault = vault
        self._clock = clock
        self._random = random_bytes
        self._cases = Cases(store, vault, library, words, clock)
        self._errands = Errands(store, self._cases, clock, self._turn, self._forget)
        self._filing: Filing | None = None
        self.receipts: Receipts | None = None
        self._tokens: OrderedDict[bytes, tuple[CaseId, datetime]] = OrderedDict()
        self._listeners: list[Listener] = []
        self._workers: list[Callable[[], None]] = []

    def connect(self, agency: AgencyClient) -> None:
        """The way on which submissions leave."""
        self._errands.dispatch.agency = agency

    def print_with(self, press: Press) -> None:
        """Who makes the PDFs."""
        self._errands.dispatch.press = press

    def sign_with(self, receipts: Receipts) -> None:
        """Who signs receipts."""
        self.receipts = receipts

    def equip(self, evidence: EvidenceStore, inspector: Inspector, scanner: Scanner | None = None) -> None:
        """A place for files, somebody who looks into them, and, where there is one, somebody who finds malware."""
        box = self._errands.dispatch.box = Strongbox(evidence, self._vault)
        self._filing = self._errands.filing = Filing(self._cases, box, inspector, scanner, self._turn)

    def listen(self, listener: Listener) -> None:
        """``listener(case, number)`` is called after each turn that this process made durable."""
        self._listeners.append(listener)

    def listen_for_work(self, worker: Callable[[], None]) -> None:
        """``worker()`` is called when a turn of this process left work that is due at once."""
        self._workers.append(worker)

    def moment(self, demo_date: date | None = None) -> Moment:
        """The clock of the house."""
        return self._clock.moment(demo_date)

    # -- opening and finding -----------------------------------------------------------------------------------------

    async def open_case(
        self,
        procedure: str | None,
        *,
        channel: str,
        address: str = "",
        language: str = "de",
        demo_date: date | None = None,
        municipality: str | None = None,
    ) -> Reply:
        """A new case, greeted. Raises :class:`bot.library.NotOffered`.

        With an ``address`` it lives behind the door (channel, address); without one its key is ``Reply.token``.
        ``procedure`` None: the applicant is asked.
        """
        for _ in range(limits.CONFLICT_RETRIES):  # 35 bits of a reference meet now and then in a whole state
            opened = self._opened(procedure, municipality, language, demo_date)
            reply = await self._open(opened, channel, address)
            if reply is not None:
                return reply
        raise StoreDown("no free number was found", BUSY_RETRY)

    async def _open(self, opened: events.Opened, channel: str, address: str) -> Reply | None:
        """None: the case's number or reference is taken."""
        moment = self._clock.moment(opened.demo_date)
        id = codes.new_case(moment.now, self._random)
        key, wrapped = self._vault.new_key(id)
        first = Turn(number=1, at=moment.now, actor="applicant", door=channel, facts=(opened,))
        case = fold([first])
        hot = Hot(case, self._cases.walked(case, moment), key)
        situation = self._cases.situation(hot)
        says = greet(situation)
        entrance = (events.DoorOpened(channel=channel, address=address),) if address else ()
        turn = first.model_copy(update={"facts": (opened, *entrance, *(say.fact for say in says))})
        hot.case = fold([turn])
        situation = replace(situation, case=hot.case)
        doors = (DoorChange(self._vault.door_hash(channel, address), channel, "current"),) if address else ()
        token, credentials = ("", ()) if address else self._new_token(id)
        expire = NewJob("expire", "expire", ends_at(hot.case) or moment.now)
        entry = self._entry(id, hot, turn, situation, jobs=(expire,))
        [appended] = await self._store.append([replace(entry, key=wrapped, doors=doors, credentials=credentials)])
        if appended != "done":
            return None
        self._cases.keep(id, hot)
        return Reply(id, "accepted", tuple(says), situation, token=token, turn=turn)

    def _opened(
        self, procedure: str | None, municipality: str | None, language: str, demo_date: date | None
    ) -> events.Opened:
        interview = self.library.reception if procedure is None else self.library.newest(procedure)
        return events.Opened(
            reference=codes.new_reference(self._random),
            procedure=procedure or RECEPTION,
            version=interview.procedure.version,
            hash=interview.source.hash,
            municipality=municipality,
            parameters={} if procedure is None else self.library.parameters(procedure, municipality),
            language=language,
            demo_date=demo_date,
        )

    async def find(self, channel: str, address: str) -> CaseId:
        """The case behind a door. Raises :class:`UnknownDoor`."""
        case = await self._store.find_door(self._vault.door_hash(channel, address))
        if case is None:
            raise UnknownDoor
        return case

    async def authorise(self, token: str) -> CaseId:
        """The case that a bearer token opens. Raises :class:`UnknownDoor`, :class:`CaseErased`."""
        claimed = codes.case_of_token(token)
        if claimed is None:
            raise UnknownDoor
        hash, now = self._vault.credential_hash(token), self._clock.moment().now
        known = self._tokens.get(hash)
        if known is not None and known[1] > now:
            return known[0]
        case = await self._store.find_credential(hash, "token", now)
        if case is None:
            raise CaseErased if await self._store.erased(claimed) else UnknownDoor
        self._tokens[hash] = case, now + TOKEN_TRUSTED
        if len(self._tokens) > KNOWN_TOKENS:
            self._tokens.popitem(last=False)
        return case

    async def revoke(self, token: str) -> None:
        """The token opens nothing any more. The case stays. Raises :class:`UnknownDoor`."""
        case = await self.authorise(token)
        hash = self._vault.credential_hash(token)
        gone = CredentialChange(hash, "token", revoked=True)
        closed = events.DoorClosed(channel="web", reason="left")
        await self._turn(case, Arrived("web", command=c.Note(closed), credentials=(gone,)))
        self._tokens.pop(hash, None)

    async def resume(self, code: str, *, channel: str, address: str) -> Reply | None:
        """The case of a resume code, now behind this door too. None where the code opens nothing."""
        id = await self._find_by_code(code)
        if id is None:
            return None
        door = DoorChange(self._vault.door_hash(channel, address), channel, "current")
        opened = events.DoorOpened(channel=channel, address=address)
        return await self._turn(id, Arrived(channel, content=c.Acted("resume"), doors=(door,), facts=(opened,)))

    async def come_back(self, secret: str, *, channel: str = "web") -> Reply | None:
        """The case of a resume code or a hop link, with a new token. None where the secret opens nothing."""
        id = await self._find_by_code(secret)
        if id is None:
            id = await self._store.find_credential(self._vault.credential_hash(secret), "hop", self._clock.moment().now)
        if id is None:
            return None
        token, credentials = self._new_token(id)
        reply = await self._turn(id, Arrived(channel, content=c.Acted("resume"), credentials=credentials))
        return replace(reply, token=token)

    async def new_link(self, case: CaseId) -> tuple[str, datetime]:
        """A secret that opens the case once, within ten minutes, and when it ends."""
        secret = _urlsafe(self._random(32))
        ends = self._clock.moment().now + LINK_LIFE
        hop = CredentialChange(self._vault.credential_hash(secret), "hop", expires=ends, uses=1)
        link = c.Note(events.Notified(kind="link", way="web"))
        await self._turn(case, Arrived("web", command=link, credentials=(hop,)))
        return secret, ends

    async def _find_by_code(self, code: str) -> CaseId | None:
        read = codes.read_resume_code(code)
        if read is None:
            return None
        return await self._store.find_credential(self._vault.credential_hash(read), "resume", self._clock.moment().now)

    # -- one message -------------------------------------------------------------------------------------------------

    async def take_in(self, incoming: Incoming) -> Reply:
        """One message in, everything that is said in answer out, durable before this returns.

        Raises :class:`UnknownDoor`, and :class:`bot.ports.StoreDown` where nothing of it was written.
        """
        id = await self.find(incoming.channel, incoming.address)
        seen = (self._vault.door_hash(incoming.channel, incoming.address), incoming.message_id)
        content, message = incoming.content, incoming.message_id
        return await self._turn(id, Arrived(incoming.channel, incoming.actor, content, message_id=message, seen=seen))

    async def answer(
        self, case: CaseId, channel: str, message_id: str, content: Content, *, actor: Actor = "applicant"
    ) -> Reply:
        """Like :meth:`take_in` for a known case. A repeated ``message_id`` gets its first outcome as long as the case
        lives, and a conflict writes nothing."""
        arrived = Arrived(channel, actor, content, message_id=message_id, seen=(case, message_id), strict=True)
        return await self._turn(case, arrived)

    async def look(self, id: CaseId) -> Situation:
        """The case as it stands now, without a word. Raises :class:`UnknownDoor` where it is gone."""
        return self._cases.situation(await self._cases.fresh(id))

    async def history(self, case: CaseId, after: int = 0, most: int = 500) -> list[Turn]:
        """Whole turns with numbers above ``after``, in order, until they hold ``most`` facts."""
        hot = await self._cases.hot(case)
        turns: list[Turn] = []
        facts = 0
        for turn in await self._cases.turns(case, hot.key, after):
            facts += len(turn.facts)
            if turns and facts > most:
                break
            turns.append(turn)
        return turns

    async def numbers(self, known: Mapping[CaseId, int]) -> set[CaseId]:
        """The cases with turns above the known number, or that are gone."""
        return await self._store.newer(known)

    async def _turn(self, id: CaseId, arrived: Arrived) -> Reply:
        """Decides, writes and answers one input; decides anew where another writer was faster."""
        hot = await self._cases.hot(id)
        async with hot.lock:
            for _ in range(limits.CONFLICT_RETRIES):
                attempted = self._attempt(id, hot, arrived)
                if isinstance(attempted, Reply):
                    return attempted
                tried, entry = attempted
                if not tried.writes:
                    return await self._unwritten(id, hot, tried)
                code, credentials = self._resume_code(tried.decision)
                if credentials:
                    entry = replace(entry, credentials=(*entry.credentials, *credentials))
                [appended] = await self._store.append([entry])
                if appended == "done":
                    hot.case, hot.path = tried.after.case, tried.after.path
                    self._tell_listeners(id, tried)
                    if tried.decision.erase:
                        return await self._erase(id, tried)
                    return tried.reply(id, code=code)
                await self._cases.reload(id, hot)
                if appended == "seen":
                    return await self._repeated(id, hot, arrived)
        raise StoreDown("too many writers on one case", BUSY_RETRY)

    async def _unwritten(self, id: CaseId, hot: Hot, tried: Attempt) -> Reply:
        """Nothing to write. What meets a conflict may be the repetition of what once was none."""
        if tried.decision.conflict and tried.arrived.strict and tried.arrived.seen is not None:
            await self._cases.reload(id, hot)
            first = await self._first(id, hot, tried.arrived)
            if first is not None:
                return first
        return tried.reply(id, written=False)

    def _attempt(self, id: CaseId, hot: Hot, arrived: Arrived) -> tuple[Attempt, Entry] | Reply:
        """Decide, word and seal one turn. A bug of ours becomes a kind word, and nothing of the turn is written."""
        before = self._cases.situation(hot)
        try:
            tried = attempt(before, arrived, self.words)
            return tried, self._entry(id, hot, tried.turn, tried.after, jobs=tried.jobs, arrived=arrived)
        except Exception as error:  # noqa: BLE001  # the one place where a bug ends
            log.error("bug in case %s, turn %d: %s", hot.case.reference, hot.case.number + 1, where(error))
            return Reply(id, "bug", (Voice(before).say(texts.BUG, "problem"),), before)

    async def _repeated(self, id: CaseId, hot: Hot, arrived: Arrived) -> Reply:
        """A second delivery: nothing happens, the first outcome and its words are given again."""
        first = await self._first(id, hot, arrived)
        return first or Reply(id, "nothing", (), self._cases.situation(hot), repeated=True)

    async def _first(self, id: CaseId, hot: Hot, arrived: Arrived) -> Reply | None:
        """What came of the same message before."""
        turns = await self._cases.turns(id, hot.key)
        first = next((turn for turn in turns if turn.command == arrived.told_by), None)
        if first is None:
            return None
        said = (fact for fact in first.facts if isinstance(fact, events.Said))
        says = tuple(recalled(fact, self.words(fact.language)) for fact in said)
        return Reply(id, first.outcome, says, self._cases.situation(hot), repeated=True)

    def _tell_listeners(self, id: CaseId, tried: Attempt) -> None:
        for listener in self._listeners:
            listener(id, tried.turn.number)
        if any(job.due <= tried.turn.at for job in tried.jobs):
            for worker in self._workers:
                worker()

    # -- what is written ---------------------------------------------------------------------------------------------

    def _entry(
        self,
        id: CaseId,
        hot: Hot,
        turn: Turn,
        after: Situation,
        *,
        jobs: Sequence[NewJob],
        arrived: Arrived | None = None,
    ) -> Entry:
        """What the store gets of a turn. ``arrived``: the input, where it is one, with the doors it opens."""
        payload = self._vault.seal(hot.key, id, turn.number, events.write(turn))
        row, taken = summary_row(after), tuple(steps(hot.case, turn))
        if arrived is None:
            return Entry(id, turn.number, turn.at, payload, row, jobs=jobs, steps=taken)
        seen, doors, credentials = arrived.seen, arrived.doors, arrived.credentials
        return Entry(id, turn.number, turn.at, payload, row, None, seen, jobs, doors, credentials, (), taken)

    def _new_token(self, case: CaseId) -> tuple[str, tuple[CredentialChange, ...]]:
        token = codes.new_token(case, self._random)
        return token, (CredentialChange(self._vault.credential_hash(token), "token"),)

    def _resume_code(self, decision: Decision) -> tuple[str, tuple[CredentialChange, ...]]:
        if not isinstance(decision.command, c.Pause | c.StopHere) or decision.outcome != "done":
            return "", ()
        code = codes.new_resume_code(self._random)
        read = codes.read_resume_code(code) or code
        return code, (CredentialChange(self._vault.credential_hash(read), "resume"),)

    async def erase_case(self, case: CaseId) -> Reply:
        """Everything of the case is gone for good: at once, or as soon as its files can be removed.

        ``Reply.situation`` is None then. Raises :class:`UnknownDoor`.
        """
        return await self._turn(case, Arrived("web", command=c.Erase()))

    async def _erase(self, id: CaseId, attempt: Attempt) -> Reply:
        """Its turn is written, with a job: a second delivery erases nothing, and a crash here is made good."""
        try:
            await self._forget(id)
        except EvidenceDown as error:
            log.warning("an erasure waits for its files: %s", error)
        return Reply(id, attempt.decision.outcome, attempt.says)

    async def _forget(self, id: CaseId) -> None:
        """First the files, then the key and the turns: the job that would come again dies last."""
        if self._filing is not None:
            await self._filing.erase(id)
        await self._store.erase(id, self._clock.moment().now)
        self._cases.forget(id)

    # -- files -------------------------------------------------------------------------------------------------------

    async def offer_file(
        self, case: CaseId, address: str, name: str, length: int, *, channel: str = "web"
    ) -> tuple[str, Reply]:
        """A file of ``length`` bytes is announced for the evidence at ``address``: its id, and what came of it."""
        file = "f_" + _urlsafe(self._random(16))
        offered = c.OfferFile(file, address, name, length)
        reply = await self._files.offer(case, offered, channel, self._clock.moment().now)
        return ("" if reply.conflict else file), reply

    async def file_offset(self, case: CaseId, file: str) -> tuple[int, int]:
        """(bytes received, bytes announced). Raises :class:`bot.filing.UnknownFile`."""
        return await self._files.offset(case, file, self._clock.moment().now)

    async def receive(self, case: CaseId, file: str, offset: int, chunk: bytes) -> int:
        """Stores a piece durably and returns the new offset; the last one has the file looked into.

        Raises :class:`bot.filing.UnknownFile`, :class:`bot.strongbox.OffsetMismatch`, ``ValueError`` for too many
        bytes.
        """
        reached, whole = await self._files.receive(case, file, offset, chunk)
        if whole:
            await self._files.complete(case, file, self._clock.moment().now)
        return reached

    async def drop_file(self, case: CaseId, file: str, *, channel: str = "web") -> Reply:
        """Raises :class:`bot.filing.UnknownFile`."""
        return await self._files.drop(case, file, channel)

    async def open_file(self, case: CaseId, file: str, which: Which) -> tuple[str, bytes]:
        """(media type, bytes). Raises :class:`bot.filing.UnknownFile`."""
        return await self._files.open(case, file, which)

    @property
    def _files(self) -> Filing:
        if self._filing is None:
            raise UnknownFile
        return self._filing

    async def receipt(self, case: CaseId, n: int) -> tuple[Situation, Mapping[str, Any], Mapping[str, Any]]:
        """The case, what a receipt of submission ``n`` says now, and the record that was printed of it.

        Raises :class:`bot.filing.UnknownFile` where there is nothing to confirm yet.
        """
        hot = await self._cases.fresh(case)
        situation, box = self._cases.situation(hot), self._errands.dispatch.box
        submission = situation.case.submissions.get(n)
        if box is None or submission is None or not has_receipt(submission):
            raise UnknownFile
        made = receipt(situation, submission, await self._cases.turns(case, hot.key, 0))
        written = await box.read(case, hot.key, str(submission.proof["record"]))
        return situation, made, orjson.loads(written)

    # -- work that follows -------------------------------------------------------------------------------------------

    async def work(self, limit: int = AT_ONCE) -> list[Reply] | None:
        """Does the jobs that are due and returns what they made us say. None: nothing was due."""
        return await self._errands.work(limit)

    async def claim(self, limit: int = AT_ONCE) -> list[Job]:
        """Jobs that are due, for who does several beside one another."""
        return await self._errands.claim(limit)

    async def do(self, job: Job) -> Reply | None:
        """Does one claimed job. Raises :class:`StoreDown`."""
        return await self._errands.do(job)

    async def sweep(self) -> None:
        """Once a day: what has outlived its purpose in the store, and files that no case names."""
        await self._store.sweep(self._clock.moment().now)
        if self._filing is not None:
            await self._filing.sweep()


def _urlsafe(random: bytes) -> str:
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode()
