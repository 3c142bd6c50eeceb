"""How values of the ports become columns and come back, the same for every store.

Law: what is read back equals what was written, and times compare as text in the order in which they happened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.ports import Entry, Summary

SEEN_KEPT: Final = timedelta(hours=48)
"""How long a message id is remembered. Telegram repeats an update for 24 hours."""

SUMMARY_COLUMNS: Final = (
    "reference", "procedure", "version", "municipality", "state", "speaker", "language", "channel", "section",
    "opened_at", "updated_at", "files", "tasks", "submission", "assignee", "flags",
)  # fmt: skip


def stamp(at: datetime) -> str:
    """UTC in ISO 8601 with microseconds: always 32 characters. Raises ValueError for a time without zone."""
    if at.tzinfo is None:
        raise ValueError("a stored time needs a zone")
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")


def stamp_or_none(at: datetime | None) -> str | None:
    return None if at is None else stamp(at)


def moment(text: str) -> datetime:
    """What :func:`stamp` was given, in UTC."""
    return datetime.fromisoformat(text)


def summary_row(summary: Summary) -> dict[str, Any]:
    """Columns by name, in the order of :data:`SUMMARY_COLUMNS`."""
    row = {name: getattr(summary, name) for name in SUMMARY_COLUMNS}
    row["opened_at"] = stamp(summary.opened_at)
    row["updated_at"] = stamp(summary.updated_at)
    row["flags"] = _listed(summary.flags)
    return row


def summary_change(summary: Summary) -> tuple[Any, ...]:
    """The columns that a turn may change, in the order of the statement ``change_summary``."""
    return (
        summary.version,
        summary.municipality,
        summary.state,
        summary.speaker,
        summary.language,
        summary.channel,
        summary.section,
        stamp(summary.updated_at),
        summary.files,
        summary.tasks,
        summary.submission,
        summary.assignee,
        _listed(summary.flags),
    )


def _listed(flags: Sequence[str]) -> str:
    return json.dumps(list(flags)) if flags else "[]"


def summary_of(row: Sequence[Any]) -> Summary:
    """``row`` in the order of :data:`SUMMARY_COLUMNS`."""
    named = dict(zip(SUMMARY_COLUMNS, row, strict=True))
    named["opened_at"] = moment(named["opened_at"])
    named["updated_at"] = moment(named["updated_at"])
    named["flags"] = tuple(json.loads(named["flags"]))
    return Summary(**named)


def check(entry: Entry) -> None:
    """Refuse an entry that no store could keep. Raises ValueError: this is a bug of the caller, not the world."""
    if len(entry.case) != 16:
        raise ValueError("a case id has 16 bytes")
    if entry.number < 1:
        raise ValueError("turns are numbered from 1")
    if (entry.number == 1) != (entry.key is not None):
        raise ValueError("a data key comes with turn 1 and with no other")
    times = [entry.at, entry.summary.opened_at, entry.summary.updated_at]
    times += [job.due for job in entry.jobs]
    times += [credential.expires for credential in entry.credentials if credential.expires is not None]
    if any(at.tzinfo is None for at in times):
        raise ValueError("a stored time needs a zone")
