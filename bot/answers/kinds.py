"""The closed list of kinds, and the way from a dialog file to one of them."""

from __future__ import annotations

from typing import Annotated, Any, Final, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.answers.addresses import MunicipalityKey, PostalAddress, PostalCode
from bot.answers.base import Context, Kind, Problem, Unclear
from bot.answers.choices import ManyOf, OneOf, RowsOf
from bot.answers.contact import Email, Phone
from bot.answers.dates import Date
from bot.answers.days import Days
from bot.answers.evidences import EvidenceFiles
from bot.answers.iban import Iban
from bot.answers.money import Money
from bot.answers.months import CalendarMonth, Year
from bot.answers.names import Name
from bot.answers.numbers import DecimalNumber, Hours, Percent, WholeNumber
from bot.answers.periods import DayPeriod
from bot.answers.registers import RegisterEntry
from bot.answers.tax import CompanyNumber, SocialNumber, TaxId, TaxNumber, VatId
from bot.answers.texts import LongText, ShortText
from bot.answers.yes_no import YesNo

AnyKind = Annotated[
    YesNo | OneOf | ManyOf | RowsOf
    | WholeNumber | DecimalNumber | Percent | Hours | Money
    | Date | CalendarMonth | Year | DayPeriod | Days
    | ShortText | LongText | Name
    | PostalAddress | PostalCode | MunicipalityKey
    | Email | Phone | Iban
    | TaxNumber | TaxId | VatId | SocialNumber | CompanyNumber | RegisterEntry
    | EvidenceFiles,
    Field(discriminator="answer"),
]  # fmt: skip
"""For the JSON Schema of the format; :func:`read_kind` reads with better places in its messages."""

KINDS: Final[dict[str, type[Kind]]] = {
    kind.model_fields["answer"].default: kind for kind in get_args(get_args(AnyKind)[0])
}
"""Name in a dialog file to its class."""


class _Named(BaseModel):
    """Only says which kind it is."""

    model_config = ConfigDict(extra="ignore")
    answer: str

    @field_validator("answer")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in KINDS:
            raise ValueError(f"no kind of answer is called {name!r}; there are: {', '.join(KINDS)}")
        return name


def read_kind(data: dict[str, Any]) -> Kind:
    """The kind that a question's keys name. Raises pydantic's ``ValidationError``; its places begin with the key."""
    return KINDS[_Named.model_validate(data).answer].model_validate(data)


def read_scalar(kind: Kind, text: str, context: Context) -> Any:
    """The typed value of a scalar in YAML (a parameter's value): ``yes``, ``30``, ``2016.00``, ``2020-03-31``.

    Raises ``ValueError`` where the kind would not accept it. What is asked of authors is strict: no words, no guesses.
    """
    raw: Any = text
    if isinstance(kind, YesNo):
        raw = {"yes": True, "no": False}.get(text)
    elif isinstance(kind, WholeNumber | Year):
        raw = int(text)
    reading = kind.accept(raw, context)
    if isinstance(reading, Problem | Unclear):
        raise ValueError(f"not a value of the kind {text!r}")
    return reading.value


def parameters_of(kind: Kind) -> tuple[str, ...]:
    """Names of the parameters that the kind's limits refer to."""
    values = (getattr(kind, name) for name in type(kind).model_fields)
    return tuple(value.removeprefix("parameter.") for value in values if _names_parameter(value))


def _names_parameter(value: object) -> bool:
    return isinstance(value, str) and value.startswith("parameter.")
