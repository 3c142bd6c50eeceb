"""A real service, a real browser, and pages that are watched. One of each for these tests in one process.

Without Chromium the tests are skipped, loudly; in CI they fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.applicant import Applicant
from tests.browser.install import ensure
from tests.browser.other import Other
from tests.browser.service import Service
from tests.browser.watch import Watch

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is. Looked for, and where allowed installed, once."""
    found = ensure()
    if found is None:
        why = "no Chromium: the chat page is not tested (apt install chromium fonts-liberation)"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    # No longer than these tests: it occupies the thread's event loop.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("service"))
    service.start()
    yield service
    service.stop()
    assert "bug" not in service.said(), service.said()


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    """One that a test may stop and start."""
    service = Service(tmp_path)
    service.start()
    yield service
    service.stop()


class Guests:
    """Makes contexts of the browser, each a device of its own, and people at them."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._browser = browser
        self.base = base
        self.watch = Watch(base)
        self.contexts: list[BrowserContext] = []

    def device(self, *, script: bool = True, **options: Any) -> BrowserContext:
        """A browser without a past. ``options``: Playwright's, such as viewport and color_scheme."""
        wanted: dict[str, Any] = {"viewport": PHONE, "locale": "de-DE", "reduced_motion": "reduce", **options}
        context = self._browser.new_context(java_script_enabled=script, **wanted)
        context.set_default_timeout(10_000)
        self.watch.over(context)
        self.contexts.append(context)
        return context

    def person(self, *, script: bool = True, keyboard: bool = False, language: str = "de", **options: Any) -> Applicant:
        """Somebody at a new device."""
        context = self.device(script=script, locale="en-GB" if language == "en" else "de-DE", **options)
        return Applicant(context.new_page(), self.base, language=language, script=script, keyboard=keyboard)

    def at(self, other: Other, *, script: bool = True, **options: Any) -> Applicant:
        """Somebody who goes on with the case of ``other`` in a browser: with its token in the tab, or in the cookie.

        The pages of a cookie session hold no script, so a browser that could run one shows the same, and can be
        examined with axe.
        """
        someone = Applicant(self.device(**options).new_page(), self.base, script=script)
        _carry(someone.page.context, self.base, other.token, script=script)
        someone.page.goto(f"{self.base}/chat")
        someone.page.wait_for_selector("#antwort, .al-number, .al-code, .al-ways", timeout=10_000)
        someone.settle() if script else None
        return someone

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def _carry(context: BrowserContext, base: str, token: str, *, script: bool) -> None:
    if script:
        kept = f"if (!sessionStorage.getItem('al.begun')) sessionStorage.setItem('al.token', '{token}');"
        context.add_init_script(kept + "sessionStorage.setItem('al.begun', '1');")
    else:
        context.add_cookies([{"name": "__Host-antragslotse", "value": token, "url": base.replace("http:", "https:"),
                              "secure": True, "httpOnly": True, "sameSite": "Strict"}])  # fmt: skip


@pytest.fixture
def guests(browser: Browser, service: Service) -> Iterator[Guests]:
    """Devices and people; afterwards nothing may have been complained of, and nobody else asked."""
    made = Guests(browser, service.base)
    yield made
    made.close()
    assert made.watch.troubles() == []


@pytest.fixture
def case(service: Service) -> Callable[..., Other]:
    """Opens a case by the API and drives it: ``case("iban")``."""

    def opened(until: str = "", language: str = "de", **instead: str) -> Other:
        return Other(service.base).open(language=language).drive(until, **instead)

    return opened
