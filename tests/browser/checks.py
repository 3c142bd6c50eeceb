"""What is true of every page in every state: nothing is wider than the window or cut off, and every target is large.

A check of an empty page would pass, so it asserts first that there is a page. What axe looks at is in ``axe.py``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import axe_playwright_python
from playwright.sync_api import Page

TARGET: Final = 44.0

LAYOUT = """(least) => {
  const seen = (e) => e.checkVisibility({checkVisibilityCSS: true, checkOpacity: true}) && !e.closest('.al-hidden')
    && e.getBoundingClientRect().right > 0;
  const name = (e) => `${e.tagName.toLowerCase()}.${e.className}#${e.id} ${(e.textContent || '').trim().slice(0, 40)}`;
  const all = [...document.querySelectorAll('body *')].filter(seen);
  const own = (e) => e.getBoundingClientRect();
  const box = (e) => (['radio', 'checkbox'].includes(e.type) ? own(e.parentElement) : own(e));  // with its label
  const inline = (e) => e.tagName === 'A' && getComputedStyle(e).display === 'inline';
  const target = (e) => e.matches('a[href], button, input:not([type=hidden]), select, textarea, summary') && !inline(e);
  const small = all.filter((e) => target(e) && (box(e).width < least || box(e).height < least))
    .map((e) => `${name(e)} ${box(e).width}x${box(e).height}`);
  const cut = all.filter((e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1 && !e.matches('input, textarea')
    && getComputedStyle(e).overflowX !== 'visible').map(name);
  const wide = document.documentElement.scrollWidth > innerWidth
    ? ['the page', ...all.filter((e) => own(e).right > innerWidth + 0.5).map(name)] : [];
  return {page: Boolean(document.querySelector('#frage, main h1')), small, cut, wide};
}"""


@cache
def axe_source() -> str:
    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()


def layout(page: Page) -> list[str]:
    """What is too wide, cut off or too small."""
    found = page.evaluate(LAYOUT, TARGET)
    assert found["page"], "no page to look at"
    wide = [f"wider than the window: {each}" for each in found["wide"]]
    return wide + [f"cut off: {each}" for each in found["cut"]] + [f"small: {each}" for each in found["small"]]


class Inspector:
    """Looks at every page on somebody's road."""

    def __init__(self) -> None:
        self.looks = 0
        self.found: list[str] = []

    def look(self, page: Page, where: str) -> None:
        self.looks += 1
        self.found += [f"{where}: {each}" for each in layout(page)]
