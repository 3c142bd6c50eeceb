"""How the sandbox answers: problem details (RFC 9457) for every refusal, its label on everything, bounded bodies."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

_log = logging.getLogger(__name__)
_TYPES: Final = "https://schema.fitko.de/fit-connect/submission-api/problems/"
LABEL: Final = {"X-Sandbox": "true", "X-Content-Type-Options": "nosniff"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """The request cannot be done. ``name``: last part of the problem's type; ``detail``: words without contents."""

    def __init__(self, status: int, name: str, detail: str = "") -> None:
        super().__init__(status, name, detail)
        self.status, self.name, self.detail = status, name, detail


def problem(status: int, name: str, detail: str = "", headers: dict[str, str] | None = None) -> web.Response:
    """The answer for a refusal."""
    title = name.replace("-", " ").capitalize()
    body = {"type": _TYPES + name, "title": title, "status": status, **({"detail": detail} if detail else {})}
    return web.json_response(body, status=status, content_type="application/problem+json", headers=headers)


@web.middleware
async def answers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every way out into an answer with the sandbox's label."""
    try:
        response = await handler(request)
    except Refused as refused:
        response = problem(refused.status, refused.name, refused.detail)
    except web.HTTPException as refused:
        response = _foreign(refused)
    except Exception:  # noqa: BLE001  # a bug of the sandbox is a 500 as the real service would give it
        _log.exception("sandbox: a request failed")
        response = problem(500, "internal-error")
    response.headers.update(LABEL)
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _foreign(refused: web.HTTPException) -> web.Response:
    if refused.status < 400:
        raise refused
    name = {404: "not-found", 405: "method-not-allowed"}.get(refused.status, "bad-request")
    response = problem(refused.status, name)
    if "Allow" in refused.headers:
        response.headers["Allow"] = refused.headers["Allow"]
    return response


async def body(request: web.Request, limit: int, content_type: str) -> bytes:
    """The body, at most ``limit`` bytes. Refused: 415, 413."""
    if request.content_type != content_type:
        raise Refused(415, "unsupported-media-type", f"{content_type} is wanted")
    if (request.content_length or 0) > limit:
        raise Refused(413, "payload-too-large")
    found = bytearray()
    async for chunk in request.content.iter_chunked(1 << 16):
        found += chunk
        if len(found) > limit:
            raise Refused(413, "payload-too-large")
    return bytes(found)


async def json_body(request: web.Request, limit: int) -> dict[str, Any]:
    """A JSON object. Refused: 400, 413, 415."""
    try:
        found = json.loads(await body(request, limit, "application/json"))
    except (ValueError, RecursionError) as error:
        raise Refused(400, "syntax-violation", "the body is not JSON") from error
    if not isinstance(found, dict):
        raise Refused(400, "schema-violation", "the body is not an object")
    return found


async def text_body(request: web.Request, limit: int) -> str:
    """``application/jose``. Refused: 400, 413, 415."""
    try:
        return (await body(request, limit, "application/jose")).decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise Refused(400, "syntax-violation", "the body is not a compact JOSE object") from error
