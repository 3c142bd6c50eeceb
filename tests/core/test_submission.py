"""What the agency gets: the path's answers at the places that the dialog names, and nothing else."""

from __future__ import annotations

from bot.core.submission import data, evidence
from tests.core.talk import Talk

FIRST = ("sachsen", "selbststaendig", "Lena", "2015-03-01", True, "Ben", "2016-01-01", False)
CLOSED = (True, [1, 2], ["2020-04-20", "2020-05-15"])


def filled():
    talk = Talk().begin().answer(*FIRST, *CLOSED)
    talk.act("unsure")
    talk.answer(False, "1000.00", "900.00")
    talk.act("skip")
    return talk.answer("erika@example.org", {"files": [], "later": True})


def test_every_answer_stands_where_the_dialog_says():
    assert data(filled().situation) == {
        "einrichtung": {"land": "sachsen"},
        "rolle": "selbststaendig",
        "kinder": [
            {"nummer": 1, "vorname": "Lena", "geboren": "2015-03-01"},
            {"nummer": 2, "vorname": "Ben", "geboren": "2016-01-01"},
        ],
        "zeiten": [{"nummer": 1, "kinder": [1, 2], "zeitraum": ["2020-04-20", "2020-05-15"]}],
        "monate": [{"monat": "2020-04", "einnahmen": "1000.00"}, {"monat": "2020-05", "einnahmen": "900.00"}],
        "mail": "erika@example.org",
        "bescheid": {"files": [], "later": True, "source": "upload"},
    }


def test_a_removed_row_is_not_sent_and_its_number_stays_free():
    talk = filled()
    talk.act("remove_row", "kinder[1]")
    talk.pick([2])  # the closure was for both
    assert [child["nummer"] for child in data(talk.situation)["kinder"]] == [2]
    assert data(talk.situation)["zeiten"][0]["kinder"] == [2]


def test_an_abandoned_branch_is_not_sent():
    talk = filled()
    talk.act("correct", "rolle")
    talk.pick("angestellt")
    talk.pick("change")
    sent = data(talk.situation)
    assert "monate" not in sent
    assert "bescheid" not in sent
    assert talk.case.sheet.cells["monate[2020-04].einnahmen"].raw == "1000.00"


def test_the_list_of_evidence_says_what_will_follow():
    assert evidence(filled().situation) == [{"question": "nachweis", "files": [], "later": True, "source": "upload"}]


def test_a_half_filled_case_sends_only_what_is_there():
    assert data(Talk().begin().answer("sachsen").situation) == {"einrichtung": {"land": "sachsen"}}
    assert data(Talk().begin().situation) == {}
