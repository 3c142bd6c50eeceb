"""Named places where a test may make the product die. In production every one is a comparison with None.

Law: the list is closed, each point stands in the code exactly once, and the crash tests visit each
(``tests/crash``). A point is named after what is true there: what is durable, and who knows.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

POINTS: Final[dict[str, str]] = {
    "keys.before_link": "a new key file is complete under a temporary name, nobody reads it yet",
    "store.before_begin": "entries are taken from the queue, no transaction is begun",
    "store.turn_written": "the turn's row is written, jobs, doors and summary of the same entry are not",
    "store.erasing": "some rows of a case are gone, others still stand, nothing is committed",
    "store.turns_written": "the rows of all turns that are written together are there, what comes with them is not",
    "store.before_keys": "all entries of the transaction are written, nothing is durable",
    "store.before_commit": "keys of new cases are durable, the entries are not",
    "store.after_commit": "the entries are durable, keys of erased cases still exist, nobody has been told",
    "store.before_answer": "everything is durable, nobody has been told",
    "evidence.frame_written": "a piece of an upload is written behind the others, it is not durable",
    "evidence.before_rename": "a file of evidence is complete and durable under a temporary name",
    "evidence.after_rename": "a file of evidence has its name, the name is not durable",
}

Hook = Callable[[str], None]

_hook: Hook | None = None


class Abort(BaseException):
    """The process dies here, for tests within one process: no ``except Exception`` survives it."""


def hit(point: str) -> None:
    """The code is at ``point`` (one of :data:`POINTS`)."""
    if _hook is not None:
        _hook(point)


@contextmanager
def armed(hook: Hook) -> Iterator[None]:
    """While this lasts, ``hook`` is called at each point, from whatever thread gets there."""
    global _hook  # noqa: PLW0603  # one hook per process is the point: threads must see it
    _hook = hook
    try:
        yield
    finally:
        _hook = None


def abort_at(point: str, nth: int = 1) -> Hook:
    """A hook that raises :class:`Abort` when ``point`` is reached for the ``nth`` time."""
    return _at(point, nth, _abort)


def kill_at(point: str, nth: int = 1) -> Hook:
    """A hook that kills this process (SIGKILL) when ``point`` is reached for the ``nth`` time."""
    return _at(point, nth, _kill)


def _at(point: str, nth: int, act: Callable[[], NoReturn]) -> Hook:
    if point not in POINTS:
        raise KeyError(point)
    left = nth

    def hook(reached: str) -> None:
        nonlocal left
        left -= reached == point
        if reached == point and left == 0:
            act()

    return hook


def _abort() -> NoReturn:
    raise Abort


def _kill() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")
