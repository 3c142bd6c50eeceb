"""Everything answered so far, as the applicant checks it: by section and row, with verdict and estimate.

Only answers on the path appear (§ 3a Abs. 5 VwVfG: the applicant sees the whole declaration before it is sent).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.core import texts
from bot.core.position import Situation
from bot.core.say import Line, Say, Voice
from bot.core.verdict import Judged, reason, verdict
from bot.procedures.fill import apply, fill, question_context, show_value, shown_row_title
from bot.procedures.rules import Row
from bot.procedures.scope import UNKNOWN
from bot.procedures.walk import Step


class Item(NamedTuple):
    """One answered question. ``number``: counts the answers from 1, the word by which it is changed."""

    number: int
    address: str
    section: str
    row: str | None
    text: str
    answer: str


def items(situation: Situation) -> Iterator[Item]:
    """Every answer on the path, in order, in the applicant's language."""
    for number, step in enumerate(situation.path.steps, 1):
        yield Item(
            number, step.address, step.stop.section, step.row, _asked(situation, step), _answered(situation, step)
        )


def _asked(situation: Situation, step: Step) -> str:
    stop = step.stop
    text = situation.words.translate(f"{stop.place}.ask", stop.asked.ask)
    row = _row(situation, step)
    return apply(text, fill(situation.interview, situation.path.scope, stop.asked.ask, situation.context, row=row))


def _row(situation: Situation, step: Step) -> Row | None:
    rows = situation.path.scope.rows.get(step.stop.section, ())
    return next((row for row in rows if row.id == step.row), None)


def _answered(situation: Situation, step: Step) -> str:
    if step.cell.kind == "unsure":
        return situation.words.translate(*texts.UNSURE)
    if step.cell.kind == "skipped":
        return "–"
    kind = step.stop.asked.kind
    context = question_context(situation.interview, step.stop, situation.path.scope, situation.context)
    return kind.show(kind.load(step.cell.raw), context)


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


def _lines(voice: Voice, section: str, found: list[Item]) -> Iterator[Line]:
    situation = voice.situation
    place = f"{situation.interview.procedure.procedure}.{section}"
    yield Line(f"— {voice.of_dialog(f'{place}.title', situation.interview.sections[section].section.title)} —")
    row = None
    for item in found:
        if item.row != row:
            row = item.row
            yield from _row_line(situation, section, row)
        yield Line(f"{item.number}. {item.text}")
        yield Line("   →", item.answer, item.address)


def _row_line(situation: Situation, section: str, row: str | None) -> Iterator[Line]:
    entered = next((each for each in situation.path.scope.rows.get(section, ()) if each.id == row), None)
    if entered is not None:
        yield Line("·", shown_row_title(situation.interview, situation.path.scope, entered, situation.context), section)


def pre_check(situation: Situation) -> Iterator[Say]:
    """The verdict with each reason, then the estimates."""
    voice = Voice(situation)
    found = verdict(situation)
    yield voice.say(_OVERALL[found.overall])
    for item in found.items:
        if (said := reason(situation, item)) is not None:
            yield _criterion(voice, item)
            yield voice.say_dialog(said.place, said.template, fillings=said.fillings)
    yield from estimates(voice)


_OVERALL = {
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
    situation = voice.situation
    by_id = {estimate.id: estimate for estimate in situation.interview.procedure.estimates}
    said = False
    for plan in situation.interview.estimates:
        if plan.when is not None and plan.when(situation.path.scope) is not True:
            continue
        assert plan.formula is not None
        value = plan.formula(situation.path.scope)
        if value is UNKNOWN:
            continue
        estimate = by_id[plan.id]
        place = f"{situation.interview.procedure.procedure}.{plan.id}.say"
        shown = show_value(estimate.kind, value, situation.context)
        text = voice.of_dialog(place, estimate.say, {plan.id: shown})
        yield voice.say(texts.ESTIMATE, estimate=text, of={"estimate": plan.id})
        said = True
    if said:
        yield voice.say(texts.ESTIMATE_END)
