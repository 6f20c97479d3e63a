"""Browsers of one Chromium, lent out again: what one has cached it need not fetch twice."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext

from tests.journeys.watching import REPORT_VIOLATIONS, Watch

USUAL = {"viewport": {"width": 1280, "height": 850}, "reduced_motion": "reduce"}


class Browsers:
    """Contexts: each has cookies and a cache of its own, as another computer would."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._free: dict[str, list[BrowserContext]] = {}
        self._lent: list[tuple[str, BrowserContext]] = []

    def lend(self, watch: Watch, *, fresh: bool = False, **options: Any) -> BrowserContext:
        """A browser that nobody is signed in with.

        :param fresh: of the test's own, because the test bends it: its clock, its network.
        """
        wanted = {**USUAL, **options}
        kind = "" if fresh else repr(sorted(wanted.items()))
        free = self._free.get(kind)
        context = free.pop() if free else self._open(wanted)
        self._lent.append((kind, context))
        watch.follow(context)
        return context

    def take_back(self, watch: Watch) -> None:
        """At the end of a test: its pages are closed, and nobody is signed in."""
        while self._lent:
            kind, context = self._lent.pop()
            watch.leave(context)
            if not kind:
                context.close()
                continue
            for page in context.pages:
                page.close()
            context.clear_cookies()
            self._free.setdefault(kind, []).append(context)

    def _open(self, options: dict[str, Any]) -> BrowserContext:
        context = self._chromium.new_context(**options)
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_VIOLATIONS)
        return context
