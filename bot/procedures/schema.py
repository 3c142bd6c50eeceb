"""JSON Schemas (2020-12) made from dialogs: of a procedure's submission, and of the dialog format for editors.

The submission's schema follows from ``sends`` alone. Required is what every complete path answers; an answer that
may be "weiß nicht", skipped or not asked is left out of the submission and so is never required.
"""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import TypeAdapter

from bot.answers.evidences import EvidenceFiles
from bot.answers.kinds import AnyKind
from bot.procedures.format import Procedure, Section
from bot.procedures.identity import identity_name, identity_schema
from bot.procedures.source import Source
from bot.procedures.submission import Sent, is_sure, least_rows, sent_answers

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
FILE: Final = "submission.schema.json"
ENVELOPE: Final = 1
"""Version of the envelope's own shape."""

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_REFERENCE: Final = "^AL-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$"


def identifier(source: Source) -> str:
    """The schema's ``$id``: a name, no address. Nobody needs to host it."""
    return f"urn:antragslotse:{source.procedure.procedure}:{source.procedure.version}:submission"


def submission_schema(source: Source) -> Schema:
    """The whole submission: the envelope around ``data``."""
    procedure = source.procedure
    properties = {
        "schema": {"const": ENVELOPE},
        "reference": {"type": "string", "pattern": _REFERENCE},
        "procedure": {"const": procedure.procedure},
        "version": {"const": procedure.version},
        "municipality": {"type": ["string", "null"]},
        "kind": {"enum": ["application", "date_saver", "addition", "withdrawal"]},
        "submitted_at": {"type": "string", "format": "date-time"},
        "demo_date": {"type": ["string", "null"], "format": "date"},
        "language": {"type": "string", "pattern": "^[a-z]{2}(-[A-Za-z]+)?$"},
        "verdict": {"type": "object"},
        "declarations": {"type": "array", "items": _declaration(source)},
        "evidence": {"type": "array", "items": _evidence()},
        "data": data_schema(source),
    }
    return {
        "$schema": DIALECT,
        "$id": identifier(source),
        "title": procedure.title,
        **_object(properties, list(properties)),
    }


def _declaration(source: Source) -> Schema:
    ids = [declaration.id for declaration in source.procedure.declarations]
    properties: Schema = {"id": {"enum": ids} if ids else _TEXT, "text_hash": _TEXT}
    return _object(properties, list(properties))


def _evidence() -> Schema:
    """One item of evidence: the address that asked for it, and what the answer holds."""
    properties = {"question": _TEXT, **EvidenceFiles().json_schema()["properties"]}
    return _object(properties, list(properties))


def data_schema(source: Source) -> Schema:
    """Only what questions send: objects by path, a list for each repeated section."""
    top = _Branch()
    for section in source.procedure.sections:
        _add_list(top, section)
    for sent in sent_answers(source):
        branch = top.list_at(sent.list_path) if sent.list_path else top
        branch.leaf(sent.path, _answer_schema(sent), sent.always)
    return top.schema()


def _add_list(top: _Branch, section: Section) -> None:
    if section.repeat is None or section.sends is None:
        return
    least = least_rows(section)
    sure = section.when is None and least > 0 and any(is_sure(one) and one.sends for one in section.questions)
    path = tuple(section.sends.split("."))
    top.add_list(path, section.title, least if sure else 0)
    top.list_at(path).leaf((identity_name(section),), identity_schema(section), always=True)


def _answer_schema(sent: Sent) -> Schema:
    return {"title": sent.question.ask, **sent.question.kind.json_schema()}


