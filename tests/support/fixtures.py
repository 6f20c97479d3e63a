"""Fixtures for tests that need a host app with a database; a conftest.py imports them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from . import postgres
from .databases import PostgresDatabases, SqliteFiles
from .hosts import Host

EVERY_DATABASE = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: postgres.Postgres) -> PostgresDatabases:
    return PostgresDatabases(postgres_server)


@pytest.fixture(scope="session", params=EVERY_DATABASE)
def databases(request: pytest.FixtureRequest) -> Any:
    """Where hosts keep their data; every test with it runs once per database."""
    wanted = "sqlite_files" if request.param == "sqlite" else "postgres_databases"
    return request.getfixturevalue(wanted)


@pytest.fixture
def make_host(databases: Any) -> Iterator[Callable[..., Host]]:
    """``make_host(kind=…, hooks=…, CHAT_…=…)``: an app with tables and nobody in it."""
    with ExitStack() as open_hosts:
        yield lambda **options: open_hosts.enter_context(databases.host(**options))


@pytest.fixture
def host(make_host: Callable[..., Host]) -> Host:
    """The usual app: numbers as keys, everybody may reach everybody."""
    return make_host()
