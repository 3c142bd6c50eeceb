"""Ways in and out: the start page, a new case, a code, a link from another device, and closing the case here."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.answers.base import Template, Words
from bot.core.texts import LANGUAGES
from bot.desk import UnknownDoor
from bot.library import NotOffered
from bot.turn import Reply
from bot.web import texts
from bot.web.api import CHANNEL
from bot.web.page import session
from bot.web.page.forms import one
from bot.web.page.site import LEFT, enter, frame, language_of, must_be_ours, pages_of, read_form, words_of
from bot.web.problems import Trouble
from bot.web.service import Service, network_of, service_of, slow_down
from bot.web.shapes.procedures import procedures

LONGEST_CODE = 200


async def front(request: web.Request) -> web.Response:
    """``GET /``: the case of the cookie, else the start page."""
    if session.token_of(request):
        raise web.HTTPSeeOther("/chat")
    return start_page(request)


def start_page(
    request: web.Request,
    *,
    status: int = 200,
    gone: tuple[Template, Template] | None = None,
    problem: Template | None = None,
    code: str = "",
    words: Words | None = None,
) -> web.Response:
    """What this is, everything that can be applied for, and a way back with a code."""
    service, words = service_of(request), words or words_of(request)
    moment = service.desk.moment(service.settings.demo_date)
    offered = procedures(service.desk.library, words, moment)["procedures"]
    in_form = "form" in request.query or request.method != "GET" or gone is not None
    shown: dict[str, Any] = frame(request, mode="form" if in_form else "start", robots="index, follow")
    shown |= {"procedures": offered, "gone": gone, "problem": problem, "code": code}
    return pages_of(request).respond("start", words, status=status, **shown)


async def begin(request: web.Request) -> web.Response:
    """``POST /chat/start``: a new case."""
    must_be_ours(request)
    service, fields = service_of(request), await read_form(request)
    language = one(fields, "language")
    name, _, municipality = one(fields, "procedure").partition("/")
    slow_down(service.rates.opening(network_of(request), service.clock()))
    with service.turn():
        try:
            reply = await service.desk.open_case(
                name or None,
                channel=CHANNEL,
                language=language if language in LANGUAGES else language_of(request),
                demo_date=service.settings.demo_date,
                municipality=municipality or None,
            )
        except NotOffered:
            raise Trouble("not-found") from None
    return _inside(reply)


async def resume(request: web.Request) -> web.Response:
    """``POST /chat/resume``: a case by its code. Wrong, used and expired codes answer alike."""
    must_be_ours(request)
    service, fields = service_of(request), await read_form(request)
    code, words = one(fields, "code").strip()[:LONGEST_CODE], _words(service, one(fields, "language"), request)
    if service.rates.try_code(network_of(request), service.clock()) > 0:
        return start_page(request, status=429, problem=texts.CODE_TOO_OFTEN, code=code, words=words)
    reply = await _come_back(request, code)
    if reply is None:
        return start_page(request, status=422, problem=texts.CODE_WRONG, code=code, words=words)
    return _inside(reply)


async def ask_link(request: web.Request) -> web.Response:
    """``GET /chat/link/{secret}``: asks first. Whoever only looks at a link uses nothing up."""
    words, pages = words_of(request), pages_of(request)
    shown = frame(request, mode="form") | {
        "title": words.translate(*texts.LINK_TITLE),
        "link": request.path,
        "back": "",
    }
    return pages.respond("plain", words, told=[words.translate(*texts.LINK_WHY)], **shown)


async def take_link(request: web.Request) -> web.Response:
    """``POST /chat/link/{secret}``: the case goes on here."""
    must_be_ours(request)
    service = service_of(request)
    slow_down(service.rates.try_code(network_of(request), service.clock()))
    reply = await _come_back(request, request.match_info["secret"][:LONGEST_CODE])
    if reply is not None:
        return _inside(reply)
    words = words_of(request)
    shown = frame(request, mode="form") | {"title": words.translate(*texts.TROUBLE), "link": ""}
    shown |= {"told": [words.translate(*texts.LINK_WRONG)], "back": words.translate(*texts.GONE_START)}
    return pages_of(request).respond("plain", words, status=404, **shown)


async def leave(request: web.Request) -> web.Response:
    """``POST /chat/leave``: the case stays, this browser forgets it."""
    must_be_ours(request)
    fields = await read_form(request)
    visit = await enter(request)
    if not session.is_proof(visit.token, one(fields, "csrf")):
        raise web.HTTPSeeOther("/chat")
    words = (await visit.service.desk.look(visit.case)).words
    await visit.service.desk.revoke(visit.token)
    response = start_page(request, gone=LEFT, words=words)
    session.forget(response, everything=True)
    return response


async def _come_back(request: web.Request, secret: str) -> Reply | None:
    """The case that a code or a link opens; None where it opens nothing."""
    service = service_of(request)
    with service.turn():
        try:
            reply = await service.desk.come_back(secret, channel=CHANNEL)
        except UnknownDoor:
            reply = None  # erased at this moment
    if reply is None or not reply.token:
        return None
    service.rates.right_code(network_of(request), service.clock())
    return reply


def _inside(reply: Reply) -> web.Response:
    """On to the case, with its token in the cookie."""
    response = web.Response(status=303, headers={"Location": "/chat", "Cache-Control": "no-store"})
    session.remember(response, reply.token)
    return response


def _words(service: Service, language: str, request: web.Request) -> Words:
    return service.desk.words(language) if language in LANGUAGES else words_of(request)
