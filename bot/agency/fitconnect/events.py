"""The event log: which of its signed statements (SET, RFC 8417) about our submission may be believed.

Laws: PS512 only, whatever the token says; the author must be allowed to say it; one event a token; no statement twice.
What does not hold is left out and logged by its reason, never by its contents.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from bot.agency.fitconnect.keys import UnfitKey

log = logging.getLogger("antragslotse.fitconnect")

EVENTS: Final = "https://schema.fitko.de/fit-connect/events/"
SUBMIT: Final = "submit-submission"
ACCEPT: Final = "accept-submission"
REJECT: Final = "reject-submission"
AUTHORS: Final[Mapping[str, frozenset[str]]] = {
    "create-submission": frozenset({"service"}),
    SUBMIT: frozenset({"service"}),
    "notify-submission": frozenset({"service"}),
    "forward-submission": frozenset({"destination"}),
    ACCEPT: frozenset({"destination"}),
    REJECT: frozenset({"destination", "service"}),
    "delete-submission": frozenset({"service"}),
}
EARLIEST: Final = 1_577_833_200
"""Seconds since 1970: no event is older than the service (set-payload 1.0.1)."""
LARGEST: Final = 128_000
_PRINTED: Final = re.compile(r"[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+\Z")

FindKey = Callable[[str, str], Awaitable[RSAKey]]
"""Author (``service`` or ``destination``) and ``kid`` to the checked key. Raises :class:`UnfitKey`."""


class NotBelieved(Exception):
    """Why a token is not believed, without its contents."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose events are wanted. ``issuer``: the delivery service's ``iss``; ``destination``: UUID."""

    submission: str
    case: str
    destination: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Event:
    """A statement that holds. ``name``: ``accept-submission``; ``token``: what is kept as proof."""

    name: str
    payload: Mapping[str, Any]
    jti: str
    token: str = field(repr=False)


async def believed(tokens: Iterable[str], about: About, find_key: FindKey) -> list[Event]:
    """The statements about this submission that hold, in the order of the log. Others of the case are passed over.

    Raises what ``find_key`` raises but :class:`UnfitKey`.
    """
    found: list[Event] = []
    for token in tokens:
        try:
            claims = _claims(token)
            if claims.get("sub") == f"submission:{about.submission}":
                found.append(_next(found, await _checked(token, claims, about, find_key)))
        except (NotBelieved, UnfitKey) as error:
            log.warning("FIT-Connect: an event is not believed: %s", error)
    return found


def submitted_somehow(tokens: Iterable[str], submission: str) -> bool:
    """Does any token, believed or not, say that this submission went out? For a doubt that must err on "yes"."""
    for token in tokens:
        try:
            claims = _claims(token)
        except NotBelieved:
            continue
        if claims.get("sub") == f"submission:{submission}" and EVENTS + SUBMIT in (claims.get("events") or ()):
            return True
    return False


def tags_equal(event: Event, tags: Mapping[str, Any]) -> bool:
    """Does the statement speak of exactly what we sent? ``tags``: ``{metadata, data, attachments: {uuid: tag}}``."""
    said = event.payload.get("authenticationTags")
    if not isinstance(said, dict):
        return False
    return {"attachments": {}, **said} == tags


def problems_of(event: Event) -> list[dict[str, str]]:
    """``{type, title, detail, instance}`` of a rejection, as far as they are text."""
    listed = event.payload.get("problems")
    names = ("type", "title", "detail", "instance")
    return [
        {name: each[name] for name in names if isinstance(each.get(name), str)}
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
    ]


def _next(before: Sequence[Event], event: Event) -> Event:
    """The order of a submission's life: submitted once, decided once and after that; each statement once."""
    names = [each.name for each in before]
    if any(each.jti == event.jti for each in before):
        raise NotBelieved("jti was seen before")
    if event.name == SUBMIT and SUBMIT in names:
        raise NotBelieved("submitted twice")
    if event.name in (ACCEPT, REJECT) and (SUBMIT not in names or ACCEPT in names or REJECT in names):
        raise NotBelieved(f"{event.name} cannot stand here")
    return event


async def _checked(token: str, claims: Mapping[str, Any], about: About, find_key: FindKey) -> Event:
    header = _header(token)
    author = _author(claims, about)
    key = await find_key(author, header["kid"])
    try:
        jws.deserialize_compact(token, key, algorithms=["PS512"])
    except (JoseError, ValueError):
        raise NotBelieved("the signature does not hold") from None
    return _event(token, claims, about, author)


def _header(token: str) -> dict[str, str]:
    header = _part(token, 0)
    if header.get("alg") != "PS512" or header.get("typ") != "secevent+jwt" or not isinstance(header.get("kid"), str):
        raise NotBelieved("alg, typ or kid is not what a SET has")
    return header


def _author(claims: Mapping[str, Any], about: About) -> str:
    issuer = claims.get("iss")
    if isinstance(issuer, str) and issuer.rstrip("/") == about.issuer.rstrip("/"):
        return "service"
    if issuer == about.destination:
        return "destination"
    raise NotBelieved("iss is neither the service nor the destination")


def _event(token: str, claims: Mapping[str, Any], about: About, author: str) -> Event:
    events, jti, at = claims.get("events"), claims.get("jti"), claims.get("iat")
    if not isinstance(events, dict) or len(events) != 1:
        raise NotBelieved("it does not hold exactly one event")
    if claims.get("txn") != f"case:{about.case}":
        raise NotBelieved("txn is another case")
    if not isinstance(jti, str) or not jti or not isinstance(at, int) or at < EARLIEST:
        raise NotBelieved("jti or iat is missing")
    ((uri, payload),) = events.items()
    name = uri.removeprefix(EVENTS)
    if author not in AUTHORS.get(name, ()):
        raise NotBelieved("its author may not say this")
    return Event(name, payload if isinstance(payload, dict) else {}, jti, token)


def _claims(token: str) -> dict[str, Any]:
    return _part(token, 1)


def _part(token: str, index: int) -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > LARGEST or not _PRINTED.match(token):
        raise NotBelieved("it is no compact JWS")
    part = token.split(".")[index]
    try:
        found = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        raise NotBelieved("it is no compact JWS") from None
    if not isinstance(found, dict):
        raise NotBelieved("it is no compact JWS")
    return found
