"""Does a reply say exactly what the document describes?"""

from __future__ import annotations

from typing import Any

from tests.web.shapes.schemas import COMPONENTS, wrong


def matches(name: str, value: Any) -> None:
    """Fails with every deviation, members that the document does not know among them."""
    parts = COMPONENTS["schemas"][name].get("allOf")
    if parts is None:
        assert wrong(name, value) == []
        return
    own = set(parts[0]["properties"])
    assert own <= set(value)
    base = parts[1]["$ref"].rsplit("/", 1)[-1]
    assert wrong(base, {key: each for key, each in value.items() if key not in own}) == []
