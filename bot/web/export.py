"""Everything that is stored about a case, as a ZIP file: written while it is sent, one file in memory at a time."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any, Final

import orjson
from aiohttp import web

from bot import limits
from bot.answers.base import Template
from bot.core.position import Situation
from bot.desk import Desk, UnknownDoor, UnknownFile
from bot.ports import CaseId
from bot.web.shapes.files import file as shown_file
from bot.web.shapes.state import state
from bot.web.shapes.summary import summary
from bot.web.shapes.transcript import events
from bot.web.stream import WRITE_SECONDS

README: Final = Template(
    "web.export.readme",
    "Antrag {reference}: Das ist alles, was zu diesem Antrag gespeichert ist.\n\n"
    "case.json: wo der Antrag steht, alle Antworten und alle Dateien\n"
    "transcript.json: das ganze Gespräch\n"
    "files: Ihre Fotos und Dokumente\n\n"
    "Die Dateien mit der Endung .json sind Text. Andere Programme können sie lesen.",
)
_ENDINGS: Final = {"image/jpeg": ".jpg", "application/pdf": ".pdf", "image/png": ".png"}

Entry = tuple[str, bytes]


class _Pipe(io.RawIOBase):
    """Where the ZIP is written to, and taken from at once. It cannot be wound back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


async def send(request: web.Request, desk: Desk, case: CaseId, situation: Situation) -> web.StreamResponse:
    """The ZIP as a response that has been sent."""
    response = web.StreamResponse(
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="{situation.case.reference}.zip"',
            "Cache-Control": "no-store",
        }
    )
    pipe = _Pipe()
    await response.prepare(request)
    with zipfile.ZipFile(pipe, "w") as archive:
        async for name, data in _entries(desk, case, situation):
            stored = name.startswith("files/")
            packing = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            await asyncio.to_thread(archive.writestr, name, data, packing)  # turns do not wait for it
            await _write(response, pipe.take())
    await _write(response, pipe.take())
    await response.write_eof()
    return response


async def _write(response: web.StreamResponse, data: bytes) -> None:
    """In time: whoever takes nothing must not keep a place."""
    async with asyncio.timeout(WRITE_SECONDS + len(data) / limits.SLOWEST_BYTES):
        await response.write(data)


async def _entries(desk: Desk, case: CaseId, situation: Situation) -> AsyncIterator[Entry]:
    readme = situation.words.translate(*README).format(reference=situation.case.reference)
    yield "README.txt", f"{readme}\n".encode()
    files = [
        {"name": each.name, "question": each.address, **shown_file(each, situation.words)}
        for each in situation.case.files.values()
    ]
    yield "case.json", _json({"state": state(situation), "summary": summary(situation), "files": files})
    yield "transcript.json", _json(await _transcript(desk, case, situation))
    for each in situation.case.files.values():
        try:
            media_type, data = await desk.open_file(case, each.id, "document")
        except (UnknownFile, UnknownDoor):
            continue  # refused, removed, or still on its way
        yield f"files/{each.id}{_ENDINGS.get(media_type, '')}", data


async def _transcript(desk: Desk, case: CaseId, situation: Situation) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    after = 0
    while turns := await desk.history(case, after, limits.EVENTS_PER_REPLY):
        told += events(turns, situation, desk.words)
        after = turns[-1].number
    return told


def _json(data: Any) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)
