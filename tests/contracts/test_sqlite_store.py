"""What only the SQLite store promises: about its files, its errors, its savepoints, and other processes."""

import asyncio
import multiprocessing
import os
import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.keys import SealBroken, Secret, Vault
from bot.ports import CredentialChange, DoorChange, Filter, NewJob, StoreDown
from bot.stores import sqlite_work
from bot.stores.committer import commit_together
from bot.stores.sqlite import SqliteStore
from bot.stores.sqlite_append import Append
from bot.stores.sqlite_files import SQL, Files, key_path, open_files
from tests.contracts.entries import HOUR, NOW, append_next, case, entry, numbers, put, talk, wrapped_key

PATIENCE = 0.05


def played(path, scene):
    async def whole():
        store = SqliteStore(path, patience=PATIENCE)
        try:
            return await scene(store)
        finally:
            await store.close()

    return asyncio.run(whole())


def everything(folder: Path) -> bytes:
    """All bytes of all files of the store."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


# The files


def test_what_was_told_done_is_there_after_reopening(tmp_path):
    path = tmp_path / "ledger.db"
    played(path, lambda store: talk(store, case(1), 3))
    assert played(path, lambda store: numbers(store, case(1))) == [1, 2, 3]


def test_the_files_are_for_their_owner_only(tmp_path):
    async def scene(store):
        await talk(store, case(1), 1)
        return {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}

    modes = played(tmp_path / "ledger.db", scene)
    assert {"ledger.db", "ledger.db-wal", "ledger.db-keys"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_the_settings_that_keep_the_promises(tmp_path):
    with closing(open_files(tmp_path / "ledger.db")) as files:
        for connection in (files.ledger, files.keys):
            found = {
                name: connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "secure_delete", "trusted_schema", "foreign_keys")
            }
            assert found == {
                "journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "trusted_schema": 0, "foreign_keys": 1,
            }  # fmt: skip


def test_no_word_of_an_applicant_stands_in_the_files(tmp_path):
    vault, one = Vault([Secret(bytes(range(32)))], os.urandom), case(1)
    data_key, wrapped = vault.new_key(one)
    marker, address = "Mustermensch, Klara", "chat 4711"
    seen = (vault.door_hash("telegram", address), "1")

    async def scene(store):
        payload = vault.seal(data_key, one, 1, marker.encode())
        doors = [DoorChange(seen[0], "telegram", "current")]
        credentials = [CredentialChange(vault.credential_hash("at_secret"), "token")]
        index = [("name", vault.index_hash("name", marker))]
        await put(store, entry(one, 1, key=wrapped, payload=payload, seen=seen, doors=doors, credentials=credentials,
                               index=index))  # fmt: skip
        return everything(tmp_path)

    found = played(tmp_path / "ledger.db", scene)
    assert wrapped in found
    for secret in (marker.encode(), address.encode(), b"at_secret", data_key.reveal(), b"Klara"):
        assert secret not in found


def test_an_old_copy_of_the_ledger_does_not_bring_back_what_was_erased(tmp_path):
    """With today's key file and the current master key it opens everything except the erased case."""
    vault = Vault([Secret(bytes(range(32)))], os.urandom)
    path, copy = tmp_path / "ledger.db", tmp_path / "copy.db"
    keys = {one: vault.new_key(one) for one in (case(1), case(2))}

    async def fill(store):
        for one, (data_key, wrapped) in keys.items():
            await put(store, entry(one, 1, key=wrapped, payload=vault.seal(data_key, one, 1, b"private")))

    async def read(store):
        return {one: await store.load(one) for one in keys}

    played(path, fill)
    shutil.copy(path, copy)
    played(path, lambda store: store.erase(case(1), NOW))
    shutil.copy(key_path(path), key_path(copy))
    with closing(sqlite3.connect(copy)) as old:
        ((sealed,),) = old.execute('SELECT payload FROM turns WHERE "case" = ?', (case(1),)).fetchall()
    found = played(copy, read)
    other = vault.unwrap(case(2), found[case(2)].key)
    assert vault.open(other, case(2), 1, found[case(2)].rows[0].payload) == b"private"
    assert found[case(1)] is None
    with pytest.raises(SealBroken):
        vault.open(other, case(1), 1, sealed)


