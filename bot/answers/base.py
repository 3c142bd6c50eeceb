"""What every kind of answer is: read generously, never guess silently, say what was understood.

A kind knows no question, no case and no channel. An applicant's slip is a :class:`Problem` value,
never an exception; what is ambiguous is :class:`Unclear` and asked back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

Json = Any
"""A JSON value as the standard library reads it."""


class Template(NamedTuple):
    """A German sentence and its place: the key of its translations. ``{name}`` stands for a parameter."""

    place: str
    text: str


class Words(Protocol):
    """The applicant's language. Pure: catalogues are loaded before and handed in."""

    @property
    def language(self) -> str:
        """Babel locale: ``de`` or ``en``."""

    def translate(self, place: str, text: str) -> str:
        """The sentence in this language; the German one where a catalogue lacks it."""

    def __hash__(self) -> int: ...  # what is worded once a language is kept by it


class German:
    """The source language needs no catalogue."""

    language: Final = "de"

    def translate(self, place: str, text: str) -> str:
        return text


@dataclass(frozen=True, slots=True)
class Problem:
    """An applicant's slip. ``key`` names it for good (``date.impossible``); ``text`` is its German sentence.

    ``params`` are shown strings, already in the applicant's language; what the applicant typed is never among them.
    """

    key: str
    text: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Misshapen(Problem):
    """A JSON value whose shape or type no applicant could have meant (an API client's mistake, 422)."""


def problem(template: Template, **params: str) -> Problem:
    """The problem that ``template`` words. Its key is the place without ``answers.``; ``params`` are shown strings."""
    return Problem(template.place.removeprefix("answers."), template.text, params)


@dataclass(frozen=True, slots=True)
class Value:
    """Understood: ``value`` is the typed Python value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Unclear:
    """Several meanings, or a guess that wants a yes: "did you mean ...?" In order of likelihood, at most five."""

    candidates: tuple[Any, ...]


Reading = Value | Unclear | Problem

UNSURE: Final[Json] = {"unsure": True}
"""How "weiß nicht" stands in JSON."""


@dataclass(frozen=True, slots=True)
class Context:
    """What reading, checking and showing may look at besides the text. Everything is handed in.

    ``parameters``: typed values of the procedure's parameters. ``rows``: for ``rows_of``, row number to
    title. ``within``: for ``days``, the period or periods that the days must lie in. ``options``: for a choice
    from a table (``list:``), code to label. ``place``: ``<procedure>.<question>``, where translations of a kind's
    own texts (labels of options, the unit) begin.
    """

    words: Words
    today: date
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[int, str] = field(default_factory=dict)
    within: tuple[Period, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


class Month(NamedTuple):
    """A calendar month. As text ``2020-04``."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


class Period(NamedTuple):
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date


class PersonName(NamedTuple):
    given: str
    family: str


class Address(NamedTuple):
    street: str
    house_number: str
    postal_code: str
    city: str


class Register(NamedTuple):
    """A company's entry: court (Amtsgericht), type (HRA, HRB, ...), number."""

    court: str
    type: str
    number: str


class Evidence(NamedTuple):
    """``files``: ids in page order. ``later``: will be handed in later. ``source``: upload, account or agency."""

    files: tuple[str, ...]
    later: bool = False
    source: str = "upload"


class Choice(NamedTuple):
    """One thing that can be chosen: its value in JSON and its German label."""

    value: Json
    label: str


class Kind(BaseModel):
    """Base of all kinds. A subclass is the pydantic model of a question's keys for this kind.

    Class attributes: ``type`` is the name of the value's type in expressions, one of ``bool number date month
    period days text option options rows name address register evidence``. ``takes_words``: free text, in which an
    unquoted command word is still a command.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    type: ClassVar[str]
    takes_words: ClassVar[bool] = False

    def read(self, text: str, context: Context) -> Reading:
        """Words as an applicant typed them, stripped, at most ``limits.TEXT_CHARACTERS``. Checks limits too."""
        raise NotImplementedError  # abstract

    def accept(self, raw: Json, context: Context) -> Reading:
        """A typed value in JSON, from a button or a client. :class:`Misshapen` for a wrong shape. Checks limits too."""
        raise NotImplementedError  # abstract

    def check(self, value: Any, context: Context) -> Problem | None:
        """Is a well-formed value within the limits? Asked on each walk too: limits may follow other answers."""
        return None

    def load(self, raw: Json) -> Any:
        """The typed value of a JSON value that :meth:`dump` wrote. Trusts it."""
        return raw

    def dump(self, value: Any) -> Json:
        """The JSON value of a typed value (dialog-format, table of kinds)."""
        return value

    def show(self, value: Any, context: Context) -> str:
        """The value as summary, echo and copy show it, in the applicant's language."""
        raise NotImplementedError  # abstract

    def choices(self, context: Context) -> tuple[Choice, ...]:
        """What can be chosen, in order, labels in the applicant's language. Empty where nothing is."""
        return ()

    def limits(self, context: Context) -> dict[str, Json]:
        """The question's ``limits`` of the public API: min, max, max_length, decimals, earliest, latest, ..."""
        return {}

    def json_schema(self) -> dict[str, Json]:
        """JSON Schema (2020-12) of :meth:`dump`'s values."""
        raise NotImplementedError  # abstract
