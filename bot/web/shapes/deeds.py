"""The applicant's side of the transcript, and what else became true: events from the facts of one turn.

What was typed is never kept; so an input that led to no answer is told by its label, or by what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.answers.base import UNSURE, Json, Template, Words
from bot.core import events
from bot.core import texts as core
from bot.core.case import File, Submission
from bot.core.events import Fact, Turn
from bot.core.position import WHICH_PROCEDURE, Situation, stop_at
from bot.core.say import Voice
from bot.core.submission import instant
from bot.procedures.fill import plain
from bot.web.shapes import files, texts
from bot.web.shapes.tasks import named_reason, reason_of
from bot.web.shapes.tasks import task as shown_task
from bot.web.shapes.wording import worded

Event = dict[str, Json]

SPEAKERS: Final = {"applicant": "applicant", "helper": "helper", "staff": "staff", "agency": "agency"}
"""Who acts in the ledger, as the API names them. Everybody else is the system."""


@dataclass(frozen=True, slots=True)
class View:
    """One turn as it is told: ``words`` of the language that was spoken then, the case as it is now (None: gone)."""

    turn: Turn
    situation: Situation | None
    words: Words

    @property
    def who(self) -> str:
        return SPEAKERS.get(self.turn.actor, "system")

    def word(self, template: Template, **params: str) -> str:
        return worded(self.words, template, **params)

    def spoken(self, place: str) -> events.Said | None:
        """The message of this place, if it was said in this turn."""
        said = (fact for fact in self.turn.facts if isinstance(fact, events.Said))
        return next((fact for fact in said if fact.place == place), None)

    def has(self, *types: type[Fact]) -> bool:
        return any(isinstance(fact, types) for fact in self.turn.facts)

    def voice(self) -> Voice | None:
        situation = self.situation
        if situation is None or situation.words is self.words:
            return None if situation is None else Voice(situation)
        return Voice(replace(situation, words=self.words))

    def shown(self, address: str, raw: Json) -> str:
        """A value as the applicant sees it; the bare value where its question is gone."""
        voice = self.voice()
        stop, _ = (None, None) if voice is None else stop_at(voice.situation.interview, address)
        if voice is None or stop is None:
            return str(raw)
        try:
            return plain(voice.answer(stop, raw, address))
        except (ValueError, TypeError, KeyError, LookupError):
            return str(raw)  # the question changed its kind in a newer version

    def asked(self, address: str) -> str:
        """The words of the question at ``address``."""
        voice = self.voice()
        stop, row = (None, None) if voice is None else stop_at(voice.situation.interview, address)
        if voice is None or stop is None:
            return address
        return plain(voice.asked(stop, voice.row(stop.section, row)))


def done(view: View) -> Iterator[Event]:
    """What happened in the turn, in order, without what was said."""
    if view.turn.actor in ("applicant", "helper") and (label := _label(view)) is not None:
        yield _said(view, label)
        yield from _told(view, _WITHOUT_APPLICANT)
        return
    told = list(_told(view, _TELLERS))
    if not told and view.turn.actor in ("applicant", "helper") and not view.has(events.Opened):
        yield _said(view, view.word(_unknown(view)))
    yield from told


def _unknown(view: View) -> Template:
    """What to call an input that left no fact."""
    for place, template in _WITHOUT_FACTS.items():
        if view.spoken(place) is not None:
            return template
    return _INSTEAD.get(view.turn.outcome, texts.SOMETHING)


_WITHOUT_FACTS: Final[dict[str, Template]] = {
    core.SUMMARY.place: texts.SUMMARY,
    core.SUMMARY_EMPTY.place: texts.SUMMARY,
    core.KEPT.place: core.KEEP,
}

_INSTEAD: Final[dict[str, Template]] = {
    "not_understood": texts.NOT_UNDERSTOOD,
    "refused": texts.NOT_TAKEN,
    "ask_back": texts.NOT_CLEAR,
}


def _told(view: View, tellers: dict[type[Fact], Teller]) -> Iterator[Event]:
    for fact in view.turn.facts:
        teller = tellers.get(type(fact))
        if teller is not None:
            yield from teller(view, fact)


# -- actions, which are known by what was said to them -----------------------------------------------------------------


def _label(view: View) -> str | None:
    """The label of an action that changed several things, or nothing."""
    said = {fact.place for fact in view.turn.facts if isinstance(fact, events.Said)}
    for place, template in _BY_PLACE.items():
        if place in said:
            return view.word(template)
    removed = view.spoken(core.ROW_REMOVED.place)
    if removed is not None:
        title = "".join(param.value for param in removed.params if param.name == "title")
        return view.word(texts.REMOVE_ROW, title=title)
    return None


_BY_PLACE: Final[dict[str, Template]] = {
    core.UNDONE.place: texts.UNDO,
    core.HUMAN.place: texts.HUMAN,
    core.WELCOME_BACK.place: core.CONTINUE,
    core.ERASED.place: core.ERASE_YES,
}


# -- one small function per fact --------------------------------------------------------------------------------------

Teller = Callable[[View, Any], Iterator[Event]]


def _said(view: View, text: str, question: str = "") -> Event:
    return _placed({"from": view.who, "kind": "said", "text": text}, question)


def _placed(event: Event, question: str) -> Event:
    return event | {"question": question} if question else event


def _answered_by(by: str, question: str, text: str, **value: Json) -> Event:
    return {"from": SPEAKERS.get(by, "system"), "kind": "answered", "text": text, "question": question, **value}


def _answered(view: View, fact: events.Answered) -> Iterator[Event]:
    is_no = fact.address.startswith("@again[")
    text = view.word(core.NO) if is_no else view.shown(fact.address, fact.value)
    yield _answered_by(_by(view, fact.by), fact.address, text, value=fact.value)


def _unsure(view: View, fact: events.Unsure) -> Iterator[Event]:
    yield _answered_by(_by(view, fact.by), fact.address, view.word(core.UNSURE), value=UNSURE)


def _skipped(view: View, fact: events.Skipped) -> Iterator[Event]:
    yield _answered_by(_by(view, fact.by), fact.address, view.word(core.SKIP))


def _by(view: View, by: str) -> str:
    """The fact's own word, unless it says no more than the default."""
    return view.turn.actor if by == "applicant" else by


