"""The transcript: both sides of the talk, in the order in which they happened."""

from bot.core import commands as c
from bot.core import events as facts
from bot.web.shapes.transcript import events
from tests.core.talk import Talk, words
from tests.web.shapes.test_state import at_the_paper, ready


def last(talk):
    """The events of the last turn, without their numbers."""
    told = events(talk.turns[-1:], talk.situation, words)
    assert [event["part"] for event in told] == list(range(len(told)))
    assert {event["turn"] for event in told} <= {len(talk.turns)}
    return [{key: value for key, value in event.items() if key not in ("turn", "part", "at")} for event in told]


def applicants(talk):
    """What the applicant did in the last turn."""
    return [event for event in last(talk) if event["from"] == "applicant"]


def said(text, **more):
    return [{"from": "applicant", "kind": "said", "text": text, **more}]


def answered(question, text, **value):
    return [{"from": "applicant", "kind": "answered", "text": text, "question": question, **value}]


def phases(talk):
    return [event["phase"] for event in last(talk) if event["kind"] == "phase"]


def test_the_greeting_ends_with_a_question():
    talk = Talk()
    told = last(talk)
    assert {(event["from"], event["kind"]) for event in told} == {("bot", "said")}
    assert all(event["place"].startswith("core.") for event in told)
    assert (told[-1]["text"], told[-1]["question"]) == ("Möchten Sie anfangen?", "@consent")
    assert ["question" in event for event in told[:-1]] == [False] * (len(told) - 1)


def test_instants_are_utc():
    assert events(Talk().turns, None, words)[0]["at"] == "2022-03-02T09:30:00Z"


def test_an_answer_is_shown_as_the_applicant_sees_it():
    talk = Talk().begin()
    assert applicants(talk) == answered("@consent", "Ja, anfangen", value=True)
    assert phases(talk) == ["asking"]
    talk.answer("sachsen")
    assert applicants(talk) == answered("bundesland", "Sachsen", value="sachsen")
    talk.answer("angestellt", "Lena")
    assert applicants(talk) == answered("kinder[1].vorname", "Lena", value="Lena")
    assert last(talk)[-1]["question"] == "kinder[1].geboren"
    talk.answer("2019-05-03")
    assert applicants(talk) == answered("kinder[1].geboren", "3. Mai 2019", value="2019-05-03")
    talk.answer(True)
    assert applicants(talk) == answered("@again[kinder]", "Noch ein Eintrag: Kinder", value=True)
    talk.answer("Ben", "2018-01-02", False)
    assert applicants(talk) == answered("@again[kinder]", "Nein", value=False)


def test_unsure_and_skipped_are_answers():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2019-05-03", False, True, [1])
    talk.answer(["2020-04-20", "2020-04-30"]).act("unsure")
    assert applicants(talk) == answered("zeiten[1].grund", "Weiß nicht", value={"unsure": True})
    talk.answer(False)
    talk.act("skip")
    assert applicants(talk) == answered("telefon", "Überspringen")


def test_what_was_typed_is_not_kept():
    talk = Talk().begin()
    talk.type("Bielefeld gibt es nicht")
    told = last(talk)
    assert told[0] == {"from": "applicant", "kind": "said", "text": "(nicht angenommen)", "question": "bundesland"}
    assert (told[1]["from"], told[1]["kind"], told[1]["question"]) == ("bot", "problem", "bundesland")
    assert told[1]["place"] == f"answers.{told[1]['problem']['key']}"
    assert "Bielefeld" not in str(told)
    talk.type("sachsn")
    assert applicants(talk) == said("(nicht eindeutig)", question="bundesland")
    talk.type("nein")
    assert applicants(talk) == said("Nein", question="bundesland")


def test_a_refusal_names_its_key_and_what_it_shows():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena")
    talk.pick("2031-01-01")
    told = last(talk)
    assert told[0]["text"] == "(nicht angenommen)"
    problem = next(event for event in told if event["kind"] == "problem")
    assert problem["question"] == "kinder[1].geboren"
    assert problem["place"] == f"answers.{problem['problem']['key']}"


def test_a_check_that_fails_is_a_problem_and_a_doubt_is_a_question():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2019-05-03", False, False)
    talk.act("skip")
    talk.act("skip")
    problem = next(event for event in last(talk) if event["kind"] == "problem")
    assert problem["problem"] == {"key": "check", "params": {}}
    assert problem["question"] == "mail"


def test_actions_are_told_by_their_labels():
    talk = Talk().begin().answer("sachsen", "angestellt", "Lena", "2019-05-03", True, "Ben", "2018-01-02", False)
    for action, target, label in (
        ("help", "", "Hilfe"),
        ("human", "", "Mit einem Menschen sprechen"),
        ("summary", "", "Alle Angaben zeigen"),
        ("language", "en", "English"),
        ("language", "de", "Deutsch"),
        ("pause", "", "Pause machen"),
        ("resume", "", "Weitermachen"),
        ("remove_row", "kinder[2]", "Entfernen: Kind Ben"),
        ("undo", "", "Rückgängig machen"),
        ("erase", "", "Alles löschen"),
    ):
        talk.act(action, target)
        assert applicants(talk) == said(label), action


