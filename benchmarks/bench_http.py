"""Durable turns over HTTP: 64 connections, each with an application of its own, against a bare aiohttp handler.

The server has one core, the load another one. A turn is `POST /api/v1/answers` of a real application (69 inputs),
durable before it is answered. The bare handler reads the replies' own JSON and sends it back, on the same loop with
the same orjson. What is compared is the CPU of the server's process, in rounds taken in turns; the figure is the median
of the rounds' ratios. *Hot* cases were touched before, *cold* ones are read, opened, folded and walked first.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import seed
from benchmarks.dialogue import PROCEDURE, inputs
from benchmarks.load import CONNECTIONS, Connection, answered, connected, measured, opened
from benchmarks.served import OURS, Process, bare, durable, product

ROUNDS = 5
HOT_ROUNDS = 3
FEW = 4_000
MANY = int(os.environ.get("BENCH_CASES", "100000"))
"""Cases of the big database; fewer for a quick look."""
SHORT, LONG = 3, 60
LONG_CASES = 200
COLD_AT_ONCE = 256

Row = tuple[str, str, str]


def run() -> list[Row]:
    os.sched_setaffinity(0, OURS)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        empty = stack.enter_context(product(Path(folder) / "empty"))
        yardsticks = stack.enter_context(bare()), stack.enter_context(durable())
        return asyncio.run(_turns(empty, *yardsticks)) + _growth(Path(folder), empty)


# -- against the bare handler ---------------------------------------------------------------------------------------


async def _turns(server: Process, yardstick: Process, floor: Process) -> list[Row]:
    replies = await _application(server, [])
    turns, echoes, floors, took = [], [], [], list[float]()
    for _ in range(ROUNDS):
        turns.append(await _round(server, took))
        echoes.append(await _echo(yardstick, replies))
        floors.append(await _echo(floor, replies))
    ratio = _ratio(turns, echoes)
    size = statistics.mean(map(len, replies))
    return [
        (
            "a durable turn over HTTP",
            _micro(turns),
            f"CPU of the server, {CONNECTIONS} connections; median of {ROUNDS} rounds",
        ),
        ("the bare handler", _micro(echoes), f"echo of the same JSON, {size:,.0f} bytes on average"),
        ("ratio of the two", f"{ratio:.2f}", "gate 3.00 at most"),
        (
            "bare, and a sealed turn made durable",
            _micro(floors),
            f"{_ratio(floors, echoes):.2f} times; no dialog in it",
        ),
        ("turn, median and p99", f"{_ms(took, 50)}, {_ms(took, 99)}", "seen by the client, the core saturated"),
    ]


def _ratio(ours: list[float], theirs: list[float]) -> float:
    """Of each round for itself, then the median."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


async def _application(server: Process, took: list[float]) -> list[bytes]:
    """One whole application; the replies to its inputs."""
    connection = await Connection.to(server.port)
    replies = await answered(connection, await opened(connection, PROCEDURE), inputs(), took)
    connection.close()
    return replies


async def _round(server: Process, took: list[float]) -> float:
    """Seconds of CPU a turn, while all connections fill in an application each."""
    connections = await connected(server.port)
    tokens = [await opened(connection, PROCEDURE) for connection in connections]
    works = [answered(*pair, inputs(), took) for pair in zip(connections, tokens, strict=True)]
    seconds = await measured(server.cpu, works, CONNECTIONS * len(inputs()))
    _close(connections)
    return seconds


async def _echo(yardstick: Process, replies: list[bytes]) -> float:
    connections = await connected(yardstick.port)

    async def all_of_them(connection: Connection) -> None:
        for reply in replies:
            await connection.post("/echo", reply)

    works = [all_of_them(connection) for connection in connections]
    seconds = await measured(yardstick.cpu, works, CONNECTIONS * len(replies))
    _close(connections)
    return seconds


def _close(connections: list[Connection]) -> None:
    for connection in connections:
        connection.close()


# -- with many cases in the database --------------------------------------------------------------------------------


