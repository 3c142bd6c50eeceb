"""A case whose applicant has not said yet what to apply for, from the first question to the procedure's greeting."""

import asyncio
from datetime import date

import pytest

from bot.core.commands import Picked, Typed
from bot.web.shapes.state import state
from bot.web.shapes.summary import summary
from bot.web.shapes.transcript import events
from tests.support.house import House
from tests.web.shapes.schemas import wrong


async def received(folder, content, language="de"):
    """(state, state after ``content``, all events)"""
    house = House("beispiel", date(2022, 3, 2), folder)
    first = await house.desk.open_case(None, channel="web", language=language)
    then = await house.desk.answer(first.case, "web", "m1", content)
    turns = await house.desk.history(first.case)
    assert first.situation is not None
    assert then.situation is not None
    assert wrong("Summary", summary(first.situation)) == []
    return state(first.situation), state(then.situation), events(turns, then.situation, house.words)


@pytest.mark.parametrize("content", [Picked("@procedure", "beispiel"), Typed("beispielhilfe")], ids=["picked", "typed"])
def test_the_first_question_is_what_to_apply_for(tmp_path, content):
    before, after, told = asyncio.run(received(tmp_path, content))
    assert wrong("State", before) == wrong("State", after) == []
    assert before["procedure"] is None
    assert before["position"] is None
    assert before["verdict"] == {"overall": "open", "not_met": 0}
    assert before["question"]["id"] == "@procedure"
    assert before["question"]["kind"] == "one_of"
    assert before["question"]["choices"] == [{"value": "beispiel", "label": "Beispielhilfe"}]
    assert after["procedure"]["id"] == "beispiel"
    assert after["question"]["id"] == "@consent"
    chosen = next(event for event in told if event["kind"] == "answered")
    assert (chosen["question"], chosen["text"], chosen["value"]) == ("@procedure", "Beispielhilfe", "beispiel")
    assert [fault for event in told for fault in wrong("Event", event)] == []


def test_a_procedure_that_is_not_here_is_a_slip(tmp_path):
    _, after, told = asyncio.run(received(tmp_path, Typed("Fahrradreparatur")))
    assert after["question"]["id"] == "@procedure"
    assert [event["problem"]["key"] for event in told if event["kind"] == "problem"] == ["core.slip.no_such_procedure"]
