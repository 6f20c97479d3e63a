"""People at their browsers, and what they see and do there."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.lasting import Account

#: The element that may show any conversation, where there are others in the page.
FREE = "flask-chat:not([conversation], [subject])"


class Person:
    """One browser of somebody: signed in, with as many tabs as they like."""

    def __init__(self, account: Account, context: BrowserContext) -> None:
        self.account = account
        self.id = account.id
        self.name = account.name
        self.context = context

    def sign_in(self) -> Person:
        """Through the host's form, without looking at it."""
        form = self.context.request.get("/login").text()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert token
        fields = {"username": self.account.username, "password": "demo", "csrf_token": token[1]}
        assert self.context.request.post("/login", form=fields).ok
        return self

    def sign_out(self) -> None:
        """In a page that has no chat open."""
        page = self.context.new_page()
        page.goto("/registrar" if self.account.role == "registrar" else "/")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/login")

    def reads(self, language: str) -> Person:
        """The school's pages say that they are in another language; for a `fresh` browser."""
        direction = "rtl" if language.startswith("ar") else "ltr"
        self.context.add_init_script(
            f"""new MutationObserver(() => {{
              Object.assign(document.documentElement, {{lang: '{language}', dir: '{direction}'}});
            }}).observe(document, {{childList: true}});"""
        )
        return self

    def tab(self, path: str = "/", *, ready: bool = True) -> Tab:
        """A new tab; `ready` waits until its chat hears."""
        tab = Tab(self.context.new_page())
        tab.page.goto(path, wait_until="commit")
        if ready:
            tab.is_live()
        return tab


class Tab:
    """One page with the chat in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat = page.locator(FREE)
        self.thread = page.locator("flask-chat:is([conversation], [subject])")
        self.launcher = self.chat.locator(".launcher")
        self.panel = self.chat.locator(".panel")
        self.composer = self.chat.get_by_role("textbox", name=re.compile("^(Message to|Editing)"))
        self.rows = self.chat.locator(".rows .message")
        self.list = self.chat.get_by_role("list", name="Conversations")
        self.messages = self.chat.locator(".messages")
        self.banner = self.chat.locator(".banner-place")
        self.main = self.chat.locator(".main")

    # Seeing

    @property
    def status(self) -> str:
        found: str = self.page.evaluate(
            "document.querySelector('flask-chat')?.client?.getSnapshot().connection.status ?? ''"
        )
        return found

    def becomes(self, status: str, timeout: float = 10_000) -> None:
        """Wait until the connection stands like this."""
        self.page.wait_for_function(
            "(wanted) => document.querySelector('flask-chat')"
            "?.client?.getSnapshot().connection.status === wanted",
            arg=status,
            timeout=timeout,
        )

    def is_live(self, timeout: float = 10_000) -> None:
        self.becomes("live", timeout)

    def shows_unread(self, count: int, **options: Any) -> None:
        """The launcher says so, in words and as a number."""
        plural = "" if count == 1 else "s"
        words = f"Open chat, {count} unread message{plural}" if count else "Open chat"
        expect(self.launcher).to_have_accessible_name(words, **options)
        badge = self.launcher.locator(".launcher-badge")
        if count:
            expect(badge).to_have_text(str(count))
        else:
            expect(badge).to_be_hidden()

    def message(self, text: str | re.Pattern[str]) -> Locator:
        return self.rows.filter(has_text=text)

    def sees(self, *texts: str, **options: Any) -> None:
        """These are the messages of the open thread, in this order, and no others."""
        expect(self.rows.locator(".text, em")).to_have_text(list(texts), **options)

    def in_list(self, name: str) -> Locator:
        """A conversation in the list."""
        named = self.page.locator("bdi.name", has_text=name)
        return self.list.get_by_role("listitem").filter(has=named)

    # Doing

    def open_chat(self) -> None:
        self.launcher.click()
        expect(self.panel).to_be_visible()

    def close_chat(self) -> None:
        self.panel.get_by_role("button", name="Close").click()
        expect(self.panel).to_have_count(0)

    def open_with(self, person: Account | Person) -> None:
        """As a button of the host's page does."""
        self.chat.evaluate("(chat, id) => chat.openWith(id)", person.id)
        expect(self.composer).to_be_visible()

    def choose(self, name: str) -> None:
        """Open a conversation of the list."""
        self.in_list(name).get_by_role("button").click()
        expect(self.composer).to_be_visible()

    def write(self, *texts: str) -> None:
        """Write messages, each sent with Enter."""
        for text in texts:
            self.composer.fill(text)
            self.composer.press("Enter")

    def does(self, action: str, text: str) -> None:
        """Choose an action of one message's menu."""
        row = self.message(text)
        row.hover()
        row.get_by_role("button", name="Actions for this message").click()
        row.get_by_role("menuitem", name=action).click()

    def confirm(self, action: str) -> None:
        self.chat.get_by_role("alertdialog").get_by_role("button", name=action).click()

    def show_details(self) -> None:
        self.main.get_by_role("button", name=re.compile("^Details of")).click()
        expect(self.main.get_by_role("heading", name="Details")).to_be_visible()

    def back(self) -> None:
        self.main.get_by_role("button", name="Back").click()
