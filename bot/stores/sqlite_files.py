"""The two files of the SQLite store: opened safely, brought to the newest shape, and their errors translated.

Laws: ``path`` holds the ledger, ``path`` + ``-keys`` the wrapped data keys. Back up the ledger as often as you like
and keep the copies; of the key file keep only the newest copy. Then an erased case is gone from every copy.
"""

from __future__ import annotations

import os
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.ports import StoreDown
from bot.stores import queries

SQL: Final = queries.load(Path(__file__).with_name("sqlite.sql"))

PATIENCE: Final = 5.0
"""Seconds that one process waits for another's transaction before it says StoreDown."""

_SETTINGS: Final = (
    "synchronous = FULL",
    "secure_delete = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "cache_size = -16384",  # KiB
    # hot pages are written home once in 16 MiB of log, not once in 4
    "wal_autocheckpoint = 4096",
    f"journal_size_limit = {64 * 1024 * 1024}",
)

_RETRY_AFTER: Final[dict[int, float]] = {
    sqlite3.SQLITE_BUSY: 1.0,
    sqlite3.SQLITE_LOCKED: 1.0,
    sqlite3.SQLITE_NOMEM: 10.0,
    sqlite3.SQLITE_FULL: 60.0,
    sqlite3.SQLITE_IOERR: 60.0,
    sqlite3.SQLITE_CANTOPEN: 60.0,
}
_FOR_A_PERSON: Final = frozenset(
    {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOLFS,
    }
)


@dataclass(frozen=True, slots=True)
class Files:
    """The writer's connections, one a file. Only the thread that opened them uses them."""

    ledger: sqlite3.Connection
    keys: sqlite3.Connection

    def close(self) -> None:
        self.ledger.close()
        self.keys.close()


def key_path(path: Path) -> Path:
    """Where the wrapped data keys of the ledger at ``path`` lie."""
    return path.with_name(path.name + "-keys")


def open_files(path: Path, patience: float = PATIENCE) -> Files:
    """Both files for writing, migrated. Raises :class:`StoreDown`."""
    ledger = _open_newest(path, "ledger", patience)
    try:
        return Files(ledger, _open_newest(key_path(path), "keys", patience))
    except StoreDown:
        ledger.close()
        raise


def open_reader(path: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    """The ledger with the key file as ``vault``, for reading only."""
    connection = _connect(path, patience)
    _set_up(connection)
    connection.execute("ATTACH ? AS vault", (str(key_path(path)),))
    connection.execute("PRAGMA query_only = ON")
    return connection


def is_world(error: BaseException) -> bool:
    """Is this the world's failure (disk, lock, damage), and not a mistake in what was to be written?"""
    return isinstance(error, sqlite3.Error) and (_code(error) in _RETRY_AFTER or _code(error) in _FOR_A_PERSON)


def store_down(error: sqlite3.Error) -> StoreDown:
    """In the words of the house: SQLite's name of the error, never what was to be stored."""
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return StoreDown(f"SQLite: {name}", _RETRY_AFTER.get(_code(error)))


def _code(error: BaseException) -> int:
    extended: int = getattr(error, "sqlite_errorcode", -1)
    return extended & 0xFF if extended >= 0 else extended


def _open_newest(path: Path, shape: str, patience: float) -> sqlite3.Connection:
    _make_private(path)
    connection = _connect(path, patience)
    try:
        _set_up(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        _migrate(connection, shape)
    except sqlite3.Error as error:
        connection.close()
        raise store_down(error) from error
    except StoreDown:
        connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreDown(f"{path.name}: {error.strerror}") from error


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    # transactions are begun and ended by hand; each connection is used by one thread at a time
    return sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)


def _set_up(connection: sqlite3.Connection) -> None:
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _migrate(connection: sqlite3.Connection, shape: str) -> None:
    """Apply what is missing, in one transaction; another process that starts now waits and finds it done."""
    steps = [text for name, text in SQL.items() if re.fullmatch(rf"{shape}_\d+", name)]
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(steps):
        connection.execute("ROLLBACK")
        raise StoreDown(f"the {shape} was written by a newer version of this product")
    for step in steps[version:]:
        for statement in queries.statements(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(steps)}")
    connection.execute("COMMIT")