def _consented(view: View, _fact: events.Consented) -> Iterator[Event]:
    yield _answered_by(view.turn.actor, "@consent", view.word(core.CONSENT_YES), value=True)
    yield _phase("asking")


def _acknowledged(view: View, fact: events.Acknowledged) -> Iterator[Event]:
    text = view.word(core.APPLY_ANYWAY)
    yield _answered_by(view.turn.actor, f"@notice[{fact.criterion}]", text, value="apply_anyway")


def _declared(view: View, fact: events.Declared) -> Iterator[Event]:
    yield _answered_by(view.turn.actor, f"@declaration[{fact.id}]", view.word(core.CONFIRM_YES), value=True)


def _row_added(view: View, fact: events.RowAdded) -> Iterator[Event]:
    """Another row was wished. A row that comes into being with its first answer tells nothing of its own."""
    if view.has(events.Answered, events.Unsure, events.Skipped):
        return
    voice = view.voice()
    known = voice is not None and fact.section in voice.situation.interview.sections
    title = plain(voice.section_title(fact.section)) if voice is not None and known else fact.section
    yield _answered_by(view.turn.actor, f"@again[{fact.section}]", view.word(texts.ADD_ROW, title=title), value=True)


def _kept(view: View, fact: events.Kept) -> Iterator[Event]:
    yield _said(view, view.word(core.KEEP), fact.address)


def _reopened(view: View, fact: events.Reopened) -> Iterator[Event]:
    if fact.reason == "back":
        yield _said(view, view.word(texts.BACK), fact.address)
    elif fact.reason == "correct":
        yield _said(view, view.word(texts.CORRECT_ONE, asked=view.asked(fact.address)), fact.address)


