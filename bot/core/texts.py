"""Every sentence that the core itself says, in German, with the place of its translations.

Plain language: short sentences, active, formal "Sie", one idea each. Facts that change stand in braces.
The wording of legal notices follows § 25 VwVfG (advice), § 24 Abs. 3 VwVfG (never refuse) and § 3a Abs. 5 VwVfG.
"""

from __future__ import annotations

import hashlib
from typing import Final

from bot.answers.base import Problem, Template

LANGUAGES: Final = {"de": "Deutsch", "en": "English"}
"""Languages of the product, by their own names. A further language is a catalogue and a line here."""

# -- greeting -------------------------------------------------------------------------------------------------------

GREETING: Final = Template(
    "core.greeting",
    "Guten Tag! Ich bin ein automatisches Programm, kein Mensch. Ich begleite Sie durch diesen Antrag: {title}.\n"
    "Ich entscheide nichts. Über den Antrag entscheidet die Behörde: {agency}.",
)
DATA_NOTICE: Final = Template(
    "core.data_notice",
    "Ihre Angaben brauche ich nur für diesen Antrag. Ich speichere sie verschlüsselt. "
    "Senden Sie den Antrag nicht ab, lösche ich sie {days} Tage nach Ihrer letzten Eingabe. "
    "Sie können jederzeit alles sofort löschen.",
)
WHAT_YOU_NEED: Final = Template(
    "core.what_you_need",
    "Diese Unterlagen können nötig sein: {papers}\n"
    "Sie brauchen nur, was auf Sie zutrifft. Fehlt etwas? Das reichen Sie später nach.",
)
MINUTES: Final = Template(
    "core.minutes",
    "Es dauert etwa {minutes} Minuten. Jede Antwort ist sofort gespeichert. Sie können jederzeit Pause machen.",
)
LIFE_PLANNED: Final = Template("core.life.planned", "Anträge sind ab dem {opens} möglich.")
LIFE_CLOSED: Final = Template("core.life.closed", "Wichtig: {closed}")
DEMO_DATE: Final = Template("core.demo_date", "Vorführung: Ich rechne so, als wäre heute der {date}.")
CONSENT: Final = Template("core.consent", "Möchten Sie anfangen?")
CONSENT_YES: Final = Template("core.consent.yes", "Ja, anfangen")
CONSENT_NO: Final = Template("core.consent.no", "Nein, jetzt nicht")
COMMANDS: Final = Template(
    "core.commands",
    "Diese Wörter verstehe ich immer: zurück, ändern, Zusammenfassung, Hilfe, Pause, rückgängig, English, "
    "Mensch, löschen.",
)

# -- asking ---------------------------------------------------------------------------------------------------------

SECTION: Final = Template("core.section", "Abschnitt {number} von {total}: {title}")
EXAMPLE: Final = Template("core.example", "Zum Beispiel: {example}")
OLD_ANSWER: Final = Template("core.old_answer", "Bisher: {old}")
SUGGESTION: Final = Template("core.suggestion", "Mein Vorschlag: {suggestion}")
TAKE_SUGGESTION: Final = Template("core.take_suggestion", "Vorschlag übernehmen")
KEEP: Final = Template("core.keep", "So lassen")
SKIP: Final = Template("core.skip", "Überspringen")
UNSURE: Final = Template("core.unsure", "Weiß nicht")
LATER: Final = Template("core.later", "Später nachreichen")
YES: Final = Template("core.yes", "Ja")
NO: Final = Template("core.no", "Nein")
SUBSIDY_RELEVANT: Final = Template("core.subsidy_relevant", "◆ Diese Angabe ist subventionserheblich.")
UNDERSTOOD: Final = Template("core.understood", "Verstanden: {answer}")
NOTED_UNSURE: Final = Template("core.noted_unsure", "Gut, das bleibt offen. Die Behörde klärt es mit Ihnen.")
NOTED_SKIPPED: Final = Template("core.noted_skipped", "Gut, das lassen wir weg.")
NOTED_LATER: Final = Template(
    "core.noted_later", "Gut, das reichen Sie später nach. Die Bearbeitung kann dann länger dauern."
)
STAYS_OPEN: Final = Template("core.stays_open", "Gut, das bleibt offen.")
KEPT: Final = Template("core.kept", "Gut, die alte Antwort bleibt.")
DID_YOU_MEAN_ONE: Final = Template("core.did_you_mean_one", "{candidate}, richtig?")
DID_YOU_MEAN: Final = Template("core.did_you_mean", "Was meinen Sie?")
THAT_IS_RIGHT: Final = Template("core.that_is_right", "Ja, das stimmt")
ENTER_ANEW: Final = Template("core.enter_anew", "Nein, neu eingeben")
ASK_AGAIN: Final = Template("core.ask_again", "Dann frage ich noch einmal.")

