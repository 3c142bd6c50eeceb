"""The whole house sends: it dies at each failpoint on the way, and the agency is away for a day. Once, and in order."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from bot import failpoints
from bot.ports import EvidenceDown, StoreDown
from tests.agency.once.office import handed_in as hand_in
from tests.agency.once.office import opened, ordered, schemas
from tests.agency.once.world import World, world
from tests.crash.test_abort import Death
from tests.desk.house import StillClock
from tests.support.breaking import Fault
from tests.support.practice import furnish

pytestmark = pytest.mark.anyio

DAY: Final = 24 * 3600
MOST_REQUESTS_AWAY: Final = 1_000
"""In a day, for three cases: the longest pause between two tries is five minutes."""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnish(tmp_path_factory.mktemp("sandbox"))


def no_fault(_n: int, _method: str, _path: str) -> None:
    return None


async def visits(folder: Path, here: World) -> Counter[str]:
    """How often each failpoint is reached while one submission goes its way."""
    counter: Counter[str] = Counter()
    async with opened(folder, here) as house:
        case = await house.client().case()
        with failpoints.armed(lambda point: counter.update([point])):
            await house.work_until(case, "accepted")
    return counter


async def die(folder: Path, here: World, death: Death) -> None:
    """Works until the process dies."""
    async with opened(folder, here) as house:
        case = await house.client().case()
        with failpoints.armed(death), suppress(StoreDown, EvidenceDown, failpoints.Abort):
            for _ in range(40):
                if death.came:
                    return
                await house.work()
                if await house.state(case) == "accepted":
                    return
                house.clock.pass_(seconds=31)


@pytest.mark.crash
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the writer is meant to die
async def test_the_house_dies_at_every_failpoint_of_the_way(
    keys: Path,
    tmp_path: Path,
    record_property: pytest.RecordProperty,  # type: ignore[name-defined]
) -> None:
    async with world(keys, schemas=schemas()) as here:
        here.proxy.begin(no_fault)
        ready, deaths = tmp_path / "ready", 0
        ready.mkdir()
        async with opened(ready, here) as house:
            await ordered(house)
        reached = await visits(shutil.copytree(ready, tmp_path / "undisturbed"), here)
        for point, times in reached.items():
            for nth in range(1, times + 1):
                folder, death = shutil.copytree(ready, tmp_path / "one"), Death(point, nth)
                before = here.filed()
                await die(folder, here, death)
                async with opened(folder, here) as house:
                    house.clock.pass_(seconds=31 * 50)  # later than whatever the dead one had leased
                    await house.work_until(await house.client().case(), "accepted")
                assert len(here.filed() - before) == 1, (point, nth)
                deaths += death.came
                shutil.rmtree(folder)
    record_property("figures", f"once, whole house: {deaths} deaths at {len(reached)} failpoints, one submission each")
    assert deaths > 30
    assert {"store.before_commit", "store.before_answer", "evidence.before_rename"} <= set(reached)


async def test_an_agency_that_is_away_for_a_day_gets_everything_once_and_in_order(keys: Path, tmp_path: Path) -> None:
    clock = StillClock()
    async with world(keys, schemas=schemas()) as here, opened(tmp_path, here, clock) as house:
        before = here.filed()
        here.proxy.begin(lambda _n, _method, _path: Fault("cut", after=False))
        cases = [await ordered(house, f"{name}@example.org", photos=0) for name in ("anna", "berta", "carla")]
        for _ in range(DAY // 60):
            await house.work()
            clock.pass_(seconds=60)
        assert {await house.state(case) for case in cases} == {"queued"}
        assert here.filed() == before
        assert len(here.proxy.asked) < MOST_REQUESTS_AWAY, "a hot loop"
        for case in cases:
            told = [
                fact.place
                for turn in await house.desk.history(case)
                for fact in turn.facts
                if fact.type == "Said" and fact.place == "core.submission.away"
            ]
            assert len(told) == 1, "told once"
        here.proxy.begin(lambda n, _method, _path: Fault("429", after=False) if n <= 30 else None)
        for case in cases:
            await house.work_until(case, "accepted")
        assert len(here.filed() - before) == len(cases)


async def test_late_evidence_follows_its_application_into_the_same_agency_case(keys: Path, tmp_path: Path) -> None:
    async with world(keys, schemas=schemas()) as here, opened(tmp_path, here) as house:
        here.proxy.begin(lambda n, _method, _path: Fault("503", after=n % 2 == 0) if n % 7 == 0 else None)
        before = here.filed()
        case = await ordered(house, photos=0)
        await house.work_until(case, "accepted")
        client = house.client()
        file = await hand_in(house, case)
        assert (await client.pick({"files": [file], "later": False})).outcome in ("accepted", "done")
        while (await client.situation()).open is not None:
            assert (await client.pick(True)).outcome == "accepted"
        assert (await client.act("send_addition")).outcome == "done"
        await house.work_until(case, "accepted")
        first, second = (await house.desk.look(case)).case.submissions.values()
        assert (first.kind, second.kind) == ("application", "addition")
        assert first.proof["case_id"] == second.proof["case_id"]
        assert len(here.filed() - before) == 2
