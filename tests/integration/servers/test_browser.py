"""Chromium reads the close codes, under every server: a 1006 would say nothing to a page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from .serving import Server

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip

TALK = """([path, words]) => new Promise((done) => {
  const heard = [];
  const socket = new WebSocket(location.origin.replace("http", "ws") + path);
  socket.onmessage = (event) => {
    heard.push(event.data);
    if (event.data.includes("hello")) socket.send(words);
  };
  socket.onclose = (event) => done({code: event.code, clean: event.wasClean, heard});
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


def test_a_page_reads_why_its_socket_was_closed(server: Server, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/")
    for code in (4001, 4003, 1012):
        end = page.evaluate(TALK, ["/ws", f"close {code}"])
        assert (end["code"], end["clean"]) == (code, True)
    end = page.evaluate(TALK, ["/refused", ""])
    assert (end["code"], end["clean"]) == (4001, True)
    assert '"unauthorized"' in end["heard"][0]
    page.close()
