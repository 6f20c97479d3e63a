"""How sockets end: the code arrives, nothing follows it, and nothing is left behind."""

import signal
import socket
import time
from collections.abc import Callable

import pytest

from .serving import EVERY, Peer, Server, masked, until

GREEN = ("pywsgi", "gunicorn-gevent", "gunicorn-pywsgi")


def is_gone(server: Server, peers: int = 0, seconds: float = 3) -> None:
    for _ in until(seconds):
        state = server.state()
        if state["open"] == peers and state["sockets"] <= 3 + peers:
            return


@pytest.mark.parametrize("code", [4001, 4003, 1012])
def test_the_code_arrives_and_nothing_follows(server: Server, code: int) -> None:
    peer = server.open()
    peer.text()
    peer.say(f"close {code}")
    assert peer.closed() == code
    peer.close(code)
    assert peer.rest() == b""
    is_gone(server)


def test_who_is_refused_is_told_so_in_a_frame(server: Server) -> None:
    peer = server.open("/refused")
    assert '"unauthorized"' in peer.text()
    assert peer.closed() == 4001
    peer.close(4001)
    assert peer.rest() == b""


def test_an_exception_closes_with_1011_and_writes_no_page(server: Server) -> None:
    peer = server.open()
    peer.text()
    peer.say("crash")
    assert peer.closed() == 1011
    peer.close(1011)
    assert peer.rest() == b""


def test_an_error_of_ours_is_told_and_closes_with_its_code(server: Server) -> None:
    peer = server.open()
    peer.text()
    peer.say("fail")
    assert '"unauthorized"' in peer.text()
    assert peer.closed() == 4001


def test_the_peers_close_is_answered_and_nothing_is_left(server: Server) -> None:
    peer = server.open()
    peer.text()
    peer.close(1000)
    assert peer.closed() == 1000
    assert peer.rest() == b""
    is_gone(server)


def test_a_close_without_a_code_is_answered_likewise(server: Server) -> None:
    peer = server.open()
    peer.text()
    peer.socket.sendall(masked(0x88, b""))
    assert peer.closed() == 1005


def test_what_was_sent_before_the_close_is_heard_first(server: Server) -> None:
    peer = server.open()
    peer.text()
    peer.socket.sendall(masked(0x81, b"last words") + masked(0x88, b"\x03\xe8"))
    assert peer.text() == "last words"
    assert peer.closed() == 1000


def test_a_peer_that_ignores_our_close_is_gone_within_two_seconds(server: Server) -> None:
    peer = server.open()
    peer.text()
    peer.say("close 4003")
    begun = time.monotonic()
    assert peer.closed() == 4003
    assert peer.rest() == b""
    assert time.monotonic() - begun < 2
    is_gone(server)


def test_a_peer_that_vanishes_leaves_nothing(server: Server) -> None:
    peer = server.open()
    peer.text()
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    peer.socket.close()
    is_gone(server)


