"""A guardian writes to the registrar's office; two registrars work through its queue."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def letter(arrive):
    """Gus has written to the office; Rita and Rob look at its queue."""
    gus, rita, rob = (
        arrive(role, name)
        for role, name in (
            ("guardian", "Gus Aab"), ("registrar", "Rita Amsel"), ("registrar", "Rob Quist"),
        )
    )  # fmt: skip
    home, desk, other = gus.tab("/"), rita.tab("/registrar"), rob.tab("/registrar")
    home.page.get_by_role("button", name="Write to the Registrar’s Office").click()
    expect(home.composer).to_be_visible()
    home.write("Is there a place in 6A?")
    for tab in (desk, other):
        tab.open_chat()
        tab.chat.locator("[data-queue]").click()
    return home, desk, other


def part(tab, name):
    """The queue's part of this name, opened."""
    tab.chat.get_by_role("tab", name=name).click()
    return tab.chat.get_by_role("tabpanel", name=name)


def test_a_registrar_writes_first_and_the_family_answers_the_office(arrive):
    gus, rita = arrive("guardian", "Gus Bee"), arrive("registrar", "Rita Cole")
    home, desk = gus.tab("/"), rita.tab("/registrar")
    desk.open_chat()
    desk.chat.locator("[data-queue]").click()
    desk.chat.get_by_role("button", name="Write to somebody").click()
    desk.chat.get_by_role("searchbox", name="Search people").fill("gus bee")
    desk.chat.get_by_role("button", name="Gus Bee").click()
    expect(desk.main.get_by_role("heading", name="Gus Bee")).to_be_visible()
    expect(desk.main.get_by_text("You have it")).to_be_visible()
    desk.write("Your papers are here.")
    expect(desk.main.get_by_text("Rita Cole has begun this conversation.")).to_be_visible()
    home.open_chat()
    home.chat.get_by_role("button", name="Registrar’s Office").first.click()
    expect(home.message("Your papers are here.")).to_be_visible()
    expect(home.main.locator(".sender").last).to_have_text("Rita Cole · Registrar’s Office")
    home.write("Thank you, we come on Monday.")
    expect(desk.message("Thank you, we come on Monday.")).to_be_visible()


def test_a_registrar_takes_a_letter_answers_and_closes_it(letter):
    home, desk, other = letter
    expect(part(other, "New").get_by_text("Gus Aab")).to_be_visible()
    part(desk, "New").get_by_role("button", name="Gus Aab").click()
    desk.main.get_by_role("button", name="Take it").click()
    expect(desk.main.get_by_text("You have it")).to_be_visible()
    expect(part(other, "New").get_by_text("Gus Aab")).to_have_count(0)
    expect(part(other, "Others").get_by_text("Rita Amsel has it").first).to_be_visible()

    desk.main.get_by_role("button", name="Prepared replies").click()
    desk.main.get_by_role("button", name="Received").click()
    expect(desk.composer).to_have_value(
        "Dear Gus Aab,\n\nthank you, we have received it.\n\nRita Amsel"
    )
    desk.write("Yes, one.")
    expect(home.message("Yes, one.")).to_be_visible()
    expect(home.main.locator(".sender").last).to_have_text("Rita Amsel · Registrar’s Office")

    desk.main.get_by_role("button", name="Close it").click()
    expect(home.main.get_by_text("The office has closed this conversation.")).to_be_visible()
    home.write("Thank you!")
    expect(home.main.get_by_text("The office has closed this conversation.")).to_have_count(0)
    expect(desk.message("Thank you!")).to_be_visible()
    expect(desk.main.get_by_text("You have it")).to_be_visible()


def test_what_the_office_notes_is_seen_by_the_colleague_and_not_by_the_writer(letter):
    home, desk, other = letter
    for tab in (desk, other):
        part(tab, "New").get_by_role("button", name="Gus Aab").click()
    desk.main.get_by_role("button", name="Internal note").click()
    expect(desk.main.get_by_text("Only the office reads this.")).to_be_visible()
    note = desk.main.get_by_role("textbox", name="Internal note about Gus Aab")
    note.fill("Ask the principal first.")
    note.press("Enter")
    for tab in (desk, other):
        expect(tab.main.locator(".note")).to_contain_text("Ask the principal first.")
    desk.main.locator(".note-row").hover()
    desk.main.locator(".note-row").get_by_role("button", name="Actions").click()
    desk.main.get_by_role("menuitem", name="Edit").click()
    desk.composer.fill("Ask the head first.")
    desk.composer.press("Enter")
    expect(other.main.locator(".note")).to_contain_text("Ask the head first.")
    expect(other.main.locator(".note")).to_contain_text("edited")
    desk.main.get_by_role("button", name="Reply", exact=True).click()
    desk.write("One moment, please.")
    expect(home.message("One moment, please.")).to_be_visible()
    expect(home.chat.get_by_text(re.compile("principal|head first"))).to_have_count(0)
