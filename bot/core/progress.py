"""What a situation becomes after facts, and what a correction would drop or ask anew.

A path is resumed only if nothing but its open place was filled; anything else walks from the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.core import events
from bot.core.case import apply
from bot.core.events import Fact
from bot.core.position import Situation, stop_at
from bot.procedures.walk import Path, Sheet, resume, walk


def progress(situation: Situation, facts: Sequence[Fact]) -> Situation:
    """The situation after ``facts``. Costs one step where only the open question was answered."""
    case = situation.case.copy()
    case.number += 1
    for fact in facts:
        apply(case, fact, situation.now)
    return situation.moved(case, _path_after(situation, case.sheet, facts))


def _path_after(situation: Situation, sheet: Sheet, facts: Sequence[Fact]) -> Path:
    path = situation.path
    touching = [fact for fact in facts if isinstance(fact, _TOUCHING)]
    if path.scope.today == situation.today:
        if not touching:
            return path
        if all(_is_next_step(path, fact) for fact in touching):
            return resume(situation.interview, sheet, path)
    return walk(situation.interview, sheet, path.scope.parameters, situation.today)


_TOUCHING: Final = (
    events.Answered, events.Unsure, events.Skipped, events.Reopened, events.Kept, events.RowAdded, events.RowRemoved,
    events.Acknowledged, events.Moved,
)  # fmt: skip


def _is_next_step(path: Path, fact: Fact) -> bool:
    """Does the fact only fill the place where the path stands?"""
    here = path.here
    if here is None or here.old is not None:
        return False
    if isinstance(fact, events.Acknowledged):
        return here.criterion is not None and here.criterion.id == fact.criterion
    if isinstance(fact, events.RowAdded):
        in_section = path.section is not None and path.section.id == fact.section
        is_last = here.address == f"@again[{fact.section}]" and all(number < fact.row for _, number, _ in path.ids)
        return in_section and (is_last or any(number == fact.row for _, number, _ in path.ids))
    return isinstance(fact, events.Answered | events.Unsure | events.Skipped) and fact.address == here.address


def consequences(situation: Situation, address: str, after: Situation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(addresses whose answers no longer count, addresses asked anew) once ``address`` is changed as in ``after``."""
    before, later = seen_through(situation), seen_through(after)
    then = {step.address for step in later.steps}
    dropped = tuple(
        step.address for step in before.steps if step.address not in then and not _waits(after, later, step.address)
    )
    here = later.here
    was_here = before.here.address if before.here is not None else None
    asked = (here.address,) if here is not None and here.address not in (was_here, address) and here.old is None else ()
    return dropped, asked


def _waits(after: Situation, later: Path, address: str) -> bool:
    """An answer behind the new open question is not lost: the walk has just not come there yet."""
    here = later.here
    if here is None:
        return False
    stop, _ = stop_at(after.interview, address)
    return stop is not None and here.stop is not None and stop.order > here.stop.order


def rows_about_only(situation: Situation, section: str, row: int) -> list[tuple[str, int]]:
    """(section, row) of each added row whose ``rows_of`` answer names this row and no other."""
    found = []
    for step in whole_path(situation).steps:
        is_about = getattr(step.stop.asked.kind, "of", None) == section and step.cell.raw == [row]
        if is_about and situation.interview.sections[step.stop.section].again is not None and step.row is not None:
            found.append((step.stop.section, int(step.row)))
    return found


def seen_through(situation: Situation) -> Path:
    """The path as it runs on behind notices, and behind whatever is open again."""
    sheet = situation.case.sheet.copy()
    sheet.reopened.clear()
    sheet.acknowledged = frozenset(plan.id for plan in situation.interview.criteria)
    return walk(situation.interview, sheet, situation.path.scope.parameters, situation.today)


def whole_path(situation: Situation) -> Path:
    """The path with the old answers of questions that are open again: nothing of them is lost."""
    return seen_through(situation) if situation.case.sheet.reopened else situation.path
