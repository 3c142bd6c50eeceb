"""What the transcript keeps of a message: its exact words, and at each value the address whose answer it shows."""

from __future__ import annotations

from functools import cache

import pytest

from bot.answers.base import Context, Month, Value
from bot.core import commands as c
from bot.core import events
from bot.core.position import may_submit, stop_at
from bot.core.say import recalled
from bot.procedures.fill import question_context, show_plain
from bot.procedures.texts import texts_of
from tests.core.applicant import MOST_TURNS, Applicant
from tests.core.talk import Talk, interview_of, words

DIALOGS = pytest.mark.parametrize("dialog", ["beispiel", "elternentschaedigung"])
SEEDS = range(3)
CHOSEN = ("yes_no", "one_of", "many_of", "rows_of", "evidence")
"""Kinds whose shown values are the dialog's own words, or show other answers."""


class Planter(Applicant):
    """Gives answers that nobody could mistake for the house's own words, and asks and errs a lot."""

    planted = 0

    def _answer(self, open_):
        usual = super()._answer(open_)
        kind, situation = open_.stop.asked.kind, self.talk.situation
        self.planted += 1
        wanted = {"short_text": f"Zebulon{self.planted}", "long_text": f"Xaverl{self.planted}"}
        wanted |= {"phone": "+4915112345678", "money": f"{7000 + 13 * self.planted}.43"}
        wanted |= {"email": f"kanari{self.planted}@example.org"}
        context = question_context(situation.interview, open_.stop, situation.path.scope, situation.context)
        fits = isinstance(kind.accept(wanted.get(kind.answer), context), Value) and situation.case.pending is None
        return wanted[kind.answer] if fits and kind.answer in wanted else usual

    def live(self):
        """A whole life: help and slips at each question, a change of language, corrections, rows, sending, the end."""
        talk = self.talk
        for _ in range(MOST_TURNS):
            if may_submit(talk.situation):
                break
            talk.act("help")
            for slip in ("31.02.2020", "hm hm hm", "1.1.1990"):
                talk.type(slip)
                if talk.case.pending is not None:
                    talk.type("nein")
            self.step()
        for language in ("en", "de"):
            talk.act("language", language)
            self._look_back()
        self.finish()
        self._send()
        return talk

    def _look_back(self):
        talk = self.talk
        talk.act("summary")
        for step in self.chance.sample(talk.path.steps, min(12, len(talk.path.steps))):
            talk.act("correct", step.address)
            for _ in range(MOST_TURNS):
                if talk.situation.open is None or talk.open.kind not in ("change", "question"):
                    break
                self.step()
            talk.put(c.Picked(step.address, self._other(step)))
            talk.act("keep")
        for section, rows in list(talk.case.sheet.rows.items()):
            if len(rows) > 1:
                talk.act("remove_row", f"{section}[{rows[-1]}]")
                talk.act("undo")
        self.finish()

    def _other(self, step):
        stop, _ = stop_at(self.talk.interview, step.address)
        context = question_context(self.talk.interview, stop, self.talk.path.scope, self.talk.situation.context)
        others = [choice.value for choice in stop.asked.kind.choices(context)]
        return others[0] if others else step.cell.raw

    def _send(self):
        talk = self.talk
        talk.act("submit")
        talk.command(c.Move(1, "prepared", {"place": "outbox/1.json"}))
        for content in (c.Acted("summary"), c.Acted("human"), c.Acted("help"), c.Acted("erase"), c.Typed("ja")):
            talk.put(content)


@cache
def lived(dialog, seed):
    """(talk, everything that was said in it)."""
    planter = Planter(Talk(dialog), seed, more=0.6)
    talk = planter.live()
    return talk, [fact for turn in talk.turns for fact in turn.facts if isinstance(fact, events.Said)]


