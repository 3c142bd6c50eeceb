"""What a script claims about the case and about what the agency received. A claim is one sentence; see docs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.core.position import Situation, actions, open_question, phase
from bot.core.verdict import verdict
from bot.procedures.walk import locate

if TYPE_CHECKING:
    from tests.support.conversation import Player

MISSING = object()


def claim(kind: str, text: str, player: Player) -> str | None:
    """None where the claim is true, else what is the case instead."""
    if kind == "agency received":
        return _received(text, player)
    for pattern, test in _CLAIMS:
        if (match := pattern.fullmatch(text)) is not None:
            if player.situation is None:
                return None if match["is"] == "erased" else "the case is erased"
            return test(player.situation, match)
    return "this is no claim that is known"


def _equal(found: Any, wanted: Any) -> str | None:
    return None if found == wanted else f"it is {found!r}"


def _state(situation: Situation, match: re.Match[str]) -> str | None:
    return _equal(situation.case.state, match["is"])


def _phase(situation: Situation, match: re.Match[str]) -> str | None:
    return _equal(phase(situation), match["is"])


def _verdict(situation: Situation, match: re.Match[str]) -> str | None:
    return _equal(verdict(situation).overall, match["is"])


def _finding(situation: Situation, match: re.Match[str]) -> str | None:
    found = {item.plan.id: item.state for item in verdict(situation).items}
    return _equal(found.get(match["what"], "gone"), match["is"])


def _language(situation: Situation, match: re.Match[str]) -> str | None:
    return _equal(situation.words.language, match["is"])


def _rows(situation: Situation, match: re.Match[str]) -> str | None:
    found = ", ".join(row.id for row in situation.path.scope.rows.get(match["what"], ()))
    return _equal(found or "none", match["is"])


def _tasks(situation: Situation, match: re.Match[str]) -> str | None:
    return _equal(", ".join(situation.case.tasks) or "none", match["is"])


def _declared(situation: Situation, match: re.Match[str]) -> str | None:
    return _equal(", ".join(situation.case.declared) or "none", match["is"])


def _action(situation: Situation, match: re.Match[str]) -> str | None:
    allowed = {f"{each.name} {each.target}".strip() for each in actions(situation)}
    wanted = match["is"] == "allowed"
    return None if (match["what"] in allowed) == wanted else f"allowed are: {', '.join(sorted(allowed))}"


def _answer(situation: Situation, match: re.Match[str]) -> str | None:
    address, wanted = match["what"], match["is"]
    open_ = open_question(situation)
    here = open_.address if open_ is not None else None
    step = locate(situation.path, address)
    found = "open" if here == address else "gone" if step is None else step.cell.kind
    if found == "value":
        assert step is not None
        try:
            return _equal(step.cell.raw, json.loads(wanted))
        except json.JSONDecodeError:
            return f"it is {json.dumps(step.cell.raw, ensure_ascii=False)}"
    return None if found == wanted else f"it is {found}; asked is {here}"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


_CLAIMS: tuple[tuple[re.Pattern[str], Callable[[Situation, re.Match[str]], str | None]], ...] = (
    (_pattern(r"state is (?P<is>\w+)"), _state),
    (_pattern(r"phase is (?P<is>\w+)"), _phase),
    (_pattern(r"verdict is (?P<is>\w+)"), _verdict),
    (_pattern(r"language is (?P<is>\w+)"), _language),
    (_pattern(r"finding (?P<what>\w+) is (?P<is>\w+)"), _finding),
    (_pattern(r"rows of (?P<what>\w+) are (?P<is>.+)"), _rows),
    (_pattern(r"tasks are (?P<is>.+)"), _tasks),
    (_pattern(r"declared are (?P<is>.+)"), _declared),
    (_pattern(r"action (?P<what>.+) is (?P<is>allowed|forbidden)"), _action),
    (_pattern(r"(?P<what>@?[\w\[\].-]+) is (?P<is>.+)"), _answer),
)


def _received(text: str, player: Player) -> str | None:
    """``nothing``, ``nothing at PATH`` or ``PATH = JSON``; the path begins in the data, else in the envelope."""
    envelopes = [parcel.envelope for parcel in player.house.agency.received]
    if text == "nothing":
        return None if not envelopes else f"it received {len(envelopes)}"
    if not envelopes:
        return "it received nothing"
    if text.startswith("nothing at "):
        found = _at(envelopes[-1], text.removeprefix("nothing at "))
        return None if found is MISSING else f"it received {found!r}"
    path, _, value = text.partition(" = ")
    found = _at(envelopes[-1], path)
    return "there is nothing" if found is MISSING else _equal(found, json.loads(value))


def _at(envelope: Any, path: str) -> Any:
    inside = _inner(envelope["data"], path.split("."))
    return inside if inside is not MISSING else _inner(envelope, path.split("."))


def _inner(found: Any, parts: list[str]) -> Any:
    for part in parts:
        if isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        elif isinstance(found, dict) and part in found:
            found = found[part]
        else:
            return MISSING
    return found
