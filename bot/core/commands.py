"""What came in, and what it asks of a case. Content is what a channel saw; a command is what was understood.

Everything that happens to a case enters as a command, whoever sent it: applicant, staff, agency or a timer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.answers.base import Json, Problem
from bot.core.events import Fact, FileJudged

ACTIONS: Final = (
    "start", "back", "keep", "skip", "unsure", "help", "pause", "resume", "language", "correct", "add_row",
    "remove_row", "apply_anyway", "stop", "save_date", "submit", "send_addition", "human", "erase", "new_case",
    "undo", "summary", "decline",
)  # fmt: skip
"""Every action a client may send. Which are allowed now: :func:`bot.core.position.actions`."""

OUTCOMES: Final = ("accepted", "ask_back", "not_understood", "refused", "stale", "done", "nothing")
PHASES: Final = ("greeting", "asking", "reviewing", "sending", "submitted", "ended")

Outcome = Literal["accepted", "ask_back", "not_understood", "refused", "stale", "done", "nothing"]
Source = Literal["typed", "chosen", "suggested", "account", "undone"]


# -- content: what a channel saw ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """Words as an applicant typed them. ``question``: the address they were typed for, where the channel knows it."""

    text: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """A typed value for a named question: a button, or a client of the API. ``question``: an address."""

    question: str
    value: Json


@dataclass(frozen=True, slots=True)
class Acted:
    """An action by name. ``target``: address, section, ``section[row]`` or language. ``after``: the turn reviewed."""

    action: str
    target: str = ""
    after: int | None = None


Content = Typed | Picked | Acted


# -- commands: what was understood --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begin:
    """The applicant read what happens to the data, and begins."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A value for the open question at ``address``.

    ``sure``: a doubt about it was already answered. ``seen``: what the correction drops or asks was already shown.
    """

    address: str
    value: Any
    raw: Json
    source: Source = "typed"
    sure: bool = False
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """Several meanings: ask back. ``candidates``: JSON values."""

    address: str
    candidates: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """Nothing usable. ``refused``: understood, but it cannot be."""

    address: str
    problem: Problem
    refused: bool = True


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """A value for a question that is not open: it becomes a wished correction."""

    address: str
    raw: Json


@dataclass(frozen=True, slots=True)
class Decline:
    """ "No" to what was asked back."""


@dataclass(frozen=True, slots=True)
class DontKnow:
    """ "Weiß nicht"."""


@dataclass(frozen=True, slots=True)
class Skip:
    """An optional question is left out."""


@dataclass(frozen=True, slots=True)
class Back:
    """The question before."""


@dataclass(frozen=True, slots=True)
class Correct:
    """Answer ``address`` again."""

    address: str


@dataclass(frozen=True, slots=True)
class Keep:
    """The old answer stays."""

    address: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last change back."""


@dataclass(frozen=True, slots=True)
class AddRow:
    section: str


@dataclass(frozen=True, slots=True)
class NoMoreRows:
    section: str


@dataclass(frozen=True, slots=True)
class RemoveRow:
    section: str
    row: int


@dataclass(frozen=True, slots=True)
class ApplyAnyway:
    """The notice of ``criterion`` was read, and the application goes on (§ 24 Abs. 3 VwVfG)."""

    criterion: str


@dataclass(frozen=True, slots=True)
class StopHere:
    """The applicant does not want to go on. Everything stays until it expires."""


@dataclass(frozen=True, slots=True)
class Help:
    """General help, or why the open question is asked."""


@dataclass(frozen=True, slots=True)
class ShowSummary:
    """Everything answered so far."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop for now, with a code to come back."""


@dataclass(frozen=True, slots=True)
class GoOn:
    """The applicant came back."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: str


@dataclass(frozen=True, slots=True)
class Human:
    """The applicant wants a person."""


@dataclass(frozen=True, slots=True)
class Declare:
    """The declaration ``id`` is confirmed."""

    id: str


@dataclass(frozen=True, slots=True)
class Submit:
    """Send everything as reviewed at turn ``after`` (None: as it is now)."""

    after: int | None = None


@dataclass(frozen=True, slots=True)
class AskErase:
    """Delete everything? Asked once more first."""


@dataclass(frozen=True, slots=True)
class Erase:
    """Delete everything, confirmed."""


@dataclass(frozen=True, slots=True)
class Choose:
    """The applicant said at the reception what to apply for. ``offer``: a name of ``Situation.offers``."""

    offer: str


@dataclass(frozen=True, slots=True)
class OfferFile:
    """A file of ``bytes`` is on its way for the evidence at ``address``. ``name``: what the device calls it."""

    file: str
    address: str
    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class JudgeFile:
    """The house's news of a file: how far it came, and what the checks found."""

    fact: FileJudged


@dataclass(frozen=True, slots=True)
class DropFile:
    """The applicant takes a file back, or nobody wanted it for a day."""

    file: str


@dataclass(frozen=True, slots=True)
class Note:
    """The house notes something in the transcript that changes nothing for the applicant."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Move:
    """The world's news of submission ``n`` (agency).

    ``after``: the turn on which this news rests, None: whatever came before. ``wait``: seconds until somebody looks
    again, None: nobody needs to.
    """

    n: int
    state: str
    proof: dict[str, Json]
    after: int | None = None
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Expire:
    """Its time may be over."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """Known, but not possible at this moment. ``action``: what was wished."""

    action: str


Command = (
    Begin | Answer | Guess | Slip | LateAnswer | Decline | DontKnow | Skip | Back | Correct | Keep | Undo | AddRow
    | NoMoreRows | RemoveRow | ApplyAnyway | StopHere | Help | ShowSummary | Pause | GoOn | SetLanguage | Human
    | Declare | Submit | AskErase | Erase | Choose | OfferFile | JudgeFile | DropFile | Note | Move | Expire | NotNow
)  # fmt: skip
