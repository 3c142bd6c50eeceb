"""Reads what a client sent, strictly and without I/O but the body: every mistake at its place, all at once.

Nothing of a request is guessed or repaired. Whether a *value* fits its question is the core's matter.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import orjson
from aiohttp import web

from bot import limits
from bot.answers.base import Json
from bot.core.commands import ACTIONS, Acted, Content, Picked, Typed
from bot.core.texts import LANGUAGES
from bot.web import problems
from bot.web.problems import Flaw, Trouble

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
LONGEST_QUERY: Final = 200
NOTHING: Final = Acted("")
"""The content of a message that is not read again."""
LONGEST_ADDRESS: Final = 200
_LONGEST_LAUNCH: Final = 2_000
_SHORTEST_CODE: Final = 16
_LARGEST_NUMBER: Final = 2**53
_LARGEST_CODE: Final = 200
_DIGITS: Final = re.compile(r"[0-9]{1,15}")

Check = Callable[[Any], bool]


class Asked(NamedTuple):
    """The body of ``POST /answers``. ``after`` None: only this turn is wanted back."""

    id: str
    after: int | None
    content: Content


class Opening(NamedTuple):
    """The body of ``POST /cases``. ``procedure``: a name, or ``name/municipality``; None: the applicant chooses."""

    procedure: str | None
    language: str
    launch: str


# -- the body -------------------------------------------------------------------------------------------------------


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object in the body. Raises :class:`Trouble` (415, 413, 400, 422)."""
    if request.content_type != "application/json":
        raise Trouble("unsupported-type")
    body = parsed(await read_body(request))
    if not isinstance(body, dict):
        raise Trouble("invalid", flaws=[Flaw("", problems.NOT_AN_OBJECT)])
    return body


async def read_body(request: web.Request) -> bytes:
    """At most 64 KiB, in time. Raises :class:`Trouble`."""
    if (request.content_length or 0) > limits.REQUEST_BYTES:
        raise Trouble("too-large")
    if request.content.is_eof():  # it came with the head: nothing to wait for
        return _bounded(request.content.read_nowait(-1))
    try:
        async with asyncio.timeout(limits.BODY_SECONDS):
            return _bounded(await _gathered(request))
    except TimeoutError:
        raise Trouble("malformed", headers={"Connection": "close"}) from None


async def _gathered(request: web.Request) -> bytes:
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > limits.REQUEST_BYTES:
            break
    return bytes(body)


def _bounded(body: bytes) -> bytes:
    if len(body) > limits.REQUEST_BYTES:
        raise Trouble("too-large")
    return body


def parsed(body: bytes) -> Json:
    """Raises :class:`Trouble`: no JSON, or deeper than eight levels."""
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Trouble("malformed", problems.NOT_JSON) from None
    if _deeper(read, limits.JSON_DEPTH):
        raise Trouble("malformed", problems.TOO_DEEP)
    return read


def _deeper(value: Json, levels: int) -> bool:
    """Has it more than so many levels of objects and lists?"""
    if isinstance(value, dict):
        inside: Iterable[Json] = value.values()
    elif isinstance(value, list):
        inside = value
    else:
        return False
    return levels == 0 or any(_deeper(each, levels - 1) for each in inside)


# -- its members ----------------------------------------------------------------------------------------------------


def _text(most: int, least: int = 0) -> Check:
    return lambda value: isinstance(value, str) and least <= len(value) <= most


