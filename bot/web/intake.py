"""What one process takes on at once. Too much is refused at once and kindly, so that what was taken stays fast.

Words go before photos: an upload finds no room while turns fill half of theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterator
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
        uploads: int = limits.UPLOADS_IN_FLIGHT,
        of_network: int = limits.UPLOADS_PER_NETWORK,
    ) -> None:
        self._jitter = jitter
        self._most_turns = turns
        self._most_uploads = uploads
        self._most_of_network = of_network
        self._networks: Counter[Hashable] = Counter()
        self.turns = 0
        self.uploads = 0

    def expect_turn(self) -> None:
        """Is there room for a turn? Asked before anything is done for it. Raises :class:`Full`."""
        if self.turns >= self._most_turns:
            raise Full(self.pause())

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Room for one turn. Raises :class:`Full`."""
        self.expect_turn()
        self.turns += 1
        try:
            yield
        finally:
            self.turns -= 1

    @contextmanager
    def upload(self, network: Hashable | None = None) -> Iterator[None]:
        """Room for one upload of ``network``, None: of a network without bounds. Raises :class:`Full`."""
        of_network = self._networks[network] if network is not None else 0
        crowded = self.uploads >= self._most_uploads or self.turns * 2 >= self._most_turns
        if crowded or of_network >= self._most_of_network:
            raise Full(self.pause(4))
        self.uploads += 1
        self._networks[network] += 1
        try:
            yield
        finally:
            self.uploads -= 1
            self._networks[network] -= 1
            if not self._networks[network]:
                del self._networks[network]

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