# -- correcting -----------------------------------------------------------------------------------------------------

CHANGE_PREVIEW: Final = Template("core.change", "Aus „{old}“ wird „{new}“.")
CHANGE_STALE: Final = Template(
    "core.change.stale", "Diese Frage haben Sie schon beantwortet: {asked} Aus „{old}“ wird „{new}“."
)
CHANGE_DROPS: Final = Template(
    "core.change.drops",
    "Dann zählen Ihre Antworten auf diese Fragen nicht mehr: {dropped}\nÄndern Sie es zurück, gelten sie wieder.",
)
CHANGE_ASKS: Final = Template("core.change.asks", "Dann frage ich zusätzlich: {asked}")
CHANGE_ASK: Final = Template("core.change.ask", "Möchten Sie das ändern?")
CHANGE_YES: Final = Template("core.change.yes", "Ja, ändern")
CHANGE_NO: Final = Template("core.change.no", "Alte Antwort behalten")
UNDONE: Final = Template("core.undone", "Rückgängig gemacht.")
ROW_REMOVED: Final = Template("core.row_removed", "Entfernt: {title}. Mit „rückgängig“ kommt es zurück.")

# -- notices and verdict --------------------------------------------------------------------------------------------

NOTICE: Final = Template("core.notice", "Hinweis zu dieser Voraussetzung: {about}.")
NOTICE_LAW: Final = Template("core.notice.law", "Grundlage: {law}.")
NOTICE_NEXT: Final = Template("core.notice.next", "Was Sie tun können: {next}")
NOTICE_ELSEWHERE: Final = Template("core.notice.elsewhere", "Mehr dazu: {elsewhere}")
NOTICE_END: Final = Template(
    "core.notice.end",
    "Das ist nur eine Vorprüfung. Sie dürfen den Antrag trotzdem stellen. Die Behörde entscheidet.",
)
APPLY_ANYWAY: Final = Template("core.apply_anyway", "Trotzdem Antrag stellen")
CHANGE_ANSWER: Final = Template("core.change_answer", "Antwort ändern")
STOP_HERE: Final = Template("core.stop_here", "Hier aufhören")

VERDICT_LIKELY: Final = Template(
    "core.verdict.likely", "Vorprüfung, unverbindlich: Nach Ihren Angaben sind die Voraussetzungen wohl erfüllt."
)
VERDICT_PARTLY: Final = Template(
    "core.verdict.partly", "Vorprüfung, unverbindlich: Die Voraussetzungen sind wohl nur zum Teil erfüllt."
)
VERDICT_UNCLEAR: Final = Template(
    "core.verdict.unclear", "Vorprüfung, unverbindlich: Manches ist noch unklar. Das klärt die Behörde."
)
VERDICT_UNLIKELY: Final = Template(
    "core.verdict.unlikely",
    "Vorprüfung, unverbindlich: Es besteht voraussichtlich kein Anspruch. Sie dürfen den Antrag trotzdem stellen.",
)
VERDICT_OPEN: Final = Template("core.verdict.open", "Vorprüfung: Dafür fehlen noch Antworten.")
CRITERION: Final = Template("core.criterion", "{about}: {state}.")
STATE_PARTLY: Final = Template("core.criterion.partly", "zum Teil erfüllt")
STATE_NOT_MET: Final = Template("core.criterion.not_met", "wohl nicht erfüllt")
STATE_UNCLEAR: Final = Template("core.criterion.unclear", "unklar")
ESTIMATE: Final = Template("core.estimate", "Unverbindliche Schätzung: {estimate}")
ESTIMATE_END: Final = Template("core.estimate.end", "Die Behörde rechnet genauer. Der Betrag kann anders sein.")

# -- review, declarations, sending ----------------------------------------------------------------------------------

