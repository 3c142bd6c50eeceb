"""Is it alive, is it ready? What is said here helps an operator, and tells a stranger nothing about a case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.ports import WorldError
from bot.web.replies import json_reply
from bot.web.service import Service, service_of


async def alive(_request: web.Request) -> web.Response:
    """``/healthz``: the process answers."""
    return json_reply({"status": "ok"})


async def ready(request: web.Request) -> web.Response:
    """``/readyz``: 200 where work can be done, 503 where not; each part by name."""
    service = service_of(request)
    parts = {
        "store": await _state(_reach(service)),
        "evidence": await _state(service.gauge.has_room) if service.gauge is not None else "none",
        "scanner": "configured" if service.settings.clamd else "none configured",
    }
    is_ready = parts["store"] == "ok" and parts["evidence"] != "down"
    ways = {"agencies": dict(service.agencies)} if service.agencies else {}
    return json_reply({"status": "ok" if is_ready else "not ready", **parts, **ways}, 200 if is_ready else 503)


def _reach(service: Service) -> Callable[[], Awaitable[None]]:
    """Asks the store something small."""

    async def ask() -> None:
        await service.desk.numbers({bytes(16): 0})

    return ask


async def _state(ask: Callable[[], Awaitable[bool | None]]) -> str:
    try:
        return "full" if await ask() is False else "ok"
    except WorldError:
        return "down"


async def api_health(request: web.Request) -> web.Response:
    """``/api/v1/health``: can the API be used?"""
    await _reach(service_of(request))()
    return json_reply({"status": "ok"})
