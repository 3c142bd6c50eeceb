"""The embedded store: standard-library ``sqlite3``, one writer thread with group commit, readers beside it.

Laws: an append that returned is on the disk (WAL, synchronous=FULL). Several processes may share one file: the
lock is SQLite's own, the number of the turn tells who was faster. Readers never wait for the writer.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.ports import (
    Appended,
    CaseId,
    Entry,
    Filter,
    Job,
    Loaded,
    Row,
    Settlement,
    StoreDown,
    Summary,
    Total,
)
from bot.stores import sqlite_work
from bot.stores.committer import Committer
from bot.stores.rows import SEEN_KEPT, check, moment, stamp, summary_of
from bot.stores.sqlite_append import Append
from bot.stores.sqlite_files import PATIENCE, SQL, open_reader, store_down

_READERS: Final = 2
_SWEEP_AT_ONCE: Final = 500

T = TypeVar("T")
Read = Callable[[sqlite3.Connection], T]


class SqliteStore:
    """See :class:`bot.ports.Store`. ``path``: the ledger; the key file lies beside it. Raises :class:`StoreDown`.

    ``patience``: seconds to wait for another process's transaction.
    """

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self._committer = Committer(path, patience)
        self._readers = _Readers(path, patience)

    async def append(self, entries: Sequence[Entry]) -> list[Appended]:
        for entry in entries:
            check(entry)
        result: list[Appended] = await self._committer.do(Append(entries))
        return result

    async def load(self, case: CaseId, after: int = 0) -> Loaded | None:
        return await self._readers.do(partial(_load, case=case, after=after))

    async def find_door(self, hash: bytes) -> CaseId | None:
        return await self._one("current_door", hash)

    async def cases_behind(self, hash: bytes) -> list[CaseId]:
        return await self._column("open_doors", hash)

    async def erased(self, case: CaseId) -> bool:
        return bool(await self._column("erased", case))

    async def newer(self, known: Mapping[CaseId, int]) -> set[CaseId]:
        return await self._readers.do(partial(_newer, known=known)) if known else set()

    async def find_reference(self, reference: str) -> CaseId | None:
        return await self._one("by_reference", reference)

    async def find_indexed(self, field: str, hash: bytes) -> list[CaseId]:
        return await self._column("by_blind", field, hash)

    async def find_credential(self, hash: bytes, kind: str, now: datetime) -> CaseId | None:
        row = await self._readers.do(partial(_credential, hash=hash, kind=kind, now=now))
        if row is None or row[1] is None:
            return None if row is None else row[0]
        work = partial(sqlite_work.use_credential, hash=hash, kind=kind, now=now)
        case: CaseId | None = await self._committer.do(work)
        return case

    async def summaries(
        self, filter: Filter, after: CaseId | None = None, limit: int = 50
    ) -> list[tuple[CaseId, Summary]]:
        return await self._readers.do(partial(_summaries, filter=filter, after=after, limit=limit))

    async def claim(self, now: datetime, lease_until: datetime, limit: int = 10) -> list[Job]:
        work = partial(sqlite_work.claim, now=now, lease_until=lease_until, limit=limit)
        jobs: list[Job] = await self._committer.do(work)
        return jobs

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        await self._committer.do(partial(sqlite_work.settle, settlements=settlements))

    async def rewrite(self, case: CaseId, number: int, payload: bytes) -> bool:
        work = partial(sqlite_work.rewrite, case=case, number=number, payload=payload)
        return bool(await self._committer.do(work))

    async def erase(self, case: CaseId, at: datetime) -> bool:
        return bool(await self._committer.do(partial(sqlite_work.erase, case=case, at=at)))

    async def sweep(self, now: datetime) -> int:
        """Also ends what was cut off between the two files, and erases again what an old copy brought back."""
        removed = await self._sweep_rows("stale_seen", "drop_seen", stamp(now - SEEN_KEPT))
        removed += await self._sweep_rows("stale_credentials", "drop_credential", stamp(now))
        for case in await self._column("keys_of_erased"):
            await self._committer.do(partial(sqlite_work.drop_key, case=case))
        for case in await self._column("keyless_cases"):
            await self._committer.do(partial(sqlite_work.erase_keyless, case=case, at=now))
        return removed

    async def funnel(self) -> list[Total]:
        return [Total(*row) for row in await self._readers.do(partial(_all, name="funnel", values=()))]

    async def rekey(self, rewrap: Callable[[CaseId, bytes], bytes]) -> int:
        changed, case = 0, b""
        while case is not None:
            more, case = await self._committer.do(partial(sqlite_work.rekey, after=case, rewrap=rewrap))
            changed += more
        return changed

    async def close(self) -> None:
        await self._committer.close()
        await asyncio.to_thread(self._readers.close)

    async def _one(self, name: str, *values: object) -> CaseId | None:
        return next(iter(await self._column(name, *values)), None)

    async def _column(self, name: str, *values: object) -> list[CaseId]:
        return [row[0] for row in await self._readers.do(partial(_all, name=name, values=values))]

    async def _sweep_rows(self, find: str, drop: str, limit: str) -> int:
        """In small transactions, so that nobody waits long behind a big broom."""
        keys = await self._readers.do(partial(_all, name=find, values=(limit,)))
        removed = 0
        for start in range(0, len(keys), _SWEEP_AT_ONCE):
            some = keys[start : start + _SWEEP_AT_ONCE]
            removed += await self._committer.do(partial(sqlite_work.drop_rows, statement=drop, keys=some))
        return removed


class _Readers:
    """A few threads, each with a connection of its own."""

    def __init__(self, path: Path, patience: float) -> None:
        self._open = partial(open_reader, path, patience)
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._pool = ThreadPoolExecutor(_READERS, "store-reader")

    async def do(self, read: Read[T]) -> T:
        try:
            waiting = asyncio.get_running_loop().run_in_executor(self._pool, self._run, read)
        except RuntimeError:
            raise StoreDown("the store is closed") from None
        try:
            return await waiting
        except sqlite3.Error as error:
            raise store_down(error) from error

    def close(self) -> None:
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()

    def _run(self, read: Read[T]) -> T:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
            self._connections.append(connection)
        return read(connection)


def _all(connection: sqlite3.Connection, name: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    return connection.execute(SQL[name], values).fetchall()


def _load(connection: sqlite3.Connection, case: CaseId, after: int) -> Loaded | None:
    """Rows, number and key as of one moment."""
    connection.execute("BEGIN")
    try:
        rows = connection.execute(SQL["rows_after"], (case, after)).fetchall()
        (last,) = connection.execute(SQL["last_number"], (case,)).fetchone()
        key = connection.execute(SQL["key"], (case,)).fetchone()
    finally:
        connection.rollback()
    if last is None or key is None:
        return None
    return Loaded(key[0], [Row(number, moment(at), payload) for number, at, payload in rows], last)


def _newer(connection: sqlite3.Connection, known: Mapping[CaseId, int]) -> set[CaseId]:
    last = ((case, connection.execute(SQL["last_number"], (case,)).fetchone()[0]) for case in known)
    return {case for case, number in last if number is None or number > known[case]}


def _credential(connection: sqlite3.Connection, hash: bytes, kind: str, now: datetime) -> tuple[CaseId, Any] | None:
    values = {"hash": hash, "kind": kind, "now": stamp(now)}
    row: tuple[CaseId, Any] | None = connection.execute(SQL["credential"], values).fetchone()
    return row


def _summaries(
    connection: sqlite3.Connection, filter: Filter, after: CaseId | None, limit: int
) -> list[tuple[CaseId, Summary]]:
    values = {"after": after, "procedure": filter.procedure, "state": filter.state, "reference": filter.reference}
    rows = connection.execute(SQL["summaries"], values | {"limit": limit}).fetchall()
    return [(case, summary_of(row)) for case, *row in rows]
