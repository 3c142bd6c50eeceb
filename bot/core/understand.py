"""Turns content into a command. Generous with words, never guessing silently; pure.

The order matters: a command in words, then the answer to what was asked back, then the open question.
"""

from __future__ import annotations

from typing import Any, Final

from rapidfuzz import fuzz, process

from bot import limits
from bot.answers.base import UNSURE, Json, Kind, Misshapen, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.figures import small_number
from bot.answers.kinds import read_kind
from bot.answers.yes_no import yes_or_no
from bot.core import texts
from bot.core.case import CHANGE, STALE
from bot.core.commands import (
    Acted,
    AddRow,
    Answer,
    ApplyAnyway,
    AskErase,
    Back,
    Begin,
    Command,
    Content,
    Correct,
    Declare,
    Decline,
    DontKnow,
    Erase,
    GoOn,
    Guess,
    Help,
    Human,
    Keep,
    LateAnswer,
    NoMoreRows,
    NotNow,
    Pause,
    Picked,
    RemoveRow,
    SetLanguage,
    ShowSummary,
    Skip,
    Slip,
    StopHere,
    Submit,
    Typed,
    Undo,
)  # fmt: skip
from bot.core.position import Open, Situation, actions, may_keep, open_question, stop_at
from bot.core.progress import whole_path
from bot.core.vocabulary import Word, command_in, folded, unquoted
from bot.procedures.conditions import Expression
from bot.procedures.fill import question_context, shown_row_title
from bot.procedures.interview import Stop
from bot.procedures.scope import UNKNOWN
from bot.procedures.walk import locate

YES_NO: Final = read_kind({"answer": "yes_no"})
_FEW_WORDS: Final = 3
_SURE_ENOUGH: Final = 70
"""Score of rapidfuzz (0 to 100) above which words are taken to mean a question."""


def understand(content: Content, situation: Situation) -> Command:
    """What ``content`` asks of the case as it stands."""
    if isinstance(content, Acted):
        return _acted(content, situation)
    if isinstance(content, Picked):
        return _picked(content, situation)
    return _typed(content, situation)


# -- words --------------------------------------------------------------------------------------------------------


def _typed(content: Typed, situation: Situation) -> Command:
    text = content.text.strip()
    open_ = open_question(situation)
    address = open_.address if open_ is not None else ""
    if len(text) > limits.TEXT_CHARACTERS:
        return Slip(address, problem(texts.TOO_LONG, most=str(limits.TEXT_CHARACTERS)))
    if not text:
        return Slip(address, problem(texts.EMPTY), refused=False)
    literal = unquoted(text)
    if literal is None and (command := _spoken(text, situation, open_)) is not None:
        return command
    words = literal if literal is not None else text
    if (command := _reply_to_doubt(words, situation)) is not None:
        return command
    if open_ is None:
        return Slip("", problem(_NOTHING_OPEN.get(situation.case.state, texts.NOTHING_OPEN)), refused=False)
    return _read(words, situation, open_)


_NOTHING_OPEN: Final = {
    "ended": texts.RESTING,
    "sending": texts.ALREADY_SENT,
    "submitted": texts.ALREADY_SENT,
}


def _spoken(text: str, situation: Situation, open_: Open | None) -> Command | None:
    """A command in words, unless the open question can take these very words as its answer."""
    word = command_in(text)
    if word is None:
        return None
    if not text.startswith("/") and open_ is not None and _is_answer(text, word, situation, open_):
        return None
    if word.action in ("resume", "keep"):
        return _keep_or_go_on(situation)
    return _command(word.action, word.target, situation)


