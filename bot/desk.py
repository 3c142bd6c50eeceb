"""The one service: take in, decide, commit, hand out. Every way to a case leads through here.

Decide first, then one durable commit, then answer. Hot cases are kept as (case, path): a turn on a hot case reads
nothing but its door. A conflict loads only the tail and decides anew. A bug ends here: logged without contents, told
kindly.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot import codes, limits
from bot.core import commands as c
from bot.core import events, texts
from bot.core.case import Case, fold
from bot.core.decide import Decision
from bot.core.events import Turn
from bot.core.position import Situation
from bot.core.retention import ends_at
from bot.core.say import Voice, recalled
from bot.core.submission import envelope
from bot.core.tell import greet
from bot.keys import RandomBytes, SealBroken, Secret, Vault
from bot.library import Library, typed_parameters
from bot.ports import (
    AgencyClient,
    AgencyRejected,
    AgencyUnavailable,
    CaseId,
    Clock,
    CredentialChange,
    DoorChange,
    Entry,
    Job,
    Loaded,
    Moment,
    NewJob,
    Parcel,
    Settlement,
    Store,
    StoreDown,
    WorldError,
)  # fmt: skip
from bot.procedures.schema import submission_schema
from bot.procedures.walk import Path, walk
from bot.turn import Arrived, Attempt, Incoming, Reply, WordsOf, attempt, steps, summary_row

log = logging.getLogger("antragslotse.desk")

HOT_CASES: Final = 10_000
LEASE: Final = timedelta(seconds=30)
FIRST_RETRY: Final = timedelta(seconds=2)
BUSY_RETRY: Final = 0.2
LOOK_AGAIN: Final = timedelta(days=1)
LAST_RETRY: Final = timedelta(minutes=5)


_Done = tuple[Reply | None, datetime | None]
"""What a job made us say, and when it is due again; None: it is done."""


class UnknownDoor(Exception):
    """No case lives behind this door."""


class CaseUnreadable(StoreDown):
    """A stored turn is not what this product wrote, or its key is gone. Only a person can help."""


@dataclass(slots=True)
class _Hot:
    """A case as this process last saw it."""

    case: Case
    path: Path
    key: Secret
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Desk:
    """Knows the store, the keys, the procedures, the languages and the clock; nobody else knows all of them."""

    def __init__(
        self, store: Store, vault: Vault, library: Library, words: WordsOf, clock: Clock, *, random_bytes: RandomBytes
    ) -> None:
        self._store = store
        self._vault = vault
        self._library = library
        self._words = words
        self._clock = clock
        self._random = random_bytes
        self._cases: OrderedDict[CaseId, _Hot] = OrderedDict()
        self._agency: AgencyClient | None = None
        self._errands: dict[str, Callable[[Job], Awaitable[_Done]]] = {
            "submit": self._submit,
            "expire": self._expire,
            "erase": self._erase_job,
        }

    def connect(self, agency: AgencyClient) -> None:
        """The way on which submissions leave."""
        self._agency = agency

    # -- opening and finding -----------------------------------------------------------------------------------------

    async def open_case(
        self,
        procedure: str,
        *,
        channel: str,
        address: str,
        language: str = "de",
        demo_date: date | None = None,
        municipality: str | None = None,
    ) -> Reply:
        """A new case behind the door (channel, address), greeted. Raises :class:`bot.library.NotOffered`."""
        interview = self._library.newest(procedure)
        moment = self._clock.moment(demo_date)
        id = codes.new_case(moment.now, self._random)
        key, wrapped = self._vault.new_key(id)
        opened = events.Opened(
            reference=codes.new_reference(self._random),
            procedure=procedure,
            version=interview.procedure.version,
            hash=interview.source.hash,
            municipality=municipality,
            parameters=self._library.parameters(procedure, municipality),
            language=language,
            demo_date=demo_date,
        )
        first = Turn(number=1, at=moment.now, actor="applicant", door=channel, facts=(opened,))
        case = fold([first])
        situation = self._situation(_Hot(case, self._walked(case, moment), key), moment)
        says = greet(situation)
        door = events.DoorOpened(channel=channel, address=address)
        turn = first.model_copy(update={"facts": (opened, door, *(say.fact for say in says))})
        hot = _Hot(fold([turn]), situation.path, key)
        change = DoorChange(self._vault.door_hash(channel, address), channel, "current")
        entry = self._entry(id, hot, turn, replace(situation, case=hot.case))
        expire = NewJob("expire", "expire", ends_at(hot.case) or moment.now)
        [appended] = await self._store.append([replace(entry, key=wrapped, doors=(change,), jobs=(expire,))])
        if appended != "done":  # its id or reference is taken, by a chance of one in a billion
            raise StoreDown("a case with this number exists", BUSY_RETRY)
        self._keep(id, hot)
        return Reply(id, "accepted", tuple(says), replace(situation, case=hot.case))

    async def find(self, channel: str, address: str) -> CaseId:
        """The case behind a door. Raises :class:`UnknownDoor`."""
        case = await self._store.find_door(self._vault.door_hash(channel, address))
        if case is None:
            raise UnknownDoor
        return case

    async def resume(self, code: str, *, channel: str, address: str) -> Reply | None:
        """The case of a resume code, now behind this door too. None where the code opens nothing."""
        read = codes.read_resume_code(code)
        moment = self._clock.moment()
        if read is None:
            return None
        id = await self._store.find_credential(self._vault.credential_hash(read), "resume", moment.now)
        if id is None:
            return None
        door = DoorChange(self._vault.door_hash(channel, address), channel, "current")
        opened = events.DoorOpened(channel=channel, address=address)
        return await self._turn(id, Arrived(channel, content=c.Acted("resume"), doors=(door,), facts=(opened,)))

    # -- one message -------------------------------------------------------------------------------------------------

    async def take_in(self, incoming: Incoming) -> Reply:
        """One message in, everything that is said in answer out, durable before this returns.

        Raises :class:`UnknownDoor`, and :class:`bot.ports.StoreDown` where nothing of it was written.
        """
        id = await self.find(incoming.channel, incoming.address)
        seen = (self._vault.door_hash(incoming.channel, incoming.address), incoming.message_id)
        content, message = incoming.content, incoming.message_id
        return await self._turn(id, Arrived(incoming.channel, incoming.actor, content, message_id=message, seen=seen))

    async def look(self, id: CaseId) -> Situation:
        """The case as it stands now, without a word. Raises :class:`UnknownDoor` where it is gone."""
        hot = await self._fresh(id)
        return self._situation(hot, self._clock.moment(hot.case.demo_date))

    async def _turn(self, id: CaseId, arrived: Arrived) -> Reply:
        """Decides, writes and answers one input; decides anew where another writer was faster."""
        hot = await self._hot(id)
        async with hot.lock:
            for _ in range(limits.CONFLICT_RETRIES):
                attempted = self._attempt(id, hot, arrived)
                if isinstance(attempted, Reply):
                    return attempted
                tried, entry = attempted
                if not tried.writes:
                    return tried.reply(id, "")
                code, credentials = self._resume_code(tried.decision)
                entry = replace(entry, seen=arrived.seen, doors=arrived.doors, credentials=credentials)
                [appended] = await self._store.append([entry])
                if appended == "done":
                    hot.case, hot.path = tried.after.case, tried.after.path
                    if tried.decision.erase:
                        return await self._erase(id, tried)
                    return tried.reply(id, code)
                await self._reload(id, hot)
                if appended == "seen":
                    return await self._repeated(id, hot, arrived)
        raise StoreDown("too many writers on one case", BUSY_RETRY)

    def _attempt(self, id: CaseId, hot: _Hot, arrived: Arrived) -> tuple[Attempt, Entry] | Reply:
        """Decide, word and seal one turn. A bug of ours becomes a kind word, and nothing of the turn is written."""
        before = self._situation(hot, self._clock.moment(hot.case.demo_date))
        try:
            tried = attempt(before, arrived, self._words)
            return tried, self._entry(id, hot, tried.turn, tried.after, tried.jobs)
        except Exception as error:  # noqa: BLE001  # the one place where a bug ends
            log.error("bug in case %s, turn %d: %s", hot.case.reference, hot.case.number + 1, _where(error))
            return Reply(id, "bug", (Voice(before).say(texts.BUG, "problem"),), before)

    async def _repeated(self, id: CaseId, hot: _Hot, arrived: Arrived) -> Reply:
        """A second delivery: nothing happens, the first outcome and its words are given again."""
        situation = self._situation(hot, self._clock.moment(hot.case.demo_date))
        turns = await self._turns(id, hot.key)
        first = next((turn for turn in turns if turn.command == arrived.told_by), None)
        if first is None:
            return Reply(id, "nothing", (), situation, repeated=True)
        says = tuple(
            recalled(fact, self._words(fact.language)) for fact in first.facts if isinstance(fact, events.Said)
        )
        return Reply(id, first.outcome, says, situation, repeated=True)

    async def _turns(self, id: CaseId, key: Secret, after: int = 0) -> list[Turn]:
        """The turns behind ``after``, opened. Raises :class:`UnknownDoor` where the case is gone."""
        loaded = await self._store.load(id, after)
        if loaded is None:
            self._cases.pop(id, None)
            raise UnknownDoor
        return self._opened(id, key, loaded)

    def _opened(self, id: CaseId, key: Secret, loaded: Loaded) -> list[Turn]:
        """Raises :class:`CaseUnreadable`, which quotes nothing of what it could not read."""
        turns = []
        for row in loaded.rows:
            try:
                turns.append(events.read(self._vault.open(key, id, row.number, row.payload)))
            except (ValueError, SealBroken):
                raise CaseUnreadable(f"turn {row.number} cannot be read") from None
        return turns

    def _resume_code(self, decision: Decision) -> tuple[str, tuple[CredentialChange, ...]]:
        if not isinstance(decision.command, c.Pause | c.StopHere) or decision.outcome != "done":
            return "", ()
        code = codes.new_resume_code(self._random)
        read = codes.read_resume_code(code) or code
        return code, (CredentialChange(self._vault.credential_hash(read), "resume"),)

    # -- the cases of this process -----------------------------------------------------------------------------------

    async def _hot(self, id: CaseId) -> _Hot:
        hot = self._cases.get(id)
        if hot is not None:
            self._cases.move_to_end(id)
            return hot
        loaded = await self._store.load(id)
        if loaded is None:
            raise UnknownDoor
        key = self._vault.unwrap(id, loaded.key)
        turns = self._opened(id, key, loaded)
        case = fold(turns)
        path = self._walked(case, self._clock.moment(case.demo_date))
        return self._cases.get(id) or self._keep(id, _Hot(case, path, key))

    async def _fresh(self, id: CaseId) -> _Hot:
        """The case with whatever other processes wrote meanwhile."""
        if id not in self._cases:
            return await self._hot(id)  # read just now
        hot = await self._hot(id)
        async with hot.lock:
            await self._reload(id, hot)
        return hot

    async def _reload(self, id: CaseId, hot: _Hot) -> None:
        """Load what another process wrote, and only that."""
        turns = await self._turns(id, hot.key, hot.case.number)
        if not turns:
            return
        hot.case = fold(turns, hot.case)
        hot.path = self._walked(hot.case, self._clock.moment(hot.case.demo_date))

    def _keep(self, id: CaseId, hot: _Hot) -> _Hot:
        self._cases[id] = hot
        if len(self._cases) > HOT_CASES:
            self._cases.popitem(last=False)
        return hot

    def _walked(self, case: Case, moment: Moment) -> Path:
        interview = self._library.version(case.procedure, case.version)
        return walk(interview, case.sheet, typed_parameters(interview, case.parameters), moment.today)

    def _situation(self, hot: _Hot, moment: Moment) -> Situation:
        if hot.path.scope.today != moment.today:
            hot.path = self._walked(hot.case, moment)
        interview = self._library.version(hot.case.procedure, hot.case.version)
        return Situation(hot.case, hot.path, interview, self._words(hot.case.language), moment.now, moment.today)

    # -- what is written ---------------------------------------------------------------------------------------------

    def _entry(self, id: CaseId, hot: _Hot, turn: Turn, after: Situation, jobs: Sequence[NewJob] = ()) -> Entry:
        payload = self._vault.seal(hot.key, id, turn.number, events.write(turn))
        return Entry(
            id, turn.number, turn.at, payload, summary_row(after), jobs=jobs, steps=tuple(steps(hot.case, turn))
        )

    async def _erase(self, id: CaseId, attempt: Attempt) -> Reply:
        """Its turn is written, with a job: a second delivery erases nothing, and a crash here is made good."""
        await self._forget(id)
        return Reply(id, attempt.decision.outcome, attempt.says)

    async def _forget(self, id: CaseId) -> None:
        await self._store.erase(id, self._clock.moment().now)
        self._cases.pop(id, None)

    # -- work that follows -------------------------------------------------------------------------------------------

    async def work(self, limit: int = 10) -> list[Reply] | None:
        """Does the jobs that are due and returns what they made us say. None: nothing was due."""
        now = self._clock.moment().now
        jobs = await self._store.claim(now, now + LEASE, limit)
        if not jobs:
            return None
        replies = []
        for job in jobs:
            reply, settlement = await self._job(job)
            if reply is not None:
                replies.append(reply)
            await self._store.settle([settlement])
        return replies

    async def _job(self, job: Job) -> tuple[Reply | None, Settlement]:
        """Does one job. It is done, or due again later; the world's failures only ever delay it."""
        reply, due = None, None
        try:
            reply, due = await self._errands[job.kind](job)
        except UnknownDoor:
            pass  # the case was erased, and its work with it
        except AgencyUnavailable as error:
            due = self._later(job, error.retry_after)
        except WorldError:
            raise
        except Exception as error:  # noqa: BLE001  # a bug of ours delays one job, and stops no other
            log.error("bug in %s job %d: %s", job.kind, job.id, _where(error))
            due = self._later(job)
        return reply, Settlement(job.id, done=due is None, due=due, tries=job.tries)

    def _later(self, job: Job, asked: float | None = None) -> datetime:
        return self._clock.moment().now + _wait(job.tries, asked)

    async def _erase_job(self, job: Job) -> _Done:
        await self._forget(job.case)
        return None, None

    async def _expire(self, job: Job) -> _Done:
        """Erases a case whose time is over; else says when to look again."""
        hot = await self._fresh(job.case)
        await self._turn(job.case, Arrived("", "timer", command=c.Expire()))
        return None, ends_at(hot.case) or self._clock.moment().now + LOOK_AGAIN

    async def _submit(self, job: Job) -> _Done:
        """Hands one submission to the agency's side. Idempotent by the job's key; done once it has left the queue."""
        situation = await self.look(job.case)
        n = int(job.payload)
        submission = situation.case.submissions[n]
        if self._agency is None:
            raise AgencyUnavailable("no way to the agency is configured")
        if submission.state != "queued":
            return None, None
        sent = envelope(situation, submission)
        schema = submission_schema(situation.interview.source)
        parcel = Parcel(job.key, situation.case.reference, submission.kind, sent, schema)
        reply = await self._turn(job.case, Arrived("", "agency", command=await _delivered(self._agency, parcel, n)))
        return reply, None if reply.outcome == "done" else self._later(job)


async def _delivered(agency: AgencyClient, parcel: Parcel, n: int) -> c.Move:
    """What the agency's side made of the parcel, as news for the case."""
    try:
        delivery = await agency.submit(parcel)
    except AgencyRejected as error:
        return c.Move(n, "rejected", {"reasons": [dict(reason) for reason in error.reasons]})
    return c.Move(n, delivery.state, dict(delivery.proof))


def _wait(tries: int, asked: float | None) -> timedelta:
    """How long until the next try: what the other side asks for, else doubling."""
    if asked is not None:
        return timedelta(seconds=asked)
    return min(LAST_RETRY, FIRST_RETRY * float(2 ** min(tries, 10)))


def _where(error: Exception) -> str:
    """Kind and place of an error, without its message: a message may quote an answer."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} at {place}"
