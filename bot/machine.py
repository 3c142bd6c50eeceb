"""The only door to ``transitions``: build a table, step it, list it, draw it.

Machines are flat, synchronous, built once and shared by all cases. The library never sees a case:
what moves is a throw-away two-slot :class:`Token`, and guards read only ``token.subject``.
No table has callbacks with effects, because the library does not roll back after a failure.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from transitions import EventData, Machine, MachineError, Transition

# The library logs every callback phase, and names of questions are personal context.
logging.getLogger("transitions").setLevel(logging.WARNING)

Guard = Callable[[Any], bool]


class Impossible(Exception):
    """The table has no such move from this state."""


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a table: in ``source``, ``trigger`` leads to ``dest`` if ``guard`` holds."""

    trigger: str
    source: str
    dest: str
    guard: Guard | None = None


class Token:
    """What is moved through a table: a state, and whatever the guards look at."""

    __slots__ = ("state", "subject")

    def __init__(self, state: str, subject: Any = None) -> None:
        self.state = state
        self.subject = subject


class _Plain(Transition):
    """A transition without callbacks, as all of ours are: its guards, then the state. Half the cost of a step."""

    def execute(self, event_data: EventData) -> bool:
        if not self._eval_conditions(event_data):
            return False
        event_data.model.state = self.dest  # type: ignore[attr-defined]  # the stubs do not know Token
        return True


class _PlainMachine(Machine):
    transition_cls = _Plain


class Table:
    """A compiled table of moves, shared by everybody. Of several moves the first whose guard holds wins."""

    def __init__(self, name: str, initial: str, moves: Iterable[Move]) -> None:
        self.name = name
        self.initial = initial
        self.moves = tuple(moves)
        self.states = _states(initial, self.moves)
        self._goals = _goals(self.moves)
        self._machine = _PlainMachine(
            model=None,
            states=list(self.states),
            initial=initial,
            auto_transitions=False,
            send_event=True,
            ignore_invalid_triggers=False,
        )
        for move in self.moves:
            self._machine.add_transition(move.trigger, move.source, move.dest, conditions=_condition(move.guard))

    def may(self, state: str, trigger: str, subject: Any = None) -> bool:
        """Is there a move for ``trigger`` in ``state`` whose guard holds?"""
        return any(move.guard is None or move.guard(subject) for move in self._from(state, trigger))

    def step(self, token: Token, trigger: str) -> str:
        """Move ``token`` and return its new state. Raises :class:`Impossible`; the token then stays where it was."""
        try:
            moved = self._machine.events[trigger].trigger(token)
        except (MachineError, KeyError) as error:
            raise Impossible(f"{self.name}: no '{trigger}' in state '{token.state}'") from error
        if not moved:
            raise Impossible(f"{self.name}: '{trigger}' is held back in state '{token.state}'")
        return token.state

    def goal(self, state: str, trigger: str) -> str | None:
        """Where ``trigger`` leads from ``state``, None: nowhere. A mere look-up, for tables without guards."""
        return self._goals.get((state, trigger))

    def after(self, state: str, trigger: str, subject: Any = None) -> str:
        """The state that ``trigger`` leads to from ``state``. Raises :class:`Impossible`."""
        return self.step(Token(state, subject), trigger)

    def triggers(self, state: str) -> tuple[str, ...]:
        """Every trigger that ``state`` knows, in the order of the table."""
        return tuple(dict.fromkeys(move.trigger for move in self.moves if move.source == state))

    def _from(self, state: str, trigger: str) -> Iterator[Move]:
        return (move for move in self.moves if move.source == state and move.trigger == trigger)


def unreachable(table: Table) -> tuple[str, ...]:
    """States that no path from the initial state reaches."""
    reached, front = {table.initial}, [table.initial]
    while front:
        state = front.pop()
        new = {move.dest for move in table.moves if move.source == state} - reached
        reached |= new
        front.extend(new)
    return tuple(state for state in table.states if state not in reached)


def dead_ends(table: Table, ends: Iterable[str]) -> tuple[str, ...]:
    """States without any way on that are not among the declared ``ends``."""
    allowed = set(ends)
    sources = {move.source for move in table.moves}
    return tuple(state for state in table.states if state not in sources and state not in allowed)


def _states(initial: str, moves: tuple[Move, ...]) -> tuple[str, ...]:
    names = [initial]
    for move in moves:
        names += [move.source, move.dest]
    return tuple(dict.fromkeys(names))


def _goals(moves: tuple[Move, ...]) -> dict[tuple[str, str], str]:
    goals: dict[tuple[str, str], str] = {}
    for move in moves:
        if move.guard is None:
            goals.setdefault((move.source, move.trigger), move.dest)
    return goals


def _condition(guard: Guard | None) -> Callable[[EventData], bool] | None:
    if guard is None:
        return None
    return lambda event: guard(event.model.subject)  # type: ignore[attr-defined]  # the stubs do not know Token
