"""The strict reader: what YAML would silently cut, merge or reinterpret is refused with line and cure."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.procedures.errors import DialogErrors
from bot.procedures.strict import read_yaml

PATH = Path("dialog.yaml")

REFUSED = [
    ("a: {b: c}", 1, "may not begin with {"),
    ("a: [b]", 1, "may not begin with ["),
    ("a: b\nc: &x d", 2, "may not begin with &"),
    ("a: &x b\nc: *x", 2, "may not begin with *"),
    ("a: !!str b", 1, "may not begin with !"),
    ("a: @b", 1, "may not begin with this sign"),
    ("a: b\n\tc: d", 2, "tabs are not allowed"),
    ("a: b\na: c", 2, "key 'a' stands twice, first in line 1"),
    ("a: b\n---\nc: d", 2, "a second document"),
    ("%YAML 1.1\n---\na: b", 1, "lines beginning with %"),
    ("a:\n    b: c", 2, "indented by 4 blanks instead of 2"),
    ("a:\n- b", 2, "indented by 0 blanks instead of 2"),
    ("a:\n   - b", 2, "indented by 3 blanks instead of 2"),
    ("a: eins: zwei", 1, "a text with ': ' must not stand bare"),
    ("a: eins # zwei", 1, "cut off at ' #'"),
    ("a: >\n  b", 1, "'>' joins lines"),
    ("a: eins\n  zwei", 1, "a text over several lines stands after |"),
    ('a: "eins\n  zwei"', 1, "a text over several lines stands after |"),
    ('a: " eins"', 1, "begins or ends with a blank"),
    ('a: "eins" zwei', 1, "closing quote"),
    ("a:", 1, "there is no value"),
    ("a: b\nc", 2, "a key needs ': ' and a value"),
    ("? a\n: b", 1, "a key is one bare word"),
    ('"a": b', 1, "a key is one bare word"),
    ("- a", 1, "must begin with a key"),
    ("", 1, "must begin with a key"),
    ("a: b\x07", 1, "no text may hold"),
    ("a:\n" + "".join("  " * depth + f"- {'- ' * 20}x\n" for depth in (1,)), 0, "nested too deeply"),
]


@pytest.mark.parametrize(("text", "line", "message"), REFUSED)
def test_refused(text, line, message):
    with pytest.raises(DialogErrors) as caught:
        read_yaml(text, PATH)
    assert [(error.path, error.line) for error in caught.value.errors if message in error.message] == [(PATH, line)]


def test_every_scalar_is_a_text_and_everything_has_a_line():
    text = 'a: no\nb:\n  - 2020-04-20\n  - c: 007\n    d: "x: y # z"\n# a comment\ne: |\n  eins\n  zwei\n'
    tree = read_yaml(text, PATH)
    assert tree.content == {"a": "no", "b": ["2020-04-20", {"c": "007", "d": "x: y # z"}], "e": "eins\nzwei\n"}
    assert tree.positions == {
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 3,
        ("b", 1): 4,
        ("b", 1, "c"): 4,
        ("b", 1, "d"): 5,
        ("e",): 7,
    }


def test_all_mistakes_at_once():
    with pytest.raises(DialogErrors) as caught:
        read_yaml("a: [b]\nc: eins # zwei\nd:\n", PATH)
    assert [error.line for error in caught.value.errors] == [1, 2, 3]


def test_line_ends_of_other_systems():
    assert read_yaml("a: b\r\nc: d\r\n", PATH).content == {"a": "b", "c": "d"}


@given(st.text(max_size=200) | st.text(alphabet="ab:-# \n\"'[]{}&*!|>%@,?\t", max_size=80))
def test_any_text_is_read_or_refused(text):
    with suppress(DialogErrors):
        assert isinstance(read_yaml(text, PATH).content, dict)