def test_going_back_and_correcting_name_the_question():
    talk = Talk().begin().answer("sachsen")
    talk.act("back")
    assert applicants(talk) == said("Zurück", question="bundesland")
    talk.act("keep")
    assert applicants(talk) == said("So lassen", question="bundesland")
    talk.act("correct", "bundesland")
    asked = "Ändern: In welchem Bundesland liegt die Einrichtung?"
    assert applicants(talk) == said(asked, question="bundesland")


def test_a_late_answer_is_told_as_wished():
    talk = Talk().begin().answer("sachsen", "angestellt")
    talk.pick("anderes", "bundesland")
    assert applicants(talk) == said("anderes Bundesland", question="bundesland")
    assert last(talk)[-1]["question"] == "@change[bundesland]"


def test_a_notice_and_a_declaration_are_answered():
    talk = Talk().begin().answer("anderes")
    assert last(talk)[-1]["question"] == "@notice[land]"
    talk.pick("apply_anyway")
    assert applicants(talk) == answered("@notice[land]", "Trotzdem Antrag stellen", value="apply_anyway")
    talk = ready()
    assert applicants(talk) == answered("@declaration[betreuung]", "Ja, das erkläre ich", value=True)


def test_stopping_shows_the_code_only_to_who_has_it():
    talk = Talk().begin()
    talk.act("stop")
    assert applicants(talk) == said("Hier aufhören")
    assert phases(talk) == ["ended"]
    code = "7K3M-Q9XD-2B4N-8RTV"
    [told] = [event for event in events(talk.turns[-1:], talk.situation, words, code=code) if event["from"] == "bot"]
    assert code in told["text"]
    assert code not in str(last(talk))
    talk.act("resume")
    assert phases(talk) == ["asking"]


def test_sending_and_the_agencys_news():
    talk = ready()
    talk.act("submit")
    told = last(talk)
    assert [(event["from"], event["kind"]) for event in told] == [
        ("applicant", "said"),
        ("applicant", "submission"),
        ("system", "phase"),
        ("system", "task"),
        ("bot", "said"),
    ]
    assert told[1]["submission"]["state"] == "queued"
    assert told[3]["task"]["id"] == "later:nachweis"
    talk.command(c.Move(1, "prepared", {"place": "ordner"}))
    moved = next(event for event in last(talk) if event["kind"] == "submission")
    assert (moved["submission"]["n"], moved["submission"]["state"]) == (1, "prepared")
    assert phases(talk) == ["submitted"]


def test_files_come_and_go():
    talk = at_the_paper()
    talk.command(c.OfferFile("f1", "nachweis", "bescheid.jpg", 1_000))
    [event] = [event for event in last(talk) if event["kind"] == "file"]
    assert (event["text"], event["question"]) == ("Datei: bescheid.jpg", "nachweis")
    assert event["file"]["state"] == "receiving"
    talk.command(c.JudgeFile(facts.FileJudged(file="f1", state="checking")))
    found = [{"code": "dark", "page": 1}]
    talk.command(c.JudgeFile(facts.FileJudged(file="f1", state="ready", pages=1, findings=found)))
    event = next(event for event in last(talk) if event["kind"] == "file")
    assert event["from"] == "system"
    assert [finding["code"] for finding in event["file"]["findings"]] == ["dark"]
    talk.command(c.DropFile("f1"))
    event = next(event for event in last(talk) if event["kind"] == "file")
    assert (event["text"], event["file"]["state"]) == ("Datei entfernt.", "dropped")


def turn_with(*added):
    return facts.Turn(number=1, at=Talk().turns[0].at, actor="staff", door="", facts=added)


def test_notes_of_staff_and_doors_are_nobodys_business():
    hidden = (
        facts.StaffNote(author="x", text="nur für uns"),
        facts.DoorOpened(channel="web", address="geheim"),
        facts.Notified(kind="news", way="mail"),
    )
    assert events([turn_with(*hidden)], Talk().situation, words) == []


def test_people_and_removals_are_told():
    turn = turn_with(facts.SpeakerChanged(speaker="staff"), facts.Redacted(address="iban", reason="wrong person"))
    told = events([turn], Talk().situation, words)
    assert [(event["kind"], event["text"]) for event in told] == [
        ("said", "Jetzt schreibt Ihnen ein Mensch."),
        ("redacted", "Diese Angabe wurde gelöscht."),
    ]
    assert told[1]["question"] == "iban"


def test_an_erased_case_still_says_goodbye():
    talk = Talk().begin()
    talk.act("erase")
    talk.pick(True)
    told = events(talk.turns[-1:], None, words)
    assert (told[0]["from"], told[0]["text"]) == ("applicant", "Ja, alles löschen")
    assert told[1]["text"] == "Alles ist gelöscht."


def test_the_language_is_that_of_the_turn():
    talk = Talk().begin()
    talk.act("language", "en")
    talk.act("help")
    told = events(talk.turns, talk.situation, words)
    assert [event["text"] for event in told if event["from"] == "applicant"] == ["Ja, anfangen", "English", "Help"]
