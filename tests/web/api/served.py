"""The whole service on a loopback socket, over a real SQLite file, with a client as strangers write one."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from bot.agency.export import ExportFolder
from bot.desk import Desk
from bot.evidence.folder import Folder
from bot.evidence.workers import Workers
from bot.i18n import Catalogues
from bot.keys import Secret, Vault
from bot.library import Library
from bot.procedures.load import load_procedure
from bot.settings import Settings
from bot.stores.sqlite import SqliteStore
from bot.web.app import build_app
from bot.web.intake import DiskGauge
from bot.web.serve import listening
from bot.web.service import SERVICE, Service
from bot.wiring import SystemClock
from tests.core.talk import FOLDERS

MASTER = Secret(bytes(range(32)))
FREE = "127.0.0.0/8"
"""No rates for this machine, unless a test is about rates."""


@cache
def library() -> Library:
    return Library(load_procedure(folder) for folder in FOLDERS.values())


@cache
def catalogues() -> Catalogues:
    return Catalogues.load()


@dataclass
class House:
    """What a served test may look at behind the scenes."""

    settings: Settings
    desk: Desk
    port: int
    app: web.Application

    @property
    def service(self) -> Service:
        return self.app[SERVICE]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Disk:
    """How full the disk is, as a test wishes."""

    def __init__(self) -> None:
        self.part = 0.9

    async def free(self) -> float:
        return self.part


@asynccontextmanager
async def opened(folder: Path, **settings: Any) -> AsyncIterator[tuple[Settings, Desk]]:
    """A desk over the files in ``folder``, as one process has it."""
    settings = {"free_networks": FREE, "demo_date": "2022-03-02", "host": "127.0.0.1", "port": 0, **settings}
    made = Settings(data=folder, **settings)
    store, evidence, inspector = SqliteStore(made.ledger), Folder(made.evidence), Workers()
    vault = Vault([MASTER], os.urandom)
    desk = Desk(store, vault, library(), catalogues().words, SystemClock(), random_bytes=os.urandom)
    desk.connect(ExportFolder(made.outbox))
    desk.equip(evidence, inspector)
    try:
        yield made, desk
    finally:
        await inspector.close()
        await evidence.close()
        await store.close()


@asynccontextmanager
async def served(folder: Path, disk: Disk | None = None, **settings: Any) -> AsyncIterator[House]:
    """The service over the files in ``folder``; the same folder again is a restart."""
    async with opened(folder, **settings) as (made, desk):
        gauge = DiskGauge((disk or Disk()).free, time.monotonic)
        app = build_app(desk, made, gauge)
        async with listening(app, made) as port:
            yield House(made, desk, port, app)


@dataclass
class Answer:
    """A reply, read whole."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class Client:
    """Speaks HTTP to one house. ``token``: of the case it opened last."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.session = session
        self.base = base
        self.token = ""
        self.state: dict[str, Any] = {}
        self.cursor = 0

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= more.pop("headers", {})
        data = more.pop("data", None)
        if body is not None:
            data, headers = orjson.dumps(body), {"Content-Type": "application/json", **headers}
        address = self.base + (path if path.startswith("/api") else f"/api/v1{path}")
        async with self.session.request(method, address, data=data, headers=headers, **more) as response:
            return Answer(response.status, response.headers, await response.read())

    async def open(self, procedure: str | None = "beispiel", language: str = "de") -> Answer:
        body = {"language": language} if procedure is None else {"procedure": procedure, "language": language}
        return self.took(await self.call("POST", "/cases", body))

    def took(self, answer: Answer) -> Answer:
        """Keeps what a good client keeps."""
        if answer.status < 300 and answer.body:
            read = answer.json
            self.token = read.get("token", self.token)
            self.state, self.cursor = read.get("state", self.state), read.get("cursor", self.cursor)
        return answer

    async def send(self, id: str | None = None, **members: Any) -> Answer:
        return self.took(await self.call("POST", "/answers", {"id": id or str(uuid.uuid4()), **members}))

    async def value(self, value: Any, **members: Any) -> Answer:
        return await self.send(question=self.state["question"]["id"], value=value, **members)

    async def begun(self, *values: Any) -> Answer:
        """A case of the example, after consent and so many answers."""
        answer = await self.open()
        for value in (True, *values):
            answer = await self.value(value)
            assert answer.status == 200, answer.body
            assert answer.json["outcome"] in ("accepted", "done"), answer.json
        return answer


@asynccontextmanager
async def client_of(house: House, **more: Any) -> AsyncIterator[Client]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, **more
    ) as session:
        yield Client(session, house.base)


def play(folder: Path, scenario: Callable[[House, Client], Awaitable[None]], **settings: Any) -> None:
    """Runs ``scenario`` against a fresh house."""

    async def go() -> None:
        async with served(folder, **settings) as house, client_of(house) as client:
            await scenario(house, client)

    asyncio.run(go())
