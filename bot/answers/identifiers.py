"""Numbers that others gave: what all of them share. Written in groups, stored without."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from bot.answers.base import Context, Json, Reading, Value
from bot.answers.common import Spoken, misshapen

_SEPARATORS: Final = re.compile(r"[\s./\-–—_]+")


class Identifier(Spoken):
    """Base: canonical text without separators, in capitals."""

    type: ClassVar[str] = "text"
    longest: ClassVar[int] = 120
    pattern: ClassVar[str]
    lead: ClassVar[re.Pattern[str]]
    """What people write before the number: its name."""

    def compact(self, text: str) -> str:
        """Without its name and separators, in capitals."""
        return _SEPARATORS.sub("", self.lead.sub("", text.strip(), count=1)).upper()

    def understand(self, text: str, context: Context) -> Reading:
        return Value(self.compact(text))

    def typed(self, raw: Json, context: Context) -> Reading:
        return Value(self.compact(raw)) if isinstance(raw, str) and len(raw) <= self.longest else misshapen()

    def show(self, value: Any, context: Context) -> str:
        return str(value)

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


def grouped(text: str, *sizes: int) -> str:
    """``grouped("12345678995", 2, 3, 3, 3)`` is ``12 345 678 995``."""
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return " ".join(part for part in [*parts, text[at:]] if part)


def lead(words: str) -> re.Pattern[str]:
    """A pattern for a name before a number: ``IBAN:``."""
    return re.compile(rf"^(?:(?:meine?|my|die|the) )?(?:{words})\.?(?: ist| is| lautet)?[ :.]*", re.IGNORECASE)
