"""What a submitted form means: its fields and the open question in, content for the desk out. Pure.

Field names are those of docs/page.md. What a form cannot have sent by itself is :class:`Malformed`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from bot import limits
from bot.answers.base import Json
from bot.core.commands import ACTIONS, Acted, Content, Picked, Typed

Fields = Mapping[str, Sequence[str]]
"""Name to what was sent under it, in order."""

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "person_name": ("given", "family"),
    "address": ("street", "house_number", "postal_code", "city"),
    "register": ("court", "type", "number"),
}
"""Kinds that are asked in several fields, and what these are called."""

LONGEST_ADDRESS: Final = 200

LISTS: Final = ("many_of", "rows_of")
"""Kinds whose answer is a list of what was ticked."""


class Malformed(Exception):
    """No form of ours sends this."""


def content(fields: Fields) -> Content:
    """What the form asks of a case. Raises :class:`Malformed`."""
    question = one(fields, "question")
    if "action" in fields:
        return _act(fields)
    if "value" in fields:
        return Picked(_named(question), read_json(one(fields, "value")))
    if "pick" in fields:
        return Picked(_named(question), [read_json(raw) for raw in fields["pick"]])
    if any(name.startswith("value.") for name in fields):
        return _parts(fields, question)
    return Typed(words(fields), question)


def words(fields: Fields) -> str:
    """What was typed, as one text; a period is typed in two fields."""
    if "from" in fields or "to" in fields:
        return " bis ".join(part for part in (one(fields, "from").strip(), one(fields, "to").strip()) if part)
    return one(fields, "text").strip()


def typed(fields: Fields) -> dict[str, str]:
    """What was typed, field by field, so that it stands there again."""
    names = (name for name in fields if name in ("text", "from", "to") or name.startswith("value."))
    return {name: one(fields, name)[: limits.TEXT_CHARACTERS] for name in names}


def ticked(fields: Fields) -> list[str]:
    """What was chosen, as sent, so that it is chosen again."""
    return [*fields.get("pick", ()), *fields.get("value", ())]


def one(fields: Fields, name: str) -> str:
    """The first value of a name, empty without."""
    found = fields.get(name)
    return found[0] if found else ""


def reviewed(fields: Fields) -> int | None:
    """The turn that was on the screen when the button was pressed."""
    after = one(fields, "after")
    return int(after) if after.isascii() and after.isdigit() and len(after) <= 6 else None


def read_json(raw: str) -> Json:
    """The value behind a button of ours. Raises :class:`Malformed`."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed("a value that is no JSON") from None
    if _depth(value) > limits.JSON_DEPTH:
        raise Malformed("a value too deep")
    return value


def _depth(value: Json) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inside), default=0)


def _act(fields: Fields) -> Acted:
    name, _, target = one(fields, "action").partition(" ")
    if name not in ACTIONS:
        raise Malformed("an unknown action")
    return Acted(name, target, reviewed(fields) if name in ("submit", "send_addition") else None)


def _parts(fields: Fields, question: str) -> Content:
    """Fields that are one answer together. All of them empty is no answer."""
    names = {name.removeprefix("value.") for name in fields if name.startswith("value.")}
    known = next((parts for parts in PARTS.values() if set(parts) == names), None)
    if known is None:
        raise Malformed("fields of no kind")
    value = {part: one(fields, f"value.{part}").strip() for part in known}
    return Picked(_named(question), value) if any(value.values()) else Typed("", question)


def _named(question: str) -> str:
    if not question or len(question) > LONGEST_ADDRESS:
        raise Malformed("an answer to no question")
    return question
