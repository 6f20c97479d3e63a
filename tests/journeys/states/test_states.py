"""Every state a person can meet: seen, said to those who do not see, and axe is content."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.states.rows import ROWS
from tests.journeys.states.stage import ORIGIN


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
    assert not violations(stage, axe)


def test_without_scripts_there_is_a_link(set_up):
    stage = set_up(java_script_enabled=False)
    stage.page.goto(ORIGIN)
    expect(stage.page.get_by_role("link", name="Messages")).to_have_attribute("href", "/chat/")
