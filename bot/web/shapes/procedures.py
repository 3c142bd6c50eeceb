"""What can be applied for: everything that the library offers, with what an applicant should know before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from rapidfuzz import fuzz

from bot.answers.base import Json, Words
from bot.core import texts as core
from bot.core.case import Case
from bot.core.position import Offer, Situation
from bot.core.reception import title
from bot.core.review import paper
from bot.core.say import Voice
from bot.core.tell import life_status, minutes_needed
from bot.core.vocabulary import folded
from bot.library import Library
from bot.ports import Moment
from bot.procedures.fill import plain
from bot.procedures.format import Again
from bot.procedures.interview import Interview, Stop
from bot.procedures.walk import Sheet, walk

Shape = dict[str, Json]

FOUND: Final = 70
"""Score of rapidfuzz (0 to 100) from which on a procedure is what was looked for."""


class Offered(NamedTuple):
    """Something to apply for, and how a case begins that nobody has answered yet."""

    id: str
    offer: Offer
    situation: Situation

    @property
    def title(self) -> str:
        return title(self.situation, self.offer)


def procedures(library: Library, words: Words, moment: Moment, q: str = "") -> dict[str, Json]:
    """``Procedures`` of the API. ``q``: free words; only what fits, the best first."""
    every = list(_offered(library, words, moment))
    return {"procedures": [_shown(each) for each in (_found(every, q) if q.strip() else every)]}


def _offered(library: Library, words: Words, moment: Moment) -> Iterator[Offered]:
    for name, offer in library.offers.items():
        path = walk(offer.interview, Sheet(), offer.typed, moment.today)
        case = Case(language=words.language)
        yield Offered(name, offer, Situation(case, path, offer.interview, words, moment.now, moment.today))


def _shown(offered: Offered) -> Shape:
    situation = offered.situation
    voice = Voice(situation)
    life = situation.interview.procedure.life_cycle
    days = {"opens": _day(situation, life.opens), "closes": _day(situation, life.closes)}
    return {
        "id": offered.id,
        "title": offered.title,
        "agency": plain(voice.agency()),
        "status": life_status(situation),
        **{name: day.isoformat() for name, day in days.items() if day is not None},
        "minutes": minutes_needed(situation),
        "papers": [_paper(voice, stop) for stop in situation.interview.stops.values() if _is_paper(stop)],
        "languages": list(core.LANGUAGES),
    }


def _day(situation: Situation, day: Any) -> date | None:
    """A day of the life cycle, or the parameter's that gives it."""
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
    """The best first; of equals the one that the library names first."""
    scores = {each.id: _score(folded(q), each) for each in every}
    fitting = [each for each in every if scores[each.id] >= FOUND]
    return sorted(fitting, key=lambda each: -scores[each.id])


def _score(said: str, offered: Offered) -> float:
    """How well the words fit any of those by which the procedure is known."""
    return max(_likeness(said, folded(known)) for known in _known_by(offered))


def _likeness(said: str, known: str) -> float:
    """0 to 100: how well each word stands in what is known, on average. "kita" stands in "kitagebühren", too."""
    words = [word for word in said.split() if len(word) >= _A_WORD]
    likely = sum(fuzz.partial_ratio(word, known) for word in words) / len(words) if words else 0
    return max(likely, fuzz.ratio(said, known))


_A_WORD: Final = 3
"""Shorter ones stand in everything."""


def _known_by(offered: Offered) -> Iterator[str]:
    """Titles and agency, and the words that the dialog is to be found by; German, and in the applicant's language."""
    procedure = offered.situation.interview.procedure
    yield procedure.title
    yield offered.title
    yield offered.id.replace("/", " ").replace("_", " ")
    yield procedure.agency
    yield from procedure.finds
    yield from (criterion.about for criterion in procedure.criteria)
