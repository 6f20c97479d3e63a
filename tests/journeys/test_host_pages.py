"""The chat in the school's pages: the buttons beside people, the page of its own, the keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_a_button_beside_a_person_opens_the_conversation_with_them(nora, tom):
    tab = nora.tab(f"/registrar/people/{tom.id}")
    tab.page.get_by_role("button", name="Message Tom Achterberg").click()
    expect(tab.main.get_by_role("heading", name="Tom Achterberg")).to_be_visible()
    expect(tab.composer).to_be_focused()
    tab.write("About your account")
    tom.tab("/").shows_unread(1)


def test_another_button_changes_the_conversation(nora, tom, arrive):
    ayumi = arrive("teacher", "Ayumi Sato")
    tab = nora.tab(f"/registrar/people?q={tom.account.username}")
    tab.page.get_by_role("button", name="Message Tom Achterberg").click()
    expect(tab.main.get_by_role("heading", name="Tom Achterberg")).to_be_visible()
    tab.page.goto(f"/registrar/people?q={ayumi.account.username}")
    tab.page.get_by_role("button", name="Message Ayumi Sato").click()
    expect(tab.main.get_by_role("heading", name="Ayumi Sato")).to_be_visible()


def test_nobody_who_is_signed_out_has_a_chat(browsers, watch, school):
    page = browsers.lend(watch, base_url=school.origin).new_page()
    page.goto("/login")
    expect(page.locator("flask-chat")).to_have_count(0)


def test_the_page_of_its_own_shows_list_and_conversation_side_by_side(nora, tom, office):
    office.conversation(tom.account, nora.account, "Hello")
    tab = nora.tab("/chat/")
    expect(tab.panel).to_be_visible()
    expect(tab.launcher).to_have_count(0)
    expect(tab.chat.get_by_text("Choose a conversation")).to_be_visible()
    tab.choose("Tom Achterberg")
    tab.sees("Hello")
    expect(tab.list).to_be_visible()
    tab.write("Good morning")
    expect(tab.in_list("Tom Achterberg").locator(".preview")).to_have_text("You: Good morning")


def test_the_page_of_its_own_sends_strangers_to_the_login(browsers, watch, school):
    page = browsers.lend(watch, base_url=school.origin).new_page()
    page.goto("/chat/")
    expect(page).to_have_url(re.compile(r"/login\?next=(/|%2F)chat(/|%2F)$"))


def test_everything_can_be_done_with_the_keyboard(nora, tom, office):
    office.conversation(tom.account, nora.account, "Hello")
    tab = nora.tab("/registrar")
    keyboard = tab.page.keyboard
    tab.launcher.focus()
    keyboard.press("Enter")
    expect(tab.chat.get_by_role("heading", name="Messages")).to_be_focused()
    conversation = tab.in_list("Tom Achterberg").get_by_role("button")
    expect(conversation).to_be_visible()
    for _ in range(5):
        keyboard.press("Tab")
        if conversation.evaluate("(button) => button === button.getRootNode().activeElement"):
            break
    expect(conversation).to_be_focused()
    keyboard.press("Enter")
    expect(tab.composer).to_be_focused()
    keyboard.type("first line")
    keyboard.press("Shift+Enter")
    keyboard.type("second line")
    keyboard.press("Enter")
    tab.sees("Hello", "first line\nsecond line", use_inner_text=True)
    expect(tab.composer).to_be_focused()
    keyboard.press("Escape")
    expect(tab.panel).to_have_count(0)
    expect(tab.launcher).to_be_focused()
    keyboard.press("Enter")
    expect(tab.composer).to_be_focused()


def test_a_message_never_moves_the_focus(nora, tom):
    registrar, teacher = nora.tab("/registrar"), tom.tab("/")
    registrar.open_with(tom)
    teacher.open_with(nora)
    button = registrar.main.get_by_role("button", name="Details of Tom Achterberg")
    button.focus()
    teacher.write("Look here")
    registrar.sees("Look here")
    expect(button).to_be_focused()


def test_keys_of_the_chat_do_not_reach_the_page(nora, tom):
    tab = nora.tab("/registrar")
    tab.open_with(tom)
    tab.page.evaluate("window.heard = []; addEventListener('keydown', (e) => heard.push(e.key))")
    tab.composer.press_sequentially("s/")
    assert tab.page.evaluate("heard") == []
