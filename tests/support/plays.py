"""All scripts of a procedure, each played once in a process, with what it showed of the dialog."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.support.conversation import Failed, play
from tests.support.coverage import Coverage, Item
from tests.support.script import read_script

CONVERSATIONS = Path(__file__).parents[1] / "conversations"


def scripts(procedure: str = "*") -> list[Path]:
    """The scripts of one procedure, or of all."""
    return sorted(CONVERSATIONS.glob(f"{procedure}/*.txt"))


@cache
def played(path: Path) -> tuple[frozenset[Item], str]:
    """What the script showed, and how it failed (empty: it did not)."""
    coverage = Coverage()
    try:
        player = play(read_script(path), [coverage.watch])
    except Failed as wrong:
        return frozenset(coverage.seen), str(wrong)
    assert player.cold is not None
    coverage.edges(player.cold.made)
    return frozenset(coverage.seen), ""


def seen(procedure: str) -> set[Item]:
    """What all scripts of a procedure show together."""
    return set().union(*(played(path)[0] for path in scripts(procedure)))
