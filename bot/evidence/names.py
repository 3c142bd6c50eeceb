"""Names of evidence: made by the house, never by a stranger, and harmless as names of files."""

from __future__ import annotations

import re
from typing import Final

from bot.ports import CaseId

CASE_BYTES: Final = 16
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


def check(case: CaseId, name: str = "x") -> None:
    """Raises ``ValueError`` where the house made a mistake: such a name is never made from what somebody sent."""
    if len(case) != CASE_BYTES:
        raise ValueError("a case has 16 bytes")
    if not _NAME.fullmatch(name):
        raise ValueError("not a name of evidence")
