"""Appends inside a transaction of SQLite: all that wait in a few statements, or one after another.

Laws: an entry is written whole or not at all. The quick way is for turns of cases that exist and bring nothing but a
message, jobs and steps; as soon as one row of them is not written, all is undone and each goes its own way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.failpoints import hit
from bot.ports import Appended, Entry
from bot.stores.rows import stamp, stamp_or_none, summary_change, summary_row
from bot.stores.sqlite_files import SQL, is_world
from bot.stores.sqlite_work import Batch


@dataclass(frozen=True, slots=True)
class Append:
    """Entries that one caller wants written: each done, seen or in conflict. An exception undoes them all."""

    entries: Sequence[Entry]

    def __call__(self, batch: Batch) -> list[Appended]:
        return [_append(batch, entry) for entry in self.entries]


def is_plain(entry: Entry) -> bool:
    """Does the entry only go on with a case?"""
    return entry.number > 1 and not (entry.doors or entry.credentials or entry.index)


def append_together(ledger: sqlite3.Connection, entries: Sequence[Entry]) -> bool:
    """Plain entries in one go, with a handful of statements. False: not one of them is written."""
    ledger.execute("SAVEPOINT together")
    try:
        written = _write_together(ledger, entries)
    except Exception as error:  # a message that was seen before, or a poisoned entry
        if is_world(error):
            raise
        written = False
    if not written:
        ledger.execute("ROLLBACK TO together")
    ledger.execute("RELEASE together")
    return written


def _write_together(ledger: sqlite3.Connection, entries: Sequence[Entry]) -> bool:
    turns = [(entry.case, entry.number, stamp(entry.at), entry.payload) for entry in entries]
    if ledger.executemany(SQL["write_turn"], turns).rowcount < len(turns):
        return False
    hit("store.turns_written")
    seen = [(*entry.seen, entry.case, stamp(entry.at)) for entry in entries if entry.seen is not None]
    ledger.executemany(SQL["write_seen"], seen)
    changes = [(*summary_change(entry.summary), entry.case) for entry in entries]
    if ledger.executemany(SQL["change_summary"], changes).rowcount < len(changes):
        return False
    for entry in entries:
        _write_jobs(ledger, entry)
    steps = ((entry, step) for entry in entries for step in entry.steps)
    rows = [(entry.case, entry.number, step.question, step.kind, step.ms) for entry, step in steps]
    ledger.executemany(SQL["write_step"], rows)
    return True


def _append(batch: Batch, entry: Entry) -> Appended:
    if entry.seen is not None and batch.ledger.execute(SQL["is_seen"], entry.seen).fetchone():
        return "seen"
    if not _take_number(batch, entry):
        return "conflict"
    hit("store.turn_written")
    if entry.key is not None:
        batch.new_keys.append((entry.case, entry.key))
    _write_found_by(batch.ledger, entry)
    _write_rest(batch.ledger, entry)
    return "done"


def _take_number(batch: Batch, entry: Entry) -> bool:
    ledger = batch.ledger
    if entry.number == 1:
        values = {"case": entry.case, "reference": entry.summary.reference}
        if ledger.execute(SQL["is_taken"], values).fetchone()[0]:
            return False
    turn = (entry.case, entry.number, stamp(entry.at), entry.payload)
    return ledger.execute(SQL["write_turn"], turn).rowcount == 1


def _write_found_by(ledger: sqlite3.Connection, entry: Entry) -> None:
    """Rows by which the case, or this very entry, is found again."""
    case = entry.case
    if entry.seen is not None:
        ledger.execute(SQL["write_seen"], (*entry.seen, case, stamp(entry.at)))
    for door in entry.doors:
        if door.state == "current":
            ledger.execute(SQL["make_older"], (door.hash, case))
        ledger.execute(SQL["write_door"], (door.hash, case, door.channel, door.state))
    for held in entry.credentials:
        values = (held.hash, held.kind, case, stamp_or_none(held.expires), held.uses, held.revoked)
        ledger.execute(SQL["write_credential"], values)
    for field_name, hash in entry.index:
        ledger.execute(SQL["write_blind"], (field_name, hash, case))


def _write_rest(ledger: sqlite3.Connection, entry: Entry) -> None:
    case = entry.case
    ledger.execute(SQL["write_summary"], {"case": case, **summary_row(entry.summary)})
    _write_jobs(ledger, entry)
    for step in entry.steps:
        ledger.execute(SQL["write_step"], (case, entry.number, step.question, step.kind, step.ms))


def _write_jobs(ledger: sqlite3.Connection, entry: Entry) -> None:
    for job in entry.jobs:
        ledger.execute(SQL["write_job"], (entry.case, job.kind, job.key, stamp(job.due), job.payload))
