"""What goes wrong, and what is left then: bugs of ours, a store that is away, an agency that does not answer."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers.base import Month
from bot.core import texts
from bot.core.commands import Acted, Picked
from bot.desk import UnknownDoor
from bot.library import Library
from bot.ports import AgencyRejected, AgencyUnavailable, Delivery, StoreDown
from bot.procedures.load import load_procedure
from bot.procedures.rules import Rows
from bot.stores.memory import MemoryStore
from bot.turn import Arrived
from tests.contracts.entries import each_store
from tests.core.talk import FOLDERS
from tests.desk.house import ANSWERS, DOOR, Client, StillClock, desk_over, filled

PLANTED = "Zaphod-Beeblebrox"


# -- bugs -----------------------------------------------------------------------------------------------------------


def broken_library():
    """The example dialog, whose rule for months fails and quotes an answer while it does."""
    source = load_procedure(FOLDERS["beispiel"])

    def failing(zeiten: Rows) -> tuple[Month, ...]:
        raise ValueError(f"no months for {PLANTED} {zeiten}")

    rules = {**source.rules, "monate": replace(source.rules["monate"], function=failing)}
    return Library([replace(source, rules=rules)])


@each_store
async def test_a_bug_ends_at_the_desk(store):
    client = Client(desk_over(store, books=broken_library()))
    await filled(client, upto=3)
    await client.pick(PLANTED)
    for value in ANSWERS[4:10]:
        await client.pick(value)
    before = (await client.situation()).case
    reply = await client.pick(False, id="the one that fails")  # no further closure: the months are asked next
    assert reply.outcome == "bug"
    assert [say.text for say in reply.says] == [texts.BUG.text]
    assert (await client.situation()).case == before
    assert (await desk_over(store).look(await client.case())).case == before
    assert (await client.act("summary")).outcome == "done"
    mended = Client(desk_over(store))
    assert not (await mended.put(Picked("@again[zeiten]", False), "the one that fails")).repeated
    assert (await mended.situation()).open.stop.section == "monate"


def test_a_bug_is_logged_with_its_case_and_without_contents(caplog):
    async def scene():
        client = Client(desk_over(MemoryStore(), books=broken_library()))
        await filled(client, upto=3)
        await client.pick(PLANTED)
        for value in ANSWERS[4:11]:
            await client.pick(value)
        return (await client.situation()).case.reference

    with caplog.at_level(logging.DEBUG):
        reference = asyncio.run(scene())
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert reference in record.getMessage()
    assert "ValueError" in record.getMessage()
    assert PLANTED not in caplog.text
    assert record.exc_info is None


@each_store
async def test_a_bug_on_the_way_to_the_agency_delays_and_says_nothing(store):
    clock = StillClock()
    desk = desk_over(store, clock)
    agency = Agency(ValueError(f"cannot send {PLANTED}"), Delivery("prepared", {}))
    client = await submitted(desk, agency)
    assert await desk.work() == []
    assert (await client.situation()).case.state == "sending"
    clock.pass_(minutes=6)
    await desk.work()
    assert (await client.situation()).case.state == "submitted"


# -- a store that is away ---------------------------------------------------------------------------------------------


class Flaky:
    """A store that may be away."""

    def __init__(self, store):
        self.store = store
        self.away = False

    async def append(self, entries):
        if self.away:
            raise StoreDown("no room", 1.0)
        return await self.store.append(entries)

    def __getattr__(self, name):
        return getattr(self.store, name)


@each_store
async def test_what_could_not_be_stored_has_not_happened_and_may_come_again(store):
    flaky = Flaky(store)
    client = Client(desk_over(flaky))
    await filled(client, upto=2)
    before = (await client.situation()).case
    flaky.away = True
    with pytest.raises(StoreDown):
        await client.pick("selbststaendig", id="again")
    assert (await client.situation()).case == before
    flaky.away = False
    reply = await client.pick("selbststaendig", id="again")
    assert (reply.outcome, reply.repeated) == ("accepted", False)


# -- pause, resume, erase ---------------------------------------------------------------------------------------------


@each_store
async def test_a_resume_code_opens_the_case_from_anywhere_and_a_wrong_one_nothing(store):
    client = Client(desk_over(store))
    await filled(client, upto=5)
    code = (await client.act("pause")).code
    other = desk_over(store)
    assert await other.resume("0000-0000-0000-0000", channel="test", address="elsewhere") is None
    assert await other.resume("nonsense", channel="test", address="elsewhere") is None
    with pytest.raises(UnknownDoor):
        await other.find("test", "elsewhere")
    reply = await other.resume(code.lower().replace("-", " "), channel="test", address="elsewhere")
    assert reply is not None
    assert reply.case == await client.case()
    moved = Client(other, "elsewhere")
    assert (await moved.pick(ANSWERS[5])).outcome == "accepted"
    assert (await client.act("summary")).situation.open == (await moved.situation()).open


@each_store
async def test_an_erased_case_is_gone_with_its_key(store):
    client = Client(desk_over(store))
    await filled(client, upto=5)
    id = await client.case()
    await client.type("alles löschen")
    reply = await client.type("ja")
    assert texts.ERASED.text in [say.text for say in reply.says]
    with pytest.raises(UnknownDoor):
        await client.type("hallo")
    with pytest.raises(UnknownDoor):
        await client.desk.look(id)
    assert await store.load(id) is None


@each_store
async def test_another_process_notices_that_a_case_was_erased(store):
    one, two = Client(desk_over(store)), Client(desk_over(store))
    await filled(one, upto=3)
    id = await one.case()
    await two.situation()
    await one.type("löschen")
    await one.type("ja")
    with pytest.raises(UnknownDoor):
        await two.type("hallo")
    with pytest.raises(UnknownDoor):
        await two.desk._turn(id, Arrived("test", content=Acted("help")))


@each_store
async def test_a_draft_is_erased_when_its_time_is_over(store):
    clock = StillClock()
    desk = desk_over(store, clock)
    client = Client(desk)
    await filled(client, upto=3)
    clock.pass_(days=20)
    await client.act("help")
    clock.pass_(days=15)
    await desk.work()
    assert (await client.situation()).case.state == "open"
    clock.pass_(days=31)
    await desk.work()
    with pytest.raises(UnknownDoor):
        await client.situation()


@each_store
async def test_two_cases_with_the_same_chance_are_two_cases(store):
    """Even if the random source repeats itself, nobody is given another person's case."""
    desk = desk_over(store)
    draws = itertools.chain([3, 3], itertools.count(4))
    desk._random = lambda length: bytes([next(draws) if length == 10 else 7]) * length  # one reference for ever
    one, two = Client(desk, "one"), Client(desk, "two")
    await one.open()
    with pytest.raises(StoreDown):
        await two.open()
    with pytest.raises(UnknownDoor):
        await two.type("hallo")
    assert (await one.pick(True)).outcome == "accepted"


