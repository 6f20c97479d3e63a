"""The engine for gevent on Linux: the descriptor is handed over, and the request ends.

What is left of an idle socket is its descriptor in the :mod:`exchange` and one small object: no
greenlet, no request, no environ, no parser, no outbox. What it says is carried out by the
:mod:`crew`; who has something to tell it writes to the socket at once, as far as the kernel
takes it, and only what it does not take waits in an outbox, made for that while.

Everything here runs in the one thread of gevent's hub, so nothing needs a lock as long as
nothing waits between looking and doing. Calls from other threads are passed on.

The life of a line, in order: ``open`` in the request's greenlet; turns of ``work`` as long as
there is something to hear; then the end: the peer's close, or its hanging up, or a deadline. Our
side is shut down first, and the descriptor closed when the peer has done the same, lest unread
bytes turn our last frame into a reset. ``cut`` does not wait for that.
"""

from __future__ import annotations

import math
import socket
import struct
import time
from _socket import socket as Descriptor
from contextlib import suppress
from typing import TYPE_CHECKING

from ..connection import Connection
from ..incoming import Incoming
from .exchange import HUNG_UP, READABLE, WRITABLE, Exchange, exchange, this_thread
from .outlet import Outlet
from .wires import READ_BYTES, send_without_delay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from . import Accepted

SEND_BUFFER = 64 * 1024  # the kernel doubles it, and would itself go up to megabytes a socket
LINGER_READS = 4  # how much of what comes after the end is read, to see the end of it

_PONG = b"\x8a\x80"  # and four bytes of mask: how a browser answers our empty ping
_RESET = struct.pack("ii", 1, 0)  # on closing, forget what the peer has not taken


class Epoll:
    """The engine that needs nothing of the server once the socket is open."""

    name = "epoll"

    def serve(self, accepted: Accepted) -> None:
        """Take the socket over; returns when its greeting has been said."""
        Line(accepted, exchange()).open(accepted)


def is_at_home() -> bool:
    """Whether this is the thread whose hub rings the lines."""
    return exchange().thread == this_thread()