def test_the_wrapped_key_of_an_erased_case_stands_in_no_file(tmp_path):
    async def scene(store):
        await put(store, entry(case(1), 1), entry(case(2), 1))
        assert wrapped_key(case(1)) in everything(tmp_path)
        await store.erase(case(1), NOW)
        return everything(tmp_path)

    left = played(tmp_path / "ledger.db", scene)
    assert wrapped_key(case(1)) not in left
    assert wrapped_key(case(2)) in left


def test_the_broom_erases_again_what_an_old_copy_brought_back(tmp_path):
    path = tmp_path / "ledger.db"
    played(path, lambda store: store.append([entry(case(1), 1), entry(case(2), 1)]))
    shutil.copy(path, tmp_path / "old.db")
    played(path, lambda store: store.erase(case(1), NOW))
    shutil.copy(tmp_path / "old.db", path)

    async def scene(store):
        assert len(await store.summaries(Filter())) == 2
        await store.sweep(NOW)
        assert [one for one, _ in await store.summaries(Filter())] == [case(2)]
        return await store.append([entry(case(1), 1)])

    assert played(path, scene) == ["conflict"]


def test_the_broom_ends_an_erasure_that_was_cut_off_between_the_files(tmp_path):
    path = tmp_path / "ledger.db"
    played(path, lambda store: store.append([entry(case(1), 1), entry(case(2), 1)]))
    shutil.copy(key_path(path), tmp_path / "old-keys")
    played(path, lambda store: store.erase(case(1), NOW))
    shutil.copy(tmp_path / "old-keys", key_path(path))
    assert wrapped_key(case(1)) in everything(tmp_path)
    (tmp_path / "old-keys").unlink()
    played(path, lambda store: store.sweep(NOW))
    assert wrapped_key(case(1)) not in everything(tmp_path)
    assert played(path, lambda store: numbers(store, case(2))) == [1]


def test_a_missing_migration_is_applied_and_a_newer_file_refused(tmp_path):
    path = tmp_path / "ledger.db"
    open_files(path).close()
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        assert version == len([name for name in SQL if name.startswith("ledger_")])
        connection.execute(f"PRAGMA user_version = {version + 1}")
    with pytest.raises(StoreDown, match="newer version") as refused:
        SqliteStore(path)
    assert refused.value.retry_after is None


# The world's failures


def test_a_folder_that_is_missing_is_said(tmp_path):
    with pytest.raises(StoreDown, match="No such file"):
        SqliteStore(tmp_path / "missing" / "ledger.db")


def test_a_file_that_is_no_ledger_is_for_a_person(tmp_path):
    path = tmp_path / "ledger.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreDown, match="NOTADB") as refused:
        SqliteStore(path)
    assert refused.value.retry_after is None


def test_a_locked_file_is_tried_again_later(tmp_path):
    path = tmp_path / "ledger.db"

    async def scene(store):
        await talk(store, case(1), 1)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreDown, match="BUSY") as refused:
                await store.append([entry(case(1), 2)])
            assert refused.value.retry_after == 1.0
            assert await numbers(store, case(1)) == [1]  # readers do not wait
            other.execute("ROLLBACK")
        await put(store, entry(case(1), 2))

    played(path, scene)


