"""The applicant's language: catalogues of translations of German sentences.

German is the source and needs no catalogue. The key of a sentence is its place and its German text, so a changed
German sentence loses its translation instead of keeping a wrong one; what a catalogue lacks is shown in German.
Catalogues are the .po files themselves, read once before the first turn: nothing is compiled.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from bot.answers.base import German, Words

FOLDER: Final = Path(__file__).parents[2] / "locales"
"""The catalogues of this product: ``<language>/LC_MESSAGES/<domain>.po``."""


_TEXT: Final = json.JSONDecoder(strict=False)
"""The escapes of a .po file are those of JSON, as far as any tool writes them."""


class CatalogueError(Exception):
    """A .po file that no tool for translators would have written."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
        self.message = message


class Entry(NamedTuple):
    """One entry of a catalogue. ``line``: where its ``msgid`` stands."""

    place: str
    text: str
    translation: str
    fuzzy: bool
    line: int

    @property
    def done(self) -> bool:
        """Translated, and seen by a person since the German sentence last changed."""
        return bool(self.translation) and not self.fuzzy


class Catalogue:
    """One language other than German."""

    __slots__ = ("_sentences", "language")

    def __init__(self, language: str, sentences: Mapping[tuple[str, str], str]) -> None:
        self.language: Final = language
        self._sentences: Final = sentences

    def translate(self, place: str, text: str) -> str:
        return self._sentences.get((place, text), text)


class Catalogues:
    """Every language that applicants can choose, German first."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._words: Final[dict[str, Words]] = {"de": German(), **catalogues}

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Catalogues:
        """Reads ``folder``. Raises :class:`CatalogueError`."""
        languages = sorted(path.name for path in folder.iterdir() if (path / "LC_MESSAGES").is_dir())
        return cls({language: Catalogue(language, _sentences(folder / language)) for language in languages})

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._words)

    def words(self, language: str) -> Words:
        """German where the language has no catalogue (any more): an old case may still ask for it."""
        return self._words.get(language, self._words["de"])


def files(folder: Path) -> list[Path]:
    """The catalogues of one language, in a stable order."""
    return sorted((folder / "LC_MESSAGES").glob("*.po"))


def read(path: Path) -> Iterator[Entry]:
    """The entries of a .po file without its header. Plural forms are not part of the house's subset."""
    fields: dict[str, str] = {}
    field, fuzzy, start = "", False, 0
    for number, line in enumerate([*path.read_text("utf-8").split("\n"), ""], 1):
        if not line.strip():
            if fields.get("msgid"):
                yield Entry(fields.get("msgctxt", ""), fields["msgid"], fields.get("msgstr", ""), fuzzy, start)
            fields, field, fuzzy = {}, "", False
        elif line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
        else:
            keyword, quote, rest = line.partition('"')
            field = keyword.strip() or field
            start = number if keyword.startswith("msgid") else start
            fields[field] = fields.get(field, "") + _unquote(path, number, field, quote + rest)


def _unquote(path: Path, line: int, field: str, quoted: str) -> str:
    try:
        if field in ("msgctxt", "msgid", "msgstr"):
            return str(_TEXT.decode(quoted))
    except ValueError:
        pass
    raise CatalogueError(path, line, "expected msgctxt, msgid or msgstr, and a text in double quotes")


def _sentences(folder: Path) -> dict[tuple[str, str], str]:
    entries = (entry for path in files(folder) for entry in read(path))
    return {(entry.place, entry.text): entry.translation for entry in entries if entry.done}
