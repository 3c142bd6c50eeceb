"""The states of the page, and the shortest road to each: by the API to the door, by the page inside."""

from __future__ import annotations

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
    """``until``: the question to drive to; ``prepare``: by the API; ``inside``: on the page. ``path``: without a case."""

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


def _refused(other: Other) -> None:
    other.upload(photo())
    other.upload(NOT_AN_IMAGE, "Bescheid.jpg")


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
    for _ in range(100):
        if other.look()["phase"] == "submitted":
            return
    raise AssertionError("not sent")


def _everything_handed_in(other: Other) -> None:
    """Up to the end, with papers, so that no task is left."""
    while other.asked in ("steuerbescheid", "vorsorge_nachweis"):
        other.value({"files": [other.upload(photo())], "later": False})
    _submitted(other)


def _changed(other: Other) -> None:
    """What was answered before, said anew in between: asked whether."""
    other.say(question="stunden_woche", text="20")


STATES: Final[dict[str, State]] = {
    "start": State(path=""),
    "start-english": State(path="/chat?language=en"),
    "start-unfolded": State(path="", inside=_unfolded),
    "start-wrong-code": State(path="", inside=_wrong_code),
    "greeting": State("@consent"),
    "buttons": State("rolle"),
    "buttons-unfolded": State("rolle", inside=_unfolded),
    "buttons-english": State("rolle", language="en"),
    "proposal": State("bundesland", lambda other: other.text("sachsn")),
    "notice": State("bundesland", lambda other: other.text("Bayern")),
    "parts": State("kind_name"),
    "parts-wrong": State("anschrift", inside=_wrong("Musterweg", "1", "0410", "Leipzig")),
    "line": State("kind_geboren"),
    "line-wrong": State("kind_geboren", inside=_wrong("31.2.2015")),
    "radios": State("einrichtung_art"),
    "radios-wrong": State("einrichtung_art", inside=_nothing_chosen),
    "again": State("@again[kinder]"),
    "example": State("stunden_woche"),
    "boxes": State("arbeitstage"),
    "boxes-wrong": State("arbeitstage", inside=_nothing_chosen),
    "range": State("zeitraum"),
    "unsure": State("grund"),
    "suggestion": State("freie_tage", lambda other: other.text("keine") and other.drive("freie_tage")),
    "area": State("begruendung"),
    "help": State("rolle", lambda other: other.act("help")),
    "human": State("rolle", lambda other: other.act("human")),
    "old-answer": State("arbeitstage", lambda other: other.act("correct", "stunden_woche")),
    "change-preview": State("anschrift", _changed),
    "sensitive": State("iban"),
    "sensitive-wrong": State("iban", inside=_wrong("DE00 1234")),
    "summary": State("iban", inside=lambda applicant: applicant.act("summary")),
    "evidence": State("steuerbescheid"),
    "evidence-ready": State("steuerbescheid", lambda other: (other.upload(photo()), other.upload(photo(1600, 900)))),
    "evidence-refused": State("steuerbescheid", _refused),
    "evidence-going-up": State("steuerbescheid", inside=_going_up, modes=("script",)),
    "declaration": State("@declaration[richtig]"),
    "review": State(""),
    "review-english": State("", language="en"),
    "review-unfolded": State("", inside=_unfolded),
    "done-tasks": State("", _submitted),
    "done": State("steuerbescheid", _everything_handed_in),
    "paused": State("rolle", inside=lambda applicant: applicant.act("pause")),
    "ended": State("rolle", lambda other: other.act("stop")),
    "erase": State("rolle", inside=lambda applicant: applicant.act("erase")),
    "offline": State("rolle", inside=_offline, modes=("script",)),
    "help-page": State(path="/help?language=de", modes=("form",)),
    "privacy": State(path="/privacy?language=de", modes=("form",)),
    "accessibility": State(path="/accessibility?language=de", modes=("form",)),
    "imprint": State(path="/imprint?language=en", modes=("form",)),
}
