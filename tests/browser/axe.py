"""axe at one page: every rule of WCAG 2.2 A and AA, best practice, and the contrast of AAA.

An empty page has no faults, so there must be a question, and a number of rules that found something to agree with.
"""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page

from tests.browser.checks import axe_source

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CONTRAST: Final = ("color-contrast", "color-contrast-enhanced")
FEWEST_PASSES: Final = 15

RUN: Final = """async ([tags, on, off]) => {
  const said = (state) => Object.fromEntries(state.map((id) => [id, {enabled: on.includes(id)}]));
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, rules: said([...on, ...off])});
  const short = ({id, nodes}) => nodes.map((node) => `${id} at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`);
  const {violations, incomplete, passes} = found;
  return {faults: violations.flatMap(short), open: incomplete.flatMap(short), passes: passes.map(({id}) => id)};
}"""


def faults(page: Page, *, forced: bool = False) -> list[str]:
    """What axe objects to, and what it leaves open.

    ``forced``: the browser forces its colours; axe then reads colours that nobody sees, so contrast is left out.
    """
    assert page.locator("#frage, main h1").count(), "no page to look at"
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe_source())
    on, off = ((), CONTRAST) if forced else (CONTRAST, ())
    found: dict[str, Any] = page.evaluate(RUN, [list(TAGS), list(on), list(off)])
    assert len(found["passes"]) >= FEWEST_PASSES, found["passes"]
    assert forced or "color-contrast-enhanced" in found["passes"] + found["faults"], found["passes"]
    return list(found["faults"]) + [f"undecided: {each}" for each in found["open"]]
