"""Wishes by name: the actions of the API and of command words, turned into commands. Pure."""

from __future__ import annotations

from typing import Any, Final

from rapidfuzz import fuzz, process

from bot.answers.base import problem
from bot.answers.figures import small_number
from bot.core import texts
from bot.core.commands import (
    Acted,
    AddRow,
    ApplyAnyway,
    AskErase,
    Back,
    Begin,
    Command,
    Correct,
    Decline,
    DontKnow,
    GoOn,
    Help,
    Human,
    Keep,
    NotNow,
    Pause,
    RemoveRow,
    SetLanguage,
    ShowSummary,
    Skip,
    Slip,
    StopHere,
    Submit,
    Undo,
)  # fmt: skip
from bot.core.position import Situation, actions, may_keep, open_question
from bot.core.progress import whole_path
from bot.core.vocabulary import folded
from bot.procedures.fill import shown_row_title
from bot.procedures.interview import Stop

SURE_ENOUGH: Final = 70
"""Score of rapidfuzz (0 to 100) above which words are taken to mean a question."""


def acted(content: Acted, situation: Situation) -> Command:
    if content.action == "submit" or content.action == "send_addition":
        return Submit(content.after)
    return wish(content.action, content.target, situation)


_SIMPLE: Final[dict[str, Command]] = {
    "start": Begin(),
    "back": Back(),
    "skip": Skip(),
    "unsure": DontKnow(),
    "help": Help(),
    "pause": Pause(),
    "human": Human(),
    "undo": Undo(),
    "summary": ShowSummary(),
    "stop": StopHere(),
    "submit": Submit(),
    "resume": GoOn(),
    "erase": AskErase(),
    "decline": Decline(),
}


def wish(action: str, target: str, situation: Situation) -> Command:
    if action == "keep":
        return _keep(situation)
    if action == "language":
        return _language(target, situation)
    if action == "correct":
        return _correct(target, situation)
    if action in ("add_row", "remove_row"):
        return _row(action, target, situation)
    if action == "apply_anyway":
        open_ = open_question(situation)
        return ApplyAnyway(inside(open_.address)) if open_ is not None and open_.kind == "notice" else NotNow(action)
    return _SIMPLE.get(action, NotNow(action))


def keep_or_go_on(situation: Situation) -> Command:
    """ "Weiter" after a pause means to go on, before an old answer it means to leave that."""
    return GoOn() if situation.case.paused or situation.case.state == "ended" else _keep(situation)


def _keep(situation: Situation) -> Command:
    open_ = open_question(situation)
    if open_ is not None and open_.kind == "change":
        return Decline()
    if open_ is not None and open_.kind == "question" and may_keep(open_):
        return Keep(open_.address)
    return NotNow("keep")


def _language(target: str, situation: Situation) -> Command:
    if target in texts.LANGUAGES:
        return SetLanguage(target)
    if not target and len(texts.LANGUAGES) == 2:
        return SetLanguage(next(each for each in texts.LANGUAGES if each != situation.case.language))
    return Slip("", problem(texts.WHICH_LANGUAGE), refused=False)


def _correct(target: str, situation: Situation) -> Command:
    """``target``: an address, the number of an answer in the summary, or words of its question."""
    if not target:
        return ShowSummary()
    steps = whole_path(situation).steps
    if any(step.address == target for step in steps):
        return Correct(target)
    if target.isdecimal():
        number = small_number(target) or 0
        known = 1 <= number <= len(steps)
        return Correct(steps[number - 1].address) if known else Slip("", problem(texts.NO_SUCH_ANSWER))
    asked = {step.address: _known_by(situation, step.stop) for step in steps}
    best = process.extractOne(folded(target.replace("_", " ")), asked, scorer=_likeness, score_cutoff=SURE_ENOUGH)
    return Correct(best[2]) if best is not None else Slip("", problem(texts.NO_SUCH_ANSWER))


def _likeness(said: str, known: str, **_options: Any) -> float:
    """0 to 100: how far the words of ``said`` stand in ``known``, as words and as one phrase."""
    return (fuzz.partial_ratio(said, known) + fuzz.token_set_ratio(said, known)) / 2


def _known_by(situation: Situation, stop: Stop) -> str:
    ask = situation.words.translate(f"{stop.place}.ask", stop.asked.ask)
    return folded(f"{stop.asked.id.replace('_', ' ')} {ask}")


def _row(action: str, target: str, situation: Situation) -> Command:
    """``target``: a section, ``section[row]``, or words of a section's title or of a row's."""
    allowed = [each.target for each in actions(situation) if each.name == action]
    wanted = target if target in allowed else _row_by_words(target, allowed, situation)
    if wanted is None:
        return NotNow(action)
    section, _, row = wanted.partition("[")
    return AddRow(section) if action == "add_row" else RemoveRow(section, int(row.rstrip("]")))


def _row_by_words(target: str, allowed: list[str], situation: Situation) -> str | None:
    if len(allowed) == 1 and not target:
        return allowed[0]
    named = {each: folded(_row_name(each, situation)) for each in allowed}
    best = process.extractOne(folded(target), named, scorer=fuzz.partial_ratio, score_cutoff=SURE_ENOUGH)
    return best[2] if best is not None else None


def _row_name(target: str, situation: Situation) -> str:
    section, _, row = target.partition("[")
    if row:
        wanted = int(row.rstrip("]"))
        for entered in situation.path.scope.rows.get(section, ()):
            if entered.number == wanted:
                return shown_row_title(situation.interview, situation.path.scope, entered, situation.context)
    plan = situation.interview.sections[section]
    return situation.words.translate(f"{situation.interview.procedure.procedure}.{section}.title", plan.section.title)


def inside(address: str) -> str:
    """``@notice[alter]`` → ``alter``."""
    return address.partition("[")[2].rstrip("]")
