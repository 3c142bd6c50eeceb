"""A person at the page: reads what it shows, answers by mouse or by keyboard alone, with a script or without.

Knows docs/page.md and nothing of procedures, ids or the API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser import facts

WAIT = 10_000
"""Milliseconds for anything that a page may wait for."""
MOST_TABS = 120
MOST_STEPS = 140

AWAY = """(goal) => {
  const now = document.activeElement;
  if (now === goal) return 0;
  return now && now !== document.body && goal.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}"""
"""Where the goal is from the focus: here, before or behind."""
QUIET = "() => !document.querySelector('form[aria-busy], .al-message--pending')"

State = Literal[
    "start", "buttons", "radios", "checks", "parts", "area", "line", "evidence", "review", "done", "paused", "other"
]

Photo = FilePayload


class Applicant:
    """One person, one page. ``script``: does the page's script run; ``keyboard``: no mouse."""

    def __init__(
        self, page: Page, base: str, *, language: str = "de", script: bool = True, keyboard: bool = False
    ) -> None:
        self.page = page
        self.base = base
        self.language = language
        self.script = script
        self.keyboard = keyboard
        self.photos: list[list[Photo]] = []
        self.seen: Callable[[Applicant], None] = lambda _applicant: None

    # -- what the page shows -----------------------------------------------------------------------------------------

    @property
    def task(self) -> Locator:
        return self.page.locator("#aufgabe")

    @property
    def question(self) -> str:
        """The heading of the task."""
        return self.page.locator("#frage").inner_text()

    @property
    def problem(self) -> str:
        """What went wrong, empty without."""
        found = self.page.locator("#fehler")
        return found.inner_text() if found.count() else ""

    def history(self) -> list[str]:
        return self.page.locator("#verlauf .al-messages > li").all_text_contents()

    def token(self) -> str:
        """The secret of the case: of the script's session, or of the cookie."""
        if self.script:
            return str(self.page.evaluate("sessionStorage.getItem('al.token') ?? ''"))
        cookies = self.page.context.cookies()
        return next((str(each.get("value")) for each in cookies if each.get("name") == "__Host-antragslotse"), "")

    def state(self) -> State:
        """Which of the tasks of docs/page.md is there."""
        marks: list[tuple[str, State]] = [
            (".al-start", "start"),
            ("#datei, .al-drop", "evidence"),
            ("#antwort .al-choices", "buttons"),
            ("#antwort input[type=radio]", "radios"),
            ("#antwort input[type=checkbox]", "checks"),
            ("#antwort .al-parts", "parts"),
            ("#antwort textarea", "area"),
            ("#antwort .al-input", "line"),
            ("#antwort button[value=resume]", "paused"),
            ("#antwort button[value^=submit], #antwort button[value^=send_addition]", "review"),
            (".al-number", "done"),
        ]
        names = [mark for mark, _state in marks]
        at = self.task.evaluate("(task, marks) => marks.findIndex((mark) => task.querySelector(mark))", names)
        return marks[at][1] if at >= 0 else "other"

    # -- hands -------------------------------------------------------------------------------------------------------

    def open(self, path: str = "") -> Applicant:
        """The page for newcomers."""
        plain = "" if self.script else "&form=1"
        self.page.goto(self.base + (path or f"/chat?language={self.language}{plain}"))
        expect(self.page.locator("#frage")).to_be_visible(timeout=WAIT)
        self.seen(self)
        return self

    @contextmanager
    def answered(self) -> Iterator[None]:
        """Around an act that the page answers: a new page, or the script's word."""
        if not self.script:
            with self.page.expect_event("load", timeout=WAIT):  # a new page; the skip link makes none
                yield
        else:
            yield
            self.settle()
        self.seen(self)

    def settle(self) -> None:
        """Until nothing is on its way."""
        self.page.wait_for_function(QUIET, timeout=WAIT)

    def press(self, what: Locator, key: str = "Enter") -> None:
        """A button or a link."""
        if self.keyboard:
            self.go_to(what)
            self.page.keyboard.press(key)
        else:
            what.click(timeout=WAIT)

    def go_to(self, what: Locator) -> None:
        """With the Tab key alone; the skip link first, as those do who know it."""
        expect(what).to_be_attached(timeout=WAIT)
        if self.page.evaluate("document.activeElement === document.body"):
            self._skip()
        for _ in range(MOST_TABS):
            away = what.evaluate(AWAY)
            if away == 0:
                return
            self.page.keyboard.press("Tab" if away > 0 else "Shift+Tab")
        raise AssertionError(f"the Tab key does not lead to {what}")

    def _skip(self) -> None:
        self.page.keyboard.press("Tab")
        if self.page.evaluate("document.activeElement?.className") == "al-skip":
            self.page.keyboard.press("Enter")

    def type(self, field: Locator, text: str) -> None:
        if self.keyboard:
            self.go_to(field)
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.type(text)
        else:
            field.fill(text, timeout=WAIT)

    def tick(self, box: Locator) -> None:
        if not self.keyboard:
            box.check(timeout=WAIT)
        elif box.get_attribute("type") == "radio":
            self._choose(box)
        elif not box.is_checked():
            self.go_to(box)
            self.page.keyboard.press("Space")

    def _choose(self, box: Locator) -> None:
        """A radio button: one Tab stop for all, then the arrows."""
        group = self.task.locator("input[type=radio]")
        self.go_to(group.first)
        for _ in range(group.count()):
            if box.evaluate(AWAY) == 0:
                break
            self.page.keyboard.press("ArrowDown")
        if not box.is_checked():
            self.page.keyboard.press("Space")

    # -- acts --------------------------------------------------------------------------------------------------------

    def begin(self, card: int = 0) -> None:
        """Starts the application of a card."""
        with self.answered():
            self.press(self.page.locator(".al-start button").nth(card))
            self.page.wait_for_selector("#antwort .al-choice, #antwort .al-input", timeout=WAIT)

    def send(self) -> None:
        with self.answered():
            self.press(self.page.locator("#antwort button[type=submit]:not([name])"))

    def choose(self, *places: int) -> None:
        """The buttons, radio buttons or boxes at these places."""
        buttons = self.page.locator("#antwort .al-choice")
        if buttons.count():
            with self.answered():
                self.press(buttons.nth(places[0]))
            return
        for place in places:
            self.tick(self.page.locator("#antwort .al-option input").nth(place))
        self.send()

    def fill(self, *texts: str) -> None:
        """The fields from above to below, and sends them."""
        fields = self.page.locator("#antwort input.al-input, #antwort textarea")
        for place, text in enumerate(texts):
            self.type(fields.nth(place), text)
        self.send()

    def act(self, name: str, target: str = "") -> None:
        """A button of an action, wherever it stands; folded ones are unfolded before."""
        value = f"{name} {target}" if target else name
        button = self.page.locator(f"button[name=action][value='{value}'], a.al-button[href='/chat/{name}']").first
        expect(button).to_be_attached(timeout=WAIT)
        self.unfold(button)
        with self.answered():
            self.press(button)

    def unfold(self, what: Locator) -> None:
        """Opens the fold that ``what`` is in."""
        fold = self.page.locator("details:not([open])").filter(has=what)
        if fold.count():
            self.press(fold.last.locator("summary").first)
            expect(what).to_be_visible(timeout=WAIT)

    def hand_in(self, photos: list[Photo]) -> None:
        """Chooses photos through the browser's own dialog, and waits until the page shows them."""
        before = self.page.locator(".al-page").count()
        button = self.page.locator("#waehlen") if self.script else self.page.locator("#f-file")
        with self.page.expect_file_chooser(timeout=WAIT) as chooser:
            self.press(button)
        chooser.value.set_files(photos)
        if not self.script:
            with self.answered():
                self.press(self.page.locator("#datei button[type=submit]"))
        expect(self.page.locator(".al-page")).to_have_count(before + len(photos), timeout=WAIT)
        expect(self.page.locator("#antwort button[name=value].al-button--primary")).to_be_visible(timeout=2 * WAIT)
        self.seen(self)

    # -- head --------------------------------------------------------------------------------------------------------

    def step(self) -> State:
        """Answers what is open. Returns what it was."""
        state = self.state()
        if self.page.locator("#angebote button[name=value]").count():
            with self.answered():
                self.press(self.page.locator("#angebote button[name=value]").first)
        elif state in ("buttons", "radios", "checks"):
            labels = [
                _plain(text)
                for text in self.page.locator("#antwort .al-choice, #antwort .al-option label").all_inner_texts()
            ]
            self.choose(*facts.picks(self.question, labels))
        elif state in ("line", "parts", "area"):
            self.fill(*self._known())
        elif state == "evidence":
            self._evidence()
        elif state == "review":
            with self.answered():
                self.press(self.page.locator("#antwort button[name=action]"))
        return state

    def _known(self) -> list[str]:
        known = facts.says(self.question, self.language)
        assert known is not None, f"the applicant does not know: {self.question}"
        return known

    def _evidence(self) -> None:
        """Hands in what is at hand; else leaves it out where that is allowed, or promises it."""
        skip = self.page.locator("#wege button[value^=skip]")
        if self.photos:
            self.hand_in(self.photos.pop(0))
            button = self.page.locator("#antwort button[name=value].al-button--primary")
        else:
            button = skip if skip.count() else self.page.locator("#antwort button[name=value]").first
        with self.answered():
            self.press(button)

    def go_on(self, until: Callable[[Applicant], Any]) -> None:
        """Answers until ``until`` is true of the page."""
        for _ in range(MOST_STEPS):
            if until(self):
                return
            before = (self.question, len(self.history()))
            state = self.step()
            assert state not in ("other", "start", "paused", "done"), (state, before)
            assert not self.problem, (self.problem, before)
        raise AssertionError(f"no end, but {self.question}")


def _plain(text: str) -> str:
    return text.partition("\n")[0].strip()
