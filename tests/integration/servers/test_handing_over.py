"""Under gevent the descriptor is handed over: the request ends, and nothing of it is left."""

import json
import signal
import threading
import time
from collections.abc import Callable

import pytest

from .serving import Peer, Server, masked, until

HANDED_OVER = ("pywsgi", "gunicorn-gevent", "gunicorn-pywsgi")
MANY = 40

Start = Callable[..., Server]


def left(server: Server) -> dict[str, int]:
    return json.loads(server.get("/state?collect=1"))["left"]


def opened(server: Server, count: int, path: str = "/ws") -> list[Peer]:
    peers = [server.open(f"{path}?user={number}") for number in range(count)]
    for peer in peers:
        assert peer.text() == '{"type":"hello"}'
    return peers


@pytest.mark.parametrize("wrapped", ["", "1"], ids=["bare", "behind a middleware"])
@pytest.mark.parametrize("name", HANDED_OVER)
def test_an_idle_socket_leaves_nothing_of_its_request(
    start: Start, name: str, wrapped: str
) -> None:
    server = start(name, wrapped=wrapped)
    opened(server, 1)
    before = left(server)
    opened(server, MANY)
    after = left(server)
    grown = {what: after[what] - before[what] for what in after}
    assert max(grown.values()) <= 1, grown
    assert server.state()["open"] == MANY + 1


@pytest.mark.parametrize("name", HANDED_OVER)
def test_after_many_commands_and_pings_an_idle_socket_is_as_small_as_before(
    start: Start, name: str
) -> None:
    server = start(name)
    peers = opened(server, MANY)
    before = left(server)
    for peer in peers:
        peer.socket.sendall(masked(0x01, b"ha") + masked(0x89, b"") + masked(0x80, b"lves"))
        assert peer.frame() == (0x8A, b"")
        assert peer.text() == "halves"
    after = left(server)
    assert (after["readers"], after["outboxes"]) == (before["readers"], before["outboxes"])
    assert after["greenlets"] <= before["greenlets"] + 16  # the crew's spare ones


def test_the_servers_own_limit_counts_requests_only(start: Start) -> None:
    server = start("gunicorn-gevent", None, "--worker-connections", "5")
    peers = opened(server, 20)
    assert server.state()["open"] == 20
    peers[-1].say("still here")
    assert peers[-1].text() == "still here"


def test_our_own_limit_holds_instead(start: Start) -> None:
    server = start("pywsgi", {"CHAT_SOCKETS_PER_WORKER": 3})
    peers = opened(server, 3)
    assert "503" in server.open().head
    peers[0].close()
    assert peers[0].closed() == 1000
    for _ in until(3):
        if server.state()["open"] == 2:
            break
    opened(server, 1)


@pytest.mark.parametrize("name", ["gunicorn-gevent", "gunicorn-pywsgi"])
def test_a_worker_that_is_told_to_reload_says_goodbye_to_what_its_server_does_not_know(
    start: Start, name: str
) -> None:
    server = start(name, {"CHAT_DRAIN_SECONDS": 3})
    peers = opened(server, 5)
    server.kick(signal.SIGHUP)
    for peer in peers:
        assert '"bye"' in peer.text()
        assert peer.closed() == 1012
        peer.close(1012)
    for _ in until(5):  # the old worker may still be there to refuse
        if " 101 " in server.open().head:
            return


def test_numbers_that_are_used_again_during_a_fan_out_get_nothing_of_others(start: Start) -> None:
    server = start("pywsgi", {"CHAT_SOCKETS_PER_USER": 1000, "CHAT_HANDSHAKES": 1000})
    speaker = server.open("/ws?user=speaker")
    speaker.text()
    problems: list[object] = []

    def come_and_go() -> None:
        for _ in range(60):
            peer = Peer(server.port, "/ws?user=guest")
            if peer.text() != '{"type":"hello"}':
                problems.append("something before hello")
            peer.socket.close()

    guests = [threading.Thread(target=come_and_go) for _ in range(4)]
    for guest in guests:
        guest.start()
    number = 0
    while any(guest.is_alive() for guest in guests):
        speaker.say(f"room {number} " + "x" * 2000)
        assert speaker.text().startswith(f"{number} ")
        number += 1
    assert not problems
    for _ in until(5):
        if server.state()["open"] == 1:
            return


def test_a_command_that_takes_long_does_not_hold_up_the_others(start: Start) -> None:
    server = start("pywsgi")
    slow, *others = opened(server, 10)
    slow.say("work 1")
    slow.say("after it")
    begun = time.monotonic()
    for peer in others:
        peer.say("quick")
        assert peer.text() == "quick"
    assert time.monotonic() - begun < 0.8
    assert [slow.text(), slow.text()] == ['"worked"', "after it"]


def test_more_commands_than_greenlets_are_all_carried_out(start: Start) -> None:
    server = start("pywsgi", {"CHAT_SOCKETS_PER_USER": 1000})
    peers = opened(server, 300)
    for peer in peers:
        peer.say("work 0.3")
    assert [peer.text() for peer in peers] == ['"worked"'] * 300
