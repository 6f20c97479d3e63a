"""Being told while nobody looks: asked for in the list, kept for the person in this browser."""

from __future__ import annotations

from playwright.sync_api import expect


def test_what_one_asks_for_is_kept_for_the_next_page(nora):
    tab = nora.tab("/registrar")
    tab.open_chat()
    tab.chat.get_by_role("button", name="Notifications").click()
    sound = tab.chat.get_by_role("switch", name="Sound")
    expect(sound).not_to_be_checked()
    sound.check()
    later = nora.tab("/registrar")
    later.open_chat()
    later.chat.get_by_role("button", name="Notifications").click()
    expect(later.chat.get_by_role("switch", name="Sound")).to_be_checked()
    expect(later.chat.get_by_role("switch", name="Number in the tab")).not_to_be_checked()
