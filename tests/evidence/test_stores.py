"""What every store of evidence must do, and what the folder promises beyond: about its disk, deaths, other eyes."""

import asyncio
import os
import resource
import stat
import time
from collections import Counter
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import failpoints
from bot.evidence.folder import Folder
from bot.evidence.memory import MemoryEvidence
from bot.ports import EvidenceDown
from tests.evidence.boxes import ONE, OTHER, STORES, each_store, played

# Every store


@each_store
async def test_what_was_put_is_there(store):
    await store.put(ONE, "a", bytes(range(256)))
    await store.put(ONE, "b", b"")
    assert (await store.get(ONE, "a"), await store.get(ONE, "b")) == (bytes(range(256)), b"")


@each_store
async def test_the_same_name_again_changes_nothing(store):
    await store.put(ONE, "a", b"first")
    await store.put(ONE, "a", b"second")
    assert await store.get(ONE, "a") == b"first"


@each_store
async def test_what_is_not_there_is_a_key_error(store):
    with pytest.raises(KeyError):
        await store.get(ONE, "a")
    await store.put(ONE, "a", b"x")
    for case, name in ((ONE, "b"), (OTHER, "a")):
        with pytest.raises(KeyError):
            await store.get(case, name)


@each_store
async def test_the_size_is_known_without_reading(store):
    assert await store.size(ONE, "a") == 0
    await store.append(ONE, "a", 0, b"one")
    await store.append(ONE, "a", 3, b"four")
    assert (await store.size(ONE, "a"), await store.size(OTHER, "a")) == (7, 0)


@each_store
async def test_frames_are_written_one_behind_the_other(store):
    await store.append(ONE, "a", 0, b"one")
    await store.append(ONE, "a", 3, b"two")
    assert await store.get(ONE, "a") == b"onetwo"


@each_store
async def test_whatever_lay_behind_a_frame_is_cut_off(store):
    await store.append(ONE, "a", 0, b"one and a torn rest")
    await store.append(ONE, "a", 3, b"two")
    assert await store.get(ONE, "a") == b"onetwo"
    await store.append(ONE, "a", 0, b"")
    assert await store.get(ONE, "a") == b""


@each_store
async def test_no_frame_is_written_behind_the_end(store):
    await store.append(ONE, "a", 0, b"one")
    with pytest.raises(EvidenceDown):
        await store.append(ONE, "a", 4, b"two")
    assert await store.get(ONE, "a") == b"one"


@each_store
async def test_what_was_dropped_is_gone(store):
    await store.put(ONE, "a", b"x")
    await store.drop(ONE, "a")
    await store.drop(ONE, "a")
    await store.drop(OTHER, "a")
    with pytest.raises(KeyError):
        await store.get(ONE, "a")
    await store.put(ONE, "a", b"y")
    assert await store.get(ONE, "a") == b"y"


@each_store
async def test_names_and_cases_are_listed(store):
    assert (await store.names(ONE), await store.cases()) == ([], [])
    await store.put(ONE, "b", b"x")
    await store.append(ONE, "a", 0, b"x")
    await store.put(OTHER, "c", b"x")
    assert (await store.names(ONE), await store.names(OTHER)) == (["a", "b"], ["c"])
    assert await store.cases() == [ONE, OTHER]


@each_store
async def test_an_erased_case_is_gone_and_no_other(store):
    for case in (ONE, OTHER):
        await store.put(case, "a", b"x")
        await store.put(case, "b", b"x")
    await store.erase(ONE)
    await store.erase(ONE)
    assert (await store.cases(), await store.names(ONE), await store.names(OTHER)) == ([OTHER], [], ["a", "b"])


@each_store
async def test_free_is_a_part(store):
    assert 0 < await store.free() <= 1
    await store.put(ONE, "a", b"x")
    assert 0 < await store.free() <= 1


