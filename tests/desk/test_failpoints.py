"""The process dies at every failpoint, at every visit, in every scenario of the desk; then everybody comes back.

Whatever was acknowledged is there once, and sending every message again under its id gives the undisturbed end.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

import pytest

from bot import failpoints
from bot.core.commands import Acted, Picked
from bot.desk import Desk, UnknownDoor
from bot.ports import Delivery, StoreDown
from bot.stores.sqlite import SqliteStore
from tests.core.talk import seen
from tests.crash.test_abort import Death
from tests.desk.house import ANSWERS, Client, StillClock, desk_over

MOST_VISITS = 40

ANSWERED = ("@consent", "bundesland", "rolle", "kinder[1].vorname", "kinder[1].geboren", "@again[kinder]")
SOME = tuple(Picked(address, value) for address, value in zip(ANSWERED, ANSWERS, strict=False))
ALL_ADDRESSES = (
    *ANSWERED, "@again[zeiten]", "zeiten[1].fuer", "zeiten[1].zeitraum", "zeiten[1].grund", "@again[zeiten]",
    "monate[2020-04].einnahmen", "monate[2020-05].einnahmen", "telefon", "mail", "nachweis",
    "@declaration[wahrheit]", "@declaration[betreuung]",
)  # fmt: skip
ALL = tuple(Picked(address, value) for address, value in zip(ALL_ADDRESSES, ANSWERS, strict=True))

SUBMIT = Acted("submit")

SCENARIOS = {
    "answers": SOME,
    "correct": (*SOME, Acted("correct", "rolle"), Picked("rolle", "angestellt")),
    "undo": (*SOME[:4], Acted("undo"), Picked("kinder[1].vorname", "Ben")),
    "rows": (*SOME[:5], Picked("@again[kinder]", True), Picked("kinder[2].vorname", "Ben"),
             Picked("kinder[2].geboren", "2016-01-01"), SOME[5],
             Acted("remove_row", "kinder[1]")),
    "pause": (*SOME[:3], Acted("pause"), Acted("resume"), SOME[3]),
    "submit": (*ALL, SUBMIT),
    "erase": (*SOME[:3], Acted("erase"), Picked("@erase", True)),
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


class Agency:
    """Keeps what was handed in, by its key: the same key never files twice."""

    def __init__(self):
        self.filed = {}

    async def step(self, parcel):
        self.filed[parcel.key] = parcel.envelope["data"]
        return Delivery("prepared", {"place": "here"})


def played(path, contents, agency):
    """Every message once, in order, until the end or until the store dies. How many were acknowledged."""

    async def whole():
        store, acknowledged = SqliteStore(path), 0
        desk = desk_over(store, clock := StillClock())
        desk.connect(agency)
        client = Client(desk)
        with suppress(StoreDown, UnknownDoor):
            await opened(client)
            acknowledged = 1
            for number, content in enumerate(contents):
                reply = await client.put(content, f"message {number}")
                assert reply.outcome in ("accepted", "done", "ask_back", "stale"), (number, reply.outcome)
                acknowledged += not reply.repeated
            await worked(desk, clock)
        await store.close()
        return acknowledged

    return asyncio.run(whole())


async def opened(client: Client) -> None:
    """The channel opens a case only where none is behind the door."""
    try:
        await client.case()
    except UnknownDoor:
        await client.open()


async def worked(desk: Desk, clock: StillClock) -> None:
    """All that is due, and what a dead worker had leased."""
    await desk.work()
    clock.pass_(seconds=31)
    while await desk.work():
        pass


def end_of(path):
    """What another process finds: the path, the ledger's message ids; None where the case is gone."""

    async def look():
        store = SqliteStore(path)
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


def visits(path, contents):
    counter: Counter[str] = Counter()
    with failpoints.armed(lambda point: counter.update([point])):
        played(path, contents, Agency())
    return counter


@pytest.mark.crash
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the writer is meant to die
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_case_survives_every_death(name, tmp_path, record_property):
    contents = SCENARIOS[name]
    undisturbed = tmp_path / "undisturbed.db"
    reached = visits(undisturbed, contents)
    whole, deaths = end_of(undisturbed), 0
    for point, times in reached.items():
        for nth in spread(times):
            path, agency, here = tmp_path / f"{point} {nth}.db", Agency(), f"{point}, visit {nth}"
            death = Death(point, nth)
            with failpoints.armed(death):
                acknowledged = played(path, contents, agency)
            _, messages = end_of(path)
            assert name == "erase" or len(messages) >= acknowledged - 1, here
            assert set(Counter(messages).values()) <= {1}, here
            again(path, contents, agency, name)
            assert end_of(path) == whole, here
            assert len(agency.filed) == (contents[-1] == SUBMIT), here
            deaths += death.came
    record_property("figures", f"desk, {name}: {deaths} deaths in process, nothing acknowledged lost, none doubled")
    assert deaths > 0


def spread(times):
    """Every visit where they are few, else as many as :data:`MOST_VISITS`, the first and the last among them."""
    last = MOST_VISITS - 1
    return sorted({1 + place * (times - 1) // last for place in range(MOST_VISITS)})


def again(path, contents, agency, name):
    """Everything once more. What was erased stays so: a message for it finds no door."""
    if name == "erase" and end_of(path)[0] is None:
        return
    played(path, contents, agency)


def test_the_matrix_visits_every_point_of_the_store(tmp_path):
    reached = {point for name, contents in SCENARIOS.items() for point in visits(tmp_path / f"{name}.db", contents)}
    assert reached == {point for point in failpoints.POINTS if point.startswith("store.")}
