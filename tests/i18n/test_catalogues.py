"""Catalogues at run time: what the applicant reads in a language other than German."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.base import German
from bot.i18n import FOLDER, CatalogueError, Catalogues, read

HEADER = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "en" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path


def write(folder: Path, body: str, domain: str = "bot") -> Path:
    path = folder / "en" / "LC_MESSAGES" / f"{domain}.po"
    path.write_text(HEADER + body, "utf-8")
    return path


def test_german_is_the_source_and_needs_no_catalogue(folder):
    words = Catalogues.load(folder).words("de")
    assert isinstance(words, German)
    assert words.translate("say.hello", "Guten Tag") == "Guten Tag"


def test_place_and_sentence_together_are_the_key(folder):
    write(folder, 'msgctxt "a"\nmsgid "Ja"\nmsgstr "Yes"\n\nmsgctxt "b"\nmsgid "Ja"\nmsgstr "Agreed"\n')
    words = Catalogues.load(folder).words("en")
    assert words.language == "en"
    assert [words.translate(place, "Ja") for place in ("a", "b", "c")] == ["Yes", "Agreed", "Ja"]
    assert words.translate("a", "Jawohl") == "Jawohl"


def test_all_domains_of_a_language_are_one(folder):
    write(folder, 'msgctxt "a"\nmsgid "Ja"\nmsgstr "Yes"\n')
    write(folder, 'msgctxt "x.b.ask"\nmsgid "Nein"\nmsgstr "No"\n', "x")
    words = Catalogues.load(folder).words("en")
    assert (words.translate("a", "Ja"), words.translate("x.b.ask", "Nein")) == ("Yes", "No")


@pytest.mark.parametrize(
    "entry", ['#, fuzzy\nmsgctxt "a"\nmsgid "Ja"\nmsgstr "No"\n', 'msgctxt "a"\nmsgid "Ja"\nmsgstr ""\n']
)
def test_an_unfinished_entry_stays_german(folder, entry):
    write(folder, entry)
    assert Catalogues.load(folder).words("en").translate("a", "Ja") == "Ja"


def test_a_language_that_is_gone_is_german(folder):
    assert Catalogues.load(folder).languages == ("de", "en")
    assert Catalogues.load(folder).words("uk").language == "de"


def test_several_lines_are_one_text(folder):
    path = write(folder, 'msgctxt "a"\nmsgid ""\n"Guten \\"Tag\\"\\n"\n"und mehr"\nmsgstr ""\n"Good\\n"\n"day"\n')
    (entry,) = read(path)
    assert (entry.text, entry.translation, entry.line) == ('Guten "Tag"\nund mehr', "Good\nday", 6)


@pytest.mark.parametrize(
    "body", ['msgid "Ja\nmsgstr "Yes"\n', 'msgctxt "a"\nsomething "Ja"\n', "Ja\n", 'msgid_plural "a"\n']
)
def test_what_no_tool_writes_is_refused_with_its_line(folder, body):
    path = write(folder, body)
    with pytest.raises(CatalogueError) as raised:
        Catalogues.load(folder)
    assert raised.value.path == path
    assert raised.value.line in (5, 6)


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip)


@given(st.dictionaries(texts, texts, min_size=1, max_size=5), st.integers(20, 120))
def test_whatever_babel_writes_is_read_back(tmp_path_factory, sentences, width):
    catalog = Catalog(locale="en")
    for number, (text, translation) in enumerate(sentences.items()):
        catalog.add(text, translation, context=f"place{number}")
    body = BytesIO()
    write_po(body, catalog, width=width, omit_header=True)
    path = tmp_path_factory.mktemp("po") / "bot.po"
    path.write_bytes(body.getvalue())
    assert {entry.text: entry.translation for entry in read(path)} == sentences


def test_our_reader_and_babels_agree_on_our_catalogues():
    paths = sorted(FOLDER.rglob("*.po"))
    assert paths
    for path in paths:
        messages = read_po(BytesIO(path.read_bytes()), abort_invalid=True)
        theirs = {(message.context or "", message.id): message.string for message in messages if message.id}
        assert {(entry.place, entry.text): entry.translation for entry in read(path)} == theirs
