"""Brings catalogues up to their sources: keeps what is translated, marks what a person must read again.

The result depends on the sources and the translations alone: no dates, no line numbers, no order of a file system.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import denormalize, read_po, write_po

from bot.i18n.check import Domains
from bot.i18n.sources import Sentence

WIDTH: Final = 120

HEADER: Final = """\
# {domain}: Antragslotse, licensed under the EUPL-1.2. The German sentence is the msgid, its place the msgctxt.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def update(domains: Domains, folder: Path, root: Path) -> list[Path]:
    """Writes every catalogue of every language in ``folder``. Returns the files that changed."""
    changed = []
    for language in sorted(folder.glob("*/LC_MESSAGES")):
        for domain, sentences in domains.items():
            path = language / f"{domain}.po"
            old = path.read_bytes() if path.exists() else b""
            new = updated(old, sentences, domain=domain, language=language.parent.name, root=root)
            if new != old:
                path.write_bytes(new)
                changed.append(path)
    return changed


def updated(old: bytes, sentences: Sequence[Sentence], *, domain: str, language: str, root: Path) -> bytes:
    """One catalogue's new contents. A changed sentence keeps its old translation, marked as fuzzy."""
    before = read_po(BytesIO(old), locale=language, abort_invalid=True)
    catalog = Catalog(locale=language)
    known = {(str(message.context or ""), str(message.id)): message for message in before if message.id}
    for sentence in sentences:
        _add(catalog, sentence, known, root)
    body = BytesIO()
    write_po(body, catalog, width=WIDTH, omit_header=True, include_previous=True, include_lineno=False)
    return HEADER.format(domain=domain, language=language).encode() + body.getvalue()


def _add(catalog: Catalog, sentence: Sentence, known: dict[tuple[str, str], Message], root: Path) -> None:
    same = known.get((sentence.place, sentence.text))
    model = same or next(_similar(sentence, known), None)
    fuzzy = bool(model and model.string and (same is None or same.fuzzy))
    catalog.add(
        sentence.text,
        model.string if model else "",
        locations=[(sentence.path.relative_to(root).as_posix(), sentence.line)],
        flags={"fuzzy"} if fuzzy else set(),
        user_comments=[comment for comment in model.user_comments if not comment.startswith("|")] if model else [],
        previous_id=_previous(same, model) if model and fuzzy else (),
        context=sentence.place,
    )


def _similar(sentence: Sentence, known: dict[tuple[str, str], Message]) -> Iterator[Message]:
    """First another sentence at the same place, then the same sentence elsewhere."""
    yield from (message for (place, _), message in known.items() if place == sentence.place)
    yield from (message for (_, text), message in known.items() if text == sentence.text)


def _previous(same: Message | None, model: Message) -> str:
    """The German sentence that the fuzzy translation was made for. Babel reads it as comments."""
    if same is None:
        return str(model.id)
    lines = [comment.removeprefix("| ") for comment in same.user_comments if comment.startswith("|")]
    return str(denormalize("\n".join(lines).removeprefix("msgid "))) if lines else ""
