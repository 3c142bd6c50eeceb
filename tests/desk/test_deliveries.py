"""Messages come twice, at once, to several processes and out of order: one effect each, and nothing is read twice."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from random import Random

from bot.core import commands as c
from bot.core import events
from bot.ports import StoreDown
from tests.contracts.entries import each_store
from tests.core.talk import seen
from tests.desk.house import ANSWERS, Client, CountingStore, StillClock, desk_over, filled


@each_store
async def test_the_same_message_five_times_at_once_has_one_effect(store):
    client = Client(desk_over(store))
    await filled(client, upto=2)
    before = (await client.situation()).case.number
    message = c.Picked("rolle", "angestellt")
    replies = await asyncio.gather(*(client.put(message, "same") for _ in range(5)))
    assert sorted(reply.repeated for reply in replies) == [False, True, True, True, True]
    assert {reply.outcome for reply in replies} == {"accepted"}
    assert len({tuple(say.text for say in reply.says) for reply in replies}) == 1
    assert (await client.situation()).case.number == before + 1


@each_store
async def test_a_redelivery_long_after_gets_its_first_outcome_and_changes_nothing(store):
    client = Client(desk_over(store))
    await client.open()
    first = [await client.pick(value, id=f"id{place}") for place, value in enumerate(ANSWERS[:6])]
    before = (await client.situation()).case
    for place, reply in enumerate(first):
        again = await client.put(c.Typed("etwas anderes"), f"id{place}")
        assert again.repeated
        assert (again.outcome, [say.text for say in again.says]) == (reply.outcome, [say.text for say in reply.says])
    assert (await client.situation()).case == before


@each_store
async def test_an_old_yes_that_comes_again_deletes_nothing(store):
    """The same word once answered a question; now "delete everything?" is open."""
    client = Client(desk_over(store))
    await client.open()
    await client.type("ja", id="old")
    await client.type("löschen")
    assert await client.question() == "@erase"
    again = await client.type("ja", id="old")
    assert again.repeated
    assert (await client.situation()).case.consented


@each_store
async def test_a_stale_process_does_not_delete_what_was_kept(store):
    one, two = Client(desk_over(store)), Client(desk_over(store))
    await filled(one, upto=3)
    await one.type("löschen")
    await two.pick(False)
    reply = await one.type("ja", id="late yes")
    assert reply.situation is not None
    assert (await two.situation()).case.consented


@each_store
async def test_two_processes_race_on_one_case_and_nothing_is_lost(store):
    """Each sends answers to the questions it knows; every message is in the ledger once, in one order."""
    one, two = Client(desk_over(store)), Client(desk_over(store))
    await filled(one, upto=5)
    await two.situation()

    async def talk(client, name):
        for number in range(8):
            await patiently(client, "help" if number % 2 else "summary", f"{name}{number}")

    await asyncio.gather(talk(one, "a"), talk(two, "b"))
    assert seen((await one.situation()).path) == seen((await two.situation()).path)
    fresh = Client(desk_over(store))
    turns = await fresh.desk._cases.turns(await fresh.case(), (await fresh_hot(fresh)).key)
    commands = [turn.command.rpartition(":")[2] for turn in turns]
    assert all(commands.count(f"{name}{number}") == 1 for name in "ab" for number in range(8))
    assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))


async def patiently(client, action, id):
    """Where too many are faster the message is refused whole; the channel brings it again under its id."""
    while True:
        with suppress(StoreDown):
            return await client.act(action, id=id)


async def fresh_hot(client):
    return await client.desk._cases.hot(await client.case())


@each_store
async def test_a_hot_turn_loads_nothing_and_a_stale_one_only_the_tail(store):
    counting = CountingStore(store)
    one, two = Client(desk_over(counting)), Client(desk_over(counting))
    await filled(one, upto=4)
    await two.situation()
    counting.loads.clear()
    await one.pick(ANSWERS[4])
    assert counting.loads == []
    number = (await one.situation()).case.number
    await one.pick(ANSWERS[5])
    counting.loads.clear()
    reply = await two.act("summary")
    assert reply.outcome == "done"
    assert counting.loads == [(number - 1, 2)]
    assert counting.appended[-2:] == ["conflict", "done"]


@each_store
async def test_a_loser_of_a_race_decides_anew(store):
    """Two people answer the same open question at once: one is the answer, the other one is asked about."""
    one, two = Client(desk_over(store)), Client(desk_over(store))
    await filled(one, upto=1)
    await two.situation()
    replies = await asyncio.gather(
        one.put(c.Picked("bundesland", "sachsen")), two.put(c.Picked("bundesland", "anderes"))
    )
    assert sorted(reply.outcome for reply in replies) == ["accepted", "stale"]
    assert await one.question() == "@change[bundesland]" or await two.question() == "@change[bundesland]"


@each_store
async def test_cases_do_not_mix(store):
    """Many cases at once in one process, each with its own answers."""
    desk = desk_over(store)
    clients = [Client(desk, f"person {number}") for number in range(12)]

    async def talk(number, client):
        await filled(client, upto=3)
        await client.pick(f"Kind {number}")
        await client.pick(f"2015-03-{number + 1:02d}")

    await asyncio.gather(*(talk(number, client) for number, client in enumerate(clients)))
    for number, client in enumerate(clients):
        rows = (await client.situation()).path.scope.rows["kinder"]
        assert [(row.vorname, row.geboren.day) for row in rows] == [(f"Kind {number}", number + 1)]


@each_store
async def test_any_interleaving_of_two_processes_is_one_conversation(store):
    """Hundreds of small interleavings: after each the two agree with a third that reads everything."""
    chance, clock = Random(11), StillClock()
    wishes = [
        c.Acted("help"), c.Acted("back"), c.Acted("undo"), c.Typed("hm"), c.Acted("language", "en"), c.Acted("summary"),
        c.Picked("bundesland", "anderes"), c.Picked("bundesland", "sachsen"), c.Picked("rolle", "angestellt"),
        c.Acted("apply_anyway"), c.Picked("@change[bundesland]", "change"), c.Acted("keep"),
    ]  # fmt: skip
    for round in range(40):
        sides = [Client(desk_over(store, clock), f"door {round}") for _ in range(2)]
        await filled(sides[0], upto=2)
        sent = 0
        for _ in range(10):
            batch = [(chance.choice(sides), chance.choice(wishes)) for _ in range(chance.randint(1, 3))]
            ids = [f"{round}.{sent + place}" for place in range(len(batch))]
            sent += len(batch)
            sends = [side.put(wish, id) for (side, wish), id in zip(batch, ids, strict=True)]
            again = [side.put(wish, id) for (side, wish), id in zip(batch, ids, strict=True)]
            replies = await asyncio.gather(*sends, *again)
            assert sum(reply.repeated for reply in replies) == len(batch)
        whole = await desk_over(store, clock).look(await sides[0].case())
        for side in sides:
            await side.act("help")  # a stale process catches up
            sent += 1
        ends = [await side.situation() for side in sides]
        assert whole.case.number == 3 + sent - 2
        assert ends[1].case.number == ends[0].case.number + 1
        assert seen(ends[0].path) == seen(ends[1].path) == seen(whole.path)


@each_store
async def test_what_the_ledger_holds_can_be_read_by_everyone_with_the_key(store):
    client = Client(desk_over(store))
    await filled(client)
    hot = await fresh_hot(client)
    turns = await client.desk._cases.turns(await client.case(), hot.key)
    assert [events.read(events.write(turn)) for turn in turns] == turns
    assert len(turns) == 1 + len(ANSWERS)
