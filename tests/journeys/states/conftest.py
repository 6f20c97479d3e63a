"""Stages on one Chromium, each in a browser context of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.states.looks import USUAL
from tests.journeys.states.stage import Stage
from tests.journeys.watching import NETWORK_IS_AWAY, Watch

# A busy machine draws slowly.
expect.set_options(timeout=10_000)
AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def axe() -> str:
    assert AXE.exists(), "These tests need axe-core: scripts/node-modules"
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def set_up(chromium: Browser) -> Iterator[Callable[..., Stage]]:
    """``set_up(language="ar", color_scheme="dark")``: a stage, and what its page complains of."""
    opened: list[Stage] = []
    watch = Watch()

    def build(*, language: str = "en", mode: str = "", **options: Any) -> Stage:
        context = chromium.new_context(**{**USUAL, **options})
        context.set_default_timeout(10_000)
        watch.follow(context)
        opened.append(Stage(context, language=language, mode=mode))
        return opened[-1]

    yield build
    for stage in opened:
        watch.leave(stage.context)
        stage.leave()
    watch.expect(NETWORK_IS_AWAY)  # refusals and silence are the stage's own
    watch.expect(r"^(40[349]|503): ")
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.fixture
def stage(set_up: Callable[..., Stage]) -> Stage:
    return set_up()
