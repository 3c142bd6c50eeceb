"""The operator's file of ways: which procedure goes to its agency by which way (TOML, read once at the start).

Every mistake is told at once, with file and key path, and stops the start. Secrets never stand in the file: it names
the environment variable, or the file, that holds one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from bot.agency.fitconnect.connection import Connection, Service
from bot.procedures.errors import did_you_mean

DEFAULT: Final = "default"
MODEL: Final = "docs/agencies.example.toml"

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Identifier = Annotated[
    str, StringConstraints(pattern=r"^urn:[a-z0-9][a-z0-9-]{0,31}:[a-z0-9()+,.:=@;$_!*'%/?#-]+$", max_length=255)
]
Uuid = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", to_lower=True)
]


class AgenciesUnusable(Exception):
    """The file of ways is missing or wrong; only the operator can help. ``mistakes``: each with its key path."""

    def __init__(self, path: Path | None, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        where = "no file of ways" if path is None else str(path)
        super().__init__("\n".join(f"{where}: {mistake}" for mistake in self.mistakes))


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Export(_Strict):
    """A package that a person files."""

    way: Literal["export"]


class Sandbox(_Strict):
    """The practice agency of this house."""

    way: Literal["sandbox"]


class _Service(_Strict):
    identifier: Identifier
    name: Line


class FitConnect(_Strict):
    """A destination of FIT-Connect. Exactly one of ``client_secret_variable`` and ``client_secret_file``."""

    way: Literal["fitconnect"]
    profile: Literal["v1", "v2"] = "v2"
    token_url: Line
    submission_api: Line
    client_id: Line
    client_secret_variable: Line | None = None
    client_secret_file: Line | None = None
    destination: Uuid
    service: _Service
    region: Annotated[str, StringConstraints(pattern=r"^DE[0-9]{0,12}$")]
    issuer: str = ""
    schema_uri: str = ""
    roots: str = ""
    allow_self_signed: bool = False
    test_system: bool = False
    """The other side is a test environment: nothing that it accepts has been filed, and every receipt says so."""

    @model_validator(mode="after")
    def _one_secret(self) -> FitConnect:
        if (self.client_secret_variable is None) == (self.client_secret_file is None):
            raise ValueError("name exactly one of client_secret_variable and client_secret_file")
        return self


Way = Annotated[Export | Sandbox | FitConnect, Field(discriminator="way")]


class _File(_Strict):
    """``[default]``, ``[procedures.NAME]``, ``[procedures.NAME.municipalities.NAME]``: see the example."""

    sandbox_without_demo: bool = False
    default: Way | None = None
    procedures: dict[str, Any] = Field(default_factory=dict)


_WAY: Final[TypeAdapter[Export | Sandbox | FitConnect]] = TypeAdapter(Way)

Key = tuple[str, str | None]
"""Procedure (empty: any) and municipality (None: any)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which way each procedure takes. ``ways`` may hold ``("", None)``, the default: the export where it does not."""

    ways: Mapping[Key, Export | Sandbox | FitConnect] = field(default_factory=dict)
    connections: Mapping[Key, Connection] = field(default_factory=dict)

    def key(self, procedure: str, municipality: str | None) -> Key:
        """The most exact entry that there is."""
        keys: tuple[Key, ...] = ((procedure, municipality), (procedure, None))
        return next((key for key in keys if key in self.ways), ("", None))

    def way(self, key: Key) -> str:
        found = self.ways.get(key)
        return "export" if found is None else found.way

    @property
    def has_sandbox(self) -> bool:
        return any(way.way == "sandbox" for way in self.ways.values())

    def described(self) -> dict[str, str]:
        """For ``/readyz``: no address, no identifier, no secret."""
        told = {"default": self.way(("", None))}
        for procedure, municipality in self.ways:
            if procedure:
                name = procedure if municipality is None else f"{procedure}/{municipality}"
                told[name] = self.way((procedure, municipality))
        return told


def plan_without_file(demo_date: date | None) -> Plan:
    """In a demonstration the sandbox, else the export."""
    return Plan() if demo_date is None else Plan({("", None): Sandbox(way="sandbox")})


def read_plan(
    path: Path, *, procedures: Mapping[str, Iterable[str]], demo_date: date | None, environment: Mapping[str, str]
) -> Plan:
    """``procedures``: those that are offered, with their municipalities. Raises :class:`AgenciesUnusable`."""
    reader = _Reader(path, procedures, demo_date, environment)
    plan = reader.read(_parsed(path))
    if reader.mistakes:
        raise AgenciesUnusable(path, reader.mistakes)
    return plan


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise AgenciesUnusable(path, [error.strerror or "cannot be read"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AgenciesUnusable(path, [f"is no TOML in UTF-8: {error}"]) from None


class _Reader:
    """Gathers mistakes instead of stopping at the first."""

    def __init__(
        self,
        path: Path,
        procedures: Mapping[str, Iterable[str]],
        demo_date: date | None,
        environment: Mapping[str, str],
    ) -> None:
        self._path = path
        self._procedures = {name: tuple(municipalities) for name, municipalities in procedures.items()}
        self._demo_date = demo_date
        self._environment = environment
        self._sandbox_allowed = demo_date is not None
        self.mistakes: list[str] = []

    def read(self, raw: dict[str, Any]) -> Plan:
        ways: dict[Key, Export | Sandbox | FitConnect] = {}
        connections: dict[Key, Connection] = {}
        self._sandbox_allowed |= raw.get("sandbox_without_demo") is True
        for key, where, table in self._tables(raw):
            way = self._way(where, table)
            if way is not None:
                ways[key] = way
            if isinstance(way, FitConnect):
                connections[key] = self._connection(where, way)
        return Plan(ways, connections)

    def _tables(self, raw: dict[str, Any]) -> Iterator[tuple[Key, str, Any]]:
        """Every table that is a way, with its place in the file."""
        tops = {name: value for name, value in raw.items() if name != DEFAULT}
        try:
            procedures = _File.model_validate(tops).procedures
        except ValidationError as error:
            self._tell("", error)
            return
        if DEFAULT in raw:
            yield ("", None), DEFAULT, raw[DEFAULT]
        for name, table in procedures.items():
            yield from self._of_procedure(name, table)

    def _of_procedure(self, name: str, table: Any) -> Iterator[tuple[Key, str, Any]]:
        where = f"procedures.{name}"
        if name not in self._procedures:
            self.mistakes.append(f"{where}: there is no procedure '{name}'{did_you_mean(name, self._procedures)}")
        if not isinstance(table, dict):
            self.mistakes.append(f"{where}: is no table")
            return
        own = {key: value for key, value in table.items() if key != "municipalities"}
        municipalities = table.get("municipalities", {})
        if own or not municipalities:
            yield (name, None), where, own
        for municipality, inner in municipalities.items() if isinstance(municipalities, dict) else ():
            known = self._procedures.get(name, ())
            place = f"{where}.municipalities.{municipality}"
            if name in self._procedures and municipality not in known:
                hint = did_you_mean(municipality, known)
                self.mistakes.append(f"{place}: '{name}' has no municipality '{municipality}'{hint}")
            yield (name, municipality), place, inner

    def _way(self, where: str, table: Any) -> Export | Sandbox | FitConnect | None:
        try:
            way = _WAY.validate_python(table)
        except ValidationError as error:
            self._tell(where, error)
            return None
        if isinstance(way, Sandbox) and not self._sandbox_allowed:
            told = "the sandbox is for demonstrations; set ANTRAGSLOTSE_DEMO_DATE, or sandbox_without_demo = true"
            self.mistakes.append(f"{where}.way: {told}")
        return way

    def _connection(self, where: str, way: FitConnect) -> Connection:
        if self._demo_date is not None and not way.test_system:
            self.mistakes.append(
                f"{where}: a demonstration never sends to a real agency; take ANTRAGSLOTSE_DEMO_DATE away"
            )
        for name in ("token_url", "submission_api"):
            self._check_address(f"{where}.{name}", getattr(way, name), test_system=way.test_system)
        if way.allow_self_signed and not way.test_system:
            self.mistakes.append(f"{where}.allow_self_signed: only where test_system = true")
        return Connection(
            profile=way.profile,
            token_url=way.token_url,
            submission_api=way.submission_api,
            client_id=way.client_id,
            client_secret=self._secret(where, way),
            destination=way.destination,
            service=Service(way.service.identifier, way.service.name),
            region=way.region,
            allow_self_signed=way.allow_self_signed,
            sandbox=way.test_system,
            issuer=way.issuer,
            schema_uri=way.schema_uri,
            roots=str(self._path.parent / way.roots) if way.roots else "",
        )

    def _check_address(self, where: str, address: str, *, test_system: bool) -> None:
        parts = urlsplit(address)
        is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if not parts.hostname or parts.scheme not in ("http", "https"):
            self.mistakes.append(f"{where}: is no address like https://…")
        elif parts.scheme == "http" and not (test_system and is_here):
            self.mistakes.append(f"{where}: must begin with https://")
        elif parts.username or parts.password or parts.query or parts.fragment:
            self.mistakes.append(f"{where}: holds more than host and path; secrets never stand in an address")

    def _secret(self, where: str, way: FitConnect) -> str:
        """What the named variable or file holds; a mistake where that is nothing."""
        if way.client_secret_variable is not None:
            found = self._environment.get(way.client_secret_variable, "").strip()
            key, told = "client_secret_variable", f"the environment has no {way.client_secret_variable}"
        else:
            key, told = "client_secret_file", f"{way.client_secret_file} cannot be read, or is empty"
            found = _content(self._path.parent / str(way.client_secret_file))
        if not found:
            self.mistakes.append(f"{where}.{key}: {told}")
        return found

    def _tell(self, where: str, error: ValidationError) -> None:
        for each in error.errors(include_url=False, include_input=False):
            place = ".".join(str(part) for part in (*([where] if where else ()), *_inner(each["loc"])))
            self.mistakes.append(f"{place}: {_told(each['type'], each['msg'])}")


def _inner(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Without the name of the way that pydantic puts in front."""
    return loc[1:] if loc and loc[0] in ("export", "sandbox", "fitconnect") else loc


def _told(kind: str, message: str) -> str:
    told = {
        "missing": "is missing",
        "extra_forbidden": "is unknown here",
        "union_tag_invalid": 'way is one of "export", "sandbox", "fitconnect"',
        "union_tag_not_found": 'way is missing: "export", "sandbox" or "fitconnect"',
    }
    return told.get(kind, message.removeprefix("Value error, "))


def _content(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
