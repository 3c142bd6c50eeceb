"""The process dies at every failpoint, at every visit, in every scenario; then the store is opened again."""

import asyncio
import re
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

import bot
from bot import failpoints
from bot.keys import load_masters
from bot.ports import StoreDown
from bot.stores.sqlite import SqliteStore
from tests.contracts.entries import case
from tests.crash.examiner import examine, stored, surviving_keys
from tests.crash.scenarios import SCENARIOS, Witness

STORE_POINTS = [point for point in failpoints.POINTS if point.startswith("store.")]
MOST_VISITS = 40


def played(path, scenario):
    """Play it until the end or until the store dies. What was told done."""

    async def whole():
        store = SqliteStore(path)
        witness = Witness(store)
        with suppress(StoreDown):
            await scenario(witness)
        await store.close()
        return witness

    return asyncio.run(whole())


class Death:
    """Aborts at the ``nth`` visit of ``point``; ``came`` tells whether it did."""

    def __init__(self, point, nth):
        self.abort, self.came = failpoints.abort_at(point, nth), False

    def __call__(self, point):
        try:
            self.abort(point)
        except failpoints.Abort:
            self.came = True
            raise


def visits(folder: Path, scenario) -> Counter[str]:
    """How often each point is reached where nothing dies."""
    counter: Counter[str] = Counter()
    with failpoints.armed(lambda point: counter.update([point])):
        played(folder / "undisturbed.db", scenario)
    return counter


@pytest.mark.crash
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the writer is meant to die
@pytest.mark.parametrize("name", SCENARIOS)
def test_whatever_dies_wherever_nothing_told_is_lost(name, tmp_path, record_property):
    scenario, jobs_stay = SCENARIOS[name], name != "work_off_jobs"
    deaths, told = 0, 0
    for point, times in visits(tmp_path, scenario).items():
        for nth in range(1, min(times, MOST_VISITS) + 1):
            path = tmp_path / f"{point} {nth}.db"
            death = Death(point, nth)
            with failpoints.armed(death):
                cut_off = played(path, scenario)
            here = f"{point}, visit {nth}"
            assert examine(path, jobs_stay=jobs_stay) == [], here
            left = {one for one, _ in stored(path)}
            erasing = {case(1)} - left if name.startswith("erase") else set()
            kept = [(one, number) for one, number in cut_off.acknowledged if one not in erasing]
            assert set(kept) <= stored(path), here
            assert not set(cut_off.erased) & left, here
            assert not surviving_keys(path, cut_off.erased), here
            again = played(path, scenario)
            assert examine(path, jobs_stay=jobs_stay) == [], here
            assert not set(cut_off.acknowledged) & set(again.acknowledged), here
            assert whole(path, again.erased) == whole(tmp_path / "undisturbed.db", again.erased), here
            deaths, told = deaths + death.came, told + len(cut_off.acknowledged)
    record_property("figures", f"{name}: {deaths} deaths in process, {told} acknowledged, 0 lost, 0 doubled")
    assert deaths >= 20


def whole(path: Path, erased) -> tuple[object, ...]:
    return stored(path), surviving_keys(path, erased)


def test_every_failpoint_is_visited(tmp_path):
    reached: set[str] = set()
    with failpoints.armed(reached.add):
        load_masters({}, tmp_path, lambda length: bytes(range(length)))
        for name, scenario in SCENARIOS.items():
            played(tmp_path / f"{name}.db", scenario)
    # those of evidence: tests/evidence/test_stores.py
    assert reached == {point for point in failpoints.POINTS if not point.startswith("evidence.")}


def test_every_failpoint_stands_in_the_code_once():
    sources = Path(bot.__file__).parent.rglob("*.py")
    found = Counter(point for path in sources for point in re.findall(r'\bhit\("([^"]+)"\)', path.read_text("utf-8")))
    assert found == Counter(failpoints.POINTS.keys())


def test_nothing_is_armed_in_production():
    assert failpoints._hook is None
    failpoints.hit("store.before_commit")
    with pytest.raises(KeyError):
        failpoints.abort_at("store.no_such_point")