def is_uuid(value: Any) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_count(value: Any) -> bool:
    """A whole number from zero, one that JavaScript has too."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_NUMBER


def _anything(_value: Any) -> bool:
    return True


_ANSWER: Final[Mapping[str, Check]] = {
    "id": is_uuid,
    "after": is_count,
    "question": _text(LONGEST_ADDRESS),
    "value": _anything,
    "text": _text(limits.TEXT_CHARACTERS),
    "action": lambda value: isinstance(value, str) and value in ACTIONS,
    "target": _text(LONGEST_ADDRESS),
}
_OPENING: Final[Mapping[str, Check]] = {
    "procedure": _text(81),
    "language": lambda value: isinstance(value, str) and value in LANGUAGES,
    "launch": _text(_LONGEST_LAUNCH),
}
_RESUME: Final[Mapping[str, Check]] = {"code": _text(_LARGEST_CODE, _SHORTEST_CODE)}
_LINK: Final[Mapping[str, Check]] = {"to": lambda value: value in ("telegram", "web")}


def read_answer(body: Mapping[str, Any]) -> Asked:
    """Raises :class:`Trouble` (422) with every flaw."""
    flaws = [*_flaws(body, _ANSWER, ("id",)), *_flaws_between(body)]
    if flaws:
        raise Trouble("invalid", flaws=flaws)
    return Asked(str(body["id"]).lower(), body.get("after"), _content(body))


def _flaws_between(body: Mapping[str, Any]) -> Iterable[Flaw]:
    """What an answer's members ask of one another."""
    if sum(name in body for name in ("value", "text", "action")) != 1:
        yield Flaw("", problems.EXACTLY_ONE)
    if "value" in body and "question" not in body:
        yield Flaw("/question", problems.MEMBER_MISSING)
    if "target" in body and "action" not in body:
        yield Flaw("/action", problems.MEMBER_MISSING)
    if body.get("action") == "submit" and "after" not in body:
        yield Flaw("/after", problems.MEMBER_MISSING)


def _content(body: Mapping[str, Any]) -> Content:
    if "text" in body:
        return Typed(body["text"], body.get("question", ""))
    if "action" in body:
        return Acted(body["action"], body.get("target", ""), body.get("after"))
    return Picked(body["question"], body["value"])


def read_opening(body: Mapping[str, Any], language: str) -> Opening:
    """``language``: where the client names none. Raises :class:`Trouble` (422)."""
    _refuse(_flaws(body, _OPENING))
    return Opening(body.get("procedure"), body.get("language", language), body.get("launch", ""))


def read_code(body: Mapping[str, Any]) -> str:
    """A resume code or the secret of a link, as sent. Raises :class:`Trouble` (422)."""
    _refuse(_flaws(body, _RESUME, ("code",)))
    return str(body["code"])


def read_link(body: Mapping[str, Any]) -> str:
    """``telegram`` or ``web``. Raises :class:`Trouble` (422)."""
    _refuse(_flaws(body, _LINK, ("to",)))
    return str(body["to"])


def _refuse(flaws: Iterable[Flaw]) -> None:
    if found := tuple(flaws):
        raise Trouble("invalid", flaws=found)


def _flaws(body: Mapping[str, Any], known: Mapping[str, Check], required: Iterable[str] = ()) -> Iterable[Flaw]:
    for name, value in body.items():
        if name not in known:
            yield Flaw(_pointer(name), problems.UNKNOWN_MEMBER)
        elif not known[name](value):
            yield Flaw(_pointer(name), problems.WRONG_SHAPE)
    for name in required:
        if name not in body:
            yield Flaw(_pointer(name), problems.MEMBER_MISSING)


def _pointer(name: str) -> str:
    """A JSON pointer (RFC 6901). An unknown name is a client's own word: it is cut, and shown escaped."""
    return "/" + name[:LONGEST_ADDRESS].replace("~", "~0").replace("/", "~1")


# -- query and headers ----------------------------------------------------------------------------------------------


def count_in(text: str | None, pointer: str, most: int = _LARGEST_NUMBER, otherwise: int = 0) -> int:
    """A whole number of a query or header. Raises :class:`Trouble` (422)."""
    if text is None:
        return otherwise
    if _DIGITS.fullmatch(text) is None or int(text) > most:
        raise Trouble("invalid", flaws=[Flaw(pointer, problems.WRONG_SHAPE)])
    return int(text)