@each_store
async def test_a_reference_that_is_taken_costs_nobody_a_case(store):
    """Among a hundred thousand cases two draws of 35 bits meet; the second one just draws again."""
    desk = desk_over(store)
    draws = iter([7, 7, 8])
    desk._random = lambda length: bytes([next(draws)]) * length if length == 5 else os.urandom(length)
    one, two = Client(desk, "one"), Client(desk, "two")
    first, second = await one.open(), await two.open()
    assert first.situation.case.reference != second.situation.case.reference
    assert (await two.pick(True)).outcome == "accepted"


# -- the agency -------------------------------------------------------------------------------------------------------


class Agency:
    """Answers with each of ``answers`` in turn, and counts what it was given."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.parcels = []

    async def step(self, parcel):
        self.parcels.append(parcel)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def submitted(desk, agency):
    desk.connect(agency)
    client = Client(desk)
    await filled(client)
    assert (await client.type("absenden")).outcome == "done"
    return client


@each_store
async def test_a_submission_is_delivered_once_however_many_work_on_it(store):
    agency, clock = Agency(*[Delivery("prepared", {"place": "here"})] * 5), StillClock()
    client = await submitted(desk_over(store, clock), agency)
    others = [desk_over(store, clock) for _ in range(3)]
    for desk in others:
        desk.connect(agency)
    said = [reply for desk in [*others, client.desk] for reply in await desk.work() or []]
    clock.pass_(minutes=10)
    for desk in others:
        assert not await desk.work()
    assert len(agency.parcels) == 1
    [reply] = said
    assert any("fertig vorbereitet" in say.text for say in reply.says)
    assert (await others[0].look(await client.case())).case.submission.state == "prepared"


@each_store
async def test_a_job_whose_lease_ran_out_moves_nothing_twice(store):
    """The first worker is slow: a second one delivers; what the first one has to tell is no news any more."""
    agency, clock = Agency(*[Delivery("prepared", {"place": "here"})] * 2), StillClock()
    client = await submitted(desk_over(store, clock), agency)
    slow, quick = client.desk, desk_over(store, clock)
    quick.connect(agency)
    [job] = await store.claim(clock.now, clock.now + timedelta(seconds=30))
    clock.pass_(seconds=31)
    assert len(await quick.work()) == 1
    number = (await quick.look(await client.case())).case.number
    await slow.do(job)
    assert (await quick.look(await client.case())).case.number == number


@each_store
async def test_an_agency_that_is_away_is_asked_again_later_and_later(store):
    away = AgencyUnavailable("away")
    agency, clock = Agency(away, away, AgencyUnavailable("busy", 90.0), Delivery("prepared", {})), StillClock()
    desk = desk_over(store, clock)
    client = await submitted(desk, agency)
    waits = []
    for _ in range(4):
        waited = 0
        while not agency.parcels or len(agency.parcels) == len(waits):
            await desk.work()
            if len(agency.parcels) == len(waits):
                clock.pass_(seconds=1)
                waited += 1
        waits.append(waited)
    assert waits[0] == 0
    assert 0 < waits[1] < waits[2] < waits[3] == 90
    assert (await client.situation()).case.state == "submitted"
    assert len({parcel.key for parcel in agency.parcels}) == 1


@each_store
async def test_a_refused_submission_is_told_and_the_answers_are_still_there(store):
    agency = Agency(AgencyRejected([{"code": "enum", "address": "data/rolle"}]))
    desk = desk_over(store)
    client = await submitted(desk, agency)
    steps = len((await client.situation()).path.steps)
    [reply] = await desk.work()
    assert any("nicht absenden" in say.text for say in reply.says)
    situation = await client.situation()
    assert (situation.case.state, situation.case.submission.state) == ("open", "rejected")
    assert len(situation.path.steps) == steps


@each_store
async def test_what_is_sent_is_what_was_reviewed(store):
    agency = Agency(Delivery("prepared", {}))
    client = await submitted(desk_over(store), agency)
    reply = await client.put(Picked("kinder[1].vorname", "Ben"))
    assert reply.outcome == "nothing"  # on its way, nothing changes
    await client.desk.work()
    [parcel] = agency.parcels
    assert parcel.envelope["data"]["kinder"][0]["vorname"] == "Lena"
    assert parcel.envelope["reference"] == (await client.situation()).case.reference
    assert await client.case() == await client.desk.find("test", DOOR)
