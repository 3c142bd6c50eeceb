"""What a procedure sends: each answer with a path, and whether it is surely there when an application is complete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.procedures.format import Again, Question, Section
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
