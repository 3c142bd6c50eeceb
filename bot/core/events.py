"""Every fact that can stand in a case's ledger. Frozen, named in the past tense, known by nobody but the fold.

Laws: a fact carries inputs and decisions, never positions. The list is closed. An old shape stays loadable for
ever: additions get a default, anything else a new ``v`` and a line in :data:`UPCASTS`; ``tests/histories`` proves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.answers.base import Json

Actor = Literal["applicant", "helper", "staff", "portal", "agency", "timer"]
"""Who acted. ``helper``: a counsellor typing for the applicant."""

FileState = Literal["receiving", "checking", "ready", "waiting", "refused", "dropped"]
SubmissionKind = Literal["application", "date_saver", "addition", "withdrawal"]


class Fact(BaseModel):
    """Base of all facts. ``v`` counts the shape, not the product."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    v: int = 1


class Opened(Fact):
    """A case began. Pins the version of the procedure, its hash and the municipality's parameter values."""

    type: Literal["Opened"] = "Opened"
    reference: str
    procedure: str
    version: str
    hash: str
    municipality: str | None = None
    parameters: dict[str, Json] = Field(default_factory=dict)
    language: str = "de"
    demo_date: date | None = None


class Consented(Fact):
    """The applicant read what happens to the data and began. ``text_hash``: SHA-256 of the text shown."""

    type: Literal["Consented"] = "Consented"
    text_hash: str
    language: str


class Answered(Fact):
    """``address`` got ``value`` (JSON). ``source``: typed, chosen, suggested, account or undone."""

    type: Literal["Answered"] = "Answered"
    address: str
    value: Json
    by: Actor = "applicant"
    source: Literal["typed", "chosen", "suggested", "account", "undone"] = "typed"


class Unsure(Fact):
    """ "Weiß nicht", where the question allows it."""

    type: Literal["Unsure"] = "Unsure"
    address: str
    by: Actor = "applicant"


class Skipped(Fact):
    """An optional question was left out."""

    type: Literal["Skipped"] = "Skipped"
    address: str
    by: Actor = "applicant"


class Reopened(Fact):
    """``address`` is to be answered again; the walk stops there with the old value as a suggestion."""

    type: Literal["Reopened"] = "Reopened"
    address: str
    by: Actor = "applicant"
    reason: str = ""


class Kept(Fact):
    """The old answer of a reopened ``address`` stays."""

    type: Literal["Kept"] = "Kept"
    address: str


class RowAdded(Fact):
    """Row ``row`` of a repeated section exists (again). Numbers are given once and never reused."""

    type: Literal["RowAdded"] = "RowAdded"
    section: str
    row: int


class RowRemoved(Fact):
    """Row ``row`` is hidden with its answers; adding it again restores them."""

    type: Literal["RowRemoved"] = "RowRemoved"
    section: str
    row: int


class NotSure(Fact):
    """The input for ``address`` had several meanings; ``candidates`` (JSON values) were offered.

    ``doubt``: place of the ``should`` check that asked "is that right?", empty where the reading itself was unclear.
    """

    type: Literal["NotSure"] = "NotSure"
    address: str
    candidates: list[Json]
    doubt: str = ""


class NotUnderstood(Fact):
    """The input for ``address`` was refused or not understood; ``key`` is the problem's."""

    type: Literal["NotUnderstood"] = "NotUnderstood"
    address: str
    key: str


class Acknowledged(Fact):
    """The applicant read the notice of ``criterion`` and goes on all the same (§ 24 Abs. 3 VwVfG)."""

    type: Literal["Acknowledged"] = "Acknowledged"
    criterion: str


class Helped(Fact):
    """Help was shown. ``topic``: an address, or empty for the general help."""

    type: Literal["Helped"] = "Helped"
    topic: str = ""


class LanguageSet(Fact):
    type: Literal["LanguageSet"] = "LanguageSet"
    language: str


class Paused(Fact):
    """The applicant paused, or (``over``) came back. Each pause gives a code, whose hash stands with the doors."""

    type: Literal["Paused"] = "Paused"
    over: bool = False


