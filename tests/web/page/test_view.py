"""What a page shows of a case: which task, which messages, which slip. Pure."""

from __future__ import annotations

from typing import Any

import pytest

from bot.web.page.view import answers, view


def state(question: dict[str, Any] | None = None, phase: str = "asking", *actions: str) -> dict[str, Any]:
    return {"question": question, "phase": phase, "actions": [{"name": name, "label": name} for name in actions]}


def said(turn: int, text: str, place: str = "x.y.ask", who: str = "bot", **more: Any) -> dict[str, Any]:
    return {"turn": turn, "from": who, "kind": "said", "text": text, "place": place, **more}


NAME = {"id": "name", "kind": "short_text", "text": "Wie heißen Sie?"}
CONSENT = {"id": "@consent", "kind": "yes_no", "text": "Möchten Sie anfangen?"}


@pytest.mark.parametrize(
    ("shown", "events", "task"),
    [
        (state(NAME), [], "question"),
        (state(NAME, "asking", "resume"), [], "question"),
        (state(NAME, "asking", "resume"), [said(1, "Pause", "core.paused")], "paused"),
        (state(None, "reviewing", "submit"), [], "review"),
        (state(None, "submitted", "send_addition"), [], "review"),
        (state(None, "sending"), [], "done"),
        (state(None, "submitted"), [], "done"),
        (state(NAME, "submitted"), [], "question"),
        (state(None, "ended", "resume"), [], "ended"),
        (state(CONSENT, "ended"), [], "question"),
        (state(None, "reviewing"), [], "nothing"),
    ],
)
def test_the_task_follows_from_the_state(shown, events, task):
    assert view(shown, 1, events).task == task


def test_the_last_turn_stands_above_the_question_and_the_rest_is_folded():
    events = [
        said(1, "Guten Tag"),
        said(2, "Ja", who="applicant"),
        said(2, "Gut."),
        said(2, NAME["text"], question="name"),
    ]
    seen = view(state(NAME), 2, events)
    assert [message.text for message in seen.older] == ["Guten Tag"]
    assert [(message.who, message.text) for message in seen.latest] == [("applicant", "Ja"), ("bot", "Gut.")]


def test_what_the_task_shows_is_not_said_twice():
    shown = state({**CONSENT, "id": "@notice[x]", "text": "Trotzdem?", "why": "Hinweis A.\nGrundlage: § 1"})
    events = [
        said(1, "Hinweis A."),
        said(1, "Grundlage: § 1"),
        said(1, "Trotzdem?"),
        said(1, "Abschnitt 1", "core.section"),
    ]
    assert view(shown, 1, events).latest == ()


def test_files_are_shown_by_the_task_and_strangers_not_at_all():
    events = [{**said(1, "Datei da"), "kind": "file"}, said(1, "x", who="nobody"), said(1, "Notiz", who="system")]
    assert [message.text for message in view(state(NAME), 1, events).latest] == ["Notiz"]


def test_a_slip_of_the_last_turn_stands_at_the_field():
    slip = {**said(2, "Das geht nicht."), "kind": "problem", "question": "name", "problem": {"key": "name.x"}}
    events = [said(1, "A"), said(2, "(nicht angenommen)", who="applicant"), slip, said(2, NAME["text"])]
    seen = view(state(NAME), 2, events)
    assert seen.slip is not None and (seen.slip.text, seen.slip.key, seen.slip.at_field) == (
        "Das geht nicht.",
        "name.x",
        True,
    )
    assert [message.text for message in (*seen.older, *seen.latest)] == ["A"]
    later = view(state(NAME), 3, [*events, said(3, "B")])
    assert later.slip is None and "Das geht nicht." in [message.text for message in later.older]


def test_a_slip_about_something_else_is_not_at_the_field():
    slip = {**said(1, "Davor gibt es keine Frage."), "kind": "problem"}
    seen = view(state(NAME), 1, [slip])
    assert seen.slip is not None and not seen.slip.at_field


def test_the_review_is_not_told_where_it_is_shown():
    declaration = {**CONSENT, "id": "@declaration[x]", "text": "Erklärung"}
    events = [
        said(1, "Beispiel", who="applicant"),
        said(1, "Das war die letzte Frage.", "core.review"),
        said(1, "Wohl erfüllt", "p.c.met"),
    ]
    assert [message.text for message in view(state(declaration), 1, events).latest] == ["Beispiel"]
    assert len(view(state(NAME), 1, events).latest) == 3


def test_the_nearest_ways_come_first_and_what_has_its_place_is_left_out():
    seen = view(state(NAME, "asking", "back", "help", "language", "unsure", "human", "erase", "summary", "skip"), 1, [])
    assert [way["name"] for way in seen.ways] == ["unsure", "skip", "back", "human", "summary"]
    review = view(state(None, "reviewing", "submit", "back", "summary"), 1, [])
    assert [way["name"] for way in review.ways] == ["back"]


def test_another_language_is_marked():
    seen = view(state(NAME), 2, [said(1, "Good day"), said(2, "Gut.")], {1: "en"})
    assert [message.language for message in (*seen.older, *seen.latest)] == ["en", ""]


def test_answers_are_grouped_by_row():
    section = {
        "rows": [{"row": "1", "title": "Kind A"}, {"row": "2", "title": "Kind B"}],
        "items": [{"row": "1", "text": "a"}, {"row": "2", "text": "b"}, {"row": "2", "text": "c"}],
    }
    assert [(title, [item["text"] for item in items]) for title, items in answers(section)] == [
        ("Kind A", ["a"]),
        ("Kind B", ["b", "c"]),
    ]
    assert [title for title, _ in answers({"items": [{"text": "a"}]})] == [""]
