"""Looks at the files of a dead store and says what is wrong. Uses plain SQL, not the store that it judges."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from bot.ports import CaseId
from bot.stores.sqlite_files import key_path

RULES = {
    "a gap in the numbers": """
        SELECT "case" FROM turns GROUP BY "case" HAVING min(number) <> 1 OR max(number) <> count(*)""",
    "a message twice": "SELECT payload FROM turns GROUP BY payload HAVING count(*) > 1",
    "a turn without its message id": """
        SELECT CAST(payload AS TEXT) FROM turns EXCEPT SELECT message FROM seen""",
    "a message id without its turn": """
        SELECT message FROM seen EXCEPT SELECT CAST(payload AS TEXT) FROM turns""",
    "a turn without its step": """
        SELECT "case", number FROM turns EXCEPT SELECT "case", number FROM steps""",
    "a step without its turn": """
        SELECT "case", number FROM steps EXCEPT SELECT "case", number FROM turns""",
    "a job without its turn": """
        SELECT "case", CAST(key AS INTEGER) FROM jobs EXCEPT SELECT "case", number FROM turns""",
    "a summary that is not of the last turn": """
        SELECT "case", 'section ' || max(number) FROM turns GROUP BY "case"
        EXCEPT SELECT "case", section FROM summaries""",
    "a summary without a case": 'SELECT "case" FROM summaries EXCEPT SELECT "case" FROM turns',
    "a case without its key": 'SELECT "case" FROM turns EXCEPT SELECT "case" FROM vault.keys',
    "an erased case that lives": """
        SELECT "case" FROM tombstones WHERE "case" IN (SELECT "case" FROM turns UNION SELECT "case" FROM seen
          UNION SELECT "case" FROM jobs UNION SELECT "case" FROM steps UNION SELECT "case" FROM summaries)""",
}
"""What may never be, and a statement that finds it."""

JOBS_RULE = 'SELECT "case", number FROM turns EXCEPT SELECT "case", CAST(key AS INTEGER) FROM jobs'


def examine(path: Path, *, jobs_stay: bool = True) -> list[str]:
    """Everything that is wrong in the files; empty is good. ``jobs_stay``: no worker has taken any away."""
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("ATTACH ? AS vault", (str(key_path(path)),))
        rules = RULES | ({"a turn without its job": JOBS_RULE} if jobs_stay else {})
        wrong = [f"{name}: {len(rows)}" for name, rule in rules.items() if (rows := ledger.execute(rule).fetchall())]
        for schema in ("main", "vault"):
            found = ledger.execute(f"PRAGMA {schema}.integrity_check").fetchall()
            wrong += [f"{schema}: {message}" for (message,) in found if message != "ok"]
    return wrong


def messages(path: Path) -> dict[str, int]:
    """Every stored message, and how often it is stored."""
    with closing(sqlite3.connect(path)) as ledger:
        return dict(ledger.execute("SELECT CAST(payload AS TEXT), count(*) FROM turns GROUP BY payload"))


def stored(path: Path) -> set[tuple[CaseId, int]]:
    with closing(sqlite3.connect(path)) as ledger:
        return set(ledger.execute('SELECT "case", number FROM turns'))


def surviving_keys(path: Path, cases: Collection[CaseId]) -> set[CaseId]:
    """Those of ``cases`` that still have a data key."""
    with closing(sqlite3.connect(key_path(path))) as keys:
        return {case for (case,) in keys.execute('SELECT "case" FROM keys')} & set(cases)
