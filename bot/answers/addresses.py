"""Where somebody lives: street, house number, postal code, town; and a municipality by its key (AGS)."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, Literal

from bot.answers.base import Address, Choice, Context, Json, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.cleaning import clean, one_line
from bot.answers.common import Spoken, misshapen
from bot.answers.labels import Finder

POSTAL_CODE_MISSING: Final = Template(
    "answers.address.postal_code_missing",
    "Es fehlt die Postleitzahl mit fünf Ziffern. Bitte schreiben Sie die ganze Anschrift.",
)
CITY_MISSING: Final = Template(
    "answers.address.city_missing", "Es fehlt der Ort. Bitte schreiben Sie die ganze Anschrift."
)
STREET_MISSING: Final = Template(
    "answers.address.street_missing", "Es fehlt die Straße. Bitte schreiben Sie die ganze Anschrift."
)
HOUSE_NUMBER_MISSING: Final = Template(
    "answers.address.house_number_missing",
    "Es fehlt die Hausnummer. Bitte schreiben Sie die ganze Anschrift. "
    "Gibt es keine Hausnummer, schreiben Sie hinter die Straße: ohne Nummer.",
)
ADDRESS_TOO_LONG: Final = Template(
    "answers.address.too_long", "Ein Teil der Anschrift ist zu lang. Möglich sind {max} Zeichen."
)
POSTAL_CODE: Final = Template(
    "answers.postal_code.impossible", "Eine Postleitzahl hat fünf Ziffern, zum Beispiel 04109."
)
MUNICIPALITY: Final = Template(
    "answers.municipality.unknown",
    "Diese Gemeinde kenne ich nicht. Bitte schreiben Sie ihren Gemeindeschlüssel mit acht Ziffern.",
)

LONGEST_PART: Final = 100
NO_NUMBER: Final = "o. Nr."
MUNICIPALITIES: Final = {"14713000": "Leipzig", "14612000": "Dresden", "14511000": "Chemnitz"}
"""Saxony's independent towns; any other municipality is named by its key."""

_CODE: Final = re.compile(r"(?<![0-9])(?:D[- ]?)?([0-9]{5})(?![0-9])", re.IGNORECASE)
_HOUSE_NUMBER: Final = r"[0-9]{1,5} ?[a-zA-Z]?(?: ?[-–/+] ?[0-9]{0,5} ?[a-zA-Z]?)?"
_FLOOR: Final = (
    r"(?:hinterhaus|vorderhaus|gartenhaus|seitenflügel|hh|vh|gh|sf|links|rechts|mitte|eg|dg"
    r"|[0-9]{1,2}\. ?(?:og|etage|stock)|(?:wohnung|whg\.?|apartment|app\.?|zimmer|haus) [0-9a-z]{1,5})"
)
_ADDED: Final = re.compile(rf"(.*[0-9] ?[a-z]?)[ ,]+({_FLOOR}(?:[ ,]+{_FLOOR}){{0,3}})", re.IGNORECASE)
_WHOLE_NUMBER: Final = re.compile(rf"(?i:{_HOUSE_NUMBER})(?: (?i:{_FLOOR})){{0,4}}")
_STREET: Final = re.compile(rf"(.*[^\s0-9/–+-])\s*({_HOUSE_NUMBER})")
_STREET_ENDING_IN_FIGURES: Final = re.compile(rf"(.*\S) ({_HOUSE_NUMBER})")
_WITHOUT: Final = re.compile(r"(.+?)[ ,]+(?:ohne (?:haus)?nummer|ohne nr\.?|o\. ?nr\.?|no number)", re.IGNORECASE)
_COUNTRY: Final = re.compile(r"[ ,]+(?:deutschland|germany|de)\.?$", re.IGNORECASE)
_LETTER: Final = re.compile(r"[^\W\d_]")
_TOWN_LEAD: Final = re.compile(r"(?:landeshauptstadt|stadt|kreisfreie stadt|city of) ", re.IGNORECASE)


def is_postal_code(text: str) -> bool:
    """Five digits from 01001 to 99998."""
    return bool(re.fullmatch(r"[0-9]{5}", text)) and "01001" <= text <= "99998"


