#!/usr/bin/env python3
"""What the widget costs in a browser, row by row of its budget, and as a ratio to an empty page.

    python benchmarks/widget.py [--rounds 5] [--json]

Chromium before the example school, once as it is and once with its processor slowed down four
times. Ten thousand messages are handed to the page as one page of history, and frames to its
socket, so that the figures are the browser's and not the network's. Medians; `make bench-widget`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, Response, Route, sync_playwright

from tests.conftest import CHROMIUM
from tests.journeys.lasting import Account, LastingServer, Office
from tests.journeys.people import Person, Tab
from tests.support.running import PATIENT, fill_school, settled

PAGE = (Path(__file__).parent / "widget_page.js").read_text(encoding="utf-8")
MESSAGES = 10_000
MEGABYTE = 2**20


@dataclass(frozen=True)
class Row:
    """One line of the table: what, how much, how much it may be."""

    what: str
    unit: str
    value: float
    budget: float | None
    slowed: float | None = None
    slowed_budget: float | None = None
    empty: float | None = None
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        if self.budget is None:
            return True
        if self.at_least:
            return self.value >= self.budget
        if self.slowed is not None and self.slowed_budget is not None:
            return self.value <= self.budget and self.slowed <= self.slowed_budget
        return self.value <= self.budget


class Bench:
    """A school, a browser, and two people in it."""

    def __init__(self, server: LastingServer, browser: Browser, rounds: int) -> None:
        self.server, self.browser, self.rounds = server, browser, rounds
        self.office = Office(server.database)
        self.ana = self.office.enrol("registrar", "Ana Bench")
        self.ben = self.office.enrol("teacher", "Ben Bench")
        self.conversation = self.office.conversation(self.ben, self.ana, "first")

    @contextmanager
    def visit(self, slow: int = 1, account: Account | None = None) -> Iterator[Tab]:
        """A fresh browser of somebody, on the registrar's page; its chat is closed and live."""
        context = self.browser.new_context(
            base_url=self.server.origin, viewport={"width": 1280, "height": 850}
        )
        context.add_init_script(PAGE)
        try:
            person = Person(account or self.ana, context).sign_in()
            tab = person.tab("/")
            if slow > 1:
                wire = context.new_cdp_session(tab.page)
                wire.send("Emulation.setCPUThrottlingRate", {"rate": slow})
            yield tab
        finally:
            context.close()

    @contextmanager
    def long_history(self, slow: int = 1) -> Iterator[Tab]:
        """With ten thousand messages loaded, the conversation open."""
        with self.visit(slow) as tab:
            self._answer_at_length(tab.page)
            tab.page.evaluate("bench.client.dispatch({type: 'open'})")
            tab.page.wait_for_function("() => bench.client.getSnapshot().heads === 'ready'")
            tab.page.evaluate("(id) => bench.load(id)", self.conversation)
            # The messages to come are invented: a server that is asked would deny them.
            tab.page.route("**/chat/api/sync", lambda route: None)
            yield tab
            tab.page.unroute_all(behavior="ignoreErrors")

    def median(self, measure: Callable[[], float]) -> float:
        return statistics.median(measure() for _ in range(self.rounds))

    def _answer_at_length(self, page: Page) -> None:
        def answer(route: Route) -> None:
            known = route.fetch().json()["messages"][-1]
            route.fulfill(json={"messages": list(_history(known)), "more": False, "head": 1})

        page.route(f"**/conversations/{self.conversation}/messages?*", answer)


