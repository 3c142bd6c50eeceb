"""The operator's file: who runs this house, and the texts that the law wants (Art. 13 DSGVO, § 5 DDG, § 12a BGG).

TOML, read once at the start; every mistake is told at once, with its place. The demo brings a file of its own.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.settings import Settings

DEMO: Final = Path(__file__).parent / "demo.toml"

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60_000)]


class LegalUnusable(Exception):
    """The operator's file is missing or wrong; only the operator can help."""

    def __init__(self, path: Path | None, mistakes: list[str]) -> None:
        where = "no file of legal texts" if path is None else str(path)
        super().__init__("\n".join(f"{where}: {mistake}" for mistake in mistakes))
        self.path = path
        self.mistakes = mistakes


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Operator(_Strict):
    """Who answers for it. ``address``: lines."""

    name: Line
    address: Prose
    phone: Line
    mail: Annotated[str, StringConstraints(pattern=r"^[^@\s<>]+@[^@\s<>]+\.[a-z]{2,}$", max_length=200)]


class Article(_Strict):
    """One text in every language that there is; German is required. An empty line begins a new paragraph."""

    de: Prose
    en: Prose | None = None

    def paragraphs(self, language: str) -> list[str]:
        """In this language, else in German."""
        text = getattr(self, self.spoken(language))
        return [" ".join(part.split("\n")) for part in str(text).split("\n\n") if part.strip()]

    def spoken(self, language: str) -> str:
        """The language in which the text is shown."""
        return language if language in type(self).model_fields and getattr(self, language) is not None else "de"


class Legal(_Strict):
    """The whole file."""

    operator: Operator
    imprint: Article
    privacy: Article
    accessibility: Article


def load_legal(path: Path) -> Legal:
    """Raises :class:`LegalUnusable` with every mistake."""
    try:
        read = tomllib.loads(path.read_text("utf-8"))
        return Legal.model_validate(read)
    except OSError as error:
        raise LegalUnusable(path, [error.strerror or "cannot be read"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LegalUnusable(path, [f"is no TOML in UTF-8: {error}"]) from None
    except ValidationError as error:
        raise LegalUnusable(path, [_told(each["loc"], each["msg"]) for each in error.errors()]) from None


def legal_for(settings: Settings) -> Legal:
    """The operator's texts; without a file those of the demo, in the demo only. Raises :class:`LegalUnusable`."""
    if settings.legal is not None:
        return load_legal(settings.legal)
    if settings.demo_date is not None:
        return load_legal(DEMO)
    told = "set ANTRAGSLOTSE_LEGAL to the operator's file (an example: docs/legal.example.toml)"
    raise LegalUnusable(None, [f"{told}, or ANTRAGSLOTSE_DEMO_DATE for a demonstration"])


def _told(place: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, place)) or 'the file'}: {message}"
