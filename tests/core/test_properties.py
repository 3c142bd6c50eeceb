"""The laws of the core, whatever an applicant does: in the example dialog and in the first real procedure."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from bot.answers.base import Value
from bot.core import events
from bot.core.case import fold
from bot.core.position import may_submit
from bot.core.review import items
from bot.core.submission import data, envelope
from bot.core.verdict import verdict
from bot.procedures.fill import question_context
from bot.procedures.schema import submission_schema
from tests.core.applicant import Applicant, put
from tests.core.talk import NOW, Talk, interview_of, seen

SEEDS = st.integers(0, 2**32)
DIALOGS = pytest.mark.parametrize("dialog", ["beispiel", "elternentschaedigung"])


def fast(examples):
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=slow)


@cache
def schema_of(dialog):
    schema = submission_schema(interview_of(dialog).source)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def sent(talk):
    """What the agency would get now."""
    number = talk.case.number + 1
    ordered = events.SubmitRequested(n=1, upto=number, verdict=verdict(talk.situation).as_json())
    turn = events.Turn(number=number, at=NOW, actor="applicant", door="test", facts=(ordered,))
    return envelope(talk.situation, fold([turn], talk.case).submissions[1])


@DIALOGS
@fast(12)
@given(seed=SEEDS)
def test_whatever_is_answered_it_ends_and_what_is_sent_is_valid(dialog, seed):
    talk = Applicant(Talk(dialog), seed).finish()
    assert [error.message for error in schema_of(dialog).iter_errors(json.loads(json.dumps(sent(talk))))] == []
    assert verdict(talk.situation).overall != "open"


@DIALOGS
@fast(8)
@given(seed=SEEDS, restless=st.sampled_from([0.2, 0.5]))
def test_in_between_it_may_be_changed_at_will_and_one_step_is_as_good_as_the_whole_way(dialog, seed, restless):
    """After each turn: the path that was resumed is the path walked from nothing, and something is open or done."""
    applicant = Applicant(Talk(dialog), seed, restless)
    for turn in range(90):
        applicant.step()
        talk = applicant.talk
        if turn % 3 == 0:
            assert seen(talk.path) == seen(talk.walked(talk.case))
        assert talk.says, "nothing was said"
        assert talk.case.state == "open"
        assert talk.situation.open is not None or may_submit(talk.situation)
    assert talk.cold().case == talk.case
    assert seen(talk.cold().path) == seen(talk.path)
    applicant.restless = 0.0
    applicant.finish()


@DIALOGS
@fast(8)
@given(seed=SEEDS)
def test_the_same_content_on_a_fresh_case_says_the_same(dialog, seed):
    first = Applicant(Talk(dialog), seed, 0.2)
    for _ in range(60):
        first.step()
    again = Talk(dialog)
    for content in first.contents:
        put(again, content)
    assert [turn.facts for turn in again.turns] == [turn.facts for turn in first.talk.turns]
    assert again.texts == first.talk.texts


@DIALOGS
@fast(8)
@given(seed=SEEDS)
def test_an_abandoned_branch_is_nowhere_and_comes_back_unharmed(dialog, seed):
    """Every answer in turn is replaced by others: only the path's answers are shown and sent, nothing is forgotten."""
    applicant = Applicant(Talk(dialog), seed)
    talk = applicant.finish()
    whole = sent(talk)
    for address in applicant.chance.sample([step.address for step in talk.path.steps], 4):
        old = talk.case.sheet.cells[address]
        cells = dict(talk.case.sheet.cells)
        change(applicant, address)
        on_path = {step.address for step in talk.path.steps}
        assert {item.address for item in items(talk.situation)} == on_path
        assert set(cells) <= set(talk.case.sheet.cells)
        assert all(leaf in shown_values(talk) for leaf in leaves(data(talk.situation)))
        put_back(talk, address, old)
        assert {key: talk.case.sheet.cells[key] for key in cells} == cells
        assert sent(talk)["data"] == whole["data"]
        assert sent(talk)["verdict"] == whole["verdict"]