def test_a_locked_key_file_opens_no_half_case(tmp_path):
    path = tmp_path / "ledger.db"

    async def scene(store):
        await talk(store, case(1), 1)
        with closing(sqlite3.connect(key_path(path), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreDown, match="BUSY"):
                await store.append([entry(case(2), 1)])
            with pytest.raises(StoreDown, match="BUSY"):
                await store.erase(case(1), NOW)
            other.execute("ROLLBACK")
        assert await store.load(case(2)) is None
        assert await store.load(case(1)) is None
        await put(store, entry(case(2), 1))
        await store.sweep(NOW)
        return everything(tmp_path)

    assert wrapped_key(case(1)) not in played(path, scene)


def test_a_full_disk_loses_nothing_and_is_survived(tmp_path):
    path = tmp_path / "ledger.db"

    async def scene(store):
        await talk(store, case(1), 3)
        ledger = store._committer._files.ledger
        (pages,) = ledger.execute("PRAGMA page_count").fetchone()
        ledger.execute(f"PRAGMA max_page_count = {pages}").fetchone()
        many = [store.append([entry(case(1), 4, payload=bytes(100_000))]) for _ in range(5)]
        for outcome in await asyncio.gather(*many, return_exceptions=True):
            assert isinstance(outcome, StoreDown)
            assert (str(outcome), outcome.retry_after) == ("SQLite: SQLITE_FULL", 60.0)
        assert await numbers(store, case(1)) == [1, 2, 3]
        ledger.execute("PRAGMA max_page_count = 1000000").fetchone()
        await put(store, entry(case(1), 4, payload=bytes(100_000)))
        return ledger.execute("PRAGMA integrity_check").fetchone()

    assert played(path, scene) == ("ok",)


def test_damage_is_said_and_not_hidden(tmp_path):
    path = tmp_path / "ledger.db"
    played(path, lambda store: talk(store, case(1), 100))
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreDown) as refused:
        played(path, lambda store: store.load(case(1)))
    assert refused.value.retry_after is None


def test_an_error_quotes_nothing_that_was_to_be_stored(tmp_path):
    async def scene(store):
        with pytest.raises(sqlite3.Error) as refused:
            await store.append([entry(case(1), 1, payload=object(), seen=(b"door", "private word"))])
        return str(refused.value)

    assert "private" not in played(tmp_path / "ledger.db", scene)


# Group commit


@pytest.fixture
def files(tmp_path):
    with closing(open_files(tmp_path / "ledger.db")) as files:
        yield files


def work(*entries):
    return Append(entries)


def rows(files: Files, table: str) -> int:
    return files.ledger.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_a_poisoned_entry_sinks_nobody_else(files):
    poisons = [
        entry(case(2), 1, payload=object()),
        entry(case(2), 1, key=object(), seen=(b"d", object())),
        entry(case(2), 1, jobs=[NewJob("say", "1", NOW, b"fine"), NewJob("say", "2", NOW, None)]),
    ]
    works = [work(entry(case(1), 1)), *(work(poison) for poison in poisons), work(entry(case(1), 2))]
    outcomes = commit_together(files, works)
    assert [outcome.value for outcome in outcomes] == [["done"], None, None, None, ["done"]]
    assert all(isinstance(outcome.error, sqlite3.Error) for outcome in outcomes[1:4])
    assert [rows(files, table) for table in ("turns", "summaries", "jobs", "seen")] == [2, 1, 0, 0]
    assert files.keys.execute("SELECT count(*) FROM keys").fetchone() == (1,)


def test_turns_that_wait_are_written_together_unless_one_of_them_cannot_be(files):
    commit_together(files, [work(entry(case(n), 1)) for n in (1, 2, 3)])
    first = commit_together(files, [work(entry(case(n), 2, seen=(b"d", str(n)))) for n in (1, 2, 3)])
    assert [outcome.value for outcome in first] == [["done"]] * 3
    late = [entry(case(1), 3), entry(case(2), 3, seen=(b"d", "2")), entry(case(3), 2), entry(case(3), 3)]
    assert [outcome.value for outcome in commit_together(files, [work(each) for each in late])] == [
        ["done"],
        ["seen"],
        ["conflict"],
        ["done"],
    ]
    assert [rows(files, table) for table in ("turns", "seen", "summaries")] == [8, 3, 3]


def test_one_call_is_all_or_nothing_where_it_fails(files):
    (outcome,) = commit_together(files, [work(entry(case(1), 1), entry(case(2), 1, payload=object()))])
    assert outcome.error is not None
    assert rows(files, "turns") == 0


def test_a_bug_in_rewrapping_leaves_the_files_usable(files):
    commit_together(files, [work(entry(case(1), 1))])
    broken = [partial(sqlite_work.rekey, after=b"", rewrap=lambda *_: {}["bug"])]
    broken += [partial(sqlite_work.rekey, after=b"", rewrap=lambda *_: object())]
    outcomes = commit_together(files, [*broken, work(entry(case(2), 1))])
    assert [type(outcome.error) for outcome in outcomes[:1]] == [KeyError]
    assert isinstance(outcomes[1].error, sqlite3.Error)
    assert outcomes[2].value == ["done"]
    assert rows(files, "turns") == 2


