"""Everything answered so far, as the applicant checks it: by section and row, with verdict and estimate.

Only answers on the path appear (§ 3a Abs. 5 VwVfG: the applicant sees the whole declaration before it is sent).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.answers.base import Json
from bot.core import texts
from bot.core.position import Situation
from bot.core.say import Say, Voice, listed
from bot.core.verdict import Judged, reason, verdict
from bot.procedures.fill import Part, Text, plain, rests_on, show_value
from bot.procedures.interview import SayPlan, Stop
from bot.procedures.rules import Row
from bot.procedures.scope import UNKNOWN
from bot.procedures.walk import Step, locate


class Item(NamedTuple):
    """One answered question. ``number``: counts the answers from 1, the word by which it is changed."""

    number: int
    address: str
    section: str
    row: str | None
    asked: Text
    answered: Text

    @property
    def text(self) -> str:
        return plain(self.asked)

    @property
    def answer(self) -> str:
        return plain(self.answered)


def items(situation: Situation) -> Iterator[Item]:
    """Every answer on the path, in order, in the applicant's language."""
    voice = Voice(situation)
    for number, step in enumerate(situation.path.steps, 1):
        section = step.stop.section
        asked = voice.asked(step.stop, voice.row(section, step.row))
        yield Item(number, step.address, section, step.row, asked, _answered(voice, step))


def _answered(voice: Voice, step: Step) -> Text:
    if step.cell.kind == "value":
        return voice.answer(step.stop, step.cell.raw, step.address)
    return (Part(voice.word(texts.UNSURE) if step.cell.kind == "unsure" else "–", step.address),)


def summary(situation: Situation) -> list[Say]:
    """The summary as messages."""
    voice = Voice(situation)
    found = list(items(situation))
    if not found:
        return [voice.say(texts.SUMMARY_EMPTY)]
    return [
        voice.say(texts.SUMMARY, "summary"),
        *(_section(voice, section, found) for section in dict.fromkeys(item.section for item in found)),
        voice.say(texts.SUMMARY_END, "summary"),
    ]


def _section(voice: Voice, section: str, found: list[Item]) -> Say:
    return voice.say_lines("summary", _lines(voice, section, [item for item in found if item.section == section]))


def _lines(voice: Voice, section: str, found: list[Item]) -> Iterator[Text]:
    yield (Part("— "), *voice.section_title(section), Part(" —"))
    last = None
    for item in found:
        if item.row != last and (row := voice.row(section, item.row)) is not None:
            yield (Part("· "), *voice.title(row))
        last = item.row
        yield (Part(f"{item.number}. "), *item.asked)
        yield (Part("   → "), *item.answered)


# -- papers ---------------------------------------------------------------------------------------------------------


def paper(voice: Voice, stop: Stop, row: Row | None = None) -> Text:
    """The name of a paper, as a list shows it, with the row that it is for."""
    title = getattr(stop.asked.kind, "title", None)
    name = voice.asked(stop) if title is None else voice.of_dialog(f"{stop.place}.title", title)
    return name if row is None else (*name, Part(" ("), *voice.title(row), Part(")"))


def is_promised(raw: Json) -> bool:
    """Evidence that will be handed in later."""
    return isinstance(raw, dict) and raw.get("later") is True


def papers_to_come(voice: Voice) -> Text:
    """Every paper that was promised for later, as a list."""
    steps = voice.situation.path.steps
    return listed("; ", (_paper_of(voice, step) for step in steps if is_promised(step.cell.raw)))


def _paper_of(voice: Voice, step: Step) -> Text:
    """The paper, with the row that it is for."""
    return paper(voice, step.stop, voice.row(step.stop.section, step.row))


def to_do(voice: Voice) -> Text:
    """Everything that is still to be handed in or answered, as a list."""
    path = voice.situation.path
    steps = (locate(path, task.address) for task in voice.situation.case.tasks.values())
    return listed("; ", (_paper_of(voice, step) for step in steps if step is not None))


# -- the verdict ------------------------------------------------------------------------------------------------------


def pre_check(situation: Situation) -> Iterator[Say]:
    """The verdict with each reason, then the estimates."""
    voice = Voice(situation)
    found = verdict(situation)
    yield voice.say(OVERALL[found.overall])
    for item in found.items:
        if (said := reason(situation, item)) is not None:
            yield _criterion(voice, item)
            yield voice.say_dialog(said.place, said.template, fillings=said.fillings)
    yield from estimates(voice)


OVERALL = {
    "likely": texts.VERDICT_LIKELY,
    "partly": texts.VERDICT_PARTLY,
    "unclear": texts.VERDICT_UNCLEAR,
    "unlikely": texts.VERDICT_UNLIKELY,
    "open": texts.VERDICT_OPEN,
}

_STATES = {
    "partly": texts.STATE_PARTLY,
    "not_met": texts.STATE_NOT_MET,
    "unclear": texts.STATE_UNCLEAR,
}


def _criterion(voice: Voice, item: Judged) -> Say:
    place = f"{voice.situation.interview.procedure.procedure}.{item.plan.id}.about"
    about = voice.of_dialog(place, item.plan.criterion.about)
    return voice.say(texts.CRITERION, about=about, state=voice.word(_STATES[item.state]))


def estimates(voice: Voice) -> Iterator[Say]:
    """Each estimate that holds, labelled as not binding."""
    plans = voice.situation.interview.estimates
    said = [say for plan in plans if (say := _estimate(voice, plan)) is not None]
    yield from said
    if said:
        yield voice.say(texts.ESTIMATE_END)


def _estimate(voice: Voice, plan: SayPlan) -> Say | None:
    situation, scope = voice.situation, voice.situation.path.scope
    if plan.when is not None and plan.when(scope) is not True:
        return None
    assert plan.formula is not None
    value = plan.formula(scope)
    if value is UNKNOWN:
        return None
    estimate = next(each for each in situation.interview.procedure.estimates if each.id == plan.id)
    shown = show_value(estimate.kind, value, situation.context)
    amount = (Part(shown, rests_on(situation.interview, scope, plan.formula)),)
    place = f"{situation.interview.procedure.procedure}.{plan.id}.say"
    text = voice.of_dialog(place, estimate.say, extra={plan.id: amount})
    return voice.say(texts.ESTIMATE, estimate=text)
