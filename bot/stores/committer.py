"""Group commit for SQLite: whatever waits while one transaction becomes durable goes into the next one.

Laws: one thread writes. Every work has its own savepoint, so a poisoned one sinks nobody else. Nobody is told
"done" before the commit. Keys of new cases are durable before their turns, keys of erased cases go after them.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.failpoints import hit
from bot.ports import CaseId, StoreDown
from bot.stores.sqlite_append import Append, append_together, is_plain
from bot.stores.sqlite_files import SQL, Files, is_world, open_files, store_down
from bot.stores.sqlite_work import Batch

WORKS_AT_ONCE: Final = 256

Work = Callable[[Batch], Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one work: a value, or the exception for the one who waits."""

    value: Any = None
    error: Exception | None = None


def commit_together(files: Files, works: Sequence[Work]) -> list[Outcome]:
    """Run ``works`` in one durable transaction. Where the world fails, nothing of it is written, and each is told."""
    try:
        return _commit(files, works)
    except sqlite3.Error as error:
        _roll_back(files)
        return [Outcome(error=store_down(error)) for _ in works]
    except Exception:
        _roll_back(files)
        raise


def _commit(files: Files, works: Sequence[Work]) -> list[Outcome]:
    hit("store.before_begin")
    files.ledger.execute("BEGIN IMMEDIATE")
    batch = Batch(files)
    drops: list[Sequence[CaseId]] = []
    outcomes = _run_all(batch, works, drops)
    hit("store.before_keys")
    _put_keys(files.keys, batch.new_keys)
    hit("store.before_commit")
    files.ledger.execute("COMMIT")
    hit("store.after_commit")
    outcomes = _drop_keys(files.keys, drops, outcomes)
    hit("store.before_answer")
    return outcomes


def _run_all(batch: Batch, works: Sequence[Work], drops: list[Sequence[CaseId]]) -> list[Outcome]:
    """Plain appends in one go, where there is nothing against it; everything else one work after another."""
    plain = [work for work in works if isinstance(work, Append) and all(map(is_plain, work.entries))]
    written: dict[int, Outcome] = {}
    if plain and append_together(batch.ledger, [entry for work in plain for entry in work.entries]):
        written = {id(work): Outcome(["done"] * len(work.entries)) for work in plain}
    outcomes = []
    for work in works:
        known = written.get(id(work))
        outcomes.append(_run(batch, work, drops) if known is None else known)
        if known is not None:
            drops.append(())
    return outcomes


def _run(batch: Batch, work: Work, drops: list[Sequence[CaseId]]) -> Outcome:
    """One work in its savepoint. ``drops`` gets the cases whose keys it wants gone."""
    batch.ledger.execute("SAVEPOINT work")
    keys_before, batch.erased = len(batch.new_keys), []
    try:
        outcome = Outcome(work(batch))
    except Exception as error:
        if is_world(error):
            raise
        _undo(batch.files.keys)
        batch.ledger.execute("ROLLBACK TO work")
        del batch.new_keys[keys_before:]
        batch.erased, outcome = [], Outcome(error=error)
    batch.ledger.execute("RELEASE work")
    drops.append(batch.erased)
    return outcome


def _put_keys(keys: sqlite3.Connection, new: Sequence[tuple[CaseId, bytes]]) -> None:
    if new:
        keys.execute("BEGIN IMMEDIATE")
        keys.executemany(SQL["put_key"], new)
        keys.execute("COMMIT")


def _drop_keys(keys: sqlite3.Connection, drops: Sequence[Sequence[CaseId]], outcomes: list[Outcome]) -> list[Outcome]:
    """The ledger is committed by now. Should the key file fail, only the erasures are told so; a sweep mends them."""
    cases = [(case,) for erased in drops for case in erased]
    if not cases:
        return outcomes
    try:
        keys.execute("BEGIN IMMEDIATE")
        keys.executemany(SQL["drop_key"], cases)
        keys.execute("COMMIT")
        # the old pages would live on in the log
        keys.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error as error:
        _undo(keys)
        told = zip(outcomes, drops, strict=True)
        return [Outcome(error=store_down(error)) if erased else outcome for outcome, erased in told]
    return outcomes


