"""What every handler of the web may use, and what each asks first: who is it, may it, is there room?"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from bot.answers.base import Template, Words
from bot.core.position import Situation
from bot.core.texts import LANGUAGES
from bot.desk import CaseErased, Desk, UnknownDoor
from bot.ports import CaseId
from bot.settings import Settings
from bot.web import problems
from bot.web.intake import DiskGauge, Full, Intake
from bot.web.problems import Trouble
from bot.web.rates import Networks, Rates
from bot.web.shapes.state import state
from bot.web.stream import Streams
from bot.web.watch import Hub


@dataclass
class Service:
    """One per process. ``gauge`` None: nobody can say how full the disk is. ``agencies``: each procedure's way."""

    desk: Desk
    settings: Settings
    networks: Networks
    hub: Hub
    gauge: DiskGauge | None = None
    agencies: Mapping[str, str] = field(default_factory=dict)
    rates: Rates = field(default_factory=Rates)
    intake: Intake = field(default_factory=lambda: Intake(random.random))  # jitter is no secret
    streams: Streams = field(default_factory=Streams)
    clock: Callable[[], float] = time.monotonic

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Room for one turn, or the problem ``busy``."""
        try:
            with self.intake.turn():
                yield
        except Full as full:
            raise Trouble("busy", retry_after=full.retry_after) from None

    def expect_turn(self) -> None:
        """The problem ``busy`` at once, where there is no room for a turn."""
        try:
            self.intake.expect_turn()
        except Full as full:
            raise Trouble("busy", retry_after=full.retry_after) from None

    @contextmanager
    def upload(self, network: Hashable | None) -> Iterator[None]:
        """Room for one upload (or one export) of ``network``, or the problem ``busy``."""
        try:
            with self.intake.upload(network):
                yield
        except Full as full:
            raise Trouble("busy", problems.NO_ROOM, retry_after=full.retry_after) from None


SERVICE: Final = web.AppKey("service", Service)
NETWORK: Final[web.RequestKey[Hashable | None]] = web.RequestKey("network", object)
CASE: Final = web.RequestKey("case", bytes)


def service_of(request: web.Request) -> Service:
    return request.app[SERVICE]


def network_of(request: web.Request) -> Hashable | None:
    """The network that the request comes from; None where no rates apply. Worked out once."""
    if NETWORK not in request:
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
        request[NETWORK] = service_of(request).networks.of(request.remote, forwarded)
    return request[NETWORK]


def slow_down(seconds: float, detail: Template | None = None) -> None:
    """The problem ``too-many``, unless there is nothing to wait for."""
    if seconds > 0:
        raise Trouble("too-many", detail, retry_after=math.ceil(seconds))


def token_of(request: web.Request) -> str:
    """The bearer token. Raises :class:`Trouble` (401)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Trouble("unauthorised")
    return token.strip()


async def authorised(request: web.Request, *, piece: bool = False) -> CaseId:
    """The case that the token opens. Raises :class:`Trouble` (401, 410, 429). ``piece``: of a file."""
    service = service_of(request)
    try:
        case = await service.desk.authorise(token_of(request))
    except CaseErased:
        raise Trouble("erased") from None
    except UnknownDoor:
        raise Trouble("unauthorised") from None
    request[CASE] = case
    rate = service.rates.piece if piece else service.rates.case
    slow_down(rate(case, network_of(request), service.clock()))
    return case


async def words_for(request: web.Request, *, hurried: bool = False) -> Words:
    """The case's language where it is known; else what the browser asks for. ``hurried``: the store is not asked."""
    desk = service_of(request).desk
    if CASE in request and not hurried:
        try:
            return (await desk.look(request[CASE])).words
        except Exception:  # noqa: BLE001, S110  # a problem is being told already; its language is the least of it
            pass
    return desk.words(language_for(request))


def language_for(request: web.Request) -> str:
    """The language that the browser asks for, among ours."""
    return problems.language_of(request.headers.get("Accept-Language"), tuple(LANGUAGES))


def not_now(situation: Situation, detail: Template | None = None, name: str = "not-now") -> Trouble:
    """A problem that says what holds instead."""
    return Trouble(name, detail, state=state(situation), words=situation.words)
