"""The states of the page, and the shortest road to each: by the API to the door, by the page inside."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.browser.applicant import Applicant
from tests.browser.other import Other, photo

Act = Callable[[Applicant], None]

BOTH: Final = ("script", "form")
NOT_AN_IMAGE: Final = b"This is no picture at all.\n" * 40


@dataclass(frozen=True)
class State:
    """``until``: the question to drive to; ``prepare``: by the API; ``inside``: on the page. ``path``: no case."""

    until: str = ""
    prepare: Callable[[Other], Any] = lambda _other: None
    inside: Act = lambda _applicant: None
    language: str = "de"
    path: str | None = None
    modes: tuple[str, ...] = BOTH

    def reach(self, guests: Any, case: Any, *, script: bool) -> Applicant:
        if self.path is not None:
            applicant = Applicant(guests.device().new_page(), guests.base, language=self.language, script=script)
            applicant.open(self.path and f"{self.path}{'' if script else '&form=1'}")
        else:
            other = case(self.until)
            self.prepare(other)
            if self.language != "de":
                other.act("language", self.language)
            applicant = guests.at(other, script=script)
        applicant.language = self.language
        self.inside(applicant)
        return applicant


def _wrong_code(applicant: Applicant) -> None:
    applicant.page.locator("#f-code").fill("AAAA-BBBB-CCCC-DDDD")
    applicant.page.locator("#code button").click()
    applicant.page.locator("#fehler").wait_for()


def _wrong(*texts: str) -> Act:
    def act(applicant: Applicant) -> None:
        applicant.fill(*texts)
        assert applicant.problem

    return act


def _nothing_chosen(applicant: Applicant) -> None:
    applicant.send()
    assert applicant.problem


def _unfolded(applicant: Applicant) -> None:
    folded = applicant.page.locator("details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()


def _going_up(applicant: Applicant) -> None:
    """The second piece never arrives."""
    page = applicant.page
    page.route("**/api/v1/files/*", lambda route: None if route.request.method == "PATCH" else route.continue_())
    with page.expect_file_chooser() as chooser:
        page.locator("#waehlen").click()
    chooser.value.set_files([{"name": "Seite.jpg", "mimeType": "image/jpeg", "buffer": photo(1500, 2000)}])
    page.locator(".al-page progress").wait_for()


def _offline(applicant: Applicant) -> None:
    """An answer is on its way and gets nowhere."""
    applicant.page.context.set_offline(True)
    applicant.page.locator("#antwort .al-choice").first.click()
    applicant.page.locator(".al-message--pending").wait_for()
    applicant.page.wait_for_function("document.getElementById('status').textContent !== ''")


def _submitted(other: Other) -> None:
    other.submit()
    until = time.monotonic() + 20
    while other.look()["phase"] != "submitted":
        assert time.monotonic() < until, "not sent"
        time.sleep(0.05)


def _everything_handed_in(other: Other) -> None:
    """Up to the end, with papers, so that no task is left."""
    while other.asked in ("steuerbescheid", "vorsorge_nachweis"):
        other.value({"files": [other.upload(photo())], "later": False})
    _submitted(other)


STATES: Final[dict[str, State]] = {
    "start-unfolded": State(path="", inside=_unfolded),
    "start-wrong-code": State(path="", inside=_wrong_code),
    "buttons-unfolded": State("rolle", inside=_unfolded),
    "parts-wrong": State("anschrift", inside=_wrong("Musterweg", "1", "0410", "Leipzig")),
    "line-wrong": State("kind_geboren", inside=_wrong("31.2.2015")),
    "radios-wrong": State("einrichtung_art", inside=_nothing_chosen),
    "boxes-wrong": State("arbeitstage", inside=_nothing_chosen),
    "sensitive-wrong": State("iban", inside=_wrong("DE00 1234")),
    "proposal": State("bundesland", lambda other: other.text("sachsn")),
    "suggestion": State("freie_tage", lambda other: other.text("keine") and other.drive("freie_tage")),
    "old-answer": State("arbeitstage", lambda other: other.act("correct", "stunden_woche")),
    "change-preview": State("anschrift", lambda other: other.say(question="stunden_woche", text="20")),
    "human": State("rolle", lambda other: other.act("human")),
    "summary": State("iban", inside=lambda applicant: applicant.act("summary")),
    "evidence-ready-refused": State(
        "steuerbescheid", lambda other: (other.upload(photo()), other.upload(NOT_AN_IMAGE))
    ),
    "evidence-going-up": State("steuerbescheid", inside=_going_up, modes=("script",)),
    "review-unfolded-english": State(inside=_unfolded, language="en"),
    "done-tasks": State(prepare=_submitted),
    "done": State("steuerbescheid", _everything_handed_in),
    "paused": State("rolle", inside=lambda applicant: applicant.act("pause")),
    "ended": State("rolle", lambda other: other.act("stop")),
    "erase": State("rolle", inside=lambda applicant: applicant.act("erase")),
    "offline": State("rolle", inside=_offline, modes=("script",)),
}
"""What the road of ``road.py`` does not come by."""
