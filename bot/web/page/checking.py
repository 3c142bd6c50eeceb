"""``/receipt``: anybody may check a receipt here, without a case and without a script. Nothing of it is kept.

A receipt is a text with a signature, or a PDF that carries one. What is shown comes from what was signed; a file that
was changed says nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from aiohttp import BodyPartReader, web

from bot import limits
from bot.answers.base import Template, Words
from bot.core.paper_texts import MOVES, TOLD
from bot.core.receipt import FILED
from bot.core.texts import LANGUAGES
from bot.web import texts
from bot.web.page import session
from bot.web.page.site import frame, must_be_ours, pages_of, words_of
from bot.web.page.uploads import MOST_SECONDS, ROOM
from bot.web.problems import Trouble
from bot.web.service import network_of, service_of, slow_down

FIELDS: Final = ("receipt", "copy")
VERDICTS: Final[Mapping[str, Template]] = {
    "genuine": texts.CHECK_GENUINE,
    "changed": texts.CHECK_CHANGED,
    "unknown_key": texts.CHECK_UNKNOWN_KEY,
    "no_receipt": texts.CHECK_NO_RECEIPT,
    "too_large": texts.CHECK_TOO_LARGE,
}


class Found(NamedTuple):
    """``verdict``: a key of :data:`VERDICTS`. ``copy_fits``: is the copy handed in too the one that was sent?"""

    verdict: str
    receipt: Mapping[str, Any] | None = None
    copy_fits: bool | None = None


async def ask(request: web.Request) -> web.Response:
    """``GET /receipt``."""
    return _shown(request, None)


async def check(request: web.Request) -> web.Response:
    """``POST /receipt``: multipart, a receipt and, where somebody likes, the copy that it belongs to."""
    must_be_ours(request)
    service = service_of(request)
    if request.content_type != "multipart/form-data" or service.desk.receipts is None:
        raise Trouble("unsupported-type")
    slow_down(service.rates.opening(network_of(request), service.clock()))
    async with request.app[ROOM], asyncio.timeout(MOST_SECONDS):
        sent = await _files(request)
        if sent.get("receipt", b"") is None or sent.get("copy", b"") is None:
            return _shown(request, Found("too_large"))
        checked = await service.desk.receipts.check(sent.get("receipt") or b"")
        copy = sent.get("copy")
        fits = await _is_of(copy, checked.receipt) if copy and checked.receipt is not None else None
    return _shown(request, Found(checked.verdict, checked.receipt, fits))


async def _files(request: web.Request) -> dict[str, bytes | None]:
    """By field; None where it is larger than a file may be, and nothing of it was kept."""
    found: dict[str, bytes | None] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Trouble("malformed")
        if part.name in FIELDS and part.name not in found:
            found[str(part.name)] = await _read(part)
    return found


async def _read(part: BodyPartReader) -> bytes | None:
    data, fits = bytearray(), True
    while chunk := await part.read_chunk(limits.REQUEST_BYTES):
        fits = fits and len(data) + len(chunk) <= limits.FILE_BYTES
        data = data + chunk if fits else bytearray()
    return bytes(data) if fits else None


async def _is_of(copy: bytes, receipt: Mapping[str, Any]) -> bool:
    """Is it, byte for byte, one of the files that were sent?"""
    digest = await asyncio.to_thread(lambda: hashlib.sha256(copy).hexdigest())
    return any(file["sha256"] == digest for file in receipt["files"])


def _shown(request: web.Request, found: Found | None) -> web.Response:
    words = words_of(request)
    shown = frame(request, mode="form", robots="index, follow") | {"has_case": bool(session.token_of(request))}
    shown["language_links"] = {code: f"/receipt?language={code}" for code in LANGUAGES}
    verdict = None if found is None else VERDICTS[found.verdict]
    receipt = None if found is None or found.receipt is None else _told(words, found.receipt)
    fits = None if found is None else found.copy_fits
    return pages_of(request).respond("receipt", words, verdict=verdict, receipt=receipt, copy_fits=fits, **shown)


def _told(words: Words, receipt: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows of a genuine receipt."""
    state, practice = receipt["state"], receipt["sandbox"] or receipt["demo_date"] is not None
    happened, not_yet = TOLD["sandbox" if receipt["sandbox"] and state in FILED else state]
    return {
        **receipt,
        "practice": practice,
        "happened": words.translate(*happened),
        "not_yet": words.translate(*not_yet),
        "moves": [(words.translate(*MOVES[each["state"]]), each["at"]) for each in receipt["states"]],
    }
