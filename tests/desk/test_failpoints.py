"""The process dies at every failpoint, at every visit, in every scenario of the desk; then everybody comes back.

Whatever was acknowledged is there once, and sending the last messages again under their ids leads to where the
undisturbed case stood after them. Each death begins at a copy of the store as it was two messages before, so that a
long scenario costs no more than its length; what two scenarios have in common is died in once.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from bot import failpoints
from bot.core.commands import Acted, Content, Picked
from bot.desk import UnknownDoor
from bot.ports import Delivery, StoreDown
from bot.stores.sqlite import SqliteStore
from tests.core.talk import seen
from tests.crash.test_abort import Death
from tests.desk.house import ANSWERS, Client, StillClock, desk_over

WARM = 2
"""So many messages are taken in before the one in which the process dies: its case is hot then."""

OPEN, WORK = "open", "work"

ANSWERED = ("@consent", "bundesland", "rolle", "kinder[1].vorname", "kinder[1].geboren", "@again[kinder]")
SOME = tuple(Picked(address, value) for address, value in zip(ANSWERED, ANSWERS, strict=False))
ALL_ADDRESSES = (
    *ANSWERED, "@again[zeiten]", "zeiten[1].fuer", "zeiten[1].zeitraum", "zeiten[1].grund", "@again[zeiten]",
    "monate[2020-04].einnahmen", "monate[2020-05].einnahmen", "telefon", "mail", "nachweis",
    "@declaration[wahrheit]", "@declaration[betreuung]",
)  # fmt: skip
ALL = tuple(Picked(address, value) for address, value in zip(ALL_ADDRESSES, ANSWERS, strict=True))

SUBMIT = Acted("submit")
ERASE = Picked("@erase", True)

SCENARIOS = {
    "answers": SOME,
    "correct": (*SOME, Acted("correct", "rolle"), Picked("rolle", "angestellt")),
    "undo": (*SOME[:4], Acted("undo"), Picked("kinder[1].vorname", "Ben")),
    "rows": (*SOME[:5], Picked("@again[kinder]", True), Picked("kinder[2].vorname", "Ben"),
             Picked("kinder[2].geboren", "2016-01-01"), SOME[5],
             Acted("remove_row", "kinder[1]")),
    "pause": (*SOME[:3], Acted("pause"), Acted("resume"), SOME[3]),
    "submit": (*ALL, SUBMIT),
    "erase": (*SOME[:3], Acted("erase"), ERASE),
    "languages": (*ALL[:2], Acted("language", "en"), *ALL[2:9], Acted("language", "de"), *ALL[9:], SUBMIT),
    "back and again": (*ALL[:10], Acted("back"), ALL[9], *ALL[10:], SUBMIT),
    "much talk": (*ALL[:6], Acted("help"), Acted("summary"), *ALL[6:], Acted("human"), SUBMIT),
    "there and back": (*ALL[:16], Acted("correct", "rolle"), Picked("rolle", "angestellt"),
                       Picked("@change[rolle]", "change"), Acted("correct", "rolle"), ALL[2], *ALL[16:], SUBMIT),
    "two pauses": (*ALL[:3], Acted("pause"), Acted("resume"), *ALL[3:9], Acted("pause"), Acted("resume"), *ALL[9:],
                   SUBMIT),
    "stop and come back": (*ALL[:5], Acted("stop"), Acted("resume"), *ALL[5:], SUBMIT),
    "declare twice": (*ALL, Acted("correct", "telefon"), Picked("telefon", "+493411234568"), *ALL[16:], SUBMIT),
    "an old button": (*ALL[:8], Picked("bundesland", "anderes"), Picked("@change[bundesland]", "keep"), *ALL[8:],
                      SUBMIT),
}  # fmt: skip


NEXT = {"queued": "announced", "announced": "sent", "sent": "delivered", "delivered": "accepted"}


class Agency:
    """Leads a submission through every state, and keeps what was handed in by its key: one key is filed once."""

    def __init__(self):
        self.filed = Counter[str]()
        self.known = set[str]()

    async def step(self, parcel):
        state = NEXT[parcel.state]
        if state == "sent" and parcel.key not in self.known:
            self.known.add(parcel.key)
            self.filed[parcel.key] += 1
        return Delivery(state, {"case_id": "c"}, None if state == "accepted" else 0)


Deed = str | Content


class Stage(NamedTuple):
    """The store before ``deed``, the ``n``-th of a scenario, and how often it reaches each point."""

    n: int
    deed: Deed
    before: Path
    visits: Counter[str]


def deeds_of(name: str) -> tuple[Deed, ...]:
    return (OPEN, *SCENARIOS[name], WORK)


class Process:
    """One process over a store, until it is closed or the store dies."""

    def __init__(self, folder: Path, agency: Agency) -> None:
        self.store, self.clock = SqliteStore(folder / "case.db"), StillClock()
        self.desk = desk_over(self.store, self.clock)
        self.desk.connect(agency)
        self.client = Client(self.desk)

    async def do(self, n: int, deed: Deed) -> bool:
        """Was it acknowledged, and not just known already?"""
        if deed == OPEN:
            return await self._open()
        if deed == WORK:
            await self._work()
            return False
        reply = await self.client.put(deed, f"message {n}")
        assert reply.outcome in ("accepted", "done", "ask_back", "stale"), (n, reply.outcome)
        return not reply.repeated

    async def _open(self) -> bool:
        """The channel opens a case only where none is behind the door."""
        try:
            await self.client.case()
        except UnknownDoor:
            await self.client.open()
            return True
        return False

    async def _work(self) -> None:
        """All that is due, and what a dead worker had leased."""
        while await self.desk.work():
            pass
        self.clock.pass_(seconds=31)
        while await self.desk.work():
            pass


def stages(folder: Path, deeds: tuple[Deed, ...]) -> list[Stage]:
    """The whole scenario undisturbed, with a copy of the store before each deed; the last one is the end of it."""
    made = []

    async def whole():
        here = folder / "undisturbed"
        here.mkdir()
        process = Process(here, Agency())
        for n, deed in enumerate(deeds):
            before = shutil.copytree(here, folder / f"before {n}")  # nobody writes at this moment
            visits: Counter[str] = Counter()
            with failpoints.armed(lambda point, visits=visits: visits.update([point])):
                await process.do(n, deed)
            made.append(Stage(n, deed, before, visits))
        await process.store.close()
        made.append(Stage(len(deeds), "", here, Counter()))

    asyncio.run(whole())
    return made


def played(folder, agency, deeds, death=None):
    """The deeds, in the last of which the process may die. How many of them were acknowledged as new."""

    async def part():
        process, acknowledged = Process(folder, agency), 0
        with suppress(StoreDown, UnknownDoor):
            for n, deed in deeds[:-1]:
                acknowledged += await process.do(n, deed)
            with failpoints.armed(death) if death is not None else nullcontext():
                acknowledged += await process.do(*deeds[-1])
        await process.store.close()
        return acknowledged

    return asyncio.run(part())


def end_of(folder):
    """What another process finds: the path, the ledger's message ids; None where the case is gone."""

    async def look():
        store = SqliteStore(folder / "case.db")
        client = Client(desk_over(store))
        try:
            id = await client.case()
            situation = await client.desk.look(id)
            hot = await client.desk._cases.hot(id)
            turns = await client.desk._cases.turns(id, hot.key)
        except UnknownDoor:
            return None, []
        finally:
            await store.close()
        case = situation.case
        state = case.state, case.sheet, case.submission and case.submission.state, seen(situation.path)
        return state, [turn.command for turn in turns if turn.command]

    return asyncio.run(look())


