"""What an answer of the delivery service means for us: again soon, an operator's matter, or never.

Laws: nothing is lost because a status was unknown; nothing is tried in a hot loop; no body of an answer reaches a log.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import orjson

from bot.ports import AgencyRejected, AgencyUnavailable

log = logging.getLogger("antragslotse.fitconnect")

OPERATOR_WAIT: Final = 1800.0
"""Seconds until a step is tried again that only an operator can put right."""
SHORTEST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 3600.0
PASSING: Final = frozenset({408, 425, 429})
TOO_LARGE: Final = 413
TOO_LARGE_TITLE: Final = "Die Sendung ist zu groß für die Annahmestelle."
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,60}\Z")


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers``: names in lower case. ``body``: bounded, and hidden from representations."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def problem(self) -> str:
        """The last part of the problem's ``type`` (RFC 9457) where it is a plain word, else nothing."""
        kind = json_object(self.body).get("type")
        name = kind.rsplit("/", 1)[-1] if isinstance(kind, str) else ""
        return name if _NAME.match(name) else ""


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``; empty where there is none."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def passing(status: int) -> bool:
    """Is it worth while to ask the same again soon?"""
    return status in PASSING or status >= 500


def failure(answer: Answer, doing: str, *, now: datetime, file: str = "") -> AgencyUnavailable | AgencyRejected:
    """The exception for an answer that is no success. ``doing``: our words, without contents; ``file``: which went."""
    if passing(answer.status):
        return AgencyUnavailable(f"{doing}: {answer.status}", asked_wait(answer.headers, now))
    if answer.status == TOO_LARGE:
        reason = {"code": answer.problem or str(TOO_LARGE), "title": TOO_LARGE_TITLE, "detail": ""}
        return AgencyRejected([{**reason, "file": file} if file else reason])
    return for_operator(f"{doing}: answered {answer.status} {answer.problem}".rstrip())


def for_operator(what: str) -> AgencyUnavailable:
    """Says it in the log, where an operator looks, and asks again after a long while. ``what``: without contents."""
    log.error("FIT-Connect: %s; tried again in %d minutes", what, OPERATOR_WAIT // 60)
    return AgencyUnavailable(what, OPERATOR_WAIT)


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from ``Retry-After`` (seconds or date) or ``RateLimit-Reset``, within bounds; None: nothing asked."""
    for name in ("retry-after", "ratelimit-reset"):
        if (seconds := _seconds(headers.get(name, ""), now)) is not None:
            return min(LONGEST_WAIT, max(SHORTEST_WAIT, seconds))
    return None


def _seconds(text: str, now: datetime) -> float | None:
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return (at - now).total_seconds()
