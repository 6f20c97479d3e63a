"""The engine that takes descriptors over: one small object, whole frames, one end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import gevent
import pytest

from flask_chat.errors import RateLimited, Unauthorized
from flask_chat.realtime import frames
from flask_chat.realtime.engines import Accepted, epoll
from flask_chat.realtime.engines.crew import MOST, SPARE, Crew
from flask_chat.realtime.engines.exchange import exchange

from .fakes import config, split
from .test_threads import CLOSE, HELLO, Guest

PONG = b"\x8a\x80\0\0\0\0"


class Far:
    """The peer's end; reading lets the hub run."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self.end.setblocking(False)
        self.stream = b""
        self.is_at_end = False

    def say(self, data: bytes) -> None:
        self.end.sendall(data)

    def read(self, until: Callable[[bytes], bool], most: int = 65536) -> bytes:
        wait(lambda: self._receive(most) or self.is_at_end or until(self.stream))
        return self.stream

    def everything(self) -> list[tuple[int, bytes]]:
        """The frames behind the head, up to the end of the stream."""
        wait(lambda: self._receive(65536) or self.is_at_end)
        assert self.stream.startswith(b"HEAD")
        return split(self.stream[4:])

    def _receive(self, most: int) -> None:
        try:
            received = self.end.recv(most)
        except BlockingIOError:
            return
        self.stream += received
        self.is_at_end = not received


def wait(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        gevent.sleep(0.001)


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[epoll.Line, Far]]]:
    """Hand a socket over: ``serve(guest, buffered)``."""
    ends: list[socket.socket] = []
    lines: list[epoll.Line] = []

    def serve(guest: Guest, buffered: bytes = b"", limit=None, **values):
        ours, theirs = socket.socketpair()
        ends.append(theirs)
        accepted = Accepted(
            ours, b"HEAD", buffered, guest, config(**values), None, "10.0.0.1", limit, lambda: None
        )
        lines.append(epoll.Line(accepted, exchange()))
        lines[-1].open(accepted)
        return lines[-1], Far(theirs)

    yield serve
    for line in lines:
        line.cut()
    for end in ends:
        end.close()
    wait(lambda: not len(exchange()))


def test_a_life_has_an_opening_a_middle_and_one_end(serve) -> None:
    guest = Guest()
    _, far = serve(guest, HELLO + HELLO + CLOSE)
    assert far.everything() == [(0x88, b"")]
    assert guest.heard == ["opened", "received", "received", "closed"]


@pytest.mark.parametrize("name", ["opened", "received", "closed"])
def test_a_receivers_failure_closes_the_socket_and_goes_no_further(serve, name: str) -> None:
    guest = Guest(**{name: ZeroDivisionError()})
    _, far = serve(guest, HELLO)
    far.say(CLOSE)
    (code,) = [payload[:2] for first, payload in far.everything() if first == 0x88]
    assert code == (b"" if name == "closed" else (1011).to_bytes(2, "big"))
    wait(lambda: guest.heard[-1] == "closed")
    assert guest.heard.count("closed") == 1


def test_nothing_is_received_after_an_opening_that_failed(serve) -> None:
    guest = Guest(opened=Unauthorized())
    _, far = serve(guest, HELLO + CLOSE)
    (first, words), (last, code) = far.everything()
    assert (first, last, code[:2]) == (0x81, 0x88, (4001).to_bytes(2, "big"))
    assert b"unauthorized" in words
    assert guest.heard == ["opened", "closed"]


def test_an_opening_that_is_killed_still_has_the_goodbye_said(serve) -> None:
    guest = Guest(opened=gevent.GreenletExit())
    ours, theirs = socket.socketpair()
    with ours, theirs:
        accepted = Accepted(
            ours, b"HEAD", b"", guest, config(), None, "10.0.0.1", None, lambda: None
        )
        line = epoll.Line(accepted, exchange())
        with pytest.raises(gevent.GreenletExit):
            line.open(accepted)
        far = Far(theirs)
        far.say(CLOSE)
        (first, words), (last, code) = far.everything()
    assert (first, last, code[:2]) == (0x81, 0x88, (1012).to_bytes(2, "big"))
    assert b'"bye"' in words
    wait(lambda: guest.heard == ["opened", "closed"])


def test_what_is_sent_after_the_end_goes_nowhere(serve) -> None:
    guest = Guest()
    line, far = serve(guest, CLOSE)
    assert far.everything() == [(0x88, b"")]
    far.end.close()
    wait(lambda: line._is_over)
    guest.connection.send(b"late")
    guest.connection.close(4001)
    line.cut()
    assert line.look(0) is None
    assert guest.heard.count("closed") == 1


def test_an_idle_line_is_one_small_object(serve) -> None:
    line, far = serve(Guest())
    far.say(HELLO)
    far.read(lambda stream: True)
    gevent.sleep(0.01)
    assert not hasattr(line, "__dict__")
    assert (line._outbox, line._incoming, line._unheard) == (None, None, None)
    assert not line._is_at_work


