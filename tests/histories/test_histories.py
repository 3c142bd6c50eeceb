"""Old ledgers stay readable: every fact that was ever written loads, folds and comes out as it went in."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.core import events
from bot.core.case import BrokenHistory, fold
from tests.core.talk import interview_of
from tests.histories import shapes

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.jsonl"))


def lines(path):
    return path.read_text("utf-8").splitlines()


def turns(path):
    return [events.read(line.encode()) for line in lines(path)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_history_loads_folds_and_stays_the_same(path):
    told = turns(path)
    case = fold(told)
    assert case.number == len(told)
    assert fold([events.read(events.write(turn)) for turn in told]) == case
    for line, turn in zip(lines(path), told, strict=True):
        kept = json.loads(events.write(turn))
        assert json.loads(line).items() <= kept.items() or _within(json.loads(line), kept)


def _within(old, new):
    """Everything that was written is still there; new keys may have joined."""
    if isinstance(old, dict):
        return all(key in new and _within(value, new[key]) for key, value in old.items())
    if isinstance(old, list):
        return len(old) == len(new) and all(map(_within, old, new))
    return old == new


def test_how_the_histories_end():
    ends = {path.stem: fold(turns(path)) for path in FILES}
    whole, came_back = ends["whole_life"], ends["came_back_and_expired"]
    assert (whole.state, whole.submission.state, whole.language, whole.speaker) == (
        "submitted",
        "accepted",
        "de",
        "bot",
    )
    assert whole.submission.proof["receipt"] == "sample"
    assert whole.sheet.rows == {"kinder": (1, 3)}
    assert whole.sheet.cells["kinder[2].vorname"].raw == "Ben"
    assert whole.files["f1"].state == "dropped"
    assert whole.tasks == {}
    assert whole.version == "2026-01"
    assert (came_back.state, came_back.sheet.cells["bundesland"].raw) == ("expired", "sachsen")


def test_every_fact_is_in_the_histories():
    found = {fact.type for path in FILES for turn in turns(path) for fact in turn.facts}
    assert found == set(shapes.FACTS)


def test_histories_name_what_there_is():
    interview = interview_of("beispiel")
    for path in FILES:
        case = fold(turns(path))
        assert case.procedure == interview.procedure.procedure
        for address in case.sheet.cells:
            assert address.startswith("@") or address.rpartition(".")[2] in interview.by_question


def test_a_history_with_a_hole_stops():
    told = turns(FOLDER / "whole_life.jsonl")
    with pytest.raises(BrokenHistory):
        fold([*told[:3], *told[4:]])
    with pytest.raises(BrokenHistory):
        fold(told[1:])


# -- shapes -----------------------------------------------------------------------------------------------------------


def test_noted_shapes_can_still_be_read():
    assert shapes.broken(shapes.noted(), shapes.present(), events.UPCASTS) == []


def test_present_shapes_are_noted():
    """A fact that grew is noted on purpose: python -m tests.histories.shapes"""
    noted = shapes.noted()
    assert {name: noted[name][v] for name, shape in shapes.present().items() for v in shape} == {
        name: schema for name, shape in shapes.present().items() for schema in shape.values()
    }


def changed(change):
    new = copy.deepcopy(shapes.present())
    change(new)
    return shapes.broken(shapes.noted(), new, {})


def test_a_changed_shape_without_an_upcast_is_found():
    def rename(new):
        shape = new["Answered"]["1"]["properties"]
        shape["where"] = shape.pop("address")

    def demand(new):
        new["Paused"]["1"]["properties"]["why"] = {"type": "string"}
        new["Paused"]["1"]["required"] = ["why"]

    def retype(new):
        new["RowAdded"]["1"]["properties"]["row"] = {"type": "string"}

    def narrow(new):
        new["TaskSet"]["1"]["properties"]["by"]["enum"].remove("agency")

    def bump(new):
        new["Kept"]["2"] = new["Kept"].pop("1")

    def drop(new):
        del new["Unsure"]

    def rename_inside(new):
        new["Said"]["1"]["$defs"]["Param"]["properties"].pop("of")

    assert changed(rename) == ["Answered v1.address is gone"]
    assert changed(demand) == ["Paused v1.why is required now"]
    assert changed(retype) == ["RowAdded v1.row is another value now"]
    assert changed(narrow) == ["TaskSet v1.by is another value now"]
    assert changed(bump) == ["Kept v1 has no upcast"]
    assert changed(drop) == ["Unsure is gone"]
    assert changed(rename_inside) == ["Said v1.Param.of is gone"]


def test_growth_is_allowed():
    def grow(new):
        new["Paused"]["1"]["properties"]["why"] = {"type": "string", "default": ""}
        new["TaskSet"]["1"]["properties"]["by"]["enum"].append("clerk")

    assert changed(grow) == []


def test_an_old_shape_is_lifted_step_by_step(monkeypatch):
    """Twice: v -1 called the address "where", v 0 called it "question"."""
    turn = turns(FOLDER / "whole_life.jsonl")[-1].model_copy(update={"facts": (events.Kept(address="rolle"),)})
    line = json.loads(events.write(turn))
    line["facts"] = [{"type": "Kept", "v": -1, "where": "rolle"}]
    with pytest.raises(ValidationError):
        events.read(json.dumps(line).encode())

    def second(fact):
        return {"type": "Kept", "v": 1, "address": fact["question"]}

    def first(fact):
        return {"type": "Kept", "v": 0, "question": fact["where"]}

    monkeypatch.setitem(events.UPCASTS, ("Kept", 0), second)
    monkeypatch.setitem(events.UPCASTS, ("Kept", -1), first)
    assert events.read(json.dumps(line).encode()) == turn
