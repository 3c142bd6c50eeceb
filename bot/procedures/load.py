"""Reads a procedure's folder: the one module of the core that touches files.

What loads has the shape of the format; whether it makes sense is said by ``check``. Every mistake of every file is
told at once, with file and line. A folder's hash does not depend on machine, line ends or order of reading.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from bot.procedures.cells import Unreadable, read_parameter
from bot.procedures.errors import DialogError, DialogErrors, did_you_mean
from bot.procedures.format import Municipality, Procedure
from bot.procedures.rules import Line, Rule
from bot.procedures.sentences import sentences
from bot.procedures.source import MunicipalityFile, Positions, Source, line_of
from bot.procedures.strict import read_yaml
from bot.procedures.tables import TableFile, read_lines

__all__ = [
    "DialogError",
    "DialogErrors",
    "MunicipalityFile",
    "Source",
    "find_procedures",
    "load_municipality",
    "load_procedure",
    "municipality_files",
    "parameters_of",
]

DIALOG: Final = "dialog.yaml"
Model = TypeVar("Model", bound=BaseModel)
Found = TypeVar("Found")


def load_procedure(folder: Path) -> Source:
    """The version of a procedure that lies in ``folder``. Raises :class:`DialogErrors` with all mistakes."""
    errors: list[DialogError] = []
    dialog = _try(errors, lambda: _model(folder / DIALOG, Procedure))
    rules = _try(errors, lambda: _rules(folder / "rules.py"))
    tables = _tables(sorted((folder / "tables").glob("*.yaml")), errors)
    if errors or dialog is None or rules is None:
        raise DialogErrors(errors)
    return Source(
        procedure=dialog[0],
        rules=MappingProxyType(rules[1]),
        tables=MappingProxyType(tables),
        hash=content_hash(folder),
        folder=folder,
        positions=MappingProxyType(dialog[1]),
        rules_text=rules[0],
    )


def load_municipality(path: Path, source: Source) -> MunicipalityFile:
    """A municipality's file. Raises :class:`DialogErrors` where it is not for this procedure or a value is wrong."""
    model, positions = _model(path, Municipality)
    file = MunicipalityFile(model, path, positions)
    errors = list(_foreign(file, source))
    if errors:
        raise DialogErrors(errors)
    parameters_of(source, file)
    return file


def parameters_of(source: Source, municipality: MunicipalityFile | None) -> dict[str, Any]:
    """Every parameter of the procedure, typed. Raises :class:`DialogErrors` for each that is missing or unreadable."""
    errors: list[DialogError] = []
    typed: dict[str, Any] = {}
    given = {} if municipality is None else municipality.municipality.values
    for number, parameter in enumerate(source.procedure.parameters):
        path, line, raw = source.path, source.line("parameters", number), parameter.default
        if municipality is not None and parameter.id in given:
            path, line = municipality.path, line_of(municipality.positions, ("values", parameter.id))
            raw = given[parameter.id]
        elif raw is None and municipality is not None:
            path, line = municipality.path, line_of(municipality.positions, ("values",))
        if raw is None:
            errors.append(DialogError(path, line, f"parameter '{parameter.id}' has no value and no default"))
            continue
        try:
            typed[parameter.id] = read_parameter(parameter, raw)
        except Unreadable as error:
            errors.append(DialogError(path, line, f"parameter '{parameter.id}': {error}"))
    if errors:
        raise DialogErrors(errors)
    return typed


def find_procedures(dialogs: Path) -> dict[str, Path]:
    """Procedure id to the folder of its newest version, in the order of the ids."""
    versions = sorted(path.parent for path in dialogs.glob(f"*/*/{DIALOG}"))
    return {folder.parent.name: folder for folder in versions}


def municipality_files(folder: Path) -> list[Path]:
    """The municipalities' files beside a version's folder."""
    return sorted((folder.parent / "municipalities").glob("*.yaml"))


def content_hash(folder: Path) -> str:
    """SHA-256 over names and contents of dialog.yaml, rules.py and tables, with line ends as LF."""
    digest = hashlib.sha256()
    for path in [folder / DIALOG, folder / "rules.py", *sorted((folder / "tables").glob("*.yaml"))]:
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            content = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _foreign(file: MunicipalityFile, source: Source) -> Iterable[DialogError]:
    """What the file says about another procedure or about parameters that do not exist."""
    known = [parameter.id for parameter in source.procedure.parameters]
    if file.municipality.procedure != source.procedure.procedure:
        line = line_of(file.positions, ("procedure",))
        yield DialogError(file.path, line, f"this file is for '{file.municipality.procedure}'")
    for id in file.municipality.values:
        if id not in known:
            line = line_of(file.positions, ("values", id))
            yield DialogError(file.path, line, f"there is no parameter '{id}'{did_you_mean(id, known)}")


def _try(errors: list[DialogError], read: Callable[[], Found]) -> Found | None:
    """What ``read`` gives, or None with its mistakes added to ``errors``."""
    try:
        return read()
    except DialogErrors as found:
        errors.extend(found.errors)
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise DialogErrors([DialogError(path, 0, "not UTF-8; save the file as UTF-8")]) from None
    except OSError as error:
        raise DialogErrors([DialogError(path, 0, f"cannot be read: {error.strerror}")]) from None


def _model(path: Path, shape: type[Model]) -> tuple[Model, Positions]:
    content, positions = read_yaml(_text(path), path)
    try:
        return shape.model_validate(content), positions
    except ValidationError as error:
        raise DialogErrors(sentences(error, path, positions)) from None


def _tables(paths: list[Path], errors: list[DialogError]) -> dict[str, tuple[Line, ...]]:
    tables: dict[str, tuple[Line, ...]] = {}
    for path in paths:
        found = _try(errors, partial(_model, path, TableFile))
        if found is None:
            continue
        file, positions = found
        if file.table != path.stem:
            errors.append(DialogError(path, line_of(positions, ("table",)), f"table '{file.table}' is in {path.name}"))
        tables[file.table], wrong = read_lines(file, path, positions)
        errors.extend(wrong)
    return tables


def _rules(path: Path) -> tuple[str, dict[str, Rule]]:
    """Runs a rules.py as a module of its own and gathers what ``@rule`` marked. A dialog may do without one."""
    if not path.exists():
        return "", {}
    text = _text(path)
    module = ModuleType(f"rules of {path.parent.parent.name} {path.parent.name}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look their module up by name
    try:
        exec(compile(text, str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102  # the procedure's own code
    except Exception as error:  # noqa: BLE001  # whatever an author's module raises is the author's mistake
        raise DialogErrors([DialogError(path, _line_in(error, path), _told(error))]) from None
    found = (getattr(thing, "__rule__", None) for thing in vars(module).values())
    return text, {rule.name: rule for rule in found if isinstance(rule, Rule)}


def _line_in(error: Exception, path: Path) -> int:
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    frames = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return frames[-1] if frames else 0


def _told(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"not readable: {error.msg}"
    return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
