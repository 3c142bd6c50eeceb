"""What is spoken on the main road: after each act the question once, by the focus or by an announcement, never by both.

Nothing that was said before is said again, and nothing that comes by itself moves the focus.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.applicant import Applicant
from tests.browser.conftest import Guests
from tests.browser.ears import Ears, Heard, plain
from tests.browser.other import Other, photo
from tests.browser.road import carry

DATE = "kind_geboren"
PHOTO = {"name": "Bescheid.jpg", "mimeType": "image/jpeg", "buffer": photo(600, 800)}


class Listener:
    """Somebody at the keyboard with a screen reader, and the case seen from outside."""

    def __init__(self, applicant: Applicant) -> None:
        self.applicant = applicant
        self.page = applicant.page
        self.ears = Ears(self.page).listen()

    @classmethod
    def at(cls, guests: Guests, case: Other) -> Listener:
        """Somebody who comes back to ``case``."""
        context = guests.device()
        carry(context, guests.base, case.token, script=True)
        page = context.new_page()
        page.goto(f"{guests.base}/chat")
        expect(page.locator("#antwort, .al-number")).to_be_visible()
        applicant = Applicant(page, guests.base, keyboard=True)
        applicant.settle()
        return cls(applicant)

    def enter(self, selector: str) -> Heard:
        """Goes to a button, and presses the Enter key. What is heard from then on."""
        self.applicant.go_to(self.page.locator(selector).first)
        return self.after(lambda: self.page.keyboard.press("Enter"))

    def types(self, text: str) -> Heard:
        """Types into the field, and sends it with the Enter key."""
        field = self.page.locator("#antwort .al-input").first
        self.applicant.type(field, text)
        return self.after(lambda: self.page.keyboard.press("Enter"))

    def after(self, act: Callable[[], object]) -> Heard:
        """What is heard after ``act``; nothing of the history may be in it."""
        before = {plain(each) for each in self.applicant.history()}
        self.ears.forget()
        act()
        self.applicant.settle()
        heard = self.ears.heard()
        assert not before & set(heard.said), "the history was read again"
        assert len(set(heard.said)) == len(heard.said), heard.said
        return heard

    def asked_once(self, heard: Heard) -> None:
        """The question of the page was spoken by the focus and by nothing else."""
        assert heard.moved == ["frage"], heard
        assert (heard.spot.role, heard.spot.name) == ("heading", plain(self.applicant.question)), heard
        assert heard.times(self.applicant.question) == 1, heard


def test_from_the_start_to_an_answer(guests: Guests) -> None:
    alex = Listener(guests.person(keyboard=True).open())
    heard = alex.enter(".al-start button")
    expect(alex.page.locator("#antwort .al-choice").first).to_be_visible()
    alex.asked_once(alex.ears.heard())
    assert "Einen Moment" not in " ".join(heard.said), "only where it takes long"
    alex.asked_once(alex.enter("#antwort .al-choice"))
    alex.asked_once(alex.enter("#antwort .al-choice"))


def test_a_click_that_leaves_the_focus_alone_is_answered_by_an_announcement(
    guests: Guests, case: Callable[..., Other]
) -> None:
    alex = Listener.at(guests, case("vertretung"))
    heard = alex.after(
        lambda: alex.page.evaluate("document.activeElement.blur(), document.querySelector('[value=false]').click()")
    )
    assert heard.moved == [] and heard.spot.nowhere, heard
    assert heard.said[-1] == plain(f"Assistent: {alex.applicant.question}"), heard
    assert heard.times(alex.applicant.question) == 1, heard


def test_an_error_is_spoken_at_its_field_and_its_correction_goes_on(guests: Guests, case: Callable[..., Other]) -> None:
    alex = Listener.at(guests, case(DATE))
    question = alex.applicant.question
    heard = alex.types("31.2.2015")
    assert heard.moved == ["f-text"] and heard.said == [], heard
    assert heard.spot.invalid and heard.spot.role == "textbox", heard
    assert heard.spot.name == plain(question) and plain(alex.applicant.problem) in heard.spot.description, heard
    assert heard.spot.description.startswith("Fehler:") or "Fehler:" in heard.spot.description, heard
    alex.asked_once(alex.types("1.3.2015"))
    assert alex.applicant.question != question


def test_an_upload_is_told_and_leaves_the_focus_alone(guests: Guests, case: Callable[..., Other]) -> None:
    alex = Listener.at(guests, case("steuerbescheid"))
    button = alex.page.locator("#waehlen")
    with alex.page.expect_file_chooser() as chooser:  # it takes a moment until the browser's dialog is caught
        alex.applicant.go_to(button)
        expect(button).to_be_focused()
        alex.page.keyboard.press("Enter")

    def choose() -> None:
        chooser.value.set_files([PHOTO])
        expect(alex.page.locator(".al-page[data-state=ready]")).to_have_count(1)

    heard = alex.after(choose)
    assert heard.moved == [] and button.evaluate("(it) => it === document.activeElement"), heard
    assert any(each.startswith("Datei 1") for each in heard.said), heard
    assert heard.times(alex.applicant.question) == 0, heard
    alex.asked_once(alex.enter("#fertig button"))


def test_the_loss_and_return_of_the_network_are_told(guests: Guests, case: Callable[..., Other]) -> None:
    guests.watch.allowed.append("net::ERR_")
    alex = Listener.at(guests, case(DATE))
    field = alex.page.locator("#f-text")
    alex.applicant.type(field, "1.3.20")
    status = alex.page.locator("#status")

    def switch(offline: bool) -> None:
        before = status.text_content()
        alex.page.context.set_offline(offline)
        expect(status).not_to_have_text(before or "")

    for offline in (True, False):
        heard = alex.after(lambda offline=offline: switch(offline))
        assert len(heard.said) == 1 and heard.moved == [], heard
    assert field.input_value() == "1.3.20" and field.evaluate("(it) => it === document.activeElement")


def test_review_and_sending(guests: Guests, case: Callable[..., Other]) -> None:
    alex = Listener.at(guests, case("@declaration[datenschutz]"))
    alex.asked_once(alex.enter("#antwort [value=true]"))
    assert alex.applicant.state() == "review"
    heard = alex.enter("#antwort button[value=submit]")
    assert set(heard.moved) == {"frage"}, heard  # once more where the agency's answer comes while one listens
    assert alex.applicant.state() != "review"
    expect(alex.page.locator("#frage")).not_to_have_text("Ihr Antrag wird gesendet", timeout=20_000)
    assert alex.page.evaluate("document.activeElement.id") == "frage", "news of the agency does not take the focus away"
    said = [each for each in heard.said if "Antrag" in each]
    assert len(said) == len(set(said)), heard


def test_nothing_that_comes_by_itself_moves_the_focus(guests: Guests, case: Callable[..., Other]) -> None:
    other = case(DATE)
    alex = Listener.at(guests, other)
    field = alex.page.locator("#f-text")
    alex.applicant.type(field, "1.3.20")
    alex.page.keyboard.press("ArrowLeft")
    question = alex.applicant.question
    before = len(alex.applicant.history())
    messages = alex.page.locator("#verlauf .al-messages > li")

    def another_says(act: Callable[[], object]) -> Heard:
        def come() -> None:
            act()
            expect(messages).not_to_have_count(before)

        return alex.after(come)

    for act in (lambda: other.act("help"), lambda: other.text("1.3.2015")):
        heard = another_says(act)
        assert heard.moved == [] and heard.said, heard
        assert field.evaluate("(it) => [it === document.activeElement, it.value, it.selectionStart]") == [
            True,
            "1.3.20",
            5,
        ]
        before = len(alex.applicant.history())
    assert alex.applicant.question == question, "the question went away while somebody wrote"
    assert alex.page.locator("#status").text_content()
