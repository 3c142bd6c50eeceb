"""The worker: does what falls due until it is told to stop. Any number may run; a job belongs to one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from typing import Final

from bot.desk import Desk
from bot.ports import StoreDown
from bot.settings import Settings
from bot.wiring import opened

log = logging.getLogger("antragslotse.worker")

IDLE: Final = 1.0
"""Seconds between two looks at an empty list of jobs."""

AWAY: Final = 10.0
"""Seconds until a store is asked again that cannot say when it will be back."""


async def run(settings: Settings, *, once: bool = False) -> int:
    """Works until SIGTERM or SIGINT; ``once``: until nothing is due. Raises :class:`StoreDown` at the start."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings) as desk:
        await (_finish(desk, stop) if once else serve(desk, stop))
    return 0


async def _finish(desk: Desk, stop: asyncio.Event) -> None:
    """All that is due now. Whoever asked for it is told where the store is away."""
    while not stop.is_set() and await desk.work() is not None:
        pass


async def serve(desk: Desk, stop: asyncio.Event) -> None:
    """Works until ``stop``. A store that is away is waited for: what was under way falls due again by itself."""
    while not stop.is_set():
        try:
            pause = IDLE if await desk.work() is None else 0.0
        except StoreDown as down:
            pause = AWAY if down.retry_after is None else down.retry_after
            log.warning("no work for %g seconds: %s", pause, down)
        if pause:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
