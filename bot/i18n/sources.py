"""Where sentences come from: templates in the code, and the dialogs.

A sentence of the code is a call ``Template("place", "Satz")`` with both written out, so that it is found without
running anything. The core's sentences make the domain ``bot``, each procedure its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from bot.procedures.errors import DialogError
from bot.procedures.source import Source
from bot.procedures.texts import texts_of

ROOT: Final = Path(__file__).parents[2]
"""The repository."""

CORE: Final = "bot"
CALL: Final = "Template"


class Sentence(NamedTuple):
    """A German sentence, its place, and where it stands."""

    place: str
    text: str
    path: Path
    line: int


def of_code(folder: Path) -> list[Sentence]:
    """The sentences of a folder of Python files, by file and line."""
    return [sentence for path, call in _calls(folder) if (sentence := _sentence(path, call)) is not None]


def unreadable(folder: Path) -> list[DialogError]:
    """Calls whose sentence is put together while running, so that no translator would ever see it."""
    wrong = ((path, call) for path, call in _calls(folder) if _sentence(path, call) is None)
    return [DialogError(path, call.lineno, "place and sentence must be written out here") for path, call in wrong]


def of_dialogs(sources: Iterable[Source]) -> dict[str, list[Sentence]]:
    """Procedure to the sentences of all its versions, older versions first."""
    domains: dict[str, list[Sentence]] = {}
    for source in sorted(sources, key=lambda source: source.folder):
        texts = (Sentence(place, text, source.path, line) for place, text, line in texts_of(source))
        domains.setdefault(source.procedure.procedure, []).extend(texts)
    return domains


def domains(sources: Iterable[Source], root: Path = ROOT) -> dict[str, list[Sentence]]:
    """Every sentence of the product by domain: those of ``root``'s code, and those of the loaded dialogs."""
    found = {CORE: of_code(root / "bot"), **of_dialogs(sources)}
    return {domain: single(sentences) for domain, sentences in found.items()}


def single(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Each place and text once, where it first stands."""
    first: dict[tuple[str, str], Sentence] = {}
    for sentence in sentences:
        first.setdefault((sentence.place, sentence.text), sentence)
    return list(first.values())


def _calls(folder: Path) -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(folder.rglob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text("utf-8"), str(path)))
        calls = [node for node in nodes if isinstance(node, ast.Call) and _name(node.func) == CALL]
        yield from ((path, call) for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)))


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _sentence(path: Path, call: ast.Call) -> Sentence | None:
    texts = [argument.value for argument in call.args[:2] if isinstance(argument, ast.Constant)]
    if len(texts) < 2 or not all(isinstance(text, str) for text in texts):
        return None
    return Sentence(str(texts[0]), str(texts[1]), path, call.lineno)
