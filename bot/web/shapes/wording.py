"""Small words that all shapes share: a filled sentence, an instant, a section's and a row's name."""

from __future__ import annotations

import re
from typing import Final

from bot.answers.base import Template, Words
from bot.core.say import Voice
from bot.procedures.fill import MISSING, plain
from bot.procedures.rules import Row

_HOLE: Final = re.compile(r"\{([a-z_]+)\}")


def worded(words: Words, template: Template, **params: str) -> str:
    """A sentence of the house in the applicant's language, filled in one pass."""
    sentence = words.translate(*template)
    return _HOLE.sub(lambda hole: params.get(hole[1], hole[0]), sentence) if params else sentence


def row_named(voice: Voice, row: Row, position: int) -> str:
    """What a row is called; while the answers that name it are missing, its section and place."""
    title = plain(voice.title(row))
    return title if MISSING not in title else f"{plain(voice.section_title(row.section))} {position}"
