"""E-mail addresses and telephone numbers. Only what can be seen is judged; nothing is looked up."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, Literal

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat
from rapidfuzz.distance import OSA

from bot.answers.base import Context, Json, Problem, Reading, Template, Unclear, Value, problem
from bot.answers.common import Spoken, distinct, misshapen, words

EMAIL: Final = Template(
    "answers.email.impossible", "Das ist keine vollständige E-Mail-Adresse. Sie sieht so aus: name@beispiel.de."
)
PHONE: Final = Template(
    "answers.phone.impossible", "Das ist keine Telefonnummer, die ich kenne. Bitte schreiben Sie sie so: 0341 1234567."
)
PHONE_SHORT: Final = Template(
    "answers.phone.too_short", "Die Telefonnummer ist zu kurz. Bitte schreiben Sie sie mit der Vorwahl."
)
PHONE_LONG: Final = Template("answers.phone.too_long", "Die Telefonnummer ist zu lang. Bitte prüfen Sie die Ziffern.")

_EMAIL: Final = re.compile(
    r"[^\s@<>()\[\]\"',;:\\|{}]{1,64}@([^\W_](?:[^\W_]|-){0,62}(?:\.[^\W_](?:[^\W_]|-){0,62}){1,8})"
)
_ANGLED: Final = re.compile(r"[^<>]{0,200}<([^<>]{3,254})>")
_AT: Final = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|\(ät\)| at | ät )\s*", re.IGNORECASE)
_DOT: Final = re.compile(r"\s*(?:\(dot\)|\[dot\]|\(punkt\)|\[punkt\]| dot | punkt )\s*", re.IGNORECASE)
_DOMAINS: Final = words("""
    gmail.com googlemail.com gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.info web.de t-online.de freenet.de outlook.de
    outlook.com hotmail.de hotmail.com yahoo.de yahoo.com icloud.com me.com mac.com posteo.de mailbox.org arcor.de
    online.de online.net live.de live.com msn.com aol.com aol.de mail.de mail.com email.de email.com protonmail.com
    proton.me kabelmail.de vodafone.de o2online.de netcologne.de tutanota.com tutanota.de 1und1.de
""")
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_NOT_PHONE: Final = re.compile(r"[^0-9+()/.\s\-–—]")
_GERMANY: Final = 49
_SHORTEST: Final = 100_000
"""Six digits: with an area code nobody has less, and short numbers (112) are nobody's own."""
_PHONE_LEAD: Final = re.compile(r"(?:tel(?:efon)?(?:nummer)?|fon|phone|handy|mobil|mobile)\.?[ :]*", re.IGNORECASE)


class Email(Spoken):
    """JSON: the address; its domain in lower case."""

    answer: Literal["email"] = "email"
    type: ClassVar[str] = "text"

    def understand(self, text: str, context: Context) -> Reading:
        if angled := _ANGLED.fullmatch(text):
            text = angled[1]
        text = text.strip().removeprefix("mailto:").rstrip(".,;")
        spelled = _DOT.sub(".", _AT.sub("@", f" {text} ")).strip()
        address = _canonical(spelled)
        if not _EMAIL.fullmatch(address):
            return problem(EMAIL)
        guesses = [guess for guess in (_domain_guess(address), _ascii_guess(address)) if guess]
        if guesses:
            return Unclear((*distinct(guesses), address))
        return Value(address) if spelled == text else Unclear((address,))

    def typed(self, raw: Json, context: Context) -> Reading:
        return Value(_canonical(raw)) if isinstance(raw, str) else misshapen()

    def check(self, value: Any, context: Context) -> Problem | None:
        if len(value) > 254 or not _EMAIL.fullmatch(value):
            return problem(EMAIL)
        local, _, domain = value.rpartition("@")
        ending = domain.rpartition(".")[2]
        sound = len(ending) >= 2 and not ending.isdigit() and not local.startswith(".") and not local.endswith(".")
        return None if sound and ".." not in value else problem(EMAIL)

    def show(self, value: Any, context: Context) -> str:
        return str(value)

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "format": "email", "maxLength": 254}


def _canonical(address: str) -> str:
    local, at, domain = address.strip().rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _domain_guess(address: str) -> str | None:
    """``gmial.com`` is one slip away from a domain that half the country uses."""
    local, _, domain = address.rpartition("@")
    if domain in _DOMAINS:
        return None
    near = [known for known in sorted(_DOMAINS) if OSA.distance(domain, known, score_cutoff=1) <= 1]
    return f"{local}@{near[0]}" if near else None


def _ascii_guess(address: str) -> str | None:
    """Umlauts before the @ are possible, but almost always a slip."""
    local, _, domain = address.rpartition("@")
    guess = local.translate(_UMLAUTS)
    return f"{guess}@{domain}" if guess != local else None


class Phone(Spoken):
    """JSON: E.164. Numbers without a country are German."""

    answer: Literal["phone"] = "phone"
    type: ClassVar[str] = "text"
    longest: ClassVar[int] = 60

    def understand(self, text: str, context: Context) -> Reading:
        bare = _PHONE_LEAD.sub("", text, count=1) if _PHONE_LEAD.match(text) else text
        if re.match(r"[^0-9+]*[1-9]", bare):  # neither 0 nor +: the area code is missing
            return problem(PHONE_SHORT)
        number = _parsed(bare)
        if isinstance(number, Problem):
            return number
        canonical = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        return Value(canonical) if phonenumbers.is_valid_number(number) else Unclear((canonical,))

    def typed(self, raw: Json, context: Context) -> Reading:
        return Value(raw) if isinstance(raw, str) else misshapen()

    def check(self, value: Any, context: Context) -> Problem | None:
        if not re.fullmatch(r"\+[1-9][0-9]{3,14}", value):
            return problem(PHONE)
        number = _parsed(value)
        return number if isinstance(number, Problem) else None

    def show(self, value: Any, context: Context) -> str:
        number = phonenumbers.parse(value)
        national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        if number.country_code == _GERMANY and national.startswith(("0", "(0")):
            return national
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": r"^\+[1-9][0-9]{3,14}$"}


def _parsed(text: str) -> PhoneNumber | Problem:
    if _NOT_PHONE.search(text):
        return problem(PHONE)
    try:
        number = phonenumbers.parse(text, "DE")
    except phonenumbers.NumberParseException:
        return problem(PHONE)
    if (number.national_number or 0) < _SHORTEST:
        return problem(PHONE_SHORT)
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.IS_POSSIBLE:
        return number
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return problem(PHONE_LONG)
    short = (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY)
    return problem(PHONE_SHORT if reason in short else PHONE)
