"""A school with its doors open, one Chromium, and new people for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsers import Browsers
from tests.journeys.lasting import LastingServer, Office
from tests.journeys.people import Person
from tests.journeys.watching import Watch
from tests.support.running import PATIENT, seeded_file  # noqa: F401
from tests.support.servers import Servers


@pytest.fixture(scope="session")
def browsers(chromium: Browser) -> Browsers:
    return Browsers(chromium)


@pytest.fixture(scope="session")
def serve(
    seeded_file: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., LastingServer]]:
    """``serve(CHAT_…=…)``: the example, with a database of its own."""
    folder = tmp_path_factory.mktemp("schools")
    started: list[LastingServer] = []

    def start(**settings: Any) -> LastingServer:
        file = Servers(folder).copy_of(seeded_file)
        started.append(LastingServer(file, folder, settings={**PATIENT, **settings}))
        return started[-1]

    yield start
    for server in started:
        server.end()
        server.kill()
    assert not [server.complaints() for server in started if server.complaints()]


@pytest.fixture(scope="session")
def school(serve: Callable[..., LastingServer]) -> LastingServer:
    """The school of all tests that do it no harm; where it is killed, a module has its own."""
    return serve()


@pytest.fixture(scope="module")
def office(school: LastingServer) -> Iterator[Office]:
    opened = Office(school.database)
    yield opened
    opened.close()


@pytest.fixture
def watch(school: LastingServer) -> Iterator[Watch]:
    """Fails a test when a page or the server complained."""
    watch = Watch()
    with school.watched():
        yield watch
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.fixture
def arrive(
    browsers: Browsers, school: LastingServer, office: Office, watch: Watch
) -> Iterator[Callable[..., Person]]:
    """``arrive("teacher", name)``: somebody new, signed in; options go to their browser."""

    def come(role: str = "teacher", name: str = "Pavel Novák", **options: Any) -> Person:
        account = options.pop("account", None) or office.enrol(role, name)
        context = browsers.lend(watch, base_url=school.origin, **options)
        return Person(account, context).sign_in()

    yield come
    browsers.take_back(watch)


@pytest.fixture
def nora(arrive: Callable[..., Person]) -> Person:
    """A registrar."""
    return arrive("registrar", "Nora Lindqvist")


@pytest.fixture
def tom(arrive: Callable[..., Person]) -> Person:
    """A teacher."""
    return arrive("teacher", "Tom Achterberg")
