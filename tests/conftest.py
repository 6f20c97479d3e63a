"""What holds for every test, whichever folder it lives in."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

# The same examples in every run, and no clock on them: what fails here fails everywhere. To look
# for more, run the simulation's soak (`make soak`), which draws anew each time.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Started in the background a shell lets us ignore Ctrl-C, and every server we start with us.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

JOURNEYS = Path(__file__).parent / "journeys"
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    "--host-resolver-rules=MAP plain.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, "
    "EXCLUDE localhost",
]  # fmt: skip
INSTALL = "apt-get install --no-install-recommends chromium fonts-noto-core fonts-noto-color-emoji"


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One Chromium for all tests of a process: Playwright does not take a second beside it."""
    from playwright.sync_api import sync_playwright

    path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    assert path, f"These tests need Chromium: {INSTALL}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A journey is walked in a browser, so it carries the mark without having to say so.

    Over a bus that loses entries a client fetches what it missed. What a test says of the very
    frames that were sent, and when, cannot hold there: it says so, and why.
    """
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker("browser")
    raw = [item for item in items if item.get_closest_marker("raw_frames")]
    assert all(item.get_closest_marker("raw_frames").args for item in raw), "say why"
    if os.environ.get("LOSSY_BUS"):
        config.hook.pytest_deselected(items=raw)
        items[:] = [item for item in items if item not in raw]
