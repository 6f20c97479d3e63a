"""The database is locked, or gone for a while: nothing is lost, the sockets stay, and all is well
as soon as it is back. Fault 18."""

import contextlib
import sqlite3
import time

import pytest
from websocket import WebSocketBadStatusException

from tests.support import postgres, running
from tests.support.clients import Browser, new_client_id
from tests.support.servers import TINY, Servers, until


@contextlib.contextmanager
def locked(server):
    """Another process writes, and does not come to an end."""
    path = server.database.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.fixture(scope="module")
def lockable(tmp_path_factory, tiny_file):
    started = Servers(tmp_path_factory.mktemp("lockable"))
    yield started.start(started.copy_of(tiny_file), app=TINY, settings=running.PATIENT)
    started.end_all()


@pytest.fixture
def place(lockable, guests):
    """A server with a conversation of two."""
    ana, ben = guests(lockable, 2)
    return lockable, ana, ben, ana.group("Away", ben)


def test_a_command_on_a_locked_database_is_answered_unavailable(place):
    server, ana, _, talk = place
    socket = ana.socket()
    with locked(server):
        refused = socket.post(talk, "Patience")
    assert (refused["code"], refused["retry_after"] >= 1) == ("unavailable", True)
    assert socket.is_open


def test_a_request_on_a_locked_database_is_answered_503(place):
    server, ana, _, talk = place
    with locked(server):
        answer = ana.api(
            "POST", f"/conversations/{talk}/messages", body="x", client_id=new_client_id()
        )
    assert (answer.status, answer.code) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


def test_reading_goes_on_while_the_database_is_locked(place):
    server, ana, _, talk = place
    ana.post(talk, "Before")
    ana.socket()
    with locked(server):
        begun = time.monotonic()
        assert len(ana.history(talk)) == 1
        ana.socket().fence()
        assert time.monotonic() - begun < 1


def test_waiting_for_the_lock_stops_nobody_else(place):
    server, ana, ben, talk = place
    waiting, other = ana.socket(), ben.socket()
    with locked(server):
        refs = [
            waiting.begin("message.post", conversation=talk, body="x", client_id=new_client_id())
            for _ in range(2)
        ]
        begun = time.monotonic()
        for _ in range(10):
            other.fence()
        assert time.monotonic() - begun < 1
        assert waiting.answer(refs[0])["code"] == "unavailable"


def test_what_was_refused_can_be_sent_again_and_is_there_once(place):
    server, ana, ben, talk = place
    socket, listening, mark = ana.socket(), ben.socket(), new_client_id()
    with locked(server):
        assert socket.post(talk, "Again", mark)["code"] == "unavailable"
    assert socket.post(talk, "Again", mark)["type"] == "reply"
    listening.expect("message.posted")
    listening.fence()
    assert [event["type"] for event in listening.events] == ["message.posted"]
    assert [message["body"] for message in ana.history(talk)] == ["Again"]
    server.becomes(checkedout=0)


def test_a_lock_that_is_gone_in_time_is_not_noticed(place):
    server, ana, _, talk = place
    socket = ana.socket()
    with locked(server):
        ref = socket.begin(
            "message.post", conversation=talk, body="Just", client_id=new_client_id()
        )
        ana.another().request("GET", "/inside")
    assert socket.answer(ref)["type"] == "reply"


# PostgreSQL, gone and back


@pytest.fixture(scope="module")
def cluster():
    with postgres.running() as server:
        yield server


class Away:
    """A database that lets nobody in, and throws out who is."""

    def __init__(self, cluster, name):
        self._cluster, self._name = cluster, name

    def begin(self):
        self._cluster._execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        self._cluster._execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'"
        )

    def end(self):
        self._cluster._execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")


@pytest.mark.postgres
def test_a_database_that_goes_away_ends_no_socket_and_loses_nothing(cluster, tiny):
    name = cluster.create()
    running.fill_tiny(cluster.url(name))
    server = tiny(database=cluster.url(name))
    ana, ben = Browser(server).sign_in("1"), Browser(server).sign_in("2")
    talk = ana.group("Away", ben)
    socket, listening = ana.socket(), ben.socket()
    socket.post(talk, "Before")
    mark, away = new_client_id(), Away(cluster, name)

    away.begin()
    refused = socket.post(talk, "Meanwhile", mark)
    assert (refused["code"], refused["retry_after"] >= 1) == ("unavailable", True)
    for method, path in (
        ("GET", f"/conversations/{talk}/messages"), ("GET", "/session"), ("POST", "/sync")
    ):  # fmt: skip
        answer = ana.api(method, path)
        assert (answer.status, answer.code) == (503, "unavailable"), path
        assert int(answer.headers["Retry-After"]) >= 1
    assert socket.is_open
    assert listening.is_open

    away.end()
    for _ in until(10, "it did not come back"):
        if socket.post(talk, "Meanwhile", mark)["type"] == "reply":
            break
    ana.post(talk, "After")
    listening.expect("message.posted", change=4)
    bodies = [message["body"] for message in ben.history(talk)]
    assert bodies == ["Before", "Meanwhile", "After"]
    server.becomes(checkedout=0)


@pytest.mark.postgres
def test_a_handshake_while_the_database_is_away_is_answered_503(cluster, tiny):

    name = cluster.create()
    running.fill_tiny(cluster.url(name))
    server = tiny(database=cluster.url(name))
    ana = Browser(server).sign_in("1")
    away = Away(cluster, name)
    away.begin()
    with pytest.raises(WebSocketBadStatusException) as refusal:
        ana.knock()
    assert refusal.value.status_code == 503
    away.end()
    for _ in until(10, "it did not come back"):
        with contextlib.suppress(WebSocketBadStatusException):
            ana.knock().expect("hello")
            break


def test_the_first_handshake_of_a_process_may_fail_without_harm_to_the_next(tiny, guests):
    """Told 501, a client would take the server for one that has no sockets at all."""
    server = tiny()
    (ana,) = guests(server, 1)
    with locked(server), pytest.raises(WebSocketBadStatusException) as refusal:
        ana.knock()
    assert refusal.value.status_code == 503
    ana.socket().fence()
