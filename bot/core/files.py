"""Files of evidence: what may be handed in, what an answer may name, and what a check's result changes.

The bytes lie elsewhere; here a file is its id, its state and what was found. A file goes
``receiving → checking → (waiting →) ready | refused`` and from anywhere to ``dropped``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot import limits
from bot.answers.base import Evidence, Json, Problem, Template, problem
from bot.core import commands as c
from bot.core import events, lifecycle
from bot.core.case import ATTACHABLE, Case, File
from bot.core.events import Fact
from bot.core.evidence import FINDINGS
from bot.core.position import Situation, open_question, stop_at
from bot.core.progress import whole_path
from bot.core.say import Say, SayKind, Voice
from bot.procedures.fill import Part

TOO_MANY_FILES: Final = "too-many-files"
"""The conflict of a case that takes no more files."""

UNKNOWN: Final = Template(
    "core.slip.file_unknown", "Diese Datei ist nicht angekommen. Bitte schicken Sie sie noch einmal."
)
ON_ITS_WAY: Final = Template(
    "core.slip.file_on_its_way", "Eine Datei ist noch unterwegs. Bitte warten Sie, bis sie ganz angekommen ist."
)
REFUSED: Final = Template(
    "core.slip.file_refused", "Eine Datei kann ich nicht annehmen. Bitte nehmen Sie sie heraus oder tauschen Sie sie."
)
TOO_MANY_PAGES: Final = Template(
    "core.slip.file_pages", "Das sind zusammen zu viele Seiten. Höchstens {max} sind möglich."
)
CASE_FULL: Final = Template(
    "core.slip.files_full", "Mehr Dateien kann ich nicht aufnehmen. Bitte löschen Sie eine oder reichen Sie sie nach."
)
FOUND: Final = Template("core.file.found", "Zu Ihrer Datei {name}: {finding}")

_MOVES: Final = {
    "receiving": ("checking",),
    "checking": ("waiting", "ready", "refused"),
    "waiting": ("waiting", "ready", "refused"),
}


def attached(case: Case) -> set[str]:
    """Ids of the files that answers name, whether these answers count at the moment or not."""
    cells = case.sheet.cells.values()
    return {file for cell in cells if isinstance(cell.raw, dict) for file in cell.raw.get("files", ())}


def unsettled(case: Case) -> bool:
    """Is a file of an answer still being looked into? Nothing is sent before it is not."""
    return any(case.files[id].state in ("checking", "waiting") for id in attached(case) if id in case.files)


def refusal(case: Case, address: str, value: Evidence, most_pages: int) -> Problem | None:
    """Why these files cannot be the answer at ``address``."""
    files = [case.files.get(id) for id in value.files]
    if any(file is None or file.address != address or file.state == "dropped" for file in files):
        return problem(UNKNOWN)
    states = {file.state for file in files if file is not None}
    if "receiving" in states:
        return problem(ON_ITS_WAY)
    if not states <= ATTACHABLE:
        return problem(REFUSED)
    pages = sum(file.pages or 1 for file in files if file is not None)
    return problem(TOO_MANY_PAGES, max=str(most_pages)) if pages > most_pages else None


def offered(situation: Situation, command: c.OfferFile) -> list[Fact] | str:
    """The facts, or why not: a conflict of the API. What was begun and never finished makes room for what is new."""
    case = situation.case
    if not _wanted(situation, command.address) or not lifecycle.may(case.state, events.FileOffered):
        return "not-now"
    unfinished = _to_give_up(case, command.bytes)
    if unfinished is None:
        return TOO_MANY_FILES
    given_up = [events.FileDropped(file=file.id) for file in unfinished]
    new = events.FileOffered(file=command.file, address=command.address, name=command.name, bytes=command.bytes)
    return [*given_up, new]


def _to_give_up(case: Case, size: int) -> list[File] | None:
    """As few unfinished files as make room for one of ``size`` bytes, the oldest first. None: there is no room."""
    living = [file for file in case.files.values() if file.state not in ("dropped", "refused")]
    unfinished = [file for file in living if file.state == "receiving"]
    files, total = len(living) + 1, sum(file.bytes for file in living) + size
    given_up: list[File] = []
    while (
        files - len(given_up) > limits.FILES_PER_CASE
        or total - sum(file.bytes for file in given_up) > limits.FILE_BYTES_PER_CASE
    ):
        if given_up == unfinished:
            return None
        given_up = unfinished[: len(given_up) + 1]
    return given_up


def _wanted(situation: Situation, address: str) -> bool:
    """Is this an evidence that is open now, or was answered on the path?"""
    stop, _ = stop_at(situation.interview, address)
    if stop is None or stop.question is None or stop.asked.kind.type != "evidence" or not situation.case.consented:
        return False
    open_ = open_question(situation)
    is_open = open_ is not None and open_.address == address
    return is_open or any(step.address == address for step in whole_path(situation).steps)


def judged(situation: Situation, fact: events.FileJudged) -> list[Fact]:
    """The news of a file as facts: a refused one that an answer names becomes a task. Empty: no news."""
    file = situation.case.files.get(fact.file)
    if file is None or fact.state not in _MOVES.get(file.state, ()) or (file.state, fact.state) == ("waiting",) * 2:
        return []
    if fact.state == "refused" and fact.file in attached(situation.case):
        task = events.TaskSet(id=f"file:{file.id}", address=file.address, reason="file_refused", by="check")
        return [fact, task]
    return [fact]


def dropped(situation: Situation, command: c.DropFile) -> list[Fact]:
    """A file is taken back; an answer that names it is asked for again."""
    file = situation.case.files.get(command.file)
    if file is None or file.state == "dropped":
        return []
    facts: list[Fact] = [events.FileDropped(file=file.id)]
    cell = situation.case.sheet.cells.get(file.address)
    if cell is not None and isinstance(cell.raw, dict) and file.id in cell.raw.get("files", ()):
        facts.append(events.Reopened(address=file.address, reason="file"))
    return facts


def findings_told(voice: Voice, file: File) -> Iterator[Say]:
    """What the checks found, one message each."""
    kind: SayKind = "problem" if file.state == "refused" else "said"
    for finding in file.findings:
        found = (Part(finding_text(voice, finding)),)
        yield voice.say(FOUND, kind, name=(Part(f"„{file.name}“", file.address),), finding=found)


def finding_text(voice: Voice, finding: Json) -> str:
    """One finding in the applicant's language."""
    template = FINDINGS[str(finding["code"])]
    figures = {"megabytes": str(limits.FILE_BYTES // limits.MIB), "pages": str(limits.PAGES_PER_EVIDENCE)}
    text = voice.words.translate(*template)
    for name, value in figures.items():
        text = text.replace(f"{{{name}}}", value)
    return text
