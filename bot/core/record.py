"""What a submission says, as a person reads it: the copy for the agency and for the applicant (§ 3a Abs. 5 VwVfG).

German, for German is the language of the file (§ 23 VwVfG); the applicant's own language stands beneath, from the same
facts. The day is the order's: whenever it is printed, the same data come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from bot.answers.base import German, Json, Template
from bot.core.case import Submission
from bot.core.paper_texts import LABELS, STATES
from bot.core.position import Situation, declarations
from bot.core.review import OVERALL, estimates, is_promised, items, paper
from bot.core.say import Voice
from bot.core.submission import Enclosure, enclosures, instant
from bot.core.verdict import reason, verdict
from bot.procedures.fill import plain
from bot.procedures.walk import Step

SCHEMA: Final = "antragslotse-record-1"
BERLIN: Final = ZoneInfo("Europe/Berlin")

Both = dict[str, Json]
"""``{de, own?}``: German, and the applicant's language where that is another and says it differently."""


def record(situation: Situation, submission: Submission) -> dict[str, Json]:
    """Plain data for the press. ``words`` of the situation are the applicant's language. Shapes: docs/adr/0028."""
    case = situation.case
    day = case.demo_date or submission.ordered_at.astimezone(BERLIN).date()
    print_ = _Print.of(replace(situation, today=day), submission)
    return {
        "schema": SCHEMA,
        "language": situation.words.language,
        "reference": case.reference,
        "n": submission.n,
        "kind": submission.kind,
        "kind_name": print_.label(f"kind_{submission.kind}"),
        "title": print_.both(_title),
        "agency": print_.both(lambda voice: plain(voice.agency())),
        "procedure": {"id": case.procedure, "version": case.version, "hash": case.hash},
        "municipality": case.municipality,
        "ordered_at": instant(submission.ordered_at),
        "ordered_in_berlin": print_.both(lambda voice: in_berlin(submission.ordered_at, voice.words.language)),
        "demo_date": print_.both(lambda voice: _day(day, voice.words.language)) if case.demo_date else None,
        "sandbox": any(each.proof.get("sandbox") is True for each in case.submissions.values()),
        "sections": list(print_.sections()),
        "declarations": list(print_.declarations()),
        "verdict": print_.verdict(),
        "estimates": print_.estimates(),
        "evidence": list(print_.evidence()),
        "labels": {name: print_.label(name) for name in LABELS},
    }


def in_berlin(at: datetime, language: str) -> str:
    """``24. November 2026, 05:12:09 MEZ`` as people in Germany read the clock, to the second."""
    there = at.astimezone(BERLIN)
    zone = str(format_datetime(there, "z", locale="de")) if language == "de" else there.tzname()
    return f"{_day(there.date(), language)}, {there:%H:%M:%S} {zone}"


def _day(day: date, language: str) -> str:
    return str(format_date(day, "d. MMMM yyyy" if language == "de" else "d MMMM yyyy", locale=language))


def _title(voice: Voice) -> str:
    procedure = voice.situation.interview.procedure
    return plain(voice.of_dialog(f"{procedure.procedure}.title", procedure.title))


class _Line(NamedTuple):
    """One answer in both languages. ``step``: where it stands on the path."""

    step: Step
    item: Json


