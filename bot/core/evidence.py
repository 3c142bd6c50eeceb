"""What the checks of a file may find, in the words of the applicant: what is wrong, and what to do now.

A code is for good: it stands in the ledger. ``refused`` codes end a file; the others only tell.
"""

from __future__ import annotations

from typing import Final

from bot.answers.base import Template

EMPTY: Final = Template("core.file.empty", "Die Datei ist leer. Bitte wählen Sie sie noch einmal aus.")
UNKNOWN_TYPE: Final = Template(
    "core.file.unknown_type",
    "Diese Art von Datei kann ich nicht annehmen. Bitte schicken Sie ein Foto (JPEG, PNG, WebP, HEIC, TIFF) "
    "oder eine PDF-Datei.",
)
TOO_LARGE: Final = Template(
    "core.file.too_large", "Die Datei ist zu groß. Höchstens {megabytes} MB sind möglich. Ein Foto davon genügt."
)
TOO_MANY_PIXELS: Final = Template(
    "core.file.too_many_pixels",
    "Das Bild hat zu viele Bildpunkte. Bitte schicken Sie es kleiner, zum Beispiel als Foto vom Handy.",
)
TOO_MANY_PAGES: Final = Template(
    "core.file.too_many_pages", "Die Datei hat zu viele Seiten. Höchstens {pages} Seiten sind möglich."
)
DAMAGED: Final = Template(
    "core.file.damaged", "Ich kann die Datei nicht öffnen. Sie ist wohl beschädigt. Bitte schicken Sie sie noch einmal."
)
PASSWORD: Final = Template(
    "core.file.password",
    "Die PDF-Datei ist mit einem Passwort geschützt. Bitte schicken Sie sie ohne Passwort oder ein Foto davon.",
)
TOO_SLOW: Final = Template(
    "core.file.too_slow", "Das Prüfen der Datei dauert zu lange. Bitte schicken Sie stattdessen ein Foto davon."
)
MALWARE: Final = Template(
    "core.file.malware", "In der Datei steckt ein Schadprogramm. Ich habe sie gelöscht. Bitte schicken Sie ein Foto."
)
SMALL: Final = Template(
    "core.file.small", "Das Bild ist klein. Können Sie alles darauf gut lesen? Sonst schicken Sie ein größeres."
)
DARK: Final = Template(
    "core.file.dark",
    "Das Bild ist sehr dunkel. Können Sie alles darauf gut lesen? Sonst fotografieren Sie noch einmal.",
)
ACTIVE_CONTENT: Final = Template(
    "core.file.active_content", "Die PDF-Datei enthielt Programme oder Anhänge. Ich habe sie entfernt."
)
FIRST_PICTURE: Final = Template(
    "core.file.first_picture", "Die Datei enthält mehrere Bilder. Ich habe nur das erste genommen."
)

REFUSALS: Final = {
    "empty": EMPTY,
    "unknown_type": UNKNOWN_TYPE,
    "too_large": TOO_LARGE,
    "too_many_pixels": TOO_MANY_PIXELS,
    "too_many_pages": TOO_MANY_PAGES,
    "damaged": DAMAGED,
    "password": PASSWORD,
    "too_slow": TOO_SLOW,
    "malware": MALWARE,
}
"""Code to sentence: the file is refused."""

FINDINGS: Final = REFUSALS | {
    "small": SMALL,
    "dark": DARK,
    "active_content": ACTIVE_CONTENT,
    "first_picture": FIRST_PICTURE,
}
"""Code to sentence: everything that a check may find. ``megabytes`` and ``pages`` are the limits of the house."""
