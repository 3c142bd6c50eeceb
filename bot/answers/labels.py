"""Finding what was meant among labelled things: by place in the list, by words, by words with typing errors.

Only what fits exactly, or begins exactly one label, is taken; everything else is asked back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.answers.base import Choice, Reading, Template, Unclear, Value, problem
from bot.answers.common import CANDIDATES, distinct

UNKNOWN: Final = Template(
    "answers.choice.unknown",
    "Das passt zu keiner der Möglichkeiten. Bitte wählen Sie eine davon oder schreiben Sie ihre Nummer.",
)
NO_SUCH_NUMBER: Final = Template(
    "answers.choice.no_such_number", "Diese Nummer gibt es nicht. Die Liste geht bis {last}."
)

_NUMBER: Final = re.compile(
    r"(?:\(|nr\.? ?|nummer |no\.? ?|number |option |antwort |answer )?([0-9]{1,3})[.)]?", re.IGNORECASE
)
_NOT_WORDS: Final = re.compile(r"[^\w]+")
_LEAD: Final = re.compile(
    r"(?:ich bin|wir sind|ich habe|wir haben|ich|wir|es gab|es war|es ist|es|also|bin|ein|eine|einen|einem|einer"
    r"|der|die|das|den|dem|im|in|i am|i m|we are|i have|we have|it was|it is|a|an|the) (?=.)"
)
_FUZZY_LONGEST: Final = 100
_ALIKE: Final = 78
_WORD_ALIKE: Final = 84


def fold(text: str) -> str:
    """For comparing: no case, accents, punctuation; ``ae`` and ``ä`` are the same."""
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(character for character in text if not unicodedata.combining(character))
    for pair, single in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        text = text.replace(pair, single)
    return _NOT_WORDS.sub(" ", text).strip()


_fold = lru_cache(maxsize=4096)(fold)


def find(text: str, choices: Sequence[Choice], aliases: Mapping[Any, Sequence[str]], numbered: bool = True) -> Reading:
    """The choice that ``text`` means. ``aliases``: other words for a value. ``numbered``: was the list shown?"""
    exact = find_exact(text, choices, aliases)
    if exact:
        return Value(exact[0]) if len(exact) == 1 else Unclear(tuple(exact[:CANDIDATES]))
    number = _NUMBER.fullmatch(text.strip())
    if number is not None and numbered:
        return _by_number(int(number[1]), choices)
    folded = _fold(text)
    if not folded:
        return problem(UNKNOWN)
    names = _names(choices, aliases)
    return _by_beginning(folded, names) or _alike(folded, names) or problem(UNKNOWN)


def find_exact(text: str, choices: Sequence[Choice], aliases: Mapping[Any, Sequence[str]]) -> list[Any]:
    """Values whose label, other words or id are ``text``; the first of these that fits decides."""
    bare = " ".join(text.split()).casefold()
    by_label = [choice.value for choice in choices if " ".join(choice.label.split()).casefold() == bare]
    if by_label:
        return distinct(by_label)
    folded = _fold(text)
    if not folded:
        return []
    for names in ([choice.label for choice in choices], None):
        found = [
            choice.value
            for index, choice in enumerate(choices)
            if folded in (_folded([names[index]]) if names else _folded(_others(choice, aliases)))
        ]
        if found:
            return distinct(found)
    lead = _without_lead(folded)
    return distinct(
        choice.value
        for choice in choices
        if lead in {_without_lead(name) for name in _folded([choice.label, *_others(choice, aliases)])}
    )


def _by_number(number: int, choices: Sequence[Choice]) -> Reading:
    if 1 <= number <= len(choices):
        return Value(choices[number - 1].value)
    return problem(NO_SUCH_NUMBER, last=str(len(choices)))


def _others(choice: Choice, aliases: Mapping[Any, Sequence[str]]) -> list[str]:
    own = [choice.value.replace("_", " ")] if isinstance(choice.value, str) else []
    return [*own, *aliases.get(choice.value, ())]


def _folded(names: Iterable[str]) -> set[str]:
    return {_fold(name) for name in names} - {""}


def _without_lead(folded: str) -> str:
    shorter = _LEAD.sub("", folded, count=1) if _LEAD.match(folded) else folded
    return _LEAD.sub("", shorter, count=1) if _LEAD.match(shorter) else shorter


def _names(choices: Sequence[Choice], aliases: Mapping[Any, Sequence[str]]) -> list[tuple[str, Hashable]]:
    """Every folded name with its value, also without its leading article."""
    names: list[tuple[str, Hashable]] = []
    for choice in choices:
        for name in sorted(_folded([choice.label, *_others(choice, aliases)])):
            names += [(variant, choice.value) for variant in distinct([name, _without_lead(name)])]
    return names


def _by_beginning(folded: str, names: list[tuple[str, Hashable]]) -> Reading | None:
    """``sachs`` for Sachsen, if nothing else begins so. One or two letters are asked back."""
    found = distinct(value for name, value in names if name.startswith(folded))
    if len(found) == 1:
        return Value(found[0]) if len(folded) >= 3 else Unclear(tuple(found))
    return Unclear(tuple(found[:CANDIDATES])) if found else None


def _alike(folded: str, names: list[tuple[str, Hashable]]) -> Unclear | None:
    """What holds all the words, then what looks like it: at most five, the best first."""
    if len(folded) > _FUZZY_LONGEST or len(folded) < 2:
        return None
    words = set(folded.split())
    scores: dict[Hashable, float] = {}
    for name, value in names:
        score = 100.0 if words <= set(name.split()) and len(folded) > 2 else _likeness(folded, name)
        if score:
            scores[value] = max(scores.get(value, 0), score)
    best = sorted(scores, key=lambda value: -scores[value])[:CANDIDATES]
    return Unclear(tuple(best)) if best else None


def _likeness(folded: str, name: str) -> float:
    """0 where nobody would see a likeness."""
    if len(folded) <= 4:
        return 90.0 if len(folded) >= 3 and OSA.distance(folded, name, score_cutoff=1) <= 1 else 0.0
    whole = fuzz.ratio(folded, name, score_cutoff=_ALIKE)
    if whole or len(folded) < 5:
        return whole
    beginning = fuzz.ratio(folded, name[: len(folded)], score_cutoff=_WORD_ALIKE)
    long_words = [word for word in name.split() if len(word) >= 5]
    word = process.extractOne(folded, long_words, scorer=fuzz.ratio, score_cutoff=_WORD_ALIKE)
    return 0.9 * max(beginning, word[1] if word else 0.0)
