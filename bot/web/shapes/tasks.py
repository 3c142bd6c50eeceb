"""What the applicant still has to do, in the words of the API."""

from __future__ import annotations

from typing import Final

from bot.answers.base import Json, Template, Words
from bot.core import texts as core
from bot.core.case import Task
from bot.core.events import TaskSet
from bot.core.position import stop_at
from bot.core.review import paper
from bot.core.say import Voice
from bot.procedures.fill import plain
from bot.web.shapes import texts
from bot.web.shapes.wording import worded

_BY: Final[dict[str, Template]] = {"applicant": texts.TASK_LATER, "check": texts.TASK_CHECK}
"""Whose tasks the house words itself. Staff write their own reasons."""


def reason_of(words: Words, task: Task | TaskSet) -> str:
    """Why it is to be done, in the applicant's language. An agency is quoted, and never speaks for the house."""
    if task.by == "agency":
        return (
            worded(words, core.AGENCY_WRITES, written=task.reason) if task.reason else worded(words, core.AGENCY_SILENT)
        )
    template = _BY.get(task.by)
    return task.reason if template is None else worded(words, template)


def named_reason(voice: Voice, task: Task | TaskSet) -> str:
    """The same where the question does not stand beside it: which paper it is about goes before."""
    reason = reason_of(voice.words, task)
    stop, id = stop_at(voice.situation.interview, task.address)
    if stop is None or stop.asked.kind.type != "evidence":
        return reason
    return f"{plain(paper(voice, stop, voice.row(stop.section, id)))}: {reason}"


def task(voice: Voice, task: Task | TaskSet) -> dict[str, Json]:
    """``Task`` of the API."""
    return {"id": task.id, "question": task.address, "reason": named_reason(voice, task), "by": task.by}
