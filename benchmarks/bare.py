"""The yardstick: a bare aiohttp application that reads JSON and sends the very same back. Same loop, same orjson."""

from __future__ import annotations

import asyncio

import orjson
from aiohttp import web


async def echo(request: web.Request) -> web.Response:
    data = orjson.loads(await request.read())
    return web.Response(body=orjson.dumps(data), content_type="application/json")


async def main() -> None:
    app = web.Application()
    app.router.add_route("POST", "/echo", echo)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"bare: http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