def _history(known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Ten thousand messages like this one, the last of them itself."""
    for back in range(MESSAGES - 1, -1, -1):
        number = MESSAGES - back
        body = f"{number} " + "words and more of them " * (1 + number % 9)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_700_000_000 + number * 97))
        seq = known["seq"] - back
        yield {**known, "id": f"{900_000 + number}", "seq": seq, "change": 1, "body": body,
               "created_at": at, "client_id": None}  # fmt: skip


def first_load(bench: Bench) -> Iterator[Row]:
    """What travels, with nothing in the browser's cache: closed, with the list, with a thread."""
    for what, budget in (("closed", 12), ("the list open", 40), ("a conversation open", 40)):
        context = bench.browser.new_context(base_url=bench.server.origin)
        Person(bench.ana, context).sign_in()
        page = context.new_page()
        bodies: list[int] = []
        wire = Wire(page)
        page.on("response", lambda answer, bodies=bodies: _note_size(answer, bodies))
        page.goto("/")
        tab = Tab(page)
        tab.is_live()
        if what != "closed":
            tab.open_chat()
            tab.in_list("Ben Bench").wait_for()
        if what == "a conversation open":
            tab.choose("Ben Bench")
            tab.message("first").wait_for()
        page.wait_for_load_state("networkidle")
        yield Row(f"first load, {what}: {len(bodies)} files", "KiB", sum(bodies) / 1024, budget)
        yield Row("… and their headers", "KiB", wire.total() - sum(bodies) / 1024, None)
        context.close()


def _note_size(answer: Response, sizes: list[int]) -> None:
    if "/chat/static/" in answer.url:
        sizes.append(int(answer.headers.get("content-length", 0)))


class Wire:
    """All that came over the wire with the widget's files, as the browser has counted it."""

    def __init__(self, page: Page) -> None:
        self._urls: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", self._begin)
        wire.on("Network.loadingFinished", self._end)

    def total(self) -> float:
        ours = (size for key, size in self._sizes.items() if "/chat/static/" in self._urls[key])
        return sum(ours) / 1024

    def _begin(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["response"]["url"]

    def _end(self, event: dict[str, Any]) -> None:
        self._sizes[event["requestId"]] = event["encodedDataLength"]


def page_view(bench: Bench) -> Iterator[Row]:
    """A click in the host's application, with everything static in the cache."""
    with bench.visit() as tab:
        page = tab.page
        seen: list[str] = []
        told = 0

        def note(answer: Any) -> None:
            nonlocal told
            if "/chat/" in answer.url and "/chat/static/" not in answer.url:
                seen.append(answer.url)
                told += int(answer.headers.get("content-length", 0)) if "/api/" in answer.url else 0

        # What is in the cache is there to stay: only what the page asks for anew is counted.
        page.on("response", note)
        page.on("websocket", lambda socket: seen.append(socket.url))
        before = bench.server.state()["statements"]
        page.reload()
        tab.is_live()
        page.wait_for_load_state("networkidle")
        statements = bench.server.state()["statements"] - before
        yield Row("page view, closed: requests", "", len(seen), 2)
        yield Row("page view, closed: statements", "", statements, 4)
        yield Row("page view, closed: JSON", "bytes", told, 2_048)
        loads = bench.median(lambda: _load(page))
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setBlockedURLs", {"urls": ["*widget.js"]})
        empty = bench.median(lambda: _load(page))
        yield Row("page view, closed: loaded", "ms", loads, empty * 2, empty=empty)


def _load(page: Page) -> float:
    page.reload(wait_until="load")
    return float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))


def opening(bench: Bench) -> Row:
    """The click on a conversation, its history and the modules being there."""

    def measure(slow: int) -> float:
        with bench.long_history(slow) as tab:
            return float(tab.page.evaluate("(id) => bench.open(id)", bench.conversation))

    normal, slowed = (bench.median(lambda slow=slow: measure(slow)) for slow in (1, 4))
    return Row("open 10 000 messages, painted", "ms", normal, 100, slowed, 250)


def with_everything_open(bench: Bench) -> Iterator[Row]:
    """Incoming messages, scrolling, writing, heap: all in the long conversation."""
    figures: dict[int, dict[str, list[float]]] = {1: {}, 4: {}}
    for slow, found in figures.items():
        for _ in range(bench.rounds):
            with bench.long_history(slow) as tab:
                tab.page.evaluate("(id) => bench.open(id)", bench.conversation)
                answer = tab.page.evaluate("(id) => bench.run(id)", bench.conversation)
                answer["enter"] = _written(tab)
                for name, value in answer.items():
                    found.setdefault(name, []).append(value)

    def row(what: str, unit: str, name: str, budget: float, **more: Any) -> Row:
        normal, slowed = (statistics.median(figures[slow][name]) for slow in (1, 4))
        return Row(what, unit, normal, budget, slowed, **more)

    yield row("rows in the page, at most", "", "rows", 200)
    yield row("one incoming message at 10 000", "ms", "one", 8)
    yield row("burst of 500", "ms", "burst", 300)
    yield row("scroll: frames per second", "", "frames", 55, at_least=True)
    yield row("scroll: worst frame", "ms", "worst", 50)
    yield row("own message visible after Enter", "ms", "enter", 50)


def _written(tab: Tab) -> float:
    tab.composer.fill("seen at once")
    tab.page.evaluate("bench.awaitOwn('seen at once')")
    tab.composer.press("Enter")
    return float(tab.page.evaluate("bench.own"))


