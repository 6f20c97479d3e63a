"""A server that ends, gently or not: everybody is told, and nothing acknowledged is lost."""

import itertools
import signal
import threading
import time

import pytest

from tests.support.clients import Browser, new_client_id
from tests.support.servers import EXAMPLE


@pytest.mark.parametrize("kind", ["pywsgi", "gunicorn", "demo"])
def test_a_server_told_to_end_says_goodbye_to_all_sockets_first(servers, seeded_file, kind):
    server = servers.start(servers.copy_of(seeded_file), app=EXAMPLE, kind=kind)
    teacher = Browser(server).sign_in("teacher")
    sockets = [teacher.socket() for _ in range(15)]
    code, seconds = server.end(signal.SIGTERM)
    assert [socket.closed() for socket in sockets] == [1012] * 15
    for socket in sockets:
        low, high = socket.expect("bye")["retry_ms"]
        assert 0 <= low < high
    assert seconds < 6
    # gevent's bare server leaves the signal to Python, which dies of it.
    assert code == (-signal.SIGTERM if kind == "pywsgi" else 0)


def test_ctrl_c_ends_the_demo_with_a_goodbye(servers, seeded_file):
    server = servers.start(servers.copy_of(seeded_file), app=EXAMPLE, kind="demo")
    socket = Browser(server).sign_in("teacher").socket()
    code, seconds = server.end(signal.SIGINT)
    assert (socket.closed(), code) == (1012, 0)
    assert seconds < 6


def test_the_demo_without_sockets_ends_at_once(servers, seeded_file):
    server = servers.start(servers.copy_of(seeded_file), app=EXAMPLE, kind="demo")
    code, seconds = server.end(signal.SIGTERM)
    assert code == 0
    assert seconds < 1.5


def test_two_hundred_sockets_are_told_within_five_seconds(tiny, guests):
    server = tiny(CHAT_DRAIN_SECONDS=5, CHAT_SOCKETS_PER_USER=100)
    sockets = [guest.socket() for guest in guests(server, 4) for _ in range(50)]
    _, seconds = server.end(signal.SIGTERM)
    assert [socket.closed() for socket in sockets] == [1012] * 200
    assert seconds < 5.5


def test_while_it_says_goodbye_nobody_new_is_let_in(tiny, guests):
    server = tiny(CHAT_DRAIN_SECONDS=2, CHAT_SOCKETS_PER_USER=100)
    guest = guests(server, 1)[0]
    # One that does not read, and so does not close in turn, keeps the goodbye going.
    guest.knock(reading=False)
    socket = guest.socket()
    server.process.send_signal(signal.SIGTERM)
    socket.expect("bye")
    answer = guest.request(
        "GET", "/chat/ws", Origin=server.origin, Upgrade="websocket", Connection="Upgrade",
        Sec_WebSocket_Version="13", Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==",
    )  # fmt: skip
    assert answer.status == 503


def pump(socket, talk, posted):
    """Send without waiting for answers, until the socket ends."""
    for number in itertools.count():
        body, mark = f"{number}", new_client_id()
        posted[mark] = body
        try:
            socket.send(
                {
                    "type": "message.post", "ref": mark,
                    "data": {"conversation": talk, "body": body, "client_id": mark},
                }
            )  # fmt: skip
        except OSError:
            return


def test_after_kill_9_every_acknowledged_message_is_there_once_and_in_order(
    servers, tiny_file, tiny, guests
):
    file = servers.copy_of(tiny_file)
    server = tiny(database=file)
    ana, ben = guests(server, 2)
    talk = ana.group("In flight", ben)
    writers = [(ana, ana.socket(), {}), (ben, ben.socket(), {})]
    pumps = [
        threading.Thread(target=pump, args=(socket, talk, posted)) for _, socket, posted in writers
    ]
    for pumping in pumps:
        pumping.start()
    for _, socket, _ in writers:
        socket.expect("reply")
    server.kill()
    for _, socket, _ in writers:
        socket.closed()
    for pumping in pumps:
        pumping.join()
    sent = sum(len(posted) for _, _, posted in writers)

    again = tiny(database=file)
    stored = ana.at(again).history(talk)
    assert [message["seq"] for message in stored] == list(range(1, len(stored) + 1))
    assert [m["change"] for m in stored] == list(range(2, len(stored) + 2))
    by_mark = {message["client_id"]: message for message in stored}
    assert len(by_mark) == len(stored)
    for _, socket, _ in writers:
        replies = [frame for frame in socket.frames if frame["type"] == "reply"]
        assert replies
        for reply in replies:
            assert by_mark[reply["ref"]] == reply["data"]["message"]
    assert len(stored) < sent, "all was stored before the end: nothing was in flight"

    # Everything is sent again, as clients do: what was there is found, what was not is added.
    for browser, _, posted in writers:
        socket = browser.at(again).socket()
        for mark, body in posted.items():
            assert socket.post(talk, body, mark)["data"]["message"]["body"] == body
    everything = ana.at(again).history(talk)
    assert everything[: len(stored)] == stored
    assert sorted(message["client_id"] for message in everything) == sorted(
        mark for _, _, posted in writers for mark in posted
    )
    assert [m["seq"] for m in everything] == list(range(1, len(everything) + 1))


def test_the_sockets_are_served_at_once_by_whoever_comes_after_kill_9(
    servers, tiny_file, tiny, guests
):
    file = servers.copy_of(tiny_file)
    server = tiny(database=file)
    (guest,) = guests(server, 1)
    guest.socket()
    server.kill()
    again = tiny(database=file)
    begun = time.monotonic()
    guest.at(again).socket().fence()
    assert time.monotonic() - begun < 2
    assert server.complaints() == ""
