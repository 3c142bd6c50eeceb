"""Whole interviews: what is asked of whom, what is told when, and the worked examples from question to estimate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.answers.base import Context, German, Value
from bot.procedures.check import check
from bot.procedures.interview import Interview
from bot.procedures.source import Source
from bot.procedures.walk import Path
from tests.dialogs.elternentschaedigung.conftest import ADDRESS, EXAMPLE_D, LATER

Play = Callable[..., Path]
TWO = {"zeiten": 2}


def asked(path: Path) -> list[str]:
    """Ids of the questions on the path, in order; rows are not told apart."""
    return [step.address.rpartition(".")[2] for step in path.steps]


def estimate(interview: Interview, path: Path) -> Any:
    (found,) = interview.estimates
    assert found.formula is not None
    return found.formula(path.scope)


def told(path: Path) -> dict[str, str]:
    """Criteria that are not simply met."""
    return {id: finding.state for id, finding in path.findings.items() if finding.state != "met"}


def test_the_dialog_passes_every_check(source: Source) -> None:
    assert check(source) == []


def test_example_d_from_question_to_estimate(play: Play, interview: Interview) -> None:
    path = play(EXAMPLE_D, TWO)
    assert path.complete
    assert told(path) == {"sonst_offen": "partly"}
    assert path.findings["sonst_offen"].params == {"tage_ja": 36, "tage_nein": 1}
    assert interview.values["gezaehlte_tage"](path.scope) == 36
    assert interview.values["antragsfrist"](path.scope) == date(2022, 5, 16)
    assert estimate(interview, path) == Decimal("1688.40")


def test_example_d_with_half_the_time(play: Play, interview: Interview) -> None:
    path = play({**EXAMPLE_D, "umfang": "taeglich", "ausfall_taeglich": "4"}, TWO)
    assert estimate(interview, path) == Decimal("844.20")


def test_single_days_with_some_work(play: Play, interview: Interview) -> None:
    answers = {
        **EXAMPLE_D,
        "zeiten[1].umfang": "einzelne",
        "zeiten[1].teil_tage": ["2020-04-06", "2020-04-07"],
        "teiltage[2020-04-06].ausfall_stunden": "4",
        "teiltage[2020-04-07].ausfall_stunden": "2",
    }
    path = play(answers, TWO)
    assert asked(path).count("ausfall_stunden") == 2
    assert estimate(interview, path) == Decimal("1688.40") - Decimal("1.25") * Decimal("46.90") + Decimal("0.005")


def test_a_full_case_stays_bearable(play: Play) -> None:
    assert len(play(EXAMPLE_D, {"zeiten": 1}).steps) <= 55
    two_children = play({**EXAMPLE_D, "fuer": [1, 2]}, {"kinder": 2, "zeiten": 1})
    assert len(two_children.steps) <= 65


def test_what_decides_is_asked_before_personal_data(play: Play) -> None:
    order = asked(play(EXAMPLE_D, TWO))
    assert order[:5] == ["anlass", "bundesland", "rolle", "vertretung", "verdienstausfall"]
    assert order.index("begruendung") < order.index("vorname") < order.index("iban")


def test_one_child_is_not_asked_for_whom(play: Play) -> None:
    assert "fuer" not in asked(play(EXAMPLE_D, TWO))
    assert "fuer" in asked(play({**EXAMPLE_D, "fuer": [2]}, {"kinder": 2, "zeiten": 2}))


@pytest.mark.parametrize(
    ("changed", "criterion"),
    [
        ({"anlass": "eigene_quarantaene"}, "richtiger_antrag"),
        ({"anlass": "anderer_anlass"}, "richtiger_antrag"),
        ({"bundesland": "anderes_land"}, "land"),
        ({"verdienstausfall": False}, "einbusse"),
        ({"rolle": "angestellt"}, "eigener_antrag"),
        ({"rolle": "arbeitgeber"}, "antrag_fuer_sich"),
        ({"gewinn": "0.00"}, "gewinn_positiv"),
        ({"gewinn": "-500.00"}, "gewinn_positiv"),
        ({"grund": "traeger"}, "anerkannter_grund"),
        ({"kind_geboren": "2008-01-01", "behindert": False}, "alter"),
        ({"verhaeltnis": "in_pflege"}, "sorge"),
        ({"homeoffice": "ja"}, "kein_ersatz_zu_hause"),
    ],
)
def test_each_reason_to_refuse_is_told_and_never_stops_anybody(
    play: Play, changed: dict[str, Any], criterion: str
) -> None:
    path = play({**EXAMPLE_D, **changed}, TWO)
    assert path.findings[criterion].state == "not_met"
    assert path.complete


def test_days_of_care_lie_in_any_closure_and_need_no_year(play: Play, interview: Interview) -> None:
    scope = play(EXAMPLE_D, TWO).scope
    for stem in ("fremd", "notbetreuung", "elternteil", "verwandte", "ausfall", "kkg"):
        stop = interview.by_question[f"{stem}_tage"]
        context = interview.context(stop, scope, Context(German(), date(2022, 3, 2)))
        assert len(context.within) == 2
        reading = stop.asked.kind.read("1.4., 4.5. bis 6.5.", context)
        assert isinstance(reading, Value)
        assert [day.isoformat() for day in reading.value] == ["2020-04-01", "2020-05-04", "2020-05-05", "2020-05-06"]
        assert stop.asked.kind.read("15.4.", context).key == "days.outside"


def test_outside_the_law_only_the_days_are_to_blame(play: Play) -> None:
    outside = {**ONE_CLOSURE, "zeitraum": ["2022-09-26", "2022-09-30"]}
    del outside["freie_tage"]
    states = told(play(outside, {"zeiten": 1}, today=date(2022, 11, 7)))
    assert states == {"zeit": "not_met"}


ALL_DAYS = [f"2020-04-{number:02}" for number in range(20, 31)] + [f"2020-05-{number:02}" for number in range(1, 16)]
ONE_CLOSURE = {**EXAMPLE_D, "zeitraum": ["2020-04-20", "2020-05-15"], "freie_tage": ["2020-05-01"]}
del ONE_CLOSURE["zeiten[1].zeitraum"], ONE_CLOSURE["zeiten[2].zeitraum"], ONE_CLOSURE["zeiten[2].freie_tage"]


@pytest.mark.parametrize(
    ("answer", "listed", "criterion"),
    [
        ({"selbst_betreut": False}, "fremd_tage", "eigene_betreuung"),
        ({"notbetreuung": True}, "notbetreuung_tage", "keine_notbetreuung"),
        ({"elternteil": "konnte"}, "elternteil_tage", "kein_elternteil"),
        ({"verwandte": True}, "verwandte_tage", "keine_verwandten"),
        ({"anderer_ausfall": True, "ausfall_gruende": ["urlaub"]}, "ausfall_tage", "nur_betreuung"),
    ],
)
@pytest.mark.parametrize(
    ("on", "state", "left"), [(["2020-05-04", "2020-05-05"], "partly", 23), (ALL_DAYS, "not_met", 0)]
)
def test_days_with_another_way_are_taken_out(
    play: Play,
    interview: Interview,
    answer: dict[str, Any],
    listed: str,
    criterion: str,
    on: list[str],
    state: str,
    left: int,
) -> None:
    path = play({**ONE_CLOSURE, **answer, listed: on}, {"zeiten": 1})
    assert path.findings[criterion].state == state
    assert interview.values["gezaehlte_tage"](path.scope) == left


def test_not_knowing_is_no_refusal(play: Play, interview: Interview) -> None:
    unsure = {"unsure": True}
    path = play({**ONE_CLOSURE, "notbetreuung": unsure, "grund": unsure}, {"zeiten": 1})
    assert path.findings["keine_notbetreuung"].state == "unclear"
    assert path.findings["anerkannter_grund"].state == "unclear"
    assert interview.values["gezaehlte_tage"](path.scope) == 25


def test_child_sick_pay_is_asked_by_day(play: Play, interview: Interview) -> None:
    assert "kinderkrankengeld" not in asked(play(ONE_CLOSURE, {"zeiten": 1}))
    january = {
        **ONE_CLOSURE,
        "zeitraum": ["2021-01-11", "2021-01-15"],
        "freie_tage": [],
        "kinderkrankengeld": True,
        "kkg_tage": ["2021-01-11"],
    }
    path = play(january, {"zeiten": 1})
    assert path.findings["kein_kinderkrankengeld"].state == "partly"
    assert interview.values["gezaehlte_tage"](path.scope) == 4
    assert "kkg_nachweis" in asked(path)
    private = {**january, "versicherung": "privat"}
    assert "kkg_nachweis" in asked(play(private, {"zeiten": 1}))
    assert "kkg_nachweis" not in asked(play({**private, "kinderkrankengeld": False}, {"zeiten": 1}))


def test_home_office_is_not_asked_for_later_days(play: Play) -> None:
    later = {**ONE_CLOSURE, "zeitraum": ["2021-04-19", "2021-04-23"], "freie_tage": []}
    path = play(later, {"zeiten": 1})
    assert "homeoffice" not in asked(path)
    assert "kein_ersatz_zu_hause" not in path.findings


def test_disability_is_asked_of_the_twelve_year_old_only(play: Play) -> None:
    answers = {**ONE_CLOSURE, "kinder[1].kind_geboren": "2008-05-11", "behindert": True, "fuer": [1, 2]}
    path = play(answers, {"kinder": 2, "zeiten": 1})
    assert [step.address for step in path.steps if step.address.startswith("ab_zwoelf")] == [
        "ab_zwoelf[1].behindert",
        "ab_zwoelf[1].behinderung_nachweis",
    ]
    assert path.findings["alter"].state == "met"


def test_the_deadline_is_told_right_after_the_closures(play: Play) -> None:
    notice = play(EXAMPLE_D, TWO, today=date(2026, 11, 23), until="frist")
    assert notice.steps[-1].stop.section == "zeiten"
    path = play(EXAMPLE_D, TWO, today=date(2026, 11, 23))
    assert told(path) == {"sonst_offen": "partly", "frist": "not_met"}
    assert path.findings["frist"].params["fristende"] == date(2022, 5, 16)


def test_earlier_payments_use_up_the_weeks(play: Play, interview: Interview) -> None:
    answers = {**ONE_CLOSURE, "bisher_zeitraum": ["2020-06-01", "2020-07-31"]}
    path = play(answers, {"zeiten": 1, "bisher": 1})
    assert path.findings["dauer"].params == {"tage_ja": 9, "tage_nein": 16}
    alone = play({**answers, "alleinerziehend": True}, {"zeiten": 1, "bisher": 1})
    assert "elternteil" not in asked(alone)
    assert alone.findings["dauer"].state == "met"
    assert interview.values["gezaehlte_tage"](alone.scope) == 25


HOME_WORK = {
    **ONE_CLOSURE,
    "rolle": "heimarbeit",
    "heim_monate": 10,
    "heim_entgelt": "12000.00",
    "heim_abzuege": "2000.00",
    "heim_einnahmen": "0.00",
    "versicherung": "pflicht",
}


def test_home_workers_are_estimated_by_their_average_month(play: Play, interview: Interview) -> None:
    path = play(HOME_WORK, {"zeiten": 1})
    order = asked(path)
    assert "gewinn" not in order
    assert "entgelt_nachweis" in order
    assert "vorsorge_nachweis" not in order
    assert "gewinn_positiv" not in path.findings
    assert estimate(interview, path) == Decimal("245.67") + Decimal("312.67")


def test_acting_for_somebody_else(play: Play) -> None:
    answers = {
        **ONE_CLOSURE,
        "vertretung": True,
        "vertretene_vorname": "Kim",
        "vertretene_nachname": "Beispiel",
        "vertretene_geburtsdatum": "1980-01-01",
        "vertretene_anschrift": ADDRESS,
        "vertreter_vorname": "Alex",
        "vertreter_nachname": "Muster",
        "vertreter_anschrift": ADDRESS,
    }
    order = asked(play(answers, {"zeiten": 1}))
    assert "vorname" not in order
    assert order.index("vertretene_vorname") < order.index("vertreter_vorname") < order.index("vollmacht")


@pytest.mark.parametrize(
    ("assessed", "advance", "wanted"),
    [
        (True, False, ["steuerbescheid"]),
        (True, True, ["steuerbescheid", "gewinn_nachweis"]),
        (False, False, ["gewinn_nachweis"]),
    ],
)
def test_evidence_for_the_profit(play: Play, assessed: bool, advance: bool, wanted: list[str]) -> None:
    path = play({**ONE_CLOSURE, "bescheid_vorhanden": assessed, "vorschuss": advance}, {"zeiten": 1})
    assert [one for one in asked(path) if one in ("steuerbescheid", "gewinn_nachweis")] == wanted


def test_every_piece_of_evidence_may_come_later(source: Source) -> None:
    evidence = [
        question
        for section in source.procedure.sections
        for question in section.questions
        if question.kind.type == "evidence"
    ]
    assert len(evidence) == 9
    assert all(question.kind.later == "allowed" for question in evidence)
    assert LATER["later"] is True


def test_at_least_one_way_of_contact(play: Play) -> None:
    without = {key: value for key, value in ONE_CLOSURE.items() if key != "email"}
    with pytest.raises(AssertionError, match="answered"):
        play(without, {"zeiten": 1})
    assert play({**without, "telefon": "+493411234567"}, {"zeiten": 1}).complete


def test_no_restricted_numbers_are_asked(source: Source) -> None:
    """§ 139b Abs. 2 AO and § 18f SGB IV keep tax id and social number for other purposes."""
    kinds = {question.kind.answer for section in source.procedure.sections for question in section.questions}
    assert kinds.isdisjoint({"tax_id", "social_number"})


def test_health_and_bank_data_are_marked(source: Source) -> None:
    marked = {
        question.id: question.sensitive
        for section in source.procedure.sections
        for question in section.questions
        if question.sensitive
    }
    assert marked == {
        "behindert": "health",
        "behinderung_nachweis": "health",
        "quarantaene_nachweis": "health",
        "iban": "bank",
        "bic": "bank",
    }


def test_every_answer_reaches_the_agency(source: Source) -> None:
    questions = [question for section in source.procedure.sections for question in section.questions]
    assert [question.id for question in questions if question.sends is None] == []
