"""The school's own buttons above the conversation of an application."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_what_the_registrar_decides_is_done_once_said_and_shown(nora, arrive, office, watch):
    watch.expect("409")
    family, number = office.application()
    conversation = office.thread(nora.account, number, "We have read everything.")
    office.asks_for(number, "Photo consent")
    record = nora.tab(f"/registrar/applications/{number}")
    guardian = arrive(account=family).tab("/")
    buttons = guardian.thread.locator(".record-action")
    expect(buttons).to_have_text(["Withdraw the application"])
    accept = record.thread.get_by_role("group").get_by_role("button", name="Accept")

    accept.click()
    form = record.thread.get_by_role("form", name="Accept")
    expect(form).to_contain_text("Accept this child?")
    form.get_by_role("button", name="Accept").press("Enter")
    refusal = "Not yet, these are still missing: Photo consent."
    expect(record.thread.get_by_role("alert")).to_have_text(refusal)
    form.get_by_role("button", name="Cancel").press("Escape")
    expect(accept).to_be_focused()

    record.page.get_by_role("button", name=re.compile("Mark received.*Photo")).click()
    accept.click()
    record.thread.get_by_role("form").get_by_role("button", name="Accept").dblclick()
    for tab in (record, guardian):
        expect(tab.thread.locator(".system").last).to_have_text(
            "Mila Novák is accepted. Welcome to the school!"
        )
        expect(tab.page.locator(".pill").last).to_have_text("Accepted")
        expect(tab.thread.locator(".record-action")).to_have_count(0)
    said = office.history(family, conversation)
    assert sum("accepted" in body for body in said) == 1
    office.shred(number)


def test_the_buttons_are_there_before_anybody_has_written(nora, office):
    _, number = office.application()
    record = nora.tab(f"/registrar/applications/{number}")
    record.thread.get_by_role("button", name="Accept").click()
    form = record.thread.get_by_role("form", name="Accept")
    expect(form).to_contain_text("Accept this child?")
    form.get_by_role("button", name="Accept").click()
    expect(record.thread.locator(".system").last).to_contain_text("Mila Novák is accepted")
    office.shred(number)
