"""Choosing: one of several options, several of them, or rows of an earlier section."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.answers.base import Choice, Context, Json, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.common import Id, Spoken, misshapen, phrases, told
from bot.answers.labels import UNKNOWN, Finder

GONE: Final = Template("answers.choice.gone", "Diese Möglichkeit gibt es hier nicht. Bitte wählen Sie neu.")
NONE_CHOSEN: Final = Template("answers.choice.none_chosen", "Bitte wählen Sie mindestens einen Eintrag.")
NONE: Final = Template("answers.choice.none", "keine")
ROW: Final = Template("answers.rows_of.row", "Eintrag {number}")

MOST_SHOWN: Final = 30
"""More options than this are not shown as choices, but looked for in words."""
_MOST_PIECES: Final = 60

_ALL: Final = phrases("alle | alles | alle davon | sämtliche | beide | all | all of them | both | everything")
_NONE: Final = phrases(
    "keine | keins | keines | keiner | keine davon | nichts | none | none of them | nothing | neither"
)
_BETWEEN: Final = re.compile(r"(\s*[,;\n+&]\s*|\s+(?:und|and|sowie|plus|u\.)\s+)")
_FROM_TO: Final = re.compile(r"(?:von |from )?([^-–]+?)(?: bis | to |\s?[-–]\s?)([^-–]+)", re.IGNORECASE)
_ONLY_NUMBERS: Final = re.compile(r"[0-9]{1,3}(?:\s+[0-9]{1,3})+")


def _parted(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _split_words(raw: object) -> object:
    return _parted(raw) if isinstance(raw, str) else raw


Label = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, max_length=300)]
Words = Annotated[tuple[str, ...], BeforeValidator(_split_words)]


class Options(Spoken):
    """What choosing from options shares: ``options`` (value to German label) and ``also``, or a table (``list``)."""

    model_config = ConfigDict(populate_by_name=False)

    options: dict[Id, Label] = Field(default_factory=dict)
    also: dict[Id, Words] = Field(default_factory=dict)
    table: Id | None = Field(default=None, alias="list")

    @model_validator(mode="after")
    def _complete(self) -> Options:
        if bool(self.options) == bool(self.table):
            raise ValueError("exactly one of options and list is needed")
        return self

    @field_validator("options")
    @classmethod
    def _distinct(cls, options: dict[str, str]) -> dict[str, str]:
        if len({label.casefold() for label in options.values()}) < len(options):
            raise ValueError("two options have the same label")
        return options

    @field_validator("also")
    @classmethod
    def _of_options(cls, also: dict[str, tuple[str, ...]], info: ValidationInfo) -> dict[str, tuple[str, ...]]:
        # where the options themselves are wrong, that is said instead
        if unknown := sorted(set(also) - set(info.data.get("options", also))):
            raise ValueError(f"also names what is no option: {', '.join(unknown)}")
        return also

    def all_choices(self, context: Context) -> tuple[Choice, ...]:
        """Every option with its shown label; the code stands behind the label of a table's line."""
        if self.table:
            return tuple(Choice(code, f"{label} ({code})") for code, label in context.options.items())
        return tuple(
            Choice(value, context.words.translate(f"{context.place}.options.{value}", label))
            for value, label in self.options.items()
        )

    def other_words(self, context: Context) -> Mapping[str, Sequence[str]]:
        """Also the German label and words, whatever the language, and the bare label of a table's line."""
        if self.table:
            return {code: (label,) for code, label in context.options.items()}
        german = {value: (label, *self.also.get(value, ())) for value, label in self.options.items()}
        return {value: (*words, *self._translated(value, context)) for value, words in german.items()}

    def _translated(self, value: str, context: Context) -> tuple[str, ...]:
        """The other words in the applicant's language: a list of its own, not word by word."""
        words = ", ".join(self.also.get(value, ()))
        return _parted(context.words.translate(f"{context.place}.also.{value}", words)) if words else ()

    def choices(self, context: Context) -> tuple[Choice, ...]:
        every = self.all_choices(context)
        return every if len(every) <= MOST_SHOWN else ()

    def known(self, value: object, context: Context) -> bool:
        return value in (context.options if self.table else self.options)

    def value_schema(self) -> dict[str, Json]:
        return {"type": "string"} if self.table else {"type": "string", "enum": list(self.options)}

    def label(self, value: str, context: Context) -> str:
        labels = {choice.value: choice.label for choice in self.all_choices(context)}
        return labels.get(value, value)


