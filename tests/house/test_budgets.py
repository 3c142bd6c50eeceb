"""Budgets of the house: short functions, small files, few arguments, no clock or chance in the core."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
BOT = sorted((ROOT / "bot").rglob("*.py"))
RULES = sorted((ROOT / "dialogs").glob("*/*/rules.py"))

FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_MOST = 8, 25, 60
FILE_MEDIAN, FILE_P90, FILE_MOST = 150, 330, 500
ARGUMENTS = 5

EXCEPTIONS: dict[str, str] = {}
"""``path:function`` to the reason why its length or arguments may pass the budget."""


class Function(NamedTuple):
    where: str
    lines: int
    arguments: int


def functions(paths: list[Path]) -> Iterator[Function]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                where = f"{path.relative_to(ROOT).as_posix()}:{node.name}"
                yield Function(where, node.end_lineno - node.lineno + 1, arguments(node))


def arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Those that can be given by position, without the object itself."""
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def p90(figures: list[int]) -> float:
    return statistics.quantiles(figures, n=10)[-1]


def test_functions_are_short():
    found = [function for function in functions([*BOT, *RULES]) if function.where not in EXCEPTIONS]
    lengths = [function.lines for function in found]
    assert [function.where for function in found if function.lines > FUNCTION_MOST] == []
    assert statistics.median(lengths) <= FUNCTION_MEDIAN
    assert p90(lengths) <= FUNCTION_P90


def test_functions_take_few_arguments():
    found = (function for function in functions([*BOT, *RULES]) if function.arguments > ARGUMENTS)
    assert [function.where for function in found if function.where not in EXCEPTIONS] == []


def test_files_are_small():
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in BOT}
    assert [path for path, lines in lengths.items() if lines > FILE_MOST] == []
    real = [lines for path, lines in lengths.items() if not path.endswith("__init__.py")]
    assert statistics.median(real) <= FILE_MEDIAN
    assert p90(real) <= FILE_P90


def test_exceptions_are_still_needed():
    known = {function.where: function for function in functions([*BOT, *RULES])}
    needed = {where for where, f in known.items() if f.lines > FUNCTION_MOST or f.arguments > ARGUMENTS}
    assert set(EXCEPTIONS) <= needed
    assert all(EXCEPTIONS.values())


def test_every_module_states_its_law_in_few_lines():
    docstrings = {path: ast.get_docstring(ast.parse(path.read_text("utf-8"))) for path in BOT}
    silent = [path.name for path, text in docstrings.items() if not text and path.stat().st_size]
    assert silent == []


PURE_OR_TIMELESS = ("answers", "core", "desk.py", "i18n", "machine.py", "procedures", "stores")
CLOCK_AND_CHANCE = re.compile(r"\b((date|datetime)\.(now|utcnow|today)|uuid\.uuid|os\.urandom|secrets\.|time\.)\w*\(")


def test_time_and_chance_are_handed_in():
    paths = [path for path in BOT if path.relative_to(ROOT / "bot").parts[0] in PURE_OR_TIMELESS]
    assert paths
    found = {path.name: CLOCK_AND_CHANCE.findall(path.read_text("utf-8")) for path in [*paths, *RULES]}
    assert {name for name, calls in found.items() if calls} == set()


def test_promises_stand_in_no_code():
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:")
    for path in [*BOT, *RULES]:
        text = path.read_text("utf-8")
        assert not any(word in text for word in words), path


def test_silenced_warnings_carry_their_reason():
    for path in [*BOT, *RULES]:
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            for mark in ("# type: ignore", "# noqa"):
                if mark in line:
                    after = line.split(mark, 1)[1]
                    assert "#" in after or "," in after.strip() or len(after.split()) > 1, f"{path}:{number}"
