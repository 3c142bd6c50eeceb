"""Imprint, privacy, accessibility with its feedback, and help. Feedback goes into a file for the operator's eyes."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from aiohttp import web

from bot.answers.base import Template, Words
from bot.core.texts import LANGUAGES
from bot.web import texts
from bot.web.page import session
from bot.web.page.forms import one
from bot.web.page.site import frame, must_be_ours, pages_of, read_form, words_of
from bot.web.service import network_of, service_of, slow_down

FOLDER: Final = "feedback"
LONGEST: Final = 4_000
LONGEST_CONTACT: Final = 200

TOPICS: Final[dict[str, Template]] = {
    "imprint": texts.IMPRINT,
    "privacy": texts.PRIVACY,
    "accessibility": texts.ACCESSIBILITY,
}


async def article(request: web.Request) -> web.Response:
    """``GET /imprint``, ``/privacy``, ``/accessibility``."""
    return _article(request, request.path.strip("/"), words_of(request))


async def help_page(request: web.Request) -> web.Response:
    """``GET /help``."""
    shown = frame(request, mode="form", robots="index, follow")
    return pages_of(request).respond("help", words_of(request), has_case=bool(session.token_of(request)), **shown)


def _article(request: web.Request, topic: str, words: Words, *, status: int = 200, **more: Any) -> web.Response:
    pages = pages_of(request)
    shown = frame(request, mode="form", robots="index, follow") | {"topic": topic, "title": TOPICS[topic]}
    shown["language_links"] = {code: f"/{topic}?language={code}" for code in LANGUAGES}
    shown |= {"article": getattr(pages.legal, topic), "has_case": bool(session.token_of(request))}
    shown |= {"thanks": False, "problem": "", "text": "", "contact": ""} | more
    return pages.respond("legal", words, status=status, **shown)


async def feedback(request: web.Request) -> web.Response:
    """``POST /accessibility/feedback``: a barrier that somebody met."""
    must_be_ours(request)
    service, fields = service_of(request), await read_form(request)
    language = one(fields, "language")
    words = service.desk.words(language) if language in LANGUAGES else words_of(request)
    text, contact = one(fields, "text").strip(), one(fields, "contact").strip()[:LONGEST_CONTACT]
    problem = _problem(words, text)
    if problem:
        return _article(request, "accessibility", words, status=422, problem=problem, text=text, contact=contact)
    slow_down(service.rates.opening(network_of(request), service.clock()))
    told = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "language": words.language}
    line = orjson.dumps(told | {"text": text, "contact": contact}, option=orjson.OPT_APPEND_NEWLINE)
    await asyncio.to_thread(keep, service.settings.data / FOLDER, line)
    return _article(request, "accessibility", words, thanks=True)


def _problem(words: Words, text: str) -> str:
    if not text:
        return words.translate(*texts.FEEDBACK_EMPTY)
    if len(text) > LONGEST:
        return words.translate(*texts.FEEDBACK_LONG).format(most=LONGEST)
    return ""


def keep(folder: Path, line: bytes) -> None:
    """Appends a line to the file of feedback, which only the operator may read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(folder / "accessibility.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, line)
    finally:
        os.close(file)
