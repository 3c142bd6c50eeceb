"""Everything answered so far, as a client shows it for review: sections and rows, verdict with reasons, estimate.

Only answers on the path appear. What is shown is what the assistant says (``bot.core.review``), value by value.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.answers.base import UNSURE, Json, Kind
from bot.answers.kinds import read_kind
from bot.core import events, lifecycle
from bot.core.position import Situation, declarations
from bot.core.review import Item, estimates, items
from bot.core.say import Voice
from bot.core.verdict import Judged, law_of, reason, verdict
from bot.procedures.fill import filled, plain, show_value
from bot.procedures.interview import CriterionPlan
from bot.procedures.scope import UNKNOWN
from bot.procedures.walk import Cell
from bot.web.shapes import texts
from bot.web.shapes.wording import row_named, worded

Shape = dict[str, Json]


def summary(situation: Situation) -> Shape:
    """``Summary`` of the API."""
    voice = Voice(situation)
    return {
        "cursor": situation.case.number,
        "sections": list(_sections(voice)),
        "values": list(_values(voice)),
        "verdict": _verdict(voice),
        "estimate": _estimate(voice),
        "declarations": list(_declarations(voice)),
        "missing": list(dict.fromkeys(_missing(situation))),
    }


# -- answers --------------------------------------------------------------------------------------------------------


def _sections(voice: Voice) -> Iterator[Shape]:
    situation = voice.situation
    found = list(zip(items(situation), situation.path.steps, strict=True))
    may_change = situation.case.consented and lifecycle.may(situation.case.state, events.Reopened)
    for section in dict.fromkeys(item.section for item, _ in found):
        inside = [(item, step.cell) for item, step in found if item.section == section]
        made: Shape = {"id": section, "title": plain(voice.section_title(section))}
        if situation.interview.sections[section].repeated:
            made["rows"] = list(_rows(voice, section))
        yield made | {"items": [_item(item, cell, may_change) for item, cell in inside]}


def _rows(voice: Voice, section: str) -> Iterator[Shape]:
    for position, row in enumerate(voice.situation.path.scope.rows.get(section, ()), 1):
        yield {"row": row.id, "title": row_named(voice, row, position)}


def _item(item: Item, cell: Cell, may_change: bool) -> Shape:
    value = UNSURE if cell.kind == "unsure" else cell.raw
    made: Shape = {"question": item.address, "text": item.text, "answer": item.answer, "value": value}
    if item.row is not None:
        made["row"] = item.row
    return made | {"change": may_change}


def _missing(situation: Situation) -> Iterator[str]:
    """The question where the interview stands, and what tasks still ask for."""
    here = situation.path.here
    if here is not None and here.stop is not None:
        yield here.address
    yield from (task.address for task in situation.case.tasks.values())


# -- what follows from them -----------------------------------------------------------------------------------------


def _values(voice: Voice) -> Iterator[Shape]:
    """Computed values that have a label and are known."""
    situation = voice.situation
    procedure = situation.interview.procedure
    for value in procedure.values:
        if value.label is None:
            continue
        computed = situation.interview.values[value.id](situation.path.scope)
        if computed is UNKNOWN or computed is None:
            continue
        label = plain(voice.of_dialog(f"{procedure.procedure}.{value.id}.label", value.label))
        yield {"id": value.id, "label": label, **_shown(voice, value.kind, computed)}


def _shown(voice: Voice, kind: str, computed: Any) -> Shape:
    return {"text": show_value(kind, computed, voice.situation.context), "value": _kind(kind).dump(computed)}


@cache
def _kind(kind: str) -> Kind:
    return read_kind({"answer": kind})


def _verdict(voice: Voice) -> Shape:
    found = verdict(voice.situation)
    return {"overall": found.overall, "criteria": [_criterion(voice, item) for item in found.items]}


def _criterion(voice: Voice, item: Judged) -> Shape:
    situation, criterion = voice.situation, item.plan.criterion
    place = f"{situation.interview.procedure.procedure}.{criterion.id}"
    made: Shape = {
        "id": criterion.id,
        "about": plain(voice.of_dialog(f"{place}.about", criterion.about)),
        "finding": item.state,
        "text": _reason(voice, item),
        "law": plain(voice.of_dialog(f"{place}.law", law_of(item.plan))),
        "next": plain(voice.of_dialog(f"{place}.next", criterion.next)),
    }
    if criterion.elsewhere is not None:
        made["elsewhere"] = plain(voice.of_dialog(f"{place}.elsewhere", criterion.elsewhere))
    made["rests_on"] = _rests_on(situation, item.plan)
    made["acknowledged"] = criterion.id in situation.case.sheet.acknowledged
    return made


def _reason(voice: Voice, item: Judged) -> str:
    said = reason(voice.situation, item)
    if said is not None:
        return plain(filled(voice.words.translate(said.place, said.template), said.fillings))
    return worded(voice.words, texts.OPEN if item.state == "open" else texts.MET)


def _rests_on(situation: Situation, plan: CriterionPlan) -> list[str]:
    """Answers on the path that the criterion looks at."""
    return [step.address for step in situation.path.steps if step.stop.asked.id in plan.met.questions]


def _estimate(voice: Voice) -> Shape | None:
    says = [say.text for say in estimates(voice)]
    return {"text": "\n".join(says), "values": list(_estimated(voice))} if says else None


def _estimated(voice: Voice) -> Iterator[Shape]:
    scope = voice.situation.path.scope
    kinds = {each.id: each.kind for each in voice.situation.interview.procedure.estimates}
    for plan in voice.situation.interview.estimates:
        assert plan.formula is not None
        computed = plan.formula(scope) if plan.when is None or plan.when(scope) is True else UNKNOWN
        if computed is not UNKNOWN:
            yield {"id": plan.id, **_shown(voice, kinds[plan.id], computed)}


def _declarations(voice: Voice) -> Iterator[Shape]:
    situation = voice.situation
    for each in declarations(situation):
        place = f"{situation.interview.procedure.procedure}.{each.id}.text"
        made: Shape = {"id": each.id, "text": plain(voice.of_dialog(place, each.text))}
        if each.law is not None:
            made["law"] = each.law
        yield made | {"confirmed": each.id in situation.case.declared}
