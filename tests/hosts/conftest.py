"""Every host of the matrix, each started once, and people at their browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.hosts.roll import EVERY, Kept
from tests.support.clients import Browser, hang_up_all
from tests.support.fixtures import postgres_server
from tests.support.servers import COMMANDS, PYTHON, ROOT, Server, Servers

__all__ = ["postgres_server"]

SERVE = str(ROOT / "tests" / "hosts" / "serve.py")
COMMANDS["host"] = lambda app, port: [*PYTHON, SERVE, app, str(port)]
COMMANDS["host of threads"] = lambda app, port: [*PYTHON, SERVE, app, str(port), "threads"]


@dataclass(frozen=True)
class Running:
    """A host that is served."""

    kept: Kept
    server: Server

    def browser(self, **options: Any) -> Browser:
        """Somebody who has not signed in."""
        return Browser(self.server, chat=self.kept.chat, **options)


Start = Callable[[str], Running]


@pytest.fixture(scope="session")
def start(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Start]:
    """``start("late_factory")``: one server each, for all tests."""
    folder = tmp_path_factory.mktemp("hosts")
    started = Servers(folder)
    running: dict[str, Running] = {}

    def run(name: str) -> Running:
        if name not in running:
            kept = EVERY[name]
            database: Any = folder / f"{name}.db"
            if kept.postgres:
                postgres = request.getfixturevalue("postgres_server")
                database = postgres.url(postgres.create())
            kind = "host of threads" if kept.threads else "host"
            server = started.start(database, app=kept.module, kind=kind)
            running[name] = Running(kept, server)
        return running[name]

    yield run
    started.end_all()


@pytest.fixture(
    params=[
        pytest.param(name, marks=[pytest.mark.postgres] if kept.postgres else [])
        for name, kept in EVERY.items()
    ]
)
def host(request: pytest.FixtureRequest, start: Start) -> Running:
    """Each host in turn."""
    return start(request.param)


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    yield
    hang_up_all()