def _roll_back(files: Files) -> None:
    _undo(files.keys)
    _undo(files.ledger)


def _undo(connection: sqlite3.Connection) -> None:
    # SQLite has undone the transaction by itself after some errors
    if connection.in_transaction:
        connection.rollback()


class _Ticket:
    """A work and the one who waits for it."""

    __slots__ = ("future", "loop", "work")

    def __init__(self, work: Work) -> None:
        self.work = work
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()


class Committer:
    """The thread that writes. Raises :class:`StoreDown` where the files cannot be opened."""

    def __init__(self, path: Path, patience: float) -> None:
        self._files = open_files(path, patience)
        self._queue: queue.SimpleQueue[list[_Ticket] | None] = queue.SimpleQueue()
        self._gathered: dict[asyncio.AbstractEventLoop, list[_Ticket]] = {}
        self._gate = threading.Lock()
        self._open = True
        self._thread = threading.Thread(target=self._serve, name="store-writer", daemon=True)
        self._thread.start()

    async def do(self, work: Work) -> Any:
        """Run ``work`` in the next transaction and wait until it is durable.

        Raises :class:`StoreDown`, or what the work itself raised. Who stops waiting does not stop the work.
        """
        ticket = _Ticket(work)
        with self._gate:
            if not self._open:
                raise StoreDown("the store is closed")
            gathered = self._gathered.setdefault(ticket.loop, [])
            gathered.append(ticket)
        if len(gathered) == 1:
            ticket.loop.call_soon(self._hand_over, ticket.loop)
        return await ticket.future

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        """All that came in one round of the loop together: waking the thread for each would cost a commit each."""
        with self._gate:
            if gathered := self._gathered.pop(loop, None):
                self._queue.put(gathered)

    async def close(self) -> None:
        """Commit what waits, then end the thread."""
        with self._gate:
            if self._open:
                for gathered in self._gathered.values():
                    self._queue.put(gathered)
                self._gathered.clear()
                self._queue.put(None)
            self._open = False
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        try:
            while tickets := self._waiting():
                self._commit(tickets)
        finally:
            self._end()

    def _waiting(self) -> list[_Ticket]:
        """At least one ticket, and all that have come meanwhile. Empty at the end."""
        gathered = self._queue.get()
        tickets: list[_Ticket] = []
        while gathered is not None:
            tickets += gathered
            if len(tickets) >= WORKS_AT_ONCE or self._queue.empty():
                return tickets
            gathered = self._queue.get()
        if tickets:
            self._queue.put(None)  # the end was seen early
        return tickets

    def _commit(self, tickets: Sequence[_Ticket]) -> None:
        outcomes = [Outcome(error=StoreDown("the writer died"))] * len(tickets)
        try:
            outcomes = commit_together(self._files, [ticket.work for ticket in tickets])
        except Exception as error:  # noqa: BLE001  # a bug fails those who wait for it, not the thread
            outcomes = [Outcome(error=error)] * len(tickets)
        finally:
            _answer(tickets, outcomes)

    def _end(self) -> None:
        with self._gate:
            self._open = False
        while not self._queue.empty():
            for ticket in self._queue.get() or ():
                _answer([ticket], [Outcome(error=StoreDown("the store is closed"))])
        self._files.close()


def _answer(tickets: Sequence[_Ticket], outcomes: Sequence[Outcome]) -> None:
    """Wake each event loop once, however many wait in it."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Ticket, Outcome]]] = {}
    for ticket, outcome in zip(tickets, outcomes, strict=True):
        by_loop.setdefault(ticket.loop, []).append((ticket, outcome))
    for loop, answers in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, answers)


def _resolve(answers: Sequence[tuple[_Ticket, Outcome]]) -> None:
    for ticket, outcome in answers:
        if ticket.future.done():  # who waited went away
            continue
        if outcome.error is None:
            ticket.future.set_result(outcome.value)
        else:
            ticket.future.set_exception(outcome.error)
