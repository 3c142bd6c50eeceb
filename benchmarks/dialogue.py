"""One application as a person at the chat page fills it in: choices pressed, everything else typed.

Recorded once from the answers of the conversation tests, so that a load can replay it without knowing the procedure.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Final

from bot.core import commands as c
from bot.core.position import may_submit
from bot.core.understand import understand
from tests.core.talk import Talk
from tests.support.script import ROOT, read_script

PROCEDURE: Final = "elternentschaedigung"
TODAY: Final = date(2020, 6, 2)
"""The demo date: a person fills the application in while the closures are news."""

_SCRIPT = ROOT / "tests/conversations/elternentschaedigung/advance.txt"
_AS_VALUE: Final = ("bool", "option", "options", "rows", "name", "address", "register", "evidence")
"""Types that the page sends as a value; the others have a field for words."""
_MOST: Final = 200


@cache
def inputs() -> tuple[c.Picked | c.Typed | c.Acted, ...]:
    """Every input of the application, from "may I begin?" to the last declaration. Each is accepted."""
    talk = Talk(PROCEDURE, today=TODAY)
    given = read_script(_SCRIPT).answers
    made: list[Any] = []
    again = iter(given["@again[zeiten]"].split(" | "))
    while not may_submit(talk.situation):
        assert len(made) < _MOST
        made.append(_input(talk, given, again))
        decision = talk.put(made[-1])
        assert decision.outcome == "accepted", (made[-1], decision.outcome)
    return tuple(made)


def _input(talk: Talk, given: dict[str, str], again: Any) -> c.Picked | c.Typed | c.Acted:
    open_ = talk.open
    if open_.kind == "again":
        more = open_.address == "@again[zeiten]" and next(again) == "ja"
        return c.Picked(open_.address, more)
    if open_.kind != "question":
        return c.Picked(open_.address, True)
    question = open_.stop.asked
    words = given.get(open_.address, given.get(question.id, ""))
    if words == "überspringen":
        return c.Acted("skip", open_.address)
    if question.kind.type not in _AS_VALUE:
        return c.Typed(words, open_.address)
    command = understand(c.Typed(words), talk.situation)
    assert isinstance(command, c.Answer), (open_.address, words, command)
    return c.Picked(open_.address, command.raw)
