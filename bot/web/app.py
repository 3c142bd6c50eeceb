"""The aiohttp application: routes, middleware, what begins and ends with it. Routes of pages are in page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Final

from aiohttp import web

from bot import limits
from bot.desk import Desk
from bot.settings import Settings
from bot.web import api, files, health, receipts
from bot.web.intake import DiskGauge
from bot.web.middleware import around, dress
from bot.web.page import setup_pages
from bot.web.page.legal import Legal
from bot.web.rates import Networks
from bot.web.service import SERVICE, Service
from bot.web.watch import Hub

BASE: Final = "/api/v1"


def build_app(
    desk: Desk,
    settings: Settings,
    gauge: DiskGauge | None = None,
    legal: Legal | None = None,
    *,
    agencies: Mapping[str, str] | None = None,
) -> web.Application:
    """``gauge``: how full the disk of the evidence is; None: nobody knows. ``legal``: None: the demo's. ``agencies``:
    the way of each procedure, by name, for ``/readyz``.
    """
    app = web.Application(middlewares=[around], client_max_size=limits.REQUEST_BYTES)
    hub = Hub(desk.numbers)
    desk.listen(hub.heard)
    networks = Networks(settings.proxies, settings.free_networks)
    app[SERVICE] = Service(desk, settings, networks, hub, gauge, agencies=agencies or {})
    app.on_response_prepare.append(dress)
    app.cleanup_ctx.append(_timers)
    app.on_shutdown.append(_say_goodbye)
    _add_routes(app)
    setup_pages(app, legal)
    return app


def _add_routes(app: web.Application) -> None:
    route = app.router.add_route
    route("GET", "/healthz", health.alive)
    route("GET", "/readyz", health.ready)
    route("GET", f"{BASE}/health", health.api_health)
    route("GET", f"{BASE}/openapi.json", api.describe)
    route("GET", f"{BASE}/procedures", api.list_procedures)
    route("GET", f"{BASE}/receipt-keys", receipts.get_keys)
    route("POST", f"{BASE}/cases", api.open_case)
    route("POST", f"{BASE}/cases/resume", api.resume)
    route("GET", f"{BASE}/state", api.get_state)
    route("POST", f"{BASE}/answers", api.answer)
    route("GET", f"{BASE}/events", api.get_events)
    route("GET", f"{BASE}/summary", api.get_summary)
    route("POST", f"{BASE}/links", api.make_link)
    route("GET", f"{BASE}/submissions/{{n}}/receipt", receipts.get_receipt)
    route("GET", f"{BASE}/export", api.export_case)
    route("DELETE", f"{BASE}/case", api.erase_case)
    _add_files(app)


def _add_files(app: web.Application) -> None:
    route = app.router.add_route
    one = f"{BASE}/files/{{id}}"
    route("POST", f"{BASE}/files", files.create)
    route("OPTIONS", f"{BASE}/files", files.discover)
    route("OPTIONS", one, files.discover)
    route("HEAD", one, files.offset_of)
    route("PATCH", one, files.go_on)
    route("DELETE", one, files.drop)
    route("GET", one, files.get)
    route("GET", f"{one}/preview", files.preview)


async def _timers(app: web.Application) -> AsyncIterator[None]:
    service = app[SERVICE]
    service.hub.start()
    service.streams.start()
    yield


async def _say_goodbye(app: web.Application) -> None:
    """Before the connections are closed: whoever waits is told, so that no request keeps the end waiting."""
    service = app[SERVICE]
    await service.streams.close()
    await service.hub.close()
