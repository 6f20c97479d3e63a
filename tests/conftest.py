"""What holds for every test, whichever folder it lives in."""

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, and no clock on them: what fails here fails everywhere. To look
# for more, run the simulation's soak (`make soak`), which draws anew each time.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")

JOURNEYS = Path(__file__).parent / "journeys"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey is walked in a browser, so it carries the mark without having to say so."""
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker("browser")
