"""What the world must offer, in the words of the house: small protocols, and the errors of the world.

A port speaks of cases and turns, never of SQL or HTTP. Adapters translate library errors into the tree below:

    WorldError
    ├── StoreDown(retry_after)         the store cannot be reached or is full
    ├── AgencyUnavailable(retry_after) the agency's side does not answer; try again
    ├── AgencyRejected(reasons)        the agency's side read the submission and refused it
    ├── ChannelDown(retry_after)       the channel does not take the message now
    └── EvidenceDown(retry_after)      files cannot be kept or looked into now

A conflict of two writers is no error: :meth:`Store.append` returns it as a value, and the desk decides anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol

CaseId = bytes
"""16 time-ordered bytes in the layout of UUIDv7 (RFC 9562)."""

JobKind = Literal["say", "fetch_file", "check_file", "render", "submit", "poll", "notify", "remind", "expire", "erase"]
Appended = Literal["done", "conflict", "seen"]


class WorldError(Exception):
    """The world failed; nothing is lost. ``retry_after``: seconds to wait, None where only a person can help."""

    def __init__(self, what: str, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after


class StoreDown(WorldError):
    """The store cannot be reached, or has no room."""


class AgencyUnavailable(WorldError):
    """The agency's side does not answer."""


class AgencyRejected(WorldError):
    """The agency's side read the submission and refused it, or it cannot be sent as it is.

    ``reasons``: ``{code, title, detail, pointer?, file?}``. ``code``: whatever the other side calls it; ``title`` and
    ``detail``: its words; ``pointer``: into ``data`` (RFC 6901); ``file``: id of an :class:`Attachment`.
    """

    def __init__(self, reasons: Sequence[Mapping[str, str]]) -> None:
        super().__init__("submission rejected")
        self.reasons = tuple(reasons)


class ChannelDown(WorldError):
    """The channel does not take the message now."""


class EvidenceDown(WorldError):
    """Files cannot be kept or looked into now: no room, no process to look, a disk that fails."""


class Moment(NamedTuple):
    """``now`` in UTC for the ledger; ``today`` in Europe/Berlin for the law, or the case's demo date."""

    now: datetime
    today: date


class Clock(Protocol):
    def moment(self, demo_date: date | None = None) -> Moment: ...


@dataclass(frozen=True, slots=True)
class Summary:
    """One clear row per case, without personal data. A cache: it can be rebuilt from the ledger."""

    reference: str
    procedure: str
    version: str
    municipality: str | None
    state: str
    speaker: str
    language: str
    channel: str
    section: str
    opened_at: datetime
    updated_at: datetime
    files: int = 0
    tasks: int = 0
    submission: str = ""
    assignee: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work that follows from a turn. ``key`` makes it single: a case has each key once."""

    kind: JobKind
    key: str
    due: datetime
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job. Until its lease ends nobody else gets it; a dead worker's job simply comes due again."""

    id: int
    case: CaseId
    kind: JobKind
    key: str
    tries: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a job. ``done``: gone. Else due again at ``due``, or ``dead`` where ``due`` is None.

    ``tries``: the claim's count, so that a worker whose lease ran out cannot move a job that another one has now.
    """

    job: int
    done: bool
    due: datetime | None = None
    tries: int | None = None


class Step(NamedTuple):
    """One step of the funnel: how long the applicant took for a question. No answer, no person."""

    question: str
    kind: str
    ms: int


class Total(NamedTuple):
    """The funnel of one question: ``steps`` that took ``ms`` milliseconds in all, living and erased cases."""

    procedure: str
    question: str
    kind: str
    steps: int
    ms: int


@dataclass(frozen=True, slots=True)
class DoorChange:
    """``hash``: HMAC of channel and address. ``state``: ``current``, ``older`` or ``closed``.

    A door has one current case: making a case current makes the door's other cases older.
    """

    hash: bytes
    channel: str
    state: Literal["current", "older", "closed"]


@dataclass(frozen=True, slots=True)
class CredentialChange:
    """A token, resume code or hop link, stored as a hash only. ``uses`` and ``expires``: None without bound."""

    hash: bytes
    kind: Literal["token", "resume", "hop"]
    expires: datetime | None = None
    uses: int | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything that one turn writes, all or nothing.

    ``number`` is the turn's own number: 1 opens the case and then ``key`` (the wrapped data key) is required.
    ``payload`` is sealed. ``seen``: (door hash, message id), the unique pair that kills a second delivery.
    ``index``: (field, blind hash) pairs by which staff may find the case.
    """

    case: CaseId
    number: int
    at: datetime
    payload: bytes
    summary: Summary
    key: bytes | None = None
    seen: tuple[bytes, str] | None = None
    jobs: Sequence[NewJob] = ()
    doors: Sequence[DoorChange] = ()
    credentials: Sequence[CredentialChange] = ()
    index: Sequence[tuple[str, bytes]] = ()
    steps: Sequence[Step] = ()


