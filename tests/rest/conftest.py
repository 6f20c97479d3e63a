"""Hosts for the REST door. What is tested here lies above the database, so SQLite is enough."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.fixtures import sqlite_files, sqlite_host
from tests.support.hosts import Host

__all__ = ["sqlite_files", "sqlite_host"]


@pytest.fixture
def make_host(sqlite_host: Callable[..., Host]) -> Callable[..., Host]:
    return sqlite_host


@pytest.fixture
def host(make_host: Callable[..., Host]) -> Host:
    """The usual app: numbers as keys, everybody may reach everybody."""
    return make_host()


@pytest.fixture
def app(host: Host) -> Flask:
    """For pytest-flask, whose ``client`` is a browser in which nobody is signed in."""
    return host.app


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask's own fixture of this name keeps one request context pushed for a whole test:
    ``g``, and so Flask-Login's user, would be shared by everybody's requests."""
