"""What the assistant says: sentences with their values, and what can be chosen. Channels lay it out, nobody rewords it.

A sentence is a German template with its place and shown values, so that staff later see the very words, masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from bot.answers.base import Json, Problem, Template, Words
from bot.core import events
from bot.core.position import Situation
from bot.core.texts import place_of
from bot.procedures.fill import Filling, fill

SayKind = Literal["said", "echo", "problem", "notice", "question", "summary"]


class Choice(NamedTuple):
    """Something to choose. ``value`` answers the open question; an ``action`` is asked for by name instead."""

    label: str
    value: Json = None
    action: str = ""
    target: str = ""


class Line(NamedTuple):
    """A line of a list: a label, and a value with the address whose answer it shows."""

    label: str
    value: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """One message. ``text`` is shown; ``fact`` is what the ledger keeps of it. ``question``: the address it asks.

    ``closed``: only the choices answer it, so that a number means one of them. ``secret``: name of a placeholder that
    only the channel fills, and the ledger never (a resume code).
    """

    kind: SayKind
    text: str
    fact: events.Said
    choices: tuple[Choice, ...] = ()
    question: str = ""
    secret: str = ""
    closed: bool = True


_NAMED: Final = re.compile(r"\{([a-z][a-z0-9_.]*)\}")


class Voice:
    """Speaks the case's language: fills templates of the house and sentences of the dialog."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.words = situation.words

    def word(self, template: Template, **params: str) -> str:
        """A sentence of the house as plain shown text."""
        return _filled(self.words.translate(*template), params)

    def of_dialog(self, place: str, text: str, extra: Mapping[str, str] | None = None) -> str:
        """A sentence of the dialog as plain shown text. ``extra``: shown values that only this sentence knows."""
        shown = {each.name: each.shown for each in self.fillings(text, extra)}
        return _filled(self.words.translate(place, text), shown)

    def fillings(self, text: str, extra: Mapping[str, str] | None = None) -> tuple[Filling, ...]:
        if "{" not in text:
            return ()
        situation = self.situation
        return fill(situation.interview, situation.path.scope, text, situation.context, extra=extra)

    def say(
        self,
        template: Template,
        kind: SayKind = "said",
        /,
        *,
        of: dict[str, str] | None = None,
        secret: str = "",
        question: str = "",
        choices: Iterable[Choice] = (),
        **params: str,
    ) -> Say:
        """A message with a sentence of the house. ``of``: parameter name to the address whose answer it shows."""
        origins = of or {}
        listed = [events.Param(name=name, value=value, of=origins.get(name)) for name, value in params.items()]
        return self._made(
            kind, template.place, template.text, listed, choices=tuple(choices), question=question, secret=secret
        )

    def say_dialog(
        self,
        place: str,
        text: str,
        kind: SayKind = "said",
        *,
        question: str = "",
        choices: Iterable[Choice] = (),
        fillings: tuple[Filling, ...] | None = None,
        closed: bool = True,
    ) -> Say:
        """A message with a sentence of the dialog, its placeholders filled from the path."""
        filled = self.fillings(text) if fillings is None else fillings
        listed = [events.Param(name=each.name, value=each.shown, of=each.of) for each in filled]
        made = self._made(kind, place, text, listed, choices=tuple(choices), question=question)
        return replace(made, closed=closed)

    def say_lines(self, kind: SayKind, lines: Iterable[Line]) -> Say:
        """One message of many lines, each with at most one value that may be masked."""
        template: list[str] = []
        params: list[events.Param] = []
        for number, line in enumerate(lines, 1):
            template.append(f"{{l{number}}}" if line.value is None else f"{{l{number}}} {{v{number}}}")
            params.append(events.Param(name=f"l{number}", value=line.label))
            if line.value is not None:
                params.append(events.Param(name=f"v{number}", value=line.value, of=line.of))
        return self._made(kind, "core.lines", "\n".join(template), params)

    def say_problem(self, problem: Problem) -> Say:
        listed = [events.Param(name=name, value=value) for name, value in problem.params.items()]
        return self._made("problem", place_of(problem), problem.text, listed)

    def _made(
        self,
        kind: SayKind,
        place: str,
        text: str,
        params: list[events.Param],
        *,
        choices: tuple[Choice, ...] = (),
        question: str = "",
        secret: str = "",
    ) -> Say:
        language = self.words.language
        fact = events.Said.model_construct(place=place, template=text, params=params, language=language)
        shown = _filled(self.words.translate(place, text), {param.name: param.value for param in params})
        return Say(kind, shown, fact, choices, question, secret)


def recalled(fact: events.Said, words: Words) -> Say:
    """A message that was said before, as its transcript keeps it."""
    shown = _filled(words.translate(fact.place, fact.template), {param.name: param.value for param in fact.params})
    return Say("said", shown, fact)


def _filled(text: str, params: dict[str, str]) -> str:
    """Fills ``{name}``. A value that itself looks like a placeholder stays as it is: there is one pass only."""
    if "{" not in text:
        return text
    return _NAMED.sub(lambda match: params.get(match[1], match[0]), text)
