"""The floor under a turn: the bare handler, and one sealed turn made durable by our store before it answers.

Nothing is understood, decided or said. What a turn over HTTP costs beyond this is dialog; what this costs beyond the
bare handler is durability and encryption.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson
from aiohttp import web

from benchmarks.bench_store import NOW, PAYLOAD, SUMMARY
from benchmarks.load import CONNECTIONS
from bot.keys import Secret, Vault
from bot.ports import Entry, Step
from bot.stores.sqlite import SqliteStore

MASTER: Final = Secret(bytes(range(32)))

Place = tuple[bytes, int]


class Floor:
    """``places``: cases that nobody writes to at the moment, with their next turn's number."""

    def __init__(self, store: SqliteStore) -> None:
        self.store, self.vault = store, Vault([MASTER], os.urandom)
        self.key, self.wrapped = self.vault.new_key(bytes(16))
        self.places: deque[Place] = deque()

    async def begin(self) -> None:
        for case in range(CONNECTIONS):
            place = case.to_bytes(16, "big"), 1
            assert await self.store.append([self._entry(place, self.wrapped)]) == ["done"]
            self.places.append((place[0], 2))

    async def echo(self, request: web.Request) -> web.Response:
        data = orjson.loads(await request.read())
        place = self.places.popleft()
        assert await self.store.append([self._entry(place)]) == ["done"]
        self.places.append((place[0], place[1] + 1))
        return web.Response(body=orjson.dumps(data), content_type="application/json")

    def _entry(self, place: Place, key: bytes | None = None) -> Entry:
        case, number = place
        sealed = self.vault.seal(self.key, case, number, PAYLOAD)
        seen, steps = (case, str(number)), (Step("question", "Answered", 1_000),)
        return Entry(case, number, NOW, sealed, replace(SUMMARY, reference=case.hex()), key, seen, steps=steps)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "floor.db")
        floor = Floor(store)
        await floor.begin()
        app = web.Application()
        app.router.add_route("POST", "/echo", floor.echo)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        print(f"floor: http://{host}:{port}", flush=True)
        try:
            await asyncio.Event().wait()
        finally:
            await store.close()


if __name__ == "__main__":
    asyncio.run(main())
