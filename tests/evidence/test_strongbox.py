"""The strongbox: nothing readable on the disk, nothing lost that was acknowledged, nothing opened elsewhere."""

import asyncio
import hashlib
import itertools
import os
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import failpoints
from bot.evidence.memory import MemoryEvidence
from bot.keys import SEAL_BYTES, SealBroken, Secret, Vault
from bot.strongbox import OffsetMismatch, Strongbox
from tests.evidence.boxes import ONE, OTHER, STORES, each_store, played

VAULT = Vault([Secret(bytes(range(32)))], os.urandom)
KEY, OTHER_KEY = VAULT.new_key(ONE)[0], VAULT.new_key(OTHER)[0]
FILE = "f_AbC-dEf_0123456789xyzA"
MARKER = b"GEHEIM-4711 Klara Mustermensch"


def box(store):
    return Strongbox(store, VAULT)


async def sent(strongbox, data, size, file=FILE):
    """A file that arrives in chunks of that size."""
    for start in range(0, len(data), size):
        end = await strongbox.receive(ONE, KEY, file, start, data[start : start + size])
        assert end == min(len(data), start + size) == await strongbox.offset(ONE, KEY, file)


# Uploads


@each_store
async def test_what_was_sent_in_chunks_is_received_whole(store):
    data = os.urandom(10_000)
    await sent(box(store), data, 777)
    assert await box(store).received(ONE, KEY, FILE) == data


@each_store
async def test_an_upload_of_which_nothing_came_is_empty(store):
    assert await box(store).offset(ONE, KEY, FILE) == 0
    assert await box(store).received(ONE, KEY, FILE) == b""
    assert await box(store).receive(ONE, KEY, FILE, 0, b"") == 0
    assert await store.cases() == []


@each_store
async def test_another_offset_is_told_and_nothing_is_written(store):
    await sent(box(store), b"0123456789", 10)
    for offset in (0, 5, 9, 11, 1_000_000, -1):
        with pytest.raises(OffsetMismatch) as mismatch:
            await box(store).receive(ONE, KEY, FILE, offset, b"x")
        assert mismatch.value.actual == 10
    assert await box(store).received(ONE, KEY, FILE) == b"0123456789"


@each_store
async def test_uploads_do_not_meet(store):
    strongbox = box(store)
    await sent(strongbox, b"first", 2)
    await sent(strongbox, b"second", 2, "f_other")
    assert await strongbox.received(ONE, KEY, FILE) == b"first"
    await strongbox.discard(ONE, FILE)
    await strongbox.discard(ONE, FILE)
    assert await strongbox.offset(ONE, KEY, FILE) == 0
    assert await strongbox.received(ONE, KEY, "f_other") == b"second"


@each_store
async def test_of_two_chunks_for_one_place_one_wins(store):
    strongbox = box(store)
    await sent(strongbox, b"0123", 4)
    calls = [strongbox.receive(ONE, KEY, FILE, 4, bytes([n]) * 5) for n in range(6)]
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert [one for one in found if isinstance(one, int)] == [9]
    assert {one.actual for one in found if isinstance(one, OffsetMismatch)} == {9}
    assert len(await strongbox.received(ONE, KEY, FILE)) == 9
    assert not strongbox._locks


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=400), cuts=st.lists(st.integers(0, 400), max_size=12))
def test_however_a_file_is_cut_it_arrives(data, cuts):
    async def scene(store):
        places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
        for start, end in itertools.pairwise(places):
            assert await box(store).receive(ONE, KEY, FILE, start, data[start:end]) == end
        return await box(store).received(ONE, KEY, FILE)

    assert played(MemoryEvidence(), scene) == data


class Counting(MemoryEvidence):
    """Remembers how many bytes were read."""

    def __init__(self):
        super().__init__()
        self.read = 0

    async def get(self, case, name):
        data = await super().get(case, name)
        self.read += len(data)
        return data


def test_a_long_upload_is_not_read_again_for_every_chunk():
    async def scene(store):
        strongbox = box(store)
        await sent(strongbox, os.urandom(50_000), 500)
        return store.read

    assert played(Counting(), scene) == 0


