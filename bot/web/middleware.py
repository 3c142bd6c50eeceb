"""Around every handler: rates, problems instead of exceptions, headers for safety, a log without personal data.

Addresses, bodies and tokens are never logged: a request is its method, its route's template, its status and its time.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import hdrs, web

from bot.desk import UnknownDoor
from bot.ports import EvidenceDown, StoreDown, WorldError
from bot.web import problems
from bot.web.problems import Trouble
from bot.web.service import network_of, service_of, slow_down, words_for

log = logging.getLogger("antragslotse.web")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ErrorPage = Callable[[web.Request, Trouble], Awaitable[web.Response]]

ERROR_PAGE: Final[web.AppKey[ErrorPage]] = web.AppKey("error_page", Callable)  # type: ignore[arg-type]  # a kind of call, no class
"""How pages say a problem. Without it problems are JSON everywhere."""

BEGUN: Final = web.RequestKey("begun", web.StreamResponse)
"""The response whose head is being sent."""

API: Final = "/api/"

EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_API_HEADERS: Final = {**EVERYWHERE, "Content-Security-Policy": API_POLICY, "Cache-Control": "no-store"}
_PAGE_HEADERS: Final = {**EVERYWHERE, "Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "SAMEORIGIN"}

EXPOSED: Final = "ETag, Location, Retry-After, Tus-Resumable, Upload-Expires, Upload-Length, Upload-Offset"
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, If-None-Match, Last-Event-ID, Tus-Resumable, Upload-Length, Upload-Metadata, "
        "Upload-Offset"
    ),
    "Access-Control-Max-Age": "600",
}


@web.middleware
async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one middleware: what is not a response becomes a problem. What is mounted here has rules of its own."""
    if is_mounted(request):
        return await handler(request)
    service = service_of(request)
    started = service.clock()
    try:
        response = await _handled(request, handler)
    except Trouble as trouble:
        response = _cut_off(request) or await told(request, trouble)
    except web.HTTPRedirection:
        raise
    if log.isEnabledFor(logging.INFO):
        log.info("%s %s %d %d ms", request.method, route_of(request), response.status, _ms(service.clock() - started))
    return response


async def _handled(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Raises :class:`Trouble` for everything that is no response."""
    try:
        slow_down(service_of(request).rates.request(network_of(request), service_of(request).clock()))
        if request.method == hdrs.METH_OPTIONS and (response := _preflight(request)) is not None:
            return response
        return await handler(request)
    except (Trouble, web.HTTPRedirection):
        raise
    except web.HTTPException as error:
        raise _of_framework(error) from None
    except UnknownDoor:  # between asking who it is and doing what it wants
        raise Trouble("erased") from None
    except WorldError as down:
        raise _of_world(request, down) from None
    except ConnectionError:
        raise  # the client is gone: nobody is there to be told
    except Exception as error:  # noqa: BLE001  # the one place of the web where a bug ends
        log.error("bug in %s %s: %s", request.method, route_of(request), where(error))
        raise Trouble("bug") from None


def _of_framework(error: web.HTTPException) -> Trouble:
    """What the router or the reading of a body found."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        return Trouble("not-allowed", headers={"Allow": ", ".join(sorted(error.allowed_methods))})
    names = {404: "not-found", 405: "not-allowed", 413: "too-large", 415: "unsupported-type", 417: "malformed"}
    return Trouble(names.get(error.status, "malformed" if error.status < 500 else "bug"))


def _of_world(request: web.Request, down: WorldError) -> Trouble:
    log.warning("%s %s: %s", request.method, route_of(request), type(down).__name__)
    seconds = 30 if down.retry_after is None else max(1, round(down.retry_after))
    detail = problems.STORE_AWAY if isinstance(down, StoreDown) else None
    if isinstance(down, EvidenceDown):
        detail = problems.NO_ROOM
    return Trouble("busy", detail, retry_after=seconds)


def _cut_off(request: web.Request) -> web.StreamResponse | None:
    """The response that had begun when something broke: nothing more can be said, and it must not look whole."""
    begun = request.get(BEGUN)
    if begun is not None and request.transport is not None:
        request.transport.abort()
    return begun


async def told(request: web.Request, trouble: Trouble) -> web.Response:
    """The problem in the case's language, as JSON for programs and as a page for people."""
    page = request.app.get(ERROR_PAGE)
    if page is not None and not is_api(request) and "text/html" in request.headers.get("Accept", ""):
        return await page(request, trouble)
    words = trouble.words or await words_for(request, hurried=trouble.retry_after is not None)
    return problems.reply(trouble, words)


def route_of(request: web.Request) -> str:
    """The route's template, such as ``/api/v1/files/{id}``: the address itself may be anything."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"


def is_mounted(request: web.Request) -> bool:
    """Does another application, below a path of ours, answer this?"""
    return len(request.match_info.apps) > 1


def is_api(request: web.Request) -> bool:
    return request.path.startswith(API)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def where(error: BaseException) -> str:
    """Kind and place of an error, without its message: a message may quote an answer."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} at {place}"


# -- headers --------------------------------------------------------------------------------------------------------


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Just before the head is sent: what every response says, unless it says better itself."""
    request[BEGUN] = response
    headers = response.headers
    headers.popall(hdrs.SERVER, None)
    if is_mounted(request):
        return
    for name, value in (_API_HEADERS if is_api(request) else _PAGE_HEADERS).items():
        if name not in headers:
            headers[name] = value
    if service_of(request).settings.public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if hdrs.ORIGIN in request.headers and is_api(request):
        headers.update(_shared_with(request))


def _shared_with(request: web.Request) -> Mapping[str, str]:
    """CORS, for configured origins only."""
    origin = request.headers[hdrs.ORIGIN]
    if origin not in service_of(request).settings.origins:
        return {"Vary": "Origin"}
    return {"Vary": "Origin", "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED}


def _preflight(request: web.Request) -> web.Response | None:
    """The browser asks whether a page of another origin may call; None where it is no such question."""
    asked = hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers
    if not asked or request.headers.get(hdrs.ORIGIN) not in service_of(request).settings.origins:
        return None
    return web.Response(status=204, headers=_PREFLIGHT)
