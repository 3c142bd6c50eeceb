"""Memory and SQLite side by side with a model in a few lines: whatever happens in whatever order, all three agree."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.ports import CredentialChange, DoorChange, Entry, Filter, NewJob, Settlement, Step
from bot.stores.memory import MemoryStore
from bot.stores.sqlite import SqliteStore
from tests.contracts.entries import NOW, case, entry

CASES = st.integers(1, 4).map(case)
MESSAGES = st.integers(1, 6).map(str)
DOORS = st.sampled_from([b"door", b"gate"])
MINUTES = st.integers(0, 10).map(lambda minutes: timedelta(minutes=minutes))


class Stores(RuleBasedStateMachine):
    @initialize()
    def open(self):
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.memory, self.sqlite = MemoryStore(), SqliteStore(Path(self.folder.name) / "ledger.db")
        self.now = NOW
        self.turns: dict[bytes, list[bytes]] = {}
        self.seen: dict[tuple[bytes, str], Entry] = {}
        self.sent: list[Entry] = []
        self.erased: set[bytes] = set()
        self.claimed = []

    def teardown(self):
        if hasattr(self, "loop"):
            self.loop.run_until_complete(self.sqlite.close())
            self.loop.close()
            self.folder.cleanup()

    def both(self, call):
        """The answer of both stores, which must be the same."""
        one, two = (self.loop.run_until_complete(call(store)) for store in (self.memory, self.sqlite))
        assert one == two
        return one

    def append(self, one):
        (outcome,) = self.both(lambda store: store.append([one]))
        assert outcome == self.expected(one)
        if outcome == "done":
            self.turns.setdefault(one.case, []).append(one.payload)
            self.sent.append(one)
            if one.seen is not None:
                self.seen[one.seen] = one

    def expected(self, one):
        if one.seen in self.seen:
            return "seen"
        fits = one.number == len(self.turns.get(one.case, ())) + 1 and one.case not in self.erased
        return "done" if fits else "conflict"

    @rule(
        case=CASES, off=st.sampled_from([0, 0, 0, 0, -1, 1]), message=st.none() | MESSAGES, door=DOORS, data=st.data()
    )
    def talk(self, case, off, message, door, data):
        number = max(1, len(self.turns.get(case, ())) + 1 + off)
        states = st.sampled_from(["current", "older", "closed"])
        doors = data.draw(st.lists(st.builds(DoorChange, DOORS, st.just("web"), states), max_size=2))
        jobs = [NewJob("say", f"{number}:{n}", self.now) for n in range(data.draw(st.integers(0, 2)))]
        uses = data.draw(st.none() | st.integers(0, 2))
        held = [CredentialChange(door, "hop", expires=self.now + timedelta(minutes=5), uses=uses)]
        self.append(
            entry(
                case,
                number,
                at=self.now,
                seen=(door, message) if message else None,
                doors=doors,
                jobs=jobs,
                credentials=held[: data.draw(st.integers(0, 1))],
                steps=[Step("born", "date", number)],
                index=[("name", door)],
            )
        )

    @rule(data=st.data())
    def redeliver(self, data):
        if self.sent:
            self.append(data.draw(st.sampled_from(self.sent)))

    @rule(case=CASES)
    def erase(self, case):
        there = case in self.turns
        assert self.both(lambda store: store.erase(case, self.now)) == there
        if there:
            del self.turns[case]
            self.erased.add(case)
            # its messages are forgotten: what comes again now is judged by its number
            self.seen = {pair: one for pair, one in self.seen.items() if one.case != case}

    @rule(case=CASES, number=st.integers(0, 5))
    def rewrite(self, case, number):
        there = 1 <= number <= len(self.turns.get(case, ()))
        assert self.both(lambda store: store.rewrite(case, number, b"redacted")) == there
        if there:
            self.turns[case][number - 1] = b"redacted"

    @rule(wait=MINUTES, lease=MINUTES, limit=st.integers(1, 4))
    def claim(self, wait, lease, limit):
        self.now += wait
        self.claimed += self.both(lambda store: store.claim(self.now, self.now + lease, limit))

    @rule(data=st.data(), done=st.booleans(), wait=st.none() | MINUTES, fenced=st.booleans())
    def settle(self, data, done, wait, fenced):
        if self.claimed:
            job = data.draw(st.sampled_from(self.claimed))
            due = None if wait is None else self.now + wait
            note = Settlement(job.id, done, due, tries=job.tries if fenced else None)
            self.both(lambda store: store.settle([note]))

    @rule(hash=DOORS)
    def use_credential(self, hash):
        self.both(lambda store: store.find_credential(hash, "hop", self.now))

    @rule(hours=st.sampled_from([1, 49]))
    def sweep(self, hours):
        self.now += timedelta(hours=hours)
        self.both(lambda store: store.sweep(self.now))
        limit = self.now - timedelta(hours=48)
        self.seen = {pair: one for pair, one in self.seen.items() if one.at >= limit}

    @rule(case=CASES, after=st.integers(0, 5))
    def load(self, case, after):
        loaded = self.both(lambda store: store.load(case, after))
        assert (loaded is None) == (case not in self.turns)
        if loaded is not None:
            assert [row.payload for row in loaded.rows] == self.turns[case][after:]
            assert [row.number for row in loaded.rows] == list(range(after + 1, len(self.turns[case]) + 1))

    @rule(state=st.sampled_from([None, "open", "submitted"]), after=st.none() | CASES, limit=st.integers(1, 3))
    def summaries(self, state, after, limit):
        self.both(lambda store: store.summaries(Filter(state=state), after, limit))

    @invariant()
    def all_ways_to_a_case_agree(self):
        if not hasattr(self, "loop"):
            return
        for door in (b"door", b"gate"):
            behind = self.both(lambda store, door=door: store.cases_behind(door))
            assert set(behind) <= set(self.turns)
            current = self.both(lambda store, door=door: store.find_door(door))
            assert current is None or current == behind[0]
            assert set(self.both(lambda store, door=door: store.find_indexed("name", door))) <= set(self.turns)
        self.both(lambda store: store.funnel())


TestStores = Stores.TestCase
TestStores.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