SUMMARY: Final = Template("core.summary", "Das haben Sie bisher angegeben:")
SUMMARY_EMPTY: Final = Template("core.summary.empty", "Sie haben noch nichts angegeben.")
SUMMARY_END: Final = Template(
    "core.summary.end", "Zum Ändern schreiben Sie „ändern“ und die Nummer, zum Beispiel: ändern 3"
)
REVIEW: Final = Template("core.review", "Das war die letzte Frage. Bitte prüfen Sie alle Angaben.")
REVIEW_AGAIN: Final = Template(
    "core.review.again", "Geändert. In der Zusammenfassung sehen Sie alle Angaben noch einmal."
)
MISSING_EVIDENCE: Final = Template("core.review.evidence", "Diese Nachweise reichen Sie später nach: {evidence}.")
DECLARATION: Final = Template("core.declaration", "Erklärung {number} von {total}:")
CONFIRM: Final = Template("core.declaration.confirm", "Bestätigen Sie das?")
CONFIRM_YES: Final = Template("core.declaration.yes", "Ja, das erkläre ich")
REVIEW_REFUSED: Final = Template(
    "core.review.refused", "Bitte prüfen Sie alle Angaben noch einmal. Danach können Sie den Antrag wieder absenden."
)
READY: Final = Template(
    "core.ready",
    "Der Antrag ist noch nicht abgesendet. Das tun Sie erst mit dem Wort „absenden“. Prüfen Sie ihn vorher in Ruhe: "
    "„Zusammenfassung“ zeigt alles noch einmal. Mit „ändern“ und einer Nummer ändern Sie eine Antwort.",
)
READY_MORE: Final = Template(
    "core.ready.more",
    "Ihre Änderungen sind noch nicht abgesendet. Das tun Sie erst mit dem Wort „absenden“. „Zusammenfassung“ zeigt "
    "vorher alles noch einmal. Mit „ändern“ und einer Nummer ändern Sie eine Antwort.",
)
SUBMIT: Final = Template("core.submit", "Absenden")

# -- on its way -----------------------------------------------------------------------------------------------------

SENDING: Final = Template(
    "core.sending", "Ich sende den Antrag. Ihre Nummer: {reference}. Nichts geht verloren.{practice}"
)
SENDING_MORE: Final = Template(
    "core.sending.more",
    "Ich sende Ihre Änderungen zum Antrag {reference}. Nichts geht verloren.{practice}",
)
SENT: Final = Template(
    "core.submission.sent",
    "Ihr Antrag {reference} ist unterwegs zur Behörde. Ich sage Ihnen, wenn er dort ist.{practice}",
)
SENT_MORE: Final = Template(
    "core.submission.sent.more",
    "Ihre Änderungen zum Antrag {reference} sind unterwegs zur Behörde. Ich sage Ihnen, wenn sie dort sind.{practice}",
)
DELIVERED: Final = Template(
    "core.submission.delivered",
    "Ihr Antrag {reference} ist zugestellt. Er liegt jetzt bei der Behörde. Geprüft hat sie ihn noch nicht. Ich "
    "melde mich, wenn ich mehr weiß.{practice}",
)
DELIVERED_MORE: Final = Template(
    "core.submission.delivered.more",
    "Ihre Änderungen zum Antrag {reference} sind zugestellt. Die Behörde hat sie noch nicht geprüft.{practice}",
)
PRACTICE: Final = Template(
    "core.submission.practice", "Aber das ist nur eine Übungsbehörde: Niemand hat den Antrag bekommen."
)
AWAY: Final = Template(
    "core.submission.away",
    "Die Behörde ist im Moment nicht zu erreichen. Ihr Antrag liegt sicher bei mir. Ich versuche es weiter. Sie müssen "
    "nichts tun.{practice}",
)
AGENCY_WRITES: Final = Template("core.agency.writes", "Die Behörde schreibt dazu: „{written}“")
AGENCY_SILENT: Final = Template(
    "core.agency.silent", "Die Behörde nimmt diese Angabe so nicht an. Warum, hat sie nicht geschrieben."
)
LOOK_AGAIN: Final = Template(
    "core.submission.look_again",
    "Es geht um diese Angaben:{asked}\nIch frage Sie jetzt danach. Danach können Sie noch einmal absenden.",
)
HELD_BACK: Final = Template(
    "core.submission.held_back",
    "Das ist gespeichert, aber noch nicht bei der Behörde. Sie prüft noch, was Sie vorher gesendet haben. Danach "
    "melde ich mich, und Sie können es absenden.",
)
STILL_HERE: Final = Template(
    "core.submission.still_here",
    "Sie haben nach dem Absenden etwas geändert oder nachgereicht. Das ist noch nicht bei der Behörde.",
)
PREPARED: Final = Template(
    "core.prepared",
    "Ihr Antrag {reference} ist fertig vorbereitet, aber noch nicht eingereicht. "
    "Er liegt als Datei {place} beim Betreiber dieses Programms. Bitte reichen Sie ihn bei der Behörde ein: {agency}.",
)
ACCEPTED: Final = Template(
    "core.accepted",
    "Die Behörde hat Ihren Antrag {reference} angenommen. Das heißt: Er ist vollständig angekommen und lesbar. "
    "Über den Antrag entscheidet sie später.{practice}",
)
ACCEPTED_MORE: Final = Template(
    "core.accepted.more",
    "Die Behörde hat Ihre Änderungen zum Antrag {reference} angenommen. Über den Antrag entscheidet sie später."
    "{practice}",
)
REJECTED: Final = Template(
    "core.rejected",
    "Die Behörde hat Ihren Antrag {reference} zurückgewiesen. Ihre Angaben sind noch da.{practice}",
)
REJECTED_MORE: Final = Template(
    "core.rejected.more",
    "Die Behörde hat Ihre Änderungen zum Antrag {reference} zurückgewiesen. Was Sie vorher gesendet haben, ist noch "
    "dort. Ihre Angaben sind noch da.{practice}",
)
NOT_SENT: Final = Template(
    "core.rejected.here",
    "Ich konnte das nicht absenden. Die Behörde hat es nicht bekommen. Ihre Nummer {reference} bleibt. Ihre Angaben "
    "sind noch da.{practice}",
)
TO_DO: Final = Template("core.to_do", "Das fehlt noch: {what}.")
NOTHING_OPEN_NOW: Final = Template("core.nothing_open_now", "Im Moment ist nichts zu tun.")