@each_store
async def test_names_come_from_the_house_alone(store):
    for name in ("", "..", "a/b", "a.b", ".a", "a\0", "ä", "a" * 101, "a\n", "/etc/passwd"):
        for call in (
            store.put(ONE, name, b"x"),
            store.get(ONE, name),
            store.append(ONE, name, 0, b"x"),
            store.drop(ONE, name),
        ):
            with pytest.raises(ValueError, match="not a name"):
                await call
    for case in (b"", bytes(15), bytes(17)):
        with pytest.raises(ValueError, match="16 bytes"):
            await store.erase(case)
    assert await store.cases() == []


@each_store
async def test_many_at_once(store):
    await asyncio.gather(*(store.put(ONE, f"f{n}", bytes([n])) for n in range(20)))
    await asyncio.gather(*(store.put(ONE, "same", b"same") for _ in range(20)))
    assert len(await store.names(ONE)) == 21
    assert await store.get(ONE, "f7") == b"\x07"


# Both side by side

CASES, NAMES, DATA = st.sampled_from([ONE, OTHER]), st.sampled_from(["a", "b"]), st.binary(max_size=9)
CALLS = st.one_of(
    st.tuples(st.just("append"), CASES, NAMES, st.integers(0, 12), DATA),
    st.tuples(st.just("put"), CASES, NAMES, DATA),
    st.tuples(st.sampled_from(["get", "drop"]), CASES, NAMES),
    st.tuples(st.sampled_from(["names", "erase"]), CASES),
    st.tuples(st.just("cases")),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(calls=st.lists(CALLS, max_size=20))
def test_whatever_happens_in_whatever_order_both_agree(calls, tmp_path_factory):
    async def told(store, call):
        try:
            return await getattr(store, call[0])(*call[1:])
        except (KeyError, EvidenceDown) as error:
            return type(error)

    async def scene(folder):
        memory = MemoryEvidence()
        for call in calls:
            assert await told(memory, call) == await told(folder, call), call

    played(Folder(tmp_path_factory.mktemp("evidence") / "root"), scene)


# The folder


def over(tmp_path):
    return STORES["folder"](tmp_path)


def files(tmp_path):
    return [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]


def test_everything_is_for_its_owner_only_and_where_it_belongs(tmp_path):
    async def scene(store):
        await store.put(ONE, "a", b"x")
        await store.append(ONE, "b", 0, b"x")

    old = os.umask(0)
    try:
        played(over(tmp_path), scene)
    finally:
        os.umask(old)
    root = tmp_path / "data" / "evidence"
    folder = root / "0f" / ONE.hex()
    assert files(tmp_path) == [folder / "a", folder / "b"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / "a", folder / "b")} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (root, folder.parent, folder)} == {0o700}


def test_another_process_sees_the_same(tmp_path):
    async def scene(store):
        await store.put(ONE, "a", b"x")
        other = over(tmp_path)
        await other.append(ONE, "b", 0, b"y")
        found = await store.get(ONE, "b"), await other.get(ONE, "a")
        await other.close()
        return found

    assert played(over(tmp_path), scene) == (b"y", b"x")


def test_strange_files_are_no_cases(tmp_path):
    async def scene(store):
        await store.put(ONE, "a", b"x")
        root = tmp_path / "data" / "evidence"
        for name in ("lost+found", "zz", "00/not-a-case", "0f/" + "f" * 31):
            (root / name).mkdir(parents=True)
        (root / "0f" / ("e" * 32)).write_bytes(b"")
        return await store.cases()

    assert played(over(tmp_path), scene) == [ONE]


def test_no_link_is_followed(tmp_path):
    async def scene(store):
        await store.put(ONE, "a", b"x")
        folder = tmp_path / "data" / "evidence" / "0f" / ONE.hex()
        (tmp_path / "outside").write_bytes(b"outside")
        (folder / "b").symlink_to(tmp_path / "outside")
        for call in (store.get(ONE, "b"), store.append(ONE, "b", 0, b"x")):
            with pytest.raises(EvidenceDown) as down:
                await call
            assert down.value.retry_after is None
        await store.drop(ONE, "b")

    played(over(tmp_path), scene)
    assert (tmp_path / "outside").read_bytes() == b"outside"