def canaries(talk):
    """What only this applicant could have brought into a message, in both languages."""
    own = " ".join(text.text for text in texts_of(talk.interview.source))
    found = set()
    for language in ("de", "en"):
        situation = talk.cold()
        context = Context(words(language), talk.today)
        for address, cell in talk.case.sheet.cells.items():
            stop, _ = stop_at(talk.interview, address)
            if stop is None or stop.question is None or cell.kind != "value" or stop.asked.kind.answer in CHOSEN:
                continue
            found.add(stop.asked.kind.show(stop.asked.kind.load(cell.raw), context))
        for rows in situation.path.scope.rows.values():
            found |= {show_plain(row.key, context) for row in rows if isinstance(row.key, Month)}
    return {canary for canary in found if len(canary) > 4 and canary not in own and canary != "02.03.2022"}


@DIALOGS
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_shows_an_answer_names_an_address(dialog, seed):
    talk, said = lived(dialog, seed)
    planted = canaries(talk)
    assert len(planted) > 3
    open_ones = {
        (fact.place, param.name, param.value)
        for fact in said
        for param in fact.params
        if param.of is None and any(canary in param.value for canary in planted)
    }
    assert open_ones == set()
    assert not [fact.template for fact in said if any(canary in fact.template for canary in planted)]
    masked = [param.value for fact in said for param in fact.params if param.of is not None]
    assert {canary for canary in planted if any(canary in value for value in masked)}


@DIALOGS
@pytest.mark.parametrize("seed", SEEDS)
def test_of_is_an_address_of_the_dialog(dialog, seed):
    _, said = lived(dialog, seed)
    named = {param.of for fact in said for param in fact.params if param.of is not None}
    assert named
    assert {of for of in named if stop_at(interview_of(dialog), of)[0] is None} == set()


@DIALOGS
@pytest.mark.parametrize("seed", SEEDS)
def test_a_message_is_recalled_word_for_word(dialog, seed):
    planter = Planter(Talk(dialog), seed)
    talk = planter.talk
    put = talk._decided

    def watched(*given):
        decision = put(*given)
        assert [recalled(say.fact, words(say.fact.language)).text for say in talk.says] == talk.texts
        return decision

    talk._decided = watched
    assert [recalled(say.fact, words("de")).text for say in talk.says] == talk.texts
    planter.live()


def test_values_in_sentences_within_sentences_keep_their_addresses():
    """The question in the summary, a row's title, a reason, an estimate: each names what it rests on."""
    talk = filled()
    talk.act("summary")
    assert ("Zebulon", "kinder[1].vorname") in shown(talk, "core.lines")
    assert ("20. April 2020 bis 15. Mai 2020", "zeiten[1].zeitraum") in shown(talk, "core.lines")
    months = [of for value, of in shown(talk, "core.lines") if value == "April 2020"]
    assert months
    assert all(of is not None and of.startswith(("zeiten[1].", "kinder[1].")) for of in months)


def test_what_is_computed_names_an_answer_it_rests_on():
    talk = Talk().begin().answer("sachsen", "selbststaendig", "Zebulon", "2019-05-03", True, "Old", "2001-02-03", False)
    talk.answer(True, [1, 2], ["2020-04-20", "2020-04-30"], "behoerde", False, "100.00", "+493411234567")
    talk.act("skip")
    talk.pick({"files": [], "later": True})
    estimate = dict(shown(talk, "core.estimate"))
    assert estimate["2"] is not None
    assert estimate["1.000,00\N{NO-BREAK SPACE}€"] is not None
    partly = shown(talk, "beispiel.alter.partly")
    assert [value for value, _ in partly] == ["1", "1"]
    assert all(of is not None for _, of in partly)


def test_old_histories_are_still_recalled():
    """Before sentences within sentences had parts, each name stood once."""
    fact = events.Said(
        place="core.why", template="Warum ich frage: {why}", params=[events.Param(name="why", value="Das {x} zählt.")]
    )
    assert recalled(fact, words("de")).text == "Warum ich frage: Das {x} zählt."


def filled():
    talk = Talk().begin().answer("sachsen", "selbststaendig", "Zebulon", "2019-05-03", False, True, [1])
    return talk.answer(["2020-04-20", "2020-05-15"], "behoerde", False, "100.00", "200.00")


def shown(talk, place):
    """(value, of) of every parameter of the messages with that place, as they were said last."""
    return [(param.value, param.of) for say in talk.says if say.fact.place == place for param in say.fact.params]
