"""A person's name in its two parts. Which word is which is never guessed: three bare words are asked back."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar, Final, Literal

from bot.answers.base import Context, Json, PersonName, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.cleaning import clean, one_line
from bot.answers.common import Spoken, misshapen, words

FAMILY_MISSING: Final = Template("answers.name.family_missing", "Bitte schreiben Sie Vornamen und Nachnamen.")
CHARACTERS: Final = Template(
    "answers.name.characters",
    "In einem Namen stehen nur Buchstaben, Bindestriche und Apostrophe. Bitte prüfen Sie ihn.",
)
TOO_LONG: Final = Template(
    "answers.name.too_long", "Der Name ist zu lang. Für Vornamen und Nachnamen sind je {max} Zeichen möglich."
)
COMMAS: Final = Template("answers.name.commas", "Bitte schreiben Sie den Namen so: Nachname, Vorname.")

LONGEST_PART: Final = 100
_PARTICLES: Final = words("""
    von van vom zu zum zur de der den del della di da dal dos das do du la le el al ter ten tot af av bin ibn bint
""")
_LEAD: Final = re.compile(
    r"(?:ich heiße|ich heisse|ich bin|mein name ist|mein name lautet|name:|my name is|i am|i'm)[ ,:]+", re.IGNORECASE
)
_TITLE: Final = re.compile(
    r"(?:^(?:herrn?|frau|mr\.?|mrs\.?|ms\.?)|\b(?:dr\.?|prof\.?|(?:dipl|ing|mag)\.))"
    r"(?:[ -]*(?:med|jur|phil|rer|nat|h|c|ing)\.)*(?=[ -]|$)[ -]*",
    re.IGNORECASE,
)
_MARKS: Final = frozenset(" -'’‘.·`´")


class Name(Spoken):
    """JSON: ``{given, family}``. Titles and forms of address are left out."""

    answer: Literal["person_name"] = "person_name"
    type: ClassVar[str] = "name"

    def understand(self, text: str, context: Context) -> Reading:
        name = _untitled(_LEAD.sub("", one_line(text), count=1))
        return _turned(name) if "," in name else _split(name.split())

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, dict) or set(raw) != {"given", "family"}:
            return misshapen()
        parts = [clean(part) if isinstance(part, str) else misshapen() for part in (raw["given"], raw["family"])]
        slip = next((part for part in parts if isinstance(part, Problem)), None)
        return slip or Value(PersonName(*(_untitled(one_line(part)) for part in parts if isinstance(part, str))))

    def check(self, value: Any, context: Context) -> Problem | None:
        if not value.given or not value.family:
            return problem(FAMILY_MISSING)
        if max(len(value.given), len(value.family)) > LONGEST_PART:
            return problem(TOO_LONG, max=str(LONGEST_PART))
        return None if _is_name(value.given) and _is_name(value.family) else problem(CHARACTERS)

    def load(self, raw: Json) -> Any:
        return PersonName(raw["given"], raw["family"])

    def dump(self, value: Any) -> Json:
        return {"given": value.given, "family": value.family}

    def show(self, value: Any, context: Context) -> str:
        """``Erika Mustermann``; where that could be cut in several ways, ``Muster, Anna Maria``."""
        plain = f"{value.given} {value.family}"
        return plain if self.understand(plain, context) == Value(value) else f"{value.family}, {value.given}"

    def json_schema(self) -> dict[str, Json]:
        part = {"type": "string", "minLength": 1, "maxLength": LONGEST_PART}
        return {
            "type": "object",
            "properties": {"given": part, "family": part},
            "required": ["given", "family"],
            "additionalProperties": False,
        }


def _untitled(name: str) -> str:
    """Without forms of address at its beginning, and without academic degrees."""
    shorter = one_line(_TITLE.sub("", name))
    return shorter if shorter == name else _untitled(shorter)


def _turned(name: str) -> Reading:
    """``Mustermann, Erika``."""
    family, _, given = name.partition(",")
    if "," in given:
        return problem(COMMAS)
    return Value(PersonName(given.strip(), family.strip()))


def _split(parts: list[str]) -> Reading:
    if len(parts) < 2:
        slip = CHARACTERS if parts and not _is_name(parts[0]) else FAMILY_MISSING
        return problem(slip)
    particle = next((at for at, word in enumerate(parts) if at and word in _PARTICLES), 0)
    if particle and particle < len(parts) - 1:
        return Value(_name(parts, particle))
    if len(parts) == 2:
        return Value(_name(parts, 1))
    return Unclear(tuple(_name(parts, at) for at in range(len(parts) - 1, max(0, len(parts) - 4), -1)))


def _name(parts: list[str], at: int) -> PersonName:
    return PersonName(" ".join(parts[:at]), " ".join(parts[at:]))


def _is_name(part: str) -> bool:
    """Letters of any script, their accents, blanks, hyphens, apostrophes, dots; at least one letter."""
    kinds = [unicodedata.category(character)[0] for character in part if character not in _MARKS]
    return "L" in kinds and set(kinds) <= {"L", "M"}
