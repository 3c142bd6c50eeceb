"""Files through the desk: received in pieces, looked into, answered with, refused, dropped, swept, erased."""

from __future__ import annotations

import io
import itertools

import pytest
from PIL import Image

from bot import limits
from bot.core import commands as c
from bot.evidence.inspect import inspect
from bot.evidence.memory import MemoryEvidence
from bot.filing import UnknownFile
from bot.ports import EvidenceDown
from bot.stores.memory import MemoryStore
from bot.strongbox import OffsetMismatch
from tests.desk.house import ANSWERS, Client, StillClock, desk_over, filled

pytestmark = pytest.mark.anyio
MARKER = b"Erika Mustermann in plain sight"


class Here:
    """Looks into files in this process."""

    async def inspect(self, data):
        return inspect(data)


class Away:
    """Nobody looks for malware at the moment."""

    down = True

    async def clean(self, data):
        if self.down:
            raise EvidenceDown("the scanner is away")
        return b"EICAR" not in data


class Office:
    """A desk with a place for evidence, and one applicant who stands at the evidence question."""

    def __init__(self, scanner=None):
        self.clock = StillClock()
        self.evidence = MemoryEvidence()
        self.store = MemoryStore()
        self.desk = desk_over(self.store, self.clock)
        self.desk.equip(self.evidence, Here(), scanner)
        self.client = Client(self.desk)
        self._ids = itertools.count(1)

    async def at_the_evidence(self):
        await filled(self.client, len(ANSWERS) - 3)
        assert await self.client.question() == "nachweis"
        self.case = await self.client.case()
        return self

    async def upload(self, data, *, piece=1_000, address="nachweis"):
        file, reply = await self.desk.offer_file(self.case, address, "foto.jpg", len(data))
        assert not reply.conflict
        for start in range(0, len(data), piece):
            await self.desk.receive(self.case, file, start, data[start : start + piece])
        return file

    async def work(self):
        while await self.desk.work() is not None:
            pass

    async def state_of(self, file):
        return (await self.desk.look(self.case)).case.files[file].state


def photo():
    data = io.BytesIO()
    Image.effect_noise((900, 700), 60).convert("RGB").save(data, "JPEG", comment=MARKER)
    return data.getvalue()


async def test_a_photo_comes_in_pieces_and_becomes_an_answer():
    office = await Office().at_the_evidence()
    data = photo()
    file = await office.upload(data)
    assert await office.state_of(file) == "checking"
    await office.work()
    assert await office.state_of(file) == "ready"
    media, document = await office.desk.open_file(office.case, file, "document")
    assert media == "image/jpeg"
    assert document[:2] == b"\xff\xd8"
    assert MARKER not in document
    preview = Image.open(io.BytesIO((await office.desk.open_file(office.case, file, "preview"))[1]))
    assert max(preview.size) == 320
    reply = await office.client.pick({"files": [file], "later": False})
    assert reply.outcome == "accepted"


async def test_the_talk_goes_on_while_a_file_is_looked_into_and_nothing_is_sent_before():
    office = await Office().at_the_evidence()
    file = await office.upload(photo())
    for value in ({"files": [file], "later": False}, True, True):
        assert (await office.client.pick(value)).outcome == "accepted"
    await office.client.act("submit")
    jobs = {job.kind: job for job in await office.desk.claim()}
    await office.desk.do(jobs["submit"])
    assert (await office.desk.look(office.case)).case.submission.state == "queued"
    await office.desk.do(jobs["check_file"])
    assert await office.state_of(file) == "ready"


async def test_a_file_that_is_refused_later_becomes_a_task_before_anything_else():
    office = await Office().at_the_evidence()
    file = await office.upload(b"<svg onload=alert(1)>" * 10)
    await office.client.pick({"files": [file], "later": False})
    assert await office.client.question() == "@declaration[wahrheit]"
    await office.work()
    situation = await office.desk.look(office.case)
    assert [(task.address, task.by) for task in situation.case.tasks.values()] == [("nachweis", "check")]
    assert situation.open.address == "nachweis"
    turn = (await office.desk.history(office.case))[-1]
    said = [fact.template for fact in turn.facts if fact.type == "Said"]
    assert said[0].startswith("Zu Ihrer Datei {name}")
    assert (await office.client.pick({"files": [file], "later": False})).outcome == "refused"
    assert (await office.client.pick({"files": [], "later": True})).outcome in ("accepted", "done")


@pytest.mark.parametrize("value", [["f_nobody"], ["{file}", "f_nobody"]])
async def test_an_answer_names_only_files_that_are_there(value):
    office = await Office().at_the_evidence()
    file = await office.upload(photo())
    reply = await office.client.pick({"files": [each.format(file=file) for each in value], "later": False})
    assert reply.outcome == "refused"
    assert await office.client.question() == "nachweis"


async def test_pieces_follow_one_another_and_never_exceed_what_was_announced():
    office = await Office().at_the_evidence()
    file, _ = await office.desk.offer_file(office.case, "nachweis", "a.jpg", 10)
    assert await office.desk.receive(office.case, file, 0, b"12345") == 5
    with pytest.raises(OffsetMismatch) as wrong:
        await office.desk.receive(office.case, file, 3, b"45")
    assert wrong.value.actual == 5
    assert await office.desk.file_offset(office.case, file) == (5, 10)
    with pytest.raises(ValueError, match="more bytes"):
        await office.desk.receive(office.case, file, 5, b"678901")
    refused = await office.client.pick({"files": [file], "later": False})
    assert refused.outcome == "refused"
    with pytest.raises(UnknownFile):
        await office.desk.file_offset(office.case, "f_nobody")


