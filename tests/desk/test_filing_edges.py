"""Files at the edges of a case's life: while it is sent, after its end, when it is full, and seen by two processes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import limits
from bot.desk import CaseUnreadable, UnknownDoor
from bot.ports import Delivery
from bot.strongbox import OffsetMismatch
from tests.desk.house import desk_over
from tests.desk.test_filing import Away, Here, Office, photo

pytestmark = pytest.mark.anyio

BROKEN = b"<svg onload=alert(1)>" * 10


def said_by_the_house(turns):
    return [fact.place for turn in turns if turn.actor == "timer" for fact in turn.facts if fact.type == "Said"]


class Agency:
    """Prepares whatever it gets."""

    async def step(self, _parcel):
        return Delivery("prepared", {"place": "x"})


class Damaged:
    """A store in which one case cannot be read any more."""

    def __init__(self, store, case):
        self.store, self.case = store, case

    async def load(self, case, after=0):
        if case == self.case:
            raise CaseUnreadable("turn 1 cannot be read")
        return await self.store.load(case, after)

    def __getattr__(self, name):
        return getattr(self.store, name)


async def second_process(office):
    """Another process over the same store and the same evidence."""
    other = desk_over(office.store, office.clock)
    other.equip(office.evidence, Here())
    return other


async def sending(office, *values):
    for value in values:
        assert (await office.client.pick(value)).outcome == "accepted"
    while (await office.client.situation()).open:
        assert (await office.client.question()).startswith("@declaration")
        assert (await office.client.pick(True)).outcome == "accepted"
    assert (await office.client.act("submit")).outcome == "done"
    assert (await office.desk.look(office.case)).case.state == "sending"


async def test_a_file_that_nobody_wants_is_dropped_later_while_the_case_is_sent():
    office = await Office().at_the_evidence()
    unwanted = await office.upload(photo())
    await office.work()
    await sending(office, {"files": [], "later": True})
    office.clock.pass_(days=1, minutes=1)
    for job in await office.desk.claim():
        if job.kind == "check_file":
            await office.desk.do(job)
    assert said_by_the_house(await office.desk.history(office.case)) == []
    assert await office.state_of(unwanted) == "ready"
    office.desk.connect(Agency())
    office.clock.pass_(days=1, minutes=1)
    await office.work()
    assert await office.state_of(unwanted) == "dropped"
    assert await office.evidence.names(office.case) == []


async def test_a_file_is_refused_after_its_applicant_has_stopped():
    office = await Office().at_the_evidence()
    file = await office.upload(BROKEN)
    await office.client.pick({"files": [file], "later": False})
    await office.client.act("stop")
    assert (await office.desk.look(office.case)).case.state == "ended"
    await office.work()
    assert await office.state_of(file) == "refused"
    await office.client.act("resume")
    assert await office.client.question() == "nachweis"


async def test_a_refused_file_may_be_handed_in_later_and_the_application_goes_on():
    office = await Office().at_the_evidence()
    file = await office.upload(BROKEN)
    await office.client.pick({"files": [file], "later": False})
    await office.work()
    assert await office.client.question() == "nachweis"
    await office.client.pick({"files": [], "later": True})
    assert await office.client.question() == "@declaration[wahrheit]"
    await sending(office)
    assert [task.reason for task in (await office.desk.look(office.case)).case.tasks.values()] == ["later"]


async def test_a_file_that_is_refused_off_the_path_keeps_nobody_from_sending():
    office = await Office().at_the_evidence()
    file = await office.upload(BROKEN)
    await office.client.pick({"files": [file], "later": False})
    await office.client.act("correct", "rolle")
    await office.client.pick("angestellt")
    await office.client.pick("change")
    await office.work()
    assert await office.state_of(file) == "refused"
    assert await office.client.question() == "@declaration[wahrheit]"
    await sending(office)


async def test_an_answer_whose_file_was_removed_cannot_be_kept():
    office = await Office().at_the_evidence()
    file = await office.upload(photo())
    await office.work()
    await office.client.pick({"files": [file], "later": False})
    await office.desk.drop_file(office.case, file)
    situation = await office.desk.look(office.case)
    assert situation.open.address == "nachweis"
    reply = await office.client.act("keep")
    assert reply.outcome == "nothing"
    assert await office.client.question() == "nachweis"


async def test_undoing_does_not_bring_back_a_removed_file():
    office = await Office().at_the_evidence()
    first, second = await office.upload(photo()), await office.upload(photo())
    await office.work()
    await office.client.pick({"files": [first], "later": False})
    await office.client.act("correct", "nachweis")
    await office.client.pick({"files": [second], "later": False})
    await office.desk.drop_file(office.case, first)
    await office.client.act("undo")
    assert await office.client.question() == "nachweis"


async def test_an_upload_whose_last_word_was_lost_is_finished_when_its_client_asks():
    office = await Office().at_the_evidence()
    data = photo()
    file, _ = await office.desk.offer_file(office.case, "nachweis", "a.jpg", len(data))
    hot = await office.desk._cases.hot(office.case)
    await office.desk._filing._box.receive(office.case, hot.key, file, 0, data)  # and then the power failed
    assert await office.desk.file_offset(office.case, file) == (len(data), len(data))
    assert await office.state_of(file) == "checking"
    await office.work()
    assert await office.state_of(file) == "ready"


async def test_nothing_is_whole_before_its_bytes_are_here():
    office = await Office().at_the_evidence()
    file, _ = await office.desk.offer_file(office.case, "nachweis", "a.jpg", 10)
    with pytest.raises(OffsetMismatch):
        await office.desk.receive(office.case, file, 10, b"")
    assert await office.state_of(file) == "receiving"


async def test_another_process_has_looked_into_the_file():
    office = await Office().at_the_evidence()
    other = await second_process(office)
    data = photo()
    file, _ = await office.desk.offer_file(office.case, "nachweis", "a.jpg", len(data))
    assert await other.file_offset(office.case, file) == (0, len(data))
    await office.desk.receive(office.case, file, 0, data)
    await office.work()
    whole = (len(data), len(data))
    assert await other.file_offset(office.case, file) == await office.desk.file_offset(office.case, file) == whole
    assert (await other.open_file(office.case, file, "preview"))[0] == "image/jpeg"


async def test_a_full_case_can_still_be_left_and_found_again():
    office = await Office().at_the_evidence()
    paused = await office.client.act("pause")
    hot = await office.desk._cases.hot(office.case)
    hot.case.facts = limits.FACTS_PER_CASE
    back = await office.desk.come_back(paused.code)
    assert await office.desk.authorise(back.token) == office.case
    secret, _ = await office.desk.new_link(office.case)
    again = await office.desk.come_back(secret)
    assert await office.desk.authorise(again.token) == office.case
    await office.desk.revoke(back.token)
    with pytest.raises(UnknownDoor):
        await office.desk.authorise(back.token)


async def test_one_case_that_cannot_be_read_does_not_stop_the_broom():
    office = await Office().at_the_evidence()
    file = await office.upload(photo())
    await office.work()
    await office.client.pick({"files": [file], "later": False})
    await office.evidence.put(office.case, "document-" + "0" * 64, b"its fact was never written")
    damaged = bytes(16)
    await office.evidence.put(damaged, "document-" + "1" * 64, b"nobody can say whose")
    office.store = Damaged(office.store, damaged)
    await (await second_process(office)).sweep()
    assert len(await office.evidence.names(office.case)) == 2
    assert len(await office.evidence.names(damaged)) == 1


async def test_bytes_that_cannot_be_opened_any_more_end_as_a_refused_file():
    office = await Office().at_the_evidence()
    file = await office.upload(photo())
    name = f"upload-{file}"
    stored = bytearray(await office.evidence.get(office.case, name))
    stored[500] ^= 1
    await office.evidence.drop(office.case, name)
    await office.evidence.append(office.case, name, 0, bytes(stored))
    await office.work()
    situation = await office.desk.look(office.case)
    assert [finding["code"] for finding in situation.case.files[file].findings] == ["damaged"]


async def test_what_waits_for_the_scanner_is_not_asked_for_every_two_seconds():
    office = await Office(Away()).at_the_evidence()
    office.desk.connect(Agency())
    file = await office.upload(photo())
    await office.work()
    await sending(office, {"files": [file], "later": False})
    seconds = []
    for _ in range(8):
        at = office.clock.now
        while not (jobs := [job for job in await office.desk.claim() if job.kind == "submit"]):
            office.clock.pass_(seconds=1)
        seconds.append((office.clock.now - at) / timedelta(seconds=1))
        await office.desk.do(jobs[0])
    assert seconds[-1] >= 60
