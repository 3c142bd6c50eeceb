"""The pre-check: never "no" while a deciding fact is unknown, and always with its reason."""

from __future__ import annotations

import pytest

from bot.core.review import pre_check
from bot.core.verdict import verdict
from bot.procedures.interview import CriterionPlan
from bot.procedures.rules import Finding
from bot.procedures.scope import UNKNOWN, Scope
from bot.procedures.walk import judge
from tests.core.applicant import Applicant
from tests.core.talk import TODAY, Talk

REST = (False, "+493411234567", "erika@example.org")


def filled(land="sachsen", born="2015-03-01", grund="behoerde"):
    talk = Talk().begin()
    talk.pick(land)
    if land != "sachsen":
        talk.pick("apply_anyway")
    talk.answer("angestellt", "Lena", born, False, True, [1], ["2020-04-20", "2020-05-15"], grund, False)
    return talk


def states(talk):
    return {item.plan.id: item.state for item in verdict(talk.situation).items}


def test_before_anything_is_answered_all_is_open():
    talk = Talk().begin()
    assert states(talk) == {"land": "open", "alter": "open"}
    assert verdict(talk.situation).overall == "open"


def test_what_is_known_is_said_and_the_rest_stays_open():
    assert states(Talk().begin().answer("sachsen")) == {"land": "met", "alter": "open"}
    elsewhere = Talk().begin()
    elsewhere.pick("anderes")
    assert states(elsewhere) == {"land": "not_met", "alter": "open"}
    assert verdict(elsewhere.situation).overall == "unlikely"
    assert verdict(elsewhere.situation).not_met == 1


@pytest.mark.parametrize(
    ("born", "state", "overall"), [("2015-03-01", "met", "likely"), ("2001-01-01", "not_met", "unlikely")]
)
def test_a_finding_of_a_rule(born, state, overall):
    talk = filled(born=born)
    if state == "not_met":
        assert talk.open.address == "@notice[alter]"
        talk.pick("apply_anyway")
    assert states(talk)["alter"] == state
    assert verdict(talk.situation).overall == overall


def test_partly_says_its_numbers():
    talk = Talk().begin()
    talk.answer("sachsen", "angestellt", "Lena", "2015-03-01", True, "Ben", "2001-01-01", False)
    talk.answer(True, [1, 2], ["2020-04-20", "2020-05-15"], "behoerde", False)
    [item] = [item for item in verdict(talk.situation).as_json()["criteria"] if item["state"] == "partly"]
    assert item["reason"] == "Für 1 Kinder passt es, für 1 nicht."
    said = [say.text for say in pre_check(talk.situation)]
    assert "Für 1 Kinder passt es, für 1 nicht." in said
    assert any("zum Teil" in text for text in said)


def test_without_any_closure_it_is_unclear_and_never_no():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2015-03-01", False, False)
    assert states(talk) == {"land": "met", "alter": "unclear"}
    assert verdict(talk.situation).overall == "unclear"


def judged(met, when=None, *, quick=False):
    plan = CriterionPlan("x", None, 0, None if when is None else lambda _: when, lambda _: met)
    return judge(plan, Scope({}, TODAY), quick=quick)


@pytest.mark.parametrize(
    ("met", "when", "finding"),
    [
        (True, None, Finding("met")), (False, None, Finding("not_met")), (UNKNOWN, None, Finding("unclear")),
        (Finding("partly", {"x": 1}), None, Finding("partly", {"x": 1})), (False, True, Finding("not_met")),
        (False, False, None), (False, UNKNOWN, None), (True, UNKNOWN, None),
    ],
)  # fmt: skip
def test_three_values(met, when, finding):
    assert judged(met, when) == finding


@pytest.mark.parametrize("met", [True, UNKNOWN, Finding("met"), Finding("not_met")])
def test_before_all_inputs_are_known_only_a_plain_no_counts(met):
    assert judged(met, quick=True) is None
    assert judged(False, quick=True) == Finding("not_met")


@pytest.mark.parametrize("seed", range(6))
def test_never_no_while_a_deciding_fact_is_unknown(seed):
    """On the whole way through the first procedure: a "no" before the end rests on answers that are all there."""
    applicant = Applicant(Talk("elternentschaedigung"), seed)
    talk = applicant.talk
    for _ in range(60):
        applicant.step()
        answered = {step.stop.asked.id for step in talk.path.steps if step.cell.kind == "value"}
        for item in verdict(talk.situation).items:
            if item.state == "not_met":
                assert item.plan.met.questions & answered or not item.plan.met.questions, item.plan.id
        if talk.situation.open is None:
            break


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_verdict_of_the_ledger_is_german_in_every_language(language):
    talk = filled()
    talk.act("language", language)
    found = verdict(talk.situation).as_json()
    assert found == {
        "overall": "likely",
        "criteria": [
            {"id": "land", "state": "met", "law": "§ 66 BeispielG", "reason": None},
            {"id": "alter", "state": "met", "law": "§ 56 BeispielG", "reason": None},
        ],
    }