def test_after_the_end_nothing_is_taken(tmp_path):
    async def scene(store):
        await store.close()
        with pytest.raises(EvidenceDown):
            await store.put(ONE, "a", b"x")

    played(over(tmp_path), scene)


# A disk that fails


@contextmanager
def little_room():
    """No file may grow beyond a thousand bytes: the nearest to a full disk that a test may do."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def test_without_room_nothing_is_half_there(tmp_path):
    async def scene(store):
        await store.append(ONE, "up", 0, bytes(600))
        with little_room():
            for call in (store.put(ONE, "a", bytes(5000)), store.append(ONE, "up", 600, bytes(600))):
                with pytest.raises(EvidenceDown) as down:
                    await call
                assert ONE.hex() not in str(down.value)
                assert down.value.retry_after
        await store.append(ONE, "up", 600, b"end")
        return await store.names(ONE), await store.get(ONE, "up")

    assert played(over(tmp_path), scene) == (["up"], bytes(600) + b"end")
    assert [path.name for path in files(tmp_path)] == ["up"]


def test_a_folder_that_is_none_is_for_a_person(tmp_path):
    (tmp_path / "data").write_bytes(b"")

    async def scene(store):
        for call in (store.put(ONE, "a", b"x"), store.append(ONE, "a", 0, b"x")):
            with pytest.raises(EvidenceDown) as down:
                await call
            assert down.value.retry_after is None
            assert str(tmp_path) not in str(down.value)

    played(over(tmp_path), scene)


# Deaths


async def put_and_append(store):
    await store.append(ONE, "up", 0, b"one")
    await store.append(ONE, "up", 3, b"two")
    await store.put(ONE, "a", b"whole")


def visits(tmp_path):
    counter = Counter()
    with failpoints.armed(lambda point: counter.update([point])):
        played(over(tmp_path / "undisturbed"), put_and_append)
    return counter


def test_every_failpoint_of_evidence_is_visited(tmp_path):
    assert set(visits(tmp_path)) == {point for point in failpoints.POINTS if point.startswith("evidence.")}


def test_whoever_dies_wherever_the_next_one_goes_on(tmp_path):
    deaths = 0
    for point, times in visits(tmp_path).items():
        for nth in range(1, times + 1):
            path = tmp_path / f"{point} {nth}"
            with failpoints.armed(failpoints.abort_at(point, nth)), pytest.raises(failpoints.Abort):
                played(over(path), put_and_append)
            deaths += 1

            async def scene(store):
                names = await store.names(ONE)
                if "a" in names:
                    assert await store.get(ONE, "a") == b"whole"
                if "up" in names:
                    assert b"onetwo".startswith(await store.get(ONE, "up"))
                await put_and_append(store)
                return await store.names(ONE), await store.get(ONE, "up"), await store.get(ONE, "a")

            assert played(over(path), scene) == (["a", "up"], b"onetwo", b"whole"), (point, nth)
    assert deaths == 4


def test_what_died_unfinished_is_removed_after_an_hour(tmp_path):
    with failpoints.armed(failpoints.abort_at("evidence.before_rename")), pytest.raises(failpoints.Abort):
        played(over(tmp_path), lambda store: store.put(ONE, "a", b"whole"))
    (draft,) = files(tmp_path)

    async def scene(store):
        assert (await store.names(ONE), await store.cases()) == ([], [ONE])
        assert draft.exists()
        old = time.time() - 3_700
        os.utime(draft, (old, old))
        assert await store.cases() == [ONE]
        assert not draft.exists()

    played(over(tmp_path), scene)


def test_an_erased_case_takes_its_unfinished_files_along(tmp_path):
    with failpoints.armed(failpoints.abort_at("evidence.before_rename")), pytest.raises(failpoints.Abort):
        played(over(tmp_path), lambda store: store.put(ONE, "a", b"whole"))
    played(over(tmp_path), lambda store: store.erase(ONE))
    assert files(tmp_path) == []
