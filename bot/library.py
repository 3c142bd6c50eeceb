"""The procedures that this house offers: compiled interviews by version, and the parameters a case is pinned to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.answers.base import Json
from bot.procedures.cells import read_parameter
from bot.procedures.interview import Interview, compile_interview
from bot.procedures.source import MunicipalityFile, Source


class Library:
    """Compiled once at the start and shared by all cases. ``newest`` opens new cases, any version serves old ones."""

    def __init__(self, sources: Iterable[Source], municipalities: Iterable[MunicipalityFile] = ()) -> None:
        self._interviews: dict[tuple[str, str], Interview] = {}
        self._newest: dict[str, str] = {}
        self._municipalities = {
            (file.municipality.procedure, file.municipality.municipality): file for file in municipalities
        }
        for source in sources:
            procedure = source.procedure
            self._interviews[procedure.procedure, procedure.version] = compile_interview(source)
            self._newest[procedure.procedure] = max(self._newest.get(procedure.procedure, ""), procedure.version)

    @property
    def procedures(self) -> tuple[str, ...]:
        return tuple(self._newest)

    def newest(self, procedure: str) -> Interview:
        """The version that new cases get. Raises ``KeyError`` where there is no such procedure."""
        return self._interviews[procedure, self._newest[procedure]]

    def version(self, procedure: str, version: str) -> Interview:
        """The version that a case is pinned to. Raises ``KeyError``."""
        return self._interviews[procedure, version]

    def parameters(self, procedure: str, municipality: str | None) -> dict[str, Json]:
        """What a new case is pinned to: each parameter as written, the municipality's value before the default."""
        given: Mapping[str, Any] = {}
        if municipality is not None:
            given = self._municipalities[procedure, municipality].municipality.values
        declared = self.newest(procedure).procedure.parameters
        return {each.id: given.get(each.id, each.default) for each in declared}


def typed_parameters(interview: Interview, pinned: Mapping[str, Json]) -> dict[str, Any]:
    """The typed values of a case's pinned parameters. One that a newer file added has its default."""
    declared = interview.procedure.parameters
    written = {each.id: (each, pinned.get(each.id, each.default)) for each in declared}
    return {id: read_parameter(each, raw) for id, (each, raw) in written.items() if raw is not None}
