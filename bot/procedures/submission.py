"""What a procedure sends: each answer with a path, and whether it is surely there when an application is complete."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from bot.answers.base import Json
from bot.procedures.format import Again, Each, Question, Section
from bot.procedures.rules import Row
from bot.procedures.source import Key, Source


class Sent(NamedTuple):
    """``path``: keys down from ``data``. ``list_path``: of the list its rows form, empty outside repeated sections.

    ``always``: on every complete path. Inside a list it means: in every row.
    """

    path: tuple[str, ...]
    list_path: tuple[str, ...]
    question: Question
    section: Section
    always: bool
    key: Key


def sent_answers(source: Source) -> Iterator[Sent]:
    """Every question with ``sends``, in the order of the file."""
    for number, section in enumerate(source.procedure.sections):
        for index, question in enumerate(section.questions):
            if question.sends is not None:
                yield _sent(section, question, ("sections", number, "questions", index))


def _sent(section: Section, question: Question, key: Key) -> Sent:
    path = tuple((question.sends or "").split("."))
    alone = section.repeat is None
    list_path = () if alone or section.sends is None else tuple(section.sends.split("."))
    always = is_sure(question) and (not alone or section.when is None)
    return Sent(path, list_path, question, section, always, key)


def is_sure(question: Question) -> bool:
    """Is it answered with a value whenever its section is? "Weiß nicht" and a skipped question send nothing."""
    return question.when is None and not question.optional and question.unsure is None


def least_rows(section: Section) -> int:
    """How many rows a repeated section has at least, once it is asked."""
    return section.repeat.min if isinstance(section.repeat, Again) else 0


ROW_NUMBER: Final = "nummer"
"""What a row of an ``again`` or ``times`` section calls itself in the submission."""


def identity_name(section: Section) -> str:
    """The property by which a row of this list names itself: its number, or the item that it stands for."""
    return section.repeat.key if isinstance(section.repeat, Each) else ROW_NUMBER


def row_identity(section: Section, row: Row) -> dict[str, Json]:
    """How a row names itself in the submission, so that other rows can point to it: ``{"monat": "2020-04"}``.

    An item that is a row of another section is named by that row's number.
    """
    key = row.key if isinstance(section.repeat, Each) else row.number
    return {identity_name(section): _as_json(key)}


def _as_json(key: Any) -> Json:
    if isinstance(key, Row):
        return key.number
    if isinstance(key, date):
        return key.isoformat()
    return key if isinstance(key, int) else str(key)
