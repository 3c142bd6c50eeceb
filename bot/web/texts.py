"""Every sentence of the chat page itself, in German, with the place of its translations.

Plain language: short sentences, active, formal "Sie". What the assistant says is the core's; labels of actions are the
shapes'. The page's script gets its words from :data:`WORDS`.
"""

from __future__ import annotations

from typing import Final

from bot.answers.base import Template
from bot.core import texts as core
from bot.web.shapes import texts as shapes

# -- every page -----------------------------------------------------------------------------------------------------

PRODUCT: Final = Template("web.product", "Antragslotse")
SKIP_LINK: Final = Template("web.page.skip", "Direkt zur Frage")
LANGUAGE: Final = Template("web.page.language", "Sprache")
DEMO: Final = Template(
    "web.page.demo", "Vorführung: Nichts geht an eine echte Behörde. Gerechnet wird, als wäre heute der {date}."
)
HISTORY: Final = Template("web.page.history", "Verlauf")
OLDER: Final = Template("web.page.older", "Frühere Nachrichten: {count}")
ALL_OF_IT: Final = Template("web.page.all", "Das ganze Gespräch zeigen")
ASSISTANT: Final = Template("web.sender.bot", "Assistent")
YOU: Final = Template("web.sender.applicant", "Sie")
HELPER: Final = Template("web.sender.helper", "Ihre Hilfe")
STAFF: Final = Template("web.sender.staff", "Mitarbeiter der Behörde")
AGENCY: Final = Template("web.sender.agency", "Behörde")
SYSTEM: Final = Template("web.sender.system", "Hinweis")
PROGRESS: Final = Template("web.progress", "Fortschritt")
TITLE_POSITION: Final = Template("web.page.position", "Abschnitt {number} von {total}")
QUESTION_HELP: Final = Template("web.help", "Hilfe zu dieser Frage")
EXAMPLE: Final = Template("web.example", "Zum Beispiel: {example}")
DID_YOU_MEAN: Final = Template("web.did_you_mean", "Was meinen Sie?")
SEND: Final = Template("web.send", "Weiter")
ROWS: Final = Template("web.page.rows", "Einträge ändern")
SLIP: Final = Template("web.problem", "Fehler: {problem}")
SLIP_TITLE: Final = Template("web.page.slip_title", "Fehler: {title}")
CHOOSE_ONE: Final = Template("web.page.choose_one", "Bitte wählen Sie eine Antwort aus.")
CHOOSE_SOME: Final = Template("web.page.choose_some", "Bitte wählen Sie mindestens eine Antwort aus.")
SENSITIVE: Final = Template(
    "web.page.sensitive", "Diese Angabe ist besonders geschützt. Ich speichere sie verschlüsselt."
)
REFRESH: Final = Template("web.page.refresh", "Stand neu laden")
BACK_TO_QUESTION: Final = Template("web.summary.back", "Zurück zur Frage")

# -- fields ---------------------------------------------------------------------------------------------------------

FROM: Final = Template("web.part.from", "Von")
TO: Final = Template("web.part.to", "Bis")
GIVEN: Final = Template("web.part.given", "Vorname")
FAMILY: Final = Template("web.part.family", "Nachname")
STREET: Final = Template("web.part.street", "Straße")
HOUSE_NUMBER: Final = Template("web.part.house_number", "Hausnummer")
POSTAL_CODE: Final = Template("web.part.postal_code", "Postleitzahl")
CITY: Final = Template("web.part.city", "Ort")
COURT: Final = Template("web.part.court", "Gericht, zum Beispiel: Leipzig")
TYPE: Final = Template("web.part.type", "Art, zum Beispiel: HRB")
NUMBER: Final = Template("web.part.number", "Nummer")

# -- start ----------------------------------------------------------------------------------------------------------

