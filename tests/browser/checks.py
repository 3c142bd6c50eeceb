"""What is true of every page in every state: axe finds nothing, nothing is wider than the window, every target is large.

A check of an empty page would pass, so each asserts first that there is a page.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import axe_playwright_python
from playwright.sync_api import Page

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
FEWEST_PASSES: Final = 15
TARGET: Final = 44.0

EXPLAINED: Final = (
    # The history scrolls in a window of its own: of a message that is scrolled half out, axe hits what stands below it.
    ("color-contrast", "verlauf", "partially obscured by another element"),
)
"""What axe may leave undecided: rule, part of the page, words. The reason stands above each."""

LAYOUT = """(least) => {
  const seen = (e) => e.checkVisibility({checkVisibilityCSS: true, checkOpacity: true}) && e.getBoundingClientRect().right > 0
    && !e.closest('.al-hidden');
  const name = (e) => `${e.tagName.toLowerCase()}.${e.className}#${e.id} ${(e.textContent || e.value || '').trim().slice(0, 40)}`;
  const box = (e) => {
    const own = e.getBoundingClientRect();
    const label = ['radio', 'checkbox'].includes(e.type) && e.labels.length ? e.parentElement.getBoundingClientRect() : own;
    return [Math.max(own.width, label.width), Math.max(own.height, label.height)];
  };
  const inline = (e) => e.tagName === 'A' && getComputedStyle(e).display === 'inline';
  const targets = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  const small = targets.filter((e) => seen(e) && !inline(e)).map((e) => [name(e), ...box(e).map(Math.round)])
    .filter(([, width, height]) => width < least || height < least);
  const cut = [...document.querySelectorAll('body *')].filter((e) => seen(e) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
    && getComputedStyle(e).overflowX !== 'visible' && !['INPUT', 'TEXTAREA'].includes(e.tagName)).map(name);
  const wide = document.documentElement.scrollWidth > innerWidth
    ? [...document.querySelectorAll('body *')].filter((e) => seen(e) && e.getBoundingClientRect().right > innerWidth + 0.5).map(name) : [];
  return {marker: Boolean(document.querySelector('#frage')), small, cut, wide, width: document.documentElement.scrollWidth, window: innerWidth};
}"""

SHAPE = """() => [...document.querySelectorAll('body, body *')].map((e) => `${e.tagName}.${e.className}.${e.getAttribute('type') ?? ''}`)
  .filter((one, at, all) => all.indexOf(one) === at).sort().join(' ')"""

RUN = """async ([tags, off]) => {
  const rules = Object.fromEntries(off.map((id) => [id, {enabled: false}]));
  const known = [['.al-messages > li:nth-last-child(n+9)']];  // looked at when they were new
  const found = await axe.run({include: document, exclude: known}, {runOnly: {type: 'tag', values: tags}, rules});
  const part = (target) => document.querySelector(target)?.closest('[id]:not([id^=w-]):not(input)')?.id ?? '';
  const short = ({id, help, nodes}) => nodes.map((node) =>
    ({id, help, part: part(node.target.at(-1)), where: node.target.join(' '), why: node.failureSummary ?? '', html: node.html.slice(0, 200)}));
  return {violations: found.violations.flatMap(short), incomplete: found.incomplete.flatMap(short), passes: found.passes.length};
}"""


@cache
def axe_source() -> str:
    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()


def axe(page: Page, *, forced: bool = False) -> list[str]:
    """What axe objects to, and what it cannot decide and nobody explained. In emulated forced colours it reads colours
    that are not shown, so contrast is left to the light and dark runs. What it says once only, because the page moved
    under its eyes, does not count.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe_source())
    return _axe(page, forced=forced) and _axe(page, forced=forced)


def _axe(page: Page, *, forced: bool) -> list[str]:
    found = page.evaluate(RUN, [list(TAGS), ["color-contrast"] if forced else []])
    assert page.locator("#frage").count() == 1, "no page to look at"
    assert found["passes"] >= FEWEST_PASSES, found
    open_ones = [each for each in found["incomplete"] if not _explained(each)]
    return [
        f"axe {each['id']}: {each['help']} {each['where']} {each['why']} {each['html']}"
        for each in found["violations"] + open_ones
    ]


def _explained(each: dict[str, str]) -> bool:
    return any(each["id"] == id and each["part"] == part and words in each["why"] for id, part, words in EXPLAINED)


def layout(page: Page) -> list[str]:
    """What is too wide, cut off or too small."""
    found = page.evaluate(LAYOUT, TARGET)
    assert found["marker"], "no page to look at"
    wide = [f"wider than the window ({found['width']} > {found['window']}): {each}" for each in found["wide"]]
    if found["width"] > found["window"] and not wide:
        wide = [f"wider than the window: {found['width']} > {found['window']}"]
    return wide + [f"cut off: {each}" for each in found["cut"]] + [f"small: {each}" for each in found["small"]]


def shape(page: Page) -> str:
    """Which elements there are, whatever they say: pages of one shape need one look."""
    return str(page.evaluate(SHAPE))


class Inspector:
    """Looks at every page on a road: its layout always, with axe at each shape once. ``with_axe``: a script may run."""

    def __init__(self, *, with_axe: bool) -> None:
        self.with_axe = with_axe
        self.shapes: set[str] = set()
        self.looks = 0
        self.found: list[str] = []

    def look(self, page: Page, where: str) -> None:
        self.looks += 1
        self.found += [f"{where}: {each}" for each in layout(page)]
        found = shape(page) if self.with_axe else ""
        if self.with_axe and found not in self.shapes:
            self.shapes.add(found)
            self.found += [f"{where}: {each}" for each in axe(page)]
