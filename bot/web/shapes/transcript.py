"""The transcript: every turn as events of the API, in order. First what was done, then what was said to it.

An event depends on its own turn, on the names of what it shows, and on nothing else: reading in pieces is reading all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bot.answers.base import Json, Words
from bot.core import events as facts
from bot.core.events import Said, Turn
from bot.core.position import Situation
from bot.core.say import Say, recalled
from bot.core.submission import instant
from bot.web.shapes.deeds import Event, View, done

WordsOf = Callable[[str], Words]
TextOf = Callable[[Said], str]

_CODE: Final = "code"
"""The placeholder that the ledger never fills: a resume code."""


def events(
    turns: Iterable[Turn], situation: Situation | None, words_of: WordsOf, *, code: str = "", says: Iterable[Say] = ()
) -> list[Event]:
    """``Event`` of the API, of whole turns. ``situation``: the case now (None: erased), for what values are called.

    ``code``: a resume code that is shown once, in the reply to the turn that made it. ``says``: messages of these
    turns that are worded already; the others are worded from the ledger.
    """
    worded = {} if code else {id(say.fact): say.text for say in says}

    def text_of(fact: Said) -> str:
        known = worded.get(id(fact))
        return recalled(_revealed(fact, code), words_of(fact.language)).text if known is None else known

    return [event for turn in turns for event in _of_turn(turn, situation, words_of, text_of)]


def _of_turn(turn: Turn, situation: Situation | None, words_of: WordsOf, text_of: TextOf) -> Iterator[Event]:
    view = View(turn, situation, words_of(_language(turn, situation)))
    at = instant(turn.at)
    for part, event in enumerate([*done(view), *_told(view, text_of)]):
        yield {"turn": turn.number, "part": part, "at": at, **event}


def _language(turn: Turn, situation: Situation | None) -> str:
    """What was spoken in this turn."""
    for fact in turn.facts:
        if isinstance(fact, Said | facts.LanguageSet | facts.Opened):
            return fact.language
    return "de" if situation is None else situation.case.language


# -- what was said ----------------------------------------------------------------------------------------------------


def _told(view: View, text_of: TextOf) -> Iterator[Event]:
    slip = next((fact for fact in view.turn.facts if isinstance(fact, facts.NotUnderstood)), None)
    for fact in view.turn.facts:
        if not isinstance(fact, Said):
            continue
        event = _said(view, fact, text_of(fact))
        if (key := _problem(fact)) is not None:
            event["kind"] = "problem"
            event["problem"] = {"key": key, "params": _params(fact)}
            if slip is not None and slip.address:
                event["question"] = slip.address
        yield event


def _said(view: View, fact: Said, text: str) -> Event:
    who = "staff" if view.turn.actor == "staff" else "bot"
    event: Event = {"from": who, "kind": "said", "text": text, "place": fact.place}
    if fact.question:
        event["question"] = fact.question
    return event


def _revealed(fact: Said, code: str) -> Said:
    if not code or all(param.name != _CODE for param in fact.params):
        return fact
    params = [each.model_copy(update={"value": code}) if each.name == _CODE else each for each in fact.params]
    return fact.model_copy(update={"params": params})


def _problem(fact: Said) -> str | None:
    """The key of the slip that a message words; None where it words none."""
    place = fact.place
    if place.startswith("answers."):
        return place.removeprefix("answers.")
    if place.startswith("core.slip."):
        return place
    if ".checks." not in place or fact.question:
        return None  # "is that right?" is a question
    return "check"


def _params(fact: Said) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for param in fact.params:
        values[param.name] = values.get(param.name, "") + param.value
    return values
