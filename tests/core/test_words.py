"""Commands in words: when a word commands, and when it is an answer."""

from __future__ import annotations

import pytest

from bot.core.vocabulary import Word, command_in, folded, unquoted
from tests.core.talk import Talk


@pytest.mark.parametrize(
    ("said", "action", "target"),
    [
        ("zurück", "back", ""), ("Zurück!", "back", ""), ("BACK", "back", ""), ("/zurück", "back", ""),
        ("?", "help", ""), ("Hilfe", "help", ""), ("weiß nicht", "unsure", ""), ("Weiss  nicht.", "unsure", ""),
        ("pause", "pause", ""), ("weiter", "resume", ""), ("alles löschen", "erase", ""), ("rückgängig", "undo", ""),
        ("absenden", "submit", ""), ("English", "language", "en"), ("auf Deutsch", "language", "de"),
        ("Sprache English", "language", "en"), ("ändern 3", "correct", "3"),
        ("ändern Geburtsdatum", "correct", "geburtsdatum"),
        ("entfernen Kind Lena", "remove_row", "kind lena"), ("u\u0308bersicht", "summary", ""),
    ],
)  # fmt: skip
def test_words_that_command(said, action, target):
    assert command_in(said) == Word(action, target)


@pytest.mark.parametrize(
    "said", ["", "zurück in die Zukunft", "Weiterbildung", "helping", "löschenhausen", "3", "//", "ab"]
)
def test_words_that_do_not(said):
    assert command_in(said) is None


@pytest.mark.parametrize(
    ("said", "inside"),
    [("„Pause“", "Pause"), ('"back"', "back"), ("»weiter«", "weiter"), ('""', None), ('"', None), ("Pause", None),
     ('a"b"', None)],
)  # fmt: skip
def test_what_stands_in_quotation_marks_is_an_answer(said, inside):
    assert unquoted(said) == inside


def test_folding():
    assert folded("  Straße   NACH\tHause!! ") == "strasse nach hause"
    assert folded("?") == "?"
    assert folded("ü") == folded("u\u0308")


def test_a_command_word_in_quotation_marks_is_taken_as_the_name_of_a_child():
    talk = Talk().begin().answer("sachsen", "angestellt")
    assert talk.type("Pause").command.__class__.__name__ == "Pause"
    assert talk.type("„Pause“").outcome == "accepted"
    assert talk.case.sheet.cells["kinder[1].vorname"].raw == "Pause"


def test_with_a_slash_it_is_always_a_command():
    talk = Talk().begin().answer("sachsen", "angestellt")
    assert talk.type("/zusammenfassung").outcome == "done"
    assert "kinder[1].vorname" not in talk.case.sheet.cells


def test_both_languages_are_understood_in_every_language():
    talk = Talk(language="en").begin().answer("sachsen")
    talk.type("zurück")
    assert talk.open.address == "bundesland"
    talk.type("deutsch")
    assert talk.case.language == "de"
    talk.type("in English")
    assert talk.case.language == "en"
    assert talk.open.address == "bundesland"
