"""Files of evidence: tus 1.0 with the extensions creation, creation-with-upload and termination; and looking at them.

What arrived is kept even where the connection breaks: the client asks with ``HEAD`` and goes on there.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

from aiohttp import web

from bot import limits
from bot.desk import UnknownFile
from bot.ports import CaseId
from bot.strongbox import OffsetMismatch
from bot.turn import Reply
from bot.web import problems, reading
from bot.web.api import CHANNEL, look
from bot.web.problems import Trouble
from bot.web.replies import json_reply
from bot.web.service import Service, authorised, network_of, not_now, service_of
from bot.web.shapes.files import file as shown_file

VERSION: Final = "1.0.0"
BYTES: Final = "application/offset+octet-stream"
PREVIEW_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"

_TUS: Final = {"Tus-Resumable": VERSION}
_LONGEST_METADATA: Final = 2_000
_LONGEST_NAME: Final = 200
_KEPT: Final = timedelta(days=1)
_MOST_DIGITS: Final = 15


async def discover(_request: web.Request) -> web.Response:
    """``OPTIONS``: what this server can do."""
    return web.Response(
        status=204,
        headers={
            **_TUS,
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,creation-with-upload,termination",
            "Tus-Max-Size": str(limits.FILE_BYTES),
        },
    )


# -- in -------------------------------------------------------------------------------------------------------------


async def create(request: web.Request) -> web.Response:
    """``POST /files``."""
    service = service_of(request)
    case = await authorised(request)
    _must_be_tus(request)
    length = _length(request)
    question, name = _metadata(request.headers.get("Upload-Metadata", ""))
    has_body = request.can_read_body
    if has_body and request.content_type != BYTES:
        raise Trouble("unsupported-type")
    await _must_have_room(service)
    _must_fit(request, 0, length)
    with service.upload(network_of(request)):
        id, reply = await service.desk.offer_file(case, question, name, length)
        _refuse(reply)
        offset = await _receive(request, case, id, 0, length) if has_body else 0
    ends = format_datetime(datetime.now(UTC) + _KEPT, usegmt=True)
    headers = {**_TUS, "Location": f"/api/v1/files/{id}", "Upload-Expires": ends}
    return web.Response(status=201, headers={**headers, "Upload-Offset": str(offset)} if has_body else headers)


async def offset_of(request: web.Request) -> web.Response:
    """``HEAD /files/{id}``."""
    case = await authorised(request, piece=True)
    _must_be_tus(request)
    offset, length = await _offset(service_of(request), case, _id(request))
    headers = {**_TUS, "Upload-Offset": str(offset), "Upload-Length": str(length)}
    return web.Response(status=200, headers={**headers, "Cache-Control": "no-store"})


async def go_on(request: web.Request) -> web.Response:
    """``PATCH /files/{id}``."""
    service = service_of(request)
    case = await authorised(request, piece=True)
    _must_be_tus(request)
    if request.content_type != BYTES:
        raise Trouble("unsupported-type")
    claimed = request.headers.get("Upload-Offset", "")
    if not claimed.isascii() or not claimed.isdecimal() or len(claimed) > _MOST_DIGITS:
        raise Trouble("malformed")
    offset, length = await _offset(service, case, _id(request))
    if int(claimed) != offset:
        raise Trouble("offset-mismatch", headers={**_TUS, "Upload-Offset": str(offset)})
    _must_fit(request, offset, length)
    await _must_have_room(service)
    with service.upload(network_of(request)):
        offset = await _receive(request, case, _id(request), offset, length)
    return web.Response(status=204, headers={**_TUS, "Upload-Offset": str(offset)})


async def drop(request: web.Request) -> web.Response:
    """``DELETE /files/{id}``."""
    service = service_of(request)
    case = await authorised(request)
    _must_be_tus(request)
    with service.turn():
        try:
            _refuse(await service.desk.drop_file(case, _id(request), channel=CHANNEL))
        except UnknownFile:
            raise Trouble("not-found") from None
    return web.Response(status=204, headers=_TUS)


def _id(request: web.Request) -> str:
    return request.match_info["id"]


def _must_be_tus(request: web.Request) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Trouble("wrong-version", headers={**_TUS, "Tus-Version": VERSION})


def _length(request: web.Request) -> int:
    text = request.headers.get("Upload-Length", "")
    digits = text.lstrip("0")
    if not text.isascii() or not text.isdecimal() or not digits:
        raise Trouble("malformed")
    if len(digits) > _MOST_DIGITS or int(digits) > limits.FILE_BYTES:
        megabytes = str(limits.FILE_BYTES // limits.MIB)
        raise Trouble("too-large", problems.FILE_TOO_LARGE, {"megabytes": megabytes})
    return int(digits)


def _metadata(text: str) -> tuple[str, str]:
    """``question`` and ``filename`` of ``Upload-Metadata``. Raises :class:`Trouble` (400)."""
    if len(text) > _LONGEST_METADATA:
        raise Trouble("malformed")
    read: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = pair.partition(" ")
        try:
            read[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Trouble("malformed") from None
    if not 0 < len(read.get("question", "")) <= reading.LONGEST_ADDRESS:
        raise Trouble("malformed")
    return read["question"], read.get("filename", "")[:_LONGEST_NAME]


def _refuse(reply: Reply) -> None:
    """Raises :class:`Trouble` where the case does not take (or give) a file now."""
    if not reply.conflict:
        return
    if reply.situation is None:
        raise Trouble("erased")
    details = {"too-many-files": problems.TOO_MANY_FILES, "full": problems.CASE_FULL}
    raise not_now(reply.situation, details.get(reply.conflict))


def _must_fit(request: web.Request, offset: int, length: int) -> None:
    """A body that says it is longer than the rest of its file is refused before anything is done for it."""
    if offset + (request.content_length or 0) > length:
        raise Trouble("too-large", headers={**_TUS, "Upload-Offset": str(offset)})


async def _must_have_room(service: Service) -> None:
    """Below the watermark of the disk no file is taken; words always are."""
    if service.gauge is not None and not await service.gauge.has_room():
        raise Trouble("busy", problems.NO_ROOM, retry_after=60 * service.intake.pause())


async def _offset(service: Service, case: CaseId, id: str) -> tuple[int, int]:
    try:
        return await service.desk.file_offset(case, id)
    except UnknownFile:
        raise Trouble("not-found") from None


async def _receive(request: web.Request, case: CaseId, id: str, offset: int, length: int) -> int:
    """Everything in the body, piece by piece, each durable. Returns how far the file came."""
    desk = service_of(request).desk
    try:
        async for piece in _pieces(request, length - offset):
            offset = await desk.receive(case, id, offset, piece)
    except OffsetMismatch:
        raise Trouble("offset-mismatch", headers=_TUS) from None
    except UnknownFile:
        raise Trouble("not-found") from None
    except ValueError:
        raise Trouble("too-large", headers=_TUS) from None
    return offset


async def _pieces(request: web.Request, most: int) -> AsyncIterator[bytes]:
    """The body in pieces of at most a chunk, and what had come when the client stopped sending."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + limits.BODY_SECONDS + min(most, request.content_length or most) / limits.SLOWEST_BYTES
    gathered = bytearray()
    while piece := await _next(request, ends):
        gathered += piece
        if len(gathered) >= limits.CHUNK_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