def _is_answer(text: str, word: Word, situation: Situation, open_: Open) -> bool:
    """Words with a target are commands only where they are not free text; a label of a choice is never a command."""
    action = word.action
    if action == "correct" and (word.target.isdecimal() or locate(situation.path, word.target) is not None):
        return False  # "ändern 3", as the summary says
    if open_.kind == "question" and open_.stop is not None and open_.stop.question is not None:
        kind = open_.stop.asked.kind
        if kind.takes_words and action in ("correct", "remove_row", "add_row"):
            return not _clearly_meant(word, situation)
        if kind.takes_words and action in ("start", "stop", "human"):
            return " " in text.strip() or action in ("start", "human")
        if action in ("keep", "skip", "unsure", "help", "back"):
            return False
        return _is_choice(text, situation, open_)
    return False


def _clearly_meant(word: Word, situation: Situation) -> bool:
    """A few words that name a question or a row which is there: hardly anybody answers so. Quotation marks help."""
    few = len(word.target.split()) <= _FEW_WORDS
    return few and isinstance(_command(word.action, word.target, situation), Correct | AddRow | RemoveRow)


def _reply_to_doubt(text: str, situation: Situation) -> Command | None:
    """ "Did you mean ...?" was asked: yes, no, or one of the candidates. None: read the words anew."""
    pending = situation.case.pending
    if pending is None:
        return None
    reading = YES_NO.read(text, situation.context)
    if pending.doubt == "erase":
        return Erase() if reading == Value(True) else Decline()
    if isinstance(reading, Value) and (len(pending.candidates) == 1 or reading.value is False):
        return _accept_candidate(situation, pending.candidates[0]) if reading.value else Decline()
    if pending.doubt in ("change", "stale"):
        return _change_or_keep(text, situation)
    if _names(text, texts.ENTER_ANEW, situation):
        return Decline()
    number = small_number(text) or 0
    if 1 <= number <= len(pending.candidates) > 1:
        return _accept_candidate(situation, pending.candidates[number - 1])
    return None


def _change_or_keep(text: str, situation: Situation) -> Command:
    pending = situation.case.pending
    assert pending is not None
    word = folded(text)
    if word in ("ändern", "change", "1", "ja, ändern", "yes, change it"):
        return _accept_candidate(situation, pending.candidates[0])
    if word in ("behalten", "keep", "2", "alte antwort behalten", "keep the old answer"):
        return Decline()
    return Slip(f"@change[{pending.address}]", problem(texts.YES_OR_NO), refused=False)


def _accept_candidate(situation: Situation, raw: Json) -> Command:
    pending = situation.case.pending
    assert pending is not None
    stop, _ = stop_at(situation.interview, pending.address)
    if stop is None or stop.question is None:
        return Decline()
    seen = pending.doubt in (CHANGE, STALE)
    return Answer(pending.address, stop.asked.kind.load(raw), raw, "chosen", sure=True, seen=seen)


# -- the open question ----------------------------------------------------------------------------------------------


def _read(text: str, situation: Situation, open_: Open) -> Command:
    if open_.kind == "question":
        return _read_answer(text, situation, open_)
    if open_.kind == "notice":
        return _read_notice(text, situation, open_)
    reading = YES_NO.read(text, situation.context)
    if not isinstance(reading, Value):
        return Slip(open_.address, problem(texts.YES_OR_NO), refused=False)
    return _yes_or_no(bool(reading.value), open_)


def _yes_or_no(yes: bool, open_: Open) -> Command:
    """The meaning of yes and no for the pseudo-questions."""
    if open_.kind == "consent":
        return Begin() if yes else StopHere()
    if open_.kind == "again":
        assert open_.stop is not None
        return AddRow(open_.stop.section) if yes else NoMoreRows(open_.stop.section)
    if open_.kind == "erase":
        return Erase() if yes else Decline()
    if open_.kind == "declaration" and yes:
        assert open_.declaration is not None
        return Declare(open_.declaration.id)
    return Slip(open_.address, problem(texts.DECLARATION_NEEDED))


