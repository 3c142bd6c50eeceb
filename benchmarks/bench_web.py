"""What people notice of the web: how soon it starts and shows the first question, what it weighs, and photos beside it.

Here server, worker processes and load share all cores, as they do on a small machine. Turns beside photos come at a
fixed pace (an open loop), each counted from the moment when it was due.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import re
import statistics
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Page, Response, sync_playwright

from benchmarks.dialogue import PROCEDURE, inputs
from benchmarks.load import Connection, answered, connected, opened, side_by_side
from benchmarks.served import CORES, Process, product
from tests.browser.conftest import FLAGS
from tests.browser.install import chromium

Row = tuple[str, str, str]

STARTS: Final = 5
STREAMS: Final = 200
IDLE_SECONDS: Final = 10.0
VISITS: Final = 15
PACE: Final = 100
"""Turns a second beside photos: what 10 applications a second make of the worst day that is known, on four servers."""
TALKERS: Final = 50
PHOTO_ROUNDS: Final = 3
PHOTO_SECONDS: Final = 6.0
UPLOADERS: Final = 4
PHOTO: Final = (2_400, 1_800)
"""A photo as the page shrinks it."""


def run() -> list[Row]:
    os.sched_setaffinity(0, CORES)
    with tempfile.TemporaryDirectory() as folder:
        rows = [_start(Path(folder))]
        with product(Path(folder) / "0", set(CORES)) as server:
            rows += [asyncio.run(_streams(server)), *asyncio.run(_photos(server)), *_page(server)]
    return rows


# -- start ------------------------------------------------------------------------------------------------------------


def _start(folder: Path) -> Row:
    took = [asyncio.run(_first_answer(folder / str(number))) for number in range(STARTS)]
    figure = f"{statistics.median(took):,.2f} s"
    return (
        "start to first answer",
        figure,
        f"process, page, case, first answer durable; {STARTS} starts; gate 2 s at most",
    )


async def _first_answer(data: Path) -> float:
    began = time.perf_counter()
    with product(data, set(CORES)) as server:
        connection = await Connection.to(server.port)
        await answered(connection, await opened(connection, PROCEDURE), inputs()[:1], [])
        took = time.perf_counter() - began
        connection.close()
    return took


# -- idle streams -----------------------------------------------------------------------------------------------------


async def _streams(server: Process) -> Row:
    connections = await connected(server.port, STREAMS)
    for connection in connections:
        token = await opened(connection, PROCEDURE)
        await connection.begin("GET", "/api/v1/events", f"Authorization: Bearer {token}", "Accept: text/event-stream")
    await asyncio.sleep(2)
    before, began = server.cpu(), time.perf_counter()
    await asyncio.sleep(IDLE_SECONDS)
    part = (server.cpu() - before) / (time.perf_counter() - began)
    for connection in connections:
        connection.close()
    return f"{STREAMS} idle streams", f"{part:.1%}", "of a core, each of another case; gate 5 % at most"


# -- photos -----------------------------------------------------------------------------------------------------------


async def _photos(server: Process) -> list[Row]:
    """p99 of turns in an open loop, without photos and with as many as can be looked into; in turns."""
    quiet, busy, sent = [], [], [0]
    for _ in range(PHOTO_ROUNDS):
        tokens = [await _at_evidence(server) for _ in range(UPLOADERS)]
        quiet.append(await _paced(server))
        async with _uploading(server, tokens, sent):
            busy.append(await _paced(server))
    ratio = statistics.median(with_ / without for without, with_ in zip(quiet, busy, strict=True))
    rate = sent[0] / (PHOTO_ROUNDS * PHOTO_SECONDS)
    return [
        ("turns beside photos, p99", f"{ratio:.2f}", f"of p99 without; {PACE} turns/s; gate 2.00 at most"),
        ("p99 without and with photos", f"{_ms(quiet)}, {_ms(busy)}", f"{rate:.1f} photos/s looked into beside them"),
    ]


async def _at_evidence(server: Process) -> str:
    """The token of a case that may send photos."""
    connection = await Connection.to(server.port)
    token = await opened(connection, PROCEDURE)
    place = next(n for n, each in enumerate(inputs()) if getattr(each, "question", "") == "steuerbescheid")
    await answered(connection, token, inputs()[:place], [])
    connection.close()
    return token


async def _paced(server: Process) -> float:
    """p99 in seconds of turns that come at a fixed pace, whoever is still waiting."""
    connections = await connected(server.port, TALKERS)
    tokens = [await opened(connection, PROCEDURE) for connection in connections]
    took: list[float] = []
    began = time.perf_counter()
    works = [_talk(*pair, began + n / PACE, took) for n, pair in enumerate(zip(connections, tokens, strict=True))]
    await side_by_side(works)
    for connection in connections:
        connection.close()
    return statistics.quantiles(took, n=100)[98]


async def _talk(connection: Connection, token: str, first: float, took: list[float]) -> None:
    every = TALKERS / PACE
    for number, content in enumerate(inputs()[: round(PHOTO_SECONDS / every)]):
        due = first + number * every
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await answered(connection, token, [content], [])
        took.append(time.perf_counter() - due)


@asynccontextmanager
async def _uploading(server: Process, tokens: list[str], sent: list[int]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(_upload(server, token, sent)) for token in tokens]
    await asyncio.sleep(1)  # until the workers are busy
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _upload(server: Process, token: str, sent: list[int]) -> None:
    """One photo after another, each a little different; the next one when this one was looked into."""
    connection, name = await Connection.to(server.port), b64encode(b"foto.jpg").decode()
    question = b64encode(b"steuerbescheid").decode()
    while True:
        photo = _photo()
        headers = (
            f"Authorization: Bearer {token}",
            "Tus-Resumable: 1.0.0",
            f"Upload-Length: {len(photo)}",
            f"Upload-Metadata: question {question},filename {name}",
            "Content-Type: application/offset+octet-stream",
        )
        head = await connection.begin("POST", "/api/v1/files", f"Content-Length: {len(photo)}", *headers, body=photo)
        place = re.search(rb"Location: (\S+)", head)
        assert place is not None, head
        await _looked_into(connection, place[1].decode(), headers[0])
        sent[0] += 1


async def _looked_into(connection: Connection, path: str, bearer: str) -> None:
    for _ in range(600):
        _, told = await connection.ask("GET", path, b"", bearer)
        if b'"checking"' not in told:
            return
        await asyncio.sleep(0.1)


_noise: list[bytes] = []


def _photo() -> bytes:
    """A JPEG of about a megabyte that no other one equals."""
    if not _noise:
        picture = Image.effect_noise((PHOTO[0] // 4, PHOTO[1] // 4), 40).resize(PHOTO).convert("RGB")
        written = io.BytesIO()
        picture.save(written, "JPEG", quality=88)
        _noise.append(written.getvalue())
    comment = os.urandom(16)
    return _noise[0][:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + _noise[0][2:]


# -- the page ---------------------------------------------------------------------------------------------------------


def _page(server: Process) -> list[Row]:
    path = chromium()
    if path is None:
        return [("the chat page", "-", "no Chromium here: apt install chromium")]
    with _browser(path) as visit:
        first = [visit(server.port) for _ in range(VISITS)]
    _, bodies = first[0]
    weight = sum(len(gzip.compress(body)) for body in bodies)
    raw = sum(map(len, bodies))
    seconds = statistics.median(took for took, _ in first)
    return [
        (
            "the chat page",
            f"{weight / 1000:,.1f} kB",
            f"HTML, CSS, scripts, gz ({raw / 1000:,.0f} kB without); gate 35 kB",
        ),
        ("its requests", f"{len(bodies)}", "until it is usable; gate 6 at most"),
        (
            "cold time to first question",
            f"{seconds * 1000:,.0f} ms",
            f"page, start pressed, question shown; {VISITS} visits",
        ),
    ]


@contextmanager
def _browser(path: str) -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))

        def visit(port: int) -> tuple[float, list[bytes]]:
            context = browser.new_context()
            try:
                return _visit(context.new_page(), port)
            finally:
                context.close()

        yield visit
        browser.close()


def _visit(page: Page, port: int) -> tuple[float, list[bytes]]:
    """Seconds until the first question can be answered, and the bodies that the page itself needed."""
    responses: list[Response] = []

    def note(response: Response) -> None:
        responses.append(response)

    page.on("response", note)
    began = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}/chat", wait_until="load")
    loaded, needed = time.perf_counter() - began, [each for each in responses if not each.url.startswith("data:")]
    bodies = [each.body() for each in needed]
    began = time.perf_counter()
    page.locator(".al-start button").first.click()
    page.locator("#antwort button").first.wait_for()
    return loaded + time.perf_counter() - began, bodies


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1e3:,.1f} ms"


if __name__ == "__main__":
    for name, figure, remark in run():
        print(f"{name:40} {figure:>16}  {remark}", file=sys.stdout)
