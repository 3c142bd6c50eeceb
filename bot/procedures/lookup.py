"""What a name means at a place, and whether it is known there. Remembers everything that was looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from bot.procedures.calls import BUILT_IN, Mismatch, Term
from bot.procedures.errors import ExpressionError, did_you_mean
from bot.procedures.format import Each, Section, Times
from bot.procedures.logic import Run, constant
from bot.procedures.names import Asked, Names, Place
from bot.procedures.scope import UNKNOWN, Scope
from bot.procedures.types import ANY, BOOL, DATE, Type, item_of


class Compiled(Protocol):
    """What lookup needs of a compiled expression."""

    @property
    def type(self) -> Type: ...
    @property
    def run(self) -> Run: ...
    @property
    def questions(self) -> frozenset[str]: ...
    @property
    def sections(self) -> frozenset[str]: ...
    @property
    def parameters(self) -> frozenset[str]: ...
    @property
    def uses_today(self) -> bool: ...


Compile = Callable[[Names, str], Compiled]


class Lookup:
    """Names at one place. ``compile_value`` and ``compile_each`` are handed in, for values need the whole language."""

    def __init__(self, names: Names, place: Place, compile_value: Compile, compile_each: Compile) -> None:
        self.names = names
        self.place = place
        self.point = names.point(place)
        self.row = names.row_of(place)
        self._compile_value = compile_value
        self._compile_each = compile_each
        self.questions: set[str] = set()
        self.sections: set[str] = set()
        self.parameters: set[str] = set()
        self.uses_today = False

    def is_word(self, word: str) -> bool:
        """Could it be an option? A question's name never is; other names give way to an option of the same name."""
        return word not in ("yes", "no", "today") and word not in self.names.questions and not self._is_key(word)

    def is_known(self, word: str) -> bool:
        return self._meaning(word) is not None

    def name(self, word: str) -> Term:
        """What a bare word stands for. Raises :class:`Mismatch` where it is unknown, later, or needs another form."""
        meaning = self._meaning(word)
        if meaning is None:
            raise Mismatch(self._unknown(word))
        return meaning()

    def _meaning(self, word: str) -> Callable[[], Term] | None:
        if word in ("yes", "no"):
            return lambda: Term(BOOL, constant(word == "yes"))
        if word == "today":
            return self.today
        if self._is_key(word):
            return self._key
        if word in self.names.questions:
            return lambda: self._question(self.names.questions[word])
        if word in self.names.values:
            return lambda: self._value(word)
        if self.names.section_number(word) is not None:
            return lambda: self._rows(word)
        return None

    def _is_key(self, word: str) -> bool:
        return self.row is not None and isinstance(self.row.repeat, Each) and self.row.repeat.key == word

    def today(self) -> Term:
        """The day of the application. Raises :class:`Mismatch` where answers would turn wrong overnight."""
        if not self.place.today:
            raise Mismatch("'today' may not decide what is asked; use it in criteria, estimates and latest")
        self.uses_today = True
        return Term(DATE, lambda scope: scope.today)

    def _key(self) -> Term:
        assert self.row is not None
        each = self._compile_each(self.names, self.row.id)
        self._take(each)
        return Term(item_of(each.type) or ANY, lambda scope: scope.row.key if scope.row else UNKNOWN)

    def _question(self, asked: Asked) -> Term:
        id, section = asked.question.id, self.names.sections[asked.section].id
        in_this_row = asked.repeated and self.row is not None and self.row.id == section
        if asked.repeated and not in_this_row:
            raise Mismatch(f"'{id}' is asked once a row; write a call, as in count({section}) or sum({section}.{id})")
        if (asked.section, asked.position) >= self.point:
            raise Mismatch(f"'{id}' is not asked before this place; an expression looks back only")
        self.questions.add(id)
        return Term(asked.type, _this_row(id) if in_this_row else lambda scope: scope.answers.get(id, UNKNOWN))

    def _value(self, id: str) -> Term:
        try:
            value = self._compile_value(self.names, id)
        except ExpressionError:
            return Term(ANY, constant(UNKNOWN))  # reported at the value itself
        if value.uses_today:
            self.today()
        if late := sorted(question for question in value.questions if not self._is_over(question)):
            raise Mismatch(f"value '{id}' is not known at this place: it needs '{late[0]}', which is asked later")
        self._take(value)
        return Term(value.type, value.run)

    def _is_over(self, question: str) -> bool:
        asked = self.names.questions[question]
        return asked.section < self.point[0] or (not asked.repeated and (asked.section, asked.position) < self.point)

    def _rows(self, id: str) -> Term:
        section = self._repeated(id)
        self._take_rows(section)
        return Term(Type("rows", section=id), _rows_of(id))

    def _repeated(self, id: str) -> Section:
        number = self.names.section_number(id)
        assert number is not None
        section = self.names.sections[number]
        if section.repeat is None:
            raise Mismatch(f"section '{id}' is not repeated; write the question's name alone")
        if number > self.point[0] or (number == self.point[0] and section is not self.row):
            raise Mismatch(f"section '{id}' is not complete at this place; an expression looks back only")
        return section

    def attribute(self, owner: str, name: str) -> Term:
        """``parameter.x``, ``key.question`` or ``section.question``. Raises :class:`Mismatch`."""
        if owner == "parameter":
            return self._parameter(name)
        if self._is_key(owner):
            return self._key_answer(owner, name)
        if self.names.section_number(owner) is None:
            raise Mismatch(f"there is no section '{owner}'{did_you_mean(owner, self._section_ids())}")
        return self._column(owner, name)

    def _parameter(self, name: str) -> Term:
        if name not in self.names.parameters:
            raise Mismatch(f"there is no parameter '{name}'{did_you_mean(name, self.names.parameters)}")
        self.parameters.add(name)
        return Term(self.names.parameters[name], lambda scope: scope.parameters.get(name, UNKNOWN))

    def _key_answer(self, key: str, question: str) -> Term:
        term = self._key()
        if term.type.name not in ("row", "any"):
            raise Mismatch(f"'{key}' is {term.type} and has no answers of its own")
        asked = self.names.questions.get(question)
        if asked is None or not asked.repeated:
            raise Mismatch(f"the rows behind '{key}' have no question '{question}'")
        if asked.section >= self.point[0]:
            raise Mismatch(f"'{question}' is not asked before this place; an expression looks back only")
        self.questions.add(question)
        return Term(asked.type, _key_answer_of(question))

    def _column(self, section: str, question: str) -> Term:
        asked = self.names.questions.get(question)
        found = self._repeated(section)
        if asked is None or self.names.sections[asked.section].id != section:
            ids = [one.id for one in found.questions]
            raise Mismatch(f"section '{section}' has no question '{question}'{did_you_mean(question, ids)}")
        self._take_repeat(found)
        self.questions.add(question)
        rows = _rows_of(section)

        def run(scope: Scope) -> Any:
            all_rows = rows(scope)
            if all_rows is UNKNOWN:
                return UNKNOWN
            return tuple(row.answers.get(question, UNKNOWN) for row in all_rows)

        return Term(Type("column", item=asked.type), run)

    def _take(self, expression: Compiled) -> None:
        self.questions |= expression.questions
        self.sections |= expression.sections
        self.parameters |= expression.parameters

    def _take_rows(self, section: Section) -> None:
        self._take_repeat(section)
        self.questions.update(question.id for question in section.questions)

    def _take_repeat(self, section: Section) -> None:
        """The rows of a section hang on whatever its repeat hangs on."""
        self.sections.add(section.id)
        if isinstance(section.repeat, Times) and section.repeat.times in self.names.questions:
            self.questions.add(section.repeat.times)
        if isinstance(section.repeat, Each):
            try:
                self._take(self._compile_each(self.names, section.id))
            except ExpressionError:
                return  # reported at the section itself

    def _section_ids(self) -> list[str]:
        return [section.id for section in self.names.sections]

    def _unknown(self, word: str) -> str:
        for asked in self.names.questions.values():
            if word in (asked.type.words or ()):
                return f"'{word}' is an option of '{asked.question.id}' and stands only beside it"
        if word in self.names.parameters:
            return f"'{word}' is a parameter; write parameter.{word}"
        if word in self.names.rules or word in BUILT_IN:
            return f"'{word}' is called with brackets: {word}(...)"
        known = [*self.names.questions, *self.names.values, *self._section_ids()]
        return f"there is no question, value or section '{word}'{did_you_mean(word, known)}"


def _this_row(id: str) -> Run:
    return lambda scope: UNKNOWN if scope.row is None else scope.row.answers.get(id, UNKNOWN)


def _key_answer_of(question: str) -> Run:
    def run(scope: Scope) -> Any:
        key = None if scope.row is None else scope.row.key
        answer = getattr(key, question, None)
        return UNKNOWN if answer is None else answer

    return run


def _rows_of(section: str) -> Run:
    """The finished rows of a section; unknown until the walk has entered it. The row being asked is not among them."""

    def run(scope: Scope) -> Any:
        rows = scope.rows.get(section)
        if rows is None:
            return UNKNOWN
        return tuple(row for row in rows if row is not scope.row) if scope.row is not None else tuple(rows)

    return run
