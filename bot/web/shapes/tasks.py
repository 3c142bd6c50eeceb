"""What the applicant still has to do, in the words of the API."""

from __future__ import annotations

from typing import Final

from bot.answers.base import Json, Template, Words
from bot.core.case import Task
from bot.core.events import TaskSet
from bot.web.shapes import texts
from bot.web.shapes.wording import worded

_BY: Final[dict[str, Template]] = {"applicant": texts.TASK_LATER, "check": texts.TASK_CHECK}
"""Whose tasks the house words itself. Staff and agencies write their own reasons."""


def reason_of(words: Words, task: Task | TaskSet) -> str:
    """Why it is to be done, in the applicant's language."""
    template = _BY.get(task.by)
    return task.reason if template is None else worded(words, template)


def task(words: Words, task: Task | TaskSet) -> dict[str, Json]:
    """``Task`` of the API."""
    return {"id": task.id, "question": task.address, "reason": reason_of(words, task), "by": task.by}
