"""Photos and documents without a script: one form that sends several files, takes one away, or changes their order.

Bytes go straight to the desk, sealed; the name a device gives is never trusted, and no more than a file
may have is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from aiohttp import BodyPartReader, web

from bot import limits
from bot.answers.base import Template
from bot.desk import UnknownFile
from bot.web import texts
from bot.web.page import session
from bot.web.page.forms import LONGEST_ADDRESS
from bot.web.page.show import Extra, files_of, show_case
from bot.web.page.site import UNKNOWN, Gone, Visit, enter, must_be_ours
from bot.web.page.talk import LOOK_EVERY, PATIENCE
from bot.web.problems import Trouble

FIELDS: Final = ("csrf", "id", "question", "order", "remove", "up", "down")
LONGEST_FIELD: Final = 4_000
MOST_SECONDS: Final = 600
PREVIEW_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
AT_ONCE: Final = 4
"""A file is held whole for a moment: so many at a time."""
ROOM: Final = web.AppKey("uploads", asyncio.Semaphore)


class Sent(NamedTuple):
    """One file of a form. ``data`` None: it was larger than a file may be."""

    name: str
    data: bytes | None


async def upload(request: web.Request) -> web.Response:
    """``POST /chat/file``."""
    must_be_ours(request)
    if not session.token_of(request):
        raise Gone(UNKNOWN)
    visit = await enter(request)
    if request.content_type != "multipart/form-data":
        raise Trouble("unsupported-type")
    fields: dict[str, str] = {}
    problem: Template | None = texts.NO_FILE
    async with request.app[ROOM], asyncio.timeout(MOST_SECONDS):
        async for file in _files(request, fields):
            if not session.is_proof(visit.token, fields.get("csrf", "")):
                break
            problem = await _store(visit, fields.get("question", ""), file)
            if problem is not None:
                break
    return await _went(visit, fields, problem)


async def _files(request: web.Request, fields: dict[str, str]) -> AsyncIterator[Sent]:
    """The files of the form, one after the other; its fields, which stand before them, go into ``fields``."""
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Trouble("malformed")
        if part.name in FIELDS:
            fields[str(part.name)] = (await _read(part, LONGEST_FIELD) or b"").decode("utf-8", "replace")
        elif part.name == "file" and part.filename:
            yield Sent(part.filename, await _read(part, limits.FILE_BYTES))


async def _read(part: BodyPartReader, most: int) -> bytes | None:
    """At most ``most`` bytes; None, and nothing kept, where there are more."""
    data = bytearray()
    fits = True
    while chunk := await part.read_chunk(limits.REQUEST_BYTES):
        fits = fits and len(data) + len(chunk) <= most
        data = data + chunk if fits else bytearray()
    return bytes(data) if fits else None


async def _store(visit: Visit, question: str, file: Sent) -> Template | None:
    """Hands one file to the desk; what is to be said where that does not work."""
    if file.data is None:
        return texts.FILE_TOO_LARGE
    if not file.data:
        return texts.FILE_EMPTY
    desk, gauge = visit.service.desk, visit.service.gauge
    if gauge is not None and not await gauge.has_room():
        return texts.FILES_BUSY
    with visit.service.upload(None):
        id, reply = await desk.offer_file(visit.case, question[:LONGEST_ADDRESS], file.name[:200], len(file.data))
        if not id:
            return texts.FILES_FULL if reply.conflict in ("full", "too-many-files") else texts.FILES_NOT_NOW
        await desk.receive(visit.case, id, 0, file.data)
    return None


async def _went(visit: Visit, fields: dict[str, str], problem: Template | None) -> web.Response:
    """What came of the form, once all of it was read."""
    order = fields.get("order", "").split()
    if not session.is_proof(visit.token, fields.get("csrf", "")):
        return await _shown(visit, texts.REFUSED_FORM, 403)
    if "remove" in fields:
        await _drop(visit, fields["remove"])
        return await show_case(visit, Extra(order=order))
    for way, step in (("up", -1), ("down", 1)):
        if way in fields:
            return await show_case(visit, Extra(order=moved(order, fields[way], step)))
    if problem is not None:
        return await _shown(visit, problem, 422)
    await _checked(visit, fields.get("question", ""))
    raise web.HTTPSeeOther("/chat")


async def _shown(visit: Visit, problem: Template, status: int) -> web.Response:
    words = (await visit.service.desk.look(visit.case)).words
    text = words.translate(*problem).replace("{megabytes}", str(limits.FILE_BYTES // limits.MIB))
    return await show_case(visit, Extra(status=status, notice=text))


def moved(order: list[str], id: str, step: int) -> list[str]:
    """``id`` one place on; as it was where it cannot go on."""
    if id not in order or not 0 <= order.index(id) + step < len(order):
        return order
    rest = [each for each in order if each != id]
    place = order.index(id) + step
    return [*rest[:place], id, *rest[place:]]


async def _drop(visit: Visit, file: str) -> None:
    try:
        with visit.service.turn():
            await visit.service.desk.drop_file(visit.case, file)
    except UnknownFile:
        pass  # it is gone already: that is what was wished


async def _checked(visit: Visit, question: str) -> None:
    """Waits a little for the checks, so that most people see their result at once."""
    for _ in range(round(PATIENCE / LOOK_EVERY)):
        situation = await visit.service.desk.look(visit.case)
        if not any(file.state == "checking" for file in files_of(situation, question)):
            return
        await asyncio.sleep(LOOK_EVERY)


async def preview(request: web.Request) -> web.Response:
    """``GET /chat/file/{id}``: a picture of the first page, for the one who sent it."""
    visit = await enter(request, counted=False)
    try:
        media_type, data = await visit.service.desk.open_file(visit.case, request.match_info["id"], "preview")
    except UnknownFile:
        raise web.HTTPNotFound from None
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": PREVIEW_POLICY}
    return web.Response(body=data, content_type=media_type, headers=headers)
