"""Every action that is allowed now, with its label in the case's language. Which ones are: the core says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from bot import limits
from bot.answers.base import Json, Template, Words
from bot.core import events, lifecycle, position
from bot.core import texts as core
from bot.core.position import Action, Open, Situation
from bot.core.say import Voice
from bot.procedures.fill import plain
from bot.web.shapes import texts
from bot.web.shapes.wording import row_named, worded

LABELS: Final[dict[str, Template]] = {
    "start": core.CONSENT_YES,
    "back": texts.BACK,
    "keep": core.KEEP,
    "skip": core.SKIP,
    "unsure": core.UNSURE,
    "help": texts.HELP,
    "pause": texts.PAUSE,
    "resume": core.CONTINUE,
    "correct": core.CHANGE_ANSWER,
    "apply_anyway": core.APPLY_ANYWAY,
    "stop": core.STOP_HERE,
    "submit": core.SUBMIT,
    "send_addition": texts.SEND_ADDITION,
    "human": texts.HUMAN,
    "erase": texts.ERASE,
    "new_case": texts.NEW_CASE,
    "undo": texts.UNDO,
    "summary": texts.SUMMARY,
    "decline": core.ENTER_ANEW,
}
"""Labels of actions that are about nothing. Rows and languages bear the names of what they are about."""


def actions(situation: Situation, open_: Open | None) -> list[dict[str, Json]]:
    """``actions`` of the API. ``open_``: the open question."""
    voice = Voice(situation)
    the_same = _always_the_same(situation.words)
    made: list[dict[str, Json]] = []
    for action in position.actions(situation):
        if action.name in the_same:
            made.append(the_same[action.name])
        elif action.name == "language":
            made += _languages(situation)
        else:
            made.append(_shown(voice, open_, action))
    return made


def _shown(voice: Voice, open_: Open | None, action: Action) -> dict[str, Json]:
    name, target = action
    made: dict[str, Json] = {"name": name, "label": _label(voice, open_, action)}
    if target:
        made["target"] = target
    if (asks := _asks(voice.situation, name)) is not None:
        made["asks"] = asks
    return made


@cache
def _always_the_same(words: Words) -> dict[str, dict[str, Json]]:
    """Actions that are about nothing, ask nothing and are called the same everywhere: made once a language."""
    names = LABELS.keys() - {"back", "stop", "erase", "keep", "skip", "unsure", "apply_anyway"}
    return {name: {"name": name, "label": words.translate(*LABELS[name])} for name in names}


def _languages(situation: Situation) -> Iterator[dict[str, Json]]:
    for language, own_name in core.LANGUAGES.items():
        if language != situation.case.language:
            yield {"name": "language", "label": own_name, "target": language}


def _label(voice: Voice, open_: Open | None, action: Action) -> str:
    name, target = action
    if name in ("add_row", "remove_row"):
        return _row_label(voice, name, target)
    if name == "back" and open_ is not None and open_.kind == "notice":
        return voice.word(core.CHANGE_ANSWER)
    return voice.word(LABELS[name])


def _row_label(voice: Voice, name: str, target: str) -> str:
    section, _, id = target.partition("[")
    if name == "add_row":
        return worded(voice.words, texts.ADD_ROW, title=plain(voice.section_title(section)))
    wanted, rows = id.rstrip("]"), voice.situation.path.scope.rows.get(section, ())
    place = next((place for place, row in enumerate(rows) if row.id == wanted), None)
    title = target if place is None else row_named(voice, rows[place], place + 1)
    return worded(voice.words, texts.REMOVE_ROW, title=title)


def _asks(situation: Situation, name: str) -> str | None:
    """What to confirm first: only where the core does not ask back itself."""
    if name == "stop":
        return worded(situation.words, texts.STOP_ASKS, days=str(limits.DRAFT_DAYS))
    if name == "erase" and not lifecycle.may(situation.case.state, events.NotSure):
        return worded(situation.words, core.ERASE_ASK)
    return None
