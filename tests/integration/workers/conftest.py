"""Several gunicorn workers over a PostgreSQL and a Redis of their own.

Intervals run at a twentieth of what they are in production, as far as they are long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support import postgres, redis
from tests.support.clients import Browser
from tests.support.follower import Follower
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.running import PATIENT, _hang_up, fill_tiny, servers  # noqa: F401
from tests.support.servers import Servers
from tests.support.workers import Workers

TWENTIETH = {
    **PATIENT,
    "CHAT_HEARTBEAT_SECONDS": 1.25,
    "CHAT_SEND_SECONDS": 0.5,
    "CHAT_SWEEP_SECONDS": 3,
    "CHAT_RECONCILE_SECONDS": 0.1,
    "CHAT_PRESENCE_GRACE_SECONDS": 0.5,
    "CHAT_SOCKETS_PER_USER": 300,
}
HURRY = {"FAULT_HURRY": "1"}


@pytest.fixture(scope="session")
def cluster() -> Iterator[Postgres]:
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def template(cluster: Postgres) -> str:
    """A database with the tiny host's people and the chat's tables."""
    name = cluster.create()
    fill_tiny(cluster.url(name))
    return name


@pytest.fixture
def database(cluster: Postgres, template: str) -> str:
    """The URL of a database of one's own."""
    return cluster.url(cluster.create(template))


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    with redis.running() as server:
        yield server


@pytest.fixture
def crew(
    servers: Servers,  # noqa: F811
    database: str,
    redis_server: RedisServer,
    tmp_path: Any,
) -> Callable[..., Workers]:
    """Starts workers: ``crew(4, "--max-requests", "100", bus=…, CHAT_…=…, FAULT_…=…)``."""

    def start(count: int = 2, *arguments: str, bus: str = "", **options: Any) -> Workers:
        faults = {name: value for name, value in options.items() if name.startswith("FAULT_")}
        settings = {name: value for name, value in options.items() if name not in faults}
        workers = Workers(
            database, tmp_path, count=count, arguments=arguments, faults={**HURRY, **faults},
            settings={**TWENTIETH, "CHAT_BUS_URL": bus or redis_server.url, **settings},
        )  # fmt: skip
        servers.take(workers)
        return workers

    return start


@pytest.fixture
def people() -> Callable[[Workers, int], list[Browser]]:
    """People at their browsers: ``people(workers, 3)``."""
    return lambda workers, count: [
        Browser(workers).sign_in(str(number)) for number in range(1, count + 1)
    ]


@pytest.fixture
def follow() -> Iterator[Callable[[Browser, str], Follower]]:
    """Tabs that follow a conversation: ``follow(browser, conversation)``."""
    tabs: list[Follower] = []

    def start(browser: Browser, conversation: str) -> Follower:
        tabs.append(Follower(browser, conversation))
        return tabs[-1]

    yield start
    for tab in tabs:
        tab.stop()
