"""Free text. Whatever is visible survives; nothing is cut off silently."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from bot import limits
from bot.answers.base import Context, Json, Problem, Reading, Value, problem
from bot.answers.cleaning import EMPTY, TOO_LONG, UNREADABLE, clean, is_clean, one_line, tidy_lines
from bot.answers.common import Spoken, misshapen


class Text(Spoken):
    """What both kinds of text share. ``max_length`` counts characters (code points)."""

    type: ClassVar[str] = "text"
    takes_words: ClassVar[bool] = True
    longest: ClassVar[int] = limits.TEXT_CHARACTERS
    max_length: int = Field(default=200, ge=1, le=limits.TEXT_CHARACTERS)

    def tidy(self, text: str) -> str:
        """Blanks as this kind keeps them."""
        return one_line(text)

    def understand(self, text: str, context: Context) -> Reading:
        return Value(self.tidy(text))

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, str):
            return misshapen()
        text = clean(raw)
        return text if isinstance(text, Problem) else Value(self.tidy(text))

    def check(self, value: Any, context: Context) -> Problem | None:
        if not value:
            return problem(EMPTY)
        if len(value) > self.max_length:
            return problem(TOO_LONG, length=str(len(value)), max=str(self.max_length))
        return None if is_clean(value) else problem(UNREADABLE)

    def show(self, value: Any, context: Context) -> str:
        return str(value)

    def limits(self, context: Context) -> dict[str, Json]:
        return {"max_length": self.max_length}

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1, "maxLength": self.max_length}


class ShortText(Text):
    """One line."""

    answer: Literal["short_text"] = "short_text"


class LongText(Text):
    """Several lines; their breaks are kept."""

    answer: Literal["long_text"] = "long_text"
    max_length: int = Field(default=2000, ge=1, le=limits.TEXT_CHARACTERS)

    def tidy(self, text: str) -> str:
        return tidy_lines(text)
