"""What can be applied for: what is told about it, and how it is found by an applicant's own words."""

from datetime import UTC, date, datetime

import pytest

from bot.dialogs import read_dialogs
from bot.library import Library
from bot.ports import Moment
from bot.web.shapes.procedures import procedures
from tests.core.talk import words
from tests.support.house import EXAMPLES, ROOT, SHIPPED
from tests.web.shapes.schemas import wrong


def library(*folders):
    dialogs = [dialog for folder, names in folders for dialog in read_dialogs(folder, names).dialogs]
    municipalities = [file for dialog in dialogs for file in dialog.beside.municipalities]
    return Library([dialog.source for dialog in dialogs], municipalities)


TINY = ROOT / "tests" / "dialogs" / "tiny"
LIBRARY = library((SHIPPED, ()), (EXAMPLES, ()), (TINY, ("municipal", "choices", "suggest")))


def offered(q="", language="de", today=date(2022, 3, 2)):
    made = procedures(LIBRARY, words(language), Moment(datetime(2022, 3, 2, 9, tzinfo=UTC), today), q)
    assert wrong("Procedures", made) == []
    return made["procedures"]


def ids(q, **more):
    return [each["id"] for each in offered(q, **more)]


def test_all_are_listed_where_nothing_is_looked_for():
    assert set(ids("")) == set(LIBRARY.offers) == set(ids("  "))


def test_what_one_should_know_before():
    shown = next(each for each in offered() if each["id"] == "elternentschaedigung")
    assert shown["title"] == "Entschädigung, weil Kita oder Schule zu war"
    assert shown["agency"] == "Landesdirektion Sachsen"
    assert (shown["status"], shown["opens"], shown["closes"]) == ("open", "2020-03-31", "2024-09-23")
    assert shown["minutes"] % 5 == 0
    assert shown["languages"] == ["de", "en"]
    assert all(paper["title"] for paper in shown["papers"])


def test_a_paper_that_only_some_need_says_so():
    shown = next(each for each in offered() if each["id"] == "beispiel")
    assert shown["papers"] == [{"id": "nachweis", "title": "Bescheid", "always": False}]


@pytest.mark.parametrize(
    ("today", "status"),
    [(date(2020, 1, 1), "planned"), (date(2022, 3, 2), "open"), (date(2024, 9, 24), "closed")],
)
def test_the_status_is_that_of_the_day(today, status):
    assert next(each for each in offered(today=today) if each["id"] == "beispiel")["status"] == status


def test_a_procedure_of_municipalities_is_offered_by_each():
    found = [each for each in offered() if each["id"].startswith("municipal")]
    assert [each["id"] for each in found] == [f"municipal/{name}" for name in LIBRARY.municipalities("municipal")]
    assert all(each["closes"] for each in found)  # a parameter of the municipality


@pytest.mark.parametrize(
    "q",
    [
        "Kita zu",
        "kindergarten geschlosen",
        "Verdienstausfall",
        "entschädigung schule",
        "Corona Eltern",
        "kinderbetreung",
    ],
)
def test_an_applicants_words_find_it_first(q):
    assert ids(q)[0] == "elternentschaedigung"


def test_english_titles_are_found_in_english():
    title = next(each["title"] for each in offered(language="en") if each["id"] == "elternentschaedigung")
    assert title != "Entschädigung, weil Kita oder Schule zu war"
    assert ids(title, language="en")[0] == "elternentschaedigung"


@pytest.mark.parametrize("q", ["Fahrradreparatur", "xyzzy", "??", "in"])
def test_what_is_not_here_is_not_found(q):
    assert ids(q) == []
