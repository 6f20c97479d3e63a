"""Servers for the tests of this folder, and nothing left open between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .serving import EVERY, Server, hang_up


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    yield
    hang_up()


@pytest.fixture
def start() -> Iterator[Callable[..., Server]]:
    """Start a server of one's own: ``start(name, settings, *extra)``."""
    started: list[Server] = []

    def start(
        name: str, settings: dict[str, Any] | None = None, *extra: str, **kinds: str
    ) -> Server:
        started.append(Server(name, settings or {}, *extra, **kinds))
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture(scope="module", params=EVERY)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """One server for a module, of every kind; it must have nothing to complain about."""
    server = Server(request.param, {"CHAT_HEARTBEAT_SECONDS": 60})
    yield server
    server.stop()
    # One test makes the receiver crash.
    crashes = re.findall("^ZeroDivisionError", server.errors, re.MULTILINE)
    assert server.errors.count("Traceback") == len(crashes), server.errors
