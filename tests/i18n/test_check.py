"""Lints of the catalogues and their update from the sources."""

from pathlib import Path

import pytest

from bot.i18n import read
from bot.i18n.check import check_catalogues, length, stale
from bot.i18n.sources import Sentence, of_code, unreadable
from bot.i18n.update import update, updated

CODE = Path("bot/say.py")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "locales" / "en" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path / "locales"


def sentence(text: str, place: str = "say.hello", line: int = 7, root: Path = Path()) -> Sentence:
    return Sentence(place, text, root / CODE, line)


def messages(folder: Path, entry: str, german: str = "Guten Tag, {name}") -> list[str]:
    path = folder / "en" / "LC_MESSAGES" / "bot.po"
    path.write_text(entry, "utf-8")
    return [error.message for error in check_catalogues({"bot": [sentence(german)]}, folder)]


def entry(translation: str, mark: str = "") -> str:
    return f'{mark}msgctxt "say.hello"\nmsgid "Guten Tag, {{name}}"\nmsgstr "{translation}"\n'


def test_a_good_entry_has_no_fault(folder):
    assert messages(folder, entry("Good day, {name}")) == []


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        ("", "not translated"),
        ("Good day", "lacks {name}"),
        ("Good day, {nome}", "lacks {name}"),
        ("Good day, {name} {nome}", "has {nome}"),
        ("Good day, {name} {", "brace"),
        ("Good day, {name} { name }", "brace"),
        ("Good day, {name} ", "begins or ends with a blank"),
        ("{name}" + "x" * 4096, "longer than"),
    ],
)
def test_each_fault_is_named(folder, translation, fault):
    assert any(fault in message for message in messages(folder, entry(translation)))


def test_fuzzy_is_a_fault(folder):
    assert ["fuzzy" in message for message in messages(folder, entry("Good day, {name}", "#, fuzzy\n"))] == [True]


def test_a_fault_names_file_and_line(folder):
    path = folder / "en" / "LC_MESSAGES" / "bot.po"
    path.write_text("\n\n" + entry("Good day"), "utf-8")
    (error,) = check_catalogues({"bot": [sentence("Guten Tag, {name}")]}, folder)
    assert (error.path, error.line) == (path, 4)


def test_a_missing_entry_is_shown_where_the_sentence_stands(folder):
    (error,) = check_catalogues({"bot": [sentence("Guten Tag")]}, folder)
    assert (error.path, error.line) == (CODE, 7)
    assert "no entry" in error.message


def test_an_unreadable_catalogue_is_one_mistake(folder):
    assert messages(folder, "msgid Guten Tag") == ["expected msgctxt, msgid or msgstr, and a text in double quotes"]


@pytest.mark.parametrize("german", [" Guten Tag", "Guten Tag\n", "Guten {Tag", "Guten Tag, {NAME}"])
def test_an_ill_formed_german_sentence_is_a_mistake(folder, german):
    errors = check_catalogues({"bot": [sentence(german)]}, folder)
    assert any(error.path == CODE and "no entry" not in error.message for error in errors)


def test_a_place_holds_one_sentence_of_the_code(folder):
    errors = check_catalogues({"bot": [sentence("Ja", line=1), sentence("Nein", line=2)]}, folder)
    assert [error.line for error in errors if "another sentence" in error.message] == [2]


def test_versions_of_a_procedure_may_differ_at_one_place(folder):
    errors = check_catalogues({"kita": [sentence("Ja"), sentence("Nein")]}, folder)
    assert all("no entry" in error.message for error in errors)


def test_stale_entries_are_told(folder):
    (folder / "en" / "LC_MESSAGES" / "bot.po").write_text(entry("Good day, {name}"), "utf-8")
    (warning,) = stale({"bot": [sentence("Guten Morgen")]}, folder)
    assert "no such sentence" in warning.message


def test_length_counts_as_the_narrowest_channel_does():
    assert length("aé😀") == 4


def test_an_update_is_complete_and_repeats_itself(tmp_path, folder):
    domains = {"bot": [sentence("Guten Tag, {name}", root=tmp_path), sentence("Ja", "say.yes", root=tmp_path)]}
    (path,) = update(domains, folder, tmp_path)
    assert [(entry.place, entry.text, entry.translation) for entry in read(path)] == [
        ("say.hello", "Guten Tag, {name}", ""),
        ("say.yes", "Ja", ""),
    ]
    assert update(domains, folder, tmp_path) == []
    written = path.read_text("utf-8")
    assert str(tmp_path) not in written
    assert "Date" not in written
    assert "bot/say.py" in written


def run_update(old: str, *sentences: Sentence) -> str:
    return updated(old.encode(), sentences, domain="bot", language="en", root=Path()).decode()


def test_an_update_keeps_translations_and_comments():
    old = '# Formal.\nmsgctxt "say.hello"\nmsgid "Guten Tag"\nmsgstr "Good day"\n'
    new = run_update(old, sentence("Guten Tag"))
    assert 'msgstr "Good day"' in new
    assert "# Formal." in new
    assert "fuzzy" not in new
    assert run_update(new, sentence("Guten Tag")) == new


def test_a_changed_sentence_keeps_its_translation_as_a_proposal():
    new = run_update('msgctxt "say.hello"\nmsgid "Guten Tag"\nmsgstr "Good day"\n', sentence("Guten Morgen"))
    assert '#| msgid "Guten Tag"' in new
    assert "#, fuzzy" in new
    assert 'msgstr "Good day"' in new
    assert run_update(new, sentence("Guten Morgen")) == new


def test_a_sentence_known_elsewhere_is_a_proposal():
    new = run_update('msgctxt "a"\nmsgid "Ja"\nmsgstr "Yes"\n', sentence("Ja", "a"), sentence("Ja", "b"))
    assert new.count('msgstr "Yes"') == 2
    assert new.count("fuzzy") == 1


def test_a_sentence_that_is_gone_is_dropped():
    assert "Good day" not in run_update('msgctxt "say.hello"\nmsgid "Guten Tag"\nmsgstr "Good day"\n')


def test_sentences_are_found_without_running_the_code(tmp_path):
    (tmp_path / "say.py").write_text(
        'HELLO = Template("say.hello", "Guten "\n  "Tag")\n\ndef f(x):\n    return base.Template("no", "Nein")\n'
    )
    assert [(found.place, found.text, found.line) for found in of_code(tmp_path)] == [
        ("say.hello", "Guten Tag", 1),
        ("no", "Nein", 5),
    ]
    assert unreadable(tmp_path) == []


def test_a_sentence_put_together_while_running_is_a_mistake(tmp_path):
    (tmp_path / "say.py").write_text('Template("say.hello", f"Guten {day}")\nTemplate("x")\nTemplate(place, "Ja")\n')
    assert [error.line for error in unreadable(tmp_path)] == [1, 2, 3]