class Param(BaseModel):
    """One value inside a sentence, or a piece of it: pieces of one ``name`` are put together in their order.

    ``of``: the address whose answer it shows, so that staff can see it masked; for what is computed, any address of
    what it rests on. None: it shows nothing of an applicant.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    value: str
    of: str | None = None


class Said(Fact):
    """One message to the applicant: German template with its place, the shown values, and the language shown.

    ``question``: the address that it asks, empty where it asks nothing.
    """

    type: Literal["Said"] = "Said"
    place: str
    template: str
    params: list[Param] = Field(default_factory=list)
    language: str = "de"
    question: str = ""


class FileOffered(Fact):
    """A file arrived for ``address``. Its bytes lie in the evidence store, never here."""

    type: Literal["FileOffered"] = "FileOffered"
    file: str
    address: str
    name: str = ""
    bytes: int = 0
    sha256: str = ""


class FileJudged(Fact):
    """What the checks found. ``findings``: ``{code, page}``.

    ``sha256`` is of the document that is kept and sent, ``original_sha256`` of what the applicant handed in, of which
    nothing else remains. ``document`` and ``preview`` name what lies in the evidence store.
    """

    type: Literal["FileJudged"] = "FileJudged"
    file: str
    state: FileState
    media_type: str = ""
    pages: int = 0
    bytes: int = 0
    sha256: str = ""
    findings: list[dict[str, Json]] = Field(default_factory=list)
    original_sha256: str = ""
    document: str = ""
    preview: str = ""


class FileDropped(Fact):
    type: Literal["FileDropped"] = "FileDropped"
    file: str
    by: Actor = "applicant"


class Declared(Fact):
    """A declaration was confirmed. ``text_hash``: SHA-256 of the German text; ``shown_language``: what was shown."""

    type: Literal["Declared"] = "Declared"
    id: str
    text_hash: str
    shown_language: str


class SubmitRequested(Fact):
    """Submission ``n`` was ordered with everything up to turn ``upto``; ``verdict`` is the whole verdict then."""

    type: Literal["SubmitRequested"] = "SubmitRequested"
    n: int
    kind: SubmissionKind = "application"
    upto: int
    verdict: dict[str, Json] = Field(default_factory=dict)


class SubmissionMoved(Fact):
    """Submission ``n`` is now ``state`` (the submission's lifecycle). ``proof``: what the agency's side gave us."""

    type: Literal["SubmissionMoved"] = "SubmissionMoved"
    n: int
    state: str
    proof: dict[str, Json] = Field(default_factory=dict)


class TaskSet(Fact):
    """Something is still to be done by the applicant at ``address``."""

    type: Literal["TaskSet"] = "TaskSet"
    id: str
    address: str
    reason: str
    by: Literal["applicant", "staff", "agency", "version", "check"]


class TaskDone(Fact):
    type: Literal["TaskDone"] = "TaskDone"
    id: str


class SpeakerChanged(Fact):
    """Who talks to the applicant. ``until`` ends the staff's turn by itself."""

    type: Literal["SpeakerChanged"] = "SpeakerChanged"
    speaker: Literal["bot", "staff"]
    until: datetime | None = None


class DoorOpened(Fact):
    """The case can be reached through ``channel``. ``address`` stands only here, sealed with the payload."""

    type: Literal["DoorOpened"] = "DoorOpened"
    channel: str
    address: str


class DoorClosed(Fact):
    type: Literal["DoorClosed"] = "DoorClosed"
    channel: str
    reason: str = ""


class Notified(Fact):
    """A message without contents went out beside the channel."""

    type: Literal["Notified"] = "Notified"
    kind: str
    way: str


class Moved(Fact):
    """The case went over to another version of its procedure, or from the reception to ``procedure``."""

    type: Literal["Moved"] = "Moved"
    version: str
    hash: str
    parameters: dict[str, Json] = Field(default_factory=dict)
    procedure: str = ""
    municipality: str | None = None


class StaffNote(Fact):
    """Never shown to the applicant."""

    type: Literal["StaffNote"] = "StaffNote"
    author: str
    text: str
    tags: list[str] = Field(default_factory=list)


class Redacted(Fact):
    """What stood at ``address`` (or in turn ``turn``) was removed from the ledger for good."""

    type: Literal["Redacted"] = "Redacted"
    address: str | None = None
    turn: int | None = None
    reason: str


class Ended(Fact):
    """The applicant stopped."""

    type: Literal["Ended"] = "Ended"
    reason: str = ""


class Expired(Fact):
    """The retention period passed."""

    type: Literal["Expired"] = "Expired"


AnyFact = (
    Opened | Consented | Answered | Unsure | Skipped | Reopened | Kept | RowAdded | RowRemoved | NotSure
    | NotUnderstood | Acknowledged | Helped | LanguageSet | Paused | Said | FileOffered | FileJudged | FileDropped
    | Declared | SubmitRequested | SubmissionMoved | TaskSet | TaskDone | SpeakerChanged | DoorOpened | DoorClosed
    | Notified | Moved | StaffNote | Redacted | Ended | Expired
)  # fmt: skip


class Turn(BaseModel):
    """One step of a case: who, through which door, what became true. ``number`` counts from 1 without gaps.

    ``command`` is the client's own id of this input, so that a repetition gets its first outcome.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    number: int
    at: datetime
    actor: Actor
    door: str
    command: str = ""
    outcome: str = ""
    facts: tuple[Annotated[AnyFact, Field(discriminator="type")], ...]


Upcast = Callable[[dict[str, Json]], dict[str, Json]]

UPCASTS: Final[dict[tuple[str, int], Upcast]] = {}
"""(type, old v) to a function that returns the next shape. None needed yet: all shapes are at v 1."""

_PAYLOAD: Final = TypeAdapter(Turn)


def write(turn: Turn) -> bytes:
    """The turn as JSON, the plain text of a ledger row's payload: every field of every fact, defaults too."""
    return orjson.dumps(turn, default=_fields, option=orjson.OPT_UTC_Z)  # a fifth of pydantic's time, the same bytes


def _fields(model: object) -> dict[str, Any]:
    """What pydantic keeps of a model: its fields in order, as plain values and models."""
    if not isinstance(model, BaseModel):
        raise TypeError(f"{type(model).__name__} has no place in the ledger")
    return vars(model)


def read(payload: bytes) -> Turn:
    """A turn of any age. Raises pydantic's ``ValidationError`` for what this product never wrote."""
    if not UPCASTS:
        return _PAYLOAD.validate_json(payload)
    return _PAYLOAD.validate_python(_upcast(payload), strict=False)


def _upcast(payload: bytes) -> dict[str, Any]:
    import json

    turn: dict[str, Any] = json.loads(payload)
    turn["facts"] = list(_current(turn["facts"]))
    return turn


def _current(facts: Iterable[dict[str, Json]]) -> Iterable[dict[str, Json]]:
    for fact in facts:
        while (step := UPCASTS.get((fact["type"], fact.get("v", 1)))) is not None:
            fact = step(fact)
        yield fact