START_TITLE: Final = Template("web.start.title", "Anträge Schritt für Schritt")
START_WHAT: Final = Template(
    "web.start.what",
    "Hier stellen Sie einen Antrag bei einer Behörde. Sie beantworten eine Frage nach der anderen. "
    "Am Ende prüfen Sie alles und senden es ab.",
)
START_BOT: Final = Template(
    "web.start.bot",
    "Ein automatisches Programm hilft Ihnen, kein Mensch. Es entscheidet nichts: Das tut die Behörde.",
)
START_DATA: Final = Template(
    "web.start.data",
    "Sie brauchen kein Konto. Jede Antwort ist sofort gespeichert und verschlüsselt. Sie können Pause machen und alles "
    "jederzeit löschen.",
)
START_ASK: Final = Template("web.start.ask", "Womit möchten Sie anfangen?")
START_BUTTON: Final = Template("web.start.button", "Antrag anfangen")
START_AGENCY: Final = Template("web.start.agency", "Behörde: {agency}")
START_MINUTES: Final = Template("web.start.minutes", "Dauer: etwa {minutes} Minuten")
START_PAPERS: Final = Template("web.start.papers", "Diese Unterlagen können nötig sein ({count})")
START_NO_PAPERS: Final = Template("web.start.no_papers", "Sie brauchen keine Unterlagen.")
START_OPEN: Final = Template("web.start.status.open", "Anträge sind möglich")
START_PLANNED: Final = Template("web.start.status.planned", "Anträge sind ab {opens} möglich")
START_CLOSED: Final = Template(
    "web.start.status.closed", "Frist wohl abgelaufen. Sie dürfen trotzdem einen Antrag stellen."
)
START_UNSURE: Final = Template("web.start.unsure", "Ich weiß nicht, was passt")
START_UNSURE_WHY: Final = Template(
    "web.start.unsure.why", "Beschreiben Sie Ihre Lage in eigenen Worten. Dann schauen wir zusammen."
)
START_UNSURE_BUTTON: Final = Template("web.start.unsure.button", "Gemeinsam suchen")
CODE_TITLE: Final = Template("web.start.code", "Mit einem Code weitermachen")
CODE_WHY: Final = Template(
    "web.start.code.why",
    "Haben Sie schon angefangen? In der Pause haben Sie einen Code bekommen. Geben Sie ihn hier ein.",
)
CODE_LABEL: Final = Template("web.start.code.label", "Ihr Code")
CODE_EXAMPLE: Final = Template("web.start.code.example", "Der Code hat 16 Zeichen: XXXX-XXXX-XXXX-XXXX")
CODE_BUTTON: Final = Template("web.start.code.button", "Weitermachen")
CODE_WRONG: Final = Template(
    "web.start.code.wrong",
    "Dieser Code passt zu keinem Antrag. Prüfen Sie bitte jedes Zeichen. Der Antrag kann auch schon gelöscht sein.",
)
CODE_TOO_OFTEN: Final = Template(
    "web.start.code.too_often", "Das waren zu viele Versuche. Bitte warten Sie und versuchen Sie es später noch einmal."
)
LINK_TITLE: Final = Template("web.link.title", "Hier weitermachen?")
LINK_WHY: Final = Template(
    "web.link.why",
    "Mit diesem Link öffnen Sie einen Antrag, den Sie woanders angefangen haben. Der Link gilt nur einmal.",
)
LINK_BUTTON: Final = Template("web.link.button", "Ja, hier weitermachen")
LINK_WRONG: Final = Template(
    "web.link.wrong",
    "Dieser Link gilt nicht mehr. Er öffnet einen Antrag nur einmal und nur zehn Minuten lang. Ihr Antrag ist noch da.",
)

# -- why somebody stands at the start again ---------------------------------------------------------------------------