@each_store
async def test_two_processes_take_turns_with_one_upload(store):
    one, other, data = box(store), box(store), os.urandom(3_000)
    for start in range(0, 3_000, 100):
        strongbox = (one, other, one, one)[start // 100 % 4]
        with pytest.raises(OffsetMismatch):
            await strongbox.receive(ONE, KEY, FILE, start + 1, b"x")
        assert await strongbox.receive(ONE, KEY, FILE, start, data[start : start + 100]) == start + 100
    assert await one.received(ONE, KEY, FILE) == data


@each_store
async def test_an_upload_that_another_process_tore_goes_on_at_its_sound_end(store):
    strongbox = box(store)
    await sent(strongbox, b"sound", 5)
    whole = await store.get(ONE, name_of(FILE))
    await store.append(ONE, name_of(FILE), len(whole), b"\0\0\0\x40 torn")
    assert await strongbox.receive(ONE, KEY, FILE, 5, b" again") == 11
    await strongbox.discard(ONE, FILE)
    with pytest.raises(OffsetMismatch):
        await strongbox.receive(ONE, KEY, FILE, 11, b"x")
    assert await strongbox.receive(ONE, KEY, FILE, 0, b"anew") == 4


# Torn writes


def name_of(file):
    return f"upload-{file}"


CHUNKS = (b"a" * 40, b"b" * 25, b"c" * 60)


async def stored_bytes(store):
    data = b"".join(CHUNKS)
    start = 0
    for chunk in CHUNKS:
        start = await box(store).receive(ONE, KEY, FILE, start, chunk)
    assert start == len(data)
    return await store.get(ONE, name_of(FILE))


def test_wherever_a_write_was_torn_what_was_acknowledged_is_there_and_it_goes_on():
    """The last chunk's frame breaks off, or its end was never written: only that chunk is to be sent again."""

    async def scene(store):
        whole = await stored_bytes(store)
        begins = len(whole) - len(CHUNKS[2]) - SEAL_BYTES - 4
        for cut in range(begins, len(whole)):
            for rest in (b"", bytes(len(whole) - cut), b"\xff" * (len(whole) - cut), os.urandom(50)):
                torn = whole[:cut] + rest
                if torn.startswith(whole):
                    continue  # one byte was missing, and the rest happens to begin with it: nothing is torn
                await store.drop(ONE, name_of(FILE))
                await store.append(ONE, name_of(FILE), 0, torn)
                assert await box(store).offset(ONE, KEY, FILE) == 65, cut
                assert await box(store).received(ONE, KEY, FILE) == b"".join(CHUNKS[:2])
        assert await box(store).receive(ONE, KEY, FILE, 65, CHUNKS[2]) == 125
        return await box(store).received(ONE, KEY, FILE)

    assert played(MemoryEvidence(), scene) == b"".join(CHUNKS)


def test_a_death_in_the_middle_costs_one_chunk_at_most(tmp_path):
    async def first(store):
        await box(store).receive(ONE, KEY, FILE, 0, CHUNKS[0])
        await box(store).receive(ONE, KEY, FILE, 40, CHUNKS[1])

    with failpoints.armed(failpoints.abort_at("evidence.frame_written", 2)), pytest.raises(failpoints.Abort):
        played(STORES["folder"](tmp_path), first)

    async def then(store):
        offset = await box(store).offset(ONE, KEY, FILE)
        assert offset in (40, 65)
        await box(store).receive(ONE, KEY, FILE, offset, b"".join(CHUNKS)[offset:])
        return await box(store).received(ONE, KEY, FILE)

    assert played(STORES["folder"](tmp_path), then) == b"".join(CHUNKS)


@each_store
async def test_a_change_in_the_middle_is_noticed(store):
    whole = await stored_bytes(store)
    changed = bytearray(whole)
    changed[4 + 20] ^= 1
    await store.append(ONE, name_of(FILE), 0, bytes(changed))
    with pytest.raises(SealBroken):
        await box(store).received(ONE, KEY, FILE)


@each_store
async def test_pieces_open_only_in_their_place(store):
    whole = await stored_bytes(store)
    first, second = whole[: 44 + SEAL_BYTES], whole[44 + SEAL_BYTES : 73 + 2 * SEAL_BYTES]
    for mixed in (second + first, first + first, first + first + second):
        await store.append(ONE, name_of(FILE), 0, mixed)
        try:
            found = await box(store).received(ONE, KEY, FILE)
        except SealBroken:
            continue
        assert found == CHUNKS[0]


@each_store
async def test_an_upload_opens_only_for_its_case_and_file(store):
    whole = await stored_bytes(store)
    await store.append(ONE, name_of("f_other"), 0, whole)
    await store.append(OTHER, name_of(FILE), 0, whole)
    for case, key, file in (
        (ONE, KEY, "f_other"),
        (OTHER, KEY, FILE),
        (OTHER, OTHER_KEY, FILE),
        (ONE, OTHER_KEY, FILE),
    ):
        assert await box(store).offset(case, key, file) != len(b"".join(CHUNKS))
        with pytest.raises(SealBroken):
            await box(store).received(case, key, file)


# Documents


@each_store
async def test_what_was_kept_is_read(store):
    strongbox = box(store)
    for data in (b"", MARKER, os.urandom(3_000_000)):
        name = await strongbox.keep(ONE, KEY, data)
        assert await strongbox.read(ONE, KEY, name) == data


@each_store
async def test_the_same_bytes_have_the_same_name_in_a_case_and_another_elsewhere(store):
    strongbox = box(store)
    name = await strongbox.keep(ONE, KEY, MARKER)
    assert await strongbox.keep(ONE, KEY, MARKER) == name
    assert await strongbox.keep(ONE, KEY, MARKER + b".") != name
    assert await strongbox.keep(OTHER, OTHER_KEY, MARKER) != name
    assert hashlib.sha256(MARKER).hexdigest() not in name
    assert len(await store.names(ONE)) == 2


@each_store
async def test_what_was_not_kept_is_a_key_error(store):
    await sent(box(store), MARKER, 10)
    for name in ("document-" + "0" * 64, name_of(FILE), "nothing"):
        with pytest.raises(KeyError):
            await box(store).read(ONE, KEY, name)


@each_store
async def test_a_document_opens_only_for_its_case_and_name(store):
    strongbox = box(store)
    name, other = await strongbox.keep(ONE, KEY, MARKER), await strongbox.keep(ONE, KEY, b"other")
    sealed = await store.get(ONE, name)
    await store.put(OTHER, name, sealed)
    await store.drop(ONE, other)
    await store.put(ONE, other, sealed)
    for case, key, place in ((OTHER, KEY, name), (OTHER, OTHER_KEY, name), (ONE, OTHER_KEY, name), (ONE, KEY, other)):
        with pytest.raises(SealBroken):
            await strongbox.read(case, key, place)


@each_store
async def test_what_is_damaged_does_not_open(store):
    strongbox = box(store)
    name = await strongbox.keep(ONE, KEY, MARKER)
    sealed = await store.get(ONE, name)
    changed = sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]
    for damaged in (b"", b"\x01", sealed[:-1], sealed + b"x", b"\x02" + sealed[1:], changed):
        await store.append(ONE, name, 0, damaged)
        with pytest.raises(SealBroken):
            await strongbox.read(ONE, KEY, name)