async def _next(request: web.Request, ends: float) -> bytes:
    """What comes next; nothing at the end, in time or not: what came counts, and the client asks how far it was.

    Only the client is waited for in time: what is being written is never broken off.
    """
    try:
        async with asyncio.timeout_at(ends):
            return await request.content.read(64 * limits.KIB)
    except (ConnectionError, TimeoutError, web.RequestPayloadError):
        return b""


# -- out ------------------------------------------------------------------------------------------------------------


async def get(request: web.Request) -> web.Response:
    """``GET /files/{id}``."""
    service = service_of(request)
    situation = await look(service, await authorised(request, piece=True))
    file = situation.case.files.get(_id(request))
    if file is None or file.state == "dropped":
        raise Trouble("not-found", words=situation.words)
    return json_reply(shown_file(file, situation.words))


async def preview(request: web.Request) -> web.Response:
    """``GET /files/{id}/preview``: a JPEG that the house itself made, and nothing else."""
    case = await authorised(request, piece=True)
    try:
        media_type, data = await service_of(request).desk.open_file(case, _id(request), "preview")
    except UnknownFile:
        raise Trouble("not-found") from None
    return picture(media_type, data)


def picture(media_type: str, data: bytes) -> web.Response:
    """A preview as a response. Raises :class:`Trouble` for anything but a JPEG."""
    if media_type != "image/jpeg":
        raise Trouble("not-found")
    headers = {
        "Content-Security-Policy": PREVIEW_POLICY,
        "Content-Disposition": "inline; filename=preview.jpg",
        "Cache-Control": "no-store",
    }
    return web.Response(body=data, content_type=media_type, headers=headers)
