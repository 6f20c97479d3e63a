"""Hosts that put the chat into their pages in other ways than the example does, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hosts.conftest import Start

pytestmark = pytest.mark.browser

VIOLATIONS = (
    "addEventListener('securitypolicyviolation', (event) => console.error(event.blockedURI))"
)


@pytest.fixture
def visit(chromium: Browser, start: Start) -> Iterator[Callable[[str], Page]]:
    """``visit("injected")``: a page of that host, for somebody who is not signed in; nothing may be
    said on its console but that they are not."""
    said: list[str] = []
    with ExitStack() as pages:

        def open_page(name: str) -> Page:
            context = pages.enter_context(
                chromium.new_context(base_url=start(name).server.origin)  # type: ignore[arg-type]
            )
            page = context.new_page()
            page.add_init_script(VIOLATIONS)
            page.on("console", lambda line: said.append(line.text))
            page.on("pageerror", lambda problem: said.append(str(problem)))
            page.goto("/")
            return page

        yield open_page
    assert [line for line in said if "401" not in line and "404" not in line] == []


def sign_in(page: Page) -> None:
    page.goto("/login")
    token = page.locator("[name=csrf_token]")
    form = {"username": "ana"}
    if token.count():
        form["csrf_token"] = token.first.input_value()
    assert page.request.post("/login", form=form).ok
    page.goto("/")


def starts(page: Page) -> None:
    """The chat opens, and lists the one who may be written to."""
    page.get_by_role("button", name="Open chat").click()
    page.get_by_role("button", name="Start a conversation").first.click()
    expect(page.get_by_text("ben").first).to_be_visible()


@pytest.mark.parametrize("name", ["injected", "script_only", "strict_policy"])
def test_the_chat_is_there_for_whoever_signs_in(visit: Callable[[str], Page], name: str) -> None:
    page = visit(name)
    if name == "script_only":
        with page.expect_response("**/chat/api/session") as asked:
            page.reload()
        assert asked.value.status == 401
    expect(page.locator("flask-chat")).to_have_count(0)
    sign_in(page)
    expect(page.locator("flask-chat")).to_have_count(1)
    starts(page)


def test_a_script_that_is_named_twice_does_no_harm(visit: Callable[[str], Page]) -> None:
    page = visit("script_only")
    sign_in(page)
    expect(page.locator("flask-chat")).to_have_count(1)
    page.add_script_tag(url="/chat/widget.js")
    page.evaluate("document.querySelector('flask-chat').remove()")
    page.evaluate("document.dispatchEvent(new Event('turbo:load'))")
    starts(page)
    expect(page.locator("flask-chat")).to_have_count(1)