@pytest.mark.parametrize("address", ["rolle", "nobody", "kinder[1].vorname"])
async def test_a_file_is_taken_only_for_an_evidence(address):
    office = await Office().at_the_evidence()
    id, reply = await office.desk.offer_file(office.case, address, "a.jpg", 10)
    assert (id, reply.conflict) == ("", "not-now")


@pytest.mark.parametrize(("limit", "most"), [("FILES_PER_CASE", 2), ("FILE_BYTES_PER_CASE", 2 * 5_000 + 1)])
async def test_a_case_takes_no_more_than_its_limit(monkeypatch, limit, most):
    monkeypatch.setattr(limits, limit, most)
    office = await Office().at_the_evidence()
    whole = [await office.upload(bytes(5_000)) for _ in range(2)]
    file, reply = await office.desk.offer_file(office.case, "nachweis", "a.jpg", 5_000)
    assert (file, reply.conflict) == ("", "too-many-files")
    assert [await office.state_of(each) for each in whole] == ["checking"] * 2


async def test_what_was_begun_and_never_finished_makes_room_for_what_is_new():
    office = await Office().at_the_evidence()
    begun = [(await office.desk.offer_file(office.case, "nachweis", "a.jpg", 1_000))[0] for _ in range(59)]
    await office.desk.receive(office.case, begun[0], 0, bytes(500))
    whole = await office.upload(bytes(1_000))
    assert await office.state_of(begun[0]) == "receiving" and len(await office.evidence.names(office.case)) == 2
    file = await office.upload(bytes(1_000))
    assert [await office.state_of(each) for each in (begun[0], begun[1], whole, file)] == [
        *("dropped", "receiving", "checking", "checking")
    ]
    assert len(await office.evidence.names(office.case)) == 2  # the pieces of the one in the way are gone
    with pytest.raises(UnknownFile):
        await office.desk.receive(office.case, begun[0], 500, bytes(500))
    await office.desk.receive(office.case, begun[1], 0, bytes(500))


async def test_no_more_is_given_up_than_a_new_file_needs(monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES_PER_CASE", 10_000)
    office = await Office().at_the_evidence()
    whole = await office.upload(bytes(2_000))
    begun = [(await office.desk.offer_file(office.case, "nachweis", "a.jpg", 2_500))[0] for _ in range(3)]
    assert (await office.desk.offer_file(office.case, "nachweis", "b.jpg", 9_000))[1].conflict == "too-many-files"
    assert [await office.state_of(each) for each in begun] == ["receiving"] * 3  # it would not have fitted anyway
    file, _ = await office.desk.offer_file(office.case, "nachweis", "c.jpg", 5_000)
    states = [await office.state_of(each) for each in (whole, *begun, file)]
    assert states == ["checking", "dropped", "dropped", "receiving", "receiving"]


async def test_dropping_an_answers_file_asks_for_it_again_and_removes_the_bytes():
    office = await Office().at_the_evidence()
    file = await office.upload(photo())
    await office.work()
    await office.client.pick({"files": [file], "later": False})
    assert len(await office.evidence.names(office.case)) == 2
    await office.desk.drop_file(office.case, file)
    assert await office.client.question() == "nachweis"
    assert await office.evidence.names(office.case) == []
    with pytest.raises(UnknownFile):
        await office.desk.open_file(office.case, file, "document")


async def test_nobody_wants_a_file_for_a_day():
    office = await Office().at_the_evidence()
    wanted, unwanted = await office.upload(photo()), await office.upload(photo())
    await office.work()
    await office.client.pick({"files": [wanted], "later": False})
    office.clock.pass_(days=1, minutes=1)
    await office.work()
    assert (await office.state_of(wanted), await office.state_of(unwanted)) == ("ready", "dropped")
    assert len(await office.evidence.names(office.case)) == 2


async def test_the_broom_takes_what_no_case_names():
    office = await Office().at_the_evidence()
    file = await office.upload(photo())
    await office.work()
    await office.client.pick({"files": [file], "later": False})
    await office.evidence.put(office.case, "document-" + "0" * 64, b"its fact was never written")
    await office.evidence.put(bytes(16), "document-" + "1" * 64, b"of an erased case")
    await office.desk.sweep()
    assert len(await office.evidence.names(office.case)) == 2
    assert await office.evidence.cases() == [office.case]


async def test_erasing_the_case_takes_its_files():
    office = await Office().at_the_evidence()
    await office.upload(photo())
    await office.client.act("erase")
    await office.client.pick(True)
    assert await office.evidence.cases() == []


async def test_a_scanner_that_is_away_delays_the_file_and_nothing_else():
    scanner = Away()
    office = await Office(scanner).at_the_evidence()
    file = await office.upload(photo())
    await office.work()
    assert await office.state_of(file) == "waiting"
    assert (await office.client.pick({"files": [file], "later": False})).outcome == "accepted"
    scanner.down = False
    office.clock.pass_(minutes=6)
    await office.work()
    assert await office.state_of(file) == "ready"


async def test_malware_is_refused():
    scanner = Away()
    scanner.down = False
    office = await Office(scanner).at_the_evidence()
    data = photo()
    file = await office.upload(data[:-2] + b"\xff\xfe\x00\x07EICAR" + data[-2:])
    await office.work()
    situation = await office.desk.look(office.case)
    assert [finding["code"] for finding in situation.case.files[file].findings] == ["malware"]


async def test_a_talk_in_words_knows_nothing_of_files_that_were_never_sent():
    office = await Office().at_the_evidence()
    reply = await office.client.put(c.Typed("foto kommt"))
    assert reply.outcome == "refused"
