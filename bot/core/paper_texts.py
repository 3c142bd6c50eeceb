"""Words that stand on paper only: labels of the copy, in German, with the place of their translations.

Plain and sober: what it is, what it rests on, what binds and what does not.
"""

from __future__ import annotations

from typing import Final

from bot.answers.base import Template
from bot.core import texts

LABELS: Final = {
    "kind_application": Template("document.kind.application", "Antrag"),
    "kind_date_saver": Template("document.kind.date_saver", "Fristwahrender Antrag"),
    "kind_withdrawal": Template("document.kind.withdrawal", "Rücknahme des Antrags"),
    "kind_addition": Template("document.kind.addition", "Nachtrag zum Antrag"),
    "copy": Template("document.copy", "Kopie für Ihre Unterlagen und für die Behörde"),
    "reference": Template("document.reference", "Nummer"),
    "ordered": Template("document.ordered", "Absenden beauftragt"),
    "agency": Template("document.agency", "Zuständige Behörde"),
    "municipality": Template("document.municipality", "Kommune"),
    "procedure": Template("document.procedure", "Fassung des Fragebogens"),
    "demo": Template("document.demo", "Vorführung. Dies ist kein echter Antrag. Gerechnet wurde, als wäre heute:"),
    "sandbox": Template(
        "document.sandbox", "Test-Umgebung. Dies ist kein echter Antrag. Keine Behörde bearbeitet ihn."
    ),
    "answers": Template("document.answers", "Fragen und Antworten"),
    "marked": Template(
        "document.marked",
        "◆ Diese Angabe ist subventionserheblich. Falsche Angaben dazu können strafbar sein (§ 264 StGB).",
    ),
    "declarations": Template("document.declarations", "Erklärungen"),
    "declared": Template("document.declared", "Einzeln bestätigt, bevor der Antrag abgesendet wurde."),
    "verdict": Template("document.verdict", "Vorprüfung, nicht bindend"),
    "verdict_note": Template(
        "document.verdict.note",
        "Ein Programm hat die Angaben mit den Voraussetzungen verglichen. Das bindet die Behörde nicht. "
        "Über den Antrag entscheidet die Behörde.",
    ),
    "criterion": Template("document.criterion", "Voraussetzung"),
    "finding": Template("document.finding", "Nach den Angaben"),
    "law": Template("document.law", "Grundlage"),
    "estimates": Template("document.estimates", "Schätzung, nicht bindend"),
    "evidence": Template("document.evidence", "Nachweise"),
    "paper": Template("document.paper", "Nachweis"),
    "file": Template("document.file", "Datei"),
    "pages": Template("document.pages", "Seiten"),
    "hash": Template("document.hash", "Prüfsumme (SHA-256)"),
    "hash_below": Template("document.hash_below", "Unter jedem Dateinamen steht die Prüfsumme der Datei (SHA-256)."),
    "later": Template("document.later", "wird nachgereicht"),
    "no_file": Template("document.no_file", "keine Datei"),
    "no_evidence": Template("document.no_evidence", "Nachweise waren nicht nötig."),
    "own_language": Template(
        "document.own_language", "Maßgeblich ist der deutsche Text. Die Übersetzung ist eine Lesehilfe."
    ),
    "unprintable": Template(
        "document.unprintable",
        "Manche Zeichen kann dieses Dokument nicht darstellen. Für jedes steht seine Nummer, zum Beispiel ⟨U+1F600⟩.",
    ),
    "how_made": Template("document.how_made", "Erstellt von einem Programm aus den gegebenen Antworten."),
    "question": Template("document.question", "Frage"),
    "answer": Template("document.answer", "Antwort"),
    "page": Template("document.page", "Seite"),
    "of": Template("document.of", "von"),
}
"""By name, as the press asks for them."""

STATES: Final = {
    "met": Template("document.state.met", "erfüllt"),
    "partly": texts.STATE_PARTLY,
    "not_met": texts.STATE_NOT_MET,
    "unclear": texts.STATE_UNCLEAR,
    "open": Template("document.state.open", "noch offen"),
}
"""What the pre-check says about one criterion."""
