"""Who waits for news of which case. Turns of this process wake them at once, those of others within a second.

One timer serves all: it asks the store once a second which of the watched cases have newer turns.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from bot.ports import CaseId, WorldError

log = logging.getLogger("antragslotse.web")

LOOK_SECONDS: Final = 1.0
REMEMBERED: Final = 20_000

Numbers = Callable[[Mapping[CaseId, int]], Awaitable[set[CaseId]]]


class Watcher:
    """Waits for turns of one case behind ``cursor``."""

    __slots__ = ("_woken", "case", "cursor")

    def __init__(self, case: CaseId, cursor: int) -> None:
        self.case = case
        self.cursor = cursor
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def news(self, seconds: float | None = None) -> bool:
        """Waits until there may be something new. False: not within ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True


class Hub:
    """All watchers of this process. ``numbers``: which of these cases have turns above the given numbers."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._watchers: dict[CaseId, set[Watcher]] = {}
        self._newest: OrderedDict[CaseId, int] = OrderedDict()
        self._timer: asyncio.Task[None] | None = None
        self.closing = False

    def start(self) -> None:
        self._timer = asyncio.create_task(self._look_around())

    async def close(self) -> None:
        """Everybody who waits is woken for the last time."""
        self.closing = True
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.wake()
        if self._timer is not None:
            self._timer.cancel()
            with suppress(asyncio.CancelledError):
                await self._timer

    def heard(self, case: CaseId, number: int) -> None:
        """A turn of this process is durable."""
        self._remember(case, number)
        for watcher in self._watchers.get(case, ()):
            if watcher.cursor < number:
                watcher.wake()

    def knows(self, case: CaseId, number: int) -> bool:
        """Is it certain that the case has a turn of this number? False: ask the store."""
        return number <= self._newest.get(case, 0)

    def _remember(self, case: CaseId, number: int) -> None:
        self._newest[case] = max(number, self._newest.get(case, 0))
        self._newest.move_to_end(case)
        if len(self._newest) > REMEMBERED:
            self._newest.popitem(last=False)

    @contextmanager
    def watching(self, case: CaseId, cursor: int) -> Iterator[Watcher]:
        """From here on no turn above ``cursor`` is missed."""
        watcher = Watcher(case, cursor)
        self._watchers.setdefault(case, set()).add(watcher)
        try:
            yield watcher
        finally:
            left = self._watchers[case]
            left.discard(watcher)
            if not left:
                del self._watchers[case]

    @property
    def watched(self) -> dict[CaseId, int]:
        """Every watched case with the lowest cursor of its watchers."""
        return {case: min(each.cursor for each in watchers) for case, watchers in self._watchers.items()}

    async def _look_around(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if watched := self.watched:
                await self._look(watched)

    async def _look(self, watched: Mapping[CaseId, int]) -> None:
        try:
            newer = await self._numbers(watched)
        except WorldError as down:
            log.warning("no news of other processes: %s", down)
            return
        for case in newer:
            for watcher in self._watchers.get(case, ()):
                watcher.wake()