class PostalAddress(Spoken):
    """JSON: ``{street, house_number, postal_code, city}``. One line or several."""

    answer: Literal["address"] = "address"
    type: ClassVar[str] = "address"

    def understand(self, text: str, context: Context) -> Reading:
        line = one_line(re.sub(r"[,;]?\s*\n\s*", ", ", text))
        codes = list(_CODE.finditer(_COUNTRY.sub("", line)))
        if not codes:
            return problem(POSTAL_CODE_MISSING)
        line, code = _COUNTRY.sub("", line), codes[-1]
        before, after = line[: code.start()].strip(" ,"), line[code.end() :].strip(" ,")
        if not before:
            after, _, before = (part.strip(" ,") for part in after.partition(","))
        return _from_parts(before, code[1], after)

    def typed(self, raw: Json, context: Context) -> Reading:
        if not isinstance(raw, dict) or set(raw) != set(Address._fields):
            return misshapen()
        parts = [clean(raw[name]) if isinstance(raw[name], str) else misshapen() for name in Address._fields]
        slip = next((part for part in parts if isinstance(part, Problem)), None)
        if slip is not None:
            return slip
        street, number, code, city = (one_line(part) for part in parts if isinstance(part, str))
        return Value(Address(street, _tight(number), code, city))

    def check(self, value: Any, context: Context) -> Problem | None:
        if not _LETTER.search(value.street):
            return problem(STREET_MISSING)
        if value.house_number != NO_NUMBER and not _WHOLE_NUMBER.fullmatch(value.house_number):
            return problem(HOUSE_NUMBER_MISSING)
        if not is_postal_code(value.postal_code):
            return problem(POSTAL_CODE)
        if not _LETTER.search(value.city) or _CODE.search(value.city):
            return problem(CITY_MISSING)
        if max(map(len, value)) > LONGEST_PART:
            return problem(ADDRESS_TOO_LONG, max=str(LONGEST_PART))
        return None

    def load(self, raw: Json) -> Any:
        return Address(**raw)

    def dump(self, value: Any) -> Json:
        return value._asdict()

    def show(self, value: Any, context: Context) -> str:
        return f"{value.street} {value.house_number}, {value.postal_code} {value.city}"

    def json_schema(self) -> dict[str, Json]:
        part = {"type": "string", "minLength": 1, "maxLength": LONGEST_PART}
        code = {"type": "string", "pattern": "^[0-9]{5}$"}
        return {
            "type": "object",
            "properties": {"street": part, "house_number": part, "postal_code": code, "city": part},
            "required": list(Address._fields),
            "additionalProperties": False,
        }


def _from_parts(before: str, code: str, city: str) -> Reading:
    if not before:
        return problem(STREET_MISSING)
    if without := _WITHOUT.fullmatch(before):
        return Value(Address(without[1].strip(" ,"), NO_NUMBER, code, city))
    added = _ADDED.fullmatch(before)
    floor = " " + re.sub(r"[ ,]+", " ", added[2]) if added else ""
    before = added[1].strip(" ,") if added else before
    street = _STREET.fullmatch(before) or _STREET_ENDING_IN_FIGURES.fullmatch(before)
    if street is None:
        return problem(HOUSE_NUMBER_MISSING if _LETTER.search(before) else STREET_MISSING)
    return Value(Address(street[1].strip(" ,"), _tight(street[2]) + floor, code, city))


def _tight(house_number: str) -> str:
    """``12 a`` is ``12a``; ``12 – 14`` is ``12-14``."""
    number = re.match(_HOUSE_NUMBER + r"(?![^\W\d_])", house_number)
    if number is None:
        return house_number
    return re.sub(r"\s+", "", number[0]).replace("–", "-") + house_number[number.end() :]


class PostalCode(Spoken):
    """JSON: five digits as text, so that a leading zero stays."""

    answer: Literal["postal_code"] = "postal_code"
    type: ClassVar[str] = "text"

    def understand(self, text: str, context: Context) -> Reading:
        codes = _CODE.findall(text)
        if len(codes) == 1:
            return Value(codes[0])
        # who lives in Saxony knows how often the zero gets lost
        return Unclear((f"0{text}",)) if re.fullmatch(r"[0-9]{4}", text) else problem(POSTAL_CODE)

    def typed(self, raw: Json, context: Context) -> Reading:
        return Value(raw) if isinstance(raw, str) else misshapen()

    def check(self, value: Any, context: Context) -> Problem | None:
        return None if is_postal_code(value) else problem(POSTAL_CODE)

    def show(self, value: Any, context: Context) -> str:
        return str(value)

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": "^[0-9]{5}$"}


class MunicipalityKey(Spoken):
    """JSON: the Amtlicher Gemeindeschlüssel, eight digits (Land 2, Regierungsbezirk 1, Kreis 2, Gemeinde 3)."""

    answer: Literal["municipality"] = "municipality"
    type: ClassVar[str] = "text"

    def understand(self, text: str, context: Context) -> Reading:
        digits = re.sub(r"[\s.]", "", text)
        if re.fullmatch(r"[0-9]{12}", digits):  # the regional key holds four more digits, for the association
            return Value(digits[:5] + digits[9:])
        if re.fullmatch(r"[0-9]{8}", digits):
            return Value(digits)
        towns = [Choice(key, name) for key, name in MUNICIPALITIES.items()]
        reading = Finder(towns, {}).find(_TOWN_LEAD.sub("", one_line(text), count=1), numbered=False)
        return problem(MUNICIPALITY) if isinstance(reading, Problem) else reading

    def typed(self, raw: Json, context: Context) -> Reading:
        return Value(raw) if isinstance(raw, str) else misshapen()

    def check(self, value: Any, context: Context) -> Problem | None:
        sound = re.fullmatch(r"[0-9]{8}", value) and "01" <= value[:2] <= "16"
        return None if sound else problem(MUNICIPALITY)

    def show(self, value: Any, context: Context) -> str:
        return MUNICIPALITIES.get(value, str(value))

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": "^[0-9]{8}$"}
