"""Words of the public API that no message says: labels of actions, what a case waits for, what became of a file."""

from __future__ import annotations

from typing import Final

from bot.answers.base import Template

# -- labels of actions ----------------------------------------------------------------------------------------------

BACK: Final = Template("web.action.back", "Zurück")
SUMMARY: Final = Template("web.action.summary", "Alle Angaben zeigen")
UNDO: Final = Template("web.action.undo", "Rückgängig machen")
ADD_ROW: Final = Template("web.action.add_row", "Noch ein Eintrag: {title}")
REMOVE_ROW: Final = Template("web.action.remove_row", "Entfernen: {title}")
HELP: Final = Template("web.action.help", "Hilfe")
PAUSE: Final = Template("web.action.pause", "Pause machen")
HUMAN: Final = Template("web.action.human", "Mit einem Menschen sprechen")
ERASE: Final = Template("web.action.erase", "Alles löschen")
SEND_ADDITION: Final = Template("web.action.send_addition", "Änderungen senden")
NEW_CASE: Final = Template("web.action.new_case", "Neuen Antrag anfangen")
STOP_ASKS: Final = Template(
    "web.action.stop.asks", "Hier aufhören? Ihre Angaben bleiben {days} Tage gespeichert. Sie können wiederkommen."
)

# -- waiting and tasks ----------------------------------------------------------------------------------------------

WAITING_SCAN: Final = Template(
    "web.waiting.scan",
    "Ihre Dateien warten noch auf die Prüfung. Sie können weitermachen. Gesendet wird erst nach der Prüfung.",
)
WAITING_STAFF: Final = Template("web.waiting.staff", "Gerade schreibt Ihnen ein Mensch.")
TASK_LATER: Final = Template("web.task.later", "Das wollten Sie später nachreichen.")
TASK_CHECK: Final = Template(
    "web.task.check", "Mindestens eine Datei kann ich nicht verwenden. Bitte schicken Sie sie noch einmal."
)
TASK_DONE: Final = Template("web.task.done", "Erledigt.")

# -- the applicant's side of the transcript --------------------------------------------------------------------------

NOT_UNDERSTOOD: Final = Template("web.said.not_understood", "(nicht verstanden)")
NOT_CLEAR: Final = Template("web.said.not_clear", "(nicht eindeutig)")
NOT_TAKEN: Final = Template("web.said.not_taken", "(nicht angenommen)")
SOMETHING: Final = Template("web.said.something", "(Eingabe)")
CORRECT_ONE: Final = Template("web.said.correct", "Ändern: {asked}")

# -- files ----------------------------------------------------------------------------------------------------------

FILE_SENT: Final = Template("web.file.sent", "Datei: {name}")
FILE_NAMELESS: Final = Template("web.file.nameless", "ohne Namen")
FILE_CHECKING: Final = Template("web.file.checking", "Die Datei ist angekommen. Ich prüfe sie.")
FILE_WAITING: Final = Template(
    "web.file.waiting", "Die Datei ist angekommen. Die Prüfung auf Schadprogramme folgt noch."
)
FILE_READY: Final = Template("web.file.ready", "Die Datei ist in Ordnung.")
FILE_REFUSED: Final = Template("web.file.refused", "Diese Datei kann ich nicht verwenden.")
FILE_DROPPED: Final = Template("web.file.dropped", "Datei entfernt.")

# -- the verdict, and what staff and the house did --------------------------------------------------------------------

MET: Final = Template("web.criterion.met", "Nach Ihren Angaben ist das wohl erfüllt.")
OPEN: Final = Template("web.criterion.open", "Dafür fehlen noch Antworten.")
STAFF_CAME: Final = Template("web.speaker.staff", "Jetzt schreibt Ihnen ein Mensch.")
BOT_CAME: Final = Template("web.speaker.bot", "Jetzt schreibt Ihnen wieder das automatische Programm.")
REDACTED: Final = Template("web.redacted", "Diese Angabe wurde gelöscht.")
