"""Lints of the catalogues. All mistakes at once, each with its file and line; nothing is ever repaired here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from bot import limits
from bot.i18n import CatalogueError, Entry, read
from bot.i18n.sources import CORE, Sentence
from bot.procedures.errors import DialogError

PLACEHOLDER: Final = re.compile(r"\{[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*\}")

Domains = Mapping[str, Sequence[Sentence]]
"""Name of a .po file, without its suffix, to the sentences that it must translate."""


def check_catalogues(domains: Domains, folder: Path) -> list[DialogError]:
    """Every mistake in every language of ``folder``. A language is a folder there, even an empty one."""
    found = [*_placed_twice(domains.get(CORE, ())), *_ill_formed(domains)]
    for language in sorted(folder.glob("*/LC_MESSAGES")):
        for domain, sentences in domains.items():
            found += _check_file(language / f"{domain}.po", sentences)
    return sorted(set(found))


def stale(domains: Domains, folder: Path) -> list[DialogError]:
    """Warnings: entries whose sentence is gone. They do no harm; an update of the catalogues drops them."""
    found = []
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        known = {(sentence.place, sentence.text) for sentence in domains.get(path.stem, ())}
        gone = (entry for entry in _readable(path) if (entry.place, entry.text) not in known)
        found += [DialogError(path, entry.line, f"{entry.place}: no such sentence any more") for entry in gone]
    return found


def placeholders(text: str) -> set[str]:
    """The names in braces, with their braces."""
    return set(PLACEHOLDER.findall(text))


def _check_file(path: Path, sentences: Sequence[Sentence]) -> list[DialogError]:
    try:
        entries = {(entry.place, entry.text): entry for entry in read(path)} if path.exists() else {}
    except CatalogueError as error:
        return [DialogError(error.path, error.line, error.message)]
    found = []
    for sentence in sentences:
        entry = entries.get((sentence.place, sentence.text))
        if entry is None:
            found.append(DialogError(sentence.path, sentence.line, f"{sentence.place}: no entry in {path}"))
        else:
            found += [DialogError(path, entry.line, f"{entry.place}: {fault}") for fault in _faults(entry)]
    return found


def _faults(entry: Entry) -> Iterator[str]:
    if not entry.translation:
        yield "not translated"
        return
    if entry.fuzzy:
        yield "fuzzy: the German sentence changed, read the translation again and remove the mark"
    yield from _differences(entry.text, entry.translation)
    if length(entry.translation) > limits.CHANNEL_TEXT:
        yield f"longer than the narrowest channel allows ({limits.CHANNEL_TEXT} characters)"


def _differences(text: str, translation: str) -> Iterator[str]:
    wanted, found = placeholders(text), placeholders(translation)
    if missing := sorted(wanted - found):
        yield f"lacks {', '.join(missing)}"
    if foreign := sorted(found - wanted):
        yield f"has {', '.join(foreign)}, which the German sentence has not"
    if stray_brace(translation):
        yield "has a brace that belongs to no placeholder"
    if translation != translation.strip():
        yield "begins or ends with a blank"


def length(text: str) -> int:
    """In UTF-16 units, as the narrowest channel counts."""
    return len(text.encode("utf-16-le")) // 2


def stray_brace(text: str) -> bool:
    rest = PLACEHOLDER.sub("", text)
    return "{" in rest or "}" in rest


def _ill_formed(domains: Domains) -> Iterator[DialogError]:
    for sentence in (sentence for sentences in domains.values() for sentence in sentences):
        if sentence.text != sentence.text.strip():
            yield DialogError(sentence.path, sentence.line, f"{sentence.place}: begins or ends with a blank")
        if stray_brace(sentence.text):
            yield DialogError(sentence.path, sentence.line, f"{sentence.place}: a brace that belongs to no placeholder")


def _placed_twice(sentences: Sequence[Sentence]) -> Iterator[DialogError]:
    first: dict[str, str] = {}
    for sentence in sentences:
        if first.setdefault(sentence.place, sentence.text) != sentence.text:
            yield DialogError(
                sentence.path, sentence.line, f"{sentence.place}: this place has another sentence already"
            )


def _readable(path: Path) -> list[Entry]:
    try:
        return list(read(path))
    except CatalogueError:
        return []  # an error already, which check_catalogues tells
