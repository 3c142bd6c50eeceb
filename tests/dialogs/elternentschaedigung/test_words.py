"""Words that people use for an option, in both languages, against the dialog and its catalogue as they are."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answers.base import Context, German, Problem, Unclear, Value, Words
from bot.i18n import Catalogues
from bot.procedures.source import Source

TODAY = date(2021, 3, 1)


def heard(source: Source, question: str, text: str, words: Words) -> object:
    """The option that is taken, a list of those that are asked back, or None."""
    kinds = {asked.id: asked.kind for section in source.procedure.sections for asked in section.questions}
    reading = kinds[question].read(text, Context(words, TODAY, place=f"elternentschaedigung.{question}"))
    if isinstance(reading, Unclear):
        return list(reading.candidates)
    return reading.value if isinstance(reading, Value) else None


@pytest.fixture(scope="module")
def english() -> Words:
    return Catalogues.load().words("en")


@pytest.mark.parametrize(
    ("question", "text", "option"),
    [
        ("rolle", "freelancer", "selbststaendig"),
        ("rolle", "I'm self-employed", "selbststaendig"),
        ("rolle", "home worker", "heimarbeit"),
        ("rolle", "freiberuflich", "selbststaendig"),
        ("einrichtung_art", "daycare", "kita"),
        ("einrichtung_art", "kindergarten", "kita"),
        ("einrichtung_art", "nursery", ["krippe", "kita"]),
        ("grund", "the authority closed it", "behoerde"),
        ("grund", "because of a strike", "traeger"),
        ("elternteil", "he had to work", "gearbeitet"),
        ("elternteil", "my husband had to work", ["gearbeitet"]),
        ("antwortweg", "by mail", "post"),
        ("verhaeltnis", "my daughter", "eigenes"),
        ("verhaeltnis", "my own child", ["eigenes", "in_pflege"]),
        ("verhaeltnis", "my foster child", "pflegekind"),
        ("arbeitstage", "mon to fri", ("montag", "dienstag", "mittwoch", "donnerstag", "freitag")),
        ("bundesland", "not Saxony", "anderes_land"),
    ],
)
def test_in_english(source: Source, english: Words, question: str, text: str, option: object) -> None:
    assert heard(source, question, text, english) == option


@pytest.mark.parametrize(
    ("question", "text", "option"),
    [
        ("verhaeltnis", "meine Tochter", "eigenes"),
        ("verhaeltnis", "mein eigenes Kind", ["eigenes", "in_pflege"]),
        ("verhaeltnis", "mein Pflegekind", "pflegekind"),
        ("verhaeltnis", "zwei", "pflegekind"),
        ("bundesland", "saschen", ["sachsen"]),
        ("bundesland", "Hessen", "anderes_land"),
        ("bundesland", "nicht in Sachsen", "anderes_land"),
        ("grund", "es war Streik", "traeger"),
        ("grund", "Streik in der Kita", ["traeger"]),
        ("rolle", "nicht angestellt", None),
    ],
)
def test_in_german(source: Source, question: str, text: str, option: object) -> None:
    assert heard(source, question, text, German()) == option


def test_a_year_is_no_month(source: Source) -> None:
    kinds = {asked.id: asked.kind for section in source.procedure.sections for asked in section.questions}
    reading = kinds["taetigkeit_beginn"].read("2017", Context(German(), TODAY))
    assert isinstance(reading, Problem)
    assert reading.key == "month.month_missing"
