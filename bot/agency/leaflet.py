"""The words that lie on top of a package: what it is, what it is not, and how it gets to the agency.

Which way the law prescribes is the dialog's to say (``finish.how``); nothing is invented here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from bot.ports import Parcel

WIDTH: Final = 78

HEAD: Final = """\
VORBEREITET, NOCH NICHT EINGEREICHT
===================================

In diesem Paket liegt ein Antrag. Er ist vorbereitet. Er ist noch NICHT
eingereicht: Keine Behörde hat ihn bekommen. Fristen laufen weiter.
"""
DEMO: Final = "Das ist eine Vorführung mit dem Datum {day}. Reichen Sie diesen Antrag nicht ein."
NO_WAY: Final = "Fragen Sie die Behörde, auf welchem Weg sie den Antrag annimmt. Reichen Sie ihn auf diesem Weg ein."
ON_WAY: Final = "Reichen Sie den Antrag ein. {how}"
BELONGS: Final = "Sagen Sie der Behörde, zu welchem Antrag die Unterlagen gehören: {reference}."
LATER_ONE: Final = "Ein Nachweis kommt später. Welcher das ist, steht in der Kopie."
LATER: Final = "{count} Nachweise kommen später. Welche das sind, steht in der Kopie."
KINDS: Final = {"application": "Antrag", "addition": "Nachtrag zu einem Antrag"}
FILES: Final = (
    ("submission.json", "die Angaben als Daten"),
    ("submission.schema.json", "die Regeln für diese Daten (JSON Schema)"),
    ("SHA256SUMS", "Prüfsummen aller Dateien"),
)


def leaflet(parcel: Parcel) -> str:
    """``LIESMICH.txt``: German, lines of at most 78 characters where words allow it."""
    parts = [HEAD, "".join(_facts(parcel)), _list("In diesem Paket", _files(parcel))]
    steps = [f"[ ] {number}. {step}" for number, step in enumerate(_steps(parcel), 1)]
    return "\n".join([*parts, _list("So wird der Antrag eingereicht", steps)])


def _facts(parcel: Parcel) -> Iterator[str]:
    if day := parcel.envelope.get("demo_date"):
        yield f"{_wrapped(DEMO.format(day=day))}\n\n"
    facts = {
        "Leistung": parcel.title or parcel.procedure,
        "Art": KINDS.get(parcel.kind, parcel.kind),
        "Nummer": parcel.reference,
        "Behörde": parcel.agency,
        "Fertig am": str(parcel.envelope.get("submitted_at", "")),
    }
    for name, fact in facts.items():
        if fact:
            yield _wrapped(f"{name + ':':<11}{fact}", " " * 11) + "\n"


def _files(parcel: Parcel) -> Iterator[str]:
    for each in parcel.attachments:
        yield f"- {each.name}: {each.title}"
    for name, title in FILES:
        yield f"- {name}: {title}"


def _steps(parcel: Parcel) -> Iterator[str]:
    yield "Prüfen Sie, ob alles da ist. Packen Sie das Paket aus und rufen Sie dort auf: sha256sum -c SHA256SUMS"
    yield ON_WAY.format(how=" ".join(parcel.how.split())) if parcel.how else NO_WAY
    if parcel.kind == "addition":
        yield BELONGS.format(reference=parcel.reference)
    if any(each.purpose == "attachment" for each in parcel.attachments):
        yield "Fügen Sie alle Nachweise bei. Sie heißen nachweis-01, nachweis-02 und so weiter."
    later = sum(1 for each in parcel.envelope.get("evidence", ()) if each.get("later"))
    if later:
        yield LATER_ONE if later == 1 else LATER.format(count=later)
    yield "Heben Sie die Bestätigung der Behörde auf. Erst mit ihr ist der Antrag eingereicht."
    yield "Löschen Sie danach dieses Paket und alle Kopien. Es ist nicht verschlüsselt."


def _list(title: str, lines: Iterator[str] | list[str]) -> str:
    body = "\n".join(_wrapped(line, "  " if line.startswith("- ") else " " * 7) for line in lines)
    return f"{title}\n{'-' * len(title)}\n\n{body}\n"


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
