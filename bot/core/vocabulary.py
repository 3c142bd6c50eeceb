"""The words by which an applicant commands: German and English, understood in every language of the talk.

A word is a command only if it stands alone; "in quotation marks" it is an answer. With a slash it is always a command.
"""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

_PLAIN: Final[dict[str, tuple[str, ...]]] = {
    "back": ("zurück", "zurueck", "back", "vorherige frage", "previous", "antwort ändern", "change the answer"),
    "keep": ("behalten", "so lassen", "alte antwort", "keep", "keep it"),
    "skip": ("überspringen", "ueberspringen", "skip", "keine angabe", "auslassen", "leer lassen", "nichts angeben"),
    "unsure": (
        *("weiß nicht", "weiss nicht", "ich weiß nicht", "ich weiss nicht", "weiß ich nicht", "keine ahnung"),
        *(
            "weiß net",
            "weiss net",
            "weiß nich",
            "weiss nich",
            "weiß ned",
            "ka",
            "kein plan",
            "keinen plan",
            "null ahnung",
        ),
        *(
            "unsicher",
            "don't know",
            "dont know",
            "i don't know",
            "i dont know",
            "not sure",
            "unsure",
            "no idea",
            "no clue",
            "dunno",
        ),
    ),
    "help": ("hilfe", "help", "?", "warum", "why", "wieso", "warum fragen sie das", "why do you ask"),
    "pause": ("pause", "später weiter", "später weitermachen", "break"),
    "resume": ("weiter", "weitermachen", "continue", "resume", "go on"),
    "submit": ("absenden", "abschicken", "senden", "antrag absenden", "submit", "send"),
    "human": (
        *("mensch", "human", "mitarbeiter", "mit einem menschen sprechen", "ich möchte mit einem menschen sprechen"),
        *("person", "telefon hilfe"),
    ),
    "erase": ("löschen", "loeschen", "alles löschen", "daten löschen", "delete", "delete everything", "erase"),
    "undo": ("rückgängig", "rueckgaengig", "undo"),
    "summary": ("zusammenfassung", "übersicht", "uebersicht", "summary", "overview"),
    "stop": ("abbrechen", "aufhören", "beenden", "cancel", "stop", "quit"),
    "start": ("start",),
    "language": ("sprache", "language"),
}

_LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    "de": ("deutsch", "german", "auf deutsch"),
    "en": ("englisch", "english", "auf englisch", "in english", "please english"),
}

_WITH_TARGET: Final[dict[str, tuple[str, ...]]] = {
    "correct": ("ändern", "aendern", "ändere", "korrigieren", "change", "correct", "edit"),
    "remove_row": ("entfernen", "lösche", "remove"),
    "add_row": ("hinzufügen", "hinzufuegen", "noch ein", "noch eine", "add"),
    "language": ("sprache", "language"),
}

_VERB_LAST: Final = ("remove_row", "add_row")
"""German puts the verb last: "Kind hinzufügen"."""

_QUOTES: Final = (("„", "“"), ("“", "”"), ('"', '"'), ("»", "«"), ("«", "»"))


class Word(NamedTuple):
    """A command in words: the action, and what it is about (words as typed, or a language)."""

    action: str
    target: str = ""


def command_in(text: str) -> Word | None:
    """The command that ``text`` is, or None."""
    said = folded(text.removeprefix("/"))
    if said in _PLAIN_WORDS:
        return Word(_PLAIN_WORDS[said])
    if said in _LANGUAGE_WORDS:
        return Word("language", _LANGUAGE_WORDS[said])
    for action, words in _WITH_TARGET.items():
        for word in words:
            if said == word or said.startswith(word + " "):
                return _targeted(action, said.removeprefix(word).strip())
            if action in _VERB_LAST and said.endswith(" " + word):
                return _targeted(action, said.removesuffix(word).strip())
    return None


def _targeted(action: str, target: str) -> Word:
    return Word(action, _LANGUAGE_WORDS.get(target, target) if action == "language" else target)


def unquoted(text: str) -> str | None:
    """What stands in quotation marks, where they embrace the whole text; it is then no command."""
    for left, right in _QUOTES:
        if len(text) > 2 and text.startswith(left) and text.endswith(right):
            return text[1:-1].strip()
    return None


def folded(text: str) -> str:
    """Lower case, single blanks, without the marks at the end: how words are compared."""
    plain = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return plain.rstrip(" .!?…") or plain


_PLAIN_WORDS: Final = {folded(word): action for action, words in _PLAIN.items() for word in words}
_LANGUAGE_WORDS: Final = {folded(word): language for language, words in _LANGUAGES.items() for word in words}