def _read_notice(text: str, situation: Situation, open_: Open) -> Command:
    labels = [situation.words.translate(*template) for template in (texts.APPLY_ANYWAY, texts.STOP_HERE)]
    said, choices = folded(text), [folded(label) for label in labels]
    best = process.extractOne(said, choices, scorer=fuzz.ratio, score_cutoff=_SURE_ENOUGH)
    index = int(said) - 1 if said in ("1", "2") else best[2] if best else None
    if index is None and len(said) > 3:
        index = next((place for place, choice in enumerate(choices) if choice.startswith(said)), None)
    if index is None:
        reading = YES_NO.read(text, situation.context)
        index = (0 if reading.value else 1) if isinstance(reading, Value) else None
    if index is None:
        return Slip(open_.address, problem(texts.APPLY_OR_STOP), refused=False)
    return ApplyAnyway(_inside(open_.address)) if index == 0 else StopHere()


def _read_answer(text: str, situation: Situation, open_: Open) -> Command:
    assert open_.stop is not None
    stop = open_.stop
    if _names(text, texts.TAKE_SUGGESTION, situation) and (suggested := suggestion(situation, open_)) is not None:
        return Answer(open_.address, stop.asked.kind.load(suggested), suggested, "suggested")
    if (command := _named_choice(text, situation, open_)) is not None:
        return command
    if (reply := _yes_or_no_to_an_offer(text, situation, open_)) is not None:
        return reply
    context = question_context(situation.interview, stop, situation.path.scope, situation.context)
    return _meant(stop.asked.kind.read(text, context), open_.address, stop.asked.kind, "typed")


def _yes_or_no_to_an_offer(text: str, situation: Situation, open_: Open) -> Command | None:
    """ "Ja" to a proposal takes it; "nein" where an answer is optional leaves it out."""
    assert open_.stop is not None
    question = open_.stop.asked
    said = yes_or_no(text) if question.kind.type != "bool" else None
    if said is True and (suggested := suggestion(situation, open_)) is not None:
        return Answer(open_.address, question.kind.load(suggested), suggested, "suggested")
    return Skip() if said is False and question.optional and not _is_choice(text, situation, open_) else None


def _is_choice(text: str, situation: Situation, open_: Open) -> bool:
    """Is this exactly what one of the choices says?"""
    assert open_.stop is not None
    context = question_context(situation.interview, open_.stop, situation.path.scope, situation.context)
    return any(folded(choice.label) == folded(text) for choice in open_.stop.asked.kind.choices(context))


_SHORT: Final = {texts.TAKE_SUGGESTION.place: ("übernehmen", "vorschlag", "passt", "stimmt", "use it", "take it")}


def _names(text: str, label: Template, situation: Situation) -> bool:
    """Are these the words of a choice that the house itself offers?"""
    said = folded(text)
    return said == folded(situation.words.translate(*label)) or said in _SHORT.get(label.place, ())


def _named_choice(text: str, situation: Situation, open_: Open) -> Command | None:
    """A choice beside the kind's own, by its label: keep, skip, "weiß nicht", later."""
    if _names(text, texts.KEEP, situation) and may_keep(open_):
        return Keep(open_.address)
    if _names(text, texts.UNSURE, situation):
        return DontKnow()
    if _names(text, texts.SKIP, situation):
        return Skip()
    if _names(text, texts.LATER, situation):
        return _accept({"files": [], "later": True}, situation, open_)
    return None


def _meant(reading: Reading, address: str, kind: Kind, source: Any) -> Command:
    if isinstance(reading, Value):
        return Answer(address, reading.value, kind.dump(reading.value), source)
    if isinstance(reading, Unclear):
        return Guess(address, tuple(kind.dump(candidate) for candidate in reading.candidates))
    return Slip(address, reading)


def suggestion(situation: Situation, open_: Open) -> Json:
    """The proposed answer to the open question as a JSON value, None where there is none. Computed once per path."""
    stop, path = open_.stop, situation.path
    if stop is None or stop.question is None or stop.suggest is None:
        return None
    if path.suggested is None or path.suggested[0] != open_.address:
        path.suggested = open_.address, _proposal(situation, stop, stop.suggest)
    return path.suggested[1]


