"""One submission on its way out: its copy is printed, the agency's side is led through its steps, the case is told.

Laws: nothing leaves that nobody has looked into; one step, one durable turn, and only then the next. Each step is a job
of its own that knows on which turn it rests: a job that was overtaken does nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson

from bot.answers.base import German
from bot.cases import Cases, Hot
from bot.core import commands as c
from bot.core.case import Case, Submission
from bot.core.files import unsettled
from bot.core.lifecycle import ENDS
from bot.core.position import Situation
from bot.core.record import record
from bot.core.say import Voice
from bot.core.submission import Enclosure, enclosures, envelope, instant
from bot.filing import TakeTurn
from bot.ports import (
    AgencyClient,
    AgencyRejected,
    AgencyUnavailable,
    Attachment,
    CaseId,
    Clock,
    Delivery,
    EvidenceDown,
    Job,
    Parcel,
    Press,
)  # fmt: skip
from bot.procedures.fill import plain
from bot.procedures.schema import submission_schema
from bot.strongbox import Strongbox
from bot.turn import Arrived, Reply

COPY: Final = "copy"
COPY_NAME: Final = "antrag.pdf"
TOLD_AWAY_AFTER: Final = 1
"""Failed tries of one step until the applicant hears that the agency does not answer."""
LOOK_AGAIN: Final = timedelta(seconds=5)


class Left(NamedTuple):
    """What a job made us say, and when it is due again; None: it is done."""

    reply: Reply | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class _Trip:
    """One submission, as the step that is due finds it."""

    id: CaseId
    hot: Hot
    situation: Situation
    submission: Submission

    @property
    def case(self) -> Case:
        return self.situation.case

    @property
    def n(self) -> int:
        return self.submission.n


class Dispatch:
    """Leads submissions out. ``agency`` and ``press`` are connected later; without a press there is no copy."""

    def __init__(self, cases: Cases, clock: Clock, take_turn: TakeTurn, later: Callable[[Job], datetime]) -> None:
        self._cases = cases
        self._clock = clock
        self._take_turn = take_turn
        self._later = later
        self.agency: AgencyClient | None = None
        self.press: Press | None = None
        self.box: Strongbox | None = None

    async def do(self, job: Job) -> Left:
        """One step of the submission that ``job.payload`` names: ``n``, or ``n:turn`` that it rests on.

        Raises :class:`AgencyUnavailable` and :class:`EvidenceDown`: then the same step is due again later.
        """
        n, _, turn = job.payload.decode().partition(":")
        hot = await self._cases.fresh(job.case)
        situation = self._cases.situation(hot)
        trip = _Trip(job.case, hot, situation, situation.case.submissions[int(n)])
        if trip.submission.state in ENDS["submission"] or (int(turn) if turn else 0) != trip.submission.moved:
            return Left(None, None)
        if trip.submission.state == "queued" and unsettled(trip.case):
            return Left(None, self._later(job))  # nothing leaves that nobody has looked into
        try:
            delivery = await self._step(trip)
        except AgencyRejected as error:
            delivery = Delivery("rejected", {"reasons": [dict(reason) for reason in error.reasons]})
        except AgencyUnavailable:
            if job.tries <= TOLD_AWAY_AFTER or "away" in trip.submission.proof or trip.submission.state == "delivered":
                raise  # who has delivered need not know how often we ask what became of it
            return await self._move(trip, job, self._away(trip))
        return await self._move(trip, job, delivery)

    async def _step(self, trip: _Trip) -> Delivery:
        if self.agency is None:
            raise AgencyUnavailable("no way to the agency is configured")
        if self.press is not None and self.box is not None and "record" not in trip.submission.proof:
            return await self._print(trip, self.press, self.box)
        return await self.agency.step(self._parcel(trip))

    async def _print(self, trip: _Trip, press: Press, box: Strongbox) -> Delivery:
        """The copy of everything as it is sent, kept with the case: the agency and the applicant get the same."""
        shown = record(trip.situation, trip.submission)
        pdf = await press.copy(shown)
        kept = await box.keep(trip.id, trip.hot.key, pdf)
        written = await box.keep(trip.id, trip.hot.key, orjson.dumps(shown))
        copy = {"id": COPY, "name": COPY_NAME, "sha256": hashlib.sha256(pdf).hexdigest(), "bytes": len(pdf)}
        files = [copy, *({"id": e.id, "name": e.name, "sha256": e.sha256, "bytes": e.bytes} for e in _new(trip))]
        return Delivery(trip.submission.state, {"record": written, COPY: kept, "files": files}, wait=0)

    def _parcel(self, trip: _Trip) -> Parcel:
        case, submission = trip.case, trip.submission
        voice, procedure = Voice(replace(trip.situation, words=German())), trip.situation.interview.procedure
        return Parcel(
            key=f"{case.reference}:{trip.n}",
            reference=case.reference,
            kind=submission.kind,
            envelope=envelope(trip.situation, submission),
            schema=submission_schema(trip.situation.interview.source),
            procedure=case.procedure,
            municipality=case.municipality,
            applied_on=submission.ordered_at.date(),
            state=submission.state,
            proof=submission.proof,
            agency_case=_agency_case(case),
            title=plain(voice.of_dialog(f"{procedure.procedure}.title", procedure.title)),
            agency=plain(voice.agency()),
            how=_way_to_file(voice),
            attachments=tuple(self._attachments(trip)),
            scratch=None if self.box is None else _Scratch(self.box, trip.id, trip.n),
        )

    def _attachments(self, trip: _Trip) -> Iterator[Attachment]:
        box = self.box
        if box is None:
            return
        proof = trip.submission.proof
        if COPY in proof:
            made = proof["files"][0]
            yield Attachment(
                id=COPY,
                purpose="form",
                name=COPY_NAME,
                title="Kopie des Antrags",
                media_type="application/pdf",
                size=made["bytes"],
                sha256=made["sha256"],
                read=_reader(box, trip, proof[COPY]),
            )
        for each in _new(trip):
            yield Attachment(
                id=each.id,
                purpose="attachment",
                name=each.name,
                title=each.title,
                media_type=each.media_type,
                size=each.bytes,
                sha256=each.sha256,
                read=_reader(box, trip, each.document),
            )

    async def _move(self, trip: _Trip, job: Job, delivery: Delivery) -> Left:
        """The step becomes a turn of the case, and the next one a job of that turn."""
        since, now = trip.submission.moved, self._clock.moment().now
        if delivery.wait is not None and _is_no_news(trip.submission, delivery):
            return Left(None, now + timedelta(seconds=delivery.wait))
        move = c.Move(trip.n, delivery.state, dict(delivery.proof), after=since, wait=delivery.wait)
        reply = await self._take_turn(trip.id, Arrived("", "agency", command=move))
        if reply.outcome != "done":
            return Left(reply, self._later(job))  # overtaken, or a state that cannot follow
        if self.box is not None and delivery.state in ("delivered", *ENDS["submission"]):
            await self.box.empty_scratch(trip.id, trip.n)
        return Left(reply, None)

    def _away(self, trip: _Trip) -> Delivery:
        """The applicant hears once that it takes longer; the step stays due."""
        since = {"away": instant(self._clock.moment().now)}
        return Delivery(trip.submission.state, since, LOOK_AGAIN.total_seconds())


class _Scratch:
    """See :class:`bot.ports.Scratch`: what waits beside the case's evidence until the submission has arrived."""

    def __init__(self, box: Strongbox, case: CaseId, n: int) -> None:
        self._box, self._case, self._n = box, case, n

    async def keep(self, name: str, data: bytes) -> None:
        await self._box.keep_scratch(self._case, self._n, name, data)

    async def read(self, name: str) -> bytes | None:
        return await self._box.read_scratch(self._case, self._n, name)


