"""What can be applied for: every procedure that the library offers, with what an applicant should know before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from rapidfuzz import fuzz

from bot.answers.base import Json, Words
from bot.core import texts as core
from bot.core.case import Case
from bot.core.position import Situation
from bot.core.review import paper
from bot.core.say import Voice
from bot.core.tell import life_status, minutes_needed
from bot.core.vocabulary import folded
from bot.library import Library, NotOffered, typed_parameters
from bot.ports import Moment
from bot.procedures.fill import plain
from bot.procedures.format import Again
from bot.procedures.interview import Interview, Stop
from bot.procedures.walk import Sheet, walk

Shape = dict[str, Json]

FOUND: Final = 70
"""Score of rapidfuzz (0 to 100) from which on a procedure is what was looked for."""


class Offered(NamedTuple):
    """Something to apply for, as a case would see it that nobody has answered yet."""

    id: str
    situation: Situation


def procedures(library: Library, words: Words, moment: Moment, q: str = "") -> dict[str, Json]:
    """``Procedures`` of the API. ``q``: free words; only what fits, the best first."""
    every = list(_offered(library, words, moment))
    return {"procedures": [_shown(each) for each in (_found(every, q) if q.strip() else every)]}


def _offered(library: Library, words: Words, moment: Moment) -> Iterator[Offered]:
    for name in library.procedures:
        for municipality in (None, *library.municipalities(name)):
            situation = _situation(library, name, municipality, words, moment)
            if situation is not None:
                yield Offered(name if municipality is None else f"{name}/{municipality}", situation)


def _situation(library: Library, name: str, municipality: str | None, words: Words, moment: Moment) -> Situation | None:
    """None where nobody has filled the parameters: the procedure is offered by municipalities only."""
    interview = library.newest(name)
    try:
        pinned = library.parameters(name, municipality)
    except NotOffered:
        return None
    path = walk(interview, Sheet(), typed_parameters(interview, pinned), moment.today)
    case = Case(procedure=name, municipality=municipality, parameters=pinned, language=words.language)
    return Situation(case, path, interview, words, moment.now, moment.today)


def _shown(offered: Offered) -> Shape:
    situation = offered.situation
    voice = Voice(situation)
    procedure = situation.interview.procedure
    life = procedure.life_cycle
    days = {"opens": _day(situation, life.opens), "closes": _day(situation, life.closes)}
    return {
        "id": offered.id,
        "title": _title(voice),
        "agency": plain(voice.agency()),
        "status": life_status(situation),
        **{name: day.isoformat() for name, day in days.items() if day is not None},
        "minutes": minutes_needed(situation),
        "papers": [_paper(voice, stop) for stop in situation.interview.stops.values() if _is_paper(stop)],
        "languages": list(core.LANGUAGES),
    }


def _title(voice: Voice) -> str:
    procedure = voice.situation.interview.procedure
    return plain(voice.of_dialog(f"{procedure.procedure}.title", procedure.title))


def _day(situation: Situation, day: Any) -> date | None:
    if isinstance(day, str):
        day = situation.path.scope.parameters.get(day.removeprefix("parameter."))
    return day if isinstance(day, date) else None


def _is_paper(stop: Stop) -> bool:
    return stop.question is not None and stop.asked.kind.type == "evidence"


def _paper(voice: Voice, stop: Stop) -> Shape:
    always = _always_asked(voice.situation.interview, stop)
    return {"id": stop.asked.id, "title": plain(paper(voice, stop)), "always": always}


def _always_asked(interview: Interview, stop: Stop) -> bool:
    """Does everybody meet this question, and must answer it?"""
    section = interview.sections[stop.section].section
    there = section.repeat is None or (isinstance(section.repeat, Again) and section.repeat.min > 0)
    return there and section.when is None and stop.asked.when is None and not stop.asked.optional


# -- looking for one ------------------------------------------------------------------------------------------------


def _found(every: list[Offered], q: str) -> list[Offered]:
    scored = [(_score(folded(q), each), each) for each in every]
    best = sorted((score, -place) for place, (score, _) in enumerate(scored) if score >= FOUND)
    return [every[-place] for _, place in reversed(best)]


def _score(said: str, offered: Offered) -> float:
    """How well the words fit any of those by which the procedure is known."""
    return max(fuzz.WRatio(said, folded(words)) for words in _known_by(offered))


def _known_by(offered: Offered) -> Iterator[str]:
    """Titles, and the words that the dialog is to be found by, in German and in the applicant's language."""
    procedure = offered.situation.interview.procedure
    yield procedure.title
    yield _title(Voice(offered.situation))
    yield offered.id.replace("/", " ").replace("_", " ")
    yield procedure.agency
    yield from procedure.finds