def test_frames_stay_whole_however_slowly_they_are_read(serve) -> None:
    guest = Guest()
    line, far = serve(guest, outbox_frames=100_000, outbox_bytes=1 << 30)
    sizes = [number * 37 % 9000 for number in range(800)]
    for number, size in enumerate(sizes):
        guest.connection.send(b"%d " % number + b"x" * size)
    assert line._outbox is not None
    stream = far.read(lambda stream: line._outbox is None, most=30_000)
    far.read(lambda stream: len(split(stream[4:])) >= 800)
    found = [payload.split(b" ") for _, payload in split(far.stream[4:])]
    assert [int(words[0]) for words in found] == list(range(800))
    assert [len(words[1]) for words in found] == sizes
    assert stream.startswith(b"HEAD")
    assert line._stuck_since is None


def test_an_overflow_is_told_behind_the_frame_that_was_begun(serve) -> None:
    guest = Guest()
    _, far = serve(guest, outbox_frames=3)
    for _ in range(100):
        guest.connection.send(b"x" * 30_000)
    guest.connection.send(b"last")
    far.read(lambda stream: stream.endswith(b"last"))
    heard = [payload for _, payload in split(far.stream[4:])]
    assert frames.text(heard[-2]) == frames.RESYNC
    assert set(heard[:-2]) == {b"x" * 30_000}


def test_a_peer_that_takes_nothing_is_cut_and_its_receiver_told(serve) -> None:
    guest = Guest()
    line, _ = serve(guest, send_seconds=0.2)
    for _ in range(100):
        guest.connection.send(b"x" * 30_000)
    wait(lambda: guest.heard == ["opened", "closed"])
    assert line._is_over


def test_other_threads_may_send_and_close(serve) -> None:
    guest = Guest()
    _, far = serve(guest)
    connection = guest.connection

    def speak() -> None:
        connection.send(b"from elsewhere")
        connection.close(4003, "revoked")
        connection.close(4001)

    thread = threading.Thread(target=speak)
    thread.start()
    far.read(lambda stream: b"revoked" in stream)
    thread.join()
    far.say(CLOSE)
    found = far.everything()
    assert found[0] == (0x81, b"from elsewhere")
    assert [payload[:2] for first, payload in found if first == 0x88] == [(4003).to_bytes(2)]


def test_the_pong_we_asked_for_is_free_and_any_other_is_counted(serve) -> None:
    hits = []
    line, far = serve(Guest(), limit=lambda: hits.append(1))
    line._beat(time.monotonic())
    far.say(PONG)
    far.read(lambda stream: b"heartbeat" in stream)
    wait(lambda: not line._is_pong_due)
    assert hits == []
    far.say(PONG)
    wait(lambda: hits == [1])


def test_a_flood_of_pongs_ends_with_4129(serve) -> None:
    def limit() -> None:
        raise RateLimited(seconds=3)

    _, far = serve(Guest(), limit=limit)
    far.say(PONG * 2)
    far.read(lambda stream: b"rate_limited" in stream)
    far.say(CLOSE)
    assert far.everything()[-1][1][:2] == (4129).to_bytes(2)


def test_one_clients_commands_come_in_order_and_one_at_a_time(serve) -> None:
    class Slow(Guest):
        running = 0
        texts: list[str]

        def received(self, connection, texts) -> None:
            self.running += 1
            assert self.running == 1
            gevent.sleep(0.001)
            self.texts += texts
            self.running -= 1

    guest = Slow()
    guest.texts = []
    _, far = serve(guest)
    for number in range(50):
        far.say(b"\x81\x82\0\0\0\0%02d" % number)
        gevent.sleep(0)
    wait(lambda: len(guest.texts) == 50)
    assert [int(text) for text in guest.texts] == list(range(50))


def test_the_crew_is_bounded_and_shrinks_again() -> None:
    class Task:
        running = most = done = 0

        def work(self) -> None:
            Task.running += 1
            Task.most = max(Task.most, Task.running)
            gevent.sleep(0.02)
            Task.running -= 1
            Task.done += 1

    crew = Crew(gevent.get_hub())
    for _ in range(MOST + 100):
        crew.put(Task())
    wait(lambda: Task.done == MOST + 100)
    assert Task.most == MOST
    wait(lambda: crew._hired <= SPARE)


def test_a_worker_that_fails_takes_no_other_along() -> None:
    done = []

    class Broken:
        def work(self) -> None:
            raise gevent.GreenletExit

    class Task:
        def work(self) -> None:
            done.append(1)

    crew = Crew(gevent.get_hub())
    for _ in range(5):
        crew.put(Broken())
        crew.put(Task())
    wait(lambda: len(done) == 5)
