"""Which characters our fonts can show. PDF/UA forbids the empty box: what no font has is written as its number.

``⟨U+1F600⟩`` says honestly what was typed, to eyes and ears alike. Words too long for a line may break anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

import orjson
import typst

FONTS: Final = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
"""Those that come with Typst: nothing depends on what a machine has installed."""

_UNBROKEN: Final = re.compile(r"\S{31,}")
_PIECE: Final = 12
BREAK_HERE: Final = "\u200b"
_NEVER: Final = {"Cc", "Cs", "Co", "Cn", "Cf"}
_KEPT: Final = {"\n", "\u00ad", "\u200b", "\u200e", "\u200f", "\u2066", "\u2067", "\u2068", "\u2069"}
_ALWAYS: Final = frozenset(chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x17F)))

_PROBE: Final = b"""#let letters = sys.inputs.letters.split("|")
#let box-of(letter, font) = {
  let shown = measure(text(font: font, size: 100pt, fallback: false, top-edge: "bounds", bottom-edge: "bounds", letter))
  (shown.width, shown.height)
}
#context {
  let fonts = sys.inputs.fonts.split("|")
  let empty = fonts.map(font => box-of(str.from-unicode(0xE123), font))
  let found = letters.map(code => {
    let letter = str.from-unicode(int(code))
    fonts.enumerate().any(((place, font)) => box-of(letter, font) != empty.at(place))
  })
  [#metadata(found)<found>]
}
"""
"""Measures each letter, and a letter that no font has: the box that is drawn instead of it is known by its size."""


class Printer:
    """Makes the texts of one document printable. ``changed``: something had to be written as its number."""

    def __init__(self, data: Any) -> None:
        self._shown = shown(frozenset().union(*(frozenset(text) for text in strings(data))))
        self.changed = False

    def printable(self, data: Any) -> Any:
        """The same JSON, its texts printable; keys are ours and stay."""
        if isinstance(data, str):
            return self._text(data)
        if isinstance(data, dict):
            return {key: self.printable(value) for key, value in data.items()}
        return [self.printable(each) for each in data] if isinstance(data, list) else data

    def _text(self, text: str) -> str:
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
        told = "".join(letter if letter in self._shown else self._number(letter) for letter in text)
        return _UNBROKEN.sub(_breakable, told)

    def _number(self, letter: str) -> str:
        self.changed = True
        return f"⟨U+{ord(letter):04X}⟩"


def strings(data: Any) -> Iterable[str]:
    """Every text in JSON that is no key, as it will be printed."""
    if isinstance(data, str):
        yield unicodedata.normalize("NFC", data)
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from strings(each)


def _breakable(word: re.Match[str]) -> str:
    text = word[0]
    return BREAK_HERE.join(text[at : at + _PIECE] for at in range(0, len(text), _PIECE))


def shown(letters: frozenset[str]) -> frozenset[str]:
    """Those of ``letters`` that some font of ours has."""
    asked = frozenset(letter for letter in letters - _ALWAYS if _may_be_there(letter))
    return (letters & _ALWAYS) | (letters & _KEPT) | _probed(asked)


def _may_be_there(letter: str) -> bool:
    """False where nobody needs to measure: no font of ours has Han, Kana or Hangul."""
    return unicodedata.category(letter) not in _NEVER and not ("\u2e80" <= letter <= "\ufaff" or letter >= "\U00020000")


@lru_cache(256)
def _probed(letters: frozenset[str]) -> frozenset[str]:
    if not letters:
        return letters
    asked = sorted(letters)
    inputs = {"letters": "|".join(str(ord(letter)) for letter in asked), "fonts": "|".join(FONTS)}
    query: Callable[..., Any] = typst.query
    [found] = orjson.loads(query(_PROBE, "<found>", sys_inputs=inputs, ignore_system_fonts=True))
    return frozenset(letter for letter, there in zip(asked, found["value"], strict=True) if there)