def _proposal(situation: Situation, stop: Stop, suggest: Expression) -> Json:
    value = suggest(situation.path.scope)
    if value is UNKNOWN or value is None or value == ():
        return None
    raw = stop.asked.kind.dump(value)
    context = question_context(situation.interview, stop, situation.path.scope, situation.context)
    return raw if isinstance(stop.asked.kind.accept(raw, context), Value) else None


# -- typed values: buttons and clients of the API ------------------------------------------------------------------


def _picked(content: Picked, situation: Situation) -> Command:
    open_ = open_question(situation)
    if open_ is not None and content.question == open_.address:
        return _picked_open(content.value, situation, open_)
    return _picked_late(content, situation)


def _picked_open(raw: Json, situation: Situation, open_: Open) -> Command:
    if open_.kind == "question":
        return _accept(raw, situation, open_)
    if open_.kind == "notice":
        answers: dict[Any, Command] = {"apply_anyway": ApplyAnyway(_inside(open_.address)), "stop": StopHere()}
        command = answers.get(raw) if isinstance(raw, str) else None
    elif open_.kind == "change":
        pending = situation.case.pending
        assert pending is not None
        command = {"change": _accept_candidate(situation, pending.candidates[0]), "keep": Decline()}.get(str(raw))
    else:
        command = _yes_or_no(raw, open_) if isinstance(raw, bool) else None
    return command if command is not None else Slip(open_.address, misshapen())


def _accept(raw: Json, situation: Situation, open_: Open) -> Command:
    assert open_.stop is not None
    question = open_.stop.asked
    if raw == UNSURE:
        return DontKnow() if question.unsure is not None else Slip(open_.address, problem(texts.NOT_UNSURE))
    pending = situation.case.pending
    if pending is not None and pending.address == open_.address and raw in pending.candidates:
        return _accept_candidate(situation, raw)
    context = question_context(situation.interview, open_.stop, situation.path.scope, situation.context)
    suggested = raw is not None and raw == suggestion(situation, open_)
    return _meant(
        question.kind.accept(raw, context), open_.address, question.kind, "suggested" if suggested else "chosen"
    )


def _picked_late(content: Picked, situation: Situation) -> Command:
    """The named question is not open: a stale button, or an old page."""
    stop, _ = stop_at(situation.interview, content.question)
    known = content.question in situation.case.sheet.cells
    if stop is None or stop.question is None or not known:
        return NotNow("answer")
    context = question_context(situation.interview, stop, situation.path.scope, situation.context)
    reading = stop.asked.kind.accept(content.value, context)
    if not isinstance(reading, Value):
        return NotNow("answer")
    return LateAnswer(content.question, stop.asked.kind.dump(reading.value))


def misshapen() -> Problem:
    """A value of the wrong shape (an API client's mistake)."""
    wrong = problem(texts.MISSHAPEN)
    return Misshapen(wrong.key, wrong.text, wrong.params)


# -- actions --------------------------------------------------------------------------------------------------------


def _acted(content: Acted, situation: Situation) -> Command:
    if content.action == "submit" or content.action == "send_addition":
        return Submit(content.after)
    return _command(content.action, content.target, situation)


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


def _command(action: str, target: str, situation: Situation) -> Command:
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
        return ApplyAnyway(_inside(open_.address)) if open_ is not None and open_.kind == "notice" else NotNow(action)
    return _SIMPLE.get(action, NotNow(action))


def _keep_or_go_on(situation: Situation) -> Command:
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
    best = process.extractOne(folded(target.replace("_", " ")), asked, scorer=_likeness, score_cutoff=_SURE_ENOUGH)
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
    best = process.extractOne(folded(target), named, scorer=fuzz.partial_ratio, score_cutoff=_SURE_ENOUGH)
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


def _inside(address: str) -> str:
    """``@notice[alter]`` → ``alter``."""
    return address.partition("[")[2].rstrip("]")
