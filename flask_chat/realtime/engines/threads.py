"""The portable engine: the thread, or greenlet, of the request reads its socket to the end.

Writing needs no thread while the peer keeps up: whoever sends writes at once what the kernel
takes. Only for what it does not take a writer is started, and ends when all is gone. All timing
is the sweeper's. So an idle socket costs what its server pays for an open request, and no more.
"""

from __future__ import annotations

import _thread
import logging
import threading
import time
from typing import TYPE_CHECKING

from ..connection import Connection, outbox_of
from ..incoming import Incoming
from . import line
from .wires import send_without_delay, wire

if TYPE_CHECKING:
    from . import Accepted

log = logging.getLogger("flask_chat.realtime")


class Threads:
    """The engine that holds the server's thread, or greenlet, as long as the socket is open."""

    name = "threads"

    def serve(self, accepted: Accepted) -> None:
        """Run this socket's life; returns when it is over."""
        Line(accepted).run()


class Line(line.Line):
    """One socket and its connection; the :class:`~flask_chat.realtime.connection.Transport`."""

    __slots__ = ("_accepted", "_lock", "_outbox", "_wire")

    def __init__(self, accepted: Accepted) -> None:
        super().__init__(accepted)
        self._accepted = accepted
        send_without_delay(accepted.socket)
        self._wire = wire(accepted.socket)
        self._outbox = outbox_of(accepted.config)
        self._lock = threading.Lock()  # guards _is_over: no cut once the server has the socket back
        self.connection = Connection(
            self, self._outbox, identity=accepted.identity, address=accepted.address
        )

    # The life of the reader, in the server's own thread.

    def run(self) -> None:
        """Everything from the 101 to the shutdown."""
        self._outbox.put(self._accepted.head)
        self._sweeper.watch(self, self._beat_at)
        try:
            with self.connection.held():
                self._guard(self._receiver.opened, self.connection)
            self._read()
            self._flush()
        except BaseException:
            self._say_goodbye()
            raise
        finally:
            self._end()

    def _read(self) -> None:
        incoming = Incoming(self._config.frame_ceiling)
        received = self._accepted.buffered
        while not incoming.is_ended:
            if received:
                self._heard_at = time.monotonic()
                self._hear(incoming, received)
            if not incoming.is_ended:
                received = self._wire.receive()
                if not received:
                    return

    def _flush(self) -> None:
        # The sweeper bounds this: it cuts the wire, and the writer notices.
        if self._outbox.is_finished and (chunk := self._outbox.claim()) is not None:
            self._write(memoryview(chunk))
        self._outbox.wait_until_released()

    def _end(self) -> None:
        self.cut()
        self._outbox.retire()
        with self._lock:
            self._is_over = True
        self._guard(self._receiver.closed, self.connection)

    # Writing, from whichever thread has something to say.

    def wake(self) -> None:
        """Write what the kernel takes at once; start a writer for the rest."""
        chunk = self._outbox.claim()
        try:
            while chunk is not None:
                sent = self._wire.send_now(chunk)
                if sent < len(chunk):
                    self._start_writer(memoryview(chunk)[sent:])
                    return
                chunk = self._outbox.take()
        except (OSError, RuntimeError):  # RuntimeError: no more threads to be had
            self._break()

    def _start_writer(self, rest: memoryview) -> None:
        self._stuck_since = time.monotonic()
        self._sweeper.watch(self, self._stuck_since + self._config.send_seconds)
        # threading.Thread.start() waits for the new thread; a sender must not.
        _thread.start_new_thread(self._write, (rest,))

    def _write(self, rest: memoryview) -> None:
        try:
            self._push(rest)
            while (chunk := self._outbox.take()) is not None:
                self._push(memoryview(chunk))
        except OSError:
            self._break()

    def _push(self, rest: memoryview) -> None:
        while rest:
            self._stuck_since = time.monotonic()
            rest = rest[self._wire.send(rest) :]
        self._stuck_since = None

    def _break(self) -> None:
        log.debug("Socket %s cannot be written any more", self.connection.id)
        self._outbox.abandon()
        self.cut()

    def cut(self) -> None:
        """End the socket at once; the reader wakes and tidies up."""
        with self._lock:
            if not self._is_over:
                self._wire.cut()


ENGINE = Threads()
