"""The three tables of the product's life. Everything about "may this happen now?" lives here and nowhere else.

They are orthogonal: a *case* lives, a *speaker* talks, each *submission* travels. Triggers are names of facts or,
for submissions, the state they move to. "Asking" and "reviewing" are no states: they are derived from the path.
This module knows no dialog, no channel and no time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.core import events
from bot.core.events import Fact
from bot.machine import Move, Table


def _moves(source: str, dest: str, *triggers: str) -> list[Move]:
    return [Move(trigger, source, dest) for trigger in triggers]


def _stay(states: Iterable[str], *triggers: str) -> list[Move]:
    return [move for state in states for move in _moves(state, state, *triggers)]


_EVERY_STATE: Final = ("new", "open", "sending", "submitted", "ended", "expired", "erased")
_LIVING: Final = ("open", "sending", "submitted")
_ALTERABLE: Final = ("open", "submitted")

CASE: Final = Table(
    "case",
    "new",
    [
        *_moves("new", "open", "Opened"),
        *_moves("open", "sending", "SubmitRequested"),
        # an addition to a submitted case: late evidence, a corrected answer
        *_moves("submitted", "sending", "SubmitRequested"),
        # delivered: it has reached the agency's side; what that side says of it comes later
        *_moves("sending", "submitted", "delivered", "accepted", "prepared"),
        *_moves("sending", "open", "rejected"),
        *_moves("sending", "submitted", "addition rejected"),
        *_moves("submitted", "open", "rejected"),
        *_stay(("submitted",), "delivered", "accepted", "prepared", "addition rejected"),
        *_moves("open", "ended", "Ended"),
        # who stopped and comes back finds everything as it was
        *_moves("ended", "open", "Reopened"),
        *_moves("open", "expired", "Expired"),
        *_moves("submitted", "expired", "Expired"),
        *_moves("ended", "expired", "Expired"),
        *[Move("Erased", state, "erased") for state in _EVERY_STATE if state not in ("new", "erased")],
        *_stay(
            _ALTERABLE,
            *("Consented", "Answered", "Unsure", "Skipped", "Reopened", "Kept", "RowAdded", "RowRemoved"),
            *("NotSure", "Acknowledged", "FileOffered", "FileDropped", "Declared", "Moved"),
        ),
        *_stay(
            _LIVING,
            *("NotUnderstood", "Helped", "LanguageSet", "Paused", "FileJudged", "SubmissionMoved", "TaskSet"),
            *("TaskDone", "SpeakerChanged"),
        ),
        *_stay(("ended",), "NotSure", "NotUnderstood", "Helped", "LanguageSet"),
        *_stay(("sending",), "NotSure"),  # here and above: "delete everything?" is asked once more
        # a check ends late, finds something that waits for who comes back, or nobody wanted the file
        *_stay(("ended",), "FileJudged", "FileDropped", "TaskSet"),
        *_stay((*_LIVING, "ended"), "Said", "DoorOpened", "DoorClosed", "Notified", "StaffNote", "Redacted"),
    ],
)

SPEAKER: Final = Table(
    "speaker",
    "bot",
    [
        Move("staff", "bot", "staff"),
        Move("staff", "staff", "staff"),  # staff may prolong
        Move("bot", "staff", "bot"),
        Move("bot", "bot", "bot"),  # the timer may come late
    ],
)

SUBMISSION: Final = Table(
    "submission",
    "queued",
    [
        Move("announced", "queued", "announced"),
        Move("sent", "announced", "sent"),
        Move("delivered", "sent", "delivered"),
        Move("accepted", "sent", "accepted"),
        Move("accepted", "delivered", "accepted"),
        Move("rejected", "queued", "rejected"),  # it breaks its own schema: seen before anything was sent
        Move("rejected", "announced", "rejected"),
        Move("rejected", "sent", "rejected"),
        Move("rejected", "delivered", "rejected"),
        # no interface: the package lies ready, and somebody still has to file it
        Move("prepared", "queued", "prepared"),
        # a part of the way: the copy is printed, an attachment is there, the agency does not answer
        *[Move(state, state, state) for state in ("queued", "announced", "sent", "delivered")],
    ],
)

ENDS: Final = {
    "case": ("erased",),
    "speaker": (),
    "submission": ("accepted", "rejected", "prepared"),
}
"""States that may have no way on."""

TABLES: Final = (CASE, SPEAKER, SUBMISSION)


def may(state: str, *facts: type[Fact]) -> bool:
    """May facts of these types happen to a case in ``state``?"""
    return all(CASE.goal(state, fact.__name__) is not None for fact in facts)


def may_all(state: str, facts: Iterable[Fact]) -> bool:
    """May these facts happen to a case in ``state``, one after the other?"""
    now: str | None = state
    for fact in facts:
        now = CASE.goal(now, trigger_of(fact)) if now is not None else None
    return now is not None


def trigger_of(fact: Fact, *, filed: bool = False) -> str:
    """The case table's trigger for ``fact``: its name, or where a submission arrives or settles, that state.

    ``filed``: an earlier submission has reached the agency, so a refusal concerns an addition only.
    """
    if isinstance(fact, events.SubmissionMoved) and fact.state in ("delivered", *ENDS["submission"]):
        return "addition rejected" if filed and fact.state == "rejected" else fact.state
    return type(fact).__name__
