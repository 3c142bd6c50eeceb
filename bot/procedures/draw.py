"""Drawings as mermaid text, made from the very tables that are walked, so that they cannot lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.machine import Move, Table
from bot.procedures.format import Again, Each, Section, Times
from bot.procedures.interview import Interview

LONGEST: Final = 60
"""Characters of a question that a box shows."""


def draw_interview(interview: Interview) -> str:
    """A flowchart: sections as boxes, questions in them, conditions on the arrows."""
    lines = ["flowchart TD"]
    placed: set[str] = set()
    for section in interview.procedure.sections:
        states = [state for state in interview.table.states if state.partition(".")[0] == section.id]
        placed.update(states)
        lines += _section(interview, section, states)
    lines += [f'  {_id(state)}(["{_escaped(state)}"])' for state in interview.table.states if state not in placed]
    lines += _arrows(interview)
    return "\n".join(lines) + "\n"


def _section(interview: Interview, section: Section, states: list[str]) -> Iterator[str]:
    yield f'  subgraph {_id(section.id)}_box["{_escaped(section.title + _repeated(section))}"]'
    for state in states:
        yield f"    {_id(state)}{_shape(interview, state)}"
    yield "  end"


def _repeated(section: Section) -> str:
    match section.repeat:
        case Times(times=times):
            return f" ({times} times)"
        case Again(max=most):
            return f" (up to {most} times)"
        case Each(each=each):
            return f" (for each of {each})"
    return ""


def _shape(interview: Interview, state: str) -> str:
    """Questions are boxes, "another row?" is a rhombus, entering a section or a row is a small circle."""
    stop = interview.stops.get(state)
    if stop is None:
        return '((" "))'
    if stop.question is None:
        return '{"another row?"}'
    return f'["{_escaped(_shortened(stop.question.ask))}"]'


def _arrows(interview: Interview) -> Iterator[str]:
    drawn: set[tuple[str, str]] = set()
    for move in interview.table.moves:
        if (move.source, move.dest) not in drawn and not _idle(interview, move):
            drawn.add((move.source, move.dest))
            label = _condition(interview, move)
            arrow = f'-->|"{_escaped(label)}"|' if label else "-->"
            yield f"  {_id(move.source)} {arrow} {_id(move.dest)}"


def _idle(interview: Interview, move: Move) -> bool:
    """A section that is not repeated has exactly one "row": it is not left before it, nor entered again after it."""
    section, _, rest = move.source.partition(".")
    plan = interview.sections.get(section)
    if plan is None or plan.section.repeat is not None or rest not in ("", "@row"):
        return False
    stays = move.dest.partition(".")[0] == section
    return stays if rest else not stays


def _condition(interview: Interview, move: Move) -> str:
    """What must hold for this arrow, as the dialog file says it."""
    if move.guard is None:
        return ""
    stop = interview.stops.get(move.dest)
    if stop is not None and stop.question is not None:
        return stop.question.when or ("a row" if stop.repeated else "")
    plan = interview.sections.get(move.dest)
    return "" if plan is None else plan.section.when or ""


def draw_table(table: Table) -> str:
    """A state diagram of a table of moves. Triggers between the same two states share an arrow."""
    triggers: dict[tuple[str, str], list[str]] = {}
    for move in table.moves:
        triggers.setdefault((move.source, move.dest), []).append(move.trigger)
    arrows = [f"  {source} --> {dest}: {_stacked(names)}" for (source, dest), names in triggers.items()]
    return "\n".join(["stateDiagram-v2", f"  [*] --> {table.initial}", *arrows]) + "\n"


def _stacked(names: list[str]) -> str:
    """Four a line, so that a state's many small moves stay readable."""
    return "<br/>".join(", ".join(names[start : start + 4]) for start in range(0, len(names), 4))


def _id(state: str) -> str:
    # mermaid stumbles over ids such as "end"
    return "n_" + re.sub(r"[^a-z0-9]+", "_", state.lower())


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1].rstrip() + "…"


def _escaped(text: str) -> str:
    """Mermaid's own entities for what would end a label or become markup."""
    return (
        text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;").replace("|", "#124;")
    )
