"""What other processes of the same host do: commands, and a second server under ``memory://``."""

import contextlib
import json
import time

import pytest
from websocket import WebSocketBadStatusException

from tests.support.clients import Browser
from tests.support.running import PATIENT
from tests.support.servers import TINY, Servers, until


@pytest.fixture(scope="module")
def server(tmp_path_factory, tiny_file):
    """The process that has the sockets, for all tests that let it live."""
    started = Servers(tmp_path_factory.mktemp("first"))
    yield started.start(started.copy_of(tiny_file), app=TINY, settings=PATIENT)
    started.end_all()


@pytest.fixture
def talk(server, guests):
    ana, ben = guests(server, 2)
    return ana.group("Elsewhere", ben)


def caught_up(browser, socket, talk, change, within=2):
    """Wait for a frame that says the conversation has come so far; how long that took."""
    begun = time.monotonic()
    socket.expect("tick", within, conversation=talk, change=change)
    head = browser.api("GET", f"/conversations/{talk}/changes?after={change - 1}").json["head"]
    assert head == change
    return time.monotonic() - begun


def test_who_lists_those_who_are_connected(server, guests, talk):
    ana, ben = guests(server, 2)
    server.becomes(sockets=0)
    ana.socket(), ana.socket(), ben.socket()
    rows = json.loads(server.flask("chat", "who", "--json"))
    assert sorted((row["user"], row["name"]) for row in rows) == [
        (ana.id, "Person 1"), (ana.id, "Person 1"), (ben.id, "Person 2")
    ]  # fmt: skip
    assert {row["address"] for row in rows} == {"127.0.0.1"}


def test_a_message_of_the_command_line_reaches_open_sockets_within_two_seconds(
    tiny, guests, record_property
):
    server = tiny(CHAT_RECONCILE_SECONDS=1)
    ana, ben = guests(server, 2)
    talk = ana.group("Elsewhere", ben)
    socket = ben.socket()
    ana.post(talk, "One")
    socket.expect("message.posted")
    server.flask("chat", "send", "--conversation", talk, "--as", ana.id, "From the shell")
    record_property("seconds", caught_up(ben, socket, talk, 3))
    changes = ben.api("GET", f"/conversations/{talk}/changes?after=2").json["changes"]
    assert [(c["type"], c["data"]["body"]) for c in changes] == [
        ("message.posted", "From the shell")
    ]


def test_what_was_carried_is_not_ticked_again(server, guests, talk):
    ana, ben = guests(server, 2)
    socket = ben.socket()
    server.flask("chat", "send", "--conversation", talk, "--as", ana.id, "From the shell")
    caught_up(ben, socket, talk, 2)
    for number in range(5):
        ana.post(talk, f"{number}")
    server.flask("chat", "who", "--json")  # the clock has beaten at least once since
    socket.fence()
    ticks = [event for event in socket.events if event["type"] == "tick"]
    assert [tick["change"] for tick in ticks].count(2) == 1


def test_a_purge_is_told_to_open_sockets(server, guests, talk):
    ana, ben = guests(server, 2)
    for number in range(3):
        ana.post(talk, f"{number}")
    socket = ben.socket()
    server.flask("chat", "purge", "--older-than", "0.000001", "--yes")
    caught_up(ben, socket, talk, 5)
    (purged,) = [
        change
        for change in ben.api("GET", f"/conversations/{talk}/changes?after=4").json["changes"]
        if change["type"].startswith("conversation.")
    ]
    assert purged["data"]["first_seq"] == 4
    assert ben.history(talk) == []


def test_who_is_deleted_by_a_command_loses_their_sockets_within_two_seconds(tiny, guests):
    server = tiny(CHAT_RECONCILE_SECONDS=1, CHAT_SWEEP_SECONDS=600)
    ana, ben = guests(server, 2)
    socket, other = ben.socket(), ana.socket()
    server.flask("delete", ben.id)
    assert socket.closed(within=2) == 4001
    other.fence()


def test_after_a_restored_backup_open_sockets_are_told_to_load_anew(tiny, guests):
    server = tiny(CHAT_RECONCILE_SECONDS=1)
    (ana,) = guests(server, 1)
    socket = ana.socket()
    begun = json.loads(server.flask("chat", "resync", "--yes", "--json"))
    socket.expect("resync", within=2)
    assert ana.api("POST", "/sync", known={}).json["epoch"] == begun["epoch"]
    assert ana.socket().frames[0]["epoch"] == begun["epoch"] != socket.frames[0]["epoch"]


@pytest.fixture(scope="module")
def second_process(server, tmp_path_factory):
    started = Servers(tmp_path_factory.mktemp("second"))
    yield started.start(server.database, app=TINY, settings=PATIENT)
    started.end_all()


@pytest.fixture
def second(server, second_process, guests):
    """A second process of the host, while the first holds the sockets."""
    guests(server, 1)[0].socket()
    return second_process


def test_a_second_process_answers_sockets_501(server, second, guests):
    (ana,) = guests(server, 1)
    with pytest.raises(WebSocketBadStatusException) as refusal:
        ana.at(second).knock()
    assert refusal.value.status_code == 501
    assert json.loads(refusal.value.resp_body)["error"]["code"] == "unsupported"


def test_what_a_second_process_stores_reaches_the_sockets_of_the_first(
    server, second, guests, talk
):
    ana, ben = guests(server, 2)
    socket = ben.socket()
    assert ana.at(second).post(talk, "Round the corner")["seq"] == 1
    caught_up(ben, socket, talk, 2)
    assert [message["body"] for message in ben.history(talk)] == ["Round the corner"]


def test_somebody_removed_by_a_second_process_is_told(server, second, guests, talk):
    ana, ben = guests(server, 2)
    socket, stays = ben.socket(), ana.socket()
    assert ana.at(second).api("DELETE", f"/conversations/{talk}/members/{ben.id}").status == 200
    caught_up(ana, stays, talk, 2)
    socket.expect("gone", within=2, conversation=talk)
    socket.fence()
    assert [event["type"] for event in socket.events_of(talk)] == ["gone"]


def test_signing_out_at_a_second_process_ends_the_sockets_of_the_first(
    server, second, guests, talk
):
    leaver = Browser(server).sign_in("7")
    socket = leaver.socket()
    leaver.at(second).post_form("/logout")
    assert socket.closed(within=2) == 4003


@pytest.mark.parametrize("ending", ["kill", "end"])
def test_a_second_process_serves_the_sockets_once_the_first_is_no_more(
    servers, tiny, tiny_file, guests, ending
):
    file = servers.copy_of(tiny_file)
    first, second = tiny(database=file), tiny(database=file)
    ana, ben = guests(first, 2)
    talk = ana.group("Taken over", ben)
    ana.socket()
    with pytest.raises(WebSocketBadStatusException):
        ben.at(second).knock()
    getattr(first, ending)()
    for _ in until(3, "the second process did not take over"):
        with contextlib.suppress(WebSocketBadStatusException):
            socket = ben.at(second).socket()
            break
    ana.at(second).post(talk, "Carried on")
    assert socket.expect("message.posted")["data"]["body"] == "Carried on"