def _reader(box: Strongbox, trip: _Trip, document: str) -> Any:
    async def read() -> bytes:
        try:
            return await box.read(trip.id, trip.hot.key, document)
        except KeyError:
            raise EvidenceDown("a document of a submission is not there") from None

    return read


def _new(trip: _Trip) -> list[Enclosure]:
    """What goes with this submission: everything that no earlier one has brought to the agency, and kept there."""
    there = {
        file["id"]
        for earlier in trip.case.submissions.values()
        if earlier.n < trip.n and earlier.state in ("accepted", "prepared")
        for file in earlier.proof.get("files", ())
    }
    german = replace(trip.situation, words=German())
    return [each for each in enclosures(german) if each.id not in there]


def _way_to_file(voice: Voice) -> str:
    """Which way the law prescribes, where the dialog says one."""
    interview = voice.situation.interview
    for number, (plan, finish) in enumerate(zip(interview.finish, interview.procedure.finish, strict=True), 1):
        if plan.when is None or plan.when(voice.situation.path.scope) is True:
            place = f"{interview.procedure.procedure}.finish.{number}.how"
            return "" if finish.how is None else plain(voice.of_dialog(place, finish.how))
    return ""


def _is_no_news(submission: Submission, delivery: Delivery) -> bool:
    """Asked, and nothing has changed: that is no turn of the case."""
    return delivery.state == submission.state and delivery.proof.items() <= submission.proof.items()


def _agency_case(case: Case) -> str:
    """The agency's id of the case, from the newest submission that has one."""
    found = [each.proof["case_id"] for each in case.submissions.values() if each.proof.get("case_id")]
    return str(found[-1]) if found else ""