@dataclass(frozen=True)
class _Print:
    """A submission with two voices. ``own`` None: the applicant reads German."""

    submission: Submission
    german: Voice
    own: Voice | None

    @classmethod
    def of(cls, situation: Situation, submission: Submission) -> _Print:
        own = Voice(situation) if situation.words.language != "de" else None
        return cls(submission, Voice(replace(situation, words=German())), own)

    def both(self, say: Callable[[Voice], str]) -> Both:
        """The same facts, said by each voice."""
        return _both(say(self.german), "" if self.own is None else say(self.own))

    def label(self, name: str) -> Both:
        return self.template(LABELS[name])

    def template(self, template: Template) -> Both:
        return self.both(lambda voice: voice.word(template))

    # -- questions and answers ----------------------------------------------------------------------------------------

    def sections(self) -> Iterator[dict[str, Json]]:
        """``{id, title, rows: [{title?, items: [{address, question, answer, marked}]}]}`` in the order of the path."""
        lines = groupby(self._lines(), key=lambda line: line.step.stop.section)
        for section, found in lines:
            yield {
                "id": section,
                "title": self.both(partial(_section_title, section)),
                "rows": [
                    {"title": self._row_title(section, row), "items": [line.item for line in of_row]}
                    for row, of_row in groupby(found, key=lambda line: line.step.row)
                ],
            }

    def _lines(self) -> Iterator[_Line]:
        german, steps = list(items(self.german.situation)), self.german.situation.path.steps
        own = list(items(self.own.situation)) if self.own is not None else [None] * len(german)
        for step, here, there in zip(steps, german, own, strict=True):
            question = _both(here.text, "" if there is None else there.text)
            answer = _both(here.answer, "" if there is None else there.answer)
            marked = step.stop.asked.subsidy_relevant
            yield _Line(step, {"address": here.address, "question": question, "answer": answer, "marked": marked})

    def _row_title(self, section: str, row: str | None) -> Both | None:
        if row is None or self.german.row(section, row) is None:
            return None
        return self.both(partial(_row_title, section, row))

    # -- what was declared, and what the pre-check said ---------------------------------------------------------------

    def declarations(self) -> Iterator[dict[str, Json]]:
        """``{id, text, law, hash}`` of what was confirmed; ``hash``: SHA-256 of the German text of the dialog."""
        situation = self.german.situation
        for each in declarations(situation):
            if each.id in situation.case.declared:
                place = f"{situation.interview.procedure.procedure}.{each.id}.text"
                text = self.both(partial(_of_dialog, place, each.text))
                yield {"id": each.id, "text": text, "law": each.law or "", "hash": situation.case.declared[each.id]}

    def verdict(self) -> dict[str, Json]:
        """``{overall, criteria: [{about, state, law, reason?}]}`` as ordered; nothing is judged anew."""
        stored: Any = self.submission.verdict
        found = stored.get("criteria", ())
        known = {each.id for each in self.german.situation.interview.procedure.criteria}
        return {
            "overall": self.template(OVERALL[stored["overall"]]) if stored.get("overall") in OVERALL else None,
            "criteria": [self._criterion(each) for each in found if each["id"] in known],
        }

    def _criterion(self, stored: Any) -> dict[str, Json]:
        why = _both(stored["reason"], self._own_reason(stored)) if stored["reason"] else None
        about = self.both(partial(_about, stored["id"]))
        return {"about": about, "state": self.template(STATES[stored["state"]]), "law": stored["law"], "reason": why}

    def _own_reason(self, stored: Any) -> str:
        """The applicant's language is a reading aid: it says what the stored German says, or nothing."""
        if self.own is None:
            return ""
        for item in verdict(self.own.situation).items:
            said = reason(self.own.situation, item)
            if item.plan.id == stored["id"] and item.state == stored["state"] and said is not None:
                return self.own.say_dialog(said.place, said.template, fillings=said.fillings).text
        return ""

    def estimates(self) -> list[Both]:
        german = [say.text for say in estimates(self.german)]
        own = [say.text for say in estimates(self.own)] if self.own is not None else [""] * len(german)
        return [_both(here, there) for here, there in zip(german, own, strict=True)]

    # -- evidence -----------------------------------------------------------------------------------------------------

    def evidence(self) -> Iterator[dict[str, Json]]:
        """``{address, title, files: [{name, media_type, pages, bytes, sha256}], later}``."""
        situation = self.german.situation
        kept = {each.id: each for each in enclosures(situation)}
        for step in situation.path.steps:
            raw: Any = step.cell.raw
            if step.stop.asked.kind.type == "evidence" and step.cell.kind == "value":
                files = [self._file(kept[id]) for id in raw["files"] if id in kept]
                title = self.both(partial(_paper, step))
                yield {"address": step.address, "title": title, "files": files, "later": is_promised(raw)}

    def _file(self, made: Enclosure) -> dict[str, Json]:
        pages = self.german.situation.case.files[made.id].pages or 1
        shown: dict[str, Json] = {"name": made.name, "media_type": made.media_type, "pages": pages}
        return shown | {"bytes": made.bytes, "sha256": made.sha256}


def _both(german: str, own: str) -> Both:
    return {"de": german, "own": own} if own and own != german else {"de": german}


def _section_title(section: str, voice: Voice) -> str:
    return plain(voice.section_title(section))


def _row_title(section: str, id: str, voice: Voice) -> str:
    row = voice.row(section, id)
    return "" if row is None else plain(voice.title(row))


def _of_dialog(place: str, text: str, voice: Voice) -> str:
    return plain(voice.of_dialog(place, text))


def _paper(step: Step, voice: Voice) -> str:
    return plain(paper(voice, step.stop, voice.row(step.stop.section, step.row)))


def _about(id: str, voice: Voice) -> str:
    procedure = voice.situation.interview.procedure
    criterion = next(each for each in procedure.criteria if each.id == id)
    return _of_dialog(f"{procedure.procedure}.{id}.about", criterion.about, voice)
