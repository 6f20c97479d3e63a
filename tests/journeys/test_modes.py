"""Every way the chat can stand in a page: in the corner, in a column, as a page, about a record."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def application(office):
    """A family, and the number of the application it has just sent in."""
    family, number = office.application()
    yield family, number
    # Every registrar of the school would go on counting its messages.
    office.shred(number)


def sockets_of(page) -> list[str]:
    """Every socket that the page opens from now on."""
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    return opened


def test_in_a_page_of_the_host_list_and_conversation_stand_side_by_side(nora, tom, office):
    office.conversation(tom.account, nora.account, "Hello")
    tab = nora.tab("/messages")
    expect(tab.launcher).to_have_count(0)
    expect(tab.chat.get_by_text("Choose a conversation")).to_be_visible()
    tab.choose("Tom Achterberg")
    tab.sees("Hello")
    expect(tab.list).to_be_visible()
    tab.page.set_viewport_size({"width": 700, "height": 800})
    expect(tab.list).to_be_hidden()
    tab.back()
    expect(tab.in_list("Tom Achterberg")).to_be_visible()


def test_a_chat_that_nobody_opened_leaves_the_focus_where_it_is(nora, tom, office):
    office.conversation(tom.account, nora.account, "Hello")
    tab = nora.tab("/messages")
    expect(tab.in_list("Tom Achterberg")).to_be_visible()
    assert tab.page.evaluate("document.activeElement === document.body")


def test_a_conversation_begins_on_the_page_of_its_record(nora, arrive, application):
    family, number = application
    registrar = nora.tab(f"/registrar/applications/{number}")
    thread = registrar.thread
    thread.get_by_role("button", name="Start a conversation").click()
    thread.get_by_role("textbox").fill("Which form is missing?")
    thread.get_by_role("textbox").press("Enter")
    expect(thread.locator(".receipt")).to_have_text("Sent")
    guardian = arrive(account=family).tab("/")
    expect(guardian.thread.get_by_text("Which form is missing?")).to_be_visible()
    guardian.thread.get_by_role("textbox").fill("The report, it comes today.")
    guardian.thread.get_by_role("textbox").press("Enter")
    expect(thread.get_by_text("The report, it comes today.")).to_be_visible()


def test_elements_of_one_page_share_socket_count_and_history(nora, arrive, application):
    family, number = application
    tab = nora.tab("/registrar")
    sockets = sockets_of(tab.page)
    tab.page.goto(f"/registrar/applications/{number}")
    tab.is_live()
    tab.thread.get_by_role("button", name="Start a conversation").click()
    tab.thread.get_by_role("textbox").fill("From the page")
    tab.thread.get_by_role("textbox").press("Enter")
    expect(tab.thread.locator(".receipt")).to_have_text("Sent")
    guardian = arrive(account=family).tab("/")
    guardian.thread.get_by_role("textbox").fill("From home")
    guardian.thread.get_by_role("textbox").press("Enter")
    tab.open_chat()
    item = tab.list.get_by_role("listitem").filter(has_text="From home")
    item.get_by_role("button").click()
    expect(tab.rows).to_have_count(2)
    expect(tab.thread.locator(".rows .message")).to_have_count(2)
    for element in (tab.chat, tab.thread):  # each has the looks of what it shows
        expect(element.locator(".rows")).to_have_css("list-style-type", "none")
        expect(element.locator(".bubble").first).not_to_have_css("border-top-left-radius", "0px")
    assert len(sockets) == 1


def test_a_badge_counts_wherever_it_stands(nora, tom):
    registrar, tab = nora.tab("/registrar"), tom.tab("/")
    badge = tab.page.locator("flask-chat-badge")
    expect(badge).to_be_hidden()
    registrar.open_with(tom)
    registrar.write("One", "Two")
    expect(badge).to_have_text(re.compile(r"2\s*2 unread messages"))
    expect(badge).to_have_attribute("unread", "2")
    tab.open_with(nora)
    expect(badge).to_be_hidden()


def test_a_thread_below_the_fold_is_not_read(nora, arrive, application, office):
    family, number = application
    office.thread(nora.account, number, "Please call us.")
    guardian = arrive(account=family, viewport={"width": 1000, "height": 240}).tab("/")
    expect(guardian.thread.get_by_text("Please call us.")).to_be_attached()
    guardian.page.wait_for_load_state("networkidle")  # what arrives above would push it out again
    guardian.page.wait_for_timeout(900)
    assert office.unread(family) == 1
    guardian.thread.locator(".rows").scroll_into_view_if_needed()
    expect(guardian.page.locator("flask-chat-badge")).to_be_hidden()


def test_who_takes_no_part_gets_no_thread(arrive, application, office):
    family, number = application
    guardian = arrive(account=family).tab("/")
    expect(guardian.thread.get_by_text("No messages yet")).to_be_visible()
    office.orphan(number)
    guardian.page.reload()
    guardian.is_live()
    expect(guardian.thread).to_have_count(0)


def test_a_thread_shows_what_its_attribute_names(arrive, application, nora, office, watch):
    watch.expect("404")
    family, number = application
    office.thread(nora.account, number, "Please call us.")
    guardian = arrive(account=family).tab("/")
    expect(guardian.thread.get_by_text("Please call us.")).to_be_visible()
    guardian.thread.evaluate("(thread) => thread.setAttribute('conversation', '999999')")
    expect(guardian.thread.get_by_role("alert")).to_contain_text("no longer have access")
