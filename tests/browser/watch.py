"""Listens to everything that a page does behind the scenes: requests, the console, dialogs, errors of scripts."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Error, Page, Request

NETWORK_AWAY = r"net::ERR_(INTERNET_DISCONNECTED|FAILED|ABORTED|CONNECTION_\w+|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_\w+)"
REFUSED = r"the server responded with a status of (404|409|422)"
"""A browser says so of every page that is no success."""


@dataclass
class Watch:
    """What was seen. ``allowed``: patterns of what a test expects in the console."""

    base: str
    allowed: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._asked_for)
        context.on("console", self._said)
        context.on("dialog", self._asked)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("page", self._opened)

    def _asked_for(self, request: Request) -> None:
        self.requests.append(request)

    def _opened(self, page: Page) -> None:
        page.on("crash", lambda _page: self.complaints.append("the page crashed"))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _asked(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        with suppress(Error):  # gone with its page
            dialog.dismiss()

    def foreign(self) -> list[str]:
        """Requests to anybody but us; what is in the page itself asks nobody."""
        urls = (request.url for request in self.requests)
        host = urlsplit(self.base).netloc
        return [url for url in urls if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != host]

    def sent(self, method: str, path: str) -> list[Request]:
        return [each for each in self.requests if each.method == method and urlsplit(each.url).path == path]

    def troubles(self) -> list[str]:
        """Everything that nobody expects."""
        allowed = re.compile("|".join(self.allowed)) if self.allowed else None
        odd = [each for each in self.complaints if allowed is None or not allowed.search(each)]
        return odd + [f"foreign request: {url}" for url in self.foreign()]
