"""What a screen reader would say of a page: what the live regions tell, and what the focus lands on.

The names are the browser's own: its accessibility tree, by the DevTools protocol.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Page

QUIET_MS: Final = 250
"""So long nothing more is said, before an act counts as answered."""

RECORDER: Final = """() => {
  const plain = (text) => (text ?? '').replace(/\\s+/g, ' ').trim();
  const heard = (window.heard = {said: [], moved: [], last: performance.now()});
  const live = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest('[role=log], [role=status], [role=alert]');
  const hear = (records) => {
    for (const {type, target, addedNodes} of records) {
      const region = live(target);
      if (!region) continue;
      const texts = type === 'characterData' ? [target.data] : [...addedNodes].map((node) => node.textContent);
      for (const text of texts.map(plain).filter(Boolean)) heard.said.push(text), (heard.last = performance.now());
    }
  };
  new MutationObserver(hear).observe(document.body, {childList: true, characterData: true, subtree: true});
  document.addEventListener('focusin', ({target}) => {
    heard.moved.push(target.id || plain(target.textContent));
    heard.last = performance.now();
  });
}"""

CALM: Final = """async (quiet) => {
  while (performance.now() - window.heard.last < quiet) await new Promise((go) => setTimeout(go, 20));
}"""

SPOT: Final = """() => {
  const e = document.activeElement;
  const {left, top, right, bottom, width, height} = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  const inside = ([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
  const points = [[left + width / 2, top + height / 2], [left + 3, top + height / 2], [right - 3, top + height / 2],
    [left + width / 2, top + 3], [left + width / 2, bottom - 3]].filter(inside);
  const label = (hit) => hit?.tagName === 'LABEL' && hit.control === e;
  const mine = (hit) => hit && (e.contains(hit) || label(hit));
  return {nowhere: e === document.body, html: e.outerHTML.slice(0, 160), outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    inView: points.length, covered: points.filter((at) => !mine(document.elementFromPoint(...at))).length};
}"""


@dataclass(frozen=True)
class Spot:
    """Where the focus is. ``outline``: pixels; ``covered``: how many of its points something else lies on."""

    role: str
    name: str
    description: str
    invalid: bool
    html: str
    outline: float
    in_view: int
    covered: int
    nowhere: bool

    def faults(self) -> list[str]:
        """What is wrong with a stop of the Tab key."""
        wrong = {
            "has no name": not self.name,
            "shows no focus": self.outline < 3,
            "is out of view": not self.in_view,
            "is covered": self.covered > 0,
        }
        return [f"{self.html} {what}" for what, is_so in wrong.items() if is_so]


@dataclass(frozen=True)
class Heard:
    """``said``: by live regions, in order; ``moved``: ids of what the focus went to; ``spot``: where it is now."""

    said: list[str]
    moved: list[str]
    spot: Spot

    def times(self, sentence: str) -> int:
        """How often this was spoken, by either way."""
        landed = [self.spot.name] if self.moved else []
        return sum(plain(sentence) in each for each in [*self.said, *landed])


@dataclass
class Ears:
    """Listens to a page. One page of a script is one document; :meth:`listen` begins again after a load."""

    page: Page
    _devtools: Any = field(init=False)

    def __post_init__(self) -> None:
        self._devtools = self.page.context.new_cdp_session(self.page)
        self._devtools.send("Accessibility.enable")
        self._devtools.send("DOM.enable")

    def listen(self) -> Ears:
        self.page.evaluate(RECORDER)
        return self

    def forget(self) -> None:
        """What comes from now on is the answer to the next act."""
        self.page.evaluate("Object.assign(window.heard, {said: [], moved: [], last: performance.now()})")

    def heard(self) -> Heard:
        """Everything since, once it is quiet."""
        self.page.evaluate(CALM, QUIET_MS)
        found = self.page.evaluate("window.heard")
        return Heard(said=found["said"], moved=found["moved"], spot=self.spot())

    def spot(self) -> Spot:
        seen = self.page.evaluate(SPOT)
        found = self._devtools.send("Runtime.evaluate", {"expression": "document.activeElement"})
        handle = {"objectId": found["result"]["objectId"], "fetchRelatives": False}
        node = self._devtools.send("Accessibility.getPartialAXTree", handle)["nodes"][0]
        return Spot(
            role=_value(node, "role"),
            name=plain(_value(node, "name")),
            description=plain(_value(node, "description")),
            invalid=any(
                each["name"] == "invalid" and each["value"]["value"] == "true" for each in node.get("properties", ())
            ),
            html=seen["html"],
            outline=seen["outline"],
            in_view=seen["inView"],
            covered=seen["covered"],
            nowhere=seen["nowhere"],
        )


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _value(node: dict[str, Any], name: str) -> str:
    return str(node.get(name, {}).get("value", ""))
