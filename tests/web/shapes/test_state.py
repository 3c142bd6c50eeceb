"""The state beside its question: where we are, what may be done, what the case waits for."""

from datetime import date

from bot.core import commands as c
from bot.core import events
from bot.web.shapes.state import state
from tests.core.talk import Talk
from tests.web.shapes.schemas import wrong

UP_TO_CONTACT = ("sachsen", "selbststaendig", "Lena", "2019-05-03", False)
CLOSED = (True, [1], ["2020-04-20", "2020-04-30"], "behoerde", False, "100.00")


def ready(language="de"):
    """Everything answered and declared, the paper promised for later."""
    talk = Talk(language=language).begin().answer(*UP_TO_CONTACT, *CLOSED, "+493411234567")
    talk.act("skip")
    return talk.answer({"files": [], "later": True}, True, True)


def at_the_paper():
    talk = Talk().begin().answer(*UP_TO_CONTACT, *CLOSED, "+493411234567")
    talk.act("skip")
    return talk


def named(shape):
    return {action["name"]: action for action in shape["actions"]}


def test_the_beginning():
    made = state(Talk().situation)
    assert wrong("State", made) == []
    assert (made["api"], made["phase"], made["position"], made["speaker"]) == (1, "greeting", None, "bot")
    assert made["procedure"] == {
        "id": "beispiel",
        "version": "2026-01",
        "title": "Beispielhilfe",
        "status": "open",
    }
    assert (made["languages"], made["language"], made["demo_today"]) == (["de", "en"], "de", "2022-03-02")
    assert (made["verdict"], made["tasks"], made["submissions"]) == ({"overall": "open", "not_met": 0}, [], [])
    assert set(named(made)) == {"start", "help", "language", "pause", "stop", "human", "erase"}


def test_the_programme_is_planned_open_or_closed_on_this_day():
    days = {date(2020, 1, 1): "planned", date(2022, 3, 2): "open", date(2024, 9, 24): "closed"}
    assert {day: state(Talk(today=day).situation)["procedure"]["status"] for day in days} == days


def test_the_position_is_the_section_of_the_open_question():
    talk = Talk().begin()
    assert state(talk.situation)["position"] == {"section": "vorab", "title": "Passt der Antrag?", "number": 1, "of": 5}
    talk.answer("anderes")
    notice = state(talk.situation)
    assert notice["question"]["id"] == "@notice[land]"
    assert notice["position"]["section"] == "vorab"
    assert notice["verdict"] == {"overall": "unlikely", "not_met": 1}
    assert state(ready().situation)["position"] is None


def test_at_a_notice_back_changes_the_answer():
    talk = Talk().begin().answer("anderes")
    assert named(state(talk.situation))["back"]["label"] == "Antwort ändern"


def test_rows_are_named_in_what_can_be_done_with_them():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2019-05-03", True, "Ben", "2018-01-01", False, False)
    made = state(talk.situation)
    removals = {action["target"]: action["label"] for action in made["actions"] if action["name"] == "remove_row"}
    assert removals == {"kinder[1]": "Entfernen: Kind Lena", "kinder[2]": "Entfernen: Kind Ben"}
    additions = {action["target"]: action["label"] for action in made["actions"] if action["name"] == "add_row"}
    assert additions["kinder"] == "Noch ein Eintrag: Kinder"


def test_each_other_language_is_an_action_with_its_own_name():
    talk = Talk().begin()
    assert named(state(talk.situation))["language"] == {"name": "language", "label": "English", "target": "en"}
    talk.act("language", "en")
    made = state(talk.situation)
    assert named(made)["language"] == {"name": "language", "label": "Deutsch", "target": "de"}
    assert named(made)["help"]["label"] == "Help"
    assert made["language"] == "en"


def test_only_what_happens_at_once_wants_to_be_confirmed():
    talk = Talk().begin()
    actions = named(state(talk.situation))
    assert actions["stop"]["asks"].startswith("Hier aufhören? Ihre Angaben bleiben 30 Tage gespeichert.")
    assert [name for name, action in actions.items() if "asks" in action] == ["stop"]
    talk.act("erase")
    assert state(talk.situation)["question"]["id"] == "@erase"  # the core asks itself
    sending = ready()
    sending.act("submit")
    assert "asks" not in named(state(sending.situation))["erase"]
    sending.act("erase")
    assert state(sending.situation)["question"]["id"] == "@erase"


def test_sending_waits_for_the_agency():
    talk = ready()
    assert named(state(talk.situation))["submit"]["label"] == "Absenden"
    assert state(talk.situation)["question"] is None
    talk.act("submit")
    made = state(talk.situation)
    assert (made["phase"], made["waiting"]["for"]) == ("sending", "agency")
    [sent] = made["submissions"]
    assert (sent["n"], sent["kind"], sent["state"], sent["sandbox"]) == (1, "application", "queued", True)
    talk.command(c.Move(1, "prepared", {"place": "ordner"}))
    made = state(talk.situation)
    assert (made["phase"], made["waiting"]) == ("submitted", None)
    assert made["tasks"] == [
        {
            "id": "later:nachweis",
            "question": "nachweis",
            "reason": "Bescheid: Das wollten Sie später nachreichen.",
            "by": "applicant",
        }
    ]
    assert made["question"]["task"] == "later:nachweis"
    assert made["question"]["because"] == "Das wollten Sie später nachreichen."
    assert made["question"]["old"]["later"] is True


def test_a_file_that_waits_for_the_scanner_is_said():
    talk = at_the_paper()
    talk.command(c.OfferFile("f1", "nachweis", "bescheid.jpg", 1_000))
    for each in ("checking", "waiting"):
        talk.command(c.JudgeFile(events.FileJudged(file="f1", state=each)))
    assert state(talk.situation)["waiting"]["for"] == "scan"
    assert state(talk.situation)["question"]["id"] == "nachweis"
    talk.command(c.JudgeFile(events.FileJudged(file="f1", state="ready", pages=1)))
    assert state(talk.situation)["waiting"] is None


def test_a_file_that_is_refused_later_becomes_a_task():
    talk = at_the_paper()
    talk.command(c.OfferFile("f1", "nachweis", "bescheid.jpg", 1_000))
    talk.command(c.JudgeFile(events.FileJudged(file="f1", state="checking", pages=1)))
    talk.answer({"files": ["f1"]})
    refused = events.FileJudged(file="f1", state="refused", findings=[{"code": "malware", "page": None}])
    talk.command(c.JudgeFile(refused))
    made = state(talk.situation)
    assert [task["by"] for task in made["tasks"]] == ["check"]
    assert made["question"]["task"] == made["tasks"][0]["id"]
    assert made["question"]["because"].startswith("Mindestens eine Datei kann ich nicht verwenden.")


def test_staff_that_writes_is_said():
    talk = Talk().begin()
    talk.case.speaker = "staff"
    assert state(talk.situation)["waiting"]["for"] == "staff"


def test_a_stopped_case_can_go_on():
    talk = Talk().begin()
    talk.act("stop")
    made = state(talk.situation)
    assert (made["phase"], made["question"]) == ("ended", None)
    assert named(made)["resume"]["label"] == "Weitermachen"
    assert set(named(made)) == {"resume", "erase", "new_case"}
