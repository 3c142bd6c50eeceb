"""Whatever is thrown at a question: a clear, translated word, nothing lost, nothing in another case.

Every question of both dialogs gets every kind of rubbish, in German and in English, typed and as JSON.
"""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from bot.channels.layout import Capabilities, layout
from bot.core import commands as c
from bot.core import events
from bot.core.position import may_submit
from tests.contracts.entries import each_store
from tests.core.applicant import Applicant
from tests.core.talk import Talk, catalogues, interview_of
from tests.desk.house import ANSWERS, Client, desk_over, filled

SECRET = "Xylophonschmidt"
MOST_WALKS = 60
TYPED = (
    "x" * 100_000,
    "\x00\x01\x07\x1b[31mrot\x7f",
    "😀👩‍👩‍👧‍👦🇩🇪",
    "\u202eמאירה\u202c العربية",
    "<script>alert(1)</script><b>fett</b>",
    "{vorname} {{7*7}} ${7*7} %s %(x)s {0} {__class__}",
    "'; DROP TABLE turns; --",
    '{"a":' * 500 + "1" + "}" * 500,
    "\ud800 halb \udfff",
    "\u200b\u2060\ufeff",
    " \t\n\r ",
    "9" * 400,
    "-1e309",
    "31.02.2020",
    "0000-00-00",
    "１２３",
    "a\u0301" * 300,
    f"{SECRET} ???",
    "/ändern",
    "ändern 999999999999999999999999",
    "„",
    "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20",
)
DEEP: list = []
for _ in range(50):
    DEEP = [DEEP]
PICKED = (
    None, True, False, 0, -1, 10**400, 1.5, float("nan"), float("inf"), "", "x" * 100_000, "\ud800", "{vorname}",
    [], {}, DEEP, [None], [[1], [2]], ["a", 1], [True], {"given": 1, "family": None},
    {"given": "\ud800", "family": "x"}, {"files": "x"}, {"files": [], "later": "yes"}, {"files": ["\ud800"]},
    {"files": ["x" * 10_000]}, {"unsure": 1}, {"unsure": True}, {"street": 1},
    ["2020-13-01", "2020-01-01"], ["2020-02-02", "2020-02-01"], "2020-02-30", [1, 2, 3, 10**30],
    "999999999999999999999.99", ["sachsen"], {"sachsen": True},
)  # fmt: skip
RAW_KEY = re.compile(r"\b(core|answers)\.[a-z_]+|\bNone\b|Traceback|UNKNOWN")
BRACES = re.compile(r"\{[a-z][a-z0-9_.]*\}")
PLAIN = Capabilities(max_text=4096, max_choices=8, max_label=64, buttons=True, files=True)


def told(talk, *, echo):
    """What was said is fit to be shown. ``echo``: the applicant's own braces may come back as they are."""
    assert talk.says
    for say in talk.says:
        assert say.text.strip(), say.kind
        assert not RAW_KEY.search(say.text), say.text[:200]
        assert echo or not BRACES.search(say.text), say.text[:200]
    layout(talk.says, PLAIN)


def untranslated(says, language):
    """No sentence of a problem or question stayed German in another language."""
    words = catalogues().words(language)
    return [
        say.fact.template
        for say in says
        if say.kind == "problem"
        and "{" not in say.text
        and words.translate(say.fact.place, say.fact.template) is say.fact.template
    ]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("dialog", ["beispiel", "elternentschaedigung"])
def test_every_question_bears_everything(dialog, language):
    """At each question all of it is thrown at a copy of the case; then the question is answered and life goes on."""
    left = {*interview_of(dialog).stops, "consent", "notice", "declaration"}
    for seed in range(MOST_WALKS):
        applicant = Applicant(Talk(dialog, language), seed, more=0.5)
        while left and not may_submit(applicant.talk.situation):
            here = place(applicant.talk.open)
            if here in left:
                left.discard(here)
                bombarded(applicant.talk, language)
            applicant.step()
    assert left == set()


def place(open_):
    return open_.stop.state if open_.stop is not None and open_.kind != "change" else open_.kind


def bombarded(talk, language):
    situation, ledger = talk.situation, list(talk.turns)
    for content in [*map(c.Typed, TYPED), *(c.Picked(talk.open.address, value) for value in PICKED)]:
        before = {step.address: step.cell for step in talk.path.steps}
        decision = talk.put(content)
        told(talk, echo="{" in repr(content) or "{" in repr([cell.raw for cell in before.values()]))
        assert decision.outcome in ("accepted", "ask_back", "not_understood", "refused", "stale", "done", "nothing")
        after = {step.address: step.cell for step in talk.path.steps}
        assert {address: after[address] for address in before if address in after} == before
        if language == "en" and talk.interview.procedure.procedure != "beispiel":
            assert untranslated(talk.says, "en") == [], content
        talk.situation, talk.turns, talk._folded = situation, list(ledger), situation.case


