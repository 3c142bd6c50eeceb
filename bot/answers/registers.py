"""A company's entry in a public register: ``HRB 12345, Amtsgericht Leipzig``."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, Literal

from bot.answers.base import Context, Json, Problem, Reading, Register, Template, Value, problem
from bot.answers.cleaning import clean, one_line
from bot.answers.common import Spoken, misshapen

TYPE_MISSING: Final = Template(
    "answers.register.type_missing",
    "Es fehlt, welches Register es ist, zum Beispiel HRA oder HRB. Schreiben Sie: HRB 12345, Leipzig.",
)
NUMBER_MISSING: Final = Template(
    "answers.register.number_missing", "Es fehlt die Nummer. Schreiben Sie: HRB 12345, Leipzig."
)
COURT_MISSING: Final = Template(
    "answers.register.court_missing", "Es fehlt das Amtsgericht. Schreiben Sie: HRB 12345, Leipzig."
)

TYPES: Final = ("HRA", "HRB", "GnR", "PR", "VR", "GsR")
_TYPES: Final = {name.casefold(): name for name in TYPES}
_ENTRY: Final = re.compile(
    r"\b(HRA|HRB|GnR|PR|VR|GsR)\b[ .:]*(?:Nr\.? ?)?([0-9]{1,7}(?: ?[A-Z]{1,3}\b)?)?", re.IGNORECASE
)
_COURT_LEAD: Final = re.compile(
    r"\b(?:amtsgericht(?:s)?|registergericht|handelsregister|local court(?: of)?|beim|in|at|des|ag)\b[ :]*",
    re.IGNORECASE,
)
_COURT: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .()/'-]){1,79}")
_NUMBER: Final = re.compile(r"[0-9]{1,7}(?: [A-Z]{1,3})?")


class RegisterEntry(Spoken):
    """JSON: ``{court, type, number}``."""

    answer: Literal["register"] = "register"
    type: ClassVar[str] = "register"

    def understand(self, text: str, context: Context) -> Reading:
        line = one_line(text)
        entry = _ENTRY.search(line)
        if entry is None:
            return problem(TYPE_MISSING)
        court = one_line(_COURT_LEAD.sub("", f"{line[: entry.start()]} {line[entry.end() :]}").replace(",", " "))
        return Value(Register(court, _TYPES[entry[1].casefold()], _spaced(entry[2] or "")))

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, dict) or set(raw) != set(Register._fields):
            return misshapen()
        parts = [clean(raw[name]) if isinstance(raw[name], str) else misshapen() for name in Register._fields]
        slip = next((part for part in parts if isinstance(part, Problem)), None)
        return slip or Value(Register(*(one_line(part) for part in parts if isinstance(part, str))))

    def check(self, value: Any, context: Context) -> Problem | None:
        if value.type not in TYPES:
            return problem(TYPE_MISSING)
        if not _NUMBER.fullmatch(value.number):
            return problem(NUMBER_MISSING)
        return None if _COURT.fullmatch(value.court) else problem(COURT_MISSING)

    def load(self, raw: Json) -> Any:
        return Register(**raw)

    def dump(self, value: Any) -> Json:
        return value._asdict()

    def show(self, value: Any, context: Context) -> str:
        return f"{value.type} {value.number}, Amtsgericht {value.court}"

    def json_schema(self) -> dict[str, Json]:
        return {
            "type": "object",
            "properties": {
                "court": {"type": "string", "minLength": 2, "maxLength": 80},
                "type": {"type": "string", "enum": list(TYPES)},
                "number": {"type": "string", "pattern": "^[0-9]{1,7}( [A-Z]{1,3})?$"},
            },
            "required": list(Register._fields),
            "additionalProperties": False,
        }


def _spaced(number: str) -> str:
    """``12345b`` is ``12345 B``."""
    split = re.fullmatch(r"([0-9]+) ?([A-Za-z]*)", number)
    return f"{split[1]} {split[2].upper()}".strip() if split else number
