"""From the first page to the sent application, with everything that happens on the way: two rows, a photo, another
language, a pause here and going on there, a correction. Each page on the road is looked at.
"""

from __future__ import annotations

import re
import time

import pytest

from tests.browser.applicant import Applicant
from tests.browser.checks import Inspector
from tests.browser.other import Other, photo

WIDE = {"viewport": {"width": 1280, "height": 800}}
ROADS = {
    "script, keyboard, German, narrow": {"language": "de", "script": True, "keyboard": True, "options": {}},
    "script, mouse, English, wide, dark": {
        "language": "en", "script": True, "keyboard": False, "options": {**WIDE, "color_scheme": "dark"},
    },
    "form, mouse, German, wide": {"language": "de", "script": False, "keyboard": False, "options": WIDE},
    "form, keyboard, English, narrow, dark": {
        "language": "en", "script": False, "keyboard": True, "options": {"color_scheme": "dark"},
    },
}  # fmt: skip


def picture(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photo(text=name)}


def asked(pattern: str):
    """A condition for ``go_on``."""
    return lambda applicant: re.search(pattern, applicant.question)


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_whole_application(guests, service, road):
    language, options = road["language"], road["options"]
    who = {"language": language, "script": road["script"], "keyboard": road["keyboard"]}
    inspector = Inspector()

    def someone() -> Applicant:
        found = guests.person(**who, **options)
        found.seen = lambda each: inspector.look(each.page, each.question)
        return found

    alex = someone().open()
    alex.begin()
    _two_children(alex)
    _another_language(alex)
    code = _pause(alex)
    alex.page.context.close()
    robin = _go_on_elsewhere(someone(), code)
    robin.photos = [[picture("Seite 1.jpg"), picture("Seite 2.jpg")], [picture("Vorsorge.jpg")]]
    robin.go_on(lambda each: each.state() == "review" or asked("^(Erklärung|Declaration) 1")(each))
    _correct(robin)
    robin.go_on(lambda each: each.state() == "done")
    other = Other(service.base, robin.token())
    _sent(other, robin, language)
    assert inspector.found == []
    assert inspector.looks > 60


def _two_children(alex: Applicant) -> None:
    alex.go_on(asked("noch ein Kind|another child"))
    alex.choose(0)
    alex.fill("Ben", "Muster")
    alex.go_on(asked("Wochentagen|days of the week"))


def _another_language(alex: Applicant) -> None:
    """There and back again: the place stays, nothing is answered."""
    before = alex.question
    for link in (f".al-languages a:not([hreflang={alex.language}])", f".al-languages a[hreflang={alex.language}]"):
        with alex.page.expect_event("load", timeout=10_000):
            alex.press(alex.page.locator(link))
        alex.page.locator("#antwort").wait_for()
        if alex.script:
            alex.settle()
        alex.seen(alex)
        wanted = alex.page.locator(link).get_attribute("hreflang")
        assert alex.page.locator("html").get_attribute("lang") == wanted
        if link.find("not(") > 0:
            assert alex.question != before
    assert alex.question == before


def _pause(alex: Applicant) -> str:
    with alex.answered():
        alex.press(alex.page.locator(".al-foot button[value=pause]"))
    assert alex.state() == "paused"
    code = alex.page.locator(".al-code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)
    return code


def _go_on_elsewhere(robin: Applicant, code: str) -> Applicant:
    robin.open()
    robin.type(robin.page.locator("#f-code"), code.lower().replace("-", " "))
    with robin.answered():
        robin.press(robin.page.locator("#code button"))
        robin.page.locator("#antwort").wait_for()
    if robin.state() == "paused":
        robin.act("resume")
    assert re.search("Wochentagen|days of the week", robin.question), robin.question
    return robin


def _correct(robin: Applicant) -> None:
    """From the review: the change leads there, and straight back."""
    before = robin.question
    change = robin.page.locator(".al-answer", has_text=re.compile("Stunden arbeiten Sie|hours a week")).locator(
        "button"
    )
    robin.unfold(change)
    with robin.answered():
        robin.press(change)
    for _ in range(3):  # asked whether, then anew
        if robin.state() == "line":
            break
        robin.step()
    robin.fill("30")
    assert robin.question == before or robin.state() == "review"


def _sent(other: Other, robin: Applicant, language: str) -> None:
    """What the service has is what was answered, each once."""
    until = time.monotonic() + 20
    while other.look()["phase"] != "submitted":
        assert time.monotonic() < until, "it did not arrive"
        time.sleep(0.05)
    state = other.state
    assert robin.page.locator(".al-number").inner_text() == state["reference"]
    assert [each["kind"] for each in state["submissions"]] == ["application"]
    assert state["language"] == language
    items = {
        each["question"]: each["value"] for part in other.call("GET", "/summary")["sections"] for each in part["items"]
    }
    assert items["kinder[1].kind_name"] == {"given": "Lena", "family": "Muster"}
    assert items["kinder[2].kind_name"] == {"given": "Ben", "family": "Muster"}
    assert items["stunden_woche"] == "30.00"
    assert items["iban"] == "DE89370400440532013000"
    assert [len(items[name]["files"]) for name in ("steuerbescheid", "vorsorge_nachweis")] == [2, 1]
    assert len(other.answers("vorname")) == 1
