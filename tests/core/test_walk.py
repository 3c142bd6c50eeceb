"""The walk: where a case stands follows from its answers alone, and one step is as good as the whole way."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from bot.library import typed_parameters
from bot.procedures.walk import Cell, Sheet, locate, resume, walk
from tests.core.applicant import Applicant
from tests.core.talk import TODAY, Talk, interview_of, seen

INTERVIEW = interview_of("beispiel")
PARAMETERS = typed_parameters(INTERVIEW, {})
ONE_CHILD = {
    "bundesland": "sachsen",
    "rolle": "angestellt",
    "kinder[1].vorname": "Lena",
    "kinder[1].geboren": "2015-03-01",
}


def sheet(answers=(), rows=(), **more):
    """``rows``: (section, numbers)."""
    cells = {address: Cell("value", raw) for address, raw in dict(answers).items()}
    numbers = dict(rows)
    return Sheet(cells, numbers, {section: max(found, default=0) for section, found in numbers.items()}, **more)


def walked(found, today=TODAY):
    return walk(INTERVIEW, found, PARAMETERS, today)


def here(path):
    return None if path.here is None else path.here.address


def addresses(path):
    return [step.address for step in path.steps]


def test_it_begins_at_the_first_question_and_stops_at_the_first_gap():
    assert here(walked(sheet())) == "bundesland"
    assert here(walked(sheet({"bundesland": "sachsen"}))) == "rolle"
    gap = walked(sheet({"bundesland": "sachsen", "kinder[1].vorname": "Lena"}))
    assert here(gap) == "rolle"
    assert addresses(gap) == ["bundesland"]
    assert gap.scope.rows == {}


def test_answers_behind_a_gap_are_in_no_scope():
    path = walked(sheet(ONE_CHILD | {"telefon": "+493411234567"}))
    assert "telefon" not in path.scope.answers
    assert here(path) == "@again[kinder]"


def test_an_abandoned_branch_is_not_walked_and_comes_back():
    months = ONE_CHILD | {
        "@again[kinder]": False, "zeiten[1].fuer": [1], "zeiten[1].zeitraum": ["2020-04-20", "2020-05-15"],
        "zeiten[1].grund": "behoerde", "@again[zeiten]": False,
        "monate[2020-04].einnahmen": "1.00", "monate[2020-05].einnahmen": "2.00",
    }  # fmt: skip
    rows = (("kinder", (1,)), ("zeiten", (1,)))
    with_months = walked(sheet(months | {"rolle": "selbststaendig"}, rows))
    without = walked(sheet(months, rows))
    assert [row.id for row in with_months.scope.rows["monate"]] == ["2020-04", "2020-05"]
    assert not [address for address in addresses(without) if address.startswith("monate")]
    assert here(with_months) == here(without) == "telefon"
    assert walked(sheet(months | {"rolle": "selbststaendig"}, rows)).steps == with_months.steps


def test_a_changed_period_adds_and_takes_months_without_touching_answers():
    talk = Talk().begin().answer(
        "sachsen", "selbststaendig", "Lena", "2015-03-01", False, True, [1], ["2020-04-20", "2020-05-15"], "behoerde",
        False, "1.00", "2.00",
    )  # fmt: skip
    talk.act("correct", "zeiten[1].zeitraum")
    talk.pick(["2020-05-04", "2020-06-15"])
    talk.pick("change")
    assert talk.open.address == "monate[2020-06].einnahmen"
    assert [address for address in addresses(talk.path) if address.startswith("monate")] == [
        "monate[2020-05].einnahmen"
    ]
    assert talk.case.sheet.cells["monate[2020-04].einnahmen"].raw == "1.00"


@pytest.mark.parametrize("dialog", ["beispiel", "elternentschaedigung"])
def test_one_step_is_as_good_as_the_whole_way_after_every_answer(dialog):
    """Cells are put into the sheet one by one: resumed and walked from nothing must say the same."""
    talk = Applicant(Talk(dialog), 7, more=0.6).finish()
    interview, parameters = talk.interview, talk.path.scope.parameters
    done, growing = talk.case.sheet, Sheet(acknowledged=talk.case.sheet.acknowledged)
    hot = walk(interview, growing, parameters, TODAY)
    for _ in range(500):
        if hot.here is None:
            break
        _grow(growing, done, hot.here)
        hot = resume(interview, growing, hot)
        assert seen(hot) == seen(walk(interview, growing, parameters, TODAY))
    assert hot.complete
    assert seen(hot) == seen(talk.path)


def _grow(growing, done, here):
    section = here.address.removeprefix("@again[").rstrip("]")
    numbers = done.rows.get(section, ())
    if here.address.startswith("@again") and len(growing.rows.get(section, ())) < len(numbers):
        row = numbers[len(growing.rows.get(section, ()))]
    elif here.stop.section in done.rows and "[" in here.address and not here.address.startswith("@"):
        growing.cells[here.address] = done.cells[here.address]
        section, row = here.stop.section, int(here.row)
    else:
        growing.cells[here.address] = done.cells[here.address]
        return
    growing.rows[section] = tuple(sorted({*growing.rows.get(section, ()), row}))
    growing.numbered[section] = max(growing.rows[section])


def test_resuming_leaves_the_path_before_as_it_was():
    found = sheet({"bundesland": "sachsen"})
    before = walked(found)
    kept = seen(before)
    found.cells["rolle"] = Cell("value", "angestellt")
    assert here(resume(INTERVIEW, found, before)) == "kinder[1].vorname"
    assert seen(before) == kept


def test_a_reopened_answer_is_where_it_stops_with_the_old_one_at_hand():
    path = walked(sheet(ONE_CHILD, (("kinder", (1,)),), reopened={"rolle": None}))
    assert (here(path), path.here.old) == ("rolle", Cell("value", "angestellt"))
    assert addresses(path) == ["bundesland"]


def test_what_breaks_the_limits_of_its_kind_is_asked_again():
    tomorrow = walked(sheet(ONE_CHILD | {"kinder[1].geboren": "2022-03-03"}, (("kinder", (1,)),)))
    assert (here(tomorrow), tomorrow.here.invalid) == ("kinder[1].geboren", True)
    gone = walked(sheet({"bundesland": "atlantis"}))
    assert (here(gone), gone.here.invalid) == ("bundesland", True)
    other_kind = walked(sheet(ONE_CHILD | {"kinder[1].geboren": {"given": "x"}}, (("kinder", (1,)),)))
    assert (here(other_kind), other_kind.here.invalid) == ("kinder[1].geboren", True)
    day_later = walked(sheet(ONE_CHILD | {"kinder[1].geboren": "2022-03-03"}, (("kinder", (1,)),)), date(2022, 3, 3))
    assert here(day_later) == "@again[kinder]"


def test_unsure_and_skipped_stand_only_where_the_question_allows_them():
    for kind in ("unsure", "skipped"):
        path = walked(Sheet({"bundesland": Cell(kind)}))
        assert (here(path), path.here.invalid) == ("bundesland", True)


def test_a_section_check_asks_its_last_answer_again():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2015-03-01", False, False)
    talk.act("skip")
    refused = talk.act("skip")
    assert refused.outcome == "refused"
    assert talk.open.address == "mail"
    assert any("Telefon oder E-Mail" in text for text in talk.texts)
    assert talk.pick("erika@example.org").outcome == "accepted"


def test_rows_may_be_removed_to_none_where_none_is_allowed():
    answers = ONE_CHILD | {"@again[kinder]": False, "@again[zeiten]": False}
    path = walked(sheet(answers, (("kinder", (1,)), ("zeiten", ()))))
    assert (here(path), path.scope.rows["zeiten"]) == ("telefon", [])
    assert here(walked(sheet({"bundesland": "sachsen", "rolle": "angestellt"}))) == "kinder[1].vorname"


def test_numbers_of_removed_rows_are_not_given_again():
    found = Sheet({}, {"kinder": ()}, {"kinder": 3})
    found.cells |= {"bundesland": Cell("value", "sachsen"), "rolle": Cell("value", "angestellt")}
    assert here(walked(found)) == "kinder[4].vorname"


def test_finding_a_step():
    path = walked(sheet({"bundesland": "sachsen"}))
    assert locate(path, "bundesland").cell.raw == "sachsen"
    assert locate(path, "rolle") is None


def test_a_notice_stands_in_the_way_until_it_is_read():
    elsewhere = sheet({"bundesland": "anderes"})
    path = walked(elsewhere)
    assert (here(path), path.here.criterion.id) == ("@notice[land]", "land")
    assert not path.complete
    elsewhere.acknowledged = frozenset({"land"})
    assert here(walked(elsewhere)) == "rolle"


def test_the_order_of_answering_does_not_matter():
    """The same answers in any order of time are the same path: nothing of a position is kept."""
    talk = Applicant(Talk(), 9, more=0.6).finish()
    shuffled = list(talk.case.sheet.cells.items())
    Random(1).shuffle(shuffled)
    other = talk.case.sheet.copy()
    other.cells = dict(shuffled)
    assert seen(walk(talk.interview, other, talk.path.scope.parameters, TODAY)) == seen(talk.path)