GONE_ERASED: Final = Template("web.gone.erased", "Dieser Antrag ist gelöscht")
GONE_ERASED_NEXT: Final = Template("web.gone.erased.next", "Sie können jederzeit einen neuen Antrag anfangen.")
GONE: Final = Template("web.gone.gone", "Dieser Antrag ist nicht mehr da")
GONE_NEXT: Final = Template("web.gone.gone.next", "Vielleicht ist seine Zeit abgelaufen. Sie können neu anfangen.")
GONE_UNKNOWN: Final = Template("web.gone.unauthorised", "Auf diesem Gerät ist kein Antrag mehr offen")
GONE_UNKNOWN_NEXT: Final = Template(
    "web.gone.unauthorised.next", "Mit Ihrem Code geht es weiter. Oder Sie fangen neu an."
)
GONE_LEFT: Final = Template("web.gone.left", "Der Antrag ist auf diesem Gerät geschlossen")
GONE_LEFT_NEXT: Final = Template("web.gone.left.next", "Ihre Angaben sind noch da. Mit Ihrem Code geht es weiter.")
GONE_START: Final = Template("web.gone.start", "Zur Startseite")

# -- evidence -------------------------------------------------------------------------------------------------------

PICK_FILES: Final = Template("web.file.pick", "Fotos oder PDF auswählen")
PICK_HINT: Final = Template(
    "web.file.hint",
    "Höchstens {pages} Seiten, jede Datei höchstens {megabytes} MB. Mehrere Dateien auf einmal gehen auch.",
)
UPLOAD: Final = Template("web.file.upload", "Hochladen")
TAKE_PHOTO: Final = Template("web.file.capture", "Foto aufnehmen")
DROP_HINT: Final = Template("web.file.drop", "Sie können Dateien auch hierher ziehen oder einfügen.")
PAGES_TITLE: Final = Template("web.file.pages", "Ihre Dateien")
PAGE: Final = Template("web.file.page", "Datei {number}")
PAGE_PICTURE: Final = Template("web.file.picture", "Vorschau von Datei {number}")
PAGE_COUNT: Final = Template("web.file.count", "{count} Seiten")
RECEIVING: Final = Template(
    "web.file.receiving", "Die Datei ist noch nicht ganz angekommen. Bitte schicken Sie sie noch einmal."
)
REMOVE: Final = Template("web.file.remove", "Entfernen")
UP: Final = Template("web.file.up", "Nach vorn")
DOWN: Final = Template("web.file.down", "Nach hinten")
FILES_DONE: Final = Template("web.file.done", "Fertig, weiter")
NO_FILE: Final = Template("web.file.none", "Bitte wählen Sie zuerst eine Datei aus.")
FILE_TOO_LARGE: Final = Template(
    "web.file.too_large", "Mindestens eine Datei ist zu groß. Höchstens {megabytes} MB sind möglich."
)
FILE_EMPTY: Final = Template("web.file.empty", "Die Datei ist leer. Bitte wählen Sie sie noch einmal aus.")
FILES_NOT_NOW: Final = Template(
    "web.file.not_now", "Zu dieser Frage gehört keine Datei mehr. Bitte laden Sie die Seite neu."
)
FILES_FULL: Final = Template("web.file.full", "Mehr Dateien passen nicht in diesen Antrag.")
FILES_BUSY: Final = Template(
    "web.file.busy", "Gerade kann ich keine Dateien annehmen. Bitte versuchen Sie es gleich noch einmal."
)
UPLOADING: Final = Template("web.file.uploading", "Datei {number} wird gesendet: {percent} Prozent")
UPLOADED: Final = Template("web.file.uploaded", "Datei {number} ist angekommen.")
UPLOAD_FAILED: Final = Template(
    "web.file.failed", "Die Datei konnte nicht gesendet werden. Bitte versuchen Sie es noch einmal."
)
UPLOAD_UNFINISHED: Final = Template(
    "web.file.unfinished",
    "Diese Datei ist noch nicht ganz angekommen. Bitte wählen Sie sie noch einmal aus. Dann geht es dort weiter.",
)
UPLOAD_STOP: Final = Template("web.file.stop", "Abbrechen")

# -- review ---------------------------------------------------------------------------------------------------------

