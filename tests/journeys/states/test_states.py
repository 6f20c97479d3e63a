"""Every state a person can meet: seen, and said to those who do not see; axe finds nothing, what
is pressed is large enough, nothing has to be scrolled sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.states.staff import ROWS
from tests.journeys.states.stage import ORIGIN

# Controls smaller than 44 by 44 pixels, counting the invisible rim that also takes the finger.
SMALL = """(chat) => {
  const controls = 'button, [role=menuitem], .field, textarea, label';
  const small = (control) => {
    const box = control.getBoundingClientRect();
    const rim = getComputedStyle(control, '::after');
    const grown = (side) => rim.position === 'absolute' ? Math.max(0, -parseFloat(rim[side])) : 0;
    const width = box.width + grown('left') + grown('right');
    const height = box.height + grown('top') + grown('bottom');
    return box.width > 0 && (width < 44 || height < 44);
  };
  return [...chat.shadowRoot.querySelectorAll(controls)].filter(small)
    .map((each) => `${each.className} ${each.ariaLabel ?? each.textContent.trim()}`);
}"""

SIDEWAYS = """(chat) => {
  const parts = '.panel, .scroll, .messages, .header, .composer, .banner-place';
  return [document.documentElement, ...chat.shadowRoot.querySelectorAll(parts)]
    .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className);
}"""


def complaints(stage, axe: str) -> list[str]:
    """What is wrong with the chat as it stands there."""
    return [
        *violations(stage, axe),
        *(f"too small: {each}" for each in stage.chat.evaluate(SMALL)),
        *(f"scrolls sideways: {each}" for each in stage.chat.evaluate(SIDEWAYS)),
    ]


def violations(stage, axe: str) -> list[str]:
    """What axe says of the chat."""
    stage.page.evaluate(axe)
    return stage.page.evaluate(
        """async () => (await axe.run(document.querySelector('flask-chat'))).violations
          .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) =>
            `${id}: ${target.flat()} ${failureSummary.slice(0, 300)}`))"""
    )


@pytest.mark.parametrize("name", ROWS)
def test_the_state(name, stage, axe):
    ROWS[name](stage)
    assert not complaints(stage, axe)


def test_without_scripts_there_is_a_link(set_up):
    stage = set_up(java_script_enabled=False)
    stage.page.goto(ORIGIN)
    expect(stage.page.get_by_role("link", name="Messages")).to_have_attribute("href", "/chat/")
