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
    # The address says what is open: after a reload, and for the browser's own buttons.
    tab.page.reload()
    tab.sees("Hello", "Good morning")
    tab.page.go_back()
    expect(tab.chat.get_by_text("Choose a conversation")).to_be_visible()
    tab.page.go_forward()
    tab.sees("Hello", "Good morning")


def test_the_page_of_its_own_sends_strangers_to_the_login(browsers, watch, school):
    page = browsers.lend(watch, base_url=school.origin).new_page()
    page.goto("/chat/")
    expect(page).to_have_url(re.compile(r"/login\?next=(/|%2F)chat(/|%2F)$"))


def test_everything_can_be_done_with_the_keyboard(nora, arrive, office):
    """Open, find somebody, write, read, change, delete, leave a group, close: no mouse at all."""
    quentin = arrive("teacher", "Quentin Ålund")
    office.group("Class trip", nora.account, quentin.account)
    tab, other = nora.tab("/registrar"), quentin.tab("/")
    keyboard = tab.page.keyboard

    def tab_to(wanted, key="Tab"):
        expect(wanted).to_be_visible()
        for _ in range(12):
            if wanted.evaluate("(it) => it === it.getRootNode().activeElement"):
                return
            keyboard.press(key)
        expect(wanted).to_be_focused()

    tab.launcher.focus()
    keyboard.press("Enter")
    expect(tab.chat.get_by_role("heading", name="Messages")).to_be_focused()
    tab_to(tab.chat.get_by_role("button", name="New conversation"))
    keyboard.press("Enter")
    expect(tab.chat.get_by_role("searchbox", name="Search people")).to_be_focused()
    keyboard.type("alund quentin")
    expect(tab.chat.get_by_role("list", name="People").get_by_role("listitem")).to_have_count(1)
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(tab.composer).to_be_focused()

    keyboard.type("first line")
    keyboard.press("Shift+Enter")
    keyboard.type("second line")
    keyboard.press("Enter")
    tab.sees("first line\nsecond line", use_inner_text=True)
    expect(tab.composer).to_be_focused()
    other.open_with(nora)
    other.write("I have read it")
    tab.sees("first line\nsecond line", "I have read it", use_inner_text=True)
    tab_to(tab.messages, "Shift+Tab")
    tab_to(tab.composer)

    keyboard.press("ArrowUp")
    expect(tab.composer).to_have_value("first line\nsecond line")
    keyboard.press("Control+A")
    keyboard.type("one line")
    keyboard.press("Enter")
    tab.sees("one line", "I have read it")
    own = tab.message("one line").get_by_role("button", name="Actions for this message")
    tab_to(own, "Shift+Tab")
    keyboard.press("Enter")
    expect(tab.chat.get_by_role("menuitem").first).to_be_focused()
    keyboard.press("ArrowUp")
    expect(tab.chat.get_by_role("menuitem", name="Delete")).to_be_focused()
    keyboard.press("Enter")
    expect(tab.chat.get_by_role("button", name="Cancel")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    tab.sees("This message was deleted", "I have read it")

    tab_to(tab.main.get_by_role("button", name="Back"), "Shift+Tab")
    keyboard.press("Enter")
    tab_to(tab.in_list("Class trip").get_by_role("button"))
    keyboard.press("Enter")
    tab_to(tab.main.get_by_role("button", name="Details of Class trip"), "Shift+Tab")
    keyboard.press("Enter")
    tab_to(tab.main.get_by_role("button", name="Leave the group"))
    keyboard.press("Enter")
    expect(tab.chat.get_by_role("button", name="Cancel")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(tab.in_list("Class trip")).to_have_count(0)

    keyboard.press("Escape")
    expect(tab.panel).to_have_count(0)
    expect(tab.launcher).to_be_focused()


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
