"""The public chat API: each route as openapi.json says. Reads strictly, asks the desk, shows what it says.

A 4xx writes nothing. What an applicant gets wrong is no error: it is an outcome with 200, and in the transcript.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot import limits
from bot.core.position import Situation
from bot.core.submission import instant
from bot.core.texts import LANGUAGES
from bot.desk import UnknownDoor
from bot.library import NotOffered
from bot.ports import CaseId
from bot.turn import Reply
from bot.web import export, problems, reading
from bot.web.problems import Flaw, Trouble
from bot.web.reading import Asked
from bot.web.replies import JSON, first_of, json_reply, page_of_reply, read_page
from bot.web.service import Service, authorised, language_for, network_of, not_now, service_of, slow_down, token_of
from bot.web.shapes.procedures import procedures
from bot.web.shapes.state import state
from bot.web.shapes.summary import summary
from bot.web.stream import Stream

CHANNEL: Final = "web"
DESCRIPTION: Final = Path(__file__).with_name("openapi.json")


# -- without a token ------------------------------------------------------------------------------------------------


@cache
def _description() -> bytes:
    return DESCRIPTION.read_bytes()


async def describe(_request: web.Request) -> web.Response:
    """``GET /openapi.json``."""
    return web.Response(body=_description(), content_type=JSON)


async def list_procedures(request: web.Request) -> web.Response:
    """``GET /procedures``."""
    service = service_of(request)
    q = request.query.get("q", "")
    language = request.query.get("language") or language_for(request)
    if len(q) > reading.LONGEST_QUERY:
        raise Trouble("invalid", flaws=[Flaw("/q", problems.WRONG_SHAPE)])
    if language not in LANGUAGES:
        raise Trouble("invalid", flaws=[Flaw("/language", problems.WRONG_SHAPE)])
    desk = service.desk
    return json_reply(procedures(desk.library, desk.words(language), desk.moment(service.settings.demo_date), q))


async def open_case(request: web.Request) -> web.Response:
    """``POST /cases``."""
    service = service_of(request)
    asked = reading.read_opening(await reading.read_object(request), language_for(request))
    slow_down(service.rates.opening(network_of(request), service.clock()))
    name, _, municipality = (asked.procedure or "").partition("/")
    with service.turn():
        try:
            reply = await service.desk.open_case(
                name or None,
                channel=CHANNEL,
                language=asked.language,
                demo_date=service.settings.demo_date,
                municipality=municipality or None,
            )
        except NotOffered:
            raise Trouble("not-found") from None
    return await _opened(service, reply, 201)


async def resume(request: web.Request) -> web.Response:
    """``POST /cases/resume``. Wrong, used and expired codes answer alike."""
    service = service_of(request)
    code = reading.read_code(await reading.read_object(request))
    network, now = network_of(request), service.clock()
    slow_down(service.rates.try_code(network, now), problems.TOO_MANY_CODES)
    with service.turn():
        try:
            reply = await service.desk.come_back(code, channel=CHANNEL)
        except UnknownDoor:
            reply = None  # erased at this moment
    if reply is None or reply.situation is None:
        raise Trouble("not-found", problems.NO_CODE)
    service.rates.right_code(network, now)
    return await _opened(service, reply, 200)


async def _opened(service: Service, reply: Reply, status: int) -> web.Response:
    """``Opened`` of the API."""
    assert reply.situation is not None
    page = await page_of_reply(service.desk, reply, None, "")
    shown = page.shown(reply.situation)
    return json_reply({"token": reply.token, "reference": reply.situation.case.reference, **shown}, status)


# -- the talk -------------------------------------------------------------------------------------------------------


async def get_state(request: web.Request) -> web.Response:
    """``GET /state``; 304 where the client has it already."""
    case = await authorised(request)
    situation = await look(service_of(request), case)
    tag = f'"{situation.case.number}"'
    if tag in (each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")):
        return web.Response(status=304, headers={"ETag": tag})
    return json_reply({"cursor": situation.case.number, "state": state(situation)}, headers={"ETag": tag})


async def look(service: Service, case: CaseId) -> Situation:
    """The case as it stands. Raises :class:`bot.desk.UnknownDoor` where it was erased."""
    return await service.desk.look(case)


async def answer(request: web.Request) -> web.Response:
    """``POST /answers``."""
    service = service_of(request)
    service.expect_turn()
    case = await authorised(request)
    body = await reading.read_object(request)  # before its place is taken: a slow body keeps nobody out
    with service.turn():
        try:
            asked = reading.read_answer(body)
        except Trouble:
            asked = await _known(service, case, body)
        await _must_have(service, case, asked.after)
        reply = await service.desk.answer(case, CHANNEL, asked.id, asked.content)
        return await _answered(service, reply, asked)


async def _known(service: Service, case: CaseId, body: dict[str, Any]) -> Asked:
    """A body that cannot be read, of a message that was taken in before: it is not read again.

    To be called while the reason is being handled; else it is raised again.
    """
    id = body.get("id")
    if isinstance(id, str) and reading.is_uuid(id) and await first_of(service.desk, case, id.lower()):
        after = body.get("after")
        return Asked(id.lower(), after if reading.is_count(after) else None, reading.NOTHING)
    raise  # noqa: PLE0704


async def _must_have(service: Service, case: CaseId, number: int | None) -> None:
    """Raises :class:`Trouble` where the client claims to know a turn that is not there. Seldom asks the store."""
    if number is None or service.hub.knows(case, number):
        return
    situation = await look(service, case)
    if number > situation.case.number:
        raise Trouble("cursor-ahead", words=situation.words)


_CONFLICTS: Final = {
    "not-now": ("not-now", None),
    "changed-since-review": ("changed-since-review", None),
    "full": ("not-now", problems.CASE_FULL),
}


async def _answered(service: Service, reply: Reply, asked: Asked) -> web.Response:
    """``Answered`` of the API. Raises :class:`Trouble` for what the client could have known."""
    if reply.situation is None:
        raise Trouble("erased")
    if reply.outcome == "bug":
        raise Trouble("bug", words=reply.situation.words)
    if reply.conflict == "invalid":
        raise Trouble("invalid", flaws=[Flaw("/value", problems.WRONG_SHAPE)], words=reply.situation.words)
    if reply.conflict in _CONFLICTS:
        name, detail = _CONFLICTS[reply.conflict]
        raise not_now(reply.situation, detail, name)
    page = await page_of_reply(service.desk, reply, asked.after, asked.id)
    outcome = {"outcome": reply.outcome, "repeated": reply.repeated}
    return json_reply(outcome | page.shown(reply.situation))


async def get_events(request: web.Request) -> web.StreamResponse:
    """``GET /events``: JSON at once or after a while, or a stream."""
    case = await authorised(request)
    wait = reading.count_in(request.query.get("wait"), "/wait", limits.WAIT_SECONDS)
    after = reading.count_in(request.query.get("after"), "/after")
    after = reading.count_in(request.headers.get("Last-Event-ID"), "/Last-Event-ID", otherwise=after)
    service = service_of(request)
    await _must_have(service, case, after)
    if "text/event-stream" in request.headers.get("Accept", ""):
        return await _stream(request, service, case, after)
    return await _poll(service, case, after, wait)


async def _poll(service: Service, case: CaseId, after: int, wait: int) -> web.Response:
    with service.hub.watching(case, after) as watcher:
        page, situation = await read_page(service.desk, case, after)
        if not page.events and page.cursor == after and wait and not service.hub.closing and await watcher.news(wait):
            page, situation = await read_page(service.desk, case, after)
    return json_reply({"more": page.more, **page.shown(situation)})


async def _stream(request: web.Request, service: Service, case: CaseId, after: int) -> web.StreamResponse:
    """Every turn behind ``after`` until the client goes, a third stream comes, or the process ends."""
    with service.hub.watching(case, after) as watcher:
        watcher.wake()  # what is there already is the first news
        async with service.streams.opened(request, token_of(request), watcher) as stream:
            if service.hub.closing:
                stream.end("closing")
            try:
                while await watcher.news():
                    if stream.why_bye:
                        await stream.bye()
                        break
                    await _send_news(service, stream, case)
                    if stream.is_quiet:
                        await stream.comment()
            except UnknownDoor:
                stream.end("erased")
                await stream.bye()
            except (ConnectionError, TimeoutError):
                pass  # the client is gone
            return stream.response


async def _send_news(service: Service, stream: Stream, case: CaseId) -> None:
    """Each page of turns that the client lacks."""
    watcher = stream.watcher
    while True:
        page, situation = await read_page(service.desk, case, watcher.cursor)
        if page.cursor == watcher.cursor:
            return
        watcher.cursor = page.cursor
        await stream.turn(page.cursor, page.shown(situation))


async def get_summary(request: web.Request) -> web.Response:
    """``GET /summary``."""
    case = await authorised(request)
    return json_reply(summary(await look(service_of(request), case)))


# -- taking along, and leaving --------------------------------------------------------------------------------------


async def make_link(request: web.Request) -> web.Response:
    """``POST /links``. Another channel than the web is not there yet."""
    service = service_of(request)
    case = await authorised(request)
    to = reading.read_link(await reading.read_object(request))
    situation = await look(service, case)
    if to != "web":
        raise not_now(situation, problems.NO_CHANNEL)
    with service.turn():
        secret, ends = await service.desk.new_link(case)
    url = f"{service.settings.address}/chat/link/{secret}"
    return json_reply({"url": url, "expires_at": instant(ends)}, 201)


async def export_case(request: web.Request) -> web.StreamResponse:
    """``GET /export``: everything that is stored, as a ZIP file (Art. 15 and 20 GDPR)."""
    service = service_of(request)
    case = await authorised(request)
    with service.upload(network_of(request)):
        return await export.send(request, service.desk, case, await look(service, case))


async def erase_case(request: web.Request) -> web.Response:
    """``DELETE /case``."""
    service = service_of(request)
    case = await authorised(request)
    with service.turn():
        reply = await service.desk.erase_case(case)
    if reply.situation is not None:
        raise Trouble("bug", words=reply.situation.words)
    return web.Response(status=204)