class Line(Outlet):
    """One socket; its connection's transport, and its outbox as long as nothing has to wait."""

    __slots__ = (
        "_has_hung_up", "_incoming", "_is_gone", "_is_leaving", "_is_pong_due", "_is_readable",
        "_is_told", "_unheard",
    )  # fmt: skip

    def __init__(self, accepted: Accepted, exchange: Exchange) -> None:
        super().__init__(accepted, exchange, _taken_over(accepted))
        self._incoming: Incoming | None = None  # only in the middle of something
        self._unheard: bytes | None = None  # read, but not told yet; empty: the peer hung up
        self._is_readable = False  # the kernel may have more
        self._has_hung_up = False  # and behind it is the end
        self._is_pong_due = False
        self._is_gone = False  # the peer has hung up
        self._is_leaving = False  # we have; only the peer's hanging up is awaited
        self._is_told = False  # `closed` was called
        self.connection = Connection(
            self, self, identity=accepted.identity, address=accepted.address
        )

    # The beginning, in the request's greenlet.

    def open(self, accepted: Accepted) -> None:
        """Greet, and let the 101 go with it; only then the line is rung."""
        self.hold()
        self.put(accepted.head)
        self._sweeper.watch(self, self._beat_at)
        try:
            self._guard(self._receiver.opened, self.connection)
        except BaseException:
            self._say_goodbye()
            raise
        finally:
            self._unheard = accepted.buffered or None
            self.let_go()
            if not self._is_over:
                self._exchange.connect(self._socket.fileno(), self)
            self._go_on()

    # Hearing: the hub notices, the crew works.

    def ring(self, events: int) -> None:
        """The kernel has something. In the hub."""
        if events & HUNG_UP:
            self._has_hung_up = True
        if events & WRITABLE and self._outbox is not None:
            self._flush()
        if events & READABLE:
            self._is_readable = True
        if not self._is_at_work:
            self._look_in()

    def _look_in(self) -> None:
        while self._is_readable and not self._is_over:
            if self._is_leaving:
                self._linger()
                return
            received = self._receive()
            if received is None:
                return
            if not self._is_expected_pong(received):
                self._unheard = received
                self._ask_for_work()
                return

    def _is_expected_pong(self, received: bytes) -> bool:
        # So many come, and there is so little to do, that no greenlet is asked for them. Only one
        # for each ping: more would be a flood, and floods are counted.
        if not self._is_pong_due or len(received) != 6 or received[:2] != _PONG:
            return False
        if self._incoming is not None:
            return False  # the middle of something that only looks like it
        self._is_pong_due = False
        return True

    def work(self) -> None:
        """A turn: tell the receiver what was read. In a greenlet of the crew."""
        received, self._unheard = self._unheard, None
        try:
            if received and not self._has_ended:
                self._listen(received)
        except BaseException:
            self._say_goodbye()
            self._has_ended = True
            raise
        finally:
            self._go_on()

    def _listen(self, received: bytes) -> None:
        incoming = self._incoming or Incoming(self._config.frame_ceiling)
        self._hear(incoming, received)
        self._has_ended = self._has_ended or incoming.is_ended
        self._incoming = None if incoming.is_at_rest else incoming

    def _counted(self, texts: Iterable[str | None]) -> Iterator[str]:
        for text in super()._counted(texts):
            yield text
            self._exchange.crew.breathe()

    def _go_on(self) -> None:
        """After a turn: another one, or the end, or rest."""
        if not self._is_done() and self._unheard is None and self._is_readable:
            self._unheard = self._receive()
        if self._is_done():
            self._end()
        elif self._unheard:
            self._exchange.crew.put(self)
            return
        self._is_at_work = False
        if self._is_leaving and self._is_readable:
            self._look_in()

    def _receive(self) -> bytes | None:
        try:
            received = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            self._is_readable = False
            return None
        except OSError:
            received = b""
        self._heard_at = time.monotonic()
        if not received:
            self._has_ended = self._is_gone = True
        if len(received) < READ_BYTES:
            # Less than asked for was all there is: the next edge tells of more.
            self._is_readable = self._has_hung_up and not self._is_gone
        return received

    # The end.

    def _is_done(self) -> bool:
        """Whether there is nothing more to hear, and nothing that must still be said."""
        return self._is_over or (self._has_ended and (self._outbox is None or not self.is_finished))

    def _end(self) -> None:
        if self._is_gone:
            self._bury()
        elif not self._is_over:
            self._leave()
        if not self._is_told:
            self._is_told = True
            self._guard(self._receiver.closed, self.connection)

    def _leave(self) -> None:
        self.is_finished = self._is_leaving = True
        self._outbox = self._rest = self._stuck_since = None
        if self._close_by is None:
            self.closing()
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self._bury()

    def _linger(self) -> None:
        for _ in range(LINGER_READS):
            received = self._receive()
            if received is None:
                return
            if not received:
                break
        self._bury()

    def cut(self) -> None:
        """End the socket at once; the crew tells the receiver."""
        if this_thread() != self._exchange.thread:
            self._exchange.call(self.cut)
            return
        self._bury()
        if not self._is_told and not self._is_at_work:
            self._ask_for_work()

    def _bury(self) -> None:
        if self._is_over:
            return
        # Dead first; then the number may belong to somebody else. A socket object that is closed
        # knows it and writes nowhere, as a bare number would.
        self._is_over = self.is_finished = self._has_ended = True
        self._exchange.disconnect(self._socket.fileno())
        if self._outbox is not None:
            with suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._outbox = self._rest = self._incoming = self._unheard = None
        self._socket.close()

    # Deadlines.

    def _beat(self, now: float) -> None:
        super()._beat(now)
        self._is_pong_due = True

    def _silent_until(self) -> float:
        return math.inf if self._is_at_work else super()._silent_until()


def _taken_over(accepted: Accepted) -> Descriptor:
    """The accepted socket without its server, and without gevent."""
    assert accepted.leave is not None  # noqa: S101  # chosen for that
    accepted.leave()
    given = accepted.socket
    family, kind, number = given.family, given.type, given.proto
    taken = Descriptor(family, kind, number, given.detach())
    taken.setblocking(False)
    with suppress(OSError):
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    send_without_delay(taken)
    return taken


ENGINE = Epoll()
