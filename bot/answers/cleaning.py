"""What may stand in a text at all. Everything visible survives as it is; what nobody can see is taken out.

Emoji, HTML, braces are plain data. Invisible controls (NUL, bidi overrides, zero-width marks) are removed, half
characters (lone surrogates) are refused, because nobody can say what was meant.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot import limits
from bot.answers.base import Problem, Template, problem

UNREADABLE: Final = Template(
    "answers.text.unreadable",
    "Ein Teil Ihrer Nachricht ist nicht lesbar angekommen. Bitte schreiben Sie sie noch einmal.",
)
EMPTY: Final = Template("answers.text.empty", "Da steht noch nichts. Bitte schreiben Sie Ihre Antwort.")
TOO_LONG: Final = Template(
    "answers.text.too_long", "Das sind {length} Zeichen. Höchstens {max} sind möglich. Bitte kürzen Sie den Text."
)

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BREAK: Final = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# zero-width joiners (U+200C, U+200D) stay: emoji and several scripts need them
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_BLANKS: Final = re.compile(r"\s+")
_TRAILING: Final = re.compile(r"[^\S\n]{1,200}\n")


def clean(text: str) -> str | Problem:
    """``text`` in NFC without invisible characters and outer blanks; line breaks are ``\\n``. Linear in its length."""
    if len(text) > limits.TEXT_CHARACTERS:
        return problem(TOO_LONG, length=str(len(text)), max=str(limits.TEXT_CHARACTERS))
    if _SURROGATE.search(text):
        return problem(UNREADABLE)
    text = _BREAK.sub("\n", text)
    # taking one thing out may bring two others together, so NFC comes last
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def is_clean(text: str) -> bool:
    """Would :func:`clean` leave ``text`` as it is?"""
    return clean(text) == text


def one_line(text: str) -> str:
    """Every run of blanks and line breaks as one blank."""
    return _BLANKS.sub(" ", text).strip()


def tidy_lines(text: str) -> str:
    """No blanks at the ends of lines."""
    return _TRAILING.sub("\n", text).strip()
