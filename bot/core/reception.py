"""The reception: a case whose applicant has not said yet what to apply for. The one question is ``@procedure``.

What can be chosen is handed in as ``Situation.offers``; choosing moves the case to that procedure, which then begins
like any other. Free words are looked for in the titles and in the words by which a procedure is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.answers.base import Choice as Option
from bot.answers.base import Template, Unclear, Value, problem
from bot.answers.labels import Finder
from bot.core import commands as c
from bot.core import events, texts
from bot.core.position import WHICH_PROCEDURE, Offer, Situation
from bot.core.progress import progress
from bot.core.say import Choice, Say, Voice
from bot.procedures.fill import plain, show_plain
from bot.procedures.walk import Sheet, walk

TITLE: Final = Template("reception.title", "Ihr Antrag")
AGENCY: Final = Template("reception.agency", "die zuständige Behörde")
WELCOME: Final = Template(
    "core.reception.welcome",
    "Guten Tag! Ich bin ein automatisches Programm, kein Mensch. Ich begleite Sie durch einen Antrag auf Hilfe.",
)
ASK: Final = Template("core.reception.ask", "Welchen Antrag möchten Sie stellen?")
NOT_FOUND: Final = Template(
    "core.slip.no_such_procedure", "Diesen Antrag finde ich hier nicht. Bitte wählen Sie einen aus der Liste."
)


def welcome(situation: Situation) -> Iterator[Say]:
    """The first words of a case without a procedure."""
    voice = Voice(situation)
    if situation.case.demo_date is not None:
        yield voice.say(texts.DEMO_DATE, date=show_plain(situation.case.demo_date, situation.context))
    yield voice.say(WELCOME)


def ask(voice: Voice) -> Iterator[Say]:
    """Which procedure?"""
    choices = tuple(Choice(option.label, option.value) for option in options(voice.situation))
    yield voice.say(ASK, "question", choices=choices, question=WHICH_PROCEDURE)


def options(situation: Situation) -> list[Option]:
    """Everything that can be chosen: its name and its title in the applicant's language."""
    return [Option(name, title(situation, offer)) for name, offer in situation.offers.items()]


def title(situation: Situation, offer: Offer) -> str:
    """The title of an offer, with its parameters filled in."""
    path = walk(offer.interview, Sheet(), dict(offer.typed), situation.today)
    voice = Voice(replace(situation, interview=offer.interview, path=path))
    procedure = offer.interview.procedure
    shown = plain(voice.of_dialog(f"{procedure.procedure}.title", procedure.title))
    return shown if offer.municipality is None else f"{shown} ({offer.municipality})"


def read(text: str, situation: Situation) -> c.Command:
    """An applicant's words for what to apply for."""
    every = tuple(options(situation))
    words = {
        name: (offer.interview.procedure.title, *offer.interview.procedure.finds)
        for name, offer in situation.offers.items()
    }
    reading = Finder(every, words).find(text, numbered=True)
    if isinstance(reading, Value):
        return c.Choose(reading.value)
    if isinstance(reading, Unclear) and len(reading.candidates) == 1:
        return c.Choose(reading.candidates[0])
    return c.Slip(WHICH_PROCEDURE, problem(NOT_FOUND), refused=False)


def chosen(situation: Situation, offer: Offer) -> tuple[events.Moved, Situation]:
    """The fact that the applicant chose ``offer``, and the situation after it."""
    procedure = offer.interview.procedure
    moved = events.Moved(
        procedure=procedure.procedure,
        municipality=offer.municipality,
        version=procedure.version,
        hash=offer.interview.source.hash,
        parameters=dict(offer.parameters),
    )
    path = walk(offer.interview, Sheet(), dict(offer.typed), situation.today)
    return moved, replace(progress(situation, [moved]), interview=offer.interview, path=path, offers={})
