import time

import pytest

from bot.answers.base import Evidence, Misshapen, Problem, Value
from bot.answers.kinds import KINDS
from tests.answers.speaking import BOTH, german, kind, told


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Anna", "Anna"),
        ("  Anna \n Maria  ", "Anna Maria"),
        ("Grüße 👩‍👩‍👧 <b>{name}</b> {{x}} %s", "Grüße 👩‍👩‍👧 <b>{name}</b> {{x}} %s"),
        ("a\u0308", "ä"),
        ("ab\x00c\x07d", "abcd"),
        ("links\u202erechts\u2066x", "linksrechtsx"),
        ("un\u200bsicht\ufeffbar", "unsichtbar"),
        ("سلام", "سلام"),
    ],
)
def test_what_is_visible_survives(text, kept):
    assert kind("short_text").read(text, german()) == Value(kept)
    assert kind("short_text").accept(text, german()) == Value(kept)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", "! text.empty"),
        (" \u200b\x00 ", "! text.empty"),
        ("halb \ud83d", "! text.unreadable"),
        ("x" * 200, "= " + "x" * 200),
        ("x" * 201, "! text.too_long"),
    ],
)
def test_short_text(text, answer):
    assert told(kind("short_text"), text) == answer


def test_long_text_keeps_its_lines():
    text = kind("long_text")
    assert text.read("Erstens.\r\n  \r\nZweitens.  \n", german()) == Value("Erstens.\n\nZweitens.")
    assert text.read("x" * 2001, german()).params == {"length": "2001", "max": "2000"}
    assert kind("long_text", max_length="10").limits(german()) == {"max_length": 10}


def test_text_in_json():
    for raw in (None, 1, ["a"]):
        assert isinstance(kind("short_text").accept(raw, german()), Misshapen)
    assert kind("short_text").accept("\ud800", german()).key == "text.unreadable"


def test_evidence_cannot_be_written():
    assert told(kind("evidence", later="allowed"), "Später!") == "= wird nachgereicht"
    assert told(kind("evidence"), "später") == "! evidence.not_later"
    assert told(kind("evidence"), "hier ist er") == "! evidence.file_expected"


def test_evidence_in_json():
    evidence = kind("evidence", later="allowed", max_pages="2")
    assert evidence.accept({"files": ["f1", "f2"], "later": False}, german()) == Value(Evidence(("f1", "f2")))
    assert evidence.accept({"files": [], "later": True}, german()) == Value(Evidence((), later=True))
    assert evidence.accept({"files": []}, german()).key == "evidence.file_expected"
    assert evidence.accept({"files": ["a", "b", "c"]}, german()).key == "evidence.too_many"
    assert kind("evidence").accept({"files": [], "later": True}, german()).key == "evidence.not_later"
    for raw in ([], {"files": "f1"}, {"files": [1]}, {"files": [], "later": "yes"}, {"later": True}, {"files": [""]}):
        assert isinstance(evidence.accept(raw, german()), Misshapen)
    assert evidence.show(Evidence(("f1",), later=True), german()) == "1 Datei, wird nachgereicht"


KEYS = {
    "one_of": {"options": {f"o{number}": f"Möglichkeit {number}" for number in range(40)}},
    "many_of": {"options": {f"o{number}": f"Möglichkeit {number}" for number in range(40)}},
    "rows_of": {"of": "kinder"},
}
NASTY = ["1" * 100_000, "a@" * 50_000, "1.1.2020, " * 10_000, " " * 100_000, "und " * 25_000, "3-" * 50_000]


@pytest.mark.parametrize("answer", sorted(KINDS))
def test_long_input_is_answered_at_once(answer):
    """Whoever pastes a book gets a problem, not a busy server. Also just below the limits of each kind."""
    the_kind = kind(answer, **KEYS.get(answer, {}))
    for context in (make(rows={1: "Anna"}) for make in BOTH):
        for text in [*NASTY, *(nasty[: the_kind.longest] for nasty in NASTY)]:
            began = time.perf_counter()
            reading = the_kind.read(text, context)
            assert time.perf_counter() - began < 0.25, text[:10]
            assert len(text) <= the_kind.longest or isinstance(reading, Problem)
