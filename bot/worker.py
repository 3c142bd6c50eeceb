"""The worker: does what falls due until it is told to stop. Any number may run; a job belongs to one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import Final

from bot.settings import Settings
from bot.wiring import opened

IDLE: Final = 1.0
"""Seconds between two looks at an empty list of jobs."""


async def run(settings: Settings, *, once: bool = False) -> int:
    """Works until SIGTERM or SIGINT; ``once``: until nothing is due."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings) as desk:
        while not stop.is_set():
            if await desk.work() is not None:
                continue
            if once:
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), IDLE)
    return 0
