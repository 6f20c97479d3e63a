"""Chromium reads the close codes, under every server: a 1006 would say nothing to a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from .serving import Server

pytestmark = pytest.mark.browser

TALK = """([path, words]) => new Promise((done) => {
  const heard = [];
  const socket = new WebSocket(location.origin.replace("http", "ws") + path);
  socket.onmessage = (event) => {
    heard.push(event.data);
    if (event.data.includes("hello")) socket.send(words);
  };
  socket.onclose = (event) => done({code: event.code, clean: event.wasClean, heard});
})"""


def test_a_page_reads_why_its_socket_was_closed(server: Server, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/")
    for code in (4001, 4003, 1012):
        end = page.evaluate(TALK, ["/ws", f"close {code}"])
        assert (end["code"], end["clean"]) == (code, True)
    end = page.evaluate(TALK, ["/refused", ""])
    assert (end["code"], end["clean"]) == (4001, True)
    assert '"unauthorized"' in end["heard"][0]
    page.close()
