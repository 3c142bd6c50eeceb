"""The agency's inbox as pages and as data, its switch, and a clerk's decision by hand. Plain HTML, no script at all.

Everything shown came from strangers: it is escaped, and the policy lets nothing run. A form of another site is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.agency.sandbox.checks import problem
from bot.agency.sandbox.house import MODES, House
from bot.agency.sandbox.http import Refused
from bot.agency.sandbox.inbox import MOST_FIELDS, Inbox, fields
from bot.agency.sandbox.store import Conflict

HERE: Final = Path(__file__).parent
MOST_FORM_BYTES: Final = 256 * 1024
MOST_WORDS: Final = 500
_PAGE: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' data:; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_FILE: Final = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cache-Control": "no-store"}

STATES: Final = {"submitted": "wartet", "accepted": "angenommen", "rejected": "zurückgewiesen"}
KINDS: Final = {
    "application": "Antrag",
    "addition": "Nachreichung",
    "date_saver": "Fristwahrung",
    "withdrawal": "Rücknahme",
}


class Pages:
    """The handlers of what people see."""

    def __init__(self, house: House) -> None:
        self._house, self._inbox = house, Inbox(house)
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self.about, name="about"),
            web.get("/inbox", self.inbox, name="inbox"),
            web.get("/inbox.json", self.inbox_data, name="inbox_data"),
            web.get("/inbox/{id}.json", self.one_data, name="one_data"),
            web.get("/inbox/{id}", self.one, name="one"),
            web.get("/inbox/{id}/files/{file}", self.file, name="file"),
            web.post("/mode", self.switch, name="mode"),
            web.post("/inbox/{id}/decision", self.decide, name="decision"),
            web.get("/static/sandbox.css", self.style, name="style"),
        ]

    async def about(self, request: web.Request) -> web.Response:
        return self._shown(request, "about.html", {"access": self._house.safe.access(self._house.offers[0])})

    async def inbox(self, request: web.Request) -> web.Response:
        listed = await self._apart(self._inbox.listed, _page_of(request))
        return self._shown(request, "inbox.html", {**listed, "modes": MODES})

    async def inbox_data(self, request: web.Request) -> web.Response:
        """``?page=``: from 1."""
        return web.json_response(await self._apart(self._inbox.listed, _page_of(request)))

    async def one(self, request: web.Request) -> web.Response:
        found = await self._opened(request)
        shown = list(islice(fields(found["data"]), MOST_FIELDS))
        return self._shown(request, "submission.html", {"one": found, "fields": shown})

    async def one_data(self, request: web.Request) -> web.Response:
        return web.json_response(await self._opened(request))

    async def file(self, request: web.Request) -> web.Response:
        """A picture or a PDF to look at, anything else to keep."""
        found = await self._apart(self._inbox.file, request.match_info["id"], request.match_info["file"])
        if found is None:
            raise Refused(404, "attachment-not-found")
        how = "attachment" if found.media_type == "application/octet-stream" else "inline"
        name = "".join(letter for letter in found.name if letter.isalnum() or letter in ".-_") or "datei"
        headers = {"Content-Disposition": f"{how}; filename*=UTF-8''{_quoted(name)}", **_FILE}
        return web.Response(body=found.data, content_type=found.media_type, headers=headers)

    async def style(self, _request: web.Request) -> web.Response:
        css = await self._apart((HERE / "static" / "sandbox.css").read_text, "utf-8")
        return web.Response(text=css, content_type="text/css", headers={"Cache-Control": "max-age=300"})

    async def switch(self, request: web.Request) -> web.Response:
        """How the agency behaves from now on."""
        form = await _form(request)
        mode = str(form.get("mode", ""))
        if mode not in MODES:
            raise Refused(400, "syntax-violation", "no such mode")
        await self._apart(self._house.store.set_setting, "mode", mode)
        self._house.arrived.set()  # what waits is looked at again
        raise web.HTTPSeeOther(request.app.router["inbox"].url_for())

    async def decide(self, request: web.Request) -> web.Response:
        """A clerk accepts, or rejects with a word to each field and file that was ticked."""
        form = await _form(request)
        id = request.match_info["id"]
        held = await self._apart(self._house.store.submission, id)
        if held is None:
            raise Refused(404, "submission-not-found")
        found = [] if form.get("decision") == "accept" else _objections(form)
        try:
            await self._apart(self._house.decide, held, found)
        except Conflict as conflict:
            raise Refused(409, "invalid-state-transition", "it was decided before") from conflict
        raise web.HTTPSeeOther(request.app.router["one"].url_for(id=id))

    async def _opened(self, request: web.Request) -> dict[str, Any]:
        found: dict[str, Any] | None = await self._apart(self._inbox.opened, request.match_info["id"])
        if found is None:
            raise Refused(404, "submission-not-found")
        return found

    async def _apart(self, work: Callable[..., Any], *values: Any) -> Any:
        return await asyncio.to_thread(work, *values)

    def _shown(self, request: web.Request, template: str, values: dict[str, Any]) -> web.Response:
        def url(name: str, **parts: str) -> str:
            return str(request.app.router[name].url_for(**parts))

        text = self._templates.get_template(template).render(url=url, states=STATES, kinds=KINDS, **values)
        return web.Response(text=text, content_type="text/html", headers=_PAGE)


def _objections(form: dict[str, str]) -> list[dict[str, str]]:
    """``on.<instance>``: ticked; ``word.<instance>``: what the clerk writes; ``words``: about all of it."""
    ticked = (name.removeprefix("on.") for name in form if name.startswith("on."))
    found = [_objection(form.get(f"word.{instance}", ""), instance) for instance in ticked]
    whole = form.get("words", "").strip()
    return [*found, *([_objection(whole, "data")] if whole or not found else [])]


def _objection(words: str, instance: str) -> dict[str, str]:
    said = words.strip()[:MOST_WORDS] or "Bitte prüfen Sie diese Angabe."
    return {**problem("technical-error", said, instance), "title": "Rückfrage der Übungsbehörde"}


async def _form(request: web.Request) -> dict[str, str]:
    """Of this site only."""
    if not _is_ours(request):
        raise Refused(403, "forbidden", "the form is of another site")
    if (request.content_length or 0) > MOST_FORM_BYTES:
        raise Refused(413, "payload-too-large")
    return {name: str(value) for name, value in (await request.clone(client_max_size=MOST_FORM_BYTES).post()).items()}


def _is_ours(request: web.Request) -> bool:
    """A browser says where a form comes from; what says nothing is no browser."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == request.host


def _page_of(request: web.Request) -> int:
    text = request.query.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) else 1


def _quoted(name: str) -> str:
    return quote(name, safe="")
