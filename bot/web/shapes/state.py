"""Everything a client needs to go on, made after each turn: ``State`` of the API."""

from __future__ import annotations

from typing import Final

from bot.answers.base import Json
from bot.core import news
from bot.core import texts as core
from bot.core.case import Submission
from bot.core.position import RECEPTION, Open, Situation, open_question, phase
from bot.core.receipt import has_receipt
from bot.core.say import Voice
from bot.core.submission import instant
from bot.core.tell import life_status
from bot.core.verdict import gist
from bot.procedures.fill import plain
from bot.web.shapes import texts
from bot.web.shapes.actions import actions
from bot.web.shapes.question import asked
from bot.web.shapes.tasks import task
from bot.web.shapes.wording import worded

API: Final = 1


def state(situation: Situation) -> dict[str, Json]:
    """``State``, with nothing in it that depends on who asks."""
    case, open_ = situation.case, open_question(situation)
    return {
        "api": API,
        "reference": case.reference,
        "phase": phase(situation),
        "speaker": case.speaker,
        "language": case.language,
        "languages": list(core.LANGUAGES),
        "procedure": procedure(situation),
        "position": _position(situation, open_),
        "question": None if open_ is None else asked(situation, open_),
        "waiting": _waiting(situation),
        "actions": actions(situation, open_),
        "verdict": _verdict(situation),
        "tasks": [task(Voice(situation), each) for each in case.tasks.values()],
        "submissions": [submission(situation, each) for each in case.submissions.values()],
        "demo_today": None if case.demo_date is None else case.demo_date.isoformat(),
    }


def procedure(situation: Situation) -> dict[str, Json] | None:
    """What is applied for. None at the reception, where that is the open question."""
    case, named = situation.case, situation.interview.procedure
    if case.procedure == RECEPTION:
        return None
    return {
        "id": case.procedure if case.municipality is None else f"{case.procedure}/{case.municipality}",
        "version": case.version,
        "title": plain(Voice(situation).of_dialog(f"{named.procedure}.title", named.title)),
        "status": life_status(situation),
    }


def _position(situation: Situation, open_: Open | None) -> dict[str, Json] | None:
    """Section n of m. None before the first question and behind the last one."""
    section = _section(situation, open_)
    if section is None or situation.case.procedure == RECEPTION:
        return None
    plans = situation.interview.sections
    title = plain(Voice(situation).section_title(section))
    return {"section": section, "title": title, "number": plans[section].number, "of": len(plans)}


def _section(situation: Situation, open_: Open | None) -> str | None:
    if open_ is None:
        return None
    if open_.stop is not None:
        return open_.stop.section
    steps = situation.path.steps
    return steps[-1].stop.section if open_.kind == "notice" and steps else None


def _waiting(situation: Situation) -> dict[str, Json] | None:
    """What the case waits for that the applicant cannot hurry."""
    case = situation.case
    if case.speaker == "staff":
        return {"for": "staff", "text": worded(situation.words, texts.WAITING_STAFF)}
    if any(file.state == "waiting" for file in case.files.values()):
        return {"for": "scan", "text": worded(situation.words, texts.WAITING_SCAN)}
    if case.submission is not None and case.under_way:
        return {"for": "agency", "text": news.now(Voice(situation), case.submission)}
    return None


def _verdict(situation: Situation) -> dict[str, Json]:
    if situation.case.procedure == RECEPTION:
        return {"overall": "open", "not_met": 0}
    overall, not_met = gist(situation)
    return {"overall": overall, "not_met": not_met}


def submission(situation: Situation, each: Submission) -> dict[str, Json]:
    """``Submission`` of the API. What was computed as of another day never goes to a real agency."""
    made: dict[str, Json] = {
        "n": each.n,
        "kind": each.kind,
        "state": each.state,
        "at": instant(each.trail[-1].at if each.trail else each.ordered_at),
        "sandbox": each.sandbox or situation.case.demo_date is not None,
        "text": news.now(Voice(situation), each),
        "steps": [{"state": passed.state, "at": instant(passed.at)} for passed in each.trail],
    }
    return made | {"receipt": f"/api/v1/submissions/{each.n}/receipt"} if has_receipt(each) else made