# -- help, pause, end -----------------------------------------------------------------------------------------------

WHY: Final = Template("core.why", "Warum ich frage: {why}")
HELP_LAW: Final = Template("core.help.law", "Grundlage: {law}")
OFFER_HELP: Final = Template(
    "core.offer_help",
    "Das klappt gerade nicht. Das ist nicht schlimm. Schreiben Sie „Hilfe“ für eine Erklärung, „Mensch“ für eine "
    "Person oder „Pause“ für später.",
)
HUMAN: Final = Template(
    "core.human",
    "Einen Menschen erreichen Sie bei der Behörde: {agency}. Nennen Sie dort Ihre Nummer {reference}. "
    "Bei allgemeinen Fragen hilft die Behördennummer 115. Ihre Angaben bleiben gespeichert.",
)
PAUSED: Final = Template(
    "core.paused",
    "Gut, wir machen Pause. Alles ist gespeichert. Mit diesem Code geht es weiter: {code}. Bitte schreiben Sie ihn auf "
    "und zeigen Sie ihn niemandem.",
)
WELCOME_BACK: Final = Template(
    "core.welcome_back", "Schön, dass Sie wieder da sind. Wir machen da weiter, wo Sie waren."
)
LANGUAGE_SET: Final = Template("core.language_set", "Gut, ich spreche jetzt Deutsch.")
ENDED: Final = Template(
    "core.ended",
    "Gut, wir hören hier auf. Ihre Angaben bleiben {days} Tage gespeichert. Mit „weiter“ geht es weiter, später mit "
    "diesem Code: {code}. Mit „löschen“ löschen Sie alles.",
)
CONTINUE: Final = Template("core.continue", "Weitermachen")
ERASE_ASK: Final = Template("core.erase.ask", "Alles löschen? Ihre Antworten sind dann weg und kommen nicht zurück.")
ERASE_YES: Final = Template("core.erase.yes", "Ja, alles löschen")
ERASE_NO: Final = Template("core.erase.no", "Nein, behalten")
ERASED: Final = Template("core.erased", "Alles ist gelöscht.")
LEFT_PREPARED: Final = Template(
    "core.erased.prepared",
    "Der vorbereitete Antrag {reference} liegt noch als Datei {place} beim Betreiber dieses Programms. Ich kann ihn "
    "nicht löschen. Das kann nur der Betreiber.",
)
LEFT_SENT: Final = Template(
    "core.erased.sent",
    "Was schon abgesendet ist, liegt bei der Behörde: {agency}. Dort kann ich nichts löschen. Möchten Sie den Antrag "
    "zurücknehmen? Dann nennen Sie der Behörde die Nummer {reference}.",
)
LEFT_ON_ITS_WAY: Final = Template(
    "core.erased.on_its_way",
    "Das Absenden Ihres Antrags {reference} ist vielleicht nicht mehr aufzuhalten. Dann liegt er bei der Behörde: "
    "{agency}. Dort kann ich nichts löschen. Möchten Sie ihn zurücknehmen? Dann nennen Sie der Behörde diese Nummer.",
)
LEFT_PRACTICE: Final = Template(
    "core.erased.practice",
    "Was schon abgesendet ist, liegt bei der Übungsbehörde. Dort kann ich nichts löschen. Eine echte Behörde hat "
    "nichts bekommen.",
)
BUG: Final = Template(
    "core.bug",
    "Da ist bei mir etwas schiefgegangen. Ihre Antworten sind gespeichert, nichts ist verloren. Bitte versuchen Sie es "
    "noch einmal.",
)
STORE_DOWN: Final = Template(
    "core.store_down",
    "Ich kann gerade nicht speichern. Was Sie vorher geantwortet haben, ist sicher. Bitte schicken Sie Ihre letzte "
    "Nachricht gleich noch einmal.",
)

