"""What the sandbox remembers: submissions, attachments and events in one SQLite file; a change is whole or not at all.

Blocking, with a lock of its own: call it in a thread. Times are Unix seconds. JWEs are kept as they came.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS submission (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL, client TEXT NOT NULL, version TEXT NOT NULL, announce TEXT NOT NULL,
  state TEXT NOT NULL, at INTEGER NOT NULL, metadata TEXT, data TEXT, verdict TEXT);
CREATE INDEX IF NOT EXISTS submission_case ON submission (case_id);
CREATE TABLE IF NOT EXISTS attachment (
  submission TEXT NOT NULL REFERENCES submission (id) ON DELETE CASCADE, id TEXT NOT NULL, jwe BLOB NOT NULL,
  PRIMARY KEY (submission, id));
CREATE TABLE IF NOT EXISTS event (
  number INTEGER PRIMARY KEY AUTOINCREMENT, jti TEXT NOT NULL UNIQUE, case_id TEXT NOT NULL, submission TEXT NOT NULL,
  name TEXT NOT NULL, at INTEGER NOT NULL, jws TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS event_case ON event (case_id);
"""


@dataclass(frozen=True, slots=True)
class Held:
    """One submission. ``announce``: what was announced, as JSON. ``state``: announced, submitted, accepted, rejected.
    ``verdict``: what the subscriber's checks found (a list of problems), None while they have not run.
    """

    id: str
    case_id: str
    client: str
    version: str
    announce: dict[str, Any]
    state: str
    at: int
    metadata: str | None
    data: str | None
    verdict: list[dict[str, str]] | None

    @property
    def attachments(self) -> list[str]:
        return [str(name) for name in self.announce["announcedAttachments"]]


@dataclass(frozen=True, slots=True)
class Event:
    """One SET of the log. ``name``: the last part of the event's URI."""

    jti: str
    case_id: str
    submission: str
    name: str
    at: int
    jws: str


class Conflict(Exception):
    """The submission is not in the state that the change needs."""


class Store:
    """``folder/sandbox.sqlite``."""

    def __init__(self, folder: Path) -> None:
        path = folder / "sandbox.sqlite"
        path.touch(mode=0o600)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def setting(self, name: str, default: str) -> str:
        rows = self._rows("SELECT value FROM setting WHERE name = ?", name)
        return str(rows[0][0]) if rows else default

    def set_setting(self, name: str, value: str) -> None:
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def announce(self, held: Held, event: Event) -> None:
        """A new shell, and the event that says so."""
        row = (held.id, held.case_id, held.client, held.version, json.dumps(held.announce), held.state, held.at)
        with self._change() as db:
            db.execute("INSERT INTO submission VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)", row)
            _append(db, event)

    def submission(self, name: str) -> Held | None:
        rows = self._rows("SELECT * FROM submission WHERE id = ?", name)
        return _held(rows[0]) if rows else None

    def submissions(self, *states: str, limit: int = 500, offset: int = 0) -> list[Held]:
        """Newest first; all states where none is named."""
        marks = ",".join("?" * len(states))
        where = f"WHERE state IN ({marks})" if states else ""
        sql = f"SELECT * FROM submission {where} ORDER BY at DESC, rowid DESC LIMIT ? OFFSET ?"  # noqa: S608 marks only
        return [_held(row) for row in self._rows(sql, *states, limit, offset)]

    def count(self, *states: str) -> int:
        marks = ",".join("?" * len(states))
        return int(self._rows(f"SELECT count(*) FROM submission WHERE state IN ({marks})", *states)[0][0])  # noqa: S608

    def case_client(self, case_id: str) -> str | None:
        """Whose case it is; None where there is none."""
        rows = self._rows("SELECT client FROM submission WHERE case_id = ? LIMIT 1", case_id)
        return str(rows[0][0]) if rows else None

    def put_attachment(self, submission: str, name: str, jwe: str) -> None:
        """Keep or replace. Conflict: the submission is no longer announced."""
        with self._change() as db:
            _need(db, submission, "announced")
            db.execute("INSERT OR REPLACE INTO attachment VALUES (?, ?, ?)", (submission, name, jwe.encode()))

    def attachment(self, submission: str, name: str) -> str | None:
        rows = self._rows("SELECT jwe FROM attachment WHERE submission = ? AND id = ?", submission, name)
        return bytes(rows[0][0]).decode() if rows else None

    def attachment_sizes(self, submission: str) -> dict[str, int]:
        rows = self._rows("SELECT id, length(jwe) FROM attachment WHERE submission = ?", submission)
        return {str(name): int(size) for name, size in rows}

    def submit(self, submission: str, metadata: str, data: str | None, event: Event) -> None:
        """Conflict: it is no longer announced."""
        with self._change() as db:
            _need(db, submission, "announced")
            sql = "UPDATE submission SET state = 'submitted', metadata = ?, data = ? WHERE id = ?"
            db.execute(sql, (metadata, data, submission))
            _append(db, event)

    def decide(self, submission: str, state: str, event: Event) -> None:
        """``accepted`` or ``rejected``. Conflict: it is not submitted, or the event was there before."""
        with self._change() as db:
            _need(db, submission, "submitted")
            db.execute("UPDATE submission SET state = ? WHERE id = ?", (state, submission))
            _append(db, event)

    def judge(self, submission: str, verdict: list[dict[str, str]]) -> None:
        with self._change() as db:
            db.execute("UPDATE submission SET verdict = ? WHERE id = ?", (json.dumps(verdict), submission))

    def events(self, case_id: str, submission: str | None = None) -> list[Event]:
        """Oldest first; of one submission only where it is named."""
        sql = "SELECT jti, case_id, submission, name, at, jws FROM event WHERE case_id = ? ORDER BY number"
        found = [Event(*row) for row in self._rows(sql, case_id)]
        return [event for event in found if submission in (None, event.submission)]

    def sweep(self, before: int) -> int:
        """Delete shells announced before that were never finished, with their events; how many."""
        with self._change() as db:
            old = "SELECT id FROM submission WHERE state = 'announced' AND at < ?"
            db.execute(f"DELETE FROM event WHERE submission IN ({old})", (before,))  # noqa: S608 own text
            return db.execute("DELETE FROM submission WHERE state = 'announced' AND at < ?", (before,)).rowcount


def _append(db: sqlite3.Connection, event: Event) -> None:
    row = (event.jti, event.case_id, event.submission, event.name, event.at, event.jws)
    try:
        db.execute("INSERT INTO event (jti, case_id, submission, name, at, jws) VALUES (?, ?, ?, ?, ?, ?)", row)
    except sqlite3.IntegrityError as error:
        raise Conflict("event known") from error


def _need(db: sqlite3.Connection, submission: str, state: str) -> None:
    row = db.execute("SELECT state FROM submission WHERE id = ?", (submission,)).fetchone()
    if row is None or row[0] != state:
        raise Conflict(f"not {state}")


def _held(row: Any) -> Held:
    id, case_id, client, version, announce, state, at, metadata, data, verdict = row
    return Held(
        id=id,
        case_id=case_id,
        client=client,
        version=version,
        announce=json.loads(announce),
        state=state,
        at=at,
        metadata=metadata,
        data=data,
        verdict=None if verdict is None else json.loads(verdict),
    )
