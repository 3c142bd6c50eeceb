"""Every state of the page is accessible, in every way of looking at it.

Four people go the whole road. Between them each state is seen in German and English, light, dark and in forced colours,
narrow and wide, with and without the script.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.checks import layout
from tests.browser.conftest import Guests
from tests.browser.other import Other
from tests.browser.road import ROAD, Stop, carry
from tests.browser.service import ROOT

SCREENSHOTS = ROOT / ".cache" / "screenshots"
NARROW, LOW, WIDE = {"width": 320, "height": 640}, {"width": 320, "height": 256}, {"width": 1280, "height": 900}
PERSONAL = re.compile("Alex|Muster|Lena|Leipzig|DE89|alex@")
LEGAL = ("/privacy", "/accessibility", "/imprint")


@dataclass(frozen=True)
class Look:
    """One way of looking at the page."""

    name: str
    language: str
    colours: str
    window: dict[str, int]
    script: bool

    def options(self) -> dict[str, Any]:
        forced = {"forced_colors": "active"} if self.colours == "forced" else {"color_scheme": self.colours}
        return {"viewport": self.window, "locale": "en-GB" if self.language == "en" else "de-DE", **forced}


LOOKS = (
    Look("script-de-light-narrow", "de", "light", NARROW, True),
    Look("form-en-dark-wide", "en", "dark", WIDE, False),
    Look("script-en-forced-wide", "en", "forced", WIDE, True),
    Look("form-de-dark-narrow", "de", "dark", NARROW, False),
)


def examined(page: Page, look: Look, name: str) -> list[str]:
    """Everything that is wrong with this page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"road-{look.name}-{name}.png", full_page=True)
    found = axe.faults(page, forced=look.colours == "forced") + layout(page)
    if look.window == NARROW:
        page.set_viewport_size({"width": LOW["width"], "height": LOW["height"]})
        found += [f"low window: {each}" for each in layout(page)]
        page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    lang = page.locator("html").get_attribute("lang")
    found += [f"the page says it speaks {lang}"] if lang != look.language else []
    title = page.title()
    found += [f"no title, or somebody's data in it: {title}"] if not title or PERSONAL.search(title) else []
    return [f"{look.name}, {name}: {each}" for each in found]


def shown(page: Page, base: str, stop: Stop) -> None:
    """Opens the page of the case anew."""
    page.goto(f"{base}/chat")
    expect(page.locator(stop.shows).first, stop.name).to_be_visible(timeout=10_000)
    expect(page.locator("#frage")).to_be_visible()
    expect(page.locator("form[aria-busy]")).to_have_count(0)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_no_state_of_a_case_has_a_barrier(guests: Guests, case: Callable[..., Other], look: Look) -> None:
    other = case("@consent", look.language)
    context = guests.device(**look.options())
    carry(context, guests.base, other.token, script=look.script)
    page = context.new_page()
    found: list[str] = []
    for stop in ROAD:
        stop.reach(other)
        shown(page, guests.base, stop)
        assert page.locator("body").get_attribute("data-mode") == ("chat" if look.script else "form"), stop
        found += examined(page, look, stop.name)
    assert found == []


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_nor_has_a_page_without_a_case(guests: Guests, look: Look) -> None:
    page = guests.device(**look.options()).new_page()
    found: list[str] = []
    start = f"/chat?language={look.language}" + ("" if look.script else "&form=1")
    for path in (start, *LEGAL):
        page.goto(guests.base + path)
        expect(page.locator("main h1")).to_be_visible()
        found += examined(page, look, path.split("?")[0].strip("/"))
    assert found == []
