"""What every handler of the pages may use, and what each asks first: whose case is it, and is the form ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from aiohttp import web

from bot.answers.base import Template, Words
from bot.core.texts import LANGUAGES
from bot.desk import CaseErased, UnknownDoor
from bot.ports import CaseId
from bot.web import texts
from bot.web.page import session
from bot.web.page.render import Pages
from bot.web.problems import Trouble
from bot.web.reading import read_body
from bot.web.service import CASE, Service, language_for, network_of, service_of, slow_down

PAGES: Final = web.AppKey("pages", Pages)

FORM_TYPE: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 500


class Visit(NamedTuple):
    """An applicant at the page of a case."""

    request: web.Request
    service: Service
    token: str
    case: CaseId


class Gone(Exception):
    """There is no case behind the cookie (any more). ``why``: what is said of it, and what can be done."""

    def __init__(self, why: tuple[Template, Template]) -> None:
        super().__init__("no case")
        self.why = why


ERASED: Final = (texts.GONE_ERASED, texts.GONE_ERASED_NEXT)
UNKNOWN: Final = (texts.GONE_UNKNOWN, texts.GONE_UNKNOWN_NEXT)
LEFT: Final = (texts.GONE_LEFT, texts.GONE_LEFT_NEXT)


class Foreign(Exception):
    """A form that no page of ours sent."""


def pages_of(request: web.Request) -> Pages:
    return request.app[PAGES]


async def enter(request: web.Request, *, counted: bool = True) -> Visit:
    """The case of the cookie. Raises :class:`Gone`, and :class:`Trouble` where it comes too often.

    Not ``counted``: a picture that belongs to a page.
    """
    service, token = service_of(request), session.token_of(request)
    try:
        case = await service.desk.authorise(token)
    except CaseErased:
        raise Gone(ERASED) from None
    except UnknownDoor:
        raise Gone(UNKNOWN) from None
    request[CASE] = case
    if counted:
        slow_down(service.rates.case(case, network_of(request), service.clock()))
    return Visit(request, service, token, case)


def demo_of(request: web.Request) -> date | None:
    return service_of(request).settings.demo_date


def language_of(request: web.Request) -> str:
    """What the address asks for, else the browser."""
    asked = request.query.get("language", "")
    return asked if asked in LANGUAGES else language_for(request)


def words_of(request: web.Request) -> Words:
    """The same as words."""
    return service_of(request).desk.words(language_of(request))


def must_be_ours(request: web.Request) -> None:
    """Raises :class:`Foreign` for a form that came from elsewhere."""
    if not session.is_ours(request):
        raise Foreign


async def read_form(request: web.Request) -> Mapping[str, Sequence[str]]:
    """The fields of a form, at most 64 KiB. Raises :class:`Trouble`."""
    if request.content_type != FORM_TYPE:
        raise Trouble("unsupported-type")
    body = await read_body(request)
    try:
        pairs = parse_pairs(body.decode("ascii"))
    except ValueError:
        raise Trouble("malformed") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def parse_pairs(body: str) -> list[tuple[str, str]]:
    """Raises ``ValueError`` for what no browser sends."""
    return parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)


def frame(request: web.Request, *, mode: str, home: str = "/chat", robots: str = "noindex") -> dict[str, Any]:
    """What the skeleton of every page needs. ``mode``: docs/page.md."""
    keep = "&form=1" if "form" in request.query else ""
    if mode == "form" and CASE in request:
        links = {code: f"/chat/language/{code}" for code in LANGUAGES}
    else:
        path = request.path if request.method == "GET" else "/chat"
        links = {code: f"{path}?language={code}{keep}" for code in LANGUAGES}
    return {"mode": mode, "home": home, "robots": robots, "language_links": links}
