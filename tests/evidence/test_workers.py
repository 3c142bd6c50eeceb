"""The inspector's processes: what they may, what they survive, and that they end."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from functools import cache
from itertools import repeat
from pathlib import Path

import pytest
from pikepdf import Name

from bot.evidence.frames import framed, packed, unpacked
from bot.evidence.inspect import inspect
from bot.evidence.workers import Workers
from bot.ports import EvidenceDown, Finding, Inspected
from tests.evidence.files import HEIC, bytes_of, document, halves, noise, pixel_bomb, png, saved
from tests.evidence.outputs import examine_jpeg

SMALL = saved(halves((900, 700)))
KILLING = HEIC.replace(b"\0\0Exif\0", b"\0\0\xff\xff\xff\xff\0", 1)
"""The kind of an item in it is no text: pi-heif 1.4 dies of that."""


def refused(code):
    return Inspected("refused", findings=(Finding(code),))


def with_workers(scene, *arguments, **options):
    """What ``scene`` returns, played with workers; afterwards no process is left."""

    async def whole():
        workers = Workers(*arguments, **options)
        try:
            return await scene(workers)
        finally:
            pids = children(workers)
            await workers.close()
            assert not any(lives(pid) for pid in pids)

    return asyncio.run(whole())


def children(workers):
    return [child._process.pid for child in workers._alive]


def lives(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def at_work(workers, data):
    """A task whose child is in the middle of that file."""
    await workers.inspect(SMALL)
    task = asyncio.create_task(workers.inspect(data))
    await asyncio.sleep(0.1)
    assert not task.done()
    return task


def child_that(code):
    """A command for a child that starts as one of ours and then does something else."""
    start = (
        "import os, sys, time, json\n"
        "say = lambda content: os.write(1, len(content).to_bytes(4, 'big') + content)\n"
        "def hear(): return sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4), 'big'))\n"
        "say(b'ready')\n"
    )
    return [sys.executable, "-c", start + code]


@cache
def slow_document(strokes=400_000):
    """A page with so many strokes that drawing them takes very long."""
    pdf = document()
    strokes = b"0 0 m 400 300 l 0 300 l 400 0 l 200 300 l b\n" * strokes
    pdf.pages[0].obj.Contents = pdf.make_stream(zlib.compress(strokes), Filter=Name.FlateDecode)
    return bytes_of(pdf)


def test_a_child_finds_what_the_function_finds():
    async def scene(workers):
        return [await workers.inspect(data) for data in (SMALL, HEIC, bytes_of(document(3)), SMALL[:500])]

    found = with_workers(scene)
    assert found == [inspect(SMALL), inspect(HEIC), inspect(bytes_of(document(3))), inspect(SMALL[:500])]


def test_nothing_starts_before_it_is_needed():
    async def scene(workers):
        refusals = [await workers.inspect(data) for data in (b"", b"GIF89a", bytes(30_000_000))]
        return refusals, children(workers)

    assert with_workers(scene) == ([refused("empty"), refused("unknown_type"), refused("too_large")], [])


def test_many_files_are_looked_into_by_few_children():
    async def scene(workers):
        found = await asyncio.gather(*(workers.inspect(SMALL) for _ in range(12)))
        return found, len(children(workers))

    assert with_workers(scene, 2) == ([inspect(SMALL)] * 12, 2)


def test_who_comes_when_too_many_wait_is_told_to_come_back():
    async def scene(workers):
        tasks = [asyncio.create_task(workers.inspect(SMALL)) for _ in range(6)]
        return await asyncio.gather(*tasks, return_exceptions=True)

    found = with_workers(scene, 1, most_waiting=3)
    assert found[:4] == [inspect(SMALL)] * 4
    assert [(type(error), error.retry_after) for error in found[4:]] == [(EvidenceDown, 10.0)] * 2


def test_a_child_is_replaced_after_some_files():
    async def scene(workers):
        seen = []
        for _ in range(5):
            assert (await workers.inspect(SMALL)).state == "ready"
            seen.append(children(workers))
        return seen

    seen = with_workers(scene, 1, files_per_child=2)
    assert [len(pids) for pids in seen] == [1, 0, 1, 0, 1]
    assert len({pid for pids in seen for pid in pids}) == 3


# What a child may


@pytest.fixture(scope="module")
def powers():
    """What the system says about a child that waits for a file."""
    os.environ["ANTRAGSLOTSE_MASTER_KEYS"] = "secret"
    try:

        async def scene(workers):
            await workers.inspect(SMALL)
            (pid,) = children(workers)
            folder = Path("/proc") / str(pid)
            lines = (folder / "limits").read_text().splitlines()
            limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
            numbers = len(list((folder / "fd").iterdir()))
            environment = (folder / "environ").read_bytes().split(b"\0")
            return limits, environment, os.getpriority(os.PRIO_PROCESS, pid), os.getsid(pid), numbers

        yield with_workers(scene, 1)
    finally:
        del os.environ["ANTRAGSLOTSE_MASTER_KEYS"]


def test_a_child_is_bounded(powers):
    limits = powers[0]
    assert limits["Max address space"] == [str(1 << 30)] * 2
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max core file size"] == ["0", "0"]
    assert 11 <= int(limits["Max cpu time"][0]) <= 13


def test_a_child_cannot_open_anything(powers):
    limits, *_, open_now = powers
    assert limits["Max open files"] == [str(open_now)] * 2


def test_a_child_knows_no_secret(powers):
    assert {entry.split(b"=")[0] for entry in powers[1] if entry} == {b"LANG", b"MALLOC_ARENA_MAX"}


def test_a_child_stands_back_and_apart(powers):
    assert powers[2] - os.getpriority(os.PRIO_PROCESS, 0) == 10
    assert powers[3] != os.getsid(0)


# What kills a child


def test_a_file_that_kills_its_decoder_is_damaged():
    assert KILLING != HEIC

    async def scene(workers):
        return [await workers.inspect(data) for data in (KILLING, SMALL)]

    assert with_workers(scene, 1) == [refused("damaged"), inspect(SMALL)]


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 11)", "os._exit(3)", "os.abort()", "os.close(1)"])
def test_a_file_of_which_two_children_die_is_damaged(end):
    command = child_that(f"hear()\n{end}")
    assert with_workers(lambda workers: workers.inspect(SMALL), 1, command=command) == refused("damaged")


def test_a_file_that_eats_memory_has_too_many_pixels():
    side = 7_700
    row = b"\xff" * (4 * side)
    bomb = png(side, side, 8, 6, repeat(row, side))
    assert len(bomb) < 1_000_000

    async def scene(workers):
        return [await workers.inspect(data) for data in (bomb, SMALL)]

    assert with_workers(scene, 1, memory_mib=300) == [refused("too_many_pixels"), inspect(SMALL)]


def test_a_file_that_takes_too_long_is_refused():
    async def scene(workers):
        await workers.inspect(SMALL)
        begun = time.perf_counter()
        found = await workers.inspect(slow_document())
        seconds = time.perf_counter() - begun
        return found, seconds, await workers.inspect(SMALL)

    found, seconds, after = with_workers(scene, 1, seconds=0.7)
    assert (found, after) == (refused("too_slow"), inspect(SMALL))
    assert seconds < 5


def test_a_child_that_used_up_its_seconds_is_ended_by_the_system():
    command = [sys.executable, "-m", "bot.evidence.child", "0", "1024"]
    found = with_workers(lambda workers: workers.inspect(slow_document()), 1, seconds=60, command=command)
    assert found == refused("too_slow")


def test_an_endless_child_is_killed():
    command = child_that("hear()\nwhile True: pass")
    assert with_workers(lambda workers: workers.inspect(SMALL), 1, seconds=0.5, command=command) == refused("too_slow")


def test_a_child_that_does_not_listen_is_killed():
    command = child_that("time.sleep(60)")
    found = with_workers(lambda workers: workers.inspect(noise((2000, 2000))), 1, seconds=0.5, command=command)
    assert found == refused("too_slow")


def test_a_file_is_looked_into_again_when_its_child_was_killed():
    slow = slow_document(2_000)

    async def scene(workers):
        task = await at_work(workers, slow)
        (pid,) = children(workers)
        os.kill(pid, signal.SIGKILL)
        return await task, children(workers) != [pid]

    assert with_workers(scene, 1) == (inspect(slow), True)


def test_a_child_that_died_while_it_waited_costs_nothing():
    async def scene(workers):
        await workers.inspect(SMALL)
        os.kill(children(workers)[0], signal.SIGKILL)
        return await workers.inspect(SMALL)

    assert with_workers(scene, 1) == inspect(SMALL)


def test_who_goes_away_leaves_no_child_in_the_middle():
    async def scene(workers):
        task = await at_work(workers, slow_document())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return children(workers), await workers.inspect(SMALL)

    assert with_workers(scene, 1) == ([], inspect(SMALL))


# What a child says


LIES = {
    "nothing of ours": "say(b'nonsense')",
    "an empty answer": "say(b'')",
    "too much": "os.write(1, b'\\xff' * 4)",
    "an endless head": "say(b'\\xff' * 9)",
    "no object": "say((2).to_bytes(4, 'big') + b'[]')",
    "a list of names": "say((2).to_bytes(4, 'big') + b'{}')",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_child_that_talks_nonsense_is_not_believed(lie):
    command = child_that(f"hear()\n{LIES[lie]}\ntime.sleep(60)")
    found = with_workers(lambda workers: workers.inspect(SMALL), 1, seconds=5, command=command)
    assert found == refused("damaged")


READY = {"state": "ready", "media_type": "image/jpeg", "pages": 1, "document": 3, "findings": []}


@pytest.mark.parametrize(
    "change",
    [
        {"state": "done"}, {"media_type": "text/html"}, {"pages": 0}, {"pages": 21}, {"pages": True}, {"document": 0},
        {"document": -1}, {"document": 6}, {"document": 1.5}, {"findings": [["x", None]]},
        {"findings": [["dark", "1"]]}, {"findings": [["dark"]]}, {"findings": 3},
        {"findings": [[["dark"], 1]]}, {"media_type": ["image/jpeg"]},
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_is_read_as_a_strangers(change):
    assert unpacked(framed(json.dumps(READY).encode()) + b"abcdef").data == b"abc"
    with pytest.raises(ValueError):  # noqa: PT011  # many kinds of nonsense, one answer
        unpacked(framed(json.dumps(READY | change).encode()) + b"abcdef")


@pytest.mark.parametrize("data", [SMALL, bytes_of(document(2)), SMALL[:400]])
def test_what_was_packed_is_unpacked(data):
    assert unpacked(packed(inspect(data))) == inspect(data)


# Starting and ending


@pytest.mark.parametrize("command", [["/nonexistent"], ["/bin/true"], [sys.executable, "-c", "print('hello')"]])
def test_where_no_child_starts_evidence_is_down(command):
    async def scene(workers):
        with pytest.raises(EvidenceDown) as down:
            await workers.inspect(SMALL)
        return down.value.retry_after, children(workers)

    assert with_workers(scene, 1, command=command) == (10.0, [])


def test_after_the_end_nobody_looks():
    async def scene(workers):
        task = await at_work(workers, slow_document())
        waiting = asyncio.create_task(workers.inspect(SMALL))
        await asyncio.sleep(0)
        await workers.close()
        return await asyncio.gather(task, waiting, workers.inspect(SMALL), return_exceptions=True)

    found = with_workers(scene, 1)
    assert [(type(error), error.retry_after) for error in found] == [(EvidenceDown, None)] * 3


LEFT_ALONE = """
import asyncio, sys
from bot.evidence.workers import Workers
data = sys.stdin.buffer.read()
async def scene():
    workers = Workers(1)
    await workers.inspect(data)
    print(*(child._process.pid for child in workers._alive), flush=True)
    if sys.argv[1] == "wait":
        await asyncio.sleep(60)
