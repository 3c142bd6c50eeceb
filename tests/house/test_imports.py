"""What the core imports from others: little, each for a reason, and where a reason names a module, only there."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ROOMS = ("machine", "answers", "procedures", "core")


class Allowed(NamedTuple):
    """``where``: the modules, or rooms with all their modules, that may import it."""

    why: str
    where: tuple[str, ...]


ALLOWED = {
    "pydantic": Allowed(
        "reads files and facts from outside into typed models", ("answers", "procedures", "core.events")
    ),
    "rapidfuzz": Allowed("finds the word that somebody meant", ("answers", "core.understand", "core.wishes")),
    "orjson": Allowed("writes a turn's facts on every turn", ("core.events",)),
    "babel": Allowed("writes dates, numbers and lists as a language does", ("answers", "core.record")),
    "phonenumbers": Allowed("knows the world's telephone numbers", ("answers.contact",)),
    "stdnum": Allowed("knows the check digits of IBAN and tax numbers", ("answers.iban", "answers.tax")),
    "transitions": Allowed("runs every table of states", ("machine",)),
    "yaml": Allowed("reads dialogs, behind a reader that is stricter than it", ("procedures.strict",)),
}


class Import(NamedTuple):
    module: str
    package: str


def imports() -> Iterator[Import]:
    """Every import of a package that is neither Python's nor ours, in whatever block it stands."""
    for room in ROOMS:
        place = ROOT / "bot" / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]:
            module = ".".join(path.relative_to(ROOT / "bot").with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                for name in names(node):
                    package = name.partition(".")[0]
                    if package not in sys.stdlib_module_names and package != "bot":
                        yield Import(module, package)


def names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def inside(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


FOUND = sorted(set(imports()))


def test_the_core_imports_nothing_without_a_reason():
    assert [each for each in FOUND if each.package not in ALLOWED] == []


def test_each_package_is_imported_only_where_its_reason_lies():
    astray = [
        each
        for each in FOUND
        if each.package in ALLOWED and not any(inside(each.module, room) for room in ALLOWED[each.package].where)
    ]
    assert astray == []


def test_no_allowance_outlives_its_use():
    used = {package: [each.module for each in FOUND if each.package == package] for package in ALLOWED}
    unused = [
        (package, room)
        for package, allowed in ALLOWED.items()
        for room in allowed.where
        if not any(inside(module, room) for module in used[package])
    ]
    assert unused == []
