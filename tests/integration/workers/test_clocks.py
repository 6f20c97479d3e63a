"""A worker whose clock is five minutes ahead: nobody notices. Fault 23."""

import time

import pytest
from itsdangerous.encoding import base64_decode, bytes_to_int

from tests.support.clients import Browser
from tests.support.pace import paced
from tests.support.servers import until


@pytest.fixture(scope="module")
def workers(crew, tmp_path_factory):
    flag = tmp_path_factory.mktemp("clock") / "ahead"
    return crew(2, FAULT_AHEAD=str(flag), CHAT_RATE_OPENINGS="20 per minute")


@pytest.fixture
def people(workers):
    """People who signed in at the worker whose clock is right.

    What Flask signs at the other one, the first takes for a cookie from the future and refuses:
    that is the host's session, and the reason to keep clocks in step.
    """

    def sign_in(number):
        for _ in until(paced(200), "nobody could sign in"):
            browser = Browser(workers)
            browser.post_form("/login", {"username": str(number)})
            if signed_at(browser) < time.time() + 60:
                browser.id = browser.api("GET", "/session").json["user"]["id"]
                return browser
        raise AssertionError("unreachable")

    return lambda workers, count, first=1: [
        sign_in(number) for number in range(first, first + count)
    ]


def signed_at(browser):
    """When, by the clock of the worker that answered, the host signed this browser's cookie."""
    return bytes_to_int(base64_decode(browser.cookies["session"].split(".")[-2]))


def test_the_clocks_do_differ(workers, people):
    (ana,) = people(workers, 1)
    ahead = {round(float(ana.request("GET", "/clock").body) - time.time(), -1) for _ in range(60)}
    assert ahead == {0.0, 300.0}


def test_fault_23_order_unread_and_times_are_the_databases(workers, people):
    ana, ben = people(workers, 2)
    talk = ana.group("Clocks", ben)
    writers = list(workers.sockets_everywhere(ana).values())
    readers = workers.sockets_everywhere(ben)
    for number in range(20):
        assert writers[number % 2].post(talk, f"{number}")["type"] == "reply"
    for socket in readers.values():
        for number in range(20):
            socket.expect("message.posted", conversation=talk, change=number + 2)
    history = ben.history(talk)
    assert [message["body"] for message in history] == [f"{number}" for number in range(20)]
    times = [message["created_at"] for message in history]
    assert times == sorted(times)
    for socket in readers.values():
        own = socket.ask("conversation.read", conversation=talk, seq=5)["data"]
        assert (own["unread"], own["counted_to"]) == (15, 20)


def test_fault_23_presence_and_limits_are_not_confused(workers, people):
    watcher, watched = people(workers, 2, first=3)
    sockets = workers.sockets_everywhere(watcher)
    for socket in sockets.values():
        socket.tell("presence.watch", people=[watched.id])
        socket.expect("presence", data={"people": {watched.id: "offline"}})
    there = watched.socket()
    for socket in sockets.values():
        socket.expect("presence", data={"people": {watched.id: "online"}})
    there.hang_up()
    for socket in sockets.values():
        socket.expect("presence", data={"people": {watched.id: "offline"}})
    answers = [
        watched.api("POST", "/conversations", kind="group", title="Many", members=[])
        for _ in range(30)
    ]
    assert [answer.status for answer in answers] == [201] * 20 + [429] * 10
    assert all(0 < int(answer.headers["Retry-After"]) <= 60 for answer in answers[20:])


def test_fault_23_edits_within_their_window_are_allowed_at_both_workers(workers, people):
    (ana,) = people(workers, 1)
    talk = ana.group("Edits")
    for socket in workers.sockets_everywhere(ana).values():
        message = socket.post(talk, "Wrods")["data"]["message"]
        answer = socket.ask("message.edit", conversation=talk, message=message["id"], body="Words")
        assert answer["type"] == "reply"