class OneOf(Options):
    """JSON: the option's value."""

    answer: Literal["one_of"] = "one_of"
    type: ClassVar[str] = "option"

    def understand(self, text: str, context: Context) -> Reading:
        every = self.all_choices(context)
        return Finder(every, self.other_words(context)).find(text, numbered=len(every) <= MOST_SHOWN)

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, str):
            return misshapen()
        return Value(raw) if self.known(raw, context) else problem(GONE)

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if self.known(value, context) else problem(GONE)

    def show(self, value: Any, context: Context) -> str:
        return self.label(value, context)

    def json_schema(self) -> dict[str, Json]:
        return self.value_schema()


class ManyOf(Options):
    """JSON: a list of values, in the order of the options. An empty list is an answer: none of them."""

    answer: Literal["many_of"] = "many_of"
    type: ClassVar[str] = "options"
    longest: ClassVar[int] = 2000

    def understand(self, text: str, context: Context) -> Reading:
        every = self.all_choices(context)
        reading = find_several(text, Finder(every, self.other_words(context)), len(every) <= MOST_SHOWN)
        return _ordered(reading, [choice.value for choice in every])

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
            return misshapen()
        if not all(self.known(item, context) for item in raw):
            return problem(GONE)
        order = list(context.options if self.table else self.options)
        return Value(tuple(value for value in order if value in set(raw)))

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if all(self.known(item, context) for item in value) else problem(GONE)

    def load(self, raw: Json) -> Any:
        return tuple(raw)

    def dump(self, value: Any) -> Json:
        return list(value)

    def show(self, value: Any, context: Context) -> str:
        return ", ".join(self.label(item, context) for item in value) if value else told(context, NONE)

    def json_schema(self) -> dict[str, Json]:
        return {"type": "array", "items": self.value_schema(), "uniqueItems": True}


class RowsOf(Spoken):
    """Rows of the earlier repeated section ``of``, at least one. JSON: row numbers."""

    answer: Literal["rows_of"] = "rows_of"
    type: ClassVar[str] = "rows"
    longest: ClassVar[int] = 2000
    of: Id

    def understand(self, text: str, context: Context) -> Reading:
        every = self.choices(context)
        short = {number: (title,) for number, title in _distinguishing(context.rows).items()}
        return _ordered(find_several(text, Finder(every, short), numbered=True), list(context.rows))

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, list) or not all(isinstance(item, int) and not isinstance(item, bool) for item in raw):
            return misshapen()
        if not set(raw) <= set(context.rows):
            return problem(GONE)
        return Value(tuple(number for number in context.rows if number in set(raw)))

    def check(self, value: Any, context: Context) -> Problem | None:
        if not value:
            return problem(NONE_CHOSEN)
        return None if set(value) <= set(context.rows) else problem(GONE)

    def load(self, raw: Json) -> Any:
        return tuple(raw)

    def dump(self, value: Any) -> Json:
        return list(value)

    def show(self, value: Any, context: Context) -> str:
        titles = {choice.value: choice.label for choice in self.choices(context)}
        return ", ".join(titles.get(number) or told(context, ROW, number=str(number)) for number in value)

    def choices(self, context: Context) -> tuple[Choice, ...]:
        """Titles; where two are the same, with their number."""
        titles = [title.casefold() for title in context.rows.values()]
        return tuple(
            Choice(number, f"{title} ({number})" if titles.count(title.casefold()) > 1 else title)
            for number, title in context.rows.items()
        )

    def json_schema(self) -> dict[str, Json]:
        return {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1, "uniqueItems": True}


