"""A browser without JavaScript, as far as our pages need one: follows redirects, keeps the cookie, sends forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import aiohttp

from bot.worker import serve as work
from tests.web.api.served import House, served
from tests.web.page.dom import Node, check_page, parse

Sent = Sequence[tuple[str, str]]


class Browser:
    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.session = session
        self.base = base
        self.cookie = ""
        self.cookies: list[str] = []
        self.headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Accept-Language": "de"}
        self.status = 0
        self.path = ""
        self.answer: Any = None
        self.html = ""
        self.page = Node("#root")

    async def go(self, path: str, data: Any = None, *, follow: bool = True, **headers: str) -> Browser:
        """One request, and where it leads. Each page that comes is held to the laws of all pages."""
        method = "GET" if data is None else "POST"
        async with self.session.request(
            method, self.base + path, data=data, headers=self._headers(headers), allow_redirects=False
        ) as response:
            self.status, self.answer, self.path = response.status, response.headers, path
            body = await response.read()
            self._keep(response.headers.getall("Set-Cookie", []))
        if self.status == 303 and follow:
            return await self.go(self.answer["Location"])
        if self.answer.get("Content-Type", "").startswith("text/html"):
            self.html = body.decode()
            self.page = parse(self.html)
            check_page(self.page, self.page.one("html")["lang"])
        return self

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        own = {**self.headers, **{name.replace("_", "-"): value for name, value in more.items()}}
        return {**own, "Cookie": self.cookie} if self.cookie else own

    def _keep(self, cookies: list[str]) -> None:
        self.cookies = cookies
        for line in cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookie = f"{name}={morsel.value}" if morsel.value else ""

    # -- what is on the page ------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        return self.page.one("title").text

    @property
    def asked(self) -> str:
        return self.page.one(id="frage").text

    @property
    def question(self) -> str:
        """The address of the open question."""
        return self.hidden("antwort").get("question", "") if self.page.all(id="antwort") else ""

    @property
    def slip(self) -> str:
        return "".join(node.text for node in self.page.all(id="fehler"))

    @property
    def messages(self) -> list[str]:
        return [node.text for node in self.page.all(cls="al-text")]

    def form(self, id: str) -> Node:
        return self.page.one("form", id=id)

    def hidden(self, id: str) -> dict[str, str]:
        return {node["name"]: node["value"] for node in self.form(id).all("input", type="hidden")}

    def names(self, id: str = "antwort") -> list[str]:
        """Names of the fields to fill in."""
        form = self.form(id)
        fields = [*form.all("input"), *form.all("textarea")]
        return [node["name"] for node in fields if node.get("type") != "hidden"]

    def values(self, id: str = "antwort") -> list[str]:
        """The values that can be chosen."""
        form = self.form(id)
        return [node["value"] for node in [*form.all("button", name="value"), *form.all("input", name="value")]]

    # -- what somebody does -------------------------------------------------------------------------------------------

    async def send(self, *pairs: tuple[str, str], id: str = "antwort", **fields: str) -> Browser:
        """Sends the form ``id`` with these fields; ``value__given`` is the field ``value.given``."""
        named = [(name.replace("__", "."), value) for name, value in fields.items()]
        data = [*self.hidden(id).items(), *pairs, *named]
        return await self.go(self.form(id)["action"], data)

    async def act(self, action: str) -> Browser:
        """Presses a button of an action, wherever it is."""
        [form, *_] = [node for node in self.page.all("form") if node.all("button", name="action", value=action)]
        hidden = [(node["name"], node["value"]) for node in form.all("input", type="hidden")]
        return await self.go(form["action"], [*hidden, ("action", action)])

    async def start(self, procedure: str = "beispiel", language: str = "de") -> Browser:
        await self.go(f"/chat?form=1&language={language}")
        return await self.go("/chat/start", [("procedure", procedure), ("language", language)])


@asynccontextmanager
async def browsing(folder: Path, *, works: bool = True, **settings: Any) -> AsyncIterator[tuple[Browser, House]]:
    """A house that works, and a browser in front of it."""
    async with served(folder, **settings) as house, aiohttp.ClientSession() as session:
        stop = asyncio.Event()
        worker = asyncio.create_task(work(house.desk, stop)) if works else None
        try:
            yield Browser(session, house.base), house
        finally:
            stop.set()
            if worker is not None:
                await worker
