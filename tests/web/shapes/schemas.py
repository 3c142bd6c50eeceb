"""Validators of the API's schemas, compiled once and strict: what the document does not describe is an error.

Clients ignore unknown reply members; we do not, or nobody would notice that one is missing in the document.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

DOCUMENT = json.loads((Path(__file__).parents[3] / "bot" / "web" / "openapi.json").read_text("utf-8"))


def _closed(schema: Any) -> Any:
    """The schema with every described object closed."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _closed(value) for key, value in schema.items()}
    if made.get("type") == "object" and "properties" in made and "allOf" not in made:
        made.setdefault("additionalProperties", False)
    return made


COMPONENTS = {"schemas": _closed(DOCUMENT["components"]["schemas"])}


@cache
def validator(name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": COMPONENTS}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def wrong(name: str, value: Any) -> list[str]:
    """What is wrong with ``value`` as a ``name`` of the document. Each with its place."""
    return [f"{name}{error.json_path[1:]}: {error.message[:300]}" for error in validator(name).iter_errors(value)]
