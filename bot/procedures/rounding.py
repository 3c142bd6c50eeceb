"""How computed values are rounded: once, at the value, never inside an expression."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from bot.procedures.scope import UNKNOWN

_STEPS: Final = {
    "cent": (Decimal("0.01"), ROUND_HALF_UP),
    "euro": (Decimal(1), ROUND_HALF_UP),
    "up": (Decimal(1), ROUND_CEILING),
    "down": (Decimal(1), ROUND_FLOOR),
}
_DECIMAL: Final = frozenset({"decimal", "percent", "hours", "money"})


def rounded(value: Any, kind: str, round: str | None) -> Any:
    """``value`` as ``kind`` wants it: to the cent half up by default, a whole number as ``int``.

    ``up`` and ``down`` go to the next whole unit. What is no number stays as it is; unknown stays unknown.
    """
    if value is UNKNOWN or (kind != "whole_number" and kind not in _DECIMAL):
        return value
    step, way = _STEPS[round or ("euro" if kind == "whole_number" else "cent")]
    try:
        exact = Decimal(value).quantize(step, rounding=way)
    except InvalidOperation:
        return UNKNOWN
    return int(exact) if kind == "whole_number" else exact
