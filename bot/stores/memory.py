"""The store that forgets: for tests, for the terminal, and as the shortest statement of what a store is.

Law: nothing is shared by reference. Every row goes through JSON on its way in and out, and every call gives the
event loop one turn before it acts, so that what could race in a real store can race here.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from bot.ports import (
    Appended,
    CaseId,
    Entry,
    Filter,
    Job,
    Loaded,
    NewJob,
    Row,
    Settlement,
    StoreDown,
    Summary,
    Total,
)
from bot.stores.rows import SEEN_KEPT, SUMMARY_COLUMNS, check, moment, stamp, stamp_or_none, summary_of, summary_row


def _pack(row: dict[str, Any]) -> str:
    return json.dumps(row, default=lambda raw: {"bytes": base64.b64encode(raw).decode()})


def _unpack(text: str) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(text, object_hook=lambda o: base64.b64decode(o["bytes"]) if "bytes" in o else o)
    return row


class MemoryStore:
    """See :class:`bot.ports.Store`."""

    def __init__(self) -> None:
        self._closed = False
        self._keys: dict[CaseId, bytes] = {}
        self._turns: dict[CaseId, list[str]] = {}
        self._summaries: dict[CaseId, str] = {}
        self._references: dict[str, CaseId] = {}
        self._seen: dict[tuple[bytes, str], str] = {}
        self._doors: dict[bytes, dict[CaseId, str]] = defaultdict(dict)
        self._credentials: dict[bytes, str] = {}
        self._jobs: dict[int, str] = {}
        self._job_keys: dict[tuple[CaseId, str], int] = {}
        self._next_job = 1
        self._index: dict[tuple[str, bytes], set[CaseId]] = defaultdict(set)
        self._steps: dict[CaseId, dict[tuple[int, str], str]] = defaultdict(dict)
        self._totals: dict[tuple[str, str, str], tuple[int, int]] = {}
        self._tombstones: dict[CaseId, str] = {}

    async def append(self, entries: Sequence[Entry]) -> list[Appended]:
        await self._turn()
        for entry in entries:
            check(entry)
        return [self._append(entry) for entry in entries]

    async def load(self, case: CaseId, after: int = 0) -> Loaded | None:
        await self._turn()
        if case not in self._keys:
            return None
        rows = [_unpack(row) for row in self._turns[case][after:]]
        turns = [Row(row["number"], moment(row["at"]), row["payload"]) for row in rows]
        return Loaded(self._keys[case], turns, len(self._turns[case]))

    async def find_door(self, hash: bytes) -> CaseId | None:
        await self._turn()
        return next((case for case, state in self._doors[hash].items() if state == "current"), None)

    async def cases_behind(self, hash: bytes) -> list[CaseId]:
        await self._turn()
        doors = self._doors[hash]
        older = sorted((case for case, state in doors.items() if state == "older"), reverse=True)
        return [case for case, state in doors.items() if state == "current"] + older

    async def erased(self, case: CaseId) -> bool:
        await self._turn()
        return case in self._tombstones

    async def newer(self, known: Mapping[CaseId, int]) -> set[CaseId]:
        await self._turn()
        last = {case: len(self._turns[case]) if case in self._keys else None for case in known}
        return {case for case, number in last.items() if number is None or number > known[case]}

    async def find_reference(self, reference: str) -> CaseId | None:
        await self._turn()
        return self._references.get(reference)

    async def find_indexed(self, field: str, hash: bytes) -> list[CaseId]:
        await self._turn()
        return sorted(self._index[field, hash], reverse=True)

    async def find_credential(self, hash: bytes, kind: str, now: datetime) -> CaseId | None:
        await self._turn()
        if hash not in self._credentials:
            return None
        row = _unpack(self._credentials[hash])
        if row["kind"] != kind or not _is_valid(row, now):
            return None
        if row["uses"] is not None:
            self._credentials[hash] = _pack(row | {"uses": row["uses"] - 1})
        case: CaseId = row["case"]
        return case

    async def summaries(
        self, filter: Filter, after: CaseId | None = None, limit: int = 50
    ) -> list[tuple[CaseId, Summary]]:
        await self._turn()
        cases = sorted((case for case in self._summaries if after is None or case < after), reverse=True)
        found = ((case, self._summary(case)) for case in cases)
        return list(islice(((case, summary) for case, summary in found if _fits(summary, filter)), limit))

    async def claim(self, now: datetime, lease_until: datetime, limit: int = 10) -> list[Job]:
        await self._turn()
        rows = [(number, _unpack(row)) for number, row in self._jobs.items()]
        due = [(row["due"], number) for number, row in rows if row["state"] == "open" and row["due"] <= stamp(now)]
        return [self._lease(number, lease_until) for _, number in sorted(due)[:limit]]

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        await self._turn()
        for settlement in settlements:
            self._settle(settlement)

    async def rewrite(self, case: CaseId, number: int, payload: bytes) -> bool:
        await self._turn()
        turns = self._turns.get(case, [])
        if not 1 <= number <= len(turns):
            return False
        turns[number - 1] = _pack(_unpack(turns[number - 1]) | {"payload": payload})
        return True

    async def erase(self, case: CaseId, at: datetime) -> bool:
        await self._turn()
        if case not in self._keys:
            return False
        self._fold_funnel(case)
        del self._references[self._summary(case).reference], self._keys[case], self._turns[case], self._summaries[case]
        for cases in (*self._doors.values(), self._steps):
            cases.pop(case, None)  # type: ignore[attr-defined]  # dicts by case, of different values
        for indexed in self._index.values():
            indexed.discard(case)
        self._forget(self._seen, (key for key, row in self._seen.items() if _unpack(row)["case"] == case))
        self._forget(self._credentials, (key for key, row in self._credentials.items() if _unpack(row)["case"] == case))
        self._drop_jobs([number for number, row in self._jobs.items() if _unpack(row)["case"] == case])
        self._tombstones[case] = stamp(at)
        return True

    async def sweep(self, now: datetime) -> int:
        await self._turn()
        limit = stamp(now - SEEN_KEPT)
        rows = ((key, _unpack(row)) for key, row in self._seen.items())
        # what a client told its own case is remembered as long as that lives
        removed = self._forget(self._seen, (key for key, row in rows if row["at"] < limit and key[0] != row["case"]))
        dead = (hash for hash, row in self._credentials.items() if not _is_valid(_unpack(row), now))
        return removed + self._forget(self._credentials, dead)

    async def funnel(self) -> list[Total]:
        await self._turn()
        totals = dict(self._totals)
        for case in self._steps:
            self._add_steps(case, totals)
        return [Total(*name, *figures) for name, figures in sorted(totals.items())]

    async def rekey(self, rewrap: Callable[[CaseId, bytes], bytes]) -> int:
        await self._turn()
        new = {case: rewrap(case, wrapped) for case, wrapped in self._keys.items()}
        changed = sum(new[case] != self._keys[case] for case in new)
        self._keys = new
        return changed

    async def close(self) -> None:
        self._closed = True

    async def _turn(self) -> None:
        await asyncio.sleep(0)
        if self._closed:
            raise StoreDown("the store is closed")

    def _append(self, entry: Entry) -> Appended:
        if entry.seen in self._seen:
            return "seen"
        if not self._may_take_number(entry):
            return "conflict"
        if entry.key is not None:
            self._keys[entry.case] = entry.key
            self._turns[entry.case] = []
            self._references[entry.summary.reference] = entry.case
        turn = {"number": entry.number, "at": stamp(entry.at), "payload": entry.payload}
        self._turns[entry.case].append(_pack(turn))
        if entry.seen is not None:
            self._seen[entry.seen] = _pack({"case": entry.case, "at": stamp(entry.at)})
        self._write_rest(entry)
        return "done"

    def _may_take_number(self, entry: Entry) -> bool:
        if entry.number > 1:
            return entry.number == len(self._turns.get(entry.case, ())) + 1 and entry.case in self._keys
        taken = entry.case in self._keys or entry.case in self._tombstones
        return not taken and entry.summary.reference not in self._references

    def _write_rest(self, entry: Entry) -> None:
        self._write_summary(entry)
        for job in entry.jobs:
            self._add_job(entry.case, job)
        for door in entry.doors:
            self._change_door(entry.case, door.hash, door.state)
        for change in entry.credentials:
            self._change_credential(entry.case, change.hash, {
                "kind": change.kind, "case": entry.case, "expires": stamp_or_none(change.expires),
                "uses": change.uses, "revoked": change.revoked,
            })  # fmt: skip
        for name in entry.index:
            self._index[name].add(entry.case)
        for step in entry.steps:
            self._steps[entry.case][entry.number, step.question] = _pack({"kind": step.kind, "ms": step.ms})

    def _write_summary(self, entry: Entry) -> None:
        row = summary_row(entry.summary)
        if entry.case in self._summaries:
            row |= {name: value for name, value in _unpack(self._summaries[entry.case]).items() if name in _FIXED}
        self._summaries[entry.case] = _pack(row)

    def _summary(self, case: CaseId) -> Summary:
        row = _unpack(self._summaries[case])
        return summary_of([row[name] for name in SUMMARY_COLUMNS])

    def _change_door(self, case: CaseId, hash: bytes, state: str) -> None:
        doors = self._doors[hash]
        if state == "current":
            doors.update({other: "older" for other, held in doors.items() if held == "current"})
        doors[case] = state

    def _change_credential(self, case: CaseId, hash: bytes, row: dict[str, Any]) -> None:
        held = self._credentials.get(hash)
        if held is None or _unpack(held)["case"] == case:
            self._credentials[hash] = _pack(row)

    def _add_job(self, case: CaseId, job: NewJob) -> None:
        if (case, job.key) in self._job_keys:
            return
        number, self._next_job = self._next_job, self._next_job + 1
        self._job_keys[case, job.key] = number
        self._jobs[number] = _pack({
            "case": case, "kind": job.kind, "key": job.key, "due": stamp(job.due), "tries": 0, "state": "open",
            "payload": job.payload,
        })  # fmt: skip

    def _lease(self, number: int, until: datetime) -> Job:
        row = _unpack(self._jobs[number])
        row |= {"due": stamp(until), "tries": row["tries"] + 1}
        self._jobs[number] = _pack(row)
        return Job(number, row["case"], row["kind"], row["key"], row["tries"], row["payload"])

    def _settle(self, settlement: Settlement) -> None:
        if settlement.job not in self._jobs:
            return
        row = _unpack(self._jobs[settlement.job])
        if settlement.done:
            self._drop_jobs([settlement.job])
        elif settlement.tries in (None, row["tries"]):
            change = {"state": "dead"} if settlement.due is None else {"due": stamp(settlement.due)}
            self._jobs[settlement.job] = _pack(row | change)

    def _drop_jobs(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            row = _unpack(self._jobs.pop(number))
            del self._job_keys[row["case"], row["key"]]

    def _fold_funnel(self, case: CaseId) -> None:
        self._add_steps(case, self._totals)

    def _add_steps(self, case: CaseId, totals: dict[tuple[str, str, str], tuple[int, int]]) -> None:
        procedure = self._summary(case).procedure
        for name, question, step in _steps(procedure, self._steps.get(case, {})):
            count, ms = totals.get((name, question, step["kind"]), (0, 0))
            totals[name, question, step["kind"]] = (count + 1, ms + step["ms"])

    @staticmethod
    def _forget(table: dict[Any, str], keys: Iterable[Any]) -> int:
        gone = list(keys)
        for key in gone:
            del table[key]
        return len(gone)


_FIXED = ("reference", "procedure", "opened_at")
"""Columns of a summary that turn 1 sets and no later turn moves."""


def _steps(procedure: str, steps: dict[tuple[int, str], str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    return ((procedure, question, _unpack(row)) for (_, question), row in steps.items())


def _is_valid(row: dict[str, Any], now: datetime) -> bool:
    alive = row["expires"] is None or row["expires"] > stamp(now)
    return alive and not row["revoked"] and row["uses"] != 0


def _fits(summary: Summary, filter: Filter) -> bool:
    return (
        filter.procedure in (None, summary.procedure)
        and filter.state in (None, summary.state)
        and filter.reference in (None, summary.reference)
    )