def _distinguishing(titles: Mapping[int, str]) -> dict[int, str]:
    """Titles without the words that all begin with: ``Kind Anna`` and ``Kind Ben`` are Anna and Ben."""
    split = {number: title.split() for number, title in titles.items()}
    while (
        len(split) > 1
        and len({words[0] for words in split.values() if words}) == 1
        and all(len(words) > 1 for words in split.values())
    ):
        split = {number: words[1:] for number, words in split.items()}
    return {number: " ".join(words) for number, words in split.items()}


def find_several(text: str, finder: Finder, numbered: bool) -> Reading:
    """All choices that ``text`` names, as a tuple: ``1, 3``, ``Miete und Strom``, ``alle``, ``keine``."""
    whole = finder.exact(text)
    if len(whole) == 1 and not text.isdigit():
        return Value((whole[0],))
    said = text.casefold().strip(" .!")
    if said in _ALL and finder.choices:
        return Value(tuple(choice.value for choice in finder.choices))
    if said in _NONE:
        return Value(())
    if between := _from_to(text, finder):
        return Value(between)
    if numbered and _ONLY_NUMBERS.fullmatch(text):
        text = ", ".join(text.split())
    pieces = _BETWEEN.split(text)
    return _gathered(pieces, finder, numbered) if len(pieces) <= _MOST_PIECES else problem(UNKNOWN)


def _from_to(text: str, finder: Finder) -> tuple[Any, ...]:
    """``Montag bis Freitag``: two choices and all between them, as they are listed. Empty where it is nothing such."""
    match = _FROM_TO.fullmatch(text.strip(" .!"))
    ends = [finder.exact(name) for name in match.groups()] if match is not None else []
    if not ends or any(len(found) != 1 for found in ends):
        return ()
    values = [choice.value for choice in finder.choices]
    first, last = (values.index(found[0]) for found in ends)
    return tuple(values[first : last + 1])


def _gathered(pieces: list[str], finder: Finder, numbered: bool) -> Reading:
    """``pieces`` alternate between words and what stood between them; a label may itself hold commas."""
    found: list[Any] = []
    doubtful: tuple[int, tuple[Any, ...]] | None = None
    at = 0
    while at < len(pieces):
        end, reading = _next(pieces, at, finder, numbered)
        at = end + 2
        if isinstance(reading, Problem):
            return reading
        if isinstance(reading, Unclear):
            doubtful = doubtful or (len(found), reading.candidates)
            found.append(reading.candidates[0])
        elif reading is not None:
            found.append(reading.value)
    if not found:
        return problem(UNKNOWN)
    if doubtful is None:
        return Value(tuple(found))
    # the first doubtful word is varied, the rest stays
    place, options = doubtful
    return Unclear(tuple((*found[:place], other, *found[place + 1 :]) for other in options))


def _next(pieces: list[str], at: int, finder: Finder, numbered: bool) -> tuple[int, Reading | None]:
    """The longest run of pieces from ``at`` that is exactly one choice; else what the first piece alone means."""
    if not pieces[at].strip():
        return at, None
    for end in range(len(pieces) - 1, at, -2):
        exact = finder.exact("".join(pieces[at : end + 1]))
        if len(exact) == 1:
            return end, Value(exact[0])
    return at, finder.find(pieces[at], numbered)


def _ordered(reading: Reading, order: list[Any]) -> Reading:
    if isinstance(reading, Problem):
        return reading
    if isinstance(reading, Value):
        return Value(tuple(value for value in order if value in reading.value))
    return Unclear(tuple(tuple(value for value in order if value in chosen) for chosen in reading.candidates))
