"""Changing one's mind about a message, and finding it again: edit, delete, history, drafts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.fixture
def talk(nora, tom):
    """Both with their chat open on one another, the teacher having written."""
    registrar, teacher = nora.tab("/registrar"), tom.tab("/")
    registrar.open_with(tom)
    teacher.open_with(nora)
    teacher.write("first", "secnod")
    registrar.sees("first", "secnod")
    return registrar, teacher


def test_an_edit_is_seen_by_the_other(talk):
    _registrar, teacher = talk
    teacher.does("Edit", "secnod")
    expect(teacher.composer).to_have_value("secnod")
    teacher.write("second")
    for tab in talk:
        tab.sees("first", "second")
        expect(tab.message("second").locator(".meta")).to_contain_text("edited")


def test_arrow_up_edits_the_last_message_and_escape_leaves_it(talk):
    _, teacher = talk
    teacher.composer.press("ArrowUp")
    expect(teacher.composer).to_have_value("secnod")
    teacher.composer.press("Escape")
    expect(teacher.composer).to_have_value("")
    teacher.sees("first", "secnod")


def test_a_deleted_message_leaves_a_tombstone(talk):
    registrar, teacher = talk
    teacher.does("Delete", "secnod")
    teacher.confirm("Delete")
    for tab in talk:
        tab.sees("first", "This message was deleted")
    registrar.page.reload()
    registrar.open_chat()
    expect(registrar.in_list("Tom Achterberg").locator(".preview")).to_have_text("Message deleted")
    registrar.choose("Tom Achterberg")
    registrar.sees("first", "This message was deleted")


def test_nobody_can_change_what_others_wrote(talk):
    registrar, _ = talk
    row = registrar.message("first")
    row.hover()
    row.get_by_role("button", name="Actions for this message").click()
    expect(row.get_by_role("menuitem")).to_have_text(["Copy text"])


def test_notes_to_self_are_nobody_elses_and_never_unread(nora):
    tab = nora.tab("/registrar")
    tab.open_chat()
    tab.chat.get_by_role("button", name="Start a conversation").click()
    tab.chat.get_by_role("button", name="Notes to self").click()
    tab.write("Ring the printer")
    tab.sees("Ring the printer")
    second = nora.tab("/registrar/students")
    second.shows_unread(0)
    second.open_chat()
    expect(second.in_list("Notes to self").locator(".preview")).to_have_text("Ring the printer")


def test_a_draft_is_kept_from_page_to_page(nora, tom):
    tab = tom.tab("/")
    tab.open_with(nora)
    tab.composer.fill("Half a thou")
    tab.page.goto("/classes")
    tab.open_chat()
    expect(tab.in_list("Nora Lindqvist").locator(".preview")).to_have_text("Draft: Half a thou")
    tab.choose("Nora Lindqvist")
    expect(tab.composer).to_have_value("Half a thou")
    tab.composer.press("Enter")
    tab.sees("Half a thou")
    expect(tab.composer).to_have_value("")


def test_each_conversation_has_its_own_draft(arrive, tom, nora):
    other = arrive("registrar", "Ayumi Sato")
    tab = tom.tab("/")
    tab.open_with(nora)
    tab.composer.fill("for Nora")
    tab.open_with(other)
    expect(tab.composer).to_have_value("")
    tab.composer.fill("for Ayumi")
    tab.open_with(nora)
    expect(tab.composer).to_have_value("for Nora")


@pytest.mark.parametrize(("switch", "words"), [("Pin", "Pinned"), ("Mute", "Muted")])
def test_ones_own_settings_reach_ones_other_tab(nora, tom, office, switch, words):
    office.conversation(tom.account, nora.account, "Hello")
    first, second = nora.tab("/registrar"), nora.tab("/registrar/students")
    second.open_chat()
    first.open_with(tom)
    first.show_details()
    first.chat.get_by_role("switch", name=switch).click()
    expect(second.in_list("Tom Achterberg").locator(".mark")).to_have_text(words)


def test_an_archived_conversation_comes_back_with_a_new_message(nora, tom, office):
    office.conversation(tom.account, nora.account, "Hello")
    registrar, teacher = nora.tab("/registrar"), tom.tab("/")
    registrar.open_with(tom)
    registrar.show_details()
    registrar.chat.get_by_role("switch", name="Archive").click()
    registrar.back()
    registrar.main.get_by_role("button", name="Back").click()
    expect(registrar.chat.get_by_role("button", name="Archived")).to_contain_text("1")
    expect(registrar.in_list("Tom Achterberg")).to_have_count(0)
    teacher.open_with(nora)
    teacher.write("One more thing")
    expect(registrar.in_list("Tom Achterberg").locator(".preview")).to_have_text("One more thing")


# History

LONG = [f"message {number}" for number in range(1, 301)]


@pytest.fixture
def long_talk(nora, tom, office):
    """A conversation of three hundred messages, open at its end."""
    office.conversation(tom.account, nora.account, *LONG)
    tab = tom.tab("/")
    tab.open_with(nora)
    expect(tab.message("message 300")).to_be_in_viewport()
    return tab


def top_of(row) -> float:
    return row.evaluate("(row) => row.getBoundingClientRect().top")


def test_three_hundred_messages_are_read_backwards_without_a_jump(long_talk):
    tab, seen = long_talk, set()
    beginning = tab.chat.get_by_text("Beginning of the conversation")
    box = tab.messages.bounding_box()
    tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(120):
        if beginning.is_visible() and tab.messages.evaluate("(box) => box.scrollTop === 0"):
            break
        jump = tab.messages.evaluate(SCROLL_UP)
        assert abs(jump) <= 2
        seen.update(tab.rows.locator(".text").all_text_contents())
    assert seen == set(LONG)
    tab.message("message 1").first.wait_for()


# Scrolls up by a screen, lets everything settle, and says how far a row has moved that was not to.
SCROLL_UP = """async (box) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const settled = () => frame().then(frame);
  box.scrollTop = Math.max(0, box.scrollTop - box.clientHeight);
  const edge = box.getBoundingClientRect().top;
  const rows = [...box.querySelectorAll('[data-seq]')];
  const row = rows.find((each) => each.getBoundingClientRect().bottom > edge);
  const before = row.getBoundingClientRect().top;
  const { client } = document.querySelector('flask-chat');
  const state = () => Object.values(client.getSnapshot().threads)[0];
  await settled();
  while (state().older === 'loading') await settled();
  await settled();
  return row.getBoundingClientRect().top - before;
}"""


def test_a_message_that_arrives_below_moves_nothing_and_is_offered(long_talk, nora, tom):
    teacher, registrar = long_talk, nora.tab("/registrar")
    registrar.open_with(tom)
    teacher.messages.evaluate("(box) => { box.scrollTop -= 900 }")
    pill = teacher.chat.locator(".pill")
    expect(pill).to_have_accessible_name("Go to the newest message")
    row = teacher.message("message 280")
    before = top_of(row)
    registrar.write("news one", "news two")
    expect(pill).to_have_text("2 new messages")
    assert abs(top_of(row) - before) <= 2
    pill.click()
    expect(teacher.message("news two")).to_be_in_viewport()
    expect(pill).to_have_count(0)
    expect(registrar.message("news two").locator(".receipt")).to_have_text("Read")
