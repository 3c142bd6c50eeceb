"""What goes on in a store when it dies. A scenario is ``async def scenario(store)`` and can be played again.

Law: playing a scenario again is redelivery: every message comes once more under its old id. Whatever was cut off,
after one undisturbed repetition each message stands in the ledger exactly once. A scenario that drives the desk
joins by a line in ``SCENARIOS``: give the desk the store that comes in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.ports import CaseId, NewJob, Settlement, Step, Store
from tests.contracts.entries import NOW, case, entry

Scenario = Callable[[Any], Awaitable[None]]


class Witness:
    """A store that remembers what it was told is done. Everything else passes through."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.acknowledged: list[tuple[CaseId, int]] = []
        self.erased: list[CaseId] = []

    async def append(self, entries):
        outcomes = await self._store.append(entries)
        told = zip(entries, outcomes, strict=True)
        self.acknowledged += [(one.case, one.number) for one, outcome in told if outcome == "done"]
        return outcomes

    async def erase(self, case, at):
        there = await self._store.erase(case, at)
        self.erased.append(case)
        return there

    def __getattr__(self, name):
        return getattr(self._store, name)


async def deliver(store: Any, case: CaseId, message: str) -> str:
    """One message, in the way of the desk: read, decide, append, and again where another one was faster.

    Each turn brings a message id, a job and a step, by which the examiner sees whether it is whole.
    """
    while True:
        loaded = await store.load(case, after=10**9)
        number = 1 if loaded is None else loaded.last + 1
        jobs, steps = [NewJob("say", str(number), NOW)], [Step("born", "date", 1_000)]
        seen = (b"door", f"{case.hex()} {message}")
        payload = f"{case.hex()} {message}".encode()
        (outcome,) = await store.append([entry(case, number, payload=payload, seen=seen, jobs=jobs, steps=steps)])
        if outcome != "conflict":
            return outcome
        if loaded is None and await store.load(case) is None:
            return "gone"


async def one_by_one(store: Any) -> None:
    for message in range(6):
        await deliver(store, case(1), str(message))


async def many_at_once(store: Any) -> None:
    async def talk(one: CaseId) -> None:
        for message in range(3):
            await deliver(store, one, str(message))

    await asyncio.gather(*(talk(case(number)) for number in range(1, 9)))


async def one_case_from_two_sides(store: Any) -> None:
    async def side(name: str) -> None:
        for message in range(3):
            await deliver(store, case(1), f"{name} {message}")

    await asyncio.gather(side("left"), side("right"))


async def erase_one_of_two(store: Any) -> None:
    for one in (case(1), case(2)):
        await deliver(store, one, "hello")
        await deliver(store, one, "again")
    await store.erase(case(1), NOW)
    await deliver(store, case(2), "after")


async def erase_while_others_open(store: Any) -> None:
    await deliver(store, case(1), "hello")
    others = (deliver(store, case(number), "hello") for number in range(2, 6))
    await asyncio.gather(store.erase(case(1), NOW), *others)


async def work_off_jobs(store: Any) -> None:
    """The lease is over at once, so that a repetition finds what a dead worker left."""
    for message in range(3):
        await deliver(store, case(1), str(message))
    while jobs := await store.claim(NOW, NOW, limit=2):
        await store.settle([Settlement(job.id, done=True, tries=job.tries) for job in jobs])


async def change_the_master_key(store: Any) -> None:
    for number in (1, 2, 3):
        await deliver(store, case(number), "hello")
    await store.rekey(lambda _, wrapped: b"new " + wrapped.removeprefix(b"new "))
    await deliver(store, case(1), "again")


SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        one_by_one,
        many_at_once,
        one_case_from_two_sides,
        erase_one_of_two,
        erase_while_others_open,
        work_off_jobs,
        change_the_master_key,
    )
}