def test_a_case_that_is_just_opening_is_not_taken_for_an_erased_one(files):
    """The broom's reader may see the ledger and the key file at two moments; it asks again under the lock."""
    commit_together(files, [work(entry(case(1), 1))])
    (outcome,) = commit_together(files, [partial(sqlite_work.erase_keyless, case=case(1), at=NOW)])
    assert outcome.value is False
    assert rows(files, "turns") == 1


def test_what_waits_goes_into_one_transaction(tmp_path):
    """While the file is locked 100 appends gather; they need two commits, not a hundred."""
    path = tmp_path / "ledger.db"

    async def scene():
        store = SqliteStore(path, patience=5)
        commits = []
        store._committer._files.ledger.set_trace_callback(lambda sql: sql == "COMMIT" and commits.append(sql))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = [asyncio.create_task(store.append([entry(case(number), 1)])) for number in range(100)]
            await asyncio.sleep(0.05)
            other.execute("ROLLBACK")
            assert await asyncio.gather(*waiting) == [["done"]] * 100
        store._committer._files.ledger.set_trace_callback(None)
        await store.close()
        return len(commits)

    assert asyncio.run(scene()) <= 3


def test_who_stops_waiting_stops_nobody_else(tmp_path):
    async def scene(store):
        tasks = [asyncio.create_task(store.append([entry(case(number), 1)])) for number in range(10)]
        await asyncio.sleep(0)
        tasks[3].cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(outcomes.pop(3), asyncio.CancelledError)
        assert outcomes == [["done"]] * 9
        await put(store, entry(case(11), 1))
        return await numbers(store, case(3))

    assert played(tmp_path / "ledger.db", scene) == [1]


# Several processes


def write_beside_others(path: str, writer: int, turns: int) -> None:
    async def scene():
        store = SqliteStore(Path(path), patience=30)
        for number in range(turns):
            one, message = case(number % 3), f"{writer}:{number}"
            jobs = [NewJob("say", message, NOW)]
            await append_next(store, one, message.encode(), seen=(b"door", message), jobs=jobs)
        await store.close()

    asyncio.run(scene())


def test_two_processes_share_one_file(tmp_path):
    """Each appends to the same cases, optimistically; nothing is lost, nothing doubled, no number left out."""
    path, turns = tmp_path / "ledger.db", 60
    played(path, lambda store: store.append([entry(case(number), 1) for number in range(3)]))
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=write_beside_others, args=(str(path), writer, turns)) for writer in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]

    async def scene(store):
        loaded = [(await store.load(case(number))).rows for number in range(3)]
        jobs = [job for _ in range(13) for job in await store.claim(NOW, NOW + HOUR)]
        return loaded, jobs

    loaded, jobs = played(path, scene)
    for one in loaded:
        assert [row.number for row in one] == list(range(1, len(one) + 1))
    expected = sorted(f"{writer}:{number}" for writer in range(2) for number in range(turns))
    assert sorted(row.payload.decode() for one in loaded for row in one[1:]) == expected
    assert sorted(job.key for job in jobs) == expected


def claim_all(path: str, found) -> None:
    async def scene():
        store = SqliteStore(Path(path), patience=30)
        while jobs := await store.claim(NOW, NOW + HOUR, limit=5):
            for job in jobs:
                found.put(job.key)
        found.put(None)
        await store.close()

    asyncio.run(scene())


def test_two_processes_never_claim_the_same_job(tmp_path):
    path = tmp_path / "ledger.db"
    jobs = [NewJob("say", str(number), NOW) for number in range(200)]
    played(path, lambda store: store.append([entry(case(1), 1, jobs=jobs)]))
    spawn = multiprocessing.get_context("spawn")
    found = spawn.Queue()
    workers = [spawn.Process(target=claim_all, args=(str(path), found)) for _ in range(2)]
    for worker in workers:
        worker.start()
    keys, ended = [], 0
    while ended < 2:
        key = found.get(timeout=60)
        ended += key is None
        keys += [] if key is None else [key]
    for worker in workers:
        worker.join(60)
    assert sorted(keys, key=int) == [str(number) for number in range(200)]
