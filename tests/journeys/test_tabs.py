"""Five tabs of one browser: one socket at the server, whatever becomes of the tab that holds it."""

from __future__ import annotations

import contextlib
import time

import pytest
from playwright.sync_api import Error, expect

TAKEOVER_SECONDS = 3
HANG = "() => setTimeout(() => { const end = Date.now() + 8000; while (Date.now() < end); }, 50)"
LEADS = """() => {
  const tab = document.querySelector('flask-chat').client;
  return tab.getSnapshot().connection.status === 'live' && tab.leads;
}"""


class Sockets:
    """What the server holds, and how many came since the test began."""

    def __init__(self, school):
        self._school = school
        self._before = school.becomes(sockets=0)["opened"]

    @property
    def opened(self):
        return self._school.state()["opened"] - self._before

    def become(self, count):
        self._school.becomes(sockets=count)


@pytest.fixture
def sockets(school):
    return Sockets(school)


@pytest.fixture
def tabs(nora, tom, sockets):
    """Five tabs of Nora's, each with Tom's conversation on it."""
    tabs = [nora.tab("/registrar") for _ in range(5)]
    for tab in tabs:
        tab.open_with(tom)
    return tabs


def leading(tabs):
    (leader,) = [tab for tab in tabs if tab.page.evaluate(LEADS)]
    return leader


def close(tab):
    tab.page.close()


def crash(tab):
    with contextlib.suppress(Error):
        tab.page.goto("chrome://crash", timeout=1_000)


def hang(tab):
    tab.page.evaluate(HANG)


def test_five_tabs_keep_one_socket(tabs, sockets, tom, nora):
    assert sockets.opened == 1
    sockets.become(1)
    teacher = tom.tab("/")
    teacher.open_with(nora)
    teacher.write("Good morning", "Is there a place in 6A?")
    for tab in tabs:
        tab.sees("Good morning", "Is there a place in 6A?")
    tabs[3].write("Yes, one")
    for tab in (*tabs, teacher):
        tab.sees("Good morning", "Is there a place in 6A?", "Yes, one")
    sockets.become(2)
    assert sockets.opened == 2


@pytest.mark.parametrize("ends", [close, crash, hang])
def test_another_tab_takes_over(tabs, sockets, tom, nora, watch, ends):
    watch.expect("crash")
    teacher = tom.tab("/")
    teacher.open_with(nora)
    before = sockets.opened
    leader = leading(tabs)
    others = [tab for tab in tabs if tab is not leader]
    teacher.write("before")
    others[0].sees("before")
    began = time.monotonic()
    ends(leader)
    written = ["before"]
    while sockets.opened == before:
        assert time.monotonic() - began < TAKEOVER_SECONDS
        written.append(f"meanwhile {len(written)}")
        teacher.write(written[-1])
    teacher.write("after")
    for tab in others:
        tab.sees(*written, "after")
        tab.is_live()
    assert sockets.opened == before + 1
    if ends is hang:
        # It finds that it has been replaced, and has missed nothing.
        expect(leader.rows).to_have_count(len(written) + 1, timeout=15_000)
    sockets.become(2)


def test_somebody_else_in_the_same_browser_shares_nothing(nora, tom, tabs, sockets, watch):
    watch.expect("403")  # the list on Nora's pages hears of the conversation, and asks as Tom
    nora.context.clear_cookies()
    other = type(nora)(tom.account, nora.context).sign_in().tab("/")
    other.open_with(nora)
    assert other.page.evaluate(LEADS)
    assert sockets.opened == 2
    sockets.become(2)


def test_a_closed_tab_beside_others_asks_the_server_nothing(nora, tabs, sockets):
    page = nora.context.new_page()
    asked = []
    page.on("request", lambda request: "/chat/api/" in request.url and asked.append(request.url))
    page.goto("/registrar")
    page.wait_for_function(LEADS.replace("tab.leads", "!tab.leads"))
    assert (asked, sockets.opened) == ([], 1)
