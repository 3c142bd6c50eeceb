"""The one open question as the public API shows it: everything that a client needs to ask it and to send an answer.

Its words are those of the assistant. A pseudo-question shows in ``why`` what the assistant says before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from bot.answers.base import UNSURE, Json
from bot.core import texts
from bot.core.ask import ask
from bot.core.case import Pending
from bot.core.position import Open, Situation, open_question
from bot.core.say import Choice, Voice
from bot.core.understand import suggestion
from bot.procedures.fill import plain
from bot.procedures.interview import Stop
from bot.web.shapes.tasks import reason_of
from bot.web.shapes.wording import row_named, worded

ACCEPTED: Final = ("image/jpeg", "image/png", "image/webp", "application/pdf")
"""Media types that every device can offer. The server takes more (HEIC, TIFF); a picker that is told so converts."""

Shape = dict[str, Json]


def question(situation: Situation) -> Shape | None:
    """``Question`` of the API, None where nothing is open."""
    open_ = open_question(situation)
    return None if open_ is None else asked(situation, open_)


def asked(situation: Situation, open_: Open) -> Shape:
    """The same for a known open question."""
    if open_.kind == "question":
        return _real(Voice(situation), open_)
    return _pseudo(situation, open_)


# -- a real question ------------------------------------------------------------------------------------------------


def _real(voice: Voice, open_: Open) -> Shape:
    stop = open_.stop
    assert stop is not None
    asked, kind = stop.asked, stop.asked.kind
    row = voice.row(stop.section, open_.row) if stop.repeated else None

    def told(name: str, text: str) -> str:
        return plain(voice.of_dialog(f"{stop.place}.{name}", text, row=row))

    made: Shape = {
        "id": open_.address,
        "kind": kind.answer,  # type: ignore[attr-defined]  # every kind names itself in its files
        "text": told("ask", asked.ask),
        "why": _why(voice, stop, told),
    }
    if asked.help is not None or asked.law is not None:
        made["help"] = "\n".join(_help(voice, stop, told))
    if asked.example is not None:
        made["example"] = told("example", asked.example)
    made["required"] = not asked.optional
    made["unsure"] = asked.unsure is not None
    made["sensitive"] = asked.sensitive
    if open_.row is not None:
        _put_row(made, voice, open_)
    _put_values(made, voice, open_, stop)
    _put_reasons(made, voice, open_)
    return made


def _why(voice: Voice, stop: Stop, told: Callable[[str, str], str]) -> str:
    why = told("why", stop.asked.why)
    return f"{why}\n{voice.word(texts.SUBSIDY_RELEVANT)}" if stop.asked.subsidy_relevant else why


def _help(voice: Voice, stop: Stop, told: Callable[[str, str], str]) -> Iterator[str]:
    if stop.asked.help is not None:
        yield told("help", stop.asked.help)
    if stop.asked.law is not None:
        yield worded(voice.words, texts.HELP_LAW, law=stop.asked.law)


def _put_row(made: Shape, voice: Voice, open_: Open) -> None:
    assert open_.stop is not None and open_.row is not None
    section = open_.stop.section
    rows = voice.situation.path.scope.rows.get(section, ())
    position, row = next(((n, row) for n, row in enumerate(rows, 1) if row.id == open_.row), (1, None))
    title = open_.row if row is None else row_named(voice, row, position)
    made["row"] = {"section": section, "row": open_.row, "position": position, "title": title}


def _put_values(made: Shape, voice: Voice, open_: Open, stop: Stop) -> None:
    """What can be chosen, what is proposed, what stood here before, and what the kind allows."""
    context = voice.context(stop)
    kind: Any = stop.asked.kind
    choices: list[Shape] = [{"value": value, "label": label} for value, label in kind.choices(context)]
    if kind.type == "evidence" and kind.later:
        choices.append({"value": {"files": [], "later": True}, "label": voice.word(texts.LATER)})
    if choices:
        made["choices"] = choices
    if open_.old is None:
        proposed = suggestion(voice.situation, open_)
        if proposed is not None:
            made["suggestion"] = proposed
            made["suggestion_text"] = plain(voice.answer(stop, proposed, open_.address))
    elif open_.old.kind == "value":
        made["old"] = open_.old.raw
        made["old_text"] = plain(voice.answer(stop, open_.old.raw, open_.address))
    elif open_.old.kind == "unsure":
        made["old"] = UNSURE
        made["old_text"] = voice.word(texts.UNSURE)
    limits = kind.limits(context)
    if kind.type == "evidence":
        limits = {**limits, "accept": list(ACCEPTED)}
    if limits:
        made["limits"] = limits


def _put_reasons(made: Shape, voice: Voice, open_: Open) -> None:
    """Why it is asked in this way: what was asked back, why an answer no longer stands, or which task asks."""
    situation, here = voice.situation, open_.here
    pending = situation.case.pending
    if pending is not None and pending.address == open_.address:
        made["proposals"] = list(_proposals(voice, open_, pending))
        made["because"] = ask(situation, section=False)[-1].text
    elif here is not None and here.failed is not None:
        made["because"] = plain(voice.of_dialog(here.failed.place, here.failed.check.otherwise))
    elif here is not None and here.invalid:
        made["because"] = voice.word(texts.NO_LONGER_FITS)
    elif open_.task is not None:
        made["because"] = reason_of(voice.words, open_.task)
    if open_.task is not None:
        made["task"] = open_.task.id


def _proposals(voice: Voice, open_: Open, pending: Pending) -> Iterator[Shape]:
    assert open_.stop is not None
    for raw in pending.candidates:
        yield {"value": raw, "label": plain(voice.answer(open_.stop, raw, open_.address))}


# -- pseudo-questions -----------------------------------------------------------------------------------------------

_KINDS: Final = {"notice": "one_of", "change": "one_of", "procedure": "one_of"}


def _pseudo(situation: Situation, open_: Open) -> Shape:
    """As the assistant puts it: its last message asks, what it says before is the reason."""
    *before, last = ask(situation, section=False)
    text, why = last.text, "\n".join(say.text for say in before)
    made: Shape = {"id": open_.address, "kind": _KINDS.get(open_.kind, "yes_no"), "text": text}
    if open_.declaration is not None:
        number, declared = before
        made["text"] = f"{number.text} {declared.text}"
        why = "" if open_.declaration.law is None else _law(situation, open_.declaration.law)
    if why:
        made["why"] = why
    return made | {"required": True, "unsure": False, "sensitive": None, "choices": _choices(last.choices)}


def _law(situation: Situation, law: str) -> str:
    return worded(situation.words, texts.HELP_LAW, law=law)


def _choices(choices: tuple[Choice, ...]) -> list[Shape]:
    return [{"value": choice.value, "label": choice.label} for choice in choices if not choice.action]
