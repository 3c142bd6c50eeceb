"""How the open question is put: where we are, the question, what can be chosen, and what may be typed instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.answers.base import Context, Json, Template, problem
from bot.core import reception, texts
from bot.core.case import STALE, Pending, Task
from bot.core.events import Answered
from bot.core.notice import left_behind
from bot.core.position import Open, Situation, declarations, may_keep, open_question, stop_at
from bot.core.progress import consequences, progress, seen_through
from bot.core.say import Choice, Say, Voice, listed
from bot.core.understand import suggestion
from bot.core.verdict import Judged, law_of, reason
from bot.procedures.fill import Part, Text, plain
from bot.procedures.interview import Stop
from bot.procedures.rules import Finding


def ask(situation: Situation, *, section: bool = True, again: bool = False) -> list[Say]:
    """The messages that put the open question. ``section``: say first which section begins.

    ``again``: it was just put and not understood, so the question alone is enough.
    """
    open_ = open_question(situation)
    if open_ is None:
        return []
    voice = Voice(situation)
    if open_.kind != "question":
        begins = heading(voice, open_.stop, first=True) if section and open_.kind == "again" and open_.stop else ()
        says = [*begins, *_PSEUDO[open_.kind](voice, open_)]
        return says[-1:] if again else says
    return [*([] if again else _why_again(voice, open_)), *_question(voice, open_, section=section)]


# -- a real question ------------------------------------------------------------------------------------------------


def _question(voice: Voice, open_: Open, *, section: bool) -> Iterator[Say]:
    situation, stop = voice.situation, open_.stop
    assert stop is not None
    if (pending := _doubt(situation, open_)) is not None:
        yield from _ask_back(voice, open_, pending)
        return
    if section:
        yield from heading(voice, stop, first=open_.old is None)
    if open_.task is not None and open_.task.by == "agency":
        yield written(voice, open_.task)
    if open_.old is not None and open_.old.kind == "value":
        yield voice.say(texts.OLD_ANSWER, old=voice.answer(stop, open_.old.raw, open_.address))
    suggested = suggestion(situation, open_) if open_.old is None else None
    if suggested is not None:
        yield voice.say(texts.SUGGESTION, suggestion=voice.answer(stop, suggested, open_.address))
    context = voice.context(stop)
    closed = bool(stop.asked.kind.choices(context))
    choices = tuple(_choices(voice, open_, context, None if closed else suggested))
    if stop.asked.subsidy_relevant:
        yield voice.say(texts.SUBSIDY_RELEVANT)
    row = voice.row(stop.section, open_.row)
    yield voice.say_dialog(
        *(f"{stop.place}.ask", stop.asked.ask, "question"),
        question=open_.address,
        choices=choices,
        fillings=voice.fillings(stop.asked.ask, row=row),
        closed=closed,
    )
    if stop.asked.example is not None:
        example = voice.of_dialog(f"{stop.place}.example", stop.asked.example, row=row)
        yield voice.say(texts.EXAMPLE, example=example)


def written(voice: Voice, task: Task) -> Say:
    """What the agency wrote about an answer, in its own words. They may repeat the answer."""
    if not task.reason:
        return voice.say(texts.AGENCY_SILENT)
    return voice.say(texts.AGENCY_WRITES, written=(Part(task.reason, task.address),))


def _why_again(voice: Voice, open_: Open) -> Iterator[Say]:
    """Why an answer that was once taken is asked for again."""
    here = open_.here
    if here is not None and here.failed is not None:
        yield voice.say_dialog(here.failed.place, here.failed.check.otherwise, "problem")
    elif here is not None and here.invalid:
        yield voice.say_problem(problem(texts.NO_LONGER_FITS))


def heading(voice: Voice, stop: Stop, *, first: bool) -> Iterator[Say]:
    """Section n of m; ``first``: with its introduction, where it begins."""
    interview = voice.situation.interview
    plan = interview.sections[stop.section]
    place = f"{interview.procedure.procedure}.{stop.section}"
    total = str(len(interview.sections))
    yield voice.say(texts.SECTION, number=str(plan.number), total=total, title=voice.section_title(stop.section))
    asked = any(step.stop.section == stop.section for step in voice.situation.path.steps)
    if plan.section.intro is not None and first and not asked:
        yield voice.say_dialog(f"{place}.intro", plan.section.intro)


def _choices(voice: Voice, open_: Open, context: Context, suggested: Json) -> Iterator[Choice]:
    assert open_.stop is not None
    question = open_.stop.asked
    if suggested is not None:
        yield Choice(voice.word(texts.TAKE_SUGGESTION), suggested)
    several = question.kind.type in _SEVERAL
    for choice in question.kind.choices(context):
        yield Choice(choice.label, [choice.value] if several else choice.value)
    if open_.old is not None and may_keep(open_):
        yield Choice(voice.word(texts.KEEP), action="keep", target=open_.address)
    if getattr(question.kind, "later", None):
        yield Choice(voice.word(texts.LATER), {"files": [], "later": True})
    if question.unsure is not None:
        yield Choice(voice.word(texts.UNSURE), action="unsure", target=open_.address)
    if question.optional:
        yield Choice(voice.word(texts.SKIP), action="skip", target=open_.address)


_SEVERAL = ("options", "rows")
"""Types of kinds whose value is a list: a choice is then the whole answer that consists of it."""


def _doubt(situation: Situation, open_: Open) -> Pending | None:
    pending = situation.case.pending
    return pending if pending is not None and pending.address == open_.address else None


def _ask_back(voice: Voice, open_: Open, pending: Pending) -> Iterator[Say]:
    stop = open_.stop
    assert stop is not None
    shown = [voice.answer(stop, raw, open_.address) for raw in pending.candidates]
    if pending.doubt:
        yield from _doubted(voice, stop, pending, shown[0])
    elif len(shown) == 1:
        choices = _candidate_or_not(voice, texts.YES, texts.NO, pending)
        asked = texts.DID_YOU_MEAN_ONE
        yield voice.say(asked, "question", choices=choices, question=open_.address, candidate=shown[0])
    else:
        choices = tuple(Choice(plain(label), raw) for label, raw in zip(shown, pending.candidates, strict=True))
        yield voice.say(texts.DID_YOU_MEAN, "question", choices=choices, question=open_.address)


def _doubted(voice: Voice, stop: Stop, pending: Pending, shown: Text) -> Iterator[Say]:
    check = next(plan for plan in stop.shoulds if plan.place == pending.doubt)
    yield voice.say(texts.UNDERSTOOD, "echo", answer=shown)
    choices = _candidate_or_not(voice, texts.THAT_IS_RIGHT, texts.ENTER_ANEW, pending)
    asked = check.check.otherwise
    yield voice.say_dialog(pending.doubt, asked, "question", choices=choices, question=pending.address)


def _candidate_or_not(voice: Voice, yes: Template, no: Template, pending: Pending) -> tuple[Choice, ...]:
    return Choice(voice.word(yes), pending.candidates[0]), Choice(voice.word(no), action="decline")


def _yes_no(voice: Voice) -> tuple[Choice, ...]:
    return Choice(voice.word(texts.YES), True), Choice(voice.word(texts.NO), False)


# -- pseudo-questions -----------------------------------------------------------------------------------------------


def _consent(voice: Voice, open_: Open) -> Iterator[Say]:
    choices = (Choice(voice.word(texts.CONSENT_YES), True), Choice(voice.word(texts.CONSENT_NO), False))
    yield voice.say(texts.CONSENT, "question", choices=choices, question=open_.address)


def _again(voice: Voice, open_: Open) -> Iterator[Say]:
    assert open_.stop is not None
    plan = voice.situation.interview.sections[open_.stop.section]
    assert plan.again is not None
    place = f"{open_.stop.place}.again"
    yield voice.say_dialog(place, plan.again.again, "question", question=open_.address, choices=_yes_no(voice))


def _notice(voice: Voice, open_: Open) -> Iterator[Say]:
    assert open_.here is not None and open_.here.criterion is not None
    plan = open_.here.criterion
    situation = voice.situation
    finding = situation.path.findings.get(plan.id, Finding("not_met"))
    sentence = reason(situation, Judged(plan, "not_met", finding))
    place = f"{situation.interview.procedure.procedure}.{plan.id}"
    about = voice.of_dialog(f"{place}.about", plan.criterion.about)
    yield voice.say(texts.NOTICE, "notice", about=about)
    if sentence is not None:
        yield voice.say_dialog(sentence.place, sentence.template, "notice", fillings=sentence.fillings)
    yield voice.say(texts.NOTICE_LAW, "notice", law=voice.of_dialog(f"{place}.law", law_of(plan)))
    next_step = voice.of_dialog(f"{place}.next", plan.criterion.next)
    yield voice.say(texts.NOTICE_NEXT, "notice", next=next_step)
    if plan.criterion.elsewhere is not None:
        elsewhere = voice.of_dialog(f"{place}.elsewhere", plan.criterion.elsewhere)
        yield voice.say(texts.NOTICE_ELSEWHERE, "notice", elsewhere=elsewhere)
    choices = (
        Choice(voice.word(texts.APPLY_ANYWAY), "apply_anyway"),
        Choice(voice.word(texts.STOP_HERE), "stop"),
        Choice(voice.word(texts.CHANGE_ANSWER), action="back"),
    )
    yield voice.say(texts.NOTICE_END, "question", choices=choices, question=open_.address)


def _change(voice: Voice, open_: Open) -> Iterator[Say]:
    situation = voice.situation
    pending = situation.case.pending
    assert pending is not None and open_.stop is not None
    new = voice.answer(open_.stop, pending.candidates[0], pending.address)
    old = _old(voice, open_, pending.address)
    if pending.doubt == STALE:
        asked = voice.asked(open_.stop, voice.row(open_.stop.section, open_.row))
        yield voice.say(texts.CHANGE_STALE, asked=asked, old=old, new=new)
    else:
        yield voice.say(texts.CHANGE_PREVIEW, old=old, new=new)
    yield from _preview(voice, pending)
    choices = (Choice(voice.word(texts.CHANGE_YES), "change"), Choice(voice.word(texts.CHANGE_NO), "keep"))
    yield voice.say(texts.CHANGE_ASK, "question", choices=choices, question=open_.address)


def _old(voice: Voice, open_: Open, address: str) -> Text:
    if open_.old is None or open_.old.kind != "value" or open_.stop is None:
        return (Part("–", address),)
    return voice.answer(open_.stop, open_.old.raw, address)


def _preview(voice: Voice, pending: Pending) -> Iterator[Say]:
    """What the change would drop and what it would ask anew."""
    situation = voice.situation
    answered = Answered(address=pending.address, value=pending.candidates[0])
    after = progress(situation, [answered])
    dropped, asked = consequences(situation, pending.address, after)
    if dropped:
        before = replace(situation, path=seen_through(situation))
        yield voice.say(texts.CHANGE_DROPS, dropped=_questions(Voice(before), dropped))
    if asked:
        yield voice.say(texts.CHANGE_ASKS, asked=_questions(Voice(after), asked))


def _questions(voice: Voice, addresses: tuple[str, ...]) -> Text:
    return listed(" · ", (_question_at(voice, address) for address in addresses))


def _question_at(voice: Voice, address: str) -> Text:
    """The words of the question at ``address``, for its own row."""
    stop, id = stop_at(voice.situation.interview, address)
    if stop is None:
        return ()
    row = voice.row(stop.section, id)
    asked = voice.asked(stop, row)
    return asked if row is None else (*voice.title(row), Part(": "), *asked)


def _erase(voice: Voice, open_: Open) -> Iterator[Say]:
    yield from left_behind(voice)
    choices = (Choice(voice.word(texts.ERASE_YES), True), Choice(voice.word(texts.ERASE_NO), False))
    yield voice.say(texts.ERASE_ASK, "question", choices=choices, question=open_.address)


def _declaration(voice: Voice, open_: Open) -> Iterator[Say]:
    situation = voice.situation
    declaration = open_.declaration
    assert declaration is not None
    every = [each.id for each in declarations(situation)]
    place = f"{situation.interview.procedure.procedure}.{declaration.id}.text"
    number, total = str(every.index(declaration.id) + 1), str(len(every))
    yield voice.say(texts.DECLARATION, number=number, total=total)
    yield voice.say_dialog(place, declaration.text)
    choices = (Choice(voice.word(texts.CONFIRM_YES), True), Choice(voice.word(texts.NO), False))
    yield voice.say(texts.CONFIRM, "question", choices=choices, question=open_.address)


_PSEUDO = {
    "procedure": lambda voice, _: reception.ask(voice),
    "consent": _consent,
    "again": _again,
    "notice": _notice,
    "change": _change,
    "erase": _erase,
    "declaration": _declaration,
}
