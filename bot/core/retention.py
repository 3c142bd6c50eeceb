"""How long a case lives: a draft after its last input, a sent one after the last that happened to it.

Model: § 8a Abs. 3 OZG. What is on its way to the agency never expires.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import limits
from bot.core.case import Case


def ends_at(case: Case) -> datetime | None:
    """When the case's time is over, in UTC. None: not as things stand."""
    if case.state == "sending":
        return None
    if case.state == "submitted":
        last, days = case.updated_at, limits.SUBMITTED_DAYS
    else:
        last, days = case.input_at, limits.DRAFT_DAYS if case.consented else limits.EMPTY_DAYS
    return last + timedelta(days=days) if last is not None else None
