"""The talk: shows the open question and takes in what a form says. A form counts once, however often it is sent."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from bot.core.commands import Acted, Content
from bot.core.position import phase
from bot.core.texts import LANGUAGES
from bot.turn import Reply
from bot.web import export, receipts, texts
from bot.web.api import CHANNEL
from bot.web.page import forms, session
from bot.web.page.entry import start_page
from bot.web.page.forms import Fields, Malformed, one
from bot.web.page.show import Extra, show_case
from bot.web.page.site import UNKNOWN, Gone, Visit, enter, frame, must_be_ours, pages_of, read_form
from bot.web.service import network_of

PATIENCE: Final = 2.0
"""Seconds that a page waits for what is nearly done, so that nobody must reload."""
LOOK_EVERY: Final = 0.1


async def chat(request: web.Request) -> web.Response:
    """``GET /chat``: where the case stands; without a case the start page."""
    if not session.token_of(request):
        return start_page(request)
    return await show_case(await enter(request), Extra(whole="all" in request.query))


async def summary(request: web.Request) -> web.Response:
    """``GET /chat/summary``: everything answered so far."""
    return await show_case(await enter(request), Extra(task="summary"))


async def copy(request: web.Request) -> web.StreamResponse:
    """``GET /chat/export``: everything that is stored, the same ZIP file as the API's (Art. 15 and 20 GDPR)."""
    visit = await enter(request)
    with visit.service.upload(network_of(request)):
        return await export.send(request, visit.service.desk, visit.case, await visit.service.desk.look(visit.case))


async def receipt(request: web.Request) -> web.StreamResponse:
    """``GET /chat/receipt/{n}`` and ``/chat/receipt/{n}.jws``: the API's receipt, as PDF or as what is signed."""
    visit = await enter(request)
    return await receipts.give(request, visit.service, visit.case, jose=request.path.endswith(".jws"))


async def speak(request: web.Request) -> web.Response:
    """``GET /chat/language/{language}``: the same place in another language. Changes nothing that was answered."""
    language = request.match_info["language"]
    if language not in LANGUAGES:
        raise web.HTTPNotFound
    if not session.token_of(request):
        raise web.HTTPSeeOther(f"/chat?language={language}")
    visit = await enter(request)
    situation = await visit.service.desk.look(visit.case)
    if situation.case.language != language:
        await _take_in(visit, session.new_id(), Acted("language", language))
    raise web.HTTPSeeOther("/chat")


async def answer(request: web.Request) -> web.Response:
    """``POST /chat/answer``: an answer or an action. Goes on to ``/chat``, where there is nothing to say only once."""
    must_be_ours(request)
    fields = await read_form(request)
    if not session.token_of(request):
        raise Gone(UNKNOWN)
    visit = await enter(request)
    try:
        content = _read(visit, fields)
    except Malformed:
        words = (await visit.service.desk.look(visit.case)).words
        notice = words.translate(*texts.REFUSED_FORM)
        return await show_case(visit, Extra(status=403, typed=forms.typed(fields), notice=notice))
    reply = await _take_in(visit, one(fields, "id"), content)
    return await _answered(visit, fields, content, reply)


def _read(visit: Visit, fields: Fields) -> Content:
    """Raises :class:`Malformed` for a form that is not of this session."""
    if not session.is_proof(visit.token, one(fields, "csrf")) or not session.is_id(one(fields, "id")):
        raise Malformed("no form of this session")
    return forms.content(fields)


async def _take_in(visit: Visit, id: str, content: Content) -> Reply:
    with visit.service.turn():
        return await visit.service.desk.answer(visit.case, CHANNEL, id, content)


async def _answered(visit: Visit, fields: Fields, content: Content, reply: Reply) -> web.Response:
    if reply.situation is None:
        return _erased(visit, reply)
    if reply.code:
        return await show_case(visit, Extra(code=reply.code))
    if reply.turn is None and not reply.repeated:
        told = " ".join(say.text for say in reply.says if say.kind == "problem")
        return await show_case(visit, Extra(status=409, typed=forms.typed(fields), notice=told))
    if reply.outcome in ("refused", "not_understood") and not isinstance(content, Acted):
        extra = Extra(status=422, typed=forms.typed(fields), ticked=forms.ticked(fields))
        return await show_case(visit, extra)
    if isinstance(content, Acted) and content.action in ("submit", "send_addition"):
        await _settled(visit)
    raise web.HTTPSeeOther("/chat")


async def _settled(visit: Visit) -> None:
    """Waits a little for the agency's side."""
    async with asyncio.timeout(PATIENCE * 2):
        for _ in range(round(PATIENCE / LOOK_EVERY)):
            if phase(await visit.service.desk.look(visit.case)) != "sending":
                return
            await asyncio.sleep(LOOK_EVERY)


def _erased(visit: Visit, reply: Reply) -> web.Response:
    """The last page of a case: it says what is gone, and the browser forgets its token."""
    request = visit.request
    words = visit.service.desk.words(reply.says[0].fact.language if reply.says else "de")
    told = [say.text for say in reply.says] or [words.translate(*texts.ERASED_WHY)]
    shown = frame(request, mode="form") | {"title": words.translate(*texts.ERASED_TITLE), "told": told, "link": ""}
    shown["language_links"] = {code: f"/chat?language={code}" for code in LANGUAGES}
    response = pages_of(request).respond("plain", words, back=words.translate(*texts.GONE_START), **shown)
    session.forget(response, everything=True)
    return response
