"""Planted personal data are looked for everywhere they must not be: log, summary rows, files of the store."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from bot.core.commands import Picked, Typed
from bot.ports import AgencyRejected, AgencyUnavailable, Filter, StoreDown
from bot.stores.sqlite import SqliteStore
from bot.stores.sqlite_files import key_path
from tests.core.applicant import Applicant
from tests.core.talk import Talk
from tests.desk.house import ANSWERS, Client, StillClock, desk_over, filled

NAME, MAIL, PHONE, IBAN = (
    "Kanarienvogelsdottir",
    "kanarienvogel@example.org",
    "+4915112345678",
    "DE89370400440532013000",
)
PLANTED = (NAME, MAIL, PHONE, PHONE[3:], IBAN, "DE89 3704", "Kanarienvogel")
PERSONAL = [*ANSWERS[:3], NAME, *ANSWERS[4:13], PHONE, MAIL, *ANSWERS[15:]]


class TalkativeAgency:
    """Quotes what it was sent in every failure, as real ones do."""

    def __init__(self):
        self.tries = 0

    async def step(self, parcel):
        self.tries += 1
        if self.tries == 1:
            raise AgencyUnavailable(f"cannot reach the agency for {parcel.envelope['data']}")
        if self.tries == 2:
            raise ValueError(f"cannot encode {NAME}")
        raise AgencyRejected([{"code": "pattern", "address": "data/mail"}])


async def whole_life(store):
    """A whole application with slips, a bug at the agency, a refusal and an erasure that is not confirmed."""
    clock = StillClock()
    client = Client(desk_over(store, clock), MAIL)
    client.desk.connect(TalkativeAgency())
    await client.open()
    for value in PERSONAL:
        if value != NAME:  # a first name may be anything
            await client.type(f"{NAME} {IBAN} ???")
        await client.put(Picked("telefon", {"nonsense": NAME}))
        await client.pick(value)
    await client.put(Picked("kinder[1].vorname", f"{NAME} die Zweite"))
    await client.put(Typed("nein"))
    await client.act("submit")
    for _ in range(3):
        await client.desk.work()
        clock.pass_(minutes=6)
    await client.act("pause")
    with suppress(StoreDown):
        await desk_over(store).look(await client.case())
    return client


def test_nothing_personal_in_log_and_summaries(tmp_path, caplog):
    async def scene():
        store = SqliteStore(tmp_path / "ledger.db")
        await whole_life(store)
        rows = await store.summaries(Filter())
        await store.close()
        return rows

    with caplog.at_level(logging.DEBUG):
        rows = asyncio.run(scene())
    assert rows
    for text in (caplog.text, repr(rows), *(str(vars(record)) for record in caplog.records)):
        assert not [planted for planted in PLANTED if planted in text]


def test_nothing_personal_lies_open_in_the_files(tmp_path):
    async def scene():
        store = SqliteStore(tmp_path / "ledger.db")
        client = await whole_life(store)
        case = (await client.situation()).case
        await store.close()
        return case

    case = asyncio.run(scene())
    assert case.sheet.cells["kinder[1].vorname"].raw == NAME
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        for planted in PLANTED:
            assert planted.encode() not in content, path.name
            assert planted.encode("utf-16-le") not in content, path.name
    assert any(case.reference.encode() in path.read_bytes() for path in files)


def test_an_erased_case_leaves_no_key(tmp_path):
    path = tmp_path / "ledger.db"

    async def scene():
        store = SqliteStore(path)
        client, other = Client(desk_over(store), "one"), Client(desk_over(store), "two")
        await filled(client, upto=6)
        await filled(other, upto=6)
        gone = await store.load(await client.case())
        kept = await store.load(await other.case())
        await client.type("löschen")
        await client.type("ja")
        await store.close()
        return gone, kept

    gone, kept = asyncio.run(scene())
    keys = key_path(path).read_bytes()
    assert kept.key in keys
    assert gone.key not in keys
    for file in tmp_path.iterdir():
        assert gone.key not in file.read_bytes(), file.name


def test_a_transcript_names_the_answer_behind_every_shown_value():
    """Only so can staff see it masked: whatever a message shows of an answer stands in a parameter of its address."""
    talk = Talk("beispiel")
    applicant = Applicant(talk, 3)
    while talk.situation.open is not None and talk.situation.open.kind != "declaration":
        if talk.open.address.endswith("vorname"):
            talk.type(NAME)
        else:
            applicant.step()
    shown = [fact for turn in talk.turns for fact in turn.facts if fact.type == "Said"]
    assert not [said.place for said in shown if NAME in said.template]
    holding = [param for said in shown for param in said.params if NAME in param.value]
    assert holding
    assert {param.name for param in holding if param.of is None} == set()
