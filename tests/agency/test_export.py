"""The export folder: all of a file or none of it, durable, for nobody else's eyes, and beside the event loop."""

import asyncio
import hashlib
import json
import os
import stat
import subprocess
import threading
import zipfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.agency.export import ExportFolder
from bot.agency.leaflet import leaflet
from bot.ports import AgencyRejected, AgencyUnavailable, Attachment, EvidenceDown, Parcel

SCHEMA = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "object", "properties": {"rolle": {"enum": ["selbst"]}}}},
}
HOW = "Stellen Sie diesen Antrag über Amt24."


def parcel(rolle: str = "selbst", key: str = "AL-0000-0000:1", attachments: Sequence[Attachment] = ()) -> Parcel:
    envelope = {"data": {"rolle": rolle}, "submitted_at": "2022-03-02T08:00:01Z"}
    return Parcel(
        key, key.partition(":")[0], "application", envelope, SCHEMA, title="Hilfe", how=HOW, attachments=attachments
    )


def attached(name: str, data: bytes, read: Callable[[], Awaitable[bytes]] | None = None) -> Attachment:
    async def at_hand() -> bytes:
        return data

    return Attachment(
        id=name,
        purpose="form" if name == "antrag.pdf" else "attachment",
        name=name,
        title="Kopie" if name == "antrag.pdf" else "Bescheinigung der Einrichtung",
        media_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        read=read or at_hand,
    )


def submit(folder: Path, sent: Parcel) -> Path:
    delivery = asyncio.run(ExportFolder(folder).step(sent))
    assert delivery.state == "prepared"
    return folder / delivery.proof["place"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_same_parcel_writes_the_same_bytes_again(tmp_path):
    sent = parcel(attachments=[attached("antrag.pdf", b"%PDF copy"), attached("nachweis-01.pdf", b"%PDF paper")])
    first = submit(tmp_path, sent)
    before = first.read_bytes()
    assert submit(tmp_path, sent) == first
    assert first.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["AL-0000-0000-1.zip"]


def test_everything_is_in_it_and_the_sums_are_right(tmp_path):
    sent = parcel(attachments=[attached("antrag.pdf", b"%PDF copy"), attached("nachweis-01.pdf", b"%PDF paper")])
    with zipfile.ZipFile(submit(tmp_path, sent)) as package:
        package.extractall(tmp_path / "unpacked")
        assert set(package.namelist()) == {
            "LIESMICH.txt", "submission.json", "submission.schema.json", "antrag.pdf", "nachweis-01.pdf", "SHA256SUMS"
        }  # fmt: skip
    there = tmp_path / "unpacked"
    assert json.loads((there / "submission.json").read_text("utf-8")) == sent.envelope
    assert json.loads((there / "submission.schema.json").read_text("utf-8")) == SCHEMA
    checked = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=there, capture_output=True, check=False)
    assert (checked.returncode, checked.stdout.count(b": OK")) == (0, 5)


def test_the_proof_names_the_package_and_its_hash(tmp_path):
    delivery = asyncio.run(ExportFolder(tmp_path).step(parcel()))
    data = (tmp_path / delivery.proof["place"]).read_bytes()
    assert delivery.proof == {"place": "AL-0000-0000-1.zip", "sha256": hashlib.sha256(data).hexdigest()}
    assert delivery.wait is None


def test_the_leaflet_says_what_has_not_happened_and_how_it_is_filed():
    words = leaflet(parcel(attachments=[attached("nachweis-01.pdf", b"x")]))
    assert words.startswith("VORBEREITET, NOCH NICHT EINGEREICHT")
    assert HOW in words
    assert "nachweis-01.pdf: Bescheinigung der Einrichtung" in words
    assert all(len(line) <= 78 for line in words.splitlines())
    assert "Fragen Sie die Behörde" in leaflet(replace(parcel(), how=""))
    assert "Vorführung" not in words
    demo = replace(parcel(), envelope={"demo_date": "2020-06-02"})
    assert "Vorführung" in leaflet(demo)
    later = replace(parcel(), envelope={"evidence": [{"later": True}, {"later": False}]}, kind="addition")
    told = " ".join(leaflet(later).split())
    assert "Ein Nachweis kommt später." in told
    assert "gehören: AL-0000-0000" in told


def test_one_file_at_a_time_is_read(tmp_path):
    """60 files of 20 MiB never lie in memory together: the next is asked for when the last one has been written."""
    seen: list[int] = []

    def piece(number: int) -> Attachment:
        async def read() -> bytes:
            (draft,) = tmp_path.glob(".AL-*")
            seen.append(draft.stat().st_size)
            return bytes(1 << 20)

        return attached(f"nachweis-{number:02d}.pdf", bytes(1 << 20), read)

    submit(tmp_path, parcel(attachments=[piece(number) for number in range(1, 5)]))
    assert [size >> 20 for size in seen] == [0, 1, 2, 3]


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path):
    async def away() -> bytes:
        raise EvidenceDown("the disk is away", 5)

    with pytest.raises(EvidenceDown):
        submit(tmp_path, parcel(attachments=[attached("nachweis-01.pdf", b"", away)]))
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_process_left_is_removed(tmp_path):
    left = tmp_path / ".AL-0000-0000-1.zip-dead"
    left.write_bytes(b"readable")
    os.utime(left, (0, 0))
    submit(tmp_path, parcel())
    assert not left.exists()


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
    (reason,) = rejected.value.reasons
    assert (reason["code"], reason["pointer"]) == ("enum", "/rolle")
    assert "jemand" not in str(reason)
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
        synced.append((place.name, (tmp_path / "submissions" / "AL-0000-0000-1.zip").exists()))
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
