"""Builds what the agency gets: only answers on the path, only what the dialog ``sends``, typed, without labels.

An answer without ``sends`` never leaves the case; "weiß nicht" and what was left out are absent. Verdict, day and
declarations are those of the order, whenever it is delivered.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from bot.answers.base import Json
from bot.core.case import Submission
from bot.core.position import Situation
from bot.core.review import paper
from bot.core.say import Voice
from bot.procedures.fill import plain
from bot.procedures.identity import row_identity
from bot.procedures.interview import SectionPlan
from bot.procedures.schema import ENVELOPE
from bot.procedures.walk import Step


def envelope(situation: Situation, submission: Submission) -> dict[str, Json]:
    """The submission as JSON, valid against the procedure's schema."""
    case = situation.case
    return {
        "schema": ENVELOPE,
        "reference": case.reference,
        "procedure": case.procedure,
        "version": case.version,
        "municipality": case.municipality,
        "kind": submission.kind,
        "submitted_at": instant(submission.ordered_at),
        "demo_date": case.demo_date.isoformat() if case.demo_date is not None else None,
        "language": case.language,
        "verdict": submission.verdict,
        "declarations": [{"id": id, "text_hash": hash} for id, hash in case.declared.items()],
        "evidence": evidence(situation),
        "data": data(situation),
    }


def data(situation: Situation) -> dict[str, Json]:
    """Every answer on the path at the place that its ``sends`` names."""
    sent: dict[str, Json] = {}
    rows: dict[tuple[str, str], dict[str, Json]] = {}
    for step in situation.path.steps:
        if step.cell.kind != "value" or step.stop.asked.sends is None:
            continue
        target = sent if step.row is None else _row(situation, sent, rows, step)
        if target is not None:
            _put(target, step.stop.asked.sends, step.cell.raw)
    return sent


def _row(
    situation: Situation, sent: dict[str, Any], rows: dict[tuple[str, str], dict[str, Any]], step: Step
) -> dict[str, Any] | None:
    """The object of the step's row in the section's list, made at its first answer."""
    plan = situation.interview.sections[step.stop.section]
    if plan.section.sends is None or step.row is None:
        return None
    key = (plan.id, step.row)
    if key not in rows:
        rows[key] = _identified(situation, plan, step.row)
        _list_at(sent, plan.section.sends).append(rows[key])
    return rows[key]


def _identified(situation: Situation, plan: SectionPlan, id: str) -> dict[str, Json]:
    """A row names itself, so that other rows can point to it: its number, or the item that it stands for."""
    row = next(each for each in situation.path.scope.rows[plan.id] if each.id == id)
    return row_identity(plan.section, row)


def _list_at(sent: dict[str, Json], path: str) -> list[Json]:
    *parents, last = path.split(".")
    found: list[Json] = _inner(sent, parents).setdefault(last, [])
    return found


def _put(target: dict[str, Json], path: str, raw: Json) -> None:
    *parents, last = path.split(".")
    _inner(target, parents)[last] = raw


def _inner(target: dict[str, Any], parents: list[str]) -> dict[str, Any]:
    inner = target
    for parent in parents:
        inner = inner.setdefault(parent, {})
    return inner


def evidence(situation: Situation) -> list[Json]:
    """The list of evidence: what it is for, and whether it is here or will follow. Refused files are not here."""
    kept = {file.id for file in situation.case.files.values() if file.state not in ("refused", "dropped")}
    return [
        {"question": step.address, **step.cell.raw, "files": [id for id in step.cell.raw["files"] if id in kept]}
        for step in situation.path.steps
        if step.stop.asked.kind.type == "evidence" and step.cell.kind == "value"
    ]


class Enclosure(NamedTuple):
    """A paper that goes with a submission. ``name`` is the house's, ``document`` where its bytes are kept."""

    id: str
    name: str
    title: str
    media_type: str
    bytes: int
    sha256: str
    document: str


_ENDINGS: Final = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def enclosures(situation: Situation) -> list[Enclosure]:
    """Every file on the path that was looked into and kept, once, in the order of the questions."""
    voice, found = Voice(situation), dict[str, Enclosure]()
    for step in situation.path.steps:
        if step.stop.asked.kind.type != "evidence" or step.cell.kind != "value":
            continue
        title = plain(paper(voice, step.stop, voice.row(step.stop.section, step.row)))
        for id in step.cell.raw["files"]:
            file = situation.case.files.get(id)
            if file is not None and file.state == "ready" and id not in found:
                name = f"nachweis-{len(found) + 1:02d}{_ENDINGS.get(file.media_type, '')}"
                found[id] = Enclosure(id, name, title, file.media_type, file.bytes, file.sha256, file.document)
    return list(found.values())


def instant(at: datetime) -> str:
    """``2026-11-23T14:03:00Z`` (RFC 3339)."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
