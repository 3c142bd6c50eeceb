"""A hundred real deaths: kill -9 at any moment and at failpoints, on one file that lives through all of them."""

import multiprocessing
import random
import time
from pathlib import Path

import pytest

from bot import failpoints
from tests.contracts.entries import case
from tests.crash.child import Orders, live
from tests.crash.examiner import examine, messages, surviving_keys

ROUNDS = 100
STREAMS = 6
FIRST_SPARE = 1_000_000
POINTS = [point for point in failpoints.POINTS if point.startswith("store.")]


class Parent:
    """Knows what it was told, and nothing else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.told = [0] * STREAMS
        self.erased: list[int] = []
        self.messages = 0
        # the server is forked once with everything imported; children are forked from it in milliseconds
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.crash.child"])

    def round(self, point: str | None, nth: int, patience: float) -> None:
        """One life: from the first message told until death ``patience`` seconds later, or at ``point``."""
        ear, mouth = self.context.Pipe(duplex=False)
        spare = FIRST_SPARE + len(self.erased) * 2 + self.messages  # never one that was used
        orders = Orders(str(self.path), tuple(told + 1 for told in self.told), spare, point, nth)
        child = self.context.Process(target=live, args=(orders, mouth))
        child.start()
        mouth.close()
        with ear:
            self.listen(ear, time.monotonic() + 10)
            end = time.monotonic() + (10 if point else patience)
            while time.monotonic() < end and self.listen(ear, end):
                pass
            child.kill()
            while self.listen(ear, time.monotonic() + 10):
                pass
        child.join(10)
        assert child.exitcode == -9

    def listen(self, ear, until: float) -> bool:
        """One piece of news. False where there is none, or the child is dead."""
        try:
            if not ear.poll(max(0.0, until - time.monotonic())):
                return False
            kind, which, number = ear.recv()
        except EOFError:
            return False
        self.messages += 1
        if kind == "message":
            assert number == self.told[which] + 1
            self.told[which] = number
        else:
            self.erased.append(which)
        return True

    def lost(self, found: dict[str, int]) -> int:
        expected = (
            f"{case(stream).hex()} {message}"
            for stream in range(STREAMS)
            for message in range(1, self.told[stream] + 1)
        )
        return sum(message not in found for message in expected)


@pytest.mark.crash
def test_nothing_told_is_lost_through_a_hundred_kills(tmp_path, record_property):
    chance, parent = random.Random(20220302), Parent(tmp_path / "ledger.db")
    for number in range(ROUNDS):
        point = chance.choice(POINTS) if number % 2 else None
        parent.round(point, chance.randint(1, 60), chance.uniform(0.0, 0.12))
        if number % 10 == 3:
            spoil_the_log(parent.path, chance)
        assert examine(parent.path) == [], f"round {number}, {point}"
        found = messages(parent.path)
        assert parent.lost(found) == 0, f"round {number}, {point}"
        assert set(found.values()) <= {1}
        assert surviving_keys(parent.path, [case(one) for one in parent.erased]) == set()
    told = sum(parent.told)
    figures = f"{ROUNDS} kills: {told} turns acknowledged, 0 lost, 0 doubled, {len(parent.erased)} erased, 0 left"
    record_property("figures", figures)
    assert told > 10 * ROUNDS
    assert len(parent.erased) > ROUNDS


def spoil_the_log(path: Path, chance: random.Random) -> None:
    """What a torn write leaves: rubbish behind the end of the write-ahead log."""
    log = path.with_name(path.name + "-wal")
    if log.exists():
        with log.open("ab") as file:
            file.write(chance.randbytes(chance.randint(1, 9_000)))
