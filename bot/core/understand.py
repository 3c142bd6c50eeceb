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
from bot.core import reception, texts
from bot.core.case import CHANGE, STALE
from bot.core.commands import (
    Acted,
    AddRow,
    Answer,
    ApplyAnyway,
    Begin,
    Choose,
    Command,
    Content,
    Correct,
    Declare,
    Decline,
    DontKnow,
    Erase,
    Guess,
    Keep,
    LateAnswer,
    NoMoreRows,
    NotNow,
    Picked,
    RemoveRow,
    Skip,
    Slip,
    StopHere,
    Typed,
)  # fmt: skip
from bot.core.position import Open, Situation, may_keep, open_question, stop_at
from bot.core.vocabulary import Word, command_in, folded, unquoted
from bot.core.wishes import SURE_ENOUGH, acted, inside, keep_or_go_on, wish
from bot.procedures.conditions import Expression
from bot.procedures.fill import question_context
from bot.procedures.interview import Stop
from bot.procedures.scope import UNKNOWN
from bot.procedures.walk import locate

YES_NO: Final = read_kind({"answer": "yes_no"})
_FEW_WORDS: Final = 3


def understand(content: Content, situation: Situation) -> Command:
    """What ``content`` asks of the case as it stands."""
    if isinstance(content, Acted):
        return acted(content, situation)
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
    if content.question not in ("", address):
        return _typed_late(text, content.question, situation)
    literal = unquoted(text)
    if literal is None and (command := _spoken(text, situation, open_)) is not None:
        return command
    words = literal if literal is not None else text
    if (command := _reply_to_doubt(words, situation)) is not None:
        return command
    if open_ is None:
        return Slip("", problem(_NOTHING_OPEN.get(situation.case.state, texts.NOTHING_OPEN)), refused=False)
    return _read(words, situation, open_)


def _typed_late(text: str, question: str, situation: Situation) -> Command:
    """Words for a question that is not open: from an old page, or a message that came late."""
    stop, _ = stop_at(situation.interview, question)
    if stop is None or stop.question is None:
        return NotNow("answer")
    context = question_context(situation.interview, stop, situation.path.scope, situation.context)
    return _late(stop, question, stop.asked.kind.read(text, context), situation)


def _late(stop: Stop, question: str, reading: Reading, situation: Situation) -> Command:
    if not isinstance(reading, Value) or question not in situation.case.sheet.cells:
        return NotNow("answer")
    return LateAnswer(question, stop.asked.kind.dump(reading.value))


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
        return keep_or_go_on(situation)
    return wish(word.action, word.target, situation)


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
    return few and isinstance(wish(word.action, word.target, situation), Correct | AddRow | RemoveRow)


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
    if open_.kind == "procedure":
        return reception.read(text, situation)
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
    best = process.extractOne(said, choices, scorer=fuzz.ratio, score_cutoff=SURE_ENOUGH)
    index = int(said) - 1 if said in ("1", "2") else best[2] if best else None
    if index is None and len(said) > 3:
        index = next((place for place, choice in enumerate(choices) if choice.startswith(said)), None)
    if index is None:
        reading = YES_NO.read(text, situation.context)
        index = (0 if reading.value else 1) if isinstance(reading, Value) else None
    if index is None:
        return Slip(open_.address, problem(texts.APPLY_OR_STOP), refused=False)
    return ApplyAnyway(inside(open_.address)) if index == 0 else StopHere()


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
        answers: dict[Any, Command] = {"apply_anyway": ApplyAnyway(inside(open_.address)), "stop": StopHere()}
        command = answers.get(raw) if isinstance(raw, str) else None
    elif open_.kind == "procedure":
        command = Choose(raw) if isinstance(raw, str) and raw in situation.offers else None
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
    if stop is None or stop.question is None:
        return NotNow("answer")
    context = question_context(situation.interview, stop, situation.path.scope, situation.context)
    return _late(stop, content.question, stop.asked.kind.accept(content.value, context), situation)


def misshapen() -> Problem:
    """A value of the wrong shape (an API client's mistake)."""
    wrong = problem(texts.MISSHAPEN)
    return Misshapen(wrong.key, wrong.text, wrong.params)
