"""The work that follows from turns: sending, looking into files, expiring, erasing. Claimed jobs, each idempotent.

A job is done, or due again later; the world's failures only ever delay it, and a bug of ours delays one job and stops
no other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.cases import Cases, UnknownDoor
from bot.core import commands as c
from bot.core.retention import ends_at
from bot.dispatch import Dispatch
from bot.filing import Filing, TakeTurn
from bot.ports import (
    AgencyUnavailable,
    CaseId,
    Clock,
    EvidenceDown,
    Job,
    Settlement,
    Store,
    StoreDown,
)  # fmt: skip
from bot.turn import Arrived, Reply

log = logging.getLogger("antragslotse.desk")

LEASE: Final = timedelta(seconds=30)
FIRST_RETRY: Final = timedelta(seconds=2)
LAST_RETRY: Final = timedelta(minutes=5)
LOOK_AGAIN: Final = timedelta(days=1)

Done = tuple[Reply | None, datetime | None]
"""What a job made us say, and when it is due again; None: it is done."""


class Errands:
    """Knows how each kind of job is done. ``forget`` erases a case for good."""

    def __init__(
        self, store: Store, cases: Cases, clock: Clock, take_turn: TakeTurn, forget: Callable[[CaseId], Awaitable[None]]
    ) -> None:
        self._store = store
        self._cases = cases
        self._clock = clock
        self._take_turn = take_turn
        self._forget = forget
        self.dispatch = Dispatch(cases, clock, take_turn, self._later)
        self.filing: Filing | None = None
        self._errands: dict[str, Callable[[Job], Awaitable[Done]]] = {
            "submit": self._leave,
            "poll": self._leave,
            "expire": self._expire,
            "erase": self._erase,
            "check_file": self._check_file,
        }

    async def claim(self, limit: int) -> list[Job]:
        """Jobs that are due, ours until the lease ends."""
        now = self._clock.moment().now
        return await self._store.claim(now, now + LEASE, limit)

    async def do(self, job: Job) -> Reply | None:
        """Does one job and settles it. Returns what it made us say. Raises :class:`StoreDown`."""
        reply, due = None, None
        try:
            reply, due = await self._errands[job.kind](job)
        except UnknownDoor:
            pass  # the case was erased, and its work with it
        except (AgencyUnavailable, EvidenceDown) as error:
            due = self._later(job, error.retry_after)
        except StoreDown:
            raise
        except Exception as error:  # noqa: BLE001  # a bug of ours delays one job, and stops no other
            log.error("bug in %s job %d: %s", job.kind, job.id, where(error))
            due = self._later(job)
        await self._store.settle([Settlement(job.id, done=due is None, due=due, tries=job.tries)])
        return reply

    async def work(self, limit: int) -> list[Reply] | None:
        """Does the jobs that are due, one beside the other. None: nothing was due."""
        jobs = await self.claim(limit)
        if not jobs:
            return None
        return replies(await asyncio.gather(*(self.do(job) for job in jobs)))

    def _later(self, job: Job, asked: float | None = None) -> datetime:
        return self._clock.moment().now + _wait(job.tries, asked)

    async def _erase(self, job: Job) -> Done:
        await self._forget(job.case)
        return None, None

    async def _expire(self, job: Job) -> Done:
        """Erases a case whose time is over; else says when to look again."""
        hot = await self._cases.fresh(job.case)
        await self._take_turn(job.case, Arrived("", "timer", command=c.Expire()))
        return None, ends_at(hot.case) or self._clock.moment().now + LOOK_AGAIN

    async def _check_file(self, job: Job) -> Done:
        if self.filing is None:
            raise EvidenceDown("no place for evidence is configured")
        return await self.filing.do(job, self._clock.moment().now)

    async def _leave(self, job: Job) -> Done:
        return await self.dispatch.do(job)


def replies(said: Iterable[Reply | None]) -> list[Reply]:
    return [reply for reply in said if reply is not None]


def _wait(tries: int, asked: float | None) -> timedelta:
    """How long until the next try: what the other side asks for, else doubling."""
    if asked is not None:
        return timedelta(seconds=asked)
    return min(LAST_RETRY, FIRST_RETRY * float(2 ** min(tries, 10)))


def where(error: Exception) -> str:
    """Kind and place of an error, without its message: a message may quote an answer."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} at {place}"