class _Branch:
    """One object of the submission while it is being built."""

    def __init__(self) -> None:
        self.children: dict[str, _Branch | _List | Schema] = {}
        self.required: set[str] = set()

    def leaf(self, path: tuple[str, ...], schema: Schema, always: bool) -> None:
        """An answer. Of several answers with one path (they exclude each other) any may stand there."""
        branch = self._down(path[:-1], always)
        there = branch.children.get(path[-1])
        if isinstance(there, dict) and there != schema:
            schema = {"anyOf": [*there.get("anyOf", [there]), schema]}
        branch.children[path[-1]] = schema
        if always:
            branch.required.add(path[-1])

    def add_list(self, path: tuple[str, ...], title: str, least: int) -> None:
        branch = self._down(path[:-1], least > 0)
        branch.children.setdefault(path[-1], _List(title, least))
        if least:
            branch.required.add(path[-1])

    def list_at(self, path: tuple[str, ...]) -> _Branch:
        child = self._down(path[:-1], False).children[path[-1]]
        return child.item if isinstance(child, _List) else _Branch()

    def _down(self, path: tuple[str, ...], always: bool) -> _Branch:
        branch = self
        for step in path:
            child = branch.children.setdefault(step, _Branch())
            if always:
                branch.required.add(step)
            branch = child if isinstance(child, _Branch) else _Branch()
        return branch

    def schema(self) -> Schema:
        children = {
            name: child if isinstance(child, dict) else child.schema() for name, child in sorted(self.children.items())
        }
        return _object(children, sorted(self.required))


class _List:
    """The rows of a repeated section."""

    def __init__(self, title: str, least: int) -> None:
        self.title = title
        self.least = least
        self.item = _Branch()

    def schema(self) -> Schema:
        least: Schema = {"minItems": self.least} if self.least else {}
        return {"title": self.title, "type": "array", **least, "items": self.item.schema()}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def format_schema() -> Schema:
    """JSON Schema of a dialog file, for completion in editors. Every scalar of the file is a text."""
    schema = Procedure.model_json_schema(by_alias=True)
    kinds = TypeAdapter(AnyKind).json_schema(by_alias=True)
    definitions = {**kinds.pop("$defs", {}), **schema.pop("$defs")}
    question = definitions["Question"]
    common, needed = question["properties"], [name for name in question["required"] if name != "kind"]
    common.pop("kind")
    definitions["Question"] = {
        "title": "Question",
        "type": "object",
        "properties": common,
        "required": [*needed, "answer"],
        "allOf": [_keys_of_kind(name, definitions) for name in _kind_names(kinds)],
        "unevaluatedProperties": False,
    }
    schema["properties"]["sections"]["minItems"] = 1
    whole: Schema = _as_text(
        {"$schema": DIALECT, "$id": "urn:antragslotse:dialog-format", **schema, "$defs": definitions}
    )
    return whole


def _kind_names(kinds: Schema) -> list[str]:
    return [str(one["$ref"]).rsplit("/", 1)[-1] for one in kinds["oneOf"]]


def _keys_of_kind(name: str, definitions: Schema) -> Schema:
    """A kind's own keys count only where ``answer`` names it."""
    kind = definitions.pop(name)
    answer = kind["properties"]["answer"]["const"]
    condition = {"properties": {"answer": {"const": answer}}, "required": ["answer"]}
    return {"if": condition, "then": {"properties": kind["properties"], "required": kind.get("required", [])}}


_TYPED: Final[dict[str, Schema]] = {
    "boolean": {"enum": ["yes", "no", True, False]},
    "integer": {"type": ["integer", "string"]},
}
"""An editor's YAML reader types what the house reads as text, and takes yes and no for booleans."""


def _as_text(schema: Any) -> Any:
    """What authors write where pydantic describes what comes of it."""
    if isinstance(schema, list):
        return [_as_text(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("type"), str) and schema["type"] in _TYPED:
        return dict(_TYPED[schema["type"]])
    if "properties" in schema:
        properties = {name: _as_text(_WRITTEN.get(name, one)) for name, one in schema["properties"].items()}
        return {
            **_as_text({key: value for key, value in schema.items() if key != "properties"}),
            "properties": properties,
        }
    return {key: _as_text(value) for key, value in schema.items() if key != "default"}


_WRITTEN: Final[Schema] = {
    "also": {"type": "object", "additionalProperties": _TEXT},
    "proves": _TEXT,
}
"""Keys whose words are written with commas."""


def written(schema: Schema) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
