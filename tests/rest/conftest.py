"""Hosts for the REST door, over SQLite and over PostgreSQL."""

import pytest
from flask import Flask

from tests.support.fixtures import (
    databases,
    host,
    make_host,
    postgres_databases,
    postgres_server,
    sqlite_files,
)
from tests.support.hosts import Host

__all__ = [
    "databases", "host", "make_host", "postgres_databases", "postgres_server", "sqlite_files",
]  # fmt: skip


@pytest.fixture
def app(host: Host) -> Flask:
    """For pytest-flask, whose ``client`` is a browser in which nobody is signed in."""
    return host.app


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask's own fixture of this name keeps one request context pushed for a whole test:
    ``g``, and so Flask-Login's user, would be shared by everybody's requests."""
