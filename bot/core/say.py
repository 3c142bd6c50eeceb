"""What the assistant says: sentences with their values, and what can be chosen. Channels lay it out, nobody rewords it.

A sentence is a German template with its place and shown values, so that staff later see the very words, masked.
A sentence within a sentence is a value of several pieces: each piece keeps the address whose answer it shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from bot.answers.base import Context, Json, Problem, Template, Words
from bot.core import events
from bot.core.position import Situation
from bot.core.texts import place_of
from bot.procedures.fill import Filling, Part, Text, fill, filled, question_context, row_title
from bot.procedures.interview import Stop
from bot.procedures.rules import Row

SayKind = Literal["said", "echo", "problem", "notice", "question", "summary"]


class Choice(NamedTuple):
    """Something to choose. ``value`` answers the open question; an ``action`` is asked for by name instead."""

    label: str
    value: Json = None
    action: str = ""
    target: str = ""


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

    # -- texts that stand in sentences --------------------------------------------------------------------------------

    def word(self, template: Template) -> str:
        """A label of the house."""
        return self.words.translate(*template)

    def of_dialog(
        self, place: str, text: str, *, row: Row | None = None, extra: Mapping[str, Text] | None = None
    ) -> Text:
        """A sentence of the dialog. ``row``: whose answers bare names mean, the open row where None."""
        shown = self.words.translate(place, text)
        return filled(shown, self.fillings(text, row=row, extra=extra)) if "{" in shown else (Part(shown),)

    def fillings(
        self, text: str, *, row: Row | None = None, extra: Mapping[str, Text] | None = None
    ) -> tuple[Filling, ...]:
        """What the placeholders show. ``extra``: texts that only this sentence knows."""
        if "{" not in text:
            return ()
        situation = self.situation
        return fill(situation.interview, situation.path.scope, text, situation.context, row=row, extra=extra)

    def asked(self, stop: Stop, row: Row | None = None) -> Text:
        """The words of a question, for one row where it is repeated."""
        return self.of_dialog(f"{stop.place}.ask", stop.asked.ask, row=row)

    def title(self, row: Row) -> Text:
        """What a row is called."""
        return row_title(self.situation.interview, self.situation.path.scope, row, self.situation.context)

    def section_title(self, section: str) -> Text:
        interview = self.situation.interview
        place = f"{interview.procedure.procedure}.{section}.title"
        return self.of_dialog(place, interview.sections[section].section.title)

    def agency(self) -> Text:
        """The agency's name; a municipality may give it."""
        procedure = self.situation.interview.procedure
        text = f"{{{procedure.agency}}}" if procedure.agency.startswith("parameter.") else procedure.agency
        return self.of_dialog(f"{procedure.procedure}.agency", text)

    def row(self, section: str, id: str | None) -> Row | None:
        """The row as the path knows it."""
        rows = self.situation.path.scope.rows.get(section, ())
        return next((each for each in rows if each.id == id), None)

    def context(self, stop: Stop) -> Context:
        """What the kind of this question may look at."""
        situation = self.situation
        return question_context(situation.interview, stop, situation.path.scope, situation.context)

    def answer(self, stop: Stop, raw: Json, address: str) -> Text:
        """The value of ``address`` as the applicant sees it."""
        kind = stop.asked.kind
        return (Part(kind.show(kind.load(raw), self.context(stop)), address),)

    # -- messages -----------------------------------------------------------------------------------------------------

    def say(
        self,
        template: Template,
        kind: SayKind = "said",
        /,
        *,
        secret: str = "",
        question: str = "",
        choices: Iterable[Choice] = (),
        **params: str | Text,
    ) -> Say:
        """A message with a sentence of the house. A parameter that is a plain string shows nothing of an applicant."""
        texts = ((name, (Part(value),) if isinstance(value, str) else value) for name, value in params.items())
        return self._made(kind, template, _pieces(texts), choices=tuple(choices), question=question, secret=secret)

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
        pieces = _pieces(self.fillings(text) if fillings is None else fillings)
        return self._made(kind, (place, text), pieces, choices=tuple(choices), question=question, closed=closed)

    def say_lines(self, kind: SayKind, lines: Iterable[Text]) -> Say:
        """One message of many lines."""
        named = [(f"l{number}", line) for number, line in enumerate(lines, 1)]
        return self._made(kind, ("core.lines", "\n".join(f"{{{name}}}" for name, _ in named)), _pieces(named))

    def say_problem(self, problem: Problem, of: str | None = None) -> Say:
        """``of``: the address of the answer that is refused. What a kind says about it may show other answers too."""
        pieces = [events.Param(name=name, value=value, of=of) for name, value in problem.params.items()]
        return self._made("problem", (place_of(problem), problem.text), pieces)

    def _made(
        self,
        kind: SayKind,
        sentence: tuple[str, str],
        params: list[events.Param],
        *,
        choices: tuple[Choice, ...] = (),
        question: str = "",
        secret: str = "",
        closed: bool = True,
    ) -> Say:
        place, text = sentence
        fact = events.Said(place=place, template=text, params=params, language=self.words.language, question=question)
        return Say(kind, _shown(fact, self.words), fact, choices, question, secret, closed)


def listed(between: str, several: Iterable[Text]) -> Text:
    """Texts behind one another."""
    parts: list[Part] = []
    for text in several:
        parts += [*([Part(between)] if parts else []), *text]
    return tuple(parts)


def recalled(fact: events.Said, words: Words) -> Say:
    """A message that was said before, word for word, as its transcript keeps it. ``words``: of the fact's language."""
    return Say("said", _shown(fact, words), fact)


def _pieces(texts: Iterable[tuple[str, Text]]) -> list[events.Param]:
    """Each text as parameters of one name, in order; an empty text as one that is empty."""
    return [
        events.Param(name=name, value=part.text, of=part.of) for name, text in texts for part in text or (Part(""),)
    ]


def _shown(fact: events.Said, words: Words) -> str:
    """The words that are shown. A value that itself looks like a placeholder stays as it is: there is one pass only."""
    text = words.translate(fact.place, fact.template)
    if "{" not in text:
        return text
    values: dict[str, str] = {}
    for param in fact.params:
        values[param.name] = values.get(param.name, "") + param.value
    return _NAMED.sub(lambda match: values.get(match[1], match[0]), text)
