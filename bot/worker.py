"""The worker: does what falls due until it is told to stop. Any number may run; a job belongs to one at a time."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import Final

from bot.desk import Desk
from bot.ports import Job, StoreDown, WorldError
from bot.settings import Settings
from bot.wiring import opened

log = logging.getLogger("antragslotse.worker")

IDLE: Final = 1.0
"""Seconds between two looks at an empty list of jobs."""

HANDS: Final = 4
"""Jobs that one worker does beside one another."""

SWEEP_EVERY: Final = 24 * 3600.0

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
    """Works until ``stop``, several jobs beside one another, and finishes what is in hand.

    A store that is away is waited for: what was under way falls due again by itself.
    """
    wake = asyncio.Event()
    desk.listen_for_work(wake.set)
    sweeper = asyncio.create_task(_sweep_daily(desk))
    hands: set[asyncio.Task[float]] = set()
    while not stop.is_set():
        wake.clear()
        pause = await _take_up(desk, hands)
        await _first_of(pause, stop, wake, hands)
        for done in [hand for hand in hands if hand.done()]:
            hands.discard(done)
            pause = max(pause, done.result())
        if pause > IDLE:
            await _first_of(pause, stop)
    sweeper.cancel()
    await asyncio.gather(sweeper, *hands, return_exceptions=True)


async def _take_up(desk: Desk, hands: set[asyncio.Task[float]]) -> float:
    """A job for each free hand. Returns the seconds to wait for more."""
    free = HANDS - len(hands)
    if not free:
        return IDLE
    try:
        jobs = await desk.claim(free)
    except StoreDown as down:
        return _away(down)
    hands.update(asyncio.create_task(_do(desk, job)) for job in jobs)
    return IDLE if len(jobs) < free else 0.0


async def _do(desk: Desk, job: Job) -> float:
    """One job. Returns the seconds that the store asks us to stay away."""
    try:
        await desk.do(job)
    except StoreDown as down:
        return _away(down)
    return 0.0


def _away(down: StoreDown) -> float:
    pause = AWAY if down.retry_after is None else down.retry_after
    log.warning("no work for %g seconds: %s", pause, down)
    return pause


async def _first_of(seconds: float, *happens: asyncio.Event | set[asyncio.Task[float]]) -> None:
    """Waits until one of these happens, or the time is over."""
    waits = [asyncio.create_task(each.wait()) for each in happens if isinstance(each, asyncio.Event)]
    tasks = [task for each in happens if not isinstance(each, asyncio.Event) for task in each]
    await asyncio.wait([*waits, *tasks], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _sweep_daily(desk: Desk) -> None:
    while True:
        try:
            await desk.sweep()
        except WorldError as down:
            log.warning("sweeping waits: %s", down)
        await asyncio.sleep(SWEEP_EVERY)
