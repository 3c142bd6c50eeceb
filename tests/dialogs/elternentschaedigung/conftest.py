"""The first procedure, loaded once, with short ways to call its rules and to walk its questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.answers.base import Json, Period
from bot.procedures import walk as walking
from bot.procedures.interview import Interview, compile_interview
from bot.procedures.load import load_procedure, parameters_of
from bot.procedures.rules import Row
from bot.procedures.source import Source
from bot.procedures.walk import Cell, Sheet

FOLDER = Path(__file__).parents[3] / "dialogs" / "elternentschaedigung" / "2026-11"
TODAY = date(2022, 3, 2)

Call = Callable[..., Any]


@pytest.fixture(scope="session")
def source() -> Source:
    return load_procedure(FOLDER)


@pytest.fixture(scope="session")
def interview(source: Source) -> Interview:
    return compile_interview(source)


@pytest.fixture(scope="session")
def parameters(source: Source) -> dict[str, Any]:
    return parameters_of(source, None)


@pytest.fixture(scope="session")
def law(source: Source, parameters: dict[str, Any]) -> Call:
    """Calls a rule by name and hands in what it wants: ``law("frist_ende", day, today=...)``."""

    def call(name: str, *arguments: Any, today: date = TODAY, **changed: Any) -> Any:
        rule = source.rules[name]
        handed = {"tables": source.tables, "parameters": {**parameters, **changed}, "today": today}
        return rule.function(*arguments, **{wanted: handed[wanted] for wanted in rule.wants})

    return call


def day(text: str) -> date:
    return date.fromisoformat(text)


def days(*texts: str) -> tuple[date, ...]:
    return tuple(day(text) for text in texts)


def period(first: str, last: str) -> Period:
    return Period(day(first), day(last))


def closure(first: str, last: str, number: int = 1, **answers: Any) -> Row:
    """A closure period; closed by the authority and no work at all unless said otherwise."""
    filled = {"zeitraum": period(first, last), "grund": "behoerde", "umfang": "gar_nicht", **answers}
    return Row("zeiten", str(number), number, number, filled)


def child(born: str = "2015-03-01", number: int = 1, **answers: Any) -> Row:
    filled = {"kind_geboren": day(born), "verhaeltnis": "eigenes", "einrichtung_art": "kita", **answers}
    return Row("kinder", str(number), number, number, filled)


@pytest.fixture(scope="session")
def play(interview: Interview, parameters: dict[str, Any]) -> Callable[..., walking.Path]:
    """Answers every question from ``answers``: by address, by id, or left out where it may be.

    ``rows``: how many rows each section with another-row questions has. Notices are acknowledged; with ``until``
    the walk stands still at the notice of that criterion.
    """

    def go(
        answers: Mapping[str, Json],
        rows: Mapping[str, int] | None = None,
        today: date = TODAY,
        until: str | None = None,
    ) -> walking.Path:
        sheet = Sheet()
        for section, count in (rows or {}).items():
            sheet.rows[section], sheet.numbered[section] = tuple(range(1, count + 1)), count
        for _ in range(400):
            path = walking.walk(interview, sheet, parameters, today)
            if path.here is None or (path.here.criterion is not None and path.here.criterion.id == until):
                return path
            _answer(sheet, path, answers)
        raise AssertionError("the walk does not end")

    return go


def _answer(sheet: Sheet, path: walking.Path, answers: Mapping[str, Json]) -> None:
    here = path.here
    assert here is not None
    if here.criterion is not None:
        sheet.acknowledged |= {here.criterion.id}
        return
    if here.address.startswith("@again"):
        sheet.cells[here.address] = Cell("value", False)
        return
    assert here.failed is None, here.failed
    assert not here.invalid, here.address
    question = here.address.rpartition(".")[2]
    found = answers.get(here.address, answers.get(question, ...))
    if found is ...:
        stop = path.token.state
        assert sheet.cells.get(here.address) is None, stop
        sheet.cells[here.address] = Cell("skipped")
    elif found == {"unsure": True}:
        sheet.cells[here.address] = Cell("unsure")
    else:
        sheet.cells[here.address] = Cell("value", found)


LATER: Json = {"files": [], "later": True, "source": "upload"}
ADDRESS: Json = {"street": "Musterweg", "house_number": "1", "postal_code": "04109", "city": "Leipzig"}

EXAMPLE_D: dict[str, Json] = {
    "anlass": "betreuung_kind",
    "bundesland": "sachsen",
    "rolle": "selbststaendig",
    "vertretung": False,
    "verdienstausfall": True,
    "kind_name": {"given": "Lena", "family": "Muster"},
    "kind_geboren": "2015-03-01",
    "verhaeltnis": "eigenes",
    "einrichtung_art": "kita",
    "stunden_woche": "40",
    "arbeitstage": ["montag", "dienstag", "mittwoch", "donnerstag", "freitag"],
    "zeiten[1].zeitraum": ["2020-03-30", "2020-04-09"],
    "zeiten[2].zeitraum": ["2020-04-20", "2020-05-15"],
    "grund": "behoerde",
    "anordnung": "landesregel",
    "zeiten[2].freie_tage": ["2020-05-01"],
    "umfang": "gar_nicht",
    "selbst_betreut": True,
    "notbetreuung": False,
    "alleinerziehend": False,
    "elternteil": "gearbeitet",
    "verwandte": False,
    "homeoffice": "nein",
    "anderer_ausfall": False,
    "kinderkrankengeld": False,
    "begruendung": "Der andere Elternteil arbeitete jeden Tag im Krankenhaus.",
    "vorname": "Alex",
    "nachname": "Muster",
    "geburtsdatum": "1985-05-03",
    "anschrift": ADDRESS,
    "versicherung": "freiwillig",
    "einrichtung_name": "Kita Sonnenschein",
    "einrichtung_plz": "04109",
    "einrichtung_ort": "Leipzig",
    "taetigkeit": "Fotografin",
    "taetigkeit_beginn": "2017-03",
    "bescheid_vorhanden": True,
    "steuerjahr": 2019,
    "gewinn": "36000.00",
    "steuern": "4200.00",
    "vorsorge": "6600.00",
    "einnahmen": "0.00",
    "email": "alex@example.org",
    "antwortweg": "post",
    "vorschuss": False,
    "konto_inhaber": "Alex Muster",
    "iban": "DE89370400440532013000",
    "steuerbescheid": LATER,
    "gewinn_nachweis": LATER,
    "vorsorge_nachweis": LATER,
    "kkg_nachweis": LATER,
    "quarantaene_nachweis": LATER,
    "behinderung_nachweis": LATER,
    "vollmacht": LATER,
    "entgelt_nachweis": LATER,
}
"""Worked example D: a self-employed parent, two closures in spring 2020, one public holiday."""
