"""What the agency's side objects to, and which questions that concerns. Pure, and never surprised.

A reason comes from the world: whatever it is, it becomes plain words of bounded length. A pointer leads to the question
whose answer stands at that place of ``data``, as :mod:`bot.core.submission` put it there; a file to its evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.answers.base import Json, Problem
from bot.answers.cleaning import clean, one_line
from bot.core import events
from bot.core.case import Submission
from bot.core.position import Situation
from bot.core.progress import whole_path
from bot.procedures.walk import Path, Step

MOST_REASONS: Final = 20
MOST_CHARACTERS: Final = 400
"""Of one reason's words; the agency's own page has room for more."""
WORDS_OF_A_TASK: Final = 1_200

_FIELDS: Final = ("code", "title", "detail", "pointer", "file")

Pointer = tuple[str, ...]

_INNER_QUOTES: Final = str.maketrans('„“”»«"', "‚‘’›‹'")


class Objection(NamedTuple):
    """One reason. ``words``: the agency's, ready to stand in quotation marks, or empty. ``address``: of the question
    that it concerns, or empty.
    """

    words: str
    address: str = ""


def objections(situation: Situation, submission: Submission, reasons: Json) -> list[Objection]:
    """``reasons``: a list of ``{title, detail, pointer?, file?}``, as :class:`bot.ports.AgencyRejected` has them."""
    path = whole_path(situation)
    places = dict(_places(situation, path, submission))
    found = (_objection(situation, path, places, reason) for reason in _listed(reasons)[:MOST_REASONS])
    return list(dict.fromkeys(found))


def storable(reasons: Json) -> list[Json]:
    """What of the agency's reasons stands in the ledger: text of bounded length, and of nothing else anything."""
    known = (reason for reason in _listed(reasons)[:MOST_REASONS] if isinstance(reason, dict))
    return [{name: _plain(reason[name]) for name in _FIELDS if isinstance(reason.get(name), str)} for reason in known]


def _plain(text: Json) -> str:
    """No half characters: a ledger cannot hold them."""
    return str(text)[: 2 * MOST_CHARACTERS].encode("utf-8", "replace").decode()


def tasks(n: int, found: list[Objection]) -> list[events.TaskSet]:
    """One task a question, with everything that was written about it."""
    words: dict[str, list[str]] = {}
    for each in found:
        if each.address:
            words.setdefault(each.address, []).append(each.words)
    return [
        events.TaskSet(id=f"agency:{n}:{address}", address=address, reason=_together(written), by="agency")
        for address, written in words.items()
    ]


def _together(written: list[str]) -> str:
    return _cut(" · ".join(dict.fromkeys(words for words in written if words)), WORDS_OF_A_TASK)


def _listed(reasons: Json) -> list[Json]:
    return reasons if isinstance(reasons, list) else []


def _objection(situation: Situation, path: Path, places: dict[Pointer, str], reason: Json) -> Objection:
    if not isinstance(reason, dict):
        return Objection("")
    address = _of_file(situation, path, reason.get("file")) or _of_pointer(places, reason.get("pointer"))
    return Objection(words_of(reason), address)


# -- words ------------------------------------------------------------------------------------------------------------


def words_of(reason: dict[str, Json]) -> str:
    """Title and detail as one line without invisible characters; empty where nothing was written."""
    title, detail = (_said(reason.get(name)) for name in ("title", "detail"))
    if not title or detail.startswith(title):
        return detail or title
    return _cut(f"{title}: {detail}" if detail else title, MOST_CHARACTERS)


def _said(text: Json) -> str:
    if not isinstance(text, str):
        return ""
    whole = clean(_plain(text))
    if isinstance(whole, Problem):
        return ""
    return _cut(one_line(whole).translate(_INNER_QUOTES), MOST_CHARACTERS)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


# -- places -----------------------------------------------------------------------------------------------------------


def _of_file(situation: Situation, path: Path, id: Json) -> str:
    """The evidence that a file was handed in for."""
    file = situation.case.files.get(id) if isinstance(id, str) else None
    return file.address if file is not None and any(step.address == file.address for step in path.steps) else ""


def _of_pointer(places: dict[Pointer, str], raw: Json) -> str:
    """The question at a place, around it, or the first one within it where all of these stand in one row."""
    pointer = read_pointer(raw)
    if pointer is None:
        return ""
    for length in range(len(pointer), 0, -1):
        if pointer[:length] in places:
            return places[pointer[:length]]
    within = [address for place, address in places.items() if place[: len(pointer)] == pointer]
    one_row = len({address.rpartition("].")[0] for address in within}) == 1 and any("]." in each for each in within)
    return within[0] if len(within) == 1 or one_row else ""


def read_pointer(raw: Json) -> Pointer | None:
    """The parts of a JSON pointer (RFC 6901). None: it is none, or means the whole document."""
    if not isinstance(raw, str) or not raw.startswith("/") or len(raw) > MOST_CHARACTERS:
        return None
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in raw[1:].split("/"))


def _places(situation: Situation, path: Path, submission: Submission) -> Iterator[tuple[Pointer, str]]:
    """Where each answer of the path stands in ``data``."""
    rows = _Rows(situation, submission)
    for step in path.steps:
        if step.cell.kind != "value" or step.stop.asked.sends is None:
            continue
        before = rows.place(step)
        if before is not None:
            yield (*before, *step.stop.asked.sends.split(".")), step.address


class _Rows:
    """At which index of its list each row was sent: in the order of the walk, as it was when it was ordered."""

    def __init__(self, situation: Situation, submission: Submission) -> None:
        self._sections = situation.interview.sections
        self._then, self._now = submission.rows, situation.case.sheet.rows
        self._known: dict[tuple[str, str], int] = {}
        self._lengths: dict[str, int] = {}

    def place(self, step: Step) -> Pointer | None:
        """Of the object that holds the step's answer. None: it was not sent, or nobody knows where."""
        if step.row is None:
            return ()
        section = self._sections[step.stop.section]
        if section.section.sends is None:
            return None
        index = self._index(section.id, section.section.sends, step.row)
        return None if index is None else (*section.section.sends.split("."), str(index))

    def _index(self, section: str, sends: str, row: str) -> int | None:
        then = self._then.get(section)
        if then is not None and then != self._now.get(section):  # rows came or went while the agency was reading
            return then.index(int(row)) if int(row) in then else None
        if (section, row) not in self._known:
            self._known[section, row] = self._lengths.get(sends, 0)
            self._lengths[sends] = self._known[section, row] + 1
        return self._known[section, row]
