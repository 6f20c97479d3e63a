"""What a page complains of: nobody may have to read a console to learn that something broke."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# Chromium tells the page; the page tells its console, where we listen.
REPORT_VIOLATIONS = """
addEventListener('securitypolicyviolation', (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""

#: What Chromium says of an address that does not answer; for tests that take the network away.
NETWORK_IS_AWAY = r"net::ERR_|WebSocket connection to|Failed to load resource"


class Watch:
    """Collects complaints of every page of a test."""

    def __init__(self) -> None:
        self._complaints: list[str] = []
        self._expected: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        for event, listener in self._listeners():
            context.on(event, listener)

    def leave(self, context: BrowserContext) -> None:
        for event, listener in self._listeners():
            context.remove_listener(event, listener)

    def _listeners(self) -> list[tuple[Any, Any]]:
        return [
            ("console", self._console),
            ("weberror", self._thrown),
            ("requestfailed", self._failed),
            ("response", self._answered),
        ]

    def expect(self, pattern: str) -> None:
        """From now on these words are part of the story."""
        self._expected.append(pattern)

    @property
    def complaints(self) -> list[str]:
        expected = [re.compile(pattern) for pattern in self._expected]
        return [
            complaint
            for complaint in self._complaints
            if not any(pattern.search(complaint) for pattern in expected)
        ]

    def _complain(self, words: str) -> None:
        self._complaints.append(words)

    def _thrown(self, error: WebError) -> None:
        self._complain(f"page error: {error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where = message.location
            self._complain(f"{message.type}: {message.text} ({where['url']})")

    def _failed(self, request: Request) -> None:
        # A page that is left gives up what it was asking.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self._complain(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._complain(f"{response.status}: {response.request.method} {response.url}")
