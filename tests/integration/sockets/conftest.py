"""A running school, and people at their browsers; over SQLite, and again over PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.fixtures import EVERY_DATABASE, postgres_server  # noqa: F401
from tests.support.postgres import Template
from tests.support.running import *  # noqa: F403
from tests.support.running import fill_school, fill_tiny, seeded, settled


@pytest.fixture(scope="session", params=EVERY_DATABASE)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Callable[[str], None]], Any]:
    """Where the servers keep their data: ``filled(fill_school)``, to be copied."""

    def on(fill: Callable[[str], None]) -> Path | Template:
        if request.param == "sqlite":
            path = tmp_path_factory.mktemp("seeded") / "seeded.db"
            fill(f"sqlite:///{path}")
            return settled(path)
        return seeded(request.getfixturevalue("postgres_server"), fill)

    return on


@pytest.fixture(scope="session")
def seeded_file(filled: Callable[..., Any]) -> Path | Template:
    """The example school on its first day, with the chat's tables."""
    return filled(fill_school)


@pytest.fixture(scope="session")
def tiny_file(filled: Callable[..., Any]) -> Path | Template:
    """The tiny host's database, with its people and the chat's tables."""
    return filled(fill_tiny)
