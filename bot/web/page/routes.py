"""Which page is where, and what people see where something is in the way. Headers are the middleware's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Final

from aiohttp import web

from bot.desk import CaseErased, UnknownDoor
from bot.web import texts
from bot.web.middleware import ERROR_PAGE
from bot.web.page import checking, entry, legal_pages, session, talk, uploads
from bot.web.page.assets import Assets
from bot.web.page.legal import DEMO, Legal, load_legal
from bot.web.page.render import Pages
from bot.web.page.site import ERASED, PAGES, UNKNOWN, Foreign, Gone, frame, pages_of, words_of
from bot.web.problems import Trouble, document
from bot.web.service import SERVICE, words_for

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", "/", entry.front),
    ("GET", "/chat", talk.chat),
    ("GET", "/chat/summary", talk.summary),
    ("GET", "/chat/export", talk.copy),
    ("GET", r"/chat/receipt/{n:\d+}", talk.receipt),
    ("GET", r"/chat/receipt/{n:\d+}.jws", talk.receipt),
    ("GET", "/chat/language/{language}", talk.speak),
    ("POST", "/chat/start", entry.begin),
    ("POST", "/chat/answer", talk.answer),
    ("POST", "/chat/file", uploads.upload),
    ("GET", "/chat/file/{id}", uploads.preview),
    ("POST", "/chat/resume", entry.resume),
    ("POST", "/chat/leave", entry.leave),
    ("GET", "/chat/link/{secret}", entry.ask_link),
    ("POST", "/chat/link/{secret}", entry.take_link),
    ("GET", "/help", legal_pages.help_page),
    ("GET", "/receipt", checking.ask),
    ("POST", "/receipt", checking.check),
    ("GET", "/imprint", legal_pages.article),
    ("GET", "/privacy", legal_pages.article),
    ("GET", "/accessibility", legal_pages.article),
    ("POST", "/accessibility/feedback", legal_pages.feedback),
)
_BACK: Final = {
    "/chat/answer": "/chat",
    "/chat/file": "/chat",
    "/chat/start": "/chat",
    "/chat/resume": "/chat",
    "/chat/leave": "/chat",
    "/accessibility/feedback": "/accessibility",
}
"""Where a form's own address leads that somebody opens or reloads."""


def setup_pages(app: web.Application, legal: Legal | None = None) -> None:
    """Adds every page to ``app``. ``legal``: the operator's texts; without them those of the demo are shown, and said
    to be. Whether it may start without is asked before (:func:`bot.web.page.legal.legal_for`).
    """
    settings = app[SERVICE].settings
    if legal is None:
        legal = load_legal(settings.legal or DEMO)
    assets = Assets.load()
    app[PAGES] = Pages(assets, legal, settings.demo_date)
    app[uploads.ROOM] = asyncio.Semaphore(uploads.AT_ONCE)
    app[ERROR_PAGE] = _trouble_page
    for method, path, handler in _ROUTES:
        app.router.add_route(method, path, _guarded(handler))
    for path, target in _BACK.items():
        app.router.add_route("GET", path, _to(target))
    app.router.add_route("GET", "/static/{version}/{name:.+}", assets.serve)


def _guarded(handler: Handler) -> Handler:
    """A case that is gone and a form from elsewhere end in a friendly page, with the cookie forgotten or untouched."""

    @wraps(handler)
    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Gone as gone:
            return _start_anew(request, gone)
        except CaseErased:
            return _start_anew(request, Gone(ERASED))
        except UnknownDoor:
            return _start_anew(request, Gone(UNKNOWN))
        except Foreign:
            return _foreign(request)

    return guarded


def _start_anew(request: web.Request, gone: Gone) -> web.Response:
    response = entry.start_page(request, gone=gone.why)
    session.forget(response)
    return response


def _foreign(request: web.Request) -> web.Response:
    words = words_of(request)
    shown = frame(request, mode="form") | {"title": words.translate(*texts.TROUBLE), "link": ""}
    shown |= {"told": [words.translate(*texts.REFUSED_ORIGIN)], "back": words.translate(*texts.BACK_TO_QUESTION)}
    return pages_of(request).respond("plain", words, status=403, **shown)


async def _trouble_page(request: web.Request, trouble: Trouble) -> web.Response:
    """A problem as a page: the same words as the API's."""
    words = trouble.words or await words_for(request)
    told = document(trouble, words)
    shown = frame(request, mode="form") | {"title": told["title"], "told": [told["detail"]], "link": ""}
    shown["language_links"] = {code: f"/chat?language={code}" for code in shown["language_links"]}
    response = pages_of(request).respond(
        "plain", words, status=trouble.status, back=words.translate(*texts.BACK_TO_QUESTION), **shown
    )
    response.headers.update(trouble.headers)
    if trouble.retry_after is not None:
        response.headers["Retry-After"] = str(trouble.retry_after)
    return response


def _to(target: str) -> Handler:
    async def redirect(_request: web.Request) -> web.Response:
        raise web.HTTPSeeOther(target)

    return redirect