@each_store
async def test_what_is_listed_is_forgotten(store):
    strongbox = box(store)
    one, two = await strongbox.keep(ONE, KEY, b"one"), await strongbox.keep(ONE, KEY, b"two")
    await sent(strongbox, b"going on", 3)
    await sent(strongbox, b"abandoned", 3, "f_old")
    await strongbox.keep(OTHER, OTHER_KEY, b"three")
    assert set(await strongbox.names(ONE)) == {one, two, name_of(FILE), name_of("f_old")}
    await strongbox.forget(ONE, {two, name_of("f_old")})
    assert await store.names(ONE) == sorted([one, name_of(FILE)])
    assert len(await store.names(OTHER)) == 1
    with pytest.raises(KeyError):
        await strongbox.read(ONE, KEY, two)


@each_store
async def test_an_erased_case_keeps_nothing(store):
    strongbox = box(store)
    name = await strongbox.keep(ONE, KEY, b"one")
    await sent(strongbox, b"going on", 3)
    assert await strongbox.cases() == [ONE]
    await strongbox.erase(ONE)
    assert await strongbox.cases() == await store.cases() == []
    assert await strongbox.offset(ONE, KEY, FILE) == 0
    with pytest.raises(KeyError):
        await strongbox.read(ONE, KEY, name)


@each_store
async def test_ids_of_files_come_from_the_house_alone(store):
    for file in ("", "..", "a/b", "f.x", "x" * 65, "ä"):
        with pytest.raises(ValueError, match="not an id"):
            await box(store).offset(ONE, KEY, file)


# What lies on the disk


def test_a_marker_is_nowhere_to_be_found(tmp_path):
    async def scene(store):
        await sent(box(store), b"x" * 999 + MARKER * 50, 500)
        return await box(store).keep(ONE, KEY, MARKER * 1000)

    name = played(STORES["folder"](tmp_path), scene)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2
    for pattern in ("GEHEIM-4711", "Mustermensch", hashlib.sha256(MARKER * 1000).hexdigest()):
        assert subprocess.run(["grep", "-ra", pattern, tmp_path], check=False, capture_output=True).returncode == 1
        assert pattern not in name


def test_the_same_bytes_are_sealed_differently(tmp_path):
    async def scene(store):
        await sent(box(store), bytes(100), 100)
        await sent(box(store), bytes(100), 100, "f_other")
        return await store.get(ONE, name_of(FILE)), await store.get(ONE, name_of("f_other"))

    one, other = played(STORES["folder"](tmp_path), scene)
    assert one[4:] != other[4:]


def test_a_file_cannot_pass_for_a_turn():
    sealed = VAULT.seal_blob(KEY, ONE, "x", 1, MARKER)
    assert VAULT.open_blob(KEY, ONE, "x", 1, sealed) == MARKER
    with pytest.raises(SealBroken):
        VAULT.open(KEY, ONE, 1, sealed)
    with pytest.raises(SealBroken):
        VAULT.open_blob(KEY, ONE, "x", 2, sealed)
    with pytest.raises(SealBroken):
        VAULT.open_blob(KEY, ONE, "", 1, VAULT.seal(KEY, ONE, 1, MARKER))
    with pytest.raises(SealBroken):
        VAULT.open_blob(KEY, ONE, "x", 1, b"\x02" + sealed[1:])
    assert len(sealed) == len(MARKER) + SEAL_BYTES