def _not_sure(view: View, fact: events.NotSure) -> Iterator[Event]:
    if fact.doubt == "erase":
        yield _said(view, view.word(texts.ERASE))
    elif fact.doubt:
        yield _said(view, view.shown(fact.address, fact.candidates[0]), fact.address)
    else:
        yield _said(view, view.word(texts.NOT_CLEAR), fact.address)


def _not_understood(view: View, fact: events.NotUnderstood) -> Iterator[Event]:
    if fact.key in ("declined", core.DECLARATION_NEEDED.place):
        template = core.NO
    else:
        template = _INSTEAD.get(view.turn.outcome, texts.NOT_UNDERSTOOD)
    yield _said(view, view.word(template), fact.address)


def _helped(view: View, _fact: events.Helped) -> Iterator[Event]:
    yield _said(view, view.word(texts.HELP))


def _language_set(view: View, fact: events.LanguageSet) -> Iterator[Event]:
    yield _said(view, core.LANGUAGES.get(fact.language, fact.language))


def _paused(view: View, _fact: events.Paused) -> Iterator[Event]:
    yield _said(view, view.word(texts.PAUSE))


def _ended(view: View, _fact: events.Ended) -> Iterator[Event]:
    yield _said(view, view.word(core.STOP_HERE))
    yield _phase("ended")


def _came_back(_view: View, fact: events.Reopened) -> Iterator[Event]:
    if fact.reason == "came back":
        yield _phase("asking")


def _phase(phase: str) -> Event:
    return {"from": "system", "kind": "phase", "phase": phase}


def _moved(view: View, fact: events.Moved) -> Iterator[Event]:
    """Only a choice at the reception: another version of the same procedure concerns no applicant."""
    if not fact.procedure:
        return
    voice = view.voice()
    offer = fact.procedure if fact.municipality is None else f"{fact.procedure}/{fact.municipality}"
    text = offer
    if voice is not None and voice.situation.case.procedure == fact.procedure:
        procedure = voice.situation.interview.procedure
        text = plain(voice.of_dialog(f"{procedure.procedure}.title", procedure.title))
    yield _answered_by(view.turn.actor, WHICH_PROCEDURE, text, value=offer)
    yield _phase("greeting")


# -- sending ----------------------------------------------------------------------------------------------------------


def _submit_requested(view: View, fact: events.SubmitRequested) -> Iterator[Event]:
    label = texts.SEND_ADDITION if fact.kind == "addition" else core.SUBMIT
    yield _said(view, view.word(label))
    yield _submission(view, fact.n, fact.kind, "queued", sandbox=False)
    yield _phase("sending")


def _submission_moved(view: View, fact: events.SubmissionMoved) -> Iterator[Event]:
    known = None if view.situation is None else view.situation.case.submissions.get(fact.n)
    if known is not None and all(passed.turn != view.turn.number for passed in known.trail):
        return  # more proof of the same state; what the applicant must know of it was said
    kind, sandbox = ("application", False) if known is None else (known.kind, known.sandbox)
    yield _submission(view, fact.n, kind, fact.state, sandbox=sandbox or bool(fact.proof.get("sandbox")))
    if known is None:
        return
    states = [passed.state for passed in known.trail if passed.turn <= view.turn.number]
    if (phase := _phase_after(view, known, states)) is not None:
        yield _phase(phase)


def _phase_after(view: View, submission: Submission, states: list[str]) -> str | None:
    """The phase that begins with the last of these states. None: the same goes on."""
    assert view.situation is not None
    reached = [state for state in states if state not in ("announced", "sent")]
    if len(reached) == 1 and states[-1] in ("delivered", "accepted", "prepared"):
        return "submitted"
    if states[-1] != "rejected":
        return None
    earlier = [each for each in view.situation.case.submissions.values() if each.n < submission.n]
    if any(each.state in ("accepted", "prepared") for each in earlier):
        return "submitted" if len(reached) == 1 else None
    return "reviewing"


def _submission(view: View, n: int, kind: str, state: str, *, sandbox: bool) -> Event:
    is_demo = view.situation is not None and view.situation.case.demo_date is not None
    at = instant(view.turn.at)
    made = {"n": n, "kind": kind, "state": state, "at": at, "sandbox": sandbox or is_demo}
    return {"from": view.who, "kind": "submission", "submission": made}


