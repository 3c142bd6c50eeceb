"""How a question is asked on a page: which fields, how they are called, what keyboards and browsers may offer. Pure.

The names of fields are read back by :mod:`bot.web.page.forms`.
"""

from __future__ import annotations

import json
from typing import Any, Final, Literal, NamedTuple

from bot import limits
from bot.answers.base import Json, Template
from bot.web import texts
from bot.web.page.forms import LISTS, PARTS

Layout = Literal["buttons", "radios", "checks", "line", "area", "range", "parts", "evidence"]

BUTTONS: Final = 5
"""So many choices are buttons; more become a list to choose from."""

_LABELS: Final[dict[str, Template]] = {
    "from": texts.FROM,
    "to": texts.TO,
    "given": texts.GIVEN,
    "family": texts.FAMILY,
    "street": texts.STREET,
    "house_number": texts.HOUSE_NUMBER,
    "postal_code": texts.POSTAL_CODE,
    "city": texts.CITY,
    "court": texts.COURT,
    "type": texts.TYPE,
    "number": texts.NUMBER,
}

_KEYBOARDS: Final = {
    "whole_number": "numeric",
    "year": "numeric",
    "postal_code": "numeric",
    "tax_number": "numeric",
    "tax_id": "numeric",
    "municipality": "numeric",
    "decimal": "decimal",
    "percent": "decimal",
    "hours": "decimal",
    "money": "decimal",
    "phone": "tel",
    "email": "email",
}

_FILLED: Final = {
    "vorname": "given-name",
    "nachname": "family-name",
    "geburtsdatum": "bday",
    "telefon": "tel",
    "email": "email",
    "anschrift.street": "address-line1",
    "anschrift.house_number": "address-line2",
    "anschrift.postal_code": "postal-code",
    "anschrift.city": "address-level2",
}
"""What a browser may fill in (WCAG 1.3.5): only where the question is about the applicant, as its name says."""

_AT: Final = {
    "street_missing": "street",
    "house_number_missing": "house_number",
    "postal_code": "postal_code",
    "postal_code_missing": "postal_code",
    "city_missing": "city",
    "family_missing": "family",
}
"""The end of a problem's key to the part that is wrong."""


class Field(NamedTuple):
    """One field. ``label``: None where the question itself is the label. ``wrong``: the problem is about it."""

    name: str
    id: str
    label: Template | None
    inputmode: str
    autocomplete: str
    value: str
    wrong: bool


class Option(NamedTuple):
    """Something to choose. ``raw``: its value as JSON."""

    raw: str
    label: str
    hint: str
    chosen: bool


def layout(question: dict[str, Any]) -> Layout:
    """How the question is shown. An unknown kind is a line of text."""
    kind, choices = question["kind"], question.get("choices", ())
    if kind == "evidence":
        return "evidence"
    if kind in PARTS:
        return "parts"
    if choices:
        return "checks" if kind in LISTS else "buttons" if len(choices) <= BUTTONS else "radios"
    if kind == "period":
        return "range"
    return "area" if kind == "long_text" else "line"


def fields(question: dict[str, Any], typed: dict[str, str], problem: str = "") -> list[Field]:
    """The fields to type in. ``typed``: what stood there; else the old answer. ``problem``: a key, empty without."""
    how, kind = layout(question), question["kind"]
    names = {"range": ("from", "to"), "parts": PARTS.get(kind, ()), "line": ("text",), "area": ("text",)}.get(how, ())
    before = typed or _before(question, how)
    wrong = _wrong(names, problem)
    return [_field(question, name, how, before, wrong=name in wrong) for name in names]


def _field(question: dict[str, Any], name: str, how: Layout, before: dict[str, str], *, wrong: bool) -> Field:
    full = f"value.{name}" if how == "parts" else name
    topic = f"{question['id']}.{name}" if how == "parts" else question["id"]
    return Field(
        full,
        f"f-{name}",
        _LABELS.get(name),
        "numeric" if name == "postal_code" else _KEYBOARDS.get(question["kind"], "text"),
        _FILLED.get(topic, "off"),
        before.get(full, ""),
        wrong,
    )


def _wrong(names: tuple[str, ...], problem: str) -> tuple[str, ...]:
    """The parts that a problem is about: all of them where it does not say."""
    if not problem:
        return ()
    part = _AT.get(problem.rpartition(".")[2])
    return (part,) if part in names else names


def _before(question: dict[str, Any], how: Layout) -> dict[str, str]:
    """The parts of an old or suggested answer, so that only what is wrong must be typed."""
    old = question.get("old", question.get("suggestion"))
    if how == "parts" and isinstance(old, dict):
        return {f"value.{name}": text for name, text in old.items() if isinstance(text, str)}
    if how in ("line", "area") and isinstance(old, str) and question["kind"] in ("short_text", "long_text"):
        return {"text": old}
    return {}


def options(question: dict[str, Any], ticked: list[str]) -> list[Option]:
    """What can be chosen. ``ticked``: what was chosen, as sent; else what the old answer holds."""
    old = question.get("old", question.get("suggestion"))
    before = old if isinstance(old, list) and question["kind"] in LISTS else [] if old is None else [old]
    chosen = set(ticked) or {raw(each) for each in before}
    return [
        Option(raw(each["value"]), each["label"], each.get("hint", ""), raw(each["value"]) in chosen)
        for each in question.get("choices", ())
    ]


def raw(value: Json) -> str:
    """A value as a button holds it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def longest(question: dict[str, Any]) -> int:
    """How many characters a field takes at most."""
    return int(question.get("limits", {}).get("max_length") or limits.TEXT_CHARACTERS)