# -- slips ----------------------------------------------------------------------------------------------------------

TOO_LONG: Final = Template("core.slip.too_long", "Das ist zu lang. Höchstens {most} Zeichen auf einmal, bitte.")
EMPTY: Final = Template("core.slip.empty", "Ich habe keine Antwort gesehen. Bitte schreiben Sie etwas.")
NOTHING_OPEN: Final = Template(
    "core.slip.nothing_open",
    "Im Moment ist keine Frage offen. Schreiben Sie „absenden“, „Zusammenfassung“ oder „ändern“ und eine Nummer.",
)
RESTING: Final = Template(
    "core.slip.resting", "Der Antrag ruht. Mit „weiter“ geht es weiter, mit „löschen“ löschen Sie alles."
)
ALREADY_SENT: Final = Template(
    "core.slip.already_sent", "Der Antrag ist schon fertig. Im Moment ist keine Frage offen."
)
YES_OR_NO: Final = Template("core.slip.yes_or_no", "Bitte antworten Sie mit Ja oder Nein.")
APPLY_OR_STOP: Final = Template(
    "core.slip.apply_or_stop", "Bitte wählen Sie: „Trotzdem Antrag stellen“ oder „Hier aufhören“."
)
DECLARATION_NEEDED: Final = Template(
    "core.slip.declaration",
    "Ohne diese Erklärung kann ich den Antrag nicht absenden. Ihre Angaben bleiben gespeichert. Stimmt etwas nicht? "
    "Dann schreiben Sie „ändern“.",
)
NOT_UNSURE: Final = Template(
    "core.slip.not_unsure", "Diese Angabe braucht die Behörde. Ist etwas unklar? „Hilfe“ erklärt es."
)
NOT_OPTIONAL: Final = Template(
    "core.slip.not_optional", "Diese Angabe braucht die Behörde. Sie können sie nicht überspringen."
)
NO_LONGER_FITS: Final = Template("core.slip.no_longer_fits", "Das passt nicht zu Ihren anderen Angaben.")
NOT_NOW: Final = Template("core.slip.not_now", "Das geht an dieser Stelle nicht. Ihre Angaben sind unverändert.")
NOTHING_BEFORE: Final = Template("core.slip.nothing_before", "Davor gibt es keine Frage.")
NOTHING_TO_UNDO: Final = Template("core.slip.nothing_to_undo", "Es gibt nichts rückgängig zu machen.")
NO_SUCH_ANSWER: Final = Template(
    "core.slip.no_such_answer", "Diese Antwort finde ich nicht. „Zusammenfassung“ zeigt alle Nummern."
)
WHICH_LANGUAGE: Final = Template("core.slip.which_language", "Ich spreche Deutsch und Englisch.")
TOO_MANY_ROWS: Final = Template("core.slip.too_many_rows", "Hier sind höchstens {most} möglich.")
CASE_FULL: Final = Template(
    "core.slip.case_full",
    "Dieser Antrag ist sehr lang geworden. Mehr kann ich nicht aufnehmen. Ihre Angaben sind gespeichert. Schreiben Sie "
    "„Mensch“, dann sage ich Ihnen, wer hilft.",
)
CHANGED_SINCE: Final = Template(
    "core.slip.changed_since", "Seit Ihrer Prüfung hat sich etwas geändert. Bitte prüfen Sie noch einmal."
)
MISSHAPEN: Final = Template("core.slip.misshapen", "Diese Antwort hat nicht die richtige Form.")


def digest(text: str) -> str:
    """SHA-256 of a text as shown, hex: the proof of what was agreed to."""
    return hashlib.sha256(text.encode()).hexdigest()


def place_of(slip: Problem) -> str:
    """Where a problem's sentence is translated: the core's own slips bear their place as key."""
    return slip.key if slip.key.startswith("core.") else f"answers.{slip.key}"
