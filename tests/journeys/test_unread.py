"""The number of unread messages: the same on every tab and device, and gone once read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.fixture
def teacher(tom, nora):
    """The teacher, ready to write to the registrar."""
    tab = tom.tab("/")
    tab.open_with(nora)
    return tab


def test_it_counts_on_every_tab(nora, teacher):
    tabs = [nora.tab("/registrar"), nora.tab("/registrar/students")]
    teacher.write("One", "Two")
    for tab in tabs:
        tab.shows_unread(2)


def test_it_stays_after_a_reload(nora, teacher):
    tab = nora.tab("/registrar")
    teacher.write("One", "Two")
    tab.shows_unread(2)
    tab.page.reload()
    tab.shows_unread(2)


def test_it_is_there_when_a_page_is_opened_later(nora, teacher):
    teacher.write("One")
    teacher.sees("One")
    nora.tab("/registrar").shows_unread(1)


def test_reading_on_one_tab_clears_all_tabs_and_devices(arrive, nora, tom, teacher):
    reading, second = nora.tab("/registrar"), nora.tab("/registrar/students")
    phone = arrive(account=nora.account, viewport={"width": 360, "height": 720}).tab("/registrar")
    teacher.write("One", "Two")
    for tab in (reading, second, phone):
        tab.shows_unread(2)
    reading.open_with(tom)
    second.shows_unread(0)
    phone.shows_unread(0)
    reading.close_chat()
    reading.shows_unread(0)
    second.page.reload()
    second.shows_unread(0)


def test_an_open_list_counts_each_conversation(nora, teacher):
    tab = nora.tab("/registrar")
    tab.open_chat()
    teacher.write("One", "Two")
    item = tab.in_list("Tom Achterberg")
    expect(item.locator(".badge")).to_have_text("2")
    expect(item.locator(".preview")).to_have_text("Two")
    item.get_by_role("button").click()
    expect(item.locator(".badge")).to_have_count(0)


def test_new_messages_begin_below_a_line(nora, teacher):
    tab = nora.tab("/registrar")
    teacher.write("Read already")
    tab.open_chat()
    tab.choose("Tom Achterberg")
    expect(teacher.message("Read already").locator(".receipt")).to_have_text("Read")
    tab.close_chat()
    tab.page.reload()
    teacher.write("Not yet read")
    tab.shows_unread(1)
    tab.open_chat()
    tab.choose("Tom Achterberg")
    rows = tab.chat.locator(".rows > li:not(.day)")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_have_text("New messages")
    expect(teacher.message("Not yet read").locator(".receipt")).to_have_text("Read")
    expect(rows.nth(1)).to_have_text("New messages")


def test_a_muted_conversation_does_not_count(nora, tom, teacher):
    tab = nora.tab("/registrar")
    tab.open_with(tom)
    tab.show_details()
    tab.chat.get_by_role("switch", name="Mute").click()
    expect(tab.chat.get_by_role("switch", name="Mute")).to_be_checked()
    tab.back()
    tab.close_chat()
    tab.page.reload()
    tab.is_live()
    teacher.write("Psst")
    tab.open_chat()
    item = tab.in_list("Tom Achterberg")
    expect(item.locator(".badge")).to_have_text("1")
    tab.close_chat()
    tab.shows_unread(0)


def test_who_writes_before_the_history_has_come_stands_at_its_end(nora, tom, office, arrive):
    office.conversation(tom.account, nora.account, "One", "Two")
    tab = arrive(account=nora.account, fresh=True).tab("/registrar")
    held = []
    tab.page.route("**/messages?*", lambda route: held.append(route))
    tab.open_with(tom)
    tab.write("I write at once")
    held[0].continue_()
    tab.sees("One", "Two", "I write at once")
    expect(tab.chat.locator(".pill")).to_have_count(0)


def test_a_list_of_records_shows_what_is_unread_and_who_waits_at_once(nora, arrive, office):
    family, number = office.application()
    office.thread(nora.account, number, "We have your papers.")
    listed = nora.tab("/registrar")
    messages = listed.page.locator(f"#messages-{number}")
    expect(messages.locator(".unread")).to_have_count(0)
    guardian = arrive(account=family).tab("/")
    guardian.thread.get_by_role("textbox").fill("Is there a place?")
    guardian.thread.get_by_role("textbox").press("Enter")
    expect(messages.locator(".unread")).to_have_text("1 unread")
    expect(messages).to_contain_text("waits")
    record = nora.tab(f"/registrar/applications/{number}")
    record.thread.get_by_role("textbox").fill("Yes, one.")
    record.thread.get_by_role("textbox").press("Enter")
    expect(messages.locator(".unread")).to_have_count(0)
    expect(messages).not_to_contain_text("waits")
    office.shred(number)
