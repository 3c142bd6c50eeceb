"""Laying out: nothing is left out, nothing is longer than the channel shows, no character is cut in two."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.layout import Capabilities, layout, numbered, split, units
from bot.core.events import Said
from bot.core.say import Choice, Say

TEXTS = st.text(st.sampled_from("ab \n😀ü\u0301\ud800"), max_size=300)
WIDE = Capabilities(max_text=4096, max_choices=3, max_label=10, buttons=True, files=True)
SAID = Said(place="x", template="x")


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(2, 50))
def test_splitting_loses_nothing_but_blanks_and_never_exceeds(text, most):
    pieces = split(text, most)
    assert all(units(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_cuts_are_at_lines_then_at_blanks_then_anywhere():
    assert split("eins zwei\ndrei vier", 14) == ["eins zwei", "drei vier"]
    assert split("eins zwei drei", 9) == ["eins zwei", "drei"]
    assert split("abcdefgh", 3) == ["abc", "def", "gh"]
    assert split("😀😀😀", 4) == ["😀😀", "😀"]
    assert split("", 5) == [""]
    assert units("😀ü\ud800") == 4


def say(text, *labels):
    return Say("question", text, SAID, tuple(Choice(label, label) for label in labels), "rolle")


def test_choices_that_fit_are_buttons_and_others_a_numbered_list():
    [part] = layout([say("Wer?", "Ja", "Nein")], WIDE)
    assert [(button.number, button.label) for button in part.buttons] == [(1, "Ja"), (2, "Nein")]
    assert (part.text, part.question) == ("Wer?", "rolle")
    for many in (["a", "b", "c", "d"], ["zu lang für einen Knopf"]):
        [part] = layout([say("Wer?", *many)], WIDE)
        assert part.buttons == ()
        assert all(label in part.text for label in many)
    [typed] = layout([say("Wer?", "Ja", "Nein")], Capabilities(4096, 3, 10, buttons=False, files=False))
    assert typed.text == f"Wer?\n{numbered([Choice('Ja'), Choice('Nein')])}"


def test_of_a_long_question_only_the_last_part_has_buttons():
    parts = layout([say("wort " * 100, "Ja")], Capabilities(50, 3, 10, buttons=True, files=False))
    assert len(parts) > 1
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [part.question for part in parts] == [""] * (len(parts) - 1) + ["rolle"]
    assert "".join(part.text for part in parts).count("wort") == 100
