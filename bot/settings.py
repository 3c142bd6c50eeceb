"""What an operator may set: environment variables, and nothing else. Every default runs on one small machine."""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _listed(raw: object) -> object:
    """``a, b`` as an operator writes it."""
    return tuple(part.strip() for part in raw.split(",") if part.strip()) if isinstance(raw, str) else raw


class Settings(BaseSettings):
    """Each is called ``ANTRAGSLOTSE_`` and its name in capitals; ``port`` is ``PORT`` too, as hosts give it.

    ``data``: folder of the ledger, the master key, evidence and exported submissions, made with mode 0700.
    ``dialogs``, ``locales``: folders of procedures and catalogues. ``legal``: the operator's file of legal texts.
    ``agencies``: the operator's file of ways to the agencies. ``sandbox_url``: where a sandbox is that another process
    serves. ``public_url``: where applicants reach the pages.
    ``proxies``: how many proxies in front are ours, whose ``X-Forwarded-For`` is believed. ``free_networks``: networks
    to which no rates apply. ``origins``: web origins that may use the API. ``demo_date``: everything is a demonstration
    as of that day. ``clamd``: socket path or host:port. ``log_requests``: a line for each request, without address,
    body or token.
    """

    model_config = SettingsConfigDict(env_prefix="ANTRAGSLOTSE_", populate_by_name=True)

    data: Path = Path("data")
    dialogs: Path = Path("dialogs")
    locales: Path = Field(default=Path("locales"))
    legal: Path | None = None
    agencies: Path | None = None
    sandbox_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65_535, validation_alias=AliasChoices("ANTRAGSLOTSE_PORT", "PORT"))
    public_url: str = ""
    proxies: int = Field(default=0, ge=0, le=10)
    free_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_listed)] = ()
    origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()
    demo_date: date | None = None
    clamd: str = ""
    log_requests: bool = False

    @property
    def ledger(self) -> Path:
        """The SQLite file."""
        return self.data / "antragslotse.sqlite"

    @property
    def evidence(self) -> Path:
        """Sealed files of evidence."""
        return self.data / "evidence"

    @property
    def sandbox(self) -> Path:
        """What the practice agency keeps."""
        return self.data / "sandbox"

    @property
    def outbox(self) -> Path:
        """Prepared submissions."""
        return self.data / "submissions"

    @property
    def address(self) -> str:
        """Where the pages are reached, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"