def _growth(folder: Path, empty: Process) -> list[Row]:
    few, many = (_seeded(folder / name, count) for name, count in (("few", FEW), ("many", MANY)))
    with product(folder / "few") as small, product(folder / "many") as big:
        return asyncio.run(_compared(empty, (small, few), (big, many)))


def _seeded(folder: Path, count: int) -> seed.Seeded:
    return seed.write(folder, {SHORT: count - LONG_CASES, LONG: LONG_CASES})


async def _compared(empty: Process, few: tuple[Process, seed.Seeded], many: tuple[Process, seed.Seeded]) -> list[Row]:
    """Cold first, as each case is cold only once; then the cases that are hot by then."""
    found: dict[str, list[tuple[float, float]]] = {"cold": [], "long": [], "hot": []}
    for _ in range(ROUNDS):
        for name, turns, count in (("cold", SHORT, COLD_AT_ONCE), ("long", LONG, LONG_CASES // ROUNDS)):
            pair = [await _cold(server, seeded.take(turns, count), turns) for server, seeded in (few, many)]
            found[name].append((pair[0], pair[1]))
    for _ in range(HOT_ROUNDS):
        fresh = await _hot(empty, await _brought_to(empty, SHORT - 1))
        found["hot"].append((fresh, await _hot(many[0], many[1].take(SHORT, CONNECTIONS))))
    size = f"{MANY:,} cases"
    return [
        _grown(f"hot turn, {size}", found["hot"], "against an empty database"),
        _grown(f"cold turn after {SHORT} turns, {size}", found["cold"], f"against {FEW:,} cases"),
        _grown(f"cold turn after {LONG} turns, {size}", found["long"], f"against {FEW:,} cases"),
    ]


def _grown(name: str, pairs: list[tuple[float, float]], against: str) -> Row:
    ratio = statistics.median(large / little for little, large in pairs)
    figures = f"{_micro([large for _, large in pairs])}, {_micro([little for little, _ in pairs])} {against}"
    return name, f"{ratio:.2f}", f"{figures}; gate 1.20 at most"


async def _cold(server: Process, tokens: list[str], turns: int) -> float:
    """Seconds of CPU of the first turn of each case since the server started."""
    connections = await connected(server.port)
    content = inputs()[turns - 1 : turns]

    async def each(connection: Connection, mine: list[str]) -> None:
        for token in mine:
            await answered(connection, token, content, [])

    works = [each(one, tokens[place::CONNECTIONS]) for place, one in enumerate(connections)]
    seconds = await measured(server.cpu, works, len(tokens))
    _close(connections)
    return seconds


async def _brought_to(server: Process, answers: int) -> list[str]:
    """Tokens of new cases with so many answers."""
    connection = await Connection.to(server.port)
    tokens = [await opened(connection, PROCEDURE) for _ in range(CONNECTIONS)]
    for token in tokens:
        await answered(connection, token, inputs()[:answers], [])
    connection.close()
    return tokens


async def _hot(server: Process, tokens: list[str]) -> float:
    """From where these cases stand to their end."""
    connections = await connected(server.port)
    first, rest = inputs()[SHORT - 1 : SHORT], inputs()[SHORT:]
    for connection, token in zip(connections, tokens, strict=True):
        await answered(connection, token, first, [])
    works = [answered(*pair, rest, []) for pair in zip(connections, tokens, strict=True)]
    seconds = await measured(server.cpu, works, CONNECTIONS * len(rest))
    _close(connections)
    return seconds


def _micro(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1e6:,.0f} µs"


def _ms(took: list[float], percent: int) -> str:
    return f"{statistics.quantiles(took, n=100)[percent - 1] * 1e3:,.1f} ms"


if __name__ == "__main__":
    rows: Any = run() if "turns" not in sys.argv else None
    if rows is None:
        os.sched_setaffinity(0, OURS)
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            empty = stack.enter_context(product(Path(folder) / "empty"))
            rows = asyncio.run(_turns(empty, stack.enter_context(bare()), stack.enter_context(durable())))
    for name, figure, remark in rows:
        print(f"{name:40} {figure:>16}  {remark}")
