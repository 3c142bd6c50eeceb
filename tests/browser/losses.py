"""What tests of losses and of safety share: a tab on a case, what arrived of it, and a network that goes away."""

from __future__ import annotations

import io
import json
import os
import re
import time
from collections.abc import Callable
from typing import Any, Final

import pikepdf
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.browser.conftest import Guests
from tests.browser.other import Other

WAIT: Final = 10_000
"""Milliseconds for whatever has no limit of its own."""
NOTICE: Final = 2_000
DELIVERY: Final = 2_000
"""Milliseconds: until the page says that the network is away; until what waited has arrived."""
AWAY: Final = 30.0 if os.environ.get("ANTRAGSLOTSE_SLOW_TESTS") == "1" else 2.5
"""Seconds without a network."""

QUIET: Final = "main:not(:has(form[aria-busy])):not(:has(.al-message--pending))"
OFFLINE: Final = "Keine Verbindung."
ANSWERS: Final = "**/api/v1/answers"
NEWS: Final = re.compile(r"/api/v1/events\?.*wait=")
"""The line. What a browser calls offline leaves a stream that is open alone, so tests cut it off by this."""


def tab(guests: Guests, other: Other, *, cookie: bool = False, context: BrowserContext | None = None) -> Page:
    """A tab on the case of ``other``: with its token in the tab, or in the cookie. Scripts may run in both."""
    page = (context or guests.device()).new_page()
    if cookie:
        secret = {"name": "__Host-antragslotse", "value": other.token, "url": other.base.replace("http:", "https:")}
        page.context.add_cookies([{**secret, "secure": True, "httpOnly": True, "sameSite": "Strict"}])  # type: ignore[list-item]
    else:
        token = json.dumps(other.token)
        page.add_init_script(
            f"if (location.protocol !== 'chrome-error:' && !sessionStorage.getItem('al.token')) sessionStorage.setItem('al.token', {token});"
        )
    page.goto(f"{other.base}/chat")
    quiet(page)
    return page


def quiet(page: Page, milliseconds: float = WAIT) -> None:
    """Until a task is there and nothing is on its way."""
    expect(page.locator(QUIET)).to_be_attached(timeout=milliseconds)
    expect(page.locator("#antwort, .al-number, .al-code, .al-review").first).to_be_visible(timeout=milliseconds)


def task(page: Page, words: str, milliseconds: float = WAIT) -> None:
    """Until the task's heading says these words, and it can be used."""
    expect(page.locator("#frage")).to_contain_text(words, timeout=milliseconds)
    quiet(page, milliseconds)


def fill(page: Page, text: str) -> None:
    """Types into the one field, and sends."""
    page.locator("#f-text").fill(text)
    page.locator("#antwort button.al-button--primary").click()


def said(page: Page) -> list[str]:
    """The messages of the history, without their senders."""
    return page.locator("#verlauf .al-messages > li > .al-text").all_text_contents()


def away(page: Page) -> None:
    page.context.set_offline(True)


def back(page: Page) -> float:
    """The network is there again. Returns when."""
    page.context.set_offline(False)
    return time.monotonic()


def notice(page: Page) -> None:
    """It says within two seconds that the network is away, and that the answer is kept."""
    expect(page.locator("#status")).to_contain_text(OFFLINE, timeout=NOTICE)


def within(since: float, milliseconds: float = DELIVERY) -> float:
    """What is left of the time that may pass after ``since``; at least one."""
    return max(1.0, milliseconds - (time.monotonic() - since) * 1000)


def linger(page: Page, seconds: float = AWAY) -> None:
    """The time without a network passes, for the page too."""
    page.wait_for_timeout(seconds * 1000)


def until(page: Page, true: Callable[[], Any], milliseconds: float = WAIT) -> None:
    """Waits for something outside of the page, and lets the page go on meanwhile."""
    last = time.monotonic() + milliseconds / 1000
    while not true():
        assert time.monotonic() < last, "it did not come true"
        page.wait_for_timeout(20)


def lost_before(times: int = 1) -> Callable[[Route], None]:
    """A handler: these requests never reach the server."""
    return _losing(times, lambda route: route.abort("connectionfailed"))


def lost_after(times: int = 1) -> Callable[[Route], None]:
    """A handler: the server takes these requests, and its replies are lost."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionfailed")

    return _losing(times, lose)


def _losing(times: int, lose: Callable[[Route], None]) -> Callable[[Route], None]:
    left = times

    def handle(route: Route) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            lose(route)
        else:
            route.continue_()

    return handle


def body(request: Request) -> dict[str, Any]:
    return dict(request.post_data_json or {})


def outbox(page: Page) -> int:
    """How many answers wait in the tab's storage."""
    return int(page.evaluate("JSON.parse(sessionStorage.getItem('al.outbox') ?? '[]').length"))


def pdf(size: int) -> bytes:
    """A document of one page that has about ``size`` bytes."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    document.Root.Filling = pikepdf.Stream(document, os.urandom(size))
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


class Ledger:
    """The server's view of a case before and after: what was answered, and how often."""

    def __init__(self, other: Other) -> None:
        self.other = Other(other.base, other.token)
        self.before = self.turns()

    def turns(self) -> int:
        self.other.look()
        return self.other.cursor

    def gained(self) -> int:
        """How many turns came since."""
        return self.turns() - self.before

    def summary(self) -> dict[str, str]:
        """Each answer by its question; fails where one is there twice."""
        items = [item for section in self.other.call("GET", "/summary")["sections"] for item in section["items"]]
        found = {str(item["question"]): str(item["answer"]) for item in items}
        assert len(found) == len(items)
        return found

    def sent(self) -> list[dict[str, Any]]:
        """The submissions."""
        return list(self.other.look()["submissions"])

    def only(self, question: str, answer: str) -> None:
        """Exactly one turn came, and it is this answer."""
        assert self.other.answers(question) == [answer]
        assert self.gained() == 1, self.other.events()[-12:]
        assert self.summary()[question] == answer
