"""The models of a dialog file. What they accept is the format; what it means is compiled elsewhere.

Every scalar of the file arrives as text, so each field converts it itself. Ids are German words and stand in
the order in which the applicant meets them. The meaning of each key: the authors' guide.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bot.answers.base import Kind
from bot.answers.kinds import read_kind

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Expression = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Path = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]


def _yes(value: object) -> object:
    if isinstance(value, str) and value not in ("yes", "no"):
        raise ValueError(f"'{value}' is neither yes nor no")
    return value == "yes" if isinstance(value, str) else value


def _day(value: object) -> object:
    # pydantic would also take timestamps and times of day
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError(f"'{value}' is no date; write 2020-04-20")
    return value


Flag = Annotated[bool, BeforeValidator(_yes)]
Day = Annotated[date, BeforeValidator(_day)]
OrParameter = Annotated[str, StringConstraints(pattern=r"^parameter\.[a-z][a-z0-9_]*$")]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LifeCycle(Part):
    """When the programme takes applications. Dates are days of Europe/Berlin, both ends included."""

    planned: Text | None = None
    opens: Day | OrParameter
    closes: Day | OrParameter | None = None
    stopped: Flag | OrParameter = False
    closed: Text


ParameterKind = Literal[
    "yes_no", "whole_number", "decimal", "percent", "hours", "money", "date", "month", "year", "short_text",
    "long_text", "postal_code", "email", "phone", "municipality", "table", "list",
]  # fmt: skip


class Parameter(Part):
    """What a municipality may set. Without ``default`` it must. ``default`` stays text here; its kind reads it."""

    id: Id
    kind: ParameterKind
    label: Text
    default: Any = None
    law: Text | None = None
    uncertain: Text | None = None
    columns: list[Id] | None = None

    @model_validator(mode="after")
    def _table_has_columns(self) -> Parameter:
        if (self.kind == "table") == (self.columns is None):
            raise ValueError("a parameter has columns if, and only if, it is a table")
        return self


class Check(Part):
    """``must``: asked again. ``should``: "is that right?", then taken."""

    must: Expression | None = None
    should: Expression | None = None
    otherwise: Text = Field(alias="else")

    @model_validator(mode="after")
    def _exactly_one(self) -> Check:
        if (self.must is None) == (self.should is None):
            raise ValueError("a check has exactly one of must and should")
        return self


class SectionCheck(Check):
    """A section's check can only be a ``must``: there is no single answer that "is that right?" could be about."""

    @model_validator(mode="after")
    def _only_must(self) -> SectionCheck:
        if self.must is None:
            raise ValueError("a section's check is a must")
        return self


QUESTION_KEYS = frozenset(
    [
        "id",
        "ask",
        "why",
        "help",
        "example",
        "when",
        "optional",
        "unsure",
        "suggest",
        "sensitive",
        "subsidy_relevant",
        "account",
        "law",
        "sends",
        "checks",
    ]
)


class Question(Part):
    """One question. ``kind`` holds the keys that only its kind of answer has, and reads and shows its answers."""

    id: Id
    ask: Text
    why: Text
    help: Text | None = None
    example: Text | None = None
    when: Expression | None = None
    optional: Flag = False
    unsure: Literal["allowed"] | None = None
    suggest: Expression | None = None
    sensitive: Literal["health", "bank", "identity"] | None = None
    subsidy_relevant: Flag = False
    account: Literal["given_name", "family_name", "birth_date", "address"] | None = None
    law: Text | None = None
    sends: Path | None = None
    checks: list[Check] = Field(default_factory=list)
    kind: Kind

    @model_validator(mode="before")
    @classmethod
    def _gather_kind(cls, data: Any) -> Any:
        if not isinstance(data, dict) or isinstance(data.get("kind"), Kind):
            return data
        common = {key: value for key, value in data.items() if key in QUESTION_KEYS}
        rest = {key: value for key, value in data.items() if key not in QUESTION_KEYS}
        return {**common, "kind": rest}

    @field_validator("kind", mode="before")
    @classmethod
    def _read_kind(cls, data: Any) -> Any:
        return read_kind(data) if isinstance(data, dict) else data


class Times(Part):
    times: Id | OrParameter


class Again(Part):
    again: Text
    min: int = Field(default=1, ge=0)
    max: int = Field(ge=1)

    @model_validator(mode="after")
    def _min_up_to_max(self) -> Again:
        if self.min > self.max:
            raise ValueError("min is more than max")
        return self


class Each(Part):
    each: Expression
    key: Id


class Section(Part):
    """Questions in order. With ``repeat`` they are asked once a row."""

    id: Id
    title: Text
    intro: Text | None = None
    when: Expression | None = None
    repeat: Times | Again | Each | None = None
    row: Text | None = None
    sends: Path | None = None
    questions: list[Question] = Field(min_length=1)
    checks: list[SectionCheck] = Field(default_factory=list)

    @field_validator("repeat", mode="before")
    @classmethod
    def _one_repeat(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        kinds = [kind for kind in (Times, Again, Each) if kind.__name__.lower() in data]
        if len(kinds) != 1:
            raise ValueError("repeat has exactly one of times, again and each")
        return kinds[0].model_validate(data)


ValueKind = Literal["yes_no", "whole_number", "decimal", "percent", "hours", "money", "date", "month", "short_text"]


class ComputedValue(Part):
    id: Id
    kind: ValueKind
    formula: Expression = Field(alias="is")
    label: Text | None = None
    round: Literal["cent", "euro", "up", "down"] | None = None


class Criterion(Part):
    """One requirement of the law. Its texts are indicative sentences with a reason; none of them decides."""

    id: Id
    about: Text
    when: Expression | None = None
    met: Expression
    not_met: Text
    partly: Text | None = None
    unclear: Text | None = None
    law: Text
    next: Text
    elsewhere: Text | None = None
    tell: Literal["at_once", "at_review"] = "at_once"


class Estimate(Part):
    id: Id
    when: Expression | None = None
    kind: ValueKind
    formula: Expression = Field(alias="is")
    say: Text
    round: Literal["cent", "euro", "up", "down"] | None = None


class Declaration(Part):
    id: Id
    text: Text
    when: Expression | None = None
    law: Text | None = None


class Finish(Part):
    """How a complete application ends: ``submit`` a schema, or make a ``document`` for the applicant.

    ``how``: in which way the prepared application reaches the agency, where the law prescribes one.
    """

    when: Expression | None = None
    submit: Text | None = None
    document: Id | None = None
    how: Text | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Finish:
        if (self.submit is None) == (self.document is None):
            raise ValueError("finish has exactly one of submit and document")
        if self.document is not None and self.how is not None:
            raise ValueError("a document is not filed, so it has no how")
        return self


class Procedure(Part):
    """A whole dialog file."""

    procedure: Id
    version: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    title: Text
    agency: Text
    law: Text
    finds: list[Text] = Field(default_factory=list)
    life_cycle: LifeCycle
    parameters: list[Parameter] = Field(default_factory=list)
    sections: list[Section] = Field(min_length=1)
    values: list[ComputedValue] = Field(default_factory=list)
    criteria: list[Criterion] = Field(default_factory=list)
    estimates: list[Estimate] = Field(default_factory=list)
    declarations: list[Declaration] = Field(default_factory=list)
    finish: list[Finish] = Field(min_length=1)


class Municipality(Part):
    """One municipality's values for a procedure's parameters."""

    municipality: Id
    name: Text
    ags: Annotated[str, StringConstraints(pattern=r"^\d{8}$")]
    procedure: Id
    values: dict[Id, Any]
