"""What is said after a decision: first what became of the input, then the open question or the review."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from bot import limits
from bot.answers.base import Template
from bot.core import commands as c
from bot.core import events, lifecycle, news, reception, texts
from bot.core.ask import ask
from bot.core.commands import Content, Typed
from bot.core.decision import Decision
from bot.core.files import findings_told
from bot.core.notice import left_behind, say_data_notice
from bot.core.position import RECEPTION, Open, Situation, has_news, may_submit, open_question, phase, stop_at
from bot.core.review import is_promised, paper, papers_to_come, pre_check, summary, to_do
from bot.core.say import Choice, Say, Voice, listed
from bot.core.vocabulary import folded
from bot.procedures.fill import Part, Text, plain, show_plain

_SLIPS: Final = limits.MISUNDERSTANDINGS_BEFORE_HELP


def greet(situation: Situation) -> list[Say]:
    """The first words of a case: a program, what it is about, what happens to the data, then the first question."""
    at_reception = situation.case.procedure == RECEPTION
    first = reception.welcome(situation) if at_reception else _greeting(Voice(situation))
    return [*first, *ask(situation)]


def tell(before: Situation, content: Content | None, decision: Decision) -> list[Say]:
    """Everything that is said in answer to ``content``."""
    says = list(_reaction(before, content, decision))
    if decision.erase or _is_quiet(before, decision):
        return says
    return [*says, *_next(before, decision)]


def _is_quiet(before: Situation, decision: Decision) -> bool:
    """A file that comes or goes interrupts nobody, unless it opens another question."""
    if isinstance(decision.command, c.Note):
        return True
    if isinstance(decision.command, c.Move):
        return _is_asked_already(before, decision, decision.command)
    if not isinstance(decision.command, c.OfferFile | c.JudgeFile | c.DropFile):
        return False
    then, now = open_question(before), open_question(decision.after)
    return now is None or (then is not None and then.address == now.address)


def _is_asked_already(before: Situation, decision: Decision, command: c.Move) -> bool:
    """News of a submission on its way asks nothing, and does not ask the same once more."""
    then, now = open_question(before), open_question(decision.after)
    if now is not None:
        return then is not None and then.address == now.address
    return command.state not in lifecycle.ENDS["submission"]


# -- greeting -------------------------------------------------------------------------------------------------------


def _greeting(voice: Voice) -> Iterator[Say]:
    situation = voice.situation
    procedure = situation.interview.procedure
    place = procedure.procedure
    title = voice.of_dialog(f"{place}.title", procedure.title)
    if situation.case.demo_date is not None:
        yield voice.say(texts.DEMO_DATE, date=show_plain(situation.case.demo_date, situation.context))
    yield voice.say(texts.GREETING, title=title, agency=voice.agency())
    yield from _life(voice)
    if papers := listed("", ((Part("\n– "), *each) for each in papers_needed(voice))):
        yield voice.say(texts.WHAT_YOU_NEED, papers=papers)
    yield voice.say(texts.MINUTES, minutes=str(minutes_needed(situation)))
    yield say_data_notice(voice)
    yield voice.say(texts.COMMANDS)


def life_status(situation: Situation) -> str:
    """``planned``, ``open`` or ``closed`` on this day. It informs and blocks nothing."""
    life = situation.interview.procedure.life_cycle
    opens, closes, stopped = (_resolved(situation, each) for each in (life.opens, life.closes, life.stopped))
    if stopped is True:
        return "closed"
    if isinstance(opens, date) and situation.today < opens:
        return "planned"
    return "closed" if isinstance(closes, date) and situation.today > closes else "open"


def _resolved(situation: Situation, value: Any) -> Any:
    if isinstance(value, str) and value.startswith("parameter."):
        return situation.path.scope.parameters.get(value.removeprefix("parameter."))
    return value


def _life(voice: Voice) -> Iterator[Say]:
    situation = voice.situation
    life = situation.interview.procedure.life_cycle
    status = life_status(situation)
    place = situation.interview.procedure.procedure
    if status == "closed":
        yield voice.say(texts.LIFE_CLOSED, closed=voice.of_dialog(f"{place}.closed", life.closed))
    if status == "planned":
        if life.planned is not None:
            yield voice.say_dialog(f"{place}.planned", life.planned)
        opens = show_plain(_resolved(situation, life.opens), situation.context)
        yield voice.say(texts.LIFE_PLANNED, opens=opens)


def papers_needed(voice: Voice) -> Iterator[Text]:
    """What the applicant should have at hand: every paper that this procedure may ask for."""
    for stop in voice.situation.interview.stops.values():
        question = stop.question
        if question is not None and question.kind.type == "evidence":
            yield paper(voice, stop)


_SECONDS_A_QUESTION: Final = 25


def minutes_needed(situation: Situation) -> int:
    """About how long it takes: every question that is always asked, and half of the others. Rounded up to five."""
    stops = [stop for stop in situation.interview.stops.values() if stop.question is not None]
    sections = situation.interview.sections
    always = [s for s in stops if s.question and s.question.when is None and sections[s.section].section.when is None]
    seconds = _SECONDS_A_QUESTION * (len(always) + (len(stops) - len(always)) / 2)
    return max(5, -(-int(seconds) // 300) * 5)


# -- what became of the input ---------------------------------------------------------------------------------------


def _reaction(before: Situation, content: Content | None, decision: Decision) -> Iterator[Say]:
    voice = Voice(decision.after)
    if decision.check is not None and decision.outcome == "refused":
        yield voice.say_dialog(decision.check.place, decision.check.check.otherwise, "problem")
    elif decision.problem is not None:
        yield voice.say_problem(decision.problem, _refused_answer(decision))
    if decision.outcome in ("refused", "not_understood") and decision.after.case.slips == _SLIPS:
        yield from _offer_help(voice)
    teller = _TELLERS.get(type(decision.command))
    if teller is not None and decision.outcome in ("accepted", "done", "ask_back") and decision.problem is None:
        yield from teller(voice, before, content, decision)


def _refused_answer(decision: Decision) -> str | None:
    """The address of a refused answer. What the house itself refuses shows nothing of an answer."""
    command, slip = decision.command, decision.problem
    own = slip is None or slip.key.startswith("core.")
    return command.address if isinstance(command, c.Slip) and not own else None


def _offer_help(voice: Voice) -> Iterator[Say]:
    yield from _explain(voice, open_question(voice.situation))
    yield voice.say(texts.OFFER_HELP)


def _explain(voice: Voice, open_: Open | None) -> Iterator[Say]:
    """Why the open question is asked, and what helps with it."""
    if open_ is None or open_.stop is None or open_.stop.question is None:
        return
    stop, question = open_.stop, open_.stop.question
    row = voice.row(stop.section, open_.row)
    yield voice.say(texts.WHY, why=voice.of_dialog(f"{stop.place}.why", question.why, row=row))
    if question.help is not None:
        yield voice.say_dialog(f"{stop.place}.help", question.help, fillings=voice.fillings(question.help, row=row))
    if question.law is not None:
        yield voice.say(texts.HELP_LAW, law=question.law)


def _echo(voice: Voice, _before: Situation, content: Content | None, decision: Decision) -> Iterator[Say]:
    """What was understood, where the applicant typed it in other words."""
    command = decision.command
    assert isinstance(command, c.Answer)
    if decision.outcome == "done":
        yield voice.say(texts.STAYS_OPEN)  # a task is put off
    if decision.outcome != "accepted":
        return
    if is_promised(command.raw):
        yield voice.say(texts.NOTED_LATER)
        return
    if not isinstance(content, Typed):
        return
    stop, _ = stop_at(voice.situation.interview, command.address)
    answer = voice.answer(stop, command.raw, command.address) if stop is not None else ()
    if folded(content.text) != folded(plain(answer)):
        yield voice.say(texts.UNDERSTOOD, "echo", answer=answer)


def _plain(template: Template) -> Callable[..., Iterator[Say]]:
    def said(voice: Voice, *_rest: object) -> Iterator[Say]:
        yield voice.say(template)

    return said


def _declined(voice: Voice, before: Situation, *_rest: object) -> Iterator[Say]:
    pending = before.case.pending
    if pending is not None and pending.doubt in ("change", "stale"):
        yield voice.say(texts.KEPT)
    elif pending is not None and pending.doubt != "erase":
        yield voice.say(texts.ASK_AGAIN)
    elif voice.situation.case.state == "ended":
        yield voice.say(texts.RESTING)
    elif voice.situation.case.state == "sending" and (last := voice.situation.case.submission) is not None:
        yield news.away(voice, last) if last.away else news.status(voice, last)


def _helped(voice: Voice, *_rest: object) -> Iterator[Say]:
    yield from _explain(voice, open_question(voice.situation))
    yield voice.say(texts.COMMANDS)


def _human(voice: Voice, *_rest: object) -> Iterator[Say]:
    yield voice.say(texts.HUMAN, agency=voice.agency(), reference=voice.situation.case.reference)


def _summarised(voice: Voice, *_rest: object) -> Iterator[Say]:
    yield from summary(voice.situation)


def _paused(voice: Voice, *_rest: object) -> Iterator[Say]:
    yield voice.say(texts.PAUSED, secret="code", code="…")  # noqa: S106  # a placeholder's name


def _ended(voice: Voice, *_rest: object) -> Iterator[Say]:
    choices = (Choice(voice.word(texts.CONTINUE), action="resume"),)
    days = str(limits.DRAFT_DAYS)
    yield voice.say(texts.ENDED, secret="code", days=days, code="…", choices=choices)  # noqa: S106  # a name


def _removed(voice: Voice, before: Situation, _content: object, decision: Decision) -> Iterator[Say]:
    then = Voice(before)
    gone = [fact for fact in decision.facts if isinstance(fact, events.RowRemoved)]
    titles = listed("; ", (_title(then, fact) for fact in reversed(gone)))
    yield voice.say(texts.ROW_REMOVED, title=titles)


def _title(voice: Voice, fact: events.RowRemoved) -> Text:
    row = voice.row(fact.section, str(fact.row))
    return voice.title(row) if row is not None else (Part(str(fact.row)),)


def _sending(voice: Voice, *_rest: object) -> Iterator[Say]:
    submission = voice.situation.case.submission
    if submission is not None:
        yield news.status(voice, submission)


def _moved(voice: Voice, before: Situation, _content: object, decision: Decision) -> Iterator[Say]:
    command = decision.command
    assert isinstance(command, c.Move)
    then, now = (case.submissions.get(command.n) for case in (before.case, voice.situation.case))
    if now is None or news.silent(then, now):
        return
    if now.away:
        yield news.away(voice, now)
        return
    yield news.status(voice, now)
    if now.state == "prepared":
        yield from _how_to_file(voice)
    elif now.state == "rejected":
        yield from news.refused(voice, now)
    if (before.case.state, voice.situation.case.state) == ("sending", "submitted") and (what := to_do(voice)):
        yield voice.say(texts.TO_DO, what=what)
    if has_news(voice.situation.case) and now.state in ("accepted", "prepared"):
        yield voice.say(texts.STILL_HERE)


def _how_to_file(voice: Voice) -> Iterator[Say]:
    """Which way the law prescribes for what was only prepared."""
    situation = voice.situation
    procedure = situation.interview.procedure
    for number, (plan, finish) in enumerate(zip(situation.interview.finish, procedure.finish, strict=True), 1):
        if plan.when is None or plan.when(situation.path.scope) is True:
            if finish.how is not None:
                yield voice.say_dialog(f"{procedure.procedure}.finish.{number}.how", finish.how)
            return


def _spoken_anew(voice: Voice, *_rest: object) -> Iterator[Say]:
    """Who has not begun yet is greeted again: nobody agrees to what was said in another language only."""
    yield voice.say(texts.LANGUAGE_SET)
    if voice.situation.case.procedure == RECEPTION:
        yield from reception.welcome(voice.situation)
    elif not voice.situation.case.consented:
        yield from _greeting(voice)


def _chosen(voice: Voice, *_rest: object) -> Iterator[Say]:
    yield from _greeting(voice)


def _judged(voice: Voice, _before: Situation, _content: object, decision: Decision) -> Iterator[Say]:
    command = decision.command
    assert isinstance(command, c.JudgeFile)
    yield from findings_told(voice, voice.situation.case.files[command.fact.file])


def _erased(_voice: Voice, before: Situation, *_rest: object) -> Iterator[Say]:
    voice = Voice(before)
    yield voice.say(texts.ERASED)
    yield from left_behind(voice)


def _kept(voice: Voice, before: Situation, _content: object, decision: Decision) -> Iterator[Say]:
    open_ = open_question(before)
    is_put_off = open_ is not None and open_.task is not None
    is_done = any(isinstance(fact, events.TaskDone) for fact in decision.facts)
    yield voice.say(texts.STAYS_OPEN if is_put_off and not is_done else texts.KEPT)


_TELLERS: Final[dict[type, Callable[..., Iterator[Say]]]] = {
    c.Answer: _echo,
    c.Decline: _declined,
    c.DontKnow: _plain(texts.NOTED_UNSURE),
    c.Skip: _plain(texts.NOTED_SKIPPED),
    c.Keep: _kept,
    c.Undo: _plain(texts.UNDONE),
    c.RemoveRow: _removed,
    c.Help: _helped,
    c.Human: _human,
    c.ShowSummary: _summarised,
    c.Pause: _paused,
    c.GoOn: _plain(texts.WELCOME_BACK),
    c.SetLanguage: _spoken_anew,
    c.StopHere: _ended,
    c.Submit: _sending,
    c.Move: _moved,
    c.Erase: _erased,
    c.Choose: _chosen,
    c.JudgeFile: _judged,
}


# -- what comes next ------------------------------------------------------------------------------------------------


def _next(before: Situation, decision: Decision) -> Iterator[Say]:
    after = decision.after
    if isinstance(decision.command, c.Pause | c.StopHere) and decision.outcome == "done":
        return
    if after.case.state not in ("open", "sending", "submitted", "ended") or _put_off(before, decision):
        return
    if _review_begins(before, after):
        yield from review(after, _review_as(before, decision))
    again = decision.outcome in ("refused", "not_understood", "nothing")
    yield from ask(after, section=_new_section(before, decision), again=again)
    if open_question(after) is None:
        yield from _nothing_open(after)


def _put_off(before: Situation, decision: Decision) -> bool:
    """The only task stays open: it is not asked for again at once."""
    then, now = open_question(before), open_question(decision.after)
    if then is None or then.task is None or now is None or now.task != then.task:
        return False
    return isinstance(decision.command, c.Keep | c.Answer) and decision.outcome in ("accepted", "done")


def _new_section(before: Situation, decision: Decision) -> bool:
    """Say the section's title where a section begins, or after a detour."""
    if isinstance(decision.command, c.GoOn | c.SetLanguage | c.ShowSummary | c.Correct | c.Back):
        return True
    return _where(before) != _where(decision.after)


