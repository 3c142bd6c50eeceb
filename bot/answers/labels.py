"""Finding what was meant among labelled things: by place in the list, by words, by words with typing errors.

Only what fits exactly, or begins exactly one label, is taken; everything else is asked back.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.answers.base import Choice, Reading, Template, Unclear, Value, problem
from bot.answers.common import CANDIDATES, distinct, words

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
_NEGATIONS: Final = words("nicht kein keine keinen keiner keinem weder nie ohne not no never none without")
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


_fold = lru_cache(maxsize=16_384)(fold)


class Finder:
    """Choices, prepared for being looked for in words. ``aliases``: other words for a value."""

    def __init__(self, choices: Sequence[Choice], aliases: Mapping[Any, Sequence[str]]) -> None:
        self.choices = choices
        labels, others, leads = _index(), _index(), _index()
        self._literal = _index()
        for choice in choices:
            self._literal[_bare(choice.label)].append(choice.value)
            own = [choice.value.replace("_", " ")] if isinstance(choice.value, str) else []
            names = [_fold(choice.label), *(_fold(name) for name in (*own, *aliases.get(choice.value, ())))]
            labels[names[0]].append(choice.value)
            for name in names[1:]:
                others[name].append(choice.value)
            for name in names:
                leads[without_lead(name)].append(choice.value)
        self._stages = (labels, others)
        self._leads = leads

    def exact(self, text: str) -> list[Any]:
        """Values whose label, other words or id are ``text``; the first of these that fits decides."""
        if found := self._literal.get(_bare(text)):
            return distinct(found)
        folded = _fold(text)
        if not folded:
            return []
        for names in self._stages:
            if found := names.get(folded):
                return distinct(found)
        return distinct(self._leads.get(without_lead(folded), ()))

    def find(self, text: str, numbered: bool = True) -> Reading:
        """The choice that ``text`` means. ``numbered``: was the list shown, so that ``2`` is its second?"""
        exact = self.exact(text)
        number = _NUMBER.fullmatch(text.strip())
        if number is not None and numbered and _bare(text) not in self._literal:
            return self._numbered(int(number[1]), exact)
        if exact:
            return Value(exact[0]) if len(exact) == 1 else Unclear(tuple(exact[:CANDIDATES]))
        folded = _fold(text)
        if not folded:
            return problem(UNKNOWN)
        return self._beginning(folded) or self._alike(folded) or problem(UNKNOWN)

    def _numbered(self, number: int, called_so: list[Any]) -> Reading:
        """By its place in the list; where another one is called by this number, both."""
        counted = [self.choices[number - 1].value] if 1 <= number <= len(self.choices) else []
        found = distinct([*counted, *called_so])
        if not found:
            return problem(NO_SUCH_NUMBER, last=str(len(self.choices)))
        return Value(found[0]) if len(found) == 1 else Unclear(tuple(found[:CANDIDATES]))

    def _names(self) -> Iterator[tuple[str, Any]]:
        """Every folded name with its value, also without its leading article."""
        for names in (*self._stages, self._leads):
            for name, values in names.items():
                yield from ((name, value) for value in values if name)

    def _beginning(self, folded: str) -> Reading | None:
        """``sachs`` for Sachsen, if nothing else begins so. One or two letters are asked back."""
        found = distinct(value for name, value in self._names() if name.startswith(folded))
        if len(found) == 1 and len(folded) >= 3:
            return Value(found[0])
        return Unclear(tuple(found[:CANDIDATES])) if found else None

    def _alike(self, folded: str) -> Unclear | None:
        """What holds all the words, then what looks like it: at most five, the best first."""
        if not 2 <= len(folded) <= _FUZZY_LONGEST:
            return None
        said = set(folded.split())
        # whoever says "nicht angestellt" must not be offered "angestellt"
        negated = said & _NEGATIONS
        scores: dict[Any, float] = {}
        for name, value in self._names():
            if not negated <= set(name.split()):
                continue
            score = 100.0 if len(folded) > 2 and said <= set(name.split()) else _likeness(folded, name)
            if score > scores.get(value, 0):
                scores[value] = score
        best = sorted(scores, key=lambda value: -scores[value])[:CANDIDATES]
        return Unclear(tuple(best)) if best else None


def without_lead(folded: str) -> str:
    """Without ``ich bin``, ``die`` and the like at its beginning."""
    shorter = _LEAD.sub("", folded, count=1) if _LEAD.match(folded) else folded
    return _LEAD.sub("", shorter, count=1) if _LEAD.match(shorter) else shorter


def _index() -> defaultdict[str, list[Any]]:
    return defaultdict(list)


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()


def _likeness(folded: str, name: str) -> float:
    """0 where nobody would see a likeness."""
    if len(folded) < 5:
        near = [word for word in (name, *name.split()) if OSA.distance(folded, word, score_cutoff=1) <= 1]
        return 90.0 if len(folded) >= 3 and any(len(word) >= 3 for word in near) else 0.0
    if whole := fuzz.ratio(folded, name, score_cutoff=_ALIKE):
        return whole
    beginning = fuzz.ratio(folded, name[: len(folded)], score_cutoff=_WORD_ALIKE)
    long_words = [word for word in name.split() if len(word) >= 5]
    word = process.extractOne(folded, long_words, scorer=fuzz.ratio, score_cutoff=_WORD_ALIKE)
    return 0.9 * max(beginning, word[1] if word else 0.0)
