"""The procedures that this house offers: compiled interviews by version, and the parameters a case is pinned to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from bot.answers.base import Json
from bot.core.position import RECEPTION, Offer
from bot.core.reception import AGENCY, TITLE
from bot.procedures.cells import read_parameter
from bot.procedures.errors import did_you_mean
from bot.procedures.format import LifeCycle, Procedure
from bot.procedures.interview import Interview, compile_interview
from bot.procedures.source import MunicipalityFile, Source


class NotOffered(LookupError):
    """What was asked for is not here. The message is for authors and operators, and says what is here instead."""


class UnknownProcedure(NotOffered):
    """No procedure is called so."""

    def __init__(self, procedure: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no procedure '{procedure}'{_hint(procedure, known)}")


class UnknownMunicipality(NotOffered):
    """No municipality of this procedure is called so."""

    def __init__(self, procedure: str, municipality: str, known: Iterable[str]) -> None:
        super().__init__(f"'{procedure}' has no municipality '{municipality}'{_hint(municipality, known)}")


class MunicipalityNeeded(NotOffered):
    """The procedure has parameters that only a municipality fills, and none was named."""

    def __init__(self, procedure: str, known: Iterable[str]) -> None:
        super().__init__(f"'{procedure}' needs a municipality{_listed(known)}")


def _hint(name: str, known: Iterable[str]) -> str:
    known = tuple(known)
    return did_you_mean(name, known) or _listed(known)


def _listed(known: Iterable[str]) -> str:
    return f"; there is: {', '.join(names)}" if (names := sorted(known)) else "; there is none"


_RECEPTION: Final = Source(
    Procedure.model_construct(
        procedure=RECEPTION,
        version="2026-11",
        title=TITLE.text,
        agency=AGENCY.text,
        law="",
        finds=[],
        life_cycle=LifeCycle(opens=date.min, closed="–"),
        parameters=[],
        sections=[],
        values=[],
        criteria=[],
        estimates=[],
        declarations=[],
        finish=[],
    ),
    rules={},
    tables={},
    hash="",
    folder=Path(),
    positions={},
)
"""A procedure without questions: the one question of the reception is the core's own."""


class Library:
    """Compiled once at the start and shared by all cases. ``newest`` opens new cases, any version serves old ones."""

    def __init__(self, sources: Iterable[Source], municipalities: Iterable[MunicipalityFile] = ()) -> None:
        self._interviews: dict[tuple[str, str], Interview] = {}
        self._newest: dict[str, str] = {}
        self._municipalities = {
            (file.municipality.procedure, file.municipality.municipality): file for file in municipalities
        }
        self._interviews[RECEPTION, _RECEPTION.procedure.version] = compile_interview(_RECEPTION)
        for source in sources:
            procedure = source.procedure
            self._interviews[procedure.procedure, procedure.version] = compile_interview(source)
            self._newest[procedure.procedure] = max(self._newest.get(procedure.procedure, ""), procedure.version)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every version of every procedure."""
        return tuple(each.source for (name, _), each in self._interviews.items() if name != RECEPTION)

    @property
    def procedures(self) -> tuple[str, ...]:
        return tuple(self._newest)

    @cached_property
    def offers(self) -> Mapping[str, Offer]:
        """Everything that can be applied for, by ``name`` or ``name/municipality``."""
        found = {}
        for procedure in self._newest:
            for municipality in (None, *self.municipalities(procedure)):
                with contextlib.suppress(MunicipalityNeeded):
                    name = procedure if municipality is None else f"{procedure}/{municipality}"
                    found[name] = self._offer(procedure, municipality)
        return found

    def _offer(self, procedure: str, municipality: str | None) -> Offer:
        interview, pinned = self.newest(procedure), self.parameters(procedure, municipality)
        return Offer(interview, municipality, pinned, typed_parameters(interview, pinned))

    @property
    def reception(self) -> Interview:
        """What a case has that has no procedure yet."""
        return self._interviews[RECEPTION, _RECEPTION.procedure.version]

    def newest(self, procedure: str) -> Interview:
        """The version that new cases get. Raises :class:`UnknownProcedure`."""
        if procedure not in self._newest:
            raise UnknownProcedure(procedure, self._newest)
        return self._interviews[procedure, self._newest[procedure]]

    def version(self, procedure: str, version: str) -> Interview:
        """The version that a case is pinned to. Raises ``KeyError``."""
        return self._interviews[procedure, version]

    def municipalities(self, procedure: str) -> tuple[str, ...]:
        """Who has filled the procedure's parameters."""
        return tuple(name for known, name in self._municipalities if known == procedure)

    def parameters(self, procedure: str, municipality: str | None) -> dict[str, Json]:
        """What a new case is pinned to: each parameter as written, the municipality's value before the default.

        Raises :class:`UnknownProcedure`, :class:`UnknownMunicipality`, and :class:`MunicipalityNeeded` where a
        parameter would have no value.
        """
        declared = self.newest(procedure).procedure.parameters
        given = self._values(procedure, municipality)
        pinned = {each.id: given.get(each.id, each.default) for each in declared}
        if None in pinned.values():
            raise MunicipalityNeeded(procedure, self.municipalities(procedure))
        return pinned

    def _values(self, procedure: str, municipality: str | None) -> Mapping[str, Any]:
        if municipality is None:
            return {}
        file = self._municipalities.get((procedure, municipality))
        if file is None:
            raise UnknownMunicipality(procedure, municipality, self.municipalities(procedure))
        return file.municipality.values


def typed_parameters(interview: Interview, pinned: Mapping[str, Json]) -> dict[str, Any]:
    """The typed values of a case's pinned parameters. One that a newer file added has its default."""
    declared = interview.procedure.parameters
    written = {each.id: (each, pinned.get(each.id, each.default)) for each in declared}
    return {id: read_parameter(each, raw) for id, (each, raw) in written.items() if raw is not None}
