"""Who is at the page: a first-party cookie that holds the token of one case, and proofs that a form is ours.

The proof is an HMAC over the token: nothing is stored for it. ``Referrer-Policy: no-referrer`` makes browsers send
``Origin: null`` with forms, so ``Sec-Fetch-Site`` is asked first.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

COOKIE: Final = "__Host-antragslotse"
LONGEST_TOKEN: Final = 200


def token_of(request: web.Request) -> str:
    """The token in the cookie, empty without."""
    token = request.cookies.get(COOKIE, "")
    return token if len(token) <= LONGEST_TOKEN else ""


def remember(response: web.StreamResponse, token: str) -> None:
    """A cookie for this session of the browser, sent to nobody else, read by no script."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="Strict")


def forget(response: web.StreamResponse, *, everything: bool = False) -> None:
    """The cookie is gone; with ``everything`` also what other pages of ours keep in this browser."""
    response.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
    if everything:
        response.headers["Clear-Site-Data"] = '"cookies", "storage"'


def proof(token: str) -> str:
    """What a form of this session carries."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def is_proof(token: str, given: str) -> bool:
    return hmac.compare_digest(proof(token).encode(), given.encode())


def is_ours(request: web.Request) -> bool:
    """Was the form sent from a page of ours? A client that is no browser says nothing, and may."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def new_id() -> str:
    """Names one rendered form, so that sending it twice is answering once."""
    return str(uuid.uuid4())


def is_id(given: str) -> bool:
    """Is it the name of a form of ours?"""
    try:
        return str(uuid.UUID(given)) == given
    except ValueError:
        return False
