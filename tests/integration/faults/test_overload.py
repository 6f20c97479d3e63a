"""Clients that do not read, and clients that do not stop: they harm themselves."""

import contextlib
import json
import struct
import time

from tests.support.clients import new_client_id


def test_a_client_that_stops_reading_is_cut_and_delays_nobody(tiny, guests, record_property):
    server = tiny(CHAT_SEND_SECONDS=1, CHAT_OUTBOX_BYTES=128 * 1024, CHAT_HEARTBEAT_SECONDS=60)
    ana, ben, cleo = guests(server, 3)
    talk = ana.group("Slow", ben, cleo)
    stuck = cleo.knock(reading=False, receive_buffer=4096)
    sender, reader = ana.socket(), ben.socket()
    server.becomes(sockets=3)
    before, body, answered = server.state()["resident_kb"], "€" * 4000, []
    for _ in range(420):  # 5 MB
        begun = time.monotonic()
        assert sender.post(talk, body)["type"] == "reply"
        answered.append(time.monotonic() - begun)
    reader.fence()
    assert len(reader.events) == 420
    grown = server.state()["resident_kb"] - before
    slowest = sorted(answered)[-4]
    record_property("p99_ms", round(slowest * 1000, 1))
    record_property("grown_kb", grown)
    print({"p99_ms": round(slowest * 1000, 1), "grown_kb": grown})
    assert slowest < 0.5
    assert grown < 20_000
    server.becomes(sockets=2)
    stuck.hang_up()


def test_a_client_that_reads_again_in_time_is_told_to_load_anew(tiny, guests):
    server = tiny(CHAT_SEND_SECONDS=30, CHAT_OUTBOX_FRAMES=20)
    ana, ben = guests(server, 2)
    talk = ana.group("Slow", ben)
    slow, sender = ben.knock(reading=False, receive_buffer=4096), ana.socket()
    server.becomes(sockets=2)
    for _ in range(420):
        sender.post(talk, "€" * 4000)
    slow.read_on()
    assert slow.expect("resync")["why"] == "overflow"
    slow.fence()
    ana.post(talk, "The last")
    # What follows the resync is whole again.
    assert slow.expect("message.posted", change=422)["data"]["body"] == "The last"


def test_a_flood_of_frames_ends_with_4129_and_says_when_to_come_back(tiny, guests):
    server = tiny(CHAT_RATE_FRAMES="200 per 10 seconds")
    ana, ben = guests(server, 2)
    socket, other = ana.socket(), ben.socket()
    typing = json.dumps({"type": "typing", "data": {"conversation": "1"}})
    with contextlib.suppress(OSError):  # cut while we are still sending
        for _ in range(3000):
            socket.send(typing)
    assert socket.closed() == 4129
    (error,) = [frame for frame in socket.frames if frame["type"] == "error"]
    assert (error["code"], error["retry_after"] >= 1) == ("rate_limited", True)
    other.fence()
    ana.socket().fence()


def test_too_many_messages_are_refused_by_their_ref_and_the_socket_stays(tiny, guests):
    server = tiny(CHAT_RATE_MESSAGES="5 per minute")
    ana, ben = guests(server, 2)
    talk, socket = ana.group("Fast", ben), ana.socket()
    for number in range(5):
        assert socket.post(talk, f"{number}")["type"] == "reply"
    refused = socket.post(talk, "One more")
    assert (refused["code"], refused["retry_after"] >= 1) == ("rate_limited", True)
    socket.fence()
    answer = ana.api("POST", f"/conversations/{talk}/messages", body="x", client_id=new_client_id())
    assert (answer.status, int(answer.headers["Retry-After"]) >= 1) == (429, True)
    assert ben.socket().post(talk, "My own limit")["type"] == "reply"


def test_a_silent_client_is_cut_after_two_heartbeats(tiny, guests):
    server = tiny(CHAT_HEARTBEAT_SECONDS=0.5)
    (ana,) = guests(server, 1)
    ana.knock(reading=False)  # answers no ping
    server.becomes(sockets=1)
    server.becomes(within=3, sockets=0)


def test_a_client_that_answers_pings_stays_without_a_word(tiny, guests):
    server = tiny(CHAT_HEARTBEAT_SECONDS=0.2)
    (ana,) = guests(server, 1)
    socket = ana.socket()
    for _ in range(6):
        socket.expect("heartbeat")
    socket.fence()


def test_a_declared_giant_ends_with_1009_before_it_is_sent(tiny, guests):
    server = tiny()
    (ana,) = guests(server, 1)
    socket = ana.socket()
    before = server.state()["resident_kb"]
    socket.send_bytes(struct.pack("!BBQ", 0x81, 0xFF, 10**9) + b"\0\0\0\0")
    assert socket.closed() == 1009
    assert server.state()["resident_kb"] - before < 5000
