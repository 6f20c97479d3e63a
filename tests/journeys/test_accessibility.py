"""axe-core finds nothing in any page of the panel: light, dark, narrow, right to left, forced."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 360, "height": 740}},
    "forced colours": {"forced_colors": "active"},
}


@pytest.fixture(scope="module")
def axe():
    assert AXE.exists(), "These tests need axe-core: scripts/node-modules"
    return AXE.read_text(encoding="utf-8")


def violations(tab, axe) -> list[str]:
    """What axe says of the chat."""
    tab.page.evaluate(axe)
    found = tab.page.evaluate(
        """async () => (await axe.run(document.querySelector('flask-chat'))).violations
          .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) =>
            `${id}: ${target.flat()} ${failureSummary.slice(0, 300)}`))"""
    )
    return list(found)


@pytest.fixture(params=LOOKS.values(), ids=LOOKS.keys())
def tab(request, arrive, office):
    """A registrar's chat with something of everything in it."""
    nora, tom = (
        arrive("registrar", "Nora Lindqvist", **request.param),
        arrive("teacher", "ليلى حداد"),
    )
    office.conversation(tom.account, nora.account, "Hello", "See https://school.example", "😀")
    group = office.group("Class trip", nora.account, tom.account)
    tab = nora.tab("/registrar")
    tab.tom, tab.group = tom, group
    return tab


def test_axe_finds_nothing_anywhere(tab, axe):
    found: dict[str, list[str]] = {}

    def look(page: str) -> None:
        if problems := violations(tab, axe):
            found[page] = problems

    look("closed")
    tab.open_chat()
    expect(tab.list.get_by_role("listitem")).to_have_count(2)
    look("list")
    tab.chat.get_by_role("button", name="New conversation").click()
    expect(
        tab.chat.get_by_role("list", name="People").get_by_role("listitem").first
    ).to_be_visible()
    look("people")
    tab.chat.get_by_role("button", name="New group").click()
    look("new group")
    tab.open_with(tab.tom)
    tab.write("Good morning")
    expect(tab.chat.locator(".receipt")).to_have_text("Sent")
    look("thread")
    tab.does("Delete", "Good morning")
    look("question")
    tab.confirm("Cancel")
    tab.chat.locator(".main").get_by_role("button", name="Back").click()
    tab.choose("Class trip")
    tab.show_details()
    expect(tab.main.get_by_role("button", name="Leave the group")).to_be_visible()
    look("details")
    assert not found