def _where(situation: Situation) -> str | None:
    open_ = open_question(situation)
    if open_ is not None and open_.kind == "notice" and situation.path.steps:
        return situation.path.steps[-1].stop.section
    return open_.stop.section if open_ is not None and open_.stop is not None else None


def _review_begins(before: Situation, after: Situation) -> bool:
    if phase(after) != "reviewing" or _is_tasked(after):
        return False  # what somebody asks for comes first
    if _is_tasked(before) and after.case.submission is not None:
        return after.case.changed > after.case.submission.upto  # the last one may have been left as it is
    came_anew = phase(before) != "reviewing" and not before.case.sheet.reopened
    return came_anew or before.case.changed != after.case.changed


def _is_tasked(situation: Situation) -> bool:
    open_ = open_question(situation)
    return open_ is not None and open_.task is not None


def _is_correction(before: Situation, decision: Decision) -> bool:
    """Has everything been shown before, and only one thing been changed since?"""
    changes = c.RemoveRow | c.Undo | c.Keep | c.Decline
    return phase(before) == "reviewing" or bool(before.case.sheet.reopened) or isinstance(decision.command, changes)


def _review_as(before: Situation, decision: Decision) -> Template:
    if isinstance(decision.command, c.Move):
        return texts.REVIEW_REFUSED
    return texts.REVIEW_AGAIN if _is_correction(before, decision) else texts.REVIEW


def review(situation: Situation, begins: Template = texts.REVIEW) -> Iterator[Say]:
    """The whole declaration before it is sent, the verdict and what will come later; after a change only the rest."""
    voice = Voice(situation)
    yield voice.say(begins)
    if begins is not texts.REVIEW_AGAIN:
        yield from summary(situation)
    yield from pre_check(situation)
    if papers := papers_to_come(voice):
        yield voice.say(texts.MISSING_EVIDENCE, evidence=papers)


def _nothing_open(situation: Situation) -> Iterator[Say]:
    voice = Voice(situation)
    if may_submit(situation):
        ready = texts.READY_MORE if situation.case.state == "submitted" else texts.READY
        yield voice.say(ready, "question", choices=(Choice(voice.word(texts.SUBMIT), action="submit"),))
    elif situation.case.state == "submitted":
        held_back = situation.case.under_way and has_news(situation.case)
        yield voice.say(texts.HELD_BACK if held_back else texts.NOTHING_OPEN_NOW)