REVIEW_TITLE: Final = Template("web.review.title", "Bitte prüfen Sie Ihre Angaben")
REVIEW_SO_FAR: Final = Template("web.summary.title", "Ihre Angaben bis jetzt")
REVIEW_NOTHING: Final = Template("web.summary.nothing", "Sie haben noch nichts angegeben.")
REVIEW_NOTE: Final = Template(
    "web.review.note", "Der Antrag ist noch nicht abgesendet. Stimmt alles? Dann senden Sie ihn unten ab."
)
REVIEW_NOTE_MORE: Final = Template(
    "web.review.note.more", "Ihre Änderungen sind noch nicht abgesendet. Stimmt alles? Dann senden Sie sie unten ab."
)
REVIEW_FOLD: Final = Template("web.review.fold", "Alle Angaben ansehen")
CHANGE: Final = Template("web.review.change", "Ändern")
CHANGE_WHAT: Final = Template("web.review.change_what", ": {question}")
VERDICT: Final = Template("web.review.verdict", "Vorprüfung")
FINDING_MET: Final = Template("web.finding.met", "wohl erfüllt")
FINDING_PARTLY: Final = Template("web.finding.partly", "zum Teil erfüllt")
FINDING_NOT_MET: Final = Template("web.finding.not_met", "wohl nicht erfüllt")
FINDING_UNCLEAR: Final = Template("web.finding.unclear", "unklar")
FINDING_OPEN: Final = Template("web.finding.open", "noch offen")
CRITERIA: Final = Template("web.review.criteria", "Alle Voraussetzungen einzeln")
ESTIMATE: Final = Template("web.review.estimate", "Schätzung")
MISSING: Final = Template("web.review.missing", "Das reichen Sie später nach")

# -- done, pause, end -----------------------------------------------------------------------------------------------

DONE_SENDING: Final = Template("web.done.sending", "Ihr Antrag wird gesendet")
DONE_PREPARED: Final = Template("web.done.prepared", "Ihr Antrag ist vorbereitet")
DONE_SENT: Final = Template("web.done.accepted", "Ihr Antrag ist abgesendet")
DONE_DELIVERED: Final = Template("web.done.delivered", "Ihr Antrag ist zugestellt")
DONE_REJECTED: Final = Template("web.done.rejected", "Ihr Antrag ist zurückgewiesen")
DONE_LOOK_AGAIN: Final = Template(
    "web.done.look_again", "Bitte sehen Sie sich diese Angabe noch einmal an. Danach können Sie wieder absenden."
)
STEP_SENT: Final = Template("web.step.sent", "Abgesendet")
STEP_DELIVERED: Final = Template("web.step.delivered", "Zugestellt")
STEP_ACCEPTED: Final = Template("web.step.accepted", "Von der Behörde angenommen")
STEP_DONE: Final = Template("web.step.done", "{step}: erledigt")
STEP_OPEN: Final = Template("web.step.open", "{step}: noch nicht")
RECEIPT: Final = Template("web.receipt.pdf", "Bestätigung {n} herunterladen (PDF)")
RECEIPT_SIGNED: Final = Template("web.receipt.signed", "Bestätigung {n} als signierte Datei zum Prüfen")
DONE_NUMBER: Final = Template("web.done.number", "Ihre Nummer")
DONE_KEEP: Final = Template("web.done.keep", "Schreiben Sie diese Nummer auf. Mit ihr findet die Behörde Ihren Antrag.")
DONE_NEXT: Final = Template("web.done.next.title", "So geht es weiter")
DONE_NEXT_AGENCY: Final = Template(
    "web.done.next", "Die Behörde prüft Ihren Antrag. Sie meldet sich bei Ihnen, wenn sie etwas braucht."
)
DONE_NEXT_FILE: Final = Template(
    "web.done.next.file", "Der Antrag ist noch nicht eingereicht. Wie das geht, steht im Verlauf."
)
DONE_NEXT_DEMO: Final = Template(
    "web.done.next.demo", "Das war eine Vorführung. Keine echte Behörde hat den Antrag bekommen."
)
DONE_STILL: Final = Template("web.done.still", "Eines fehlt noch. Sie können es gleich hier oder später nachreichen.")
DONE_TASKS: Final = Template("web.done.tasks", "Das fehlt noch")
DONE_WAIT: Final = Template("web.done.wait", "Das dauert meist nur wenige Sekunden. Sie können die Seite schließen.")
PAUSED: Final = Template("web.pause.title", "Pause")
PAUSED_WHY: Final = Template(
    "web.pause.why", "Alles ist gespeichert. Mit diesem Code machen Sie weiter, auch auf einem anderen Gerät:"
)
PAUSED_KEEP: Final = Template(
    "web.pause.keep", "Bitte schreiben Sie den Code jetzt auf. Ich zeige ihn nur einmal. Zeigen Sie ihn niemandem."
)
PAUSED_SHOWN: Final = Template(
    "web.pause.shown", "Den Code habe ich schon einmal gezeigt. Einen neuen Code bekommen Sie mit „Neuer Code“."
)
COPY: Final = Template("web.pause.copy", "Code kopieren")
COPIED: Final = Template("web.status.copied", "Der Code ist kopiert.")
PAUSED_ANEW: Final = Template("web.pause.anew", "Neuer Code")
COPY_OF_ALL: Final = Template("web.export.link", "Kopie meiner Angaben herunterladen")
COPY_IS_THERE: Final = Template("web.export.done", "Die Datei ist heruntergeladen.")
GO_ON: Final = Template("web.pause.go_on", "Weitermachen")
LEAVE: Final = Template("web.pause.leave", "Auf diesem Gerät schließen")
ENDED: Final = Template("web.ended.title", "Sie haben aufgehört")
ENDED_WHY: Final = Template("web.ended.why", "Ihre Angaben sind noch gespeichert. Sie können jederzeit weitermachen.")
EXPIRED: Final = Template(
    "web.ended.expired", "Die Zeit für diesen Antrag ist abgelaufen. Ihre Angaben werden gelöscht."
)
NOTHING_OPEN: Final = Template("web.page.nothing_open", "Im Moment ist nichts zu tun")
ERASED_TITLE: Final = Template("web.page.erased", "Alles ist gelöscht")
ERASED_WHY: Final = Template("web.page.erased.why", "Ihre Antworten sind weg und kommen nicht zurück.")

