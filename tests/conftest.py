"""What holds for every test, whichever folder it lives in."""

from pathlib import Path

import pytest

JOURNEYS = Path(__file__).parent / "journeys"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey is walked in a browser, so it carries the mark without having to say so."""
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker("browser")
