"""The export folder: all of a file or none of it, durable, for nobody else's eyes, and beside the event loop."""

import asyncio
import json
import os
import stat
import threading
from pathlib import Path

import pytest

from bot.agency.export import ExportFolder
from bot.ports import AgencyRejected, AgencyUnavailable, Parcel

SCHEMA = {"type": "object", "required": ["rolle"], "properties": {"rolle": {"enum": ["selbst"]}}}


def parcel(rolle: str = "selbst", key: str = "AL-0000-0000:1") -> Parcel:
    return Parcel(key, key.partition(":")[0], "application", {"rolle": rolle}, SCHEMA)


def submit(folder: Path, sent: Parcel) -> Path:
    delivery = asyncio.run(ExportFolder(folder).step(sent))
    assert delivery.state == "prepared"
    return folder / delivery.proof["place"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_same_key_writes_the_same_file_again(tmp_path):
    first = submit(tmp_path, parcel())
    assert submit(tmp_path, parcel()) == first
    assert [path.name for path in tmp_path.iterdir()] == ["AL-0000-0000-1.json"]
    assert json.loads(first.read_text("utf-8")) == {"rolle": "selbst"}


def test_only_we_may_read(tmp_path):
    before = os.umask(0o022)
    try:
        path = submit(tmp_path / "submissions", parcel())
    finally:
        os.umask(before)
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)


def test_a_submission_that_breaks_its_schema_is_never_written(tmp_path):
    with pytest.raises(AgencyRejected) as rejected:
        submit(tmp_path / "submissions", parcel("jemand"))
    assert rejected.value.reasons == ({"code": "enum", "address": "rolle"},)
    assert not (tmp_path / "submissions").exists()


def test_no_room_is_a_matter_of_time(tmp_path):
    (tmp_path / "submissions").write_text("", "utf-8")
    with pytest.raises(AgencyUnavailable) as down:
        submit(tmp_path / "submissions", parcel())
    assert down.value.retry_after == 60


def test_the_files_name_is_durable_too(tmp_path, monkeypatch):
    """A rename lives in the folder: without syncing that, power can go and the file with it."""
    synced: list[tuple[str, bool]] = []
    fsync = os.fsync

    def watched(handle: int) -> None:
        place = Path(f"/proc/self/fd/{handle}").readlink()
        synced.append((place.name, (tmp_path / "submissions" / "AL-0000-0000-1.json").exists()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    submit(tmp_path / "submissions", parcel())
    assert ("submissions", True) in synced
    assert (tmp_path.name, False) in synced


def test_the_disk_does_not_stop_the_other_conversations(tmp_path, monkeypatch):
    slow, free = threading.Event(), []
    monkeypatch.setattr(os, "fsync", lambda _handle: free.append(slow.wait(3)))

    async def talk() -> None:
        writing = asyncio.create_task(ExportFolder(tmp_path).step(parcel()))
        await asyncio.sleep(0.05)
        slow.set()
        await writing

    asyncio.run(talk())
    assert free
    assert all(free)
