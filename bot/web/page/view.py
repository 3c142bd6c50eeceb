"""What one page shows of a case: state and events of the API in, everything that a template needs out. Pure.

The history leaves out what the task shows itself (docs/page.md); what went wrong is read from the last turn, never from
an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.answers.base import Template
from bot.web import texts

Shape = dict[str, Any]

SENDERS: Final[Mapping[str, Template]] = {
    "bot": texts.ASSISTANT,
    "applicant": texts.YOU,
    "helper": texts.HELPER,
    "staff": texts.STAFF,
    "agency": texts.AGENCY,
    "system": texts.SYSTEM,
}

_ELSEWHERE: Final = (
    "core.section", "core.example", "core.old_answer", "core.suggestion", "core.commands", "core.declaration",
    "core.subsidy_relevant", "core.ready", "core.ready.more", "core.paused", "core.ended", "core.summary",
    "core.summary.end", "core.lines", "core.demo_date",
)  # fmt: skip
"""Sentences that the page shows in another place, or that help only where words are typed."""

_REVIEW: Final = ("core.review", "core.review.again", "core.review.refused")

_NOT_HERE: Final = (
    "help", "pause", "erase", "language", "submit", "send_addition", "start", "apply_anyway", "keep", "correct",
    "resume", "add_row", "remove_row", "new_case", "decline",
)  # fmt: skip
"""Actions that have a place of their own on the page."""

_PAUSED: Final = "core.paused"
_FIRST: Final = ("unsure", "skip")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the history. ``who``: a key of :data:`SENDERS`. ``language``: empty for the page's own."""

    turn: int
    who: str
    text: str
    problem: bool = False
    language: str = ""

    @property
    def sender(self) -> Template:
        return SENDERS[self.who]


@dataclass(frozen=True, slots=True)
class Slip:
    """Why the last input was not taken. ``at_field``: it is about what was typed for the open question."""

    text: str
    key: str = ""
    at_field: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A case as a page shows it. ``task``: which block of the template."""

    state: Shape
    cursor: int
    task: str
    older: tuple[Message, ...] = ()
    latest: tuple[Message, ...] = ()
    slip: Slip | None = None
    ways: tuple[Shape, ...] = ()
    rows: tuple[Shape, ...] = ()
    actions: Mapping[str, Shape] = field(default_factory=dict)

    @property
    def question(self) -> Shape | None:
        return self.state["question"]  # type: ignore[no-any-return]  # a shape of the API


def view(state: Shape, cursor: int, events: Sequence[Shape], languages: Mapping[int, str] | None = None) -> View:
    """``events``: of the last turns, in order. ``languages``: turn to what was spoken then, where it was another."""
    actions = {each["name"]: each for each in state["actions"]}
    slip = slip_of(state, cursor, events)
    messages = history(state, events, slip, languages or {})
    last = messages[-1].turn if messages else 0
    rests = any(each.get("place") == _PAUSED for each in events if each["turn"] == cursor)
    task = task_of(state, actions, rests=rests)
    return View(
        state,
        cursor,
        task,
        tuple(each for each in messages if each.turn < last),
        tuple(each for each in messages if each.turn == last),
        slip,
        _ways(state, task_shows_answers=task == "review"),
        tuple(each for each in state["actions"] if each["name"] in ("add_row", "remove_row")),
        actions,
    )


def task_of(state: Shape, actions: Mapping[str, Shape], *, rests: bool) -> str:
    """question, paused, review, done, ended or nothing. ``rests``: the last thing that was said is the pause."""
    if state["phase"] == "ended":
        return "question" if state["question"] else "ended"
    if rests and "resume" in actions:
        return "paused"
    if state["question"]:
        return "question"
    if "submit" in actions or "send_addition" in actions:
        return "review"
    return "done" if state["phase"] in ("sending", "submitted") else "nothing"


def _ways(state: Shape, *, task_shows_answers: bool) -> tuple[Shape, ...]:
    """The other things one may do now, the nearest first."""
    hidden = (*_NOT_HERE, "summary") if task_shows_answers else _NOT_HERE
    found = [each for each in state["actions"] if each["name"] not in hidden]
    return tuple(sorted(found, key=lambda each: each["name"] not in _FIRST))


def slip_of(state: Shape, cursor: int, events: Sequence[Shape]) -> Slip | None:
    """The problem that the last turn told, if it told one."""
    found = [each for each in events if each["turn"] == cursor and each["kind"] == "problem" and each.get("text")]
    if not found:
        return None
    event, question = found[-1], state["question"]
    at_field = question is not None and event.get("question") == question["id"]
    return Slip(event["text"], event.get("problem", {}).get("key", ""), at_field)


def history(state: Shape, events: Sequence[Shape], slip: Slip | None, languages: Mapping[int, str]) -> list[Message]:
    """Every sentence but those that the task shows."""
    asked = _asking(state, events)
    told = _without_review(state, events)
    shown = (each for each in told if each is not asked and not _elsewhere(state, each, slip, events[-1]["turn"]))
    return [
        Message(each["turn"], each["from"], each["text"], each["kind"] == "problem", languages.get(each["turn"], ""))
        for each in shown
    ]


def _without_review(state: Shape, events: Sequence[Shape]) -> Sequence[Shape]:
    """Where the page shows the review itself, what the assistant says of it in the last turn is said twice."""
    if state["question"] is not None and not state["question"]["id"].startswith("@declaration"):
        return events
    last = events[-1]["turn"] if events else 0
    begins = (n for n, each in enumerate(events) if each["turn"] == last and each.get("place", "") in _REVIEW)
    return events[: next(begins, len(events))]


def _asking(state: Shape, events: Sequence[Shape]) -> Shape | None:
    """The sentence that put the open question."""
    question = state["question"]
    if question is None:
        return None
    asks = (
        each for each in reversed(events) if each["kind"] == "said" and each["from"] in ("bot", "staff")
        and (each.get("question") == question["id"] or each.get("text") == question["text"])
    )  # fmt: skip
    return next(asks, None)


def _elsewhere(state: Shape, event: Shape, slip: Slip | None, last: int) -> bool:
    text, place = event.get("text", ""), event.get("place", "")
    if not text or event["kind"] == "file" or event["from"] not in SENDERS or place in _ELSEWHERE:
        return True
    question = state["question"]
    if question is not None and text == question["text"]:
        return True  # it was asked before, and is open again
    if event["turn"] != last:
        return False
    if slip is not None and (text == slip.text if event["kind"] == "problem" else event["from"] == "applicant"):
        return True
    return _in_question(question, text)


def _in_question(question: Shape | None, text: str) -> bool:
    """Does the task say this already? A notice or a preview stands in the ``why`` of its question."""
    if question is None:
        return False
    if question["id"].startswith("@"):
        return text in question.get("why", "") or text in question["text"]
    return text == question.get("because")


def answers(section: Shape) -> list[tuple[str, list[Shape]]]:
    """The answers of a section of the summary, grouped by row: (title of the row or empty, answers)."""
    titles = {row["row"]: row["title"] for row in section.get("rows", ())}
    grouped: dict[str, list[Shape]] = {}
    for item in section["items"]:
        grouped.setdefault(item.get("row", ""), []).append(item)
    return [(titles.get(row, ""), items) for row, items in grouped.items()]