class Row(NamedTuple):
    """One stored turn, still sealed."""

    number: int
    at: datetime
    payload: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case as stored: its wrapped data key, its turns after the asked number in order, and the newest number."""

    key: bytes
    rows: Sequence[Row]
    last: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which summaries. Empty means all."""

    procedure: str | None = None
    state: str | None = None
    reference: str | None = None


class Store(Protocol):
    """Where cases live. ``append`` is the only way to write a turn; ``rewrite`` the one exception, for redaction."""

    async def append(self, entries: Sequence[Entry]) -> list[Appended]:
        """Each entry durable, or not written at all. ``seen``: this message is already in. ``conflict``: number taken.

        An entry that opens a case (number 1) may say ``conflict`` too, where its id or reference exists.
        Raises :class:`StoreDown` where nothing of it was written.
        """

    async def load(self, case: CaseId, after: int = 0) -> Loaded | None:
        """The case's turns with numbers above ``after``. None where the case is unknown or erased."""

    async def find_door(self, hash: bytes) -> CaseId | None:
        """The current case behind a door."""

    async def cases_behind(self, hash: bytes) -> list[CaseId]:
        """Every case that can be reached through a door: the current one first, then older ones, newest first."""

    async def erased(self, case: CaseId) -> bool:
        """Is there a tombstone of this case?"""

    async def newer(self, known: Mapping[CaseId, int]) -> set[CaseId]:
        """The cases that have turns above the known number, or are gone."""

    async def find_reference(self, reference: str) -> CaseId | None: ...

    async def find_indexed(self, field: str, hash: bytes) -> list[CaseId]:
        """The cases with this blind hash in ``field``, newest first."""

    async def find_credential(self, hash: bytes, kind: str, now: datetime) -> CaseId | None:
        """The case that an unexpired, unrevoked, unused-up credential opens. Counts a use where uses are bounded."""

    async def summaries(
        self, filter: Filter, after: CaseId | None = None, limit: int = 50
    ) -> list[tuple[CaseId, Summary]]:
        """Newest case first; ``after`` continues behind a case (keyset)."""

    async def claim(self, now: datetime, lease_until: datetime, limit: int = 10) -> list[Job]:
        """Jobs that are due. The lease *is* the new due date."""

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        """Note what became of claimed jobs. A job that is gone, or claimed by another since, is passed over."""

    async def rewrite(self, case: CaseId, number: int, payload: bytes) -> bool:
        """Replace one turn's payload. False where there is none."""

    async def erase(self, case: CaseId, at: datetime) -> bool:
        """Destroy key, turns, doors, credentials, jobs, index of a case; fold its funnel; leave a tombstone."""

    async def sweep(self, now: datetime) -> int:
        """Remove what has outlived its purpose (seen messages, expired credentials). Returns rows removed."""

    async def funnel(self) -> list[Total]: ...

    async def rekey(self, rewrap: Callable[[CaseId, bytes], bytes]) -> int:
        """Replace every wrapped data key by what ``rewrap`` makes of it. Returns how many changed."""

    async def close(self) -> None:
        """Finish what waits, then refuse with :class:`StoreDown`."""


class Finding(NamedTuple):
    """Something that the checks of a file found. ``code``: a key of :data:`bot.core.evidence.FINDINGS`."""

    code: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """What became of a file. ``ready``: ``data`` is the rebuilt document, ``preview`` a small JPEG of its first page.

    ``refused``: ``findings`` say why, and there is neither. ``pages`` counts from 1; a picture has one.
    """

    state: Literal["ready", "refused"]
    media_type: str = ""
    pages: int = 0
    data: bytes = b""
    preview: bytes = b""
    findings: tuple[Finding, ...] = ()


class Inspector(Protocol):
    """Looks into files that strangers sent: by content, never by name; without metadata and active content after."""

    async def inspect(self, data: bytes) -> Inspected:
        """A file that cannot be read is ``refused``. Raises :class:`EvidenceDown` where nobody could look."""


