"""The inspector of the house: a few child processes that look into files, one file at a time each.

Laws: this process decodes nothing. A child that takes too long is killed; one that dies has not decided about a file,
until a second one dies of it too. Nothing of our environment reaches a child.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import bot
from bot.evidence.frames import LENGTH_BYTES, MOST_BYTES, READY, framed, unpacked
from bot.evidence.sniff import refused, refused_at_sight
from bot.ports import EvidenceDown, Inspected

SECONDS: Final = 10.0
"""On the wall clock, for one file."""
MEMORY_MIB: Final = 1024
FILES_PER_CHILD: Final = 200
MOST_WAITING: Final = 16
"""Files that wait with their bytes in memory; the next one is told to come back."""

_MOST_CHILDREN: Final = 2
_SECONDS_TO_START: Final = 30.0
_SECONDS_TO_END: Final = 2.0
_RETRY_AFTER: Final = 10.0
_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
_TRIES: Final = 2
_BREATH: Final = 1 << 16


class _Died(Exception):
    """A child ended before it had answered. ``signal``: what killed it; 0 where nothing did."""

    def __init__(self, signal: int = 0) -> None:
        super().__init__(f"signal {signal}")
        self.signal = signal


class Workers:
    """See :class:`bot.ports.Inspector`. Children start when they are needed.

    ``command``: what a child is started by, with its limits of processor seconds and memory.
    """

    def __init__(
        self, count: int | None = None, *, seconds: float = SECONDS, memory_mib: int = MEMORY_MIB,
        files_per_child: int = FILES_PER_CHILD, most_waiting: int = MOST_WAITING, command: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._count = count or max(1, min(_MOST_CHILDREN, (os.cpu_count() or 1) - 1))
        self._slots = asyncio.Semaphore(self._count)
        self._seconds, self._files_per_child, self._most_waiting = seconds, files_per_child, most_waiting
        self._command = command or _command(seconds, memory_mib)
        self._idle: list[_Child] = []
        self._alive: set[_Child] = set()
        self._asked = 0
        self._closed = False

    async def inspect(self, data: bytes) -> Inspected:
        """``refused`` as ``too_slow`` or ``damaged`` where children died of it. Raises :class:`EvidenceDown`.

        That is where no child can be started, where too many files wait already, and after :meth:`close`.
        """
        self._check_open()
        if (refusal := refused_at_sight(data)) is not None:
            return refusal
        if self._asked >= self._count + self._most_waiting:
            raise EvidenceDown("too many files wait to be looked into", _RETRY_AFTER)
        self._asked += 1
        try:
            async with self._slots:
                return await self._looked_into(data)
        finally:
            self._asked -= 1

    async def close(self) -> None:
        """Ends every child, also those that are at work; whoever waits for them hears :class:`EvidenceDown`."""
        self._closed = True
        for child in self._alive:
            child.kill()
        for _ in range(self._count):
            await self._slots.acquire()
        for child in tuple(self._alive):
            await self._end(child)
        for _ in range(self._count):
            self._slots.release()

    async def _looked_into(self, data: bytes) -> Inspected:
        for _ in range(_TRIES):
            self._check_open()
            try:
                return await self._asked_once(data)
            except TimeoutError:
                return refused("too_slow")
            except _Died as death:
                self._check_open()
                if death.signal == signal.SIGXCPU:
                    return refused("too_slow")
            except ValueError:  # what it said makes no sense
                return refused("damaged")
        return refused("damaged")

    async def _asked_once(self, data: bytes) -> Inspected:
        child = await self._next_child()
        try:
            answer = await asyncio.wait_for(child.ask(data), self._seconds)
            inspected = unpacked(answer)
        except BaseException:  # also where nobody waits any more: the child is in the middle of something
            await asyncio.shield(self._end(child))
            raise
        if child.asked < self._files_per_child and not self._closed:
            self._idle.append(child)
        else:
            await self._end(child)
        return inspected

    async def _next_child(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.is_alive:
                return child
            await self._end(child)
        try:
            child = _Child(await _started(self._command))
        except OSError as error:
            raise EvidenceDown(f"no process can be started: {error.strerror}", _RETRY_AFTER) from None
        self._alive.add(child)
        await self._greeted(child)
        return child

    async def _greeted(self, child: _Child) -> None:
        greeting = b""
        try:
            with suppress(_Died, TimeoutError, ValueError):
                greeting = await asyncio.wait_for(child.hear(), _SECONDS_TO_START)
        finally:
            if greeting != READY or self._closed:
                await asyncio.shield(self._end(child))
        if greeting != READY:
            raise EvidenceDown("a process that looks into files does not start", _RETRY_AFTER)

    async def _end(self, child: _Child) -> None:
        self._alive.discard(child)
        await child.end()

    def _check_open(self) -> None:
        if self._closed:
            raise EvidenceDown("nobody looks into files any more")


class _Child:
    """One process, and how many files it was given."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._ear, self._mouth = process, process.stdin, process.stdout
        self.asked = 0

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, data: bytes) -> bytes:
        """Its answer. Raises :class:`_Died`, or ``ValueError`` where the answer is too long."""
        self.asked += 1
        try:
            self._ear.write(framed(data))
            await self._ear.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise _Died(await self._cause()) from None
        return await self.hear()

    async def hear(self) -> bytes:
        try:
            length = int.from_bytes(await self._mouth.readexactly(LENGTH_BYTES), "big")
            if length > MOST_BYTES:
                raise ValueError("the answer of a child is too long")
            return await self._mouth.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise _Died(await self._cause()) from None

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """Kills it, and leaves nothing of it: neither a zombie nor an open pipe."""
        self.kill()
        self._ear.close()
        # asyncio waits for the end of a process until all that it said was heard
        while await self._mouth.read(_BREATH):
            pass
        await self._process.wait()

    async def _cause(self) -> int:
        """The signal that ended it. Its pipes may be closed a moment earlier."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _SECONDS_TO_END)
        return max(0, -(self._process.returncode or 0))


def _command(seconds: float, memory_mib: int) -> Sequence[str]:
    """No variables of Python's, no packages of the user's; processor seconds a little beyond the wall clock's."""
    limits = (str(int(seconds) + 1), str(memory_mib))
    return (sys.executable, "-E", "-s", "-m", "bot.evidence.child", *limits)


async def _started(command: Sequence[str]) -> Process:
    # a session of its own: Ctrl-C in a terminal is for us, and children end when their input does
    return await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_ENVIRONMENT, start_new_session=True,
        cwd=Path(bot.__file__).parents[1],
    )  # fmt: skip
