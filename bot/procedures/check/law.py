"""Lints of the law's part: each criterion can be explained in every state it can have, and rules are pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from bot.procedures.check.common import Reading
from bot.procedures.check.names import parameter_of_type
from bot.procedures.errors import DialogError
from bot.procedures.source import Key

PURE: Final = frozenset(
    {"__future__", "calendar", "collections", "collections.abc", "dataclasses", "datetime", "decimal", "enum"}
    | {"fractions", "functools", "itertools", "math", "operator", "re", "statistics", "typing"}
    | {"bot.answers.base", "bot.procedures.rules"}
)
"""What a rules.py may import: nothing that looks at the world."""

IMPURE_CALLS: Final = frozenset({"open", "print", "input", "exec", "eval", "compile", "__import__", "globals"})
CLOCKS: Final = frozenset({"today", "now", "utcnow"})


def criteria(reading: Reading) -> Iterator[DialogError]:
    """Each state that a criterion can have has its sentence, and no sentence is there in vain."""
    for number, criterion in enumerate(reading.source.procedure.criteria):
        met = reading.expressions.get(("criteria", number, "met"))
        if met is None:
            continue
        if met.type.name == "bool" and criterion.partly is not None:
            yield reading.error("'partly' is never said: 'met' gives only yes or no", "criteria", number, "partly")
        if criterion.unclear is None and (unsure := _may_be_unsure(reading, met.questions)):
            message = f"'unclear' is missing: '{unsure}' may be answered with \"weiß nicht\""
            yield reading.error(message, "criteria", number)
        if criterion.elsewhere is not None and not _is_address(criterion.elsewhere):
            yield reading.error("'elsewhere' is no address of the web", "criteria", number, "elsewhere")


def _may_be_unsure(reading: Reading, questions: frozenset[str]) -> str:
    """A plain question that alone can leave this criterion open. Questions asked once a row are the rules' business."""
    asked = (reading.names.questions[id] for id in sorted(questions))
    return next((one.question.id for one in asked if one.question.unsure and not one.repeated), "")


def _is_address(text: str) -> bool:
    return text.startswith("https://") and " " not in text and "." in text


def paragraphs(reading: Reading) -> Iterator[DialogError]:
    """``law`` and ``agency`` may be a parameter; then it is there and a text."""
    procedure = reading.source.procedure
    named: list[tuple[Key, str]] = [(("agency",), procedure.agency), (("law",), procedure.law)]
    named += [(("criteria", number, "law"), one.law) for number, one in enumerate(procedure.criteria)]
    for key, text in named:
        if text.startswith("parameter."):
            yield from parameter_of_type(reading, text, "text", key)


def pure_rules(reading: Reading) -> Iterator[DialogError]:
    """A rule computes from what it is handed: no files, no clock, nothing from outside."""
    path = reading.source.folder / "rules.py"
    if not reading.source.rules_text:
        return
    for node in ast.walk(ast.parse(reading.source.rules_text)):
        if message := _impure(node):
            yield DialogError(path, getattr(node, "lineno", 0), message)


def _impure(node: ast.AST) -> str:
    for module in _imported(node):
        if module not in PURE:
            return f"a rule may not import {module}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
        return f"a rule may not call {node.func.id}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
        return "a rule may not ask the clock; take 'today' as a keyword argument"
    return ""


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{'.' * node.level}{node.module or ''}"] if isinstance(node, ast.ImportFrom) else []
