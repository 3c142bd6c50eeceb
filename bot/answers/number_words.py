"""Numbers in words, German and English, up to the millions: ``zwölfhundert``, ``twenty-three``, ``anderthalb``."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, NamedTuple

_DE_ONES: Final = ("null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_DE_TEENS: Final = (
    *("zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"),
)  # fmt: skip
_DE_TENS: Final = ("zwanzig", "dreissig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_EN_ONES: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_EN_TEENS: Final = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)  # fmt: skip
_EN_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

_FIRST: Final = ("erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt", "zehnt")
_EN_FIRST: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_PLACES: Final = {
    **{f"{word}{end}": place for place, word in enumerate(_FIRST, start=1) for end in ("e", "er", "es", "en")},
    **{word: place for place, word in enumerate(_EN_FIRST, start=1)},
}
_PLACED: Final = re.compile(
    r"(?:(?:ich nehme|i take) )?(?:(?:der|die|das|den|the|nummer|nr|option|antwort|number|no|answer) )?(\w+)"
    r"(?: (?:option|antwort|möglichkeit|answer|one))?"
)
_ARTICLES: Final = frozenset({"ein", "eine", "einen", "einem", "einer", "a", "an"})

_HALVES: Final = {"halb": "0.5", "einhalb": "0.5", "half": "0.5", "anderthalb": "1.5"}
_DOZEN: Final = re.compile(r"(?:ein|a|one)?(?:dutzend|dozen)")
_JUNK: Final = re.compile(r"[\s\-]+")
_LONGEST: Final = 120


class _Tongue(NamedTuple):
    small: dict[str, int]
    hundred: str
    thousand: str
    millions: tuple[str, ...]
    joint: str
    half: str


def _german() -> dict[str, int]:
    small = {word: number for number, word in enumerate(_DE_ONES + _DE_TEENS)}
    for ten, word in enumerate(_DE_TENS, start=2):
        small[word] = ten * 10
        small.update({f"{one}und{word}": ten * 10 + n for n, one in enumerate(_DE_ONES) if n})
    articles = dict.fromkeys(["eins", "eine", "einen", "einem", "einer"], 1)
    more = {**articles, "zwo": 2, "kein": 0, "keine": 0, "keinen": 0, "keins": 0}
    return small | more


def _english() -> dict[str, int]:
    small = {word: number for number, word in enumerate(_EN_ONES + _EN_TEENS)}
    for ten, word in enumerate(_EN_TENS, start=2):
        small[word] = ten * 10
        small.update({word + one: ten * 10 + n for n, one in enumerate(_EN_ONES) if n})
    return small | {"a": 1, "an": 1, "none": 0, "no": 0}


def _respelled(small: dict[str, int]) -> dict[str, int]:
    """Also without umlauts: ``fuenf``, ``funf``."""
    for word, number in list(small.items()):
        small.setdefault(word.replace("ü", "ue").replace("ö", "oe"), number)
        small.setdefault(word.replace("ü", "u").replace("ö", "o"), number)
    return small


_TONGUES: Final = (
    _Tongue(_respelled(_german()), "hundert", "tausend", ("millionen", "million"), "und", "einhalb"),
    _Tongue(_english(), "hundred", "thousand", ("million",), "and", "andahalf"),
)


def in_words(text: str) -> Decimal | None:
    """The number that ``text`` spells out; None where it is no number. Case and blanks do not matter."""
    word = _JUNK.sub("", text.casefold())  # casefold also makes ss of ß
    word = _DOZEN.sub("zwölf", word) if _DOZEN.fullmatch(word) else word
    if not word or len(word) > _LONGEST:
        return None
    sign = 1
    if word.startswith("minus"):
        sign, word = -1, word.removeprefix("minus")
    for tongue in _TONGUES:
        number = _with_half(word, tongue)
        if number is not None:
            return sign * number
    return None


def place_in_words(text: str) -> int | None:
    """A place in a list, from 1: ``zwei``, ``die zweite``, ``number two``. None for articles and for anything else."""
    said = _PLACED.fullmatch(" ".join(text.casefold().rstrip(" .!").split()))
    if said is None or said[1] in _ARTICLES:
        return None
    number = _PLACES.get(said[1]) or in_words(said[1])
    return int(number) if number is not None and number >= 1 and number == int(number) else None


def _with_half(word: str, tongue: _Tongue) -> Decimal | None:
    """``zweieinhalb`` is 2.5."""
    if word in _HALVES:
        return Decimal(_HALVES[word])
    if word.endswith(tongue.half):
        number = _millions(word.removesuffix(tongue.half).removesuffix("und"), tongue)
        return None if number is None else number + Decimal("0.5")
    number = _millions(word, tongue)
    return None if number is None else Decimal(number)


def _millions(word: str, tongue: _Tongue) -> int | None:
    for million in tongue.millions:
        if million in word:
            left, _, right = word.partition(million)
            return _sum(_hundreds(left, tongue), 1_000_000, _rest(right, tongue, _thousands))
    return _thousands(word, tongue)


def _thousands(word: str, tongue: _Tongue) -> int | None:
    if tongue.thousand not in word:
        return _hundreds(word, tongue)
    left, _, right = word.partition(tongue.thousand)
    return _sum(_hundreds(left, tongue) if left else 1, 1000, _rest(right, tongue, _hundreds))


def _hundreds(word: str, tongue: _Tongue) -> int | None:
    """Also ``zwölfhundert``."""
    if tongue.hundred not in word:
        return tongue.small.get(word)
    left, _, right = word.partition(tongue.hundred)
    return _sum(tongue.small.get(left) if left else 1, 100, _rest(right, tongue, _small))


def _small(word: str, tongue: _Tongue) -> int | None:
    return tongue.small.get(word)


def _rest(word: str, tongue: _Tongue, reader: Callable[[str, _Tongue], int | None]) -> int | None:
    if not word:
        return 0
    return reader(word.removeprefix(tongue.joint), tongue)


def _sum(count: int | None, unit: int, rest: int | None) -> int | None:
    return None if not count or rest is None else count * unit + rest