@DIALOGS
@fast(8)
@given(seed=SEEDS)
def test_undoing_a_correction_restores_everything(dialog, seed):
    applicant = Applicant(Talk(dialog), seed)
    talk = applicant.finish()
    for address in applicant.chance.sample([step.address for step in talk.path.steps], 5):
        before, sheet, whole = seen(talk.path), talk.case.sheet.copy(), sent(talk)["data"]
        changed = change(applicant, address)
        if changed:
            talk.act("undo")
        else:
            talk.act("keep")
        assert talk.case.sheet.cells == sheet.cells
        assert talk.case.sheet.rows == sheet.rows
        assert seen(talk.path) == before
        assert data(talk.situation) == whole


@fast(20)
@given(seed=SEEDS, restless=st.sampled_from([0.0, 0.5]))
def test_every_turn_goes_through_json(seed, restless):
    applicant = Applicant(Talk("beispiel"), seed, restless)
    for _ in range(25):
        applicant.step()
    turns = applicant.talk.turns
    assert [events.read(events.write(turn)) for turn in turns] == turns
    assert fold(turns) == fold(turns[7:], fold(turns[:7]))


@example(seed=0)
@fast(15)
@given(seed=SEEDS)
def test_rows_that_go_and_come_back_change_nothing(seed):
    talk = Applicant(Talk("beispiel"), seed, more=0.7).finish()
    whole = sent(talk)["data"]
    for section, rows in list(talk.case.sheet.rows.items()):
        for row in rows if len(rows) > 1 else ():
            removed = talk.act("remove_row", f"{section}[{row}]")
            assert removed.outcome == "done"
            assert not any(step.address.startswith(f"{section}[{row}]") for step in talk.path.steps)
            talk.act("undo")
            assert sent(talk)["data"] == whole
        if talk.act("add_row", section).outcome == "accepted":
            talk.act("undo")
            assert sent(talk)["data"] == whole
            assert may_submit(talk.situation) or talk.open.kind == "declaration"


# -- words of these tests -----------------------------------------------------------------------------------------


def change(applicant, address):
    """Correct ``address`` by another valid value. False where the only valid value is the old one."""
    talk = applicant.talk
    talk.act("correct", address)
    stop, old = talk.open.stop, talk.case.sheet.cells[address]
    for _ in range(20):
        new = applicant._answer(talk.open)
        situation = talk.situation
        context = question_context(talk.interview, stop, situation.path.scope, situation.context)
        reading = stop.asked.kind.accept(new, context) if new != {"unsure": True} else None
        if isinstance(reading, Value) and stop.asked.kind.dump(reading.value) != old.raw:
            talk.pick(new)
            settle(talk)
            if talk.case.sheet.cells[address] != old:
                return True
    return False


def settle(talk):
    """Yes to "is that right?" and to "do you want to change that?"."""
    pending = talk.case.pending
    if pending is not None and pending.doubt not in ("change", "stale"):
        talk.pick(pending.candidates[0])
    if talk.situation.open is not None and talk.open.kind == "change":
        talk.pick("change")


def put_back(talk, address, old):
    """The old answer again, by hand where something else is open."""
    if talk.case.sheet.cells[address] == old:
        talk.act("keep")
        return
    talk.act("correct", address)
    if old.kind == "skipped":
        talk.act("skip")
    elif old.kind == "unsure":
        talk.act("unsure")
    else:
        talk.pick(old.raw)
    settle(talk)
    assert talk.case.sheet.cells[address] == old


def shown_values(talk):
    """Every leaf of every answer on the path, and the keys by which rows name themselves."""
    rows = [row for listed in talk.path.scope.rows.values() for row in listed]
    names = [
        *(row.number for row in rows),
        *(str(row.key) for row in rows),
        *(getattr(r.key, "number", 0) for r in rows),
    ]
    return [*leaves([step.cell.raw for step in talk.path.steps]), *names]


def leaves(value):
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]