# -- what goes wrong with the world -----------------------------------------------------------------------------------

REFUSED_FORM: Final = Template(
    "web.refused.form", "Diese Seite war zu alt. Nichts ist verloren. Bitte antworten Sie noch einmal."
)
REFUSED_ORIGIN: Final = Template(
    "web.refused.origin", "Diese Anfrage kam von einer fremden Seite. Ich habe nichts geändert."
)
BUSY: Final = Template(
    "web.refused.busy", "Gerade ist viel los. Nichts ist verloren. Bitte versuchen Sie es gleich noch einmal."
)
TROUBLE: Final = Template("web.refused.title", "Das hat nicht geklappt")

# -- footer and legal pages -------------------------------------------------------------------------------------------

FOOTER: Final = Template("web.foot.title", "Hilfe und Rechtliches")
FOOT_HELP: Final = Template("web.foot.help", "Hilfe")
FOOT_PHONE: Final = Template("web.foot.phone", "Telefon: {phone}")
FOOT_MAIL: Final = Template("web.foot.mail", "E-Mail: {mail}")
FOOT_FORM: Final = Template("web.foot.form", "Lieber als Formular")
FOOT_CHAT: Final = Template("web.foot.chat", "Lieber als Chat")
FOOT_PRIVACY: Final = Template("web.foot.privacy", "Datenschutz")
FOOT_ACCESSIBILITY: Final = Template("web.foot.accessibility", "Barrierefreiheit")
FOOT_IMPRINT: Final = Template("web.foot.imprint", "Impressum")
PRIVACY: Final = Template("web.legal.privacy", "Datenschutz")
ACCESSIBILITY: Final = Template("web.legal.accessibility", "Barrierefreiheit")
IMPRINT: Final = Template("web.legal.imprint", "Impressum")
HELP_TITLE: Final = Template("web.help.title", "Hilfe")
HELP_HOW: Final = Template(
    "web.help.how",
    "Wählen Sie einen Antrag und drücken Sie auf „Antrag anfangen“. Dann kommt eine Frage nach der anderen.",
)
HELP_BACK: Final = Template(
    "web.help.back", "Mit „Zurück“ sehen Sie die Frage davor. Am Ende können Sie jede Antwort noch einmal ändern."
)
HELP_PAUSE: Final = Template(
    "web.help.pause",
    "Mit „Pause machen“ bekommen Sie einen Code. Mit dem Code machen Sie später weiter, auch am Handy.",
)
HELP_HUMAN: Final = Template(
    "web.help.human", "Möchten Sie mit einem Menschen sprechen? Die Behördennummer 115 hilft allen."
)
LEGAL_DEMO: Final = Template(
    "web.legal.demo",
    "Dies ist eine Vorführung. Der Text auf dieser Seite ist ein Beispiel und hat keine rechtliche Wirkung.",
)
OPERATOR: Final = Template("web.legal.operator", "Wer dieses Angebot betreibt")
OTHER_LANGUAGE: Final = Template("web.legal.other_language", "Diesen Text gibt es nur auf Deutsch.")
A11Y_STATE: Final = Template("web.a11y.state", "Was geprüft ist, und was nicht")
A11Y_GOAL: Final = Template(
    "web.a11y.goal",
    "Unser Ziel ist die Norm WCAG 2.2, Stufe AA. Bei Kontrast und Größe der Schaltflächen wollen wir AAA.",
)
A11Y_TESTED: Final = Template(
    "web.a11y.tested",
    "Wir prüfen jede Seite mit automatischen Werkzeugen, mit der Tastatur und ohne JavaScript.",
)
A11Y_UNTESTED: Final = Template(
    "web.a11y.untested",
    "Noch nicht geprüft ist die Bedienung mit echten Vorlese-Programmen: NVDA, JAWS, VoiceOver und TalkBack. "
    "Auch Menschen mit Behinderungen haben die Seiten noch nicht für uns getestet.",
)
A11Y_SIMPLE: Final = Template(
    "web.a11y.simple", "Texte in Leichter Sprache und in Deutscher Gebärdensprache fehlen noch."
)
FEEDBACK: Final = Template("web.feedback.title", "Hindernis melden")
FEEDBACK_WHY: Final = Template(
    "web.feedback.why", "Kommen Sie an einer Stelle nicht weiter? Schreiben Sie uns. Sie müssen keinen Namen nennen."
)
FEEDBACK_TEXT: Final = Template("web.feedback.text", "Was funktioniert nicht?")
FEEDBACK_CONTACT: Final = Template("web.feedback.contact", "Wie erreichen wir Sie? Das können Sie leer lassen.")
FEEDBACK_BUTTON: Final = Template("web.feedback.button", "Nachricht senden")
FEEDBACK_THANKS: Final = Template("web.feedback.thanks", "Danke. Wir haben Ihre Nachricht bekommen.")
FEEDBACK_EMPTY: Final = Template("web.feedback.empty", "Bitte schreiben Sie, was nicht funktioniert.")
FEEDBACK_LONG: Final = Template("web.feedback.long", "Das ist zu lang. Höchstens {most} Zeichen, bitte.")

