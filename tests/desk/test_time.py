"""Time passes: another process was there meanwhile, a new day begins, an application waits for its agency."""

from __future__ import annotations

from datetime import date

from bot import limits
from bot.core.commands import Acted, Picked
from bot.ports import AgencyRejected, AgencyUnavailable, Delivery, Moment
from tests.contracts.entries import each_store
from tests.desk.house import Client, StillClock, desk_over, filled


class Agency:
    """Answers as it is told, one answer for each submission; keeps what came in."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.came = []

    async def step(self, parcel):
        self.came.append(parcel)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@each_store
async def test_a_worker_that_saw_the_case_long_ago_erases_no_living_draft(store):
    clock = StillClock()
    web, worker = Client(desk_over(store, clock)), desk_over(store, clock)
    await filled(web, upto=3)
    clock.pass_(days=limits.DRAFT_DAYS - 10)
    await web.pick("Mia")
    clock.pass_(days=11)
    await worker.work()  # the case is now hot in the worker, and lives on
    await web.act("back")
    clock.pass_(days=limits.DRAFT_DAYS - 10)
    await worker.work()
    assert (await web.act("summary")).outcome == "done"


@each_store
async def test_what_is_on_its_way_never_expires(store):
    clock = StillClock()
    client = Client(desk_over(store, clock))
    client.desk.connect(Agency(*[AgencyUnavailable("away", 3_600.0)] * 9))
    await filled(client)
    await client.put(Acted("submit"))
    for _ in range(3):
        clock.pass_(days=limits.SUBMITTED_DAYS)
        await client.desk.work()
    assert (await client.situation()).case.state == "sending"


@each_store
async def test_a_worker_delivers_what_was_ordered_after_it_last_looked(store):
    clock = StillClock()
    web, worker = Client(desk_over(store, clock)), desk_over(store, clock)
    agency = Agency(AgencyRejected([{"code": "x"}]), Delivery("prepared", {"place": "here"}))
    worker.connect(agency)
    await filled(web)
    await web.put(Acted("submit"))
    await worker.work()
    await web.act("correct", "telefon")  # the web's process catches up with the refusal
    await web.act("correct", "telefon")
    await web.put(Picked("telefon", "+493411234568"))
    await web.pick(True)
    await web.pick(True)
    assert (await web.put(Acted("submit"))).outcome == "done"
    await worker.work()
    assert [parcel.kind for parcel in agency.came] == ["application", "application"]
    assert (await worker.look(await web.case())).case.state == "submitted"


@each_store
async def test_a_refused_addition_leaves_the_application_filed(store):
    clock = StillClock()
    client = Client(desk_over(store, clock))
    prepared = Delivery("prepared", {"place": "here"})
    client.desk.connect(agency := Agency(prepared, AgencyRejected([{"code": "x"}]), prepared))
    await filled(client)
    await client.put(Acted("submit"))
    await client.desk.work()
    for number in ("+493411234568", "+493411234569"):
        await client.act("correct", "telefon")
        await client.put(Picked("telefon", number))
        await client.pick(True)
        await client.pick(True)
        assert (await client.put(Acted("send_addition"))).outcome == "done"
        await client.desk.work()
        assert (await client.situation()).case.state == "submitted"
    assert [parcel.kind for parcel in agency.came] == ["application", "addition", "addition"]


class Calendar(StillClock):
    """The law's day moves with the clock."""

    def moment(self, demo_date: date | None = None) -> Moment:
        return Moment(self.now, self.now.date())


@each_store
async def test_a_hot_case_is_walked_anew_on_a_new_day(store):
    clock = Calendar()
    client = Client(desk_over(store, clock))
    await filled(client, upto=4)
    clock.pass_(days=1)
    hot, cold = await client.situation(), await desk_over(store, clock).look(await client.case())
    assert hot.path.scope.today == cold.path.scope.today == clock.now.date()


@each_store
async def test_a_full_case_takes_nothing_more_and_can_still_be_sent(store):
    client = Client(desk_over(store))
    await filled(client)
    while (await client.situation()).case.facts < limits.FACTS_PER_CASE:
        await client.act("summary")
    before = (await client.situation()).case
    for _ in range(3):
        assert (await client.act("summary")).conflict == "full"
    assert (await client.situation()).case == before
    assert (await client.put(Acted("submit"))).outcome == "done"
