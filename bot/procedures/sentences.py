"""What pydantic found wrong with a file, in sentences an author understands, at the line where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from bot.procedures import format as shapes
from bot.procedures.errors import DialogError, did_you_mean
from bot.procedures.source import Key, Positions, line_of

_SHAPES: Final[Mapping[str, tuple[type[BaseModel], ...]]] = {
    "": (shapes.Procedure,),
    "life_cycle": (shapes.LifeCycle,),
    "parameters": (shapes.Parameter,),
    "sections": (shapes.Section,),
    "questions": (shapes.Question,),
    "checks": (shapes.Check,),
    "repeat": (shapes.Times, shapes.Again, shapes.Each),
    "values": (shapes.ComputedValue,),
    "criteria": (shapes.Criterion,),
    "estimates": (shapes.Estimate,),
    "declarations": (shapes.Declaration,),
    "finish": (shapes.Finish,),
}
_KIND_KEYS: Final = (
    *("answer", "options", "also", "list", "of", "min", "max", "decimals", "unit", "earliest", "latest", "within"),
    *("max_length", "max_pages", "later", "proves", "title"),
)

_SENTENCES: Final = {
    "missing": "'{name}' is missing",
    "string_type": "'{name}' needs a text",
    "list_type": "'{name}' needs a list; begin each line with '- '",
    "dict_type": "'{name}' needs keys with values",
    "model_type": "'{name}' needs keys with values",
    "model_attributes_type": "'{name}' needs keys with values",
    "too_short": "'{name}' needs at least one entry",
    "string_too_short": "'{name}' is empty",
    "string_too_long": "'{name}' is longer than {max_length} characters",
    "int_parsing": "'{input}' is no whole number",
    "int_from_float": "'{input}' is no whole number",
    "decimal_parsing": "'{input}' is no number; write 1234.50",
    "bool_parsing": "'{input}' is neither yes nor no",
    "date_from_datetime_parsing": "'{input}' is no date; write 2020-04-20",
    "date_parsing": "'{input}' is no date; write 2020-04-20",
    "date_from_datetime_inexact": "'{input}' is no date; write 2020-04-20",
    "greater_than_equal": "'{name}' must be at least {ge}",
    "less_than_equal": "'{name}' must be at most {le}",
}
_PATTERNS: Final = {
    r"^[a-z][a-z0-9_]*$": "'{input}' is no id; use small letters a-z, digits and _, a letter first",
    r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$": "'{input}' is no path; write small words joined by points",
    r"^parameter\.[a-z][a-z0-9_]*$": "'{input}' is no parameter; write parameter.name",
    r"^\d{4}-\d{2}(-\d{2})?$": "'{input}' is no version; write 2026-11",
    r"^\d{8}$": "'{input}' is no municipality key; it has eight digits",
}


def sentences(error: ValidationError, path: Path, positions: Positions) -> list[DialogError]:
    """One dialog error per place: where a union failed in several ways, they are joined by "or"."""
    found: dict[tuple[int, Key], list[str]] = {}
    for key, detail in _flat(error, ()):
        place = _known(key, positions)
        messages = found.setdefault((line_of(positions, place), place), [])
        sentence = _sentence(key, detail)
        if sentence not in messages:
            messages.append(sentence)
    return [error for (line, _), messages in found.items() for error in _told(path, line, messages)]


def _told(path: Path, line: int, messages: list[str]) -> Iterator[DialogError]:
    about_one = [message for message in messages if not _about_keys(message)]
    if about_one:
        yield DialogError(path, line, ", or ".join(about_one))
    yield from (DialogError(path, line, message) for message in messages if _about_keys(message))


def _about_keys(message: str) -> bool:
    return message.endswith("is missing") or message.startswith("unknown key")


def _flat(error: ValidationError, prefix: Key) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """The details of an error, with those of the models inside that were read by a validator of their own."""
    for detail in error.errors(include_url=False):
        key = prefix + tuple(part for part in detail["loc"] if part != "kind" or not _gathered(detail["loc"]))
        inner = detail.get("ctx", {}).get("error")
        if isinstance(inner, ValidationError):
            yield from _flat(inner, key)
        else:
            yield key, detail


def _gathered(location: Iterable[str | int]) -> bool:
    """A question's ``kind`` is made by the format itself and no key of the file."""
    return "questions" in tuple(location)


def _known(key: Key, positions: Positions) -> Key:
    while key and key not in positions:
        key = key[:-1]
    return key


def _sentence(key: Key, detail: Mapping[str, Any]) -> str:
    kind, context = detail["type"], dict(detail.get("ctx", {}))
    name = next((part for part in reversed(key) if isinstance(part, str)), "the file")
    facts = {**context, "name": name, "input": detail.get("input")}
    if kind == "extra_forbidden":
        return f"unknown key '{name}'{did_you_mean(name, _keys_beside(key))}"
    if kind == "literal_error":
        return f"'{facts['input']}' is not one of {context['expected']}{_similar(facts['input'], context)}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], "'{input}' is not written as it must be").format(**facts)
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    return _SENTENCES[kind].format(**facts) if kind in _SENTENCES else f"'{name}': {detail['msg']}"


def _similar(given: Any, context: Mapping[str, Any]) -> str:
    words = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
    return did_you_mean(str(given), words)


def _keys_beside(key: Key) -> list[str]:
    parent = next((part for part in reversed(key[:-1]) if isinstance(part, str)), "")
    keys = list(_KIND_KEYS) if parent == "questions" else []
    for shape in _SHAPES.get(parent, ()):
        keys += [
            field.alias or name for name, field in shape.model_fields.items() if name != "kind" or parent != "questions"
        ]
    return keys
