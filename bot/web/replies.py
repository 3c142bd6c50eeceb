"""Replies of the API: JSON by orjson, and the transcript in pages that never split a turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson
from aiohttp import web

from bot import limits
from bot.core.events import Turn
from bot.core.position import Situation
from bot.core.say import Say
from bot.desk import Desk
from bot.ports import CaseId
from bot.turn import Reply
from bot.web.shapes.state import state
from bot.web.shapes.transcript import events

JSON: Final = "application/json"


def json_reply(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """``data`` as JSON."""
    return web.Response(status=status, body=orjson.dumps(data), headers=headers, content_type=JSON)


class Page(NamedTuple):
    """Events of whole turns, at most 500. ``cursor``: the last of these turns. ``more``: there are later ones."""

    cursor: int
    events: list[dict[str, Any]]
    more: bool

    def shown(self, situation: Situation) -> dict[str, Any]:
        """``Turns`` of the API."""
        return {"cursor": self.cursor, "events": self.events, "state": state(situation)}


def page_of(
    desk: Desk, turns: Sequence[Turn], situation: Situation, after: int, *, code: str = "", says: Sequence[Say] = ()
) -> Page:
    """As many of ``turns`` (those behind ``after``, in order) as fit. ``code``: a resume code, shown this once.
    ``says``: messages of these turns that are worded already."""
    cursor, told = after, list[dict[str, Any]]()
    for turn in turns:
        of_turn = events([turn], situation, desk.words, code=code, says=says)
        if told and len(told) + len(of_turn) > limits.EVENTS_PER_REPLY:
            return Page(cursor, told, more=True)
        told += of_turn
        cursor = turn.number
    return Page(cursor, told, more=cursor < situation.case.number)


async def read_page(desk: Desk, case: CaseId, after: int) -> tuple[Page, Situation]:
    """The page behind ``after``, and the case as it stands. Raises :class:`bot.desk.UnknownDoor`."""
    turns = await desk.history(case, after, limits.EVENTS_PER_REPLY)
    situation = await desk.look(case)
    return page_of(desk, turns, situation, after), situation


async def page_of_reply(desk: Desk, reply: Reply, after: int | None, id: str) -> Page:
    """What the answer to ``POST`` tells: everything behind ``after``, or this turn only. ``id``: of the message."""
    situation = reply.situation
    assert situation is not None
    number = situation.case.number
    if after is None and reply.repeated:
        turns: Sequence[Turn] = await first_of(desk, reply.case, id)
        return page_of(desk, turns, situation, number)._replace(cursor=number, more=False)
    if after is None or after == number - len(_own(reply)):
        page = page_of(desk, _own(reply), situation, number, code=reply.code, says=reply.says)
        return page._replace(cursor=number)
    turns = [turn for turn in await desk.history(reply.case, after, limits.EVENTS_PER_REPLY) if turn.number <= number]
    return page_of(desk, turns, situation, after, code=reply.code)


def _own(reply: Reply) -> tuple[Turn, ...]:
    return (reply.turn,) if reply.turn is not None else ()


async def first_of(desk: Desk, case: CaseId, id: str) -> list[Turn]:
    """The turn that the message ``id`` led to; empty where it was never taken in."""
    after = 0
    while turns := await desk.history(case, after, limits.EVENTS_PER_REPLY):
        found = [turn for turn in turns if turn.command.endswith(f":{id}")]
        if found:
            return found[:1]
        after = turns[-1].number
    return []