asyncio.run(scene())
"""


@pytest.mark.parametrize("way", ["return", "wait"])
def test_children_end_when_nobody_asks_any_more(way):
    """Also where the process went away without a word."""
    with subprocess.Popen([sys.executable, "-c", LEFT_ALONE, way], stdin=-1, stdout=-1, stderr=-3) as process:
        process.stdin.write(SMALL)
        process.stdin.close()
        pid = int(process.stdout.readline())
        if way == "wait":
            process.kill()
        assert process.wait(10) == (-signal.SIGKILL if way == "wait" else 0)
        patience = time.monotonic() + 5
        while lives(pid) and time.monotonic() < patience:
            time.sleep(0.02)
        assert not lives(pid)


# Figures


def resident(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def forget_the_peak():
    Path("/proc/self/clear_refs").write_text("5")


def test_our_own_memory_stays_flat():
    bombs = [pixel_bomb(), slow_document(), png(7_700, 7_700, 8, 6, repeat(bytes(4 * 7_700), 7_700)), KILLING]

    async def scene(workers):
        await workers.inspect(SMALL)
        forget_the_peak()
        before = resident("VmRSS")
        states = [(await workers.inspect(bomb)).state for bomb in bombs]
        return states, resident("VmHWM") - before

    states, grown = with_workers(scene, 1, seconds=1, memory_mib=300)
    assert states == ["refused"] * 4
    assert grown < 16


def test_a_photo_is_quick_and_its_child_is_small(record_property):
    photo = noise((4000, 3000), quality=60)

    async def scene(workers):
        await workers.inspect(SMALL)
        taken = []
        for _ in range(5):
            begun = time.perf_counter()
            found = await workers.inspect(photo)
            taken.append(time.perf_counter() - begun)
        status = (Path("/proc") / str(children(workers)[0]) / "status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
        return found, min(taken), peak

    found, seconds, peak = with_workers(scene, 1)
    examine_jpeg(found.data)
    record_property(
        "figures", f"12 MP JPEG of {len(photo) / 1e6:.1f} MB: {seconds * 1000:.0f} ms, child {peak:.0f} MiB"
    )
    assert seconds < 0.5
    assert peak < 160


def test_this_process_has_no_bounds_of_a_childs():
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
