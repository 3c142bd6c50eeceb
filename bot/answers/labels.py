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
from bot.answers.number_words import place_in_words

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
    r"(?:ich bin|wir sind|ich habe|wir haben|ich|wir|es gab|es war|es ist|es|das ist|das war|also|bin"
    r"|ein|eine|einen|einem|einer|der|die|das|den|dem|im|in"
    r"|i am|i m|we are|i have|we have|it was|it is|it s|this is|that is|that was|there was|a|an|the) (?=.)"
)
_SMALL: Final = words("""
    ich wir er sie es du man bin bist ist sind war waren habe hab haben hat hatte hatten gab
    der die das den dem des ein eine einen einem einer eines
    mein meine meinen meinem meiner unser unsere unseren unserem unserer ihr ihre ihren sein seine seinen
    im in am beim wegen weil also halt ja doch nur als dies dieser diese dieses
    i m we he she it s they was is are am were have has had there a an the this that
    my our his her their because of due as well just only in at
""")
"""What somebody says around a word without changing what it means. Nothing here denies."""
_NEGATIONS: Final = words("nicht kein keine keinen keiner keinem weder nie ohne not no never none without")
_SHORT: Final = 8
"""More words than this are a story, in which a single word says little."""
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
        self._labels = frozenset(name for label in labels for name in (label, without_lead(label)))

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
        names = self._leads
        return distinct(names.get(without_lead(folded), ()) or names.get(_core(folded), ()))

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
        place = place_in_words(text)
        if place is not None and numbered:
            return self._numbered(place, [value for name, value in self._names() if folded in name.split()])
        return self._beginning(folded) or self._alike(folded) or self._held(folded) or problem(UNKNOWN)

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
        """``sachs`` for Sachsen, if nothing else begins so or holds these words. One or two letters are asked back."""
        begun = distinct(value for name, value in self._names() if name.startswith(folded))
        if not begun:
            return None
        said = set(folded.split())
        found = distinct([*begun, *(value for name, value in self._names() if said <= set(name.split()))])
        if len(found) == 1 and len(folded) >= 3:
            return Value(found[0])
        return Unclear(tuple(found[:CANDIDATES]))

    def _alike(self, folded: str) -> Unclear | None:
        """What holds all the words, then what looks like it: at most five, the best first.

        Of other words for an option only the whole counts, unless nothing else is alike: ``saschen`` is Sachsen,
        and not the other state for which somebody may say ``nicht sachsen``.
        """
        if not 2 <= len(folded) <= _FUZZY_LONGEST:
            return None
        scores = self._scores(folded, in_part=False) or self._scores(folded, in_part=True)
        best = sorted(scores, key=lambda value: -scores[value])[:CANDIDATES]
        return Unclear(tuple(best)) if best else None

    def _scores(self, folded: str, *, in_part: bool) -> dict[Any, float]:
        """Values with how alike they are. ``in_part``: also to a part of other words."""
        said = set(folded.split())
        # whoever says "nicht angestellt" must not be offered "angestellt"
        negated = said & _NEGATIONS
        scores: dict[Any, float] = {}
        for name, value in self._names():
            if not negated <= set(name.split()):
                continue
            holds = len(folded) > 2 and said <= set(name.split())
            score = 100.0 if holds else _likeness(folded, name, in_part or name in self._labels)
            if score > scores.get(value, 0):
                scores[value] = score
        return scores

    def _held(self, folded: str) -> Unclear | None:
        """One name within a few more words, ``my husband had to work``: a guess that wants a yes."""
        said = folded.split()
        if len(said) > _SHORT:
            return None
        negated = set(said) & _NEGATIONS
        held: dict[str, list[Any]] = {}
        for name, value in self._names():
            if len(name) >= 3 and f" {name} " in f" {folded} " and negated <= set(name.split()):
                held.setdefault(name, []).append(value)
        whole = [name for name in held if not any(name != other and name in other for other in held)]
        return Unclear(tuple(distinct(held[whole[0]])[:CANDIDATES])) if len(whole) == 1 else None


def without_lead(folded: str) -> str:
    """Without ``ich bin``, ``die`` and the like at its beginning."""
    shorter = _LEAD.sub("", folded, count=1) if _LEAD.match(folded) else folded
    return _LEAD.sub("", shorter, count=1) if _LEAD.match(shorter) else shorter


def _index() -> defaultdict[str, list[Any]]:
    return defaultdict(list)


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()


def _core(folded: str) -> str:
    """Only the words that say something: ``sie ist meine tochter`` is tochter."""
    return " ".join(word for word in folded.split() if word not in _SMALL)


def _likeness(folded: str, name: str, in_part: bool) -> float:
    """0 where nobody would see a likeness. ``in_part``: to a word of the name or to its beginning is enough."""
    if len(folded) < 5:
        parts = (name, *name.split()) if in_part else (name,)
        near = [word for word in parts if OSA.distance(folded, word, score_cutoff=1) <= 1]
        return 90.0 if len(folded) >= 3 and any(len(word) >= 3 for word in near) else 0.0
    whole = fuzz.ratio(folded, name, score_cutoff=_ALIKE)
    if whole or not in_part:
        return whole
    beginning = fuzz.ratio(folded, name[: len(folded)], score_cutoff=_WORD_ALIKE)
    long_words = [word for word in name.split() if len(word) >= 5]
    word = process.extractOne(folded, long_words, scorer=fuzz.ratio, score_cutoff=_WORD_ALIKE)
    return 0.9 * max(beginning, word[1] if word else 0.0)
