"""The shapes of all facts as they were ever written. ``python -m tests.histories.shapes`` notes the present ones.

A shape may only grow: a new key has a default, a choice may get further values. Anything else is a new ``v`` with a
line in ``UPCASTS``; the old shape stays noted for ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from bot.core import events

FILE = Path(__file__).with_name("shapes.json")
Shapes = dict[str, dict[str, Any]]
FACTS = {fact.__name__: fact for fact in get_args(events.AnyFact)}


def present() -> Shapes:
    """``{type: {v: JSON Schema}}`` of the shapes that are written now."""
    return {
        name: {str(fact.model_fields["v"].default): _bare(fact.model_json_schema())} for name, fact in FACTS.items()
    }


def _bare(schema: Any) -> Any:
    """Without descriptions: what is said about a shape may change."""
    if isinstance(schema, dict):
        told = ("description", "title")
        return {key: _bare(value) for key, value in schema.items() if not (key in told and isinstance(value, str))}
    return [_bare(item) for item in schema] if isinstance(schema, list) else schema


def noted() -> Shapes:
    shapes: Shapes = json.loads(FILE.read_text("utf-8"))
    return shapes


def broken(old: Shapes, new: Shapes, upcasts: Mapping[tuple[str, int], Any]) -> list[str]:
    """What of the noted shapes could no longer be read."""
    return [message for name, shapes in old.items() for message in _of_fact(name, shapes, new.get(name, {}), upcasts)]


def _of_fact(
    name: str, shapes: Mapping[str, Any], new: Mapping[str, Any], upcasts: Mapping[tuple[str, int], Any]
) -> Iterator[str]:
    if not new:
        yield f"{name} is gone"
    for v, shape in shapes.items():
        if v in new:
            yield from _grown(f"{name} v{v}", shape, new[v])
        elif new and (name, int(v)) not in upcasts:
            yield f"{name} v{v} has no upcast"


def _grown(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for key in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{name}.{key} is required now"
    for key, shape in before.items():
        if key not in after:
            yield f"{name}.{key} is gone"
        elif not _as_wide(shape, after[key]):
            yield f"{name}.{key} is another value now"
    for inner, shape in old.get("$defs", {}).items():
        yield from _grown(f"{name}.{inner}", shape, new.get("$defs", {}).get(inner, {}))


def _as_wide(old: Any, new: Any) -> bool:
    """Equal but for defaults; a list of allowed values may be longer."""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = (set(old) | set(new)) - {"default", "enum"}
        return set(old.get("enum", ())) <= set(new.get("enum", old.get("enum", ()))) and all(
            _as_wide(old.get(key), new.get(key)) for key in keys
        )
    return bool(old == new)


def note() -> None:
    """Adds the present shapes. Refuses where an old one would be lost."""
    old = noted() if FILE.exists() else {}
    if wrong := broken(old, present(), events.UPCASTS):
        raise SystemExit("\n".join(wrong))
    shapes = {name: {**old.get(name, {}), **shape} for name, shape in present().items()}
    facts = [f"{json.dumps(name)}: {json.dumps(shapes[name], sort_keys=True)}" for name in sorted(shapes)]
    FILE.write_text("{\n" + ",\n".join(facts) + "\n}\n", "utf-8")


if __name__ == "__main__":
    note()
