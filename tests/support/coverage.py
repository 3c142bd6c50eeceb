"""What the conversations of a procedure have shown of its dialog: the gate asks for all of it.

An item is ``(figure, name)``, such as ``("options", "rolle = heimarbeit")``. ``wanted`` lists all that a dialog has,
without what no table of moves can ever do; ``Coverage`` notes what a conversation came across.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bot.core.position import Situation, open_question
from bot.procedures.format import Again, Question
from bot.procedures.interview import Interview, Stop
from bot.turn import Reply


class Item(NamedTuple):
    figure: str
    name: str


# -- what there is ------------------------------------------------------------------------------------------------


def wanted(interview: Interview) -> set[Item]:
    """Everything that the scripts of this dialog must show."""
    stops = [stop for stop in interview.stops.values() if stop.question is not None]
    items = {Item("questions asked", stop.asked.id) for stop in stops}
    items |= {Item("questions passed", stop.asked.id) for stop in stops if _may_be_passed(interview, stop)}
    for stop in stops:
        items |= {Item("options", f"{stop.asked.id} = {option}") for option in _options(stop.asked)}
    items |= set(_findings(interview)) | set(_checks(interview)) | set(_again(interview))
    items |= {Item("declarations", plan.id) for plan in interview.declarations}
    return items | set(_edges(interview))


def _may_be_passed(interview: Interview, stop: Stop) -> bool:
    section = interview.sections[stop.section].section
    may_be_empty = section.repeat is not None and not (isinstance(section.repeat, Again) and section.repeat.min > 0)
    return stop.asked.when is not None or section.when is not None or may_be_empty


def _options(question: Question) -> Iterator[str]:
    """Each option, yes and no, and each way to give no answer."""
    yield from getattr(question.kind, "options", None) or ()
    if question.kind.type == "bool":
        yield from ("yes", "no")
    if question.unsure is not None:
        yield "unsure"
    if question.optional:
        yield "left out"
    if getattr(question.kind, "later", None):
        yield "later"


def _findings(interview: Interview) -> Iterator[Item]:
    """A criterion can be partly met or unclear where the author wrote a sentence for it."""
    for criterion in interview.procedure.criteria:
        states = ["met", "not_met"]
        states += ["partly"] * (criterion.partly is not None) + ["unclear"] * (criterion.unclear is not None)
        yield from (Item("findings", f"{criterion.id} = {state}") for state in states)


def _checks(interview: Interview) -> Iterator[Item]:
    for stop in interview.stops.values():
        yield from (Item("checks", plan.place) for plan in (*stop.musts, *stop.shoulds))
    for section in interview.sections.values():
        yield from (Item("checks", plan.place) for plan in section.checks)


def _again(interview: Interview) -> Iterator[Item]:
    for id, plan in interview.sections.items():
        if plan.again is not None:
            yield from (Item("another row", f"{id} = {word}") for word in ("yes", "no"))


def _edges(interview: Interview) -> Iterator[Item]:
    for move in interview.table.moves:
        if _can_be_made(interview, move.source, move.dest):
            yield _edge(move.source, move.dest)


def _edge(source: str, dest: str) -> Item:
    return Item("edges", f"{source} > {dest}")


def _can_be_made(interview: Interview, source: str, dest: str) -> bool:
    """The two silent states that frame a section have moves for repeated sections that others never make."""
    section, _, part = source.partition(".")
    plan = interview.sections.get(section)
    if plan is None or part not in ("", "@row"):
        return True
    inside = dest.startswith(f"{section}.") and not dest.endswith(".@again")
    if not plan.repeated:
        return inside == (part == "")
    if plan.again is not None and part == "" and plan.again.min > 0:
        return inside
    return not (plan.again is not None and part == "" and not inside and not dest.endswith(".@again"))


# -- what was seen ------------------------------------------------------------------------------------------------


class Coverage:
    """Watches one conversation."""

    def __init__(self) -> None:
        self.seen: set[Item] = set()

    def watch(self, before: Situation, reply: Reply) -> None:
        """Notes what this reply shows. ``before``: the situation that it answers."""
        after = reply.situation
        self._note("checks", (say.fact.place for say in reply.says))
        if after is None:
            return
        open_ = open_question(after)
        if open_ is not None and open_.kind == "question" and open_.stop is not None:
            self._note("questions asked", [open_.stop.asked.id])
        self._note("questions passed", _passed(after))
        self._note("options", _given(after))
        self._note("findings", (f"{id} = {finding.state}" for id, finding in after.path.findings.items()))
        self._note("declarations", after.case.declared)
        self._note("another row", _row_wished(before, after))

    def edges(self, made: Iterable[tuple[str, str]]) -> None:
        """The moves that the cold walks made."""
        self.seen |= {_edge(source, dest) for source, dest in made}

    def _note(self, figure: str, names: Iterable[str]) -> None:
        self.seen |= {Item(figure, name) for name in names}


def _passed(situation: Situation) -> Iterator[str]:
    """Questions that lie behind us and were not asked, in at least one row."""
    interview, path = situation.interview, situation.path
    asked = {(step.stop.asked.id, step.row) for step in path.steps}
    order = interview.order(path.token.state)
    for stop in interview.stops.values():
        plan = interview.sections[stop.section]
        if stop.question is None or order <= (plan.last if plan.repeated else stop.order):
            continue
        rows: list[str | None] = [row.id for row in path.scope.rows.get(stop.section, ())] if plan.repeated else [None]
        if not rows or any((stop.asked.id, row) not in asked for row in rows):
            yield stop.asked.id


def _given(situation: Situation) -> Iterator[str]:
    for step in situation.path.steps:
        for word in _words(step.cell.kind, step.cell.raw):
            yield f"{step.stop.asked.id} = {word}"


def _words(kind: str, raw: Any) -> Iterator[str]:
    if kind != "value":
        yield "unsure" if kind == "unsure" else "left out"
    elif isinstance(raw, bool):
        yield "yes" if raw else "no"
    elif isinstance(raw, dict):
        if raw.get("later"):
            yield "later"
    else:
        yield from (str(each) for each in (raw if isinstance(raw, list) else [raw]))


def _row_wished(before: Situation, after: Situation) -> Iterator[str]:
    open_ = open_question(before)
    if open_ is None or open_.kind != "again" or open_.stop is None:
        return
    section = open_.stop.section
    if len(after.case.sheet.rows.get(section, ())) > len(before.case.sheet.rows.get(section, ())):
        yield f"{section} = yes"
    elif f"@again[{section}]" in after.case.sheet.cells:
        yield f"{section} = no"


# -- the gate -----------------------------------------------------------------------------------------------------


def figures(wants: set[Item], seen: set[Item]) -> str:
    """``questions asked 61/61 · options 83/83 · ...``"""
    names = sorted({item.figure for item in wants}, key=_ORDER.index)
    counts = ((name, {item for item in wants if item.figure == name}) for name in names)
    return " · ".join(f"{name} {len(items & seen)}/{len(items)}" for name, items in counts)


_ORDER = (
    "questions asked",
    "questions passed",
    "options",
    "findings",
    "checks",
    "another row",
    "declarations",
    "edges",
)
