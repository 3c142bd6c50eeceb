"""Rules of a tiny dialog: made up, to show one feature of the format."""

from __future__ import annotations

from bot.procedures.rules import Rows, rule


@rule
def kinder_ab(kinder: Rows, alter: int) -> Rows:
    """§ 1 MusterG: the children who are old enough."""
    return tuple(kind for kind in kinder if kind.alter is not None and kind.alter >= alter)
