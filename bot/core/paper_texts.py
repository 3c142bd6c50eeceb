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

RECEIPT: Final = {
    "receipt": Template("receipt.title", "Bestätigung"),
    "reference": Template("document.reference", "Nummer"),
    "happened": Template("receipt.happened", "Das ist geschehen"),
    "not_yet": Template("receipt.not_yet", "Das ist noch nicht geschehen"),
    "states": Template("receipt.states", "Der Weg bis jetzt"),
    "files": Template("receipt.files", "Dateien in dieser Übermittlung"),
    "file": Template("document.file", "Datei"),
    "bytes": Template("receipt.bytes", "Byte"),
    "agency": Template("document.agency", "Zuständige Behörde"),
    "procedure": Template("document.procedure", "Fassung des Fragebogens"),
    "submission_id": Template("receipt.submission_id", "Nummer der Übermittlung bei der Behörde"),
    "case_id": Template("receipt.case_id", "Nummer des Vorgangs bei der Behörde"),
    "part": Template("receipt.part", "Übermittlung"),
    "check": Template("receipt.check", "So prüfen Sie diese Bestätigung"),
    "check_how": Template(
        "receipt.check.how",
        "In dieser PDF-Datei steckt eine unterschriebene Datei: bestaetigung.jws. Laden Sie die PDF-Datei auf dieser "
        "Seite hoch. Dann sehen Sie, was unterschrieben ist. Nur das ist gesichert, nicht das Bild dieser Seite.",
    ),
    "signed": Template("receipt.signed", "Unterschrieben mit dem Schlüssel"),
    "sandbox": Template(
        "document.sandbox", "Test-Umgebung. Dies ist kein echter Antrag. Keine Behörde bearbeitet ihn."
    ),
    "copy_begins": Template("receipt.copy", "Kopie des Antrags"),
}
"""What the first page of a receipt calls things."""

MOVES: Final = {
    "queued": Template("receipt.state.queued", "Absenden beauftragt"),
    "announced": Template("receipt.state.announced", "Übermittlung begonnen"),
    "sent": Template("receipt.state.sent", "An den Zustelldienst übergeben"),
    "delivered": Template("receipt.state.delivered", "Zugestellt, vom Zustelldienst bestätigt"),
    "accepted": Template("receipt.state.accepted", "Von der Gegenseite angenommen"),
    "rejected": Template("receipt.state.rejected", "Nicht angenommen"),
    "prepared": Template("receipt.state.prepared", "Vorbereitet, noch nicht eingereicht"),
}
"""What each step of a submission's way is called."""

_ON_ITS_WAY: Final = (
    Template(
        "receipt.happened.under_way",
        "Sie haben den Auftrag zum Absenden gegeben. Die Angaben sind gespeichert. Die Übermittlung läuft.",
    ),
    Template(
        "receipt.not_yet.under_way",
        "Die Angaben sind noch nicht bei der Behörde angekommen. Diese Bestätigung beweist keinen Eingang.",
    ),
)
TOLD: Final = {
    "announced": _ON_ITS_WAY,
    "sent": _ON_ITS_WAY,
    "delivered": (
        Template("receipt.happened.delivered", "Der Zustelldienst hat bestätigt: Die Angaben sind zugestellt."),
        Template(
            "receipt.not_yet.delivered",
            "Die Behörde hat die Annahme noch nicht bestätigt. Über den Antrag ist noch nicht entschieden.",
        ),
    ),
    "accepted": (
        Template("receipt.happened.accepted", "Die Behörde hat bestätigt: Die Angaben sind angenommen."),
        Template("receipt.not_yet.accepted", "Über den Antrag ist noch nicht entschieden."),
    ),
    "rejected": (
        Template("receipt.happened.rejected", "Diese Übermittlung wurde nicht angenommen. Die Angaben sind noch da."),
        Template(
            "receipt.not_yet.rejected",
            "Mit dieser Übermittlung ist nichts eingereicht. Bitte berichtigen Sie die Angaben und senden Sie sie neu.",
        ),
    ),
    "prepared": (
        Template("receipt.happened.prepared", "Die Angaben sind vollständig vorbereitet und liegen als Datei bereit."),
        Template(
            "receipt.not_yet.prepared",
            "Nichts ist bei der Behörde eingereicht. Jemand muss die Datei noch bei der Behörde einreichen.",
        ),
    ),
    "sandbox": (
        Template("receipt.happened.sandbox", "Die Test-Umgebung hat die Angaben bekommen."),
        Template("receipt.not_yet.sandbox", "Keine Behörde hat die Angaben bekommen. Nichts ist eingereicht."),
    ),
}
"""By state: what has happened, and what has not."""
