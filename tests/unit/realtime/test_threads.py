"""The thread engine over a pair of sockets: one life, one end, and frames that stay whole."""

import socket
import threading
from collections.abc import Iterator

import pytest

from flask_chat.errors import Unauthorized
from flask_chat.realtime.connection import Connection
from flask_chat.realtime.engines import Accepted, threads

from .fakes import config, split


class Guest:
    """A receiver that does what it was told to, and remembers."""

    def __init__(self, opened=None, received=None, closed=None) -> None:
        self.calls = {"opened": opened, "received": received, "closed": closed}
        self.heard: list[str] = []
        self.connection: Connection | None = None
        self.is_open = threading.Event()

    def opened(self, connection: Connection) -> None:
        self.connection = connection
        self._note("opened")
        self.is_open.set()

    def received(self, connection: Connection, texts: Iterator[str]) -> None:
        for _ in texts:
            self._note("received")

    def closed(self, connection: Connection) -> None:
        self._note("closed")

    def _note(self, name: str) -> None:
        self.heard.append(name)
        if self.calls[name] is not None:
            raise self.calls[name]


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(10)
        yield ours, theirs


def line(ours: socket.socket, guest: Guest, buffered: bytes = b"", **values) -> threads.Line:
    return threads.Line(
        Accepted(ours, b"HEAD", buffered, guest, config(**values), None, "10.0.0.1", None)
    )


def everything(peer: socket.socket) -> list[tuple[int, bytes]]:
    """The frames behind the head, up to the end of the stream."""
    stream = b""
    while chunk := peer.recv(65536):
        stream += chunk
    assert stream.startswith(b"HEAD")
    return split(stream[4:])


CLOSE = b"\x88\x80\0\0\0\0"
HELLO = b"\x81\x82\0\0\0\0hi"


def test_a_life_has_an_opening_a_middle_and_one_end(pair) -> None:
    ours, theirs = pair
    guest = Guest()
    line(ours, guest, buffered=HELLO + HELLO + CLOSE).run()
    assert guest.heard == ["opened", "received", "received", "closed"]
    assert everything(theirs) == [(0x88, b"")]


@pytest.mark.parametrize("name", ["opened", "received", "closed"])
def test_a_receivers_failure_closes_the_socket_and_goes_no_further(pair, name: str) -> None:
    ours, theirs = pair
    guest = Guest(**{name: ZeroDivisionError()})
    theirs.sendall(CLOSE)
    line(ours, guest, buffered=HELLO).run()
    assert guest.heard[-1] == "closed"
    assert guest.heard.count("closed") == 1
    (code,) = [payload[:2] for first, payload in everything(theirs) if first == 0x88]
    assert code == (b"" if name == "closed" else (1011).to_bytes(2, "big"))


def test_nothing_is_received_after_an_opening_that_failed(pair) -> None:
    ours, theirs = pair
    guest = Guest(opened=Unauthorized())
    line(ours, guest, buffered=HELLO + CLOSE).run()
    assert guest.heard == ["opened", "closed"]
    (first, words), (last, code) = everything(theirs)
    assert (first, last, code[:2]) == (0x81, 0x88, (4001).to_bytes(2, "big"))
    assert b"unauthorized" in words


def test_a_server_that_ends_the_thread_still_has_the_goodbye_said(pair) -> None:
    ours, theirs = pair
    guest = Guest(received=SystemExit())
    with pytest.raises(SystemExit):
        line(ours, guest, buffered=HELLO).run()
    assert guest.heard[-1] == "closed"
    (first, words), (last, code) = everything(theirs)
    assert (first, last, code[:2]) == (0x81, 0x88, (1012).to_bytes(2, "big"))
    assert b'"bye"' in words


def test_what_is_sent_after_the_end_goes_nowhere(pair) -> None:
    ours, theirs = pair
    guest = Guest()
    life = line(ours, guest, buffered=CLOSE)
    life.run()
    assert guest.connection is not None
    guest.connection.send(b"late")
    guest.connection.close(4001)
    life.cut()
    assert life.look(0) is None
    assert everything(theirs) == [(0x88, b"")]
    assert ours.send is not None
    assert ours.fileno() >= 0


def test_frames_of_many_senders_stay_whole_however_slowly_they_are_read(pair) -> None:
    ours, theirs = pair
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    guest = Guest()
    life = line(ours, guest, outbox_frames=100_000, outbox_bytes=1 << 30)
    reader = threading.Thread(target=life.run)
    reader.start()
    assert guest.is_open.wait(10)
    connection = guest.connection
    assert connection is not None

    def speak(name: int) -> None:
        for number in range(200):
            connection.send(b"%d %d " % (name, number) + b"x" * (number * 37 % 9000))

    speakers = [threading.Thread(target=speak, args=(name,)) for name in range(4)]
    for speaker in speakers:
        speaker.start()
    stream = b""
    while stream.count(b" 199 ") < 4:
        stream += theirs.recv(3000)
    connection.close(1000)
    theirs.sendall(CLOSE)
    while chunk := theirs.recv(65536):
        stream += chunk
    for thread in (*speakers, reader):
        thread.join(10)

    found = split(stream[4:])
    assert [first for first, _ in found] == [0x81] * 800 + [0x88]
    heard = [payload.split(b" ") for _, payload in found[:-1]]
    for name in range(4):
        assert [int(words[1]) for words in heard if int(words[0]) == name] == list(range(200))
    assert all(len(words[2]) == int(words[1]) * 37 % 9000 for words in heard)


def test_closing_from_many_threads_while_others_send_ends_in_one_close_frame(pair) -> None:
    ours, theirs = pair
    guest = Guest()
    reader = threading.Thread(target=line(ours, guest).run)
    reader.start()
    assert guest.is_open.wait(10)
    connection = guest.connection
    assert connection is not None

    def speak() -> None:
        for _ in range(50):
            connection.send(b"words")

    several = [threading.Thread(target=speak) for _ in range(4)]
    several += [threading.Thread(target=connection.close, args=(4001,)) for _ in range(4)]
    for thread in several:
        thread.start()
    for thread in several:
        thread.join(10)
    theirs.sendall(CLOSE)
    reader.join(10)
    found = everything(theirs)
    assert [first for first, _ in found].count(0x88) == 1
    assert found[-1][0] == 0x88
