"""A rest day for pupils: what a registrar writes waits, comes back, and goes when she says so."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_what_is_written_on_a_rest_day_waits_with_its_author(nora, arrive):
    pupil = arrive("student", "Milan Novák")
    panel, family = nora.tab("/registrar/students"), pupil.tab("/")
    panel.page.get_by_role("button", name="Make today a rest day").click()
    try:
        panel.is_live()
        other = nora.tab("/registrar/students")
        for tab in (panel, other):
            tab.open_chat()
            tab.open_with(pupil)
        expect(panel.main.locator(".office-hint")).to_contain_text("It is a rest day for pupils.")

        panel.write("Your lock is at the office.")
        for tab in (panel, other):
            expect(tab.message("Your lock")).to_contain_text(
                re.compile("Will be delivered .*[0-9]:00")
            )
        other.message("Your lock").get_by_role("button", name="Cancel").click()
        expect(other.composer).to_have_value("Your lock is at the office.")
        expect(panel.rows).to_have_count(0)

        panel.write("Come by.", "And bring the key.")
        other.page.reload()
        other.is_live()
        other.open_chat()
        other.open_with(pupil)
        other.sees("Come by.", "And bring the key.")
        family.shows_unread(0)
        other.message("Come by.").get_by_role("button", name="Send now").click()
        family.shows_unread(1)
        expect(panel.message("And bring")).to_contain_text("Will be delivered")
    finally:
        ordinary = nora.tab("/registrar/students")
        ordinary.page.get_by_role("button", name="Make today an ordinary day").click()
    family.shows_unread(2)
    panel.sees("Come by.", "And bring the key.")
    expect(panel.rows.locator(".remedies")).to_have_count(0)
