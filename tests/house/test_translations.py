"""Every sentence of the product has an English entry, and none of them breaks a placeholder."""

from pathlib import Path

import pytest

from bot.i18n import FOLDER, Catalogues
from bot.i18n.check import check_catalogues, stale
from bot.i18n.sources import ROOT, domains, unreadable
from bot.i18n.update import update
from bot.procedures.load import load_procedure


@pytest.fixture(scope="module")
def everything():
    return domains([load_procedure(path.parent) for path in sorted((ROOT / "dialogs").glob("*/*/dialog.yaml"))])


def test_english_is_complete_and_keeps_every_placeholder(everything):
    assert [str(error) for error in check_catalogues(everything, FOLDER)] == []


def test_no_entry_is_stale(everything):
    assert [str(warning) for warning in stale(everything, FOLDER)] == []


def test_every_sentence_can_be_found_by_reading_the_code():
    assert [str(error) for error in unreadable(ROOT / "bot")] == []


def test_the_catalogues_are_as_an_update_writes_them(everything, tmp_path):
    for path in FOLDER.rglob("*.po"):
        copy = tmp_path / path.relative_to(FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    assert [Path(path).name for path in update(everything, tmp_path, ROOT)] == []


def test_the_core_speaks_english(everything):
    words = Catalogues.load().words("en")
    greeting = next(sentence for sentence in everything["bot"] if sentence.place == "core.greeting")
    assert words.translate(greeting.place, greeting.text).startswith("Good day")