# -- checking a receipt -----------------------------------------------------------------------------------------------

CHECK_TITLE: Final = Template("web.check.title", "Bestätigung prüfen")
CHECK_WHAT: Final = Template(
    "web.check.what",
    "Hier prüfen Sie, ob eine Bestätigung von uns ist und ob jemand sie verändert hat. Wählen Sie die PDF-Datei oder "
    "die Datei mit der Endung .jws.",
)
CHECK_RECEIPT: Final = Template("web.check.receipt", "Bestätigung")
CHECK_COPY: Final = Template("web.check.copy", "Kopie des Antrags oder ein Nachweis (können Sie weglassen)")
CHECK_BUTTON: Final = Template("web.check.button", "Prüfen")
CHECK_KEPT: Final = Template("web.check.kept", "Ihre Dateien speichern wir nicht.")
CHECK_ANOTHER: Final = Template("web.check.another", "Noch eine prüfen")
CHECK_GENUINE: Final = Template("web.check.genuine", "Diese Bestätigung ist echt. Das hier wurde unterschrieben:")
CHECK_CHANGED: Final = Template(
    "web.check.changed", "Diese Bestätigung wurde verändert. Verlassen Sie sich nicht auf sie."
)
CHECK_UNKNOWN_KEY: Final = Template(
    "web.check.unknown_key", "Diese Bestätigung hat jemand anderes unterschrieben. Von uns ist sie nicht."
)
CHECK_NO_RECEIPT: Final = Template(
    "web.check.no_receipt",
    "In dieser Datei ist keine Bestätigung von uns. Wählen Sie die Datei so, wie Sie sie heruntergeladen haben.",
)
CHECK_TOO_LARGE: Final = Template("web.check.too_large", "Diese Datei ist zu groß für eine Bestätigung.")
CHECK_PRACTICE: Final = Template(
    "web.check.practice", "Das war nur eine Übung oder eine Vorführung. Keine Behörde hat diesen Antrag."
)
CHECK_VERSION: Final = Template("web.check.version", "Fassung des Fragebogens")
CHECK_WAY: Final = Template("web.check.way", "Der Weg")
CHECK_FILES: Final = Template("web.check.files", "Dateien, die dazu gehören")
CHECK_COPY_FITS: Final = Template("web.check.copy_fits", "Ihre zweite Datei ist genau so gesendet worden.")
CHECK_COPY_OTHER: Final = Template("web.check.copy_other", "Ihre zweite Datei ist so nicht gesendet worden.")

