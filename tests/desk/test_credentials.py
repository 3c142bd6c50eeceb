"""Tokens, codes and links: what opens a case, for how long, and what does not."""

from __future__ import annotations

import pytest

from bot.core import commands as c
from bot.desk import CaseErased, UnknownDoor
from bot.stores.memory import MemoryStore
from tests.core.talk import TODAY
from tests.desk.house import StillClock, desk_over

pytestmark = pytest.mark.anyio


async def opened(procedure="beispiel", **more):
    desk = desk_over(MemoryStore(), more.pop("clock", None))
    return desk, await desk.open_case(procedure, channel="web", demo_date=TODAY, **more)


async def test_a_token_opens_its_case_in_every_process():
    desk, first = await opened()
    other = desk_over(desk._store)
    assert first.token.startswith("at_")
    assert await desk.authorise(first.token) == first.case == await other.authorise(first.token)


@pytest.mark.parametrize("change", [str.upper, lambda token: token[:-4] + "AAAA", lambda _: "", lambda _: "x"])
async def test_what_is_nearly_a_token_opens_nothing(change):
    desk, first = await opened()
    with pytest.raises(UnknownDoor):
        await desk.authorise(change(first.token))


async def test_a_revoked_token_opens_nothing_and_the_case_stays():
    clock = StillClock()
    desk, first = await opened(clock=clock)
    other = desk_over(desk._store, clock)
    await other.authorise(first.token)
    await desk.revoke(first.token)
    with pytest.raises(UnknownDoor):
        await desk.authorise(first.token)
    clock.pass_(seconds=31)
    with pytest.raises(UnknownDoor):
        await other.authorise(first.token)
    assert (await desk.look(first.case)).case.state == "open"


async def test_after_erasing_the_token_says_that_the_case_is_gone():
    desk, first = await opened()
    await desk.erase_case(first.case)
    fresh = desk_over(desk._store)
    with pytest.raises(CaseErased):
        await fresh.authorise(first.token)
    with pytest.raises(CaseErased):
        await fresh.look(first.case)


async def test_a_link_opens_once_and_for_ten_minutes():
    clock = StillClock()
    desk, first = await opened(clock=clock)
    secret, ends = await desk.new_link(first.case)
    assert (ends - clock.now).total_seconds() == 600
    came = await desk.come_back(secret)
    assert came.case == first.case
    assert came.token not in ("", first.token)
    assert await desk.come_back(secret) is None
    late, _ = await desk.new_link(first.case)
    clock.pass_(minutes=10, seconds=1)
    assert await desk.come_back(late) is None


async def test_a_code_comes_back_with_a_token_of_its_own():
    desk, first = await opened()
    await desk.answer(first.case, "web", "1", c.Acted("start"))
    paused = await desk.answer(first.case, "web", "2", c.Acted("pause"))
    came = await desk.come_back(paused.code.lower().replace("-", " "))
    assert await desk.authorise(came.token) == first.case
    assert await desk.come_back("0000-0000-0000-0000") is None


async def test_a_message_is_known_as_long_as_its_case_lives():
    clock = StillClock()
    desk, first = await opened(clock=clock)
    begun = await desk.answer(first.case, "web", "1", c.Acted("start"))
    answered = await desk.answer(first.case, "web", "2", c.Picked("bundesland", "sachsen"))
    clock.pass_(days=9)
    await desk.sweep()
    for process in (desk, desk_over(desk._store, clock)):
        again = await process.answer(first.case, "web", "2", c.Picked("bundesland", "anderes"))
        assert (again.outcome, again.repeated) == (answered.outcome, True)
        again = await process.answer(first.case, "web", "1", c.Acted("start"))
        assert (again.outcome, again.repeated) == (begun.outcome, True)
    assert (await desk.look(first.case)).case.number == answered.turn.number


async def test_what_meets_a_conflict_writes_nothing_for_a_strict_client():
    desk, first = await opened()
    before = (await desk.look(first.case)).case.number
    reply = await desk.answer(first.case, "web", "1", c.Acted("submit", after=1))
    assert (reply.conflict, reply.turn) == ("not-now", None)
    shapeless = await desk.answer(first.case, "web", "2", c.Acted("start"))
    shapeless = await desk.answer(first.case, "web", "3", c.Picked("bundesland", {"no": "shape"}))
    assert (shapeless.conflict, shapeless.turn) == ("invalid", None)
    assert (await desk.look(first.case)).case.number == before + 1


async def test_words_for_an_old_question_become_a_wished_correction():
    desk, first = await opened()
    await desk.answer(first.case, "web", "1", c.Acted("start"))
    await desk.answer(first.case, "web", "2", c.Picked("bundesland", "sachsen"))
    late = await desk.answer(first.case, "web", "3", c.Typed("anderes", question="bundesland"))
    assert late.outcome == "stale"
    assert late.situation.open.address == "@change[bundesland]"
    nowhere = await desk.answer(first.case, "web", "4", c.Typed("Lena", question="kinder[7].vorname"))
    assert nowhere.conflict == "not-now"


async def test_who_does_not_know_yet_is_asked_what_to_apply_for():
    desk, first = await opened(None)
    assert first.situation.open.address == "@procedure"
    lost = await desk.answer(first.case, "web", "1", c.Typed("Hundesteuer"))
    assert lost.outcome == "not_understood"
    found = await desk.answer(first.case, "web", "2", c.Typed("beispiel"))
    assert found.outcome == "accepted"
    assert (found.situation.case.procedure, found.situation.open.address) == ("beispiel", "@consent")
    fresh = await desk_over(desk._store).look(first.case)
    assert (fresh.case.procedure, fresh.open.address) == ("beispiel", "@consent")
    assert fresh.case.parameters == first.situation.offers["beispiel"].parameters
    await desk.answer(first.case, "web", "3", c.Acted("start"))
    assert (await desk.look(first.case)).open.address == "bundesland"


async def test_a_case_that_nobody_began_is_swept_after_a_day():
    clock = StillClock()
    desk, first = await opened(clock=clock)
    clock.pass_(days=1, minutes=1)
    await desk.work()
    with pytest.raises(CaseErased):
        await desk.look(first.case)
