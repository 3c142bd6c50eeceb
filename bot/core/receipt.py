"""What a receipt says of a submission: signed as data, and told in plain words on its first page.

Honest before anything: prepared is not filed, sent is not arrived, a sandbox is no agency. The state is the one of its
last move, so the same state gives the same receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.answers.base import German, Json, Template
from bot.core import events
from bot.core.case import Submission
from bot.core.events import Turn
from bot.core.paper_texts import MOVES, RECEIPT, TOLD
from bot.core.position import Situation
from bot.core.record import in_berlin
from bot.core.say import Voice
from bot.core.submission import instant
from bot.procedures.fill import plain

SCHEMA: Final = "antragslotse-receipt-1"
FILED: Final = ("delivered", "accepted")
"""States in which the agency's side has the submission."""
_IDS: Final = ("submission_id", "case_id")


def has_receipt(submission: Submission) -> bool:
    """Is there something to confirm? Not before the copy is printed and the way out has begun."""
    return submission.state != "queued" and "record" in submission.proof


def receipt(situation: Situation, submission: Submission, turns: Iterable[Turn]) -> dict[str, Json]:
    """What is signed. Instants are RFC 3339 in UTC, hashes SHA-256 in hex.

    ``{schema, reference, n, kind, ordered_at, state, as_of, states: [{state, at}], filed, sandbox, demo_date,
    procedure: {id, version, hash}, files: [{name, sha256, bytes}], submission_id?, case_id?}``
    """
    case, proof = situation.case, submission.proof
    files: Any = proof.get("files", ())
    sandbox = proof.get("sandbox") is True
    return {
        "schema": SCHEMA,
        "reference": case.reference,
        "n": submission.n,
        "kind": submission.kind,
        "ordered_at": instant(submission.ordered_at),
        "state": submission.state,
        "as_of": instant(submission.at),
        "states": [{"state": state, "at": instant(at)} for state, at in moves(turns, submission).items()],
        "filed": submission.state in FILED and not sandbox,
        "sandbox": sandbox,
        "demo_date": case.demo_date.isoformat() if case.demo_date is not None else None,
        "procedure": {"id": case.procedure, "version": case.version, "hash": case.hash},
        "files": [{name: file[name] for name in ("name", "sha256", "bytes")} for file in files],
        **{name: proof[name] for name in _IDS if proof.get(name)},
    }


def moves(turns: Iterable[Turn], submission: Submission) -> dict[str, datetime]:
    """When the submission first was in each state, in order; it began with the order."""
    found = {"queued": submission.ordered_at}
    for turn in turns:
        for fact in turn.facts:
            if isinstance(fact, events.SubmissionMoved) and fact.n == submission.n:
                found.setdefault(fact.state, turn.at)
    return found


def front(situation: Situation, made: Mapping[str, Any], where: str) -> dict[str, Json]:
    """The first page, in German and in the applicant's language. ``where``: address of the page that checks receipts.

    ``{language, labels, title, happened, not_yet, states: [{name, at}], agency, where}``
    """
    voices = (Voice(replace(situation, words=German())), Voice(situation))
    german, own = voices
    happened, not_yet = TOLD["sandbox" if made["sandbox"] and made["state"] in FILED else made["state"]]
    return {
        "language": situation.words.language,
        "labels": {name: _both(voices, template) for name, template in RECEIPT.items()},
        "title": {"de": _title(german), "own": _title(own)}
        if _title(own) != _title(german)
        else {"de": _title(german)},
        "agency": {"de": plain(german.agency())},
        "happened": _both(voices, happened),
        "not_yet": _both(voices, not_yet),
        "states": [
            {"name": _both(voices, MOVES[each["state"]]), "at": in_berlin(datetime.fromisoformat(each["at"]), "de")}
            for each in made["states"]
        ],
        "where": where,
    }


def _both(voices: tuple[Voice, Voice], template: Template) -> dict[str, Json]:
    german, own = (voice.word(template) for voice in voices)
    return {"de": german} if own == german else {"de": german, "own": own}


def _title(voice: Voice) -> str:
    procedure = voice.situation.interview.procedure
    return plain(voice.of_dialog(f"{procedure.procedure}.title", procedure.title))
