"""Shows a case as it stands: reads it, projects it, renders it. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from bot import limits
from bot.answers.base import Template
from bot.core import texts as core
from bot.core.case import File
from bot.core.events import Said, Turn
from bot.core.position import Situation
from bot.core.review import papers_to_come
from bot.core.say import Voice
from bot.desk import Desk
from bot.procedures.fill import plain
from bot.web import texts
from bot.web.page import session
from bot.web.page.site import Visit, frame, pages_of
from bot.web.page.view import View, view
from bot.web.shapes import files as shapes
from bot.web.shapes.state import state
from bot.web.shapes.summary import summary
from bot.web.shapes.transcript import events

RECENT: Final = 30
"""So many turns are read for a page; the whole conversation only where it is asked for."""

USABLE: Final = ("checking", "waiting", "ready")
OVERALL: Final = {
    "likely": core.VERDICT_LIKELY,
    "partly": core.VERDICT_PARTLY,
    "unclear": core.VERDICT_UNCLEAR,
    "unlikely": core.VERDICT_UNLIKELY,
    "open": core.VERDICT_OPEN,
}
FINDINGS: Final = {
    "met": texts.FINDING_MET,
    "partly": texts.FINDING_PARTLY,
    "not_met": texts.FINDING_NOT_MET,
    "unclear": texts.FINDING_UNCLEAR,
    "open": texts.FINDING_OPEN,
}
_DONE: Final = {
    "prepared": texts.DONE_PREPARED,
    "delivered": texts.DONE_DELIVERED,
    "accepted": texts.DONE_SENT,
    "rejected": texts.DONE_REJECTED,
}
STEPS: Final = (("sent", texts.STEP_SENT), ("delivered", texts.STEP_DELIVERED), ("accepted", texts.STEP_ACCEPTED))
_TITLES: Final = {
    "review": texts.REVIEW_TITLE,
    "summary": texts.REVIEW_SO_FAR,
    "paused": texts.PAUSED,
    "ended": texts.ENDED,
    "nothing": texts.NOTHING_OPEN,
}
"""What a title says of a page: never a question, for it may name somebody."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What only this one page shows: what was typed, a code, an order of files. Kept nowhere."""

    status: int = 200
    typed: Mapping[str, str] = field(default_factory=dict)
    ticked: Sequence[str] = ()
    code: str = ""
    notice: str = ""
    order: Sequence[str] = ()
    task: str = ""
    whole: bool = False


NOTHING: Final = Extra()


async def show_case(visit: Visit, extra: Extra = NOTHING) -> web.Response:
    """The page of a case. Raises :class:`bot.desk.UnknownDoor` where it is gone."""
    desk = visit.service.desk
    situation = await desk.look(visit.case)
    after = 0 if extra.whole else max(0, situation.case.number - RECENT)
    turns = await _turns(desk, visit, after)
    shown = state(situation)
    language = situation.case.language
    seen = view(shown, situation.case.number, events(turns, situation, desk.words), _languages(turns, language))
    values = _values(visit, situation, seen, extra) | {"more": after > 0}
    return pages_of(visit.request).respond("case", situation.words, status=extra.status, **values)


async def _turns(desk: Desk, visit: Visit, after: int) -> list[Turn]:
    found: list[Turn] = []
    while turns := await desk.history(visit.case, after, limits.EVENTS_PER_REPLY):
        found += turns
        after = turns[-1].number
    return found


def _languages(turns: Iterable[Turn], own: str) -> dict[int, str]:
    """Turns in which another language was spoken."""
    spoken = ((turn.number, fact.language) for turn in turns for fact in turn.facts if isinstance(fact, Said))
    return {number: language for number, language in spoken if language != own}


def _values(visit: Visit, situation: Situation, seen: View, extra: Extra) -> dict[str, Any]:
    """Everything that the template of a case may ask for."""
    task = extra.task or seen.task
    known = situation.case.files
    values: dict[str, Any] = {
        **frame(visit.request, mode="form", home="/chat"),
        "core": core,
        "view": seen,
        "state": seen.state,
        "task": task,
        "form": {"proof": session.proof(visit.token), "id": session.new_id},
        "page_title": _title(situation, seen, task),
        "failed": seen.slip is not None or bool(extra.notice),
        "overall": OVERALL,
        "findings": FINDINGS,
        "previews": {id for id, file in known.items() if file.preview},
        "done_title": _done_title(seen.state),
        "steps": STEPS,
        "typed": dict(extra.typed),
        "ticked": list(extra.ticked),
        "code": extra.code,
        "notice": extra.notice,
    }
    return values | _reviewed(situation, seen, task) | _files(situation, seen, extra.order)


def _reviewed(situation: Situation, seen: View, task: str) -> dict[str, Any]:
    """The summary where the page shows it: in the review, and above each declaration."""
    declares = seen.question is not None and seen.question["id"].startswith("@declaration")
    if task not in ("review", "summary") and not (declares and task == "question"):
        return {"summary": None, "fold_open": False, "promised": ""}
    found = summary(situation)
    return {
        "summary": found,
        "fold_open": not any(each["confirmed"] for each in found["declarations"]),
        "promised": plain(papers_to_come(Voice(situation))),
    }


def _title(situation: Situation, seen: View, task: str) -> str:
    """What the page is about, without a word of an applicant."""
    words, position = situation.words, seen.state["position"]
    parts = []
    if seen.state["phase"] in ("sending", "submitted"):
        parts.append(words.translate(*_done_title(seen.state)))
    elif task in _TITLES:
        parts.append(words.translate(*_TITLES[task]))
    elif position is not None:
        text = words.translate(*texts.TITLE_POSITION)
        parts.append(text.format(number=position["number"], total=position["of"]))
    procedure = seen.state["procedure"]
    parts.append(procedure["title"] if procedure is not None else words.translate(*texts.START_TITLE))
    return " – ".join(parts)


def _done_title(shown: Mapping[str, Any]) -> Template:
    if shown["phase"] == "sending" or not shown["submissions"]:
        return texts.DONE_SENDING
    return _DONE.get(shown["submissions"][-1]["state"], texts.DONE_SENDING)


# -- files of the open question -------------------------------------------------------------------------------------


def _files(situation: Situation, seen: View, order: Sequence[str]) -> dict[str, Any]:
    question = seen.question
    if question is None or question["kind"] != "evidence":
        return {"files": [], "usable": [], "checking": False}
    found = files_of(situation, question["id"], order)
    words = situation.words
    shown = [shapes.file(each, words) | {"told": shapes.told(each, words)} for each in found]
    usable = [each.id for each in found if each.state in USABLE]
    return {"files": shown, "usable": usable, "checking": any(each.state == "checking" for each in found)}


def files_of(situation: Situation, question: str, order: Sequence[str] = ()) -> list[File]:
    """The files at ``question`` in page order: as the page orders them, else as the old answer does, else as sent."""
    cell = situation.case.sheet.cells.get(question)
    old = cell.raw.get("files", []) if cell is not None and isinstance(cell.raw, dict) else []
    places = {id: place for place, id in enumerate(order or old)}
    own = [each for each in situation.case.files.values() if each.address == question and each.state != "dropped"]
    return sorted(own, key=lambda each: places.get(each.id, len(places)))
