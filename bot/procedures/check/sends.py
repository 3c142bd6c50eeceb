"""Lints of the submission: nothing is sent twice, nothing required can be missing, the checked-in schema is current."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from bot.procedures.check.common import Reading
from bot.procedures.check.worlds import worlds
from bot.procedures.conditions import Expression
from bot.procedures.errors import DialogError
from bot.procedures.identity import identity_name
from bot.procedures.schema import FILE, data_schema, submission_schema, written
from bot.procedures.source import Key
from bot.procedures.submission import Sent, sent_answers


def sections(reading: Reading) -> Iterator[DialogError]:
    """A repeated section's answers go into a list, so it must name one; any other section has none."""
    lists: dict[str, int] = {}
    for number, section in enumerate(reading.names.sections):
        if section.repeat is None and section.sends is not None:
            yield reading.error("only a repeated section sends a list", "sections", number, "sends")
        elif section.repeat is not None and section.sends is None and any(one.sends for one in section.questions):
            message = f"section '{section.id}' is repeated; 'sends' must name the list of its rows"
            yield reading.error(message, "sections", number)
        elif section.sends is not None:
            if section.sends in lists:
                line = reading.source.line("sections", lists[section.sends], "sends")
                yield reading.error(
                    f"list '{section.sends}' is sent in line {line} already", "sections", number, "sends"
                )
            lists.setdefault(section.sends, number)


def sent_twice(reading: Reading) -> Iterator[DialogError]:
    """Two answers may share a path only where they can never both be there."""
    for first, second in combinations(_all_paths(reading), 2):
        if _told_of_the_list(first, second) or _told_of_the_list(second, first):
            continue
        if first.path == second.path and first.question is not None and second.question is not None:
            if _coexist(reading, first.question, second.question):
                line = reading.source.line(*first.key, "sends")
                message = f"'{'.'.join(second.path)}' is sent in line {line} already, and both can be answered"
                yield reading.error(message, *second.key, "sends")
        elif _contains(first.path, second.path) or _contains(second.path, first.path):
            message = f"'{'.'.join(second.path)}' and '{'.'.join(first.path)}' are one inside the other"
            yield reading.error(message, *second.key, "sends")


class _Path:
    """A path from the top of ``data``, through a list where there is one (its step is ``[]``)."""

    def __init__(self, path: tuple[str, ...], key: Key, question: Sent | None) -> None:
        self.path = path
        self.key = key
        self.question = question


def _told_of_the_list(inner: _Path, outer: _Path) -> bool:
    """A list in the way is one mistake, not one for each of its answers."""
    return (
        inner.question is not None
        and "[]" in inner.path[len(outer.path) :]
        and inner.path[: len(outer.path)] == outer.path
    )


def _all_paths(reading: Reading) -> list[_Path]:
    paths = [
        _Path((*sent.list_path, "[]", *sent.path) if sent.list_path else sent.path, sent.key, sent)
        for sent in sent_answers(reading.source)
        if sent.section.repeat is None or sent.list_path
    ]
    for number, section in enumerate(reading.names.sections):
        if section.repeat is not None and section.sends is not None:
            paths.append(_Path((*section.sends.split("."), "[]"), ("sections", number), None))
    return paths


def row_identities(reading: Reading) -> Iterator[DialogError]:
    """A row of a list names itself; no answer may take that name."""
    for sent in sent_answers(reading.source):
        if sent.list_path and sent.path[0] == identity_name(sent.section):
            message = f"'{sent.path[0]}' is what the rows of '{sent.section.id}' are known by; choose another path"
            yield reading.error(message, *sent.key, "sends")


def _contains(outer: tuple[str, ...], inner: tuple[str, ...]) -> bool:
    """Is ``outer`` a value, or a list, where ``inner`` needs an object?"""
    if outer[-1] == "[]":
        return inner[: len(outer) - 1] == outer[:-1] and inner[len(outer) - 1 : len(outer)] != ("[]",)
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _coexist(reading: Reading, first: Sent, second: Sent) -> bool:
    guards = [guard for sent in (first, second) for guard in _guards(reading, sent)]
    scopes = worlds(reading, guards) if guards else None
    return scopes is None or any(all(guard(scope) is True for guard in guards) for scope in scopes)


def _guards(reading: Reading, sent: Sent) -> list[Expression]:
    keys: list[Key] = [sent.key[:2], sent.key]
    found = (reading.expressions.get((*key, "when")) for key in keys)
    return [guard for guard in found if guard is not None]


def stale_schema(reading: Reading, text: str | None) -> Iterator[DialogError]:
    """The file beside the dialog says what the dialog sends. ``text``: its contents, None where it is missing."""
    path = reading.source.folder / FILE
    if not any(finish.submit for finish in reading.source.procedure.finish):
        return
    if text is None:
        yield DialogError(path, 0, "is missing; write it with 'antragslotse schema'")
        return
    try:
        found = json.loads(text)
    except ValueError:
        yield DialogError(path, 0, "is no JSON; write it with 'antragslotse schema'")
        return
    for required in left_empty(reading, found):
        yield DialogError(path, 0, f"'{required}' is required, but a complete path can leave it empty")
    if text != written(submission_schema(reading.source)):
        yield DialogError(path, 0, "is not what the dialog sends; write it anew with 'antragslotse schema'")


def left_empty(reading: Reading, schema: Any) -> Iterator[str]:
    """Paths that ``schema`` requires in ``data`` and some complete path does not send."""
    given = schema.get("properties", {}).get("data", {}) if isinstance(schema, dict) else {}
    yield from _required_beyond(given, data_schema(reading.source), "")


def _required_beyond(given: Any, sure: Mapping[str, Any], path: str) -> Iterator[str]:
    if not isinstance(given, dict):
        return
    for name in given.get("required", ()):
        if name not in sure.get("required", ()):
            yield f"{path}{name}"
    for name, child in given.get("properties", {}).items():
        there = sure.get("properties", {}).get(name)
        if there is not None:
            yield from _required_beyond(child, there, f"{path}{name}.")
            yield from _required_beyond(child.get("items", {}), there.get("items", {}), f"{path}{name}[].")


def schema_file(reading: Reading) -> Iterator[DialogError]:
    """``submit`` names the one schema there is."""
    for number, finish in enumerate(reading.source.procedure.finish):
        if finish.submit is not None and finish.submit != FILE:
            yield reading.error(f"submit: the schema is called {FILE}", "finish", number, "submit")
