"""What a claim, a settlement or an erasure does inside a transaction of SQLite.

Laws: a work runs between BEGIN IMMEDIATE and COMMIT in the writer's thread, so what it reads stays true until it
has written. It never touches the key file: it tells the batch, which puts keys in first and takes them out last.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.failpoints import hit
from bot.ports import CaseId, Job, Settlement
from bot.stores import queries
from bot.stores.rows import stamp, stamp_or_none
from bot.stores.sqlite_files import SQL, Files

_ERASE_CASE: Final = tuple(queries.statements(SQL["erase_case"]))
_REKEY_AT_ONCE: Final = 500


@dataclass(slots=True)
class Batch:
    """What the works of one transaction share: the files, and what is to happen to keys."""

    files: Files
    new_keys: list[tuple[CaseId, bytes]] = field(default_factory=list)
    erased: list[CaseId] = field(default_factory=list)

    @property
    def ledger(self) -> sqlite3.Connection:
        return self.files.ledger


def claim(batch: Batch, now: datetime, lease_until: datetime, limit: int) -> list[Job]:
    """Jobs that are due, leased; see :meth:`bot.ports.Store.claim`."""
    jobs = [Job(*row) for row in batch.ledger.execute(SQL["due_jobs"], (stamp(now), limit))]
    batch.ledger.executemany(SQL["lease_job"], [(stamp(lease_until), job.id) for job in jobs])
    return jobs


def settle(batch: Batch, settlements: Sequence[Settlement]) -> None:
    for settlement in settlements:
        values = {"job": settlement.job, "tries": settlement.tries, "due": stamp_or_none(settlement.due)}
        batch.ledger.execute(SQL[_fate(settlement)], values)


def use_credential(batch: Batch, hash: bytes, kind: str, now: datetime) -> CaseId | None:
    """Counts one use of a bounded credential."""
    row = batch.ledger.execute(SQL["use_credential"], {"hash": hash, "kind": kind, "now": stamp(now)}).fetchone()
    return None if row is None else row[0]


def rewrite(batch: Batch, case: CaseId, number: int, payload: bytes) -> bool:
    values = {"case": case, "number": number, "payload": payload}
    return batch.ledger.execute(SQL["rewrite_turn"], values).rowcount == 1


def erase(batch: Batch, case: CaseId, at: datetime) -> bool:
    """True where there was a case. The key goes in any case, should a dead process have left it."""
    ledger = batch.ledger
    batch.erased.append(case)
    if ledger.execute(SQL["has_turns"], (case,)).fetchone() is None:
        return False
    ledger.execute(SQL["fold_steps"], (case,))
    for statement in _ERASE_CASE:
        ledger.execute(statement, {"case": case, "at": stamp(at)})
        hit("store.erasing")
    return True


def erase_keyless(batch: Batch, case: CaseId, at: datetime) -> bool:
    """Erase what an old copy of the ledger brought back. Asks again under the lock: the case may just be opening."""
    return _key(batch, case) is None and erase(batch, case, at)


def drop_key(batch: Batch, case: CaseId) -> None:
    batch.erased.append(case)


def drop_rows(batch: Batch, statement: str, keys: Sequence[tuple[object, ...]]) -> int:
    """Run the named ``statement`` once a key. Returns rows removed."""
    return batch.ledger.executemany(SQL[statement], keys).rowcount


def rekey(batch: Batch, after: CaseId, rewrap: Callable[[CaseId, bytes], bytes]) -> tuple[int, CaseId | None]:
    """Rewrap the keys of some cases behind ``after``. Returns how many changed, and where to go on."""
    keys = batch.files.keys
    rows = keys.execute(SQL["keys_after"], (after, _REKEY_AT_ONCE)).fetchall()
    changed = [(new, case) for case, old in rows if (new := rewrap(case, old)) != old]
    if changed:
        keys.execute("BEGIN IMMEDIATE")
        keys.executemany(SQL["swap_key"], changed)
        keys.execute("COMMIT")
    return len(changed), rows[-1][0] if rows else None


def _fate(settlement: Settlement) -> str:
    if settlement.done:
        return "job_done"
    return "job_dead" if settlement.due is None else "job_later"


def _key(batch: Batch, case: CaseId) -> bytes | None:
    row = batch.files.keys.execute(SQL["key"], (case,)).fetchone()
    return None if row is None else row[0]