def heap(bench: Bench) -> Iterator[Row]:
    """What stays in memory after everything that may go is gone."""

    def used(page: Page) -> float:
        wire = page.context.new_cdp_session(page)
        wire.send("HeapProfiler.collectGarbage")
        return float(wire.send("Runtime.getHeapUsage")["usedSize"]) / MEGABYTE

    def for_messages() -> float:
        with bench.visit() as tab:
            tab.open_chat()
            tab.choose("Ben Bench")
            tab.message("first").wait_for()
            before = used(tab.page)
            bench._answer_at_length(tab.page)
            tab.page.evaluate("(id) => bench.load(id)", bench.conversation)
            return used(tab.page) - before

    def for_cycles() -> float:
        with bench.visit() as tab:
            tab.page.evaluate("bench.cycle(10)")
            before = used(tab.page)
            tab.page.evaluate("bench.cycle(100)")
            return used(tab.page) - before

    with bench.visit() as tab:
        whole = used(tab.page)
        tab.page.route("**/chat/static/**", lambda route: route.abort())
        tab.page.reload()
        empty = used(tab.page)
    yield Row("heap of a closed page", "MB", whole, empty + 3, empty=empty)
    yield Row("heap for 10 000 messages", "MB", bench.median(for_messages), 10)
    yield Row("heap: 100 times open and close", "MB", bench.median(for_cycles), 1)


def between_two(bench: Bench) -> Row:
    """Enter in one browser until it is painted in the other, both on this machine."""
    with bench.visit() as mine, bench.visit(account=bench.ben) as theirs:
        mine.open_with(bench.ben)
        theirs.open_with(bench.ana)
        delays = []
        for number in range(40):
            words = f"number {number} of forty"
            theirs.page.evaluate("(words) => bench.awaitOwn(words)", words)
            mine.composer.fill(words)
            began = float(mine.page.evaluate("Date.now()"))
            mine.composer.press("Enter")
            began = float(mine.page.evaluate("bench.pressed")) or began
            delays.append(float(theirs.page.evaluate("bench.own.then(() => Date.now())")) - began)
        p95 = statistics.quantiles(delays, n=20)[-1]
        return Row("from Enter here until seen there, p95", "ms", p95, 150)


def measure(bench: Bench) -> Iterator[Row]:
    """Every row, in the order of the table."""
    yield from first_load(bench)
    yield from page_view(bench)
    yield opening(bench)
    yield from with_everything_open(bench)
    yield from heap(bench)
    yield between_two(bench)


def show(row: Row) -> str:
    """The row as a line."""
    sign = "≥" if row.at_least else "≤"
    budget = "" if row.budget is None else f"{sign} {row.budget:g}"
    slowed = "" if row.slowed is None else f"{row.slowed:.1f}"
    allowed = "" if row.slowed_budget is None else f" (x4: {sign} {row.slowed_budget:g})"
    ratio = "" if not row.empty else f"{row.value / row.empty:.2f}"
    met = "" if row.is_met else "missed"
    return (
        f"{row.what:46} {row.value:9.1f} {row.unit:5} {slowed:>9} {ratio:>6}"
        f"  {budget}{allowed} {met}"
    )


def in_docs(row: Row) -> str:
    """The row as a line of Markdown; bold where the budget is missed."""
    value = f"{row.value:.1f}".removesuffix(".0") + f" {row.unit}".rstrip()
    slowed = "" if row.slowed is None else f"{row.slowed:.1f}".removesuffix(".0")
    ratio = f"{row.value / row.empty:.2f}" if row.empty else ""
    budget = "" if row.budget is None else f"{'≥ ' if row.at_least else ''}{row.budget:.3g}"
    budget += f" ({row.slowed_budget:g})" if row.slowed_budget else ""
    value = value if row.is_met else f"**{value}**"
    return f"| {row.what} | {value} | {slowed} | {ratio} | {budget} |"


def main() -> int:
    """Serve the example, look at it, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--markdown", action="store_true", help="as it stands in docs/")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        fill_school(f"sqlite:///{folder / 'school.db'}")
        server = LastingServer(settled(folder / "school.db"), folder, settings=PATIENT)
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*CHROMIUM, "--enable-precise-memory-info"],
        )
        if not options.json:
            print(f"{'':46} {'':9} {'':5} {'CPU/4':>9} {'/empty':>6}  budget")
        try:
            for row in measure(Bench(server, chromium, options.rounds)):
                rows.append(row)
                if not options.json:
                    print(show(row), flush=True)
        finally:
            chromium.close()
            server.end()
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
    if options.markdown:
        print("|  | | processor / 4 | beside an empty page | at most |\n|---|---|---|---|---|")
        print("\n".join(map(in_docs, rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
