"""Groups: whoever is in one sees what happens to it at once; whoever is not, no longer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.fixture
def fumiko(arrive):
    return arrive("teacher", "Fumiko Aramaki")


@pytest.fixture
def group(nora, tom, office):
    """The registrar's group with the teacher, open with both."""
    office.group("Class trip", nora.account, tom.account)
    tabs = nora.tab("/registrar"), tom.tab("/")
    for tab in tabs:
        tab.open_chat()
        tab.choose("Class trip")
    return tabs


def test_a_group_is_made_and_appears_with_its_members(nora, arrive):
    quirin = arrive("teacher", "Quirin Abendroth")
    registrar, teacher = nora.tab("/registrar"), quirin.tab("/")
    teacher.open_chat()
    registrar.open_chat()
    registrar.chat.get_by_role("button", name="Start a conversation").click()
    registrar.chat.get_by_role("button", name="New group").click()
    registrar.chat.get_by_label("Name of the group").fill("Class trip")
    registrar.chat.get_by_role("searchbox", name="Search people").fill("Quirin")
    registrar.chat.get_by_role("checkbox", name="Quirin Abendroth").check()
    registrar.chat.get_by_role("button", name="Create group").click()
    registrar.write("Who has the tickets?")
    expect(teacher.in_list("Class trip").locator(".preview")).to_have_text(
        "Nora Lindqvist: Who has the tickets?"
    )
    teacher.choose("Class trip")
    expect(teacher.rows.locator(".sender")).to_have_text("Nora Lindqvist")
    expect(registrar.rows.locator(".receipt")).to_have_text("Read by 1")


def test_somebody_added_finds_the_group_and_its_history(group, fumiko):
    registrar, teacher = group
    newcomer = fumiko.tab("/")
    newcomer.open_chat()
    teacher.write("Before you came")
    registrar.sees("Before you came")
    registrar.show_details()
    registrar.main.get_by_role("button", name="Add people").click()
    registrar.main.get_by_role("searchbox").fill("Fumiko")
    registrar.main.get_by_role("checkbox", name="Fumiko Aramaki").check()
    registrar.main.get_by_role("button", name="Add 1 person").click()
    expect(registrar.main.get_by_role("heading", name="3 members")).to_be_visible()
    expect(teacher.main.locator(".subtitle")).to_have_text("3 members")
    newcomer.choose("Class trip")
    newcomer.sees("Before you came")
    newcomer.write("Thank you")
    teacher.sees("Before you came", "Thank you")


def test_a_new_name_is_seen_at_once(group):
    registrar, teacher = group
    registrar.show_details()
    registrar.main.get_by_role("button", name="Rename").click()
    registrar.main.get_by_role("textbox", name="Name").fill("Trip to the sea")
    registrar.main.get_by_role("button", name="Save").click()
    expect(teacher.main.get_by_role("heading", name="Trip to the sea")).to_be_visible()


def test_somebody_removed_sees_that_and_nothing_more(group, nora, tom, office):
    registrar, teacher = group
    teacher.composer.fill("I was about to say")
    registrar.show_details()
    registrar.main.get_by_role("button", name="Remove Tom Achterberg").click()
    registrar.confirm("Remove")
    gone = teacher.chat.get_by_role("alert")
    expect(gone).to_have_text("You no longer have access to this conversation")
    expect(registrar.main.get_by_role("heading", name="1 member")).to_be_visible()
    registrar.back()
    registrar.write("Without Tom")
    registrar.sees("Without Tom")
    teacher.main.get_by_role("button", name="Back").click()
    expect(teacher.chat.get_by_text("No conversations yet")).to_be_visible()
    assert "Without Tom" not in teacher.chat.evaluate("(chat) => chat.shadowRoot.textContent")
    teacher.close_chat()
    teacher.shows_unread(0)


def test_leaving_a_group_is_seen_by_the_others(group):
    registrar, teacher = group
    teacher.show_details()
    teacher.main.get_by_role("button", name="Leave the group").click()
    teacher.confirm("Leave")
    expect(teacher.chat.get_by_text("No conversations yet")).to_be_visible()
    expect(registrar.main.locator(".subtitle")).to_have_text("1 member")


def test_when_the_owner_leaves_another_becomes_owner(group):
    registrar, teacher = group
    registrar.show_details()
    registrar.main.get_by_role("button", name="Leave the group").click()
    registrar.confirm("Leave")
    expect(teacher.main.locator(".subtitle")).to_have_text("1 member")
    teacher.show_details()
    expect(teacher.main.get_by_role("button", name="Rename")).to_be_visible()