@pytest.mark.parametrize("by_us", [True, False])
def test_a_request_smuggled_behind_the_close_is_not_served(server: Server, by_us: bool) -> None:
    peer = server.open()
    peer.text()
    end = masked(0x81, b"close 4001") if by_us else masked(0x88, b"\x03\xe8")
    peer.socket.sendall(end + b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
    assert peer.closed() in (4001, 1000)
    assert b"HTTP" not in peer.rest()
    is_gone(server)
    assert "/smuggled" not in server.state()["served"]


def test_a_request_smuggled_with_the_handshake_is_not_served(server: Server) -> None:
    peer = server.open(behind=b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n" * 300)
    assert peer.closed() == 1002
    assert b"HTTP" not in peer.rest()
    is_gone(server)
    assert "/smuggled" not in server.state()["served"]


def test_a_deadline_closes_with_its_code(server: Server) -> None:
    peer = server.open()
    peer.text()
    peer.say("expire 0.2")
    assert peer.closed() == 4001


@pytest.mark.parametrize("name", EVERY)
def test_a_silent_peer_is_cut_after_two_intervals(start: Callable[..., Server], name: str) -> None:
    server = start(name, {"CHAT_HEARTBEAT_SECONDS": 0.5})
    peer = server.open()
    peer.text()
    begun = time.monotonic()
    seen = [peer.frame(), peer.frame()]
    assert seen == [(0x89, b""), (0x81, b'{"type":"heartbeat"}')]
    assert peer.closed() is None
    assert 0.8 < time.monotonic() - begun < 1.6
    is_gone(server)


@pytest.mark.parametrize("name", ["pywsgi", "gunicorn-gthread"])
def test_a_peer_that_answers_pings_stays(start: Callable[..., Server], name: str) -> None:
    server = start(name, {"CHAT_HEARTBEAT_SECONDS": 0.4})
    peer = server.open()
    peer.text()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        first, _ = peer.frame()
        if first == 0x89:
            peer.socket.sendall(masked(0x8A, b""))
    peer.say("still here")
    assert peer.text() == "still here"


@pytest.mark.parametrize("name", ["pywsgi", "gunicorn-gthread"])
def test_a_peer_is_not_cut_while_its_own_command_is_at_work(
    start: Callable[..., Server], name: str
) -> None:
    server = start(name, {"CHAT_HEARTBEAT_SECONDS": 0.3})
    peer = server.open()
    peer.text()
    peer.say("work 1.5")
    assert peer.text() == '"worked"'


@pytest.mark.parametrize("name", ["pywsgi", "gunicorn-gevent", "gunicorn-gthread"])
def test_a_stuck_peer_delays_nobody_and_is_cut(start: Callable[..., Server], name: str) -> None:
    server = start(name, {"CHAT_SEND_SECONDS": 1, "CHAT_OUTBOX_BYTES": 200_000})
    stuck = server.open("/ws?user=stuck", receive_buffer=4096)
    stuck.text()
    others = [server.open(f"/ws?user={number}") for number in range(10)]
    speaker = others[0]
    for peer in others:
        peer.text()
    body = "room " + "x" * 15_000
    slowest = 0.0
    for _ in range(400):
        begun = time.monotonic()
        speaker.say(body)
        for peer in others:
            assert len(peer.text()) == 15_000
        slowest = max(slowest, time.monotonic() - begun)
    assert slowest < 0.5
    is_gone(server, peers=10, seconds=5)
    assert "takes no more bytes" in _errors(server)


@pytest.mark.parametrize("name", ["pywsgi", "gunicorn-gthread"])
def test_a_slow_peer_is_told_to_load_anew_and_stays(
    start: Callable[..., Server], name: str
) -> None:
    server = start(name, {"CHAT_OUTBOX_FRAMES": 16})
    slow = server.open("/ws?user=slow", receive_buffer=4096)
    slow.text()
    speaker = server.open("/ws?user=speaker")
    speaker.text()
    for _ in range(500):
        speaker.say("room " + "x" * 15_000)
        speaker.text()
    heard = [slow.text()]
    while "resync" not in heard[-1]:
        heard.append(slow.text())
    assert len(heard) < 500
    speaker.say("room afterwards")
    while heard[-1] != "afterwards":
        heard.append(slow.text())


@pytest.mark.parametrize("name", ["pywsgi", "gunicorn-gthread", "werkzeug"])
def test_revoked_sockets_end_and_the_others_do_not(start: Callable[..., Server], name: str) -> None:
    server = start(name)
    ana, ben = server.open("/ws?user=ana"), server.open("/ws?user=ben")
    ana.text(), ben.text()
    server.get("/obey/revoke/ana")
    assert ana.closed() == 4003
    ben.say("here")
    assert ben.text() == "here"
    server.get("/obey/kick/ben")
    assert '"unauthorized"' in ben.text()
    assert ben.closed() == 4001


def goodbye(peer: Peer) -> None:
    assert '"bye"' in peer.text()
    assert peer.closed() == 1012
    peer.close(1012)
    assert peer.rest() == b""


@pytest.mark.parametrize(
    ("name", "number"),
    [
        *((name, signal.SIGTERM) for name in EVERY if name != "werkzeug"),
        *((name, signal.SIGINT) for name in EVERY if name != "gunicorn-gthread"),
    ],
)
def test_a_process_that_ends_says_goodbye_first(
    start: Callable[..., Server], name: str, number: int
) -> None:
    server = start(name, {"CHAT_DRAIN_SECONDS": 3})
    peers = [server.open(f"/ws?user={n}") for n in range(5)]
    for peer in peers:
        peer.text()
    server.kick(number)
    begun = time.monotonic()
    for peer in peers:
        goodbye(peer)
    assert time.monotonic() - begun < 3
    assert server.ended() < 3
    assert "Traceback" not in server.errors, server.errors


@pytest.mark.parametrize("name", ["gunicorn-gevent", "gunicorn-gthread"])
def test_a_worker_that_has_served_enough_says_goodbye(
    start: Callable[..., Server], name: str
) -> None:
    server = start(name, {"CHAT_DRAIN_SECONDS": 3}, "--max-requests", "6")
    peer = server.open()
    peer.text()
    for _ in until(5):
        server.get("/")
        peer.socket.settimeout(0.2)
        try:
            assert '"bye"' in peer.text()
            break
        except TimeoutError:
            continue
    assert peer.closed() == 1012


@pytest.mark.parametrize("name", ["gunicorn-gevent", "gunicorn-gthread"])
def test_a_worker_whose_master_was_killed_says_goodbye(
    start: Callable[..., Server], name: str
) -> None:
    server = start(name, {"CHAT_DRAIN_SECONDS": 2})
    peer = server.open()
    peer.text()
    server.kick(signal.SIGKILL)
    goodbye(peer)
    server.ended()  # the worker too: it holds the pipe of the errors


@pytest.mark.parametrize("name", ["pywsgi", "gunicorn-gevent", "gunicorn-gthread"])
def test_peers_that_ignore_the_goodbye_do_not_hold_the_process(
    start: Callable[..., Server], name: str
) -> None:
    server = start(name, {"CHAT_DRAIN_SECONDS": 2})
    peers = [server.open() for _ in range(3)]
    for peer in peers:
        peer.text()
    assert server.stop(signal.SIGTERM) < 5


def _errors(server: Server) -> str:
    server.stop()
    return server.errors