# -- files and tasks --------------------------------------------------------------------------------------------------


def _file_offered(view: View, fact: events.FileOffered) -> Iterator[Event]:
    name = fact.name or view.word(texts.FILE_NAMELESS)
    file = File(fact.file, fact.address, "receiving", bytes=fact.bytes, sha256=fact.sha256)
    yield _file(view, view.who, file, view.word(texts.FILE_SENT, name=name))


def _file_judged(view: View, fact: events.FileJudged) -> Iterator[Event]:
    file = File(
        fact.file,
        _address_of(view, fact.file),
        fact.state,
        pages=fact.pages,
        bytes=fact.bytes,
        sha256=fact.sha256,
        media_type=fact.media_type,
        findings=tuple(fact.findings),
        preview=fact.preview,
    )
    yield _file(view, "system", file, files.told(file, view.words))


def _file_dropped(view: View, fact: events.FileDropped) -> Iterator[Event]:
    file = File(fact.file, _address_of(view, fact.file), "dropped")
    yield _file(view, SPEAKERS.get(_by(view, fact.by), "system"), file, view.word(texts.FILE_DROPPED))


def _file(view: View, who: str, file: File, text: str) -> Event:
    event: Event = {"from": who, "kind": "file", "text": text, "file": files.file(file, view.words)}
    return _placed(event, file.address)


def _address_of(view: View, id: str) -> str:
    known = None if view.situation is None else view.situation.case.files.get(id)
    return "" if known is None else known.address


def _task_set(view: View, fact: events.TaskSet) -> Iterator[Event]:
    who = "system" if fact.by == "applicant" else SPEAKERS.get(fact.by, "system")  # the house reminds of promises
    voice = view.voice()
    event: Event = {"from": who, "kind": "task", "question": fact.address}
    if voice is None:  # the case is gone, and what its papers were called
        yield event | {"text": reason_of(view.words, fact)}
        return
    yield event | {"text": named_reason(voice, fact), "task": shown_task(voice, fact)}


def _task_done(view: View, _fact: events.TaskDone) -> Iterator[Event]:
    yield {"from": "system", "kind": "task", "text": view.word(texts.TASK_DONE)}


# -- people and the house ---------------------------------------------------------------------------------------------


def _speaker_changed(view: View, fact: events.SpeakerChanged) -> Iterator[Event]:
    text = view.word(texts.STAFF_CAME if fact.speaker == "staff" else texts.BOT_CAME)
    yield {"from": "system", "kind": "said", "text": text}


def _redacted(view: View, fact: events.Redacted) -> Iterator[Event]:
    yield _placed({"from": "system", "kind": "redacted", "text": view.word(texts.REDACTED)}, fact.address or "")


_WITHOUT_APPLICANT: Final[dict[type[Fact], Teller]] = {
    events.Reopened: _came_back,
    events.FileOffered: _file_offered,
    events.FileJudged: _file_judged,
    events.FileDropped: _file_dropped,
    events.SubmissionMoved: _submission_moved,
    events.TaskSet: _task_set,
    events.TaskDone: _task_done,
    events.SpeakerChanged: _speaker_changed,
    events.Redacted: _redacted,
}

_TELLERS: Final[dict[type[Fact], Teller]] = _WITHOUT_APPLICANT | {
    events.Answered: _answered,
    events.Unsure: _unsure,
    events.Skipped: _skipped,
    events.Consented: _consented,
    events.Acknowledged: _acknowledged,
    events.Declared: _declared,
    events.RowAdded: _row_added,
    events.Kept: _kept,
    events.Reopened: _reopened,
    events.NotSure: _not_sure,
    events.NotUnderstood: _not_understood,
    events.Helped: _helped,
    events.LanguageSet: _language_set,
    events.Paused: _paused,
    events.Ended: _ended,
    events.Moved: _moved,
    events.SubmitRequested: _submit_requested,
}
"""Facts that are not here tell an applicant nothing: doors, notices beside the channel, notes of staff."""
