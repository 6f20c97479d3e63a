"""The office announces; a guardian reads, confirms and answers; the office sees who has."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def announce(tab, to: str, title: str, body: str) -> None:
    tab.chat.get_by_role("button", name="New conversation").click()
    tab.chat.get_by_role("button", name="New announcement").click()
    tab.chat.get_by_role("combobox", name="To").select_option(label=to)
    tab.chat.get_by_label("Title").fill(title)
    tab.chat.get_by_label("What you announce").fill(body)
    tab.chat.get_by_role("switch", name="Ask to confirm").check()
    tab.chat.get_by_role("button", name="Announce", exact=True).click()


def test_the_office_announces_and_sees_who_has_confirmed(arrive, office):
    registrar, guardian = arrive("registrar", "Rita Amsel"), arrive("guardian", "Greta Aab")
    office.conversation(registrar.account, guardian.account, "Welcome")
    home, desk = guardian.tab("/"), registrar.tab("/registrar")
    home.open_chat()
    desk.open_chat()
    announce(desk, "All guardians", "Closed on Friday", "The boiler is being replaced.")
    expect(desk.chat.get_by_role("alertdialog")).to_contain_text(re.compile(r"to \d+ people\?"))
    desk.confirm("Announce")
    desk.sees("The boiler is being replaced.")

    home.in_list("Closed on Friday").get_by_role("button").click()
    home.sees("The boiler is being replaced.")
    expect(home.main.locator(".subtitle")).to_have_text("Announcement by Rita Amsel")
    expect(home.composer).to_have_count(0)
    desk.main.get_by_role("button", name="Who has read it").click()
    expect(desk.main.get_by_text(re.compile(r"· 0 have confirmed"))).to_be_visible()
    home.main.get_by_role("button", name="I have read this").click()
    expect(home.main.get_by_text("You have confirmed that you read this.")).to_be_visible()
    counted = re.compile(r"1 of \d+ has read it · 1 has confirmed")
    expect(desk.main.get_by_text(counted)).to_be_visible()
    row = desk.main.get_by_role("listitem").filter(has_text="Greta Aab")
    expect(row.get_by_text("Confirmed")).to_be_visible()
    desk.main.get_by_role("switch", name="Only who has not confirmed").check()
    expect(row).to_have_count(0)

    home.main.get_by_role("button", name="Reply privately to Rita Amsel").click()
    home.write("Is lunch served?")
    home.sees("Welcome", "Is lunch served?")
    desk.back()
    desk.sees("The boiler is being replaced.")
    desk.back()
    expect(desk.in_list("Greta Aab").locator(".preview")).to_have_text("Is lunch served?")


def test_who_may_not_announce_is_not_offered_it(arrive):
    home = arrive("guardian", "Greta Aab").tab("/")
    home.open_chat()
    home.chat.get_by_role("button", name="New conversation").click()
    expect(home.chat.get_by_role("button", name="New group")).to_be_visible()
    expect(home.chat.get_by_role("button", name="New announcement")).to_have_count(0)