# -- what only the script says ----------------------------------------------------------------------------------------

SENDING: Final = Template("web.status.sending", "Wird gesendet …")
MOMENT: Final = Template("web.status.moment", "Einen Moment, bitte.")
OFFLINE: Final = Template(
    "web.status.offline", "Keine Verbindung. Ihre Antwort ist hier gespeichert. Ich sende sie, sobald es wieder geht."
)
AWAY: Final = Template(
    "web.status.away", "Keine Verbindung. Bitte lassen Sie diese Seite offen. Sobald es wieder geht, mache ich weiter."
)
ONLINE: Final = Template("web.status.online", "Die Verbindung ist wieder da.")
NOT_SENT: Final = Template(
    "web.status.not_sent", "Ihre Antwort konnte nicht gesendet werden. Bitte versuchen Sie es noch einmal."
)
NO_STORAGE: Final = Template(
    "web.status.no_storage", "Dieser Browser speichert nichts. Wenn Sie die Seite neu laden, brauchen Sie Ihren Code."
)
NEW_MESSAGE: Final = Template("web.status.new_message", "Eine neue Nachricht ist da.")
NO_ANSWER: Final = Template("web.status.no_answer", "Ich habe keine Antwort gesehen. Bitte füllen Sie das Feld aus.")

_CORE: Final = (
    *(core.SECTION, core.OLD_ANSWER, core.SUGGESTION, core.TAKE_SUGGESTION, core.NOTICE_LAW, core.NOTICE_NEXT),
    *(core.NOTICE_ELSEWHERE, core.VERDICT_LIKELY, core.VERDICT_PARTLY, core.VERDICT_UNCLEAR, core.VERDICT_UNLIKELY),
    *(core.VERDICT_OPEN, core.READY),
)
_FILES: Final = (
    *(shapes.FILE_CHECKING, shapes.FILE_WAITING, shapes.FILE_READY, shapes.FILE_REFUSED, shapes.FILE_DROPPED),
)
_PAGES_ONLY: Final = (
    "web.check.",
    *("web.legal.", "web.a11y.", "web.feedback.", "web.foot.", "web.start.", "web.link.", "web.help."),
    *("web.refused.form", "web.refused.origin", "web.page.all", "web.page.demo", "web.page.language", "web.page.skip"),
)

WORDS: Final = (
    *(*_CORE, *_FILES, START_TITLE),
    *(
        value
        for value in list(globals().values())
        if isinstance(value, Template) and not value.place.startswith(_PAGES_ONLY)
    ),
)
"""What the script may say: it renders the same page, so it needs the same words."""