class EvidenceStore(Protocol):
    """Where sealed bytes of evidence lie, a folder a case. Knows no key and no content. Names are made by the house.

    What :meth:`put` and :meth:`append` returned from is on the disk. All raise :class:`EvidenceDown`.
    """

    async def append(self, case: CaseId, name: str, at: int, frame: bytes) -> None:
        """Write ``frame`` at byte ``at``, the end of what is sound, and cut off whatever lay behind it."""

    async def put(self, case: CaseId, name: str, data: bytes) -> None:
        """All of it or nothing; the same name again changes nothing."""

    async def get(self, case: CaseId, name: str) -> bytes:
        """Raises ``KeyError`` where there is none."""

    async def size(self, case: CaseId, name: str) -> int:
        """Bytes that lie there; 0 where there is nothing."""

    async def drop(self, case: CaseId, name: str) -> None:
        """Gone, if it was there."""

    async def names(self, case: CaseId) -> list[str]:
        """What lies there for this case."""

    async def cases(self) -> list[CaseId]:
        """Every case that has a folder."""

    async def erase(self, case: CaseId) -> None:
        """The whole folder of a case."""

    async def free(self) -> float:
        """Part of the disk that is free, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that goes with a submission. ``id``: the file's id in the case, or ``copy``: the PDF of everything.

    ``name``: as the agency sees it, made by the house. ``title``: the paper's name in German. ``read`` raises
    :class:`EvidenceDown`. ``size``: bytes.
    """

    id: str
    purpose: Literal["form", "attachment"]
    name: str
    title: str
    media_type: str
    size: int
    sha256: str
    read: Callable[[], Awaitable[bytes]]


class Scratch(Protocol):
    """What the way to the agency keeps until a submission has arrived, so that a second try sends the same bytes.

    Only what is encrypted for its receiver. Names: letters, digits, ``-`` and ``_``. Both raise :class:`EvidenceDown`.
    """

    async def keep(self, name: str, data: bytes) -> None:
        """Durable when this returns; the same name again changes nothing."""

    async def read(self, name: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Parcel:
    """One submission on its way. ``key``: ``reference:n``, the same at each try. ``envelope`` fits ``schema``.

    ``state`` and ``proof``: how far it came, as the ledger has it. ``agency_case``: the agency's own id of the case,
    where an earlier submission of ours opened one. ``title``, ``agency``, ``how`` (the way that the law prescribes, or
    nothing): the dialog's German words for people.
    """

    key: str
    reference: str
    kind: str
    envelope: Mapping[str, Any]
    schema: Mapping[str, Any]
    procedure: str = ""
    municipality: str | None = None
    applied_on: date | None = None
    state: str = "queued"
    proof: Mapping[str, Any] = field(default_factory=dict)
    agency_case: str = ""
    title: str = ""
    agency: str = ""
    how: str = ""
    attachments: Sequence[Attachment] = ()
    scratch: Scratch | None = None


class Delivery(NamedTuple):
    """What one step brought: the submission's state now, and what of ``proof`` is new.

    ``state`` may be the old one where a part of the way is done. ``wait``: seconds until the next step, 0: at once;
    None: nothing is left to do.
    """

    state: str
    proof: Mapping[str, Any]
    wait: float | None = None


class AgencyClient(Protocol):
    """The way to the agency, one step at a time. At least once in, exactly one effect: one ``key`` never files twice.

    What a step returned is durable before the next one is asked for; a step whose result was lost is asked for again
    with the same parcel, so it looks what is there before it does anything twice.
    """

    async def step(self, parcel: Parcel) -> Delivery:
        """Raises :class:`AgencyUnavailable` or :class:`AgencyRejected`."""


class Press(Protocol):
    """Makes PDFs (PDF/UA-1) of plain data: the same data, the same bytes."""

    async def copy(self, record: Mapping[str, Any]) -> bytes:
        """The copy of a submission, from :func:`bot.core.record.record`."""


class Checked(NamedTuple):
    """What a receipt is worth. ``changed``: signed for something else; ``unknown_key``: by nobody we know."""

    verdict: Literal["genuine", "changed", "unknown_key", "no_receipt"]
    receipt: Mapping[str, Any] | None = None


class Receipts(Protocol):
    """Signs receipts (:func:`bot.core.receipt.receipt`), prints them, and says what one is worth."""

    def signed(self, receipt: Mapping[str, Any]) -> str:
        """A compact JWS: the same receipt, the same text."""

    async def paper(self, receipt: Mapping[str, Any], front: Mapping[str, Any], record: Mapping[str, Any]) -> bytes:
        """A PDF that carries the signed receipt. ``front``: :func:`bot.core.receipt.front`."""

    def keys(self) -> Mapping[str, Any]:
        """The public keys as JWK Set (RFC 7517)."""

    async def check(self, data: bytes) -> Checked:
        """``data``: a JWS, or a PDF that carries one."""


class Scanner(Protocol):
    async def clean(self, data: bytes) -> bool:
        """Raises :class:`EvidenceDown` where nobody could look; then nothing unscanned leaves the house."""
