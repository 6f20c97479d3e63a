"""What a client may send, and what becomes of it, under every server."""

import http.client
import os
import socket
import struct

import pytest
import websocket

from .serving import Server, masked, until


def test_what_is_said_comes_back(server: Server) -> None:
    peer = server.open()
    assert peer.text() == '{"type":"hello"}'
    peer.say("grüße")
    assert peer.text() == "grüße"


def test_the_upgrade_declines_compression(server: Server) -> None:
    head = server.open().head
    assert head.startswith("HTTP/1.1 101 ")
    assert "sec-websocket-extensions" not in head.lower()


def test_a_frame_in_the_same_packet_as_the_handshake_is_not_lost(server: Server) -> None:
    peer = server.open(behind=masked(0x81, b"early") + masked(0x81, b"bird"))
    assert [peer.text() for _ in range(3)] == ['{"type":"hello"}', "early", "bird"]


def test_half_a_frame_behind_the_handshake_is_completed_later(server: Server) -> None:
    frame = masked(0x81, b"in two pieces")
    peer = server.open(behind=frame[:5])
    peer.socket.sendall(frame[5:])
    assert [peer.text(), peer.text()] == ['{"type":"hello"}', "in two pieces"]


def test_fragments_of_one_byte_are_put_together_around_a_ping(server: Server) -> None:
    peer = server.open()
    peer.text()
    letters = "zürich".encode()
    pieces = [masked(0x01, letters[:1])]
    pieces += [masked(0x00, letters[i : i + 1]) for i in range(1, len(letters) - 1)]
    pieces += [masked(0x89, b"are you there"), masked(0x80, letters[-1:])]
    for byte in b"".join(pieces):
        peer.socket.sendall(bytes((byte,)))
    assert peer.frame() == (0x8A, b"are you there")
    assert peer.text() == "zürich"


@pytest.mark.parametrize(
    ("name", "sent", "code"),
    [
        ("not UTF-8", masked(0x81, b"\xff\xfe"), 1007),
        ("binary", masked(0x82, b"bytes"), 1003),
        ("not masked", b"\x81\x02hi", 1002),
        ("reserved bit", masked(0xC1, b"hi"), 1002),
        ("continuation of nothing", masked(0x80, b"hi"), 1002),
        ("too big", masked(0x81, b"x" * 65537), 1009),
        ("declared 1 GB", struct.pack("!BBQ", 0x81, 0xFF, 1 << 30) + b"mask" + b"x" * 1000, 1009),
        ("too big in fragments", masked(0x01, b"x" * 40000) + masked(0x80, b"x" * 40000), 1009),
    ],
)
def test_what_breaks_the_rules_is_closed_with_its_code(
    server: Server, name: str, sent: bytes, code: int
) -> None:
    peer = server.open()
    peer.text()
    peer.socket.sendall(sent)
    assert peer.closed() == code
    peer.socket.shutdown(socket.SHUT_WR)
    assert peer.rest() == b""


def test_a_declared_gigabyte_makes_no_room_for_it(server: Server) -> None:
    peer = server.open()
    peer.text()
    before = server.state()["rss"]
    peer.socket.sendall(struct.pack("!BBQ", 0x81, 0xFF, 1 << 30) + b"mask")
    assert peer.closed() == 1009
    assert server.state()["rss"] - before < 5 * 1024


def test_a_flood_ends_with_4129_and_does_not_fill_the_memory(server: Server) -> None:
    peer = server.open("/ws?limit=1")
    peer.text()
    before = server.state()["rss"]
    peer.socket.sendall(masked(0x81, b"x" * 10) * 3000)
    for _ in range(1000):
        assert peer.text() == "x" * 10
    problem = peer.text()
    assert '"rate_limited"' in problem
    assert '"retry_after":3' in problem
    assert peer.closed() == 4129
    assert server.state()["rss"] - before < 5 * 1024


def test_three_thousand_frames_at_once_are_all_answered_in_order(server: Server) -> None:
    peer = server.open()
    peer.text()
    peer.socket.sendall(b"".join(masked(0x81, b"%d" % number) for number in range(3000)))
    assert [int(peer.text()) for _ in range(3000)] == list(range(3000))


def test_while_the_receiver_works_nothing_piles_up(server: Server) -> None:
    peer = server.open()
    peer.text()
    before = server.state()["rss"]
    peer.say("work 1")
    peer.socket.settimeout(0.5)
    much = masked(0x81, b"x" * 60_000) * 400
    with pytest.raises(TimeoutError):
        peer.socket.sendall(much)
    assert server.state()["rss"] - before < 5 * 1024


def test_an_answer_of_eight_megabytes_reaches_a_slow_reader_whole(server: Server) -> None:
    peer = server.open(receive_buffer=4096)
    peer.text()
    peer.say(f"big {8 << 20}")
    first, payload = peer.frame()
    assert first == 0x81
    assert len(payload) == (8 << 20) + 2
    assert payload.strip(b'"') == b"x" * (8 << 20)
    peer.say("after")
    assert peer.text() == "after"


def test_plain_requests_are_refused_before_anything_is_upgraded(server: Server) -> None:
    def ask(**headers: str) -> http.client.HTTPResponse:
        asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        asked.request("GET", "/ws", headers=headers)
        answer = asked.getresponse()
        asked.close()
        return answer

    upgrade = {"Connection": "keep-alive, Upgrade", "Upgrade": "websocket"}
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    assert ask().status == 426
    old = ask(**upgrade, **{"Sec-WebSocket-Version": "8", "Sec-WebSocket-Key": key})
    assert (old.status, old.headers["Sec-WebSocket-Version"]) == (426, "13")
    assert ask(**upgrade, **{"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x"}).status == 400
    body = {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key, "Content-Length": "0"}
    assert ask(**upgrade, **body).status == 101


def test_an_independent_client_gets_on_with_it(server: Server) -> None:
    client = websocket.create_connection(f"ws://127.0.0.1:{server.port}/ws", timeout=10)
    assert client.recv() == '{"type":"hello"}'
    text = os.urandom(20_000).hex()
    client.send(text)
    assert client.recv() == text
    client.close()
    for _ in until(3):
        if server.state()["open"] == 0:
            return
