"""What an operator may set: environment variables, and nothing else. Every default runs on one small machine."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """``ANTRAGSLOTSE_DATA``: folder of the ledger, the master key and exported submissions, made with mode 0700.

    ``ANTRAGSLOTSE_DIALOGS`` and ``ANTRAGSLOTSE_LOCALES``: folders of procedures and catalogues.
    """

    model_config = SettingsConfigDict(env_prefix="ANTRAGSLOTSE_")

    data: Path = Path("data")
    dialogs: Path = Path("dialogs")
    locales: Path = Field(default=Path("locales"))

    @property
    def ledger(self) -> Path:
        """The SQLite file."""
        return self.data / "antragslotse.sqlite"

    @property
    def outbox(self) -> Path:
        """Prepared submissions."""
        return self.data / "submissions"
