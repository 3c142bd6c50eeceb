"""The public API's document: valid, whole, and of one mind with the core."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from bot import limits
from bot.answers import kinds
from bot.core import commands, events, lifecycle, position

DOCUMENT = json.loads((Path(__file__).parents[2] / "bot" / "web" / "openapi.json").read_text("utf-8"))
COMPONENTS = DOCUMENT["components"]
SCHEMAS = COMPONENTS["schemas"]

CALLS = {
    ("get", "/procedures"), ("post", "/cases"), ("post", "/cases/resume"), ("get", "/health"), ("get", "/state"),
    ("post", "/answers"), ("get", "/events"), ("get", "/summary"), ("post", "/files"), ("head", "/files/{id}"),
    ("patch", "/files/{id}"), ("delete", "/files/{id}"), ("get", "/files/{id}"), ("get", "/files/{id}/preview"),
    ("post", "/links"), ("get", "/submissions/{n}/receipt"), ("get", "/receipt-keys"),
    ("get", "/export"), ("delete", "/case"),
}  # fmt: skip
WITHOUT_TOKEN = {
    ("get", "/procedures"), ("post", "/cases"), ("post", "/cases/resume"), ("get", "/health"), ("get", "/receipt-keys"),
}  # fmt: skip
PROBLEMS = {
    "malformed": 400, "unauthorised": 401, "not-found": 404, "not-now": 409, "changed-since-review": 409,
    "cursor-ahead": 409, "offset-mismatch": 409, "erased": 410, "wrong-version": 412, "too-large": 413,
    "unsupported-type": 415, "invalid": 422, "too-many": 429, "bug": 500, "busy": 503,
}  # fmt: skip


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method, path, operation


def valid(schema: dict[str, Any], value: Any) -> bool:
    return Draft202012Validator({**schema, "components": COMPONENTS}).is_valid(value)


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    _, _, kind, name = part["$ref"].split("/")
    return COMPONENTS[kind][name]


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for body in [operation.get("requestBody", {}), *map(resolved, operation["responses"].values())]:
        yield from body.get("content", {}).items()


def examples() -> Iterator[Any]:
    for method, path, operation in operations():
        for media_type, content in contents(operation):
            found = {name: resolved(example)["value"] for name, example in content.get("examples", {}).items()}
            found |= {"example": content["example"]} if "example" in content else {}
            if media_type.endswith("json"):
                yield from (
                    pytest.param(content["schema"], found[name], id=f"{method} {path} {name}") for name in found
                )


def test_the_document_is_valid_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1.")
    validate(DOCUMENT)


def test_every_call_of_the_contract_and_no_other():
    assert {(method, path) for method, path, _ in operations()} == CALLS


def test_all_calls_but_four_need_the_token():
    assert DOCUMENT["security"] == [{"token": []}]
    assert {
        (method, path) for method, path, operation in operations() if operation.get("security") == []
    } == WITHOUT_TOKEN


def test_every_call_that_needs_a_token_says_what_happens_without():
    for method, path, operation in operations():
        assert ("401" in operation["responses"]) == ((method, path) not in WITHOUT_TOKEN), path
        assert ("410" in operation["responses"]) == ((method, path) not in WITHOUT_TOKEN), path


@pytest.mark.parametrize(("schema", "example"), list(examples()))
def test_each_example_is_valid(schema, example):
    assert valid(schema, example)


def test_every_json_reply_has_an_example():
    for _, path, operation in operations():
        for media_type, content in contents(operation):
            if media_type.endswith("json"):
                assert "example" in content or "examples" in content, path


def test_each_problem_has_its_status_and_says_that_nothing_is_lost():
    found = {name: COMPONENTS["examples"][name]["value"] for name in PROBLEMS}
    assert {name: example["status"] for name, example in found.items()} == PROBLEMS
    assert all(example["type"] == f"/problems/{name}" for name, example in found.items())
    assert all(example["nothing_lost"] is True for example in found.values())
    assert {example["status"] for example in found.values() if "retry_after" in example} == {429, 503}


def test_each_problem_is_used_with_its_status():
    used = set()
    for _, _, operation in operations():
        for status, response in operation["responses"].items():
            content = resolved(response).get("content", {}).get("application/problem+json", {})
            used |= {(name, int(status)) for name in content.get("examples", {})}
    assert used == set(PROBLEMS.items())


def test_every_component_is_used():
    text = json.dumps(DOCUMENT)
    unused = [
        f"{kind}/{name}" for kind, parts in COMPONENTS.items() for name in parts if f'/{kind}/{name}"' not in text
    ]
    assert [name for name in unused if name not in ("securitySchemes/token", "schemas/Values", "schemas/Unsure")] == []


def test_the_core_and_the_document_know_the_same_words():
    assert SCHEMAS["ActionName"]["enum"] == list(commands.ACTIONS)
    assert SCHEMAS["Outcome"]["enum"] == list(commands.OUTCOMES)
    assert SCHEMAS["Phase"]["enum"] == list(commands.PHASES)
    assert set(SCHEMAS["SubmissionKind"]["enum"]) == set(get_args(events.SubmissionKind))
    assert set(SCHEMAS["Submission"]["properties"]["state"]["enum"]) == set(lifecycle.SUBMISSION.states)
    assert set(SCHEMAS["File"]["properties"]["state"]["enum"]) == set(get_args(events.FileState))
    assert set(SCHEMAS["Task"]["properties"]["by"]["enum"]) == set(
        get_args(events.TaskSet.model_fields["by"].annotation)
    )


def test_every_pseudo_question_is_described():
    told = SCHEMAS["Question"]["description"]
    assert [kind for kind in get_args(position.OpenKind) if kind != "question" and f"`@{kind}" not in told] == []


def test_every_kind_of_event_is_described_and_every_member_of_its_own():
    members = set(SCHEMAS["Event"]["properties"])
    told = SCHEMAS["Event"]["properties"]["kind"]["description"]
    kinds_of_events = {"said", "answered", "problem", "file", "phase", "submission", "task", "redacted"}
    assert set(re.findall(r"`(\w+)`", told)) == kinds_of_events
    assert {"place", "problem", "phase", "file", "submission", "task", "value"} <= members


def test_every_kind_of_answer_is_described():
    assert set(SCHEMAS["Question"]["properties"]["kind"]["enum"]) == set(kinds.KINDS)
    assert set(SCHEMAS["Values"]["properties"]) == set(kinds.KINDS)


def test_the_limits_are_the_products():
    assert SCHEMAS["Answer"]["properties"]["text"]["maxLength"] == limits.TEXT_CHARACTERS
    length = next(p for p in DOCUMENT["paths"]["/files"]["post"]["parameters"] if p.get("name") == "Upload-Length")
    assert length["schema"]["maximum"] == limits.FILE_BYTES
    assert SCHEMAS["Values"]["properties"]["evidence"]["properties"]["files"]["maxItems"] == limits.PAGES_PER_EVIDENCE


UUID = "018f3c1e-5b7a-7c3d-9e21-4a5b6c7d8e9f"


@pytest.mark.parametrize(
    "body",
    [
        {"id": UUID},
        {"id": UUID, "value": "x"},
        {"id": UUID, "text": "x", "action": "back"},
        {"id": UUID, "text": "x", "question": "iban", "value": "y"},
        {"id": UUID, "action": "submit"},
        {"id": UUID, "action": "dance"},
        {"id": UUID, "text": "x", "target": "iban"},
        {"id": UUID, "text": "x", "more": 1},
        {"id": UUID, "text": "x" * (limits.TEXT_CHARACTERS + 1)},
        {"text": "x"},
    ],
    ids=" ".join,
)
def test_an_answer_is_exactly_one_thing(body):
    assert not valid({"$ref": "#/components/schemas/Answer"}, body)


def test_requests_are_closed_and_replies_open():
    requests = {"OpenCase", "Resume", "Answer", "LinkRequest"}
    assert all(SCHEMAS[name]["additionalProperties"] is False for name in requests)
    assert valid(
        {"$ref": "#/components/schemas/Link"}, {"url": "https://x", "expires_at": "2026-11-23T14:03:00Z", "n": 1}
    )