def own(name: str) -> Iterator[int]:
    """The deeds that only this scenario, or it first, comes to in this way."""
    earlier = [deeds_of(other) for other in SCENARIOS][: list(SCENARIOS).index(name)]
    for n in range(len(deeds := deeds_of(name))):
        if not any(other[: n + 1] == deeds[: n + 1] for other in earlier):
            yield n


@pytest.mark.crash
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the writer is meant to die
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_case_survives_every_death(name, tmp_path, record_property):
    deeds = list(enumerate(deeds_of(name)))
    made, deaths = stages(tmp_path, deeds_of(name)), 0
    for n in own(name):
        first = max(0, n - WARM)
        after, known = end_of(made[n + 1].before), len(end_of(made[first].before)[1])
        for point, times in made[n].visits.items():
            for nth in range(1, times + 1):
                here = f"{made[n].deed}, {point}, visit {nth}"
                folder = shutil.copytree(made[first].before, tmp_path / f"{n} {point} {nth}")
                agency, death = Agency(), Death(point, nth)
                acknowledged = played(folder, agency, deeds[first : n + 1], death)
                _, messages = end_of(folder)
                assert name == "erase" or len(messages) >= known + acknowledged - (first == 0), here
                assert set(Counter(messages).values()) <= {1}, here
                again(folder, agency, deeds[first : n + 1])
                assert end_of(folder) == after, here
                assert set(agency.filed.values()) <= {1}, here
                assert bool(agency.filed) == (deeds[n][1] == WORK and SUBMIT in SCENARIOS[name]), here
                deaths += death.came
                shutil.rmtree(folder)
    record_property("figures", f"desk, {name}: {deaths} deaths in process, nothing acknowledged lost, none doubled")
    assert deaths > 0


def again(folder, agency, deeds):
    """Once more. What was erased stays so: a message for it finds no door, and nobody opens another case.

    An erasure that was begun is ended by its job.
    """
    erasing = any(deed == ERASE for _, deed in deeds)
    if not erasing:
        played(folder, agency, deeds)
    elif end_of(folder)[0] is not None:
        played(folder, agency, [*deeds, (0, WORK)])


def test_the_matrix_visits_every_point_of_the_store(tmp_path):
    reached: set[str] = set()
    for name in SCENARIOS:
        (tmp_path / name).mkdir()
        reached |= {point for stage in stages(tmp_path / name, deeds_of(name)) for point in stage.visits}
    assert reached == {point for point in failpoints.POINTS if point.startswith("store.")}
