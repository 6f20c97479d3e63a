"""Several gunicorn workers over a PostgreSQL and a Redis of their own.

Intervals run at a twentieth of what they are in production, as far as they are long, or at their
full length where that is asked for (:mod:`tests.support.pace`). Workers take longer to start than
most tests to run, so those of one module share them, and Redis, where they leave both as they
found them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.support import postgres, redis
from tests.support.clients import Browser
from tests.support.follower import Follower
from tests.support.pace import FULL_LENGTH
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.running import PATIENT, _hang_up, fill_tiny  # noqa: F401
from tests.support.workers import Workers, running
from tests.support.writer import Writer

#: Settings of every crew: no limits, and at a twentieth what takes longer than a test may.
SETTINGS = {**PATIENT, "CHAT_SOCKETS_PER_USER": 300}
if FULL_LENGTH:
    SETTINGS = {name: value for name, value in SETTINGS.items() if not name.endswith("_SECONDS")}
else:
    SETTINGS |= {
        "CHAT_HEARTBEAT_SECONDS": 1.25,
        "CHAT_SEND_SECONDS": 0.5,
        "CHAT_SWEEP_SECONDS": 3,
        "CHAT_RECONCILE_SECONDS": 0.1,
        "CHAT_PRESENCE_GRACE_SECONDS": 0.5,
    }


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


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with redis.running() as server:
        yield server


@pytest.fixture(scope="module")
def crew(
    cluster: Postgres,
    template: str,
    redis_server: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Workers]]:
    """Starts workers: ``crew(4, "--max-requests", "100", bus=…, CHAT_…=…, FAULT_…=…)``."""
    numbers = itertools.count()
    with ExitStack() as started:

        def start(count: int = 2, *arguments: str, bus: str = "", **options: Any) -> Workers:
            faults = {name: value for name, value in options.items() if name.startswith("FAULT_")}
            settings = {name: value for name, value in options.items() if name not in faults}
            # Of another prefix than the crew before it, which is another school to Redis.
            bus = bus or f"{redis_server.url}?prefix=chat{next(numbers)}"
            return started.enter_context(
                running(
                    cluster.url(cluster.create(template)),
                    tmp_path_factory.mktemp("crew"),
                    count=count,
                    arguments=arguments,
                    faults={"FAULT_HURRY": "" if FULL_LENGTH else "1", **faults},
                    settings={**SETTINGS, "CHAT_BUS_URL": bus, **settings},
                )
            )

        yield start


@pytest.fixture
def people() -> Callable[..., list[Browser]]:
    """People at their browsers: ``people(workers, 3)``, counted from ``first``."""
    return lambda workers, count, first=1: [
        Browser(workers).sign_in(str(number)) for number in range(first, first + count)
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


@pytest.fixture
def write() -> Iterator[Callable[[Browser, str, str], Writer]]:
    """Tabs that write on and on: ``write(browser, conversation, name)``."""
    tabs: list[Writer] = []

    def start(browser: Browser, conversation: str, name: str) -> Writer:
        tabs.append(Writer(browser, conversation, name))
        return tabs[-1]

    yield start
    for tab in tabs:
        tab.stop()


@pytest.fixture
def everywhere(
    follow: Callable[[Browser, str], Follower],
) -> Callable[[Workers, Browser, str], dict[int, Follower]]:
    """A tab at each worker; those that land elsewhere are closed again."""

    def start(workers: Workers, browser: Browser, conversation: str) -> dict[int, Follower]:
        tabs: dict[int, Follower] = {}
        for _ in range(200):
            tab = follow(browser, conversation)
            worker = workers.worker_of(tab.socket)
            if worker in tabs:
                tab.stop()
            tabs.setdefault(worker, tab)
            if len(tabs) == workers.count:
                return tabs
        raise AssertionError("no tab came to one of the workers")

    return start
