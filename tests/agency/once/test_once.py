"""Once, whatever breaks: faults at every request, before and after its effect, and our own death at each of them.

Each run ends with exactly one submission at the agency; while the world stays broken, with an honest "not yet". More
than one, or "delivered" without it, fails. ``ANTRAGSLOTSE_RUNS``: how many plans of several faults are drawn.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.agency.once.world import World, parcel, world
from tests.support.breaking import FAULTS, Fault, Plan
from tests.support.practice import furnish

pytestmark = pytest.mark.anyio

RUNS: Final = int(os.environ.get("ANTRAGSLOTSE_RUNS", "0"))
FEW: Final = 40
SHARE: Final = 1 if RUNS else 6
"""Of the single faults every so many-th, where no runs are asked for."""
SEEDS: Final = range(8)
MOST_FAULTS: Final = 6


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One set of keys for all sandboxes: making them costs seconds."""
    return furnish(tmp_path_factory.mktemp("sandbox"))


async def requests_of(here: World) -> int:
    """How many requests an undisturbed submission takes, to its acceptance."""
    here.proxy.begin(lambda _n, _method, _path: None)
    here.before = here.filed()
    sent = await here.lead(parcel())
    assert (sent.state, len(here.filed() - here.before)) == ("accepted", 1)
    assert here.told[0] == "queued"
    assert "delivered" in here.told
    return len(here.proxy.asked)


async def survive(here: World, plan: Plan) -> bool:
    """One submission under ``plan``, which ends some time. Was anything broken at all?"""
    here.proxy.begin(plan)
    here.before = here.filed()
    sent = await here.lead(parcel())
    assert (sent.state, len(here.filed() - here.before)) == ("accepted", 1), here.proxy.asked
    return here.proxy.befallen > 0


def once(here: World, nth: int, fault: Fault, *, dies: bool) -> Plan:
    def plan(n: int, _method: str, _path: str) -> Fault | None:
        if n != nth:
            return None
        here.dies = dies
        return fault

    return plan


def singles(last: int, share: int) -> Iterator[tuple[int, Fault, bool]]:
    """Every fault at every request, with and without our death; ``share`` n: every n-th of them."""
    every = ((nth, fault, dies) for nth in range(1, last + 1) for fault in FAULTS for dies in (False, True))
    return (each for number, each in enumerate(every) if number % share == 0)


@pytest.mark.parametrize("profile", ["v1", "v2"])
async def test_one_fault_anywhere(profile: str, keys: Path, record_property: pytest.RecordProperty) -> None:  # type: ignore[name-defined]
    async with world(keys, profile) as here:
        last, befallen = await requests_of(here), 0
        for nth, fault, dies in singles(last, SHARE * (1 if profile == "v2" else 4)):
            befallen += await survive(here, once(here, nth, fault, dies=dies))
    record_property("figures", f"once, {profile}: {befallen} faults at {last} requests, one submission each")
    assert befallen >= last


@pytest.mark.parametrize("seed", SEEDS)
async def test_many_faults(seed: int, keys: Path, record_property: pytest.RecordProperty) -> None:  # type: ignore[name-defined]
    draw, runs = random.Random(seed), max(FEW, RUNS) // len(SEEDS)  # a plan, no secret
    async with world(keys) as here:
        last, befallen = await requests_of(here), 0
        for _ in range(runs):
            befallen += await survive(here, several(here, draw, last))
    record_property("figures", f"once, seed {seed}: {runs} runs, {befallen} of them broken, one submission each")
    assert befallen > runs // 2


def several(here: World, draw: random.Random, last: int) -> Plan:
    """Up to six faults, and a death with every third."""
    at = {draw.randint(1, 2 * last): (draw.choice(FAULTS), draw.random() < 0.3) for _ in range(MOST_FAULTS)}

    def plan(n: int, _method: str, _path: str) -> Fault | None:
        fault, dies = at.get(n, (None, False))
        here.dies = here.dies or dies
        return fault

    return plan


@pytest.mark.parametrize("after", [0, 1, 3, 5, 7, 9, 11])
@pytest.mark.parametrize("fault", [Fault("cut", after=False), Fault("cut", after=True), Fault("503", after=True)])
async def test_while_the_world_stays_broken_nothing_is_claimed(after: int, fault: Fault, keys: Path) -> None:
    async with world(keys) as here:
        here.before = here.filed()
        here.proxy.begin(lambda n, _method, _path: fault if n > after else None)
        waiting = await here.lead(parcel(), most=12)
        assert waiting.state in ("queued", "announced", "sent")
        assert len(here.filed() - here.before) <= 1
        here.proxy.begin(lambda _n, _method, _path: None)
        assert (await here.lead(waiting)).state == "accepted"
        assert len(here.filed() - here.before) == 1
