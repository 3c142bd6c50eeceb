"""What one process takes on at once. Too much is refused at once and kindly, so that what was taken stays fast.

Words go before photos: a piece of a photo finds no room while turns fill half of theirs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from bot import limits

CACHED_SECONDS: Final = 5.0


class Full(Exception):
    """No room at this moment. ``retry_after``: seconds until it is worth another try."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("no room")
        self.retry_after = retry_after


class Intake:
    """Counts what is under way. ``jitter``: a number from 0 to 1, so that those refused do not return as one."""

    def __init__(
        self,
        jitter: Callable[[], float],
        turns: int = limits.TURNS_IN_FLIGHT,
        chunks: int = limits.CHUNKS_IN_FLIGHT,
    ) -> None:
        self._jitter = jitter
        self._most_turns = turns
        self._most_chunks = chunks
        self.turns = 0
        self.chunks = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Room for one turn. Raises :class:`Full`."""
        if self.turns >= self._most_turns:
            raise Full(self.pause())
        self.turns += 1
        try:
            yield
        finally:
            self.turns -= 1

    @contextmanager
    def chunk(self) -> Iterator[None]:
        """Room for one piece of a photo. Raises :class:`Full`."""
        if self.chunks >= self._most_chunks or self.turns * 2 >= self._most_turns:
            raise Full(self.pause(4))
        self.chunks += 1
        try:
            yield
        finally:
            self.chunks -= 1

    def pause(self, most: int = 2) -> int:
        """Whole seconds from 1 to ``1 + most``."""
        return 1 + round(self._jitter() * most)


class DiskGauge:
    """Is there room for files? Asks ``free`` (part of the disk, 0 to 1) at most every few seconds."""

    def __init__(self, free: Callable[[], Awaitable[float]], clock: Callable[[], float]) -> None:
        self._free = free
        self._clock = clock
        self._asked_at = float("-inf")
        self._part = 1.0

    async def has_room(self) -> bool:
        """False below the watermark. Raises :class:`bot.ports.EvidenceDown`."""
        if self._clock() - self._asked_at > CACHED_SECONDS:
            self._part = await self._free()
            self._asked_at = self._clock()
        return self._part >= limits.FREE_DISK