@pytest.mark.parametrize("dialog", ["beispiel", "elternentschaedigung"])
def test_questions_that_are_not_open(dialog):
    talk = Applicant(Talk(dialog), seed=2).finish()
    address = talk.path.steps[3].address
    for name in ("nix", "", "@consent", "@again[kinder]", "@change[x]", "kinder[99].vorname", "kinder[", "[", "a[b].c",
                 "x" * 10_000, "\ud800", "kinder[1].nix", "@notice[land]", "kinder[-1].vorname"):  # fmt: skip
        before = talk.case.sheet.copy()
        talk.put(c.Picked(name, "x"))
        told(talk, echo=False)
        assert talk.case.sheet == before
    for value in PICKED:
        before = talk.case.sheet.cells[address]
        talk.put(c.Picked(address, value))
        told(talk, echo="{" in repr(value))
        assert talk.case.sheet.cells[address] == before
        if talk.situation.open is not None and talk.open.kind == "change":
            talk.pick("keep")
    assert may_submit(talk.situation)


ACTIONS = (
    "", "nix", "\ud800", "correct", "remove_row", "add_row", "language", "keep", "submit", "apply_anyway", "save_date",
    "send_addition", "new_case", "start", "undo",
)  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "target", ["", "x" * 10_000, "kinder[99]", "kinder[x]", "[", "\ud800", "🎉", "-1", "²", "9" * 9_000]
)
def test_actions_with_strange_targets(action, target):
    for talk in (Talk("beispiel"), Talk("beispiel").begin(), Talk("beispiel").begin().answer("sachsen", "angestellt")):
        before = {step.address: step.cell for step in talk.path.steps}
        talk.act(action, target)
        told(talk, echo=False)
        assert {step.address: step.cell for step in talk.path.steps}.items() <= before.items()


def test_a_late_answer_is_stored_as_its_kind_writes_it():
    """Blanks and missing keys of a client do not get into the ledger by way of a correction."""
    talk = Talk("beispiel").begin().answer("sachsen", "angestellt", "Lena", "2015-03-01")
    talk.pick("   Ben  ", "kinder[1].vorname")
    talk.pick("change")
    assert talk.case.sheet.cells["kinder[1].vorname"].raw == "Ben"


def test_evidence_without_its_optional_keys_is_complete_in_the_ledger():
    talk = Applicant(Talk("elternentschaedigung"), seed=1).finish()
    step = next(step for step in talk.path.steps if step.stop.asked.kind.answer == "evidence")
    talk.hand_in(step.address, "one")
    talk.pick({"files": ["one"]}, step.address)
    talk.pick("change")
    assert talk.case.sheet.cells[step.address].raw == {"files": ["one"], "later": False, "source": "upload"}


def test_the_same_press_again_is_no_question():
    talk = Talk("beispiel").begin().answer("sachsen", "angestellt")
    decision = talk.pick("sachsen", "bundesland")
    assert talk.case.pending is None
    assert decision.outcome == "done"
    assert talk.open.address == "kinder[1].vorname"


# -- through the desk, on both stores ---------------------------------------------------------------------------------


@each_store
async def test_nothing_is_lost_and_nothing_leaks_into_another_case(store):
    desk = desk_over(store)
    bad, good = Client(desk, "bad"), Client(desk, "good")
    await asyncio.gather(filled(bad, upto=6), filled(good, upto=6))
    before = (await good.situation()).case
    address = await bad.question()
    for content in [*map(c.Typed, TYPED), *(c.Picked(address, value) for value in PICKED)]:
        reply = await bad.put(content)
        assert reply.says
        assert reply.outcome != "bug", content
    assert (await good.situation()).case == before
    fresh = desk_over(store)
    assert (await fresh.look(await good.case())).case == before
    id = await bad.case()
    assert (await fresh.look(id)).case == (await desk.look(id)).case
    hot = await fresh._cases.hot(await good.case())
    ledger = json.dumps(
        [json.loads(events.write(turn)) for turn in await fresh._cases.turns(await good.case(), hot.key)]
    )
    assert SECRET not in ledger


@each_store
async def test_the_same_answer_five_times_at_once_under_five_ids(store):
    """Somebody hammers a button: the first press is the answer, the others change nothing."""
    client = Client(desk_over(store))
    await filled(client, upto=1)
    replies = await asyncio.gather(*(client.put(c.Picked("bundesland", "sachsen")) for _ in range(5)))
    assert sorted(reply.outcome for reply in replies) == ["accepted", "done", "done", "done", "done"]
    situation = await client.situation()
    assert situation.case.pending is None
    assert situation.open.address == "rolle"
    assert situation.case.sheet.cells["bundesland"].raw == ANSWERS[1]


@each_store
async def test_a_case_cannot_grow_without_end(store):
    """A case that is full says so kindly; deleting everything still works."""
    client = Client(desk_over(store))
    await filled(client, upto=1)
    for number in range(3_000):
        reply = await client.type(f"unsinn {number}")
        if (await client.situation()).case.facts >= 2_000 and reply.outcome == "nothing":
            break
    else:
        raise AssertionError("no end")
    assert (await client.situation()).case.facts < 2_200
