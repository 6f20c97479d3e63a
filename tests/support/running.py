"""Fixtures of a running school: servers, and people at their browsers.

A ``conftest.py`` takes those it needs: ``from tests.support.running import *``.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.clients import Browser, hang_up_all
from tests.support.postgres import Postgres, Template
from tests.support.servers import EXAMPLE, PYTHON, ROOT, TINY, Server, Servers

__all__ = [
    "_hang_up", "ana", "ben", "cleo", "desk", "guests", "school", "seeded_file", "servers",
    "tiny", "tiny_file", "visitors",
]  # fmt: skip

#: Nobody is to wait for a limit unless the test is about it.
PATIENT = {
    "CHAT_RATE_MESSAGES": "10000 per second",
    "CHAT_RATE_REQUESTS": "10000 per second",
    "CHAT_RATE_OPENINGS": "10000 per second",
    "CHAT_RATE_FRAMES": "10000 per second",
    "CHAT_RECONCILE_SECONDS": 0.1,
    "CHAT_PRESENCE_GRACE_SECONDS": 0.2,
    "CHAT_DRAIN_SECONDS": 1,
}


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example school on its first day, with the chat's tables."""
    path = tmp_path_factory.mktemp("school") / "seeded.db"
    fill_school(f"sqlite:///{path}")
    return settled(path)


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny host's database, with its people and the chat's tables."""
    path = tmp_path_factory.mktemp("tiny") / "tiny.db"
    fill_tiny(f"sqlite:///{path}")
    return settled(path)


def settled(path: Path) -> Path:
    """Leaving write-ahead mode puts everything into the one file that is copied."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return path


def seeded(server: Postgres, fill: Callable[[str], None]) -> Template:
    """A PostgreSQL database with what ``fill`` puts into it."""
    name = server.create()
    fill(server.url(name))
    return Template(server, name)


def fill_school(database: str) -> None:
    """Put the example school and the chat's tables into an empty database."""
    for command in (["seed"], ["chat", "init-db"]):
        _flask(EXAMPLE, database, *command)


def fill_tiny(database: str) -> None:
    """Put the tiny host's people and the chat's tables into an empty database."""
    for command in (["fill"], ["chat", "init-db"]):
        _flask(TINY, database, *command)


def _flask(app: str, database: str, *command: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": database}
    subprocess.run(
        [*PYTHON, "-m", "flask", "--app", app, *command],
        env=environment, cwd=ROOT, check=True, capture_output=True, timeout=60,
    )  # fmt: skip


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """Starts servers for one test; none may have complained."""
    started = Servers(tmp_path)
    yield started
    started.end_all()


@pytest.fixture(scope="session")
def school(
    seeded_file: Path | Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One running school for all tests that do it no harm."""
    started = Servers(tmp_path_factory.mktemp("running"))
    yield started.start(started.copy_of(seeded_file), settings=PATIENT)
    started.end_all()


@pytest.fixture
def tiny(servers: Servers, tiny_file: Path | Template) -> Callable[..., Server]:
    """Starts a tiny host of one's own: ``tiny(CHAT_…=…)``."""

    def start(kind: str = "pywsgi", database: str | Path = "", **settings: Any) -> Server:
        return servers.start(
            database or servers.copy_of(tiny_file), app=TINY, kind=kind,
            settings={**PATIENT, **settings},
        )  # fmt: skip

    return start


@pytest.fixture(scope="session")
def desk() -> dict[tuple[int, str], Browser]:
    """Who has signed in already; a password is slow to check."""
    return {}


@pytest.fixture
def visitors(desk: dict[tuple[int, str], Browser]) -> Callable[[Server, str], Browser]:
    """Somebody at their browser: ``visitors(server, username)``; signed in once per session."""

    def sign_in(server: Server, username: str) -> Browser:
        key = server.process.pid, username
        if key not in desk:
            desk[key] = Browser(server).sign_in(username)
        return desk[key]

    return sign_in


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    yield
    hang_up_all()


@pytest.fixture
def guests(visitors: Callable[[Server, str], Browser]) -> Callable[..., list[Browser]]:
    """People of a tiny host: ``guests(server, 3)``."""

    def come(server: Server, count: int) -> list[Browser]:
        return [visitors(server, str(number)) for number in range(1, count + 1)]

    return come


@pytest.fixture
def ana(school: Server, visitors: Callable[[Server, str], Browser]) -> Browser:
    """A teacher; teachers may write to one another."""
    return visitors(school, "t001")


@pytest.fixture
def ben(school: Server, visitors: Callable[[Server, str], Browser]) -> Browser:
    """Another teacher."""
    return visitors(school, "t002")


@pytest.fixture
def cleo(school: Server, visitors: Callable[[Server, str], Browser]) -> Browser:
    """A teacher who is in no conversation unless a test says so."""
    return visitors(school, "t003")
