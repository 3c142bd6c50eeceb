"""A virtual screen reader: writes down what one would say by itself. It hears what it is told to hear, and where the
focus lands; names and roles are those of the browser's own accessibility tree.

Of a log each addition is said, of a status its whole text whenever it changes, of an emptied one nothing.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import CDPSession, Page

LISTEN = """(() => {
  const said = (window.__said = []);
  const LIVE = '[aria-live], [role=log], [role=status], [role=alert]';
  const visible = (e) => !e.closest('[hidden]');
  document.addEventListener('focusin', ({target}) => said.push({focus: target}));
  new MutationObserver((records) => {
    const whole = new Set();
    for (const {target, addedNodes} of records) {
      const at = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      const region = at?.closest(LIVE);
      if (!region || !visible(region)) continue;
      if (region.getAttribute('role') !== 'log') whole.add(region);
      else for (const node of addedNodes) if (node.textContent.trim()) said.push({live: node.textContent});
    }
    for (const region of whole) if (region.textContent.trim()) said.push({live: region.textContent});
  }).observe(document, {childList: true, characterData: true, subtree: true});
})()"""

PAUSE = 150
"""Milliseconds after which nothing more is said about an act: the page has rendered, and announced."""


class Reader:
    """Listens at one page from its beginning. Make it before the page is opened."""

    def __init__(self, page: Page) -> None:
        page.add_init_script(LISTEN)
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self.heard: list[str] = []

    def forget(self) -> None:
        """What was said until now was not about the next act."""
        self._page.evaluate("window.__said.length = 0")

    def listen(self) -> list[str]:
        """What was said since: ``role, name`` of what got the focus, and texts, in order."""
        self._page.wait_for_timeout(PAUSE)
        count = self._page.evaluate("window.__said.length")
        found = [self._phrase(at) for at in range(count)]
        self.forget()
        self.heard += found
        return found

    def _phrase(self, at: int) -> str:
        text = self._page.evaluate("(at) => window.__said[at].live ?? ''", at)
        return str(text) if text else f"[{self._named(f'window.__said[{at}].focus')}]"

    def _named(self, expression: str) -> str:
        """Role, name, description and error, as the browser tells assistive technology."""
        remote = self._session.send("Runtime.evaluate", {"expression": expression})["result"]["objectId"]
        tree = self._session.send("Accessibility.getPartialAXTree", {"objectId": remote, "fetchRelatives": False})
        node: dict[str, Any] = tree["nodes"][0]
        invalid = any(
            each["name"] == "invalid" and each["value"]["value"] not in ("false", False)
            for each in node.get("properties", [])
        )
        parts = [node.get(part, {}).get("value", "") for part in ("role", "name", "description")]
        return ", ".join([*filter(None, parts), *(["invalid"] if invalid else [])])
