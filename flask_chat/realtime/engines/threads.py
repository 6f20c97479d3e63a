"""The portable engine: the thread, or greenlet, of the request reads its socket to the end.

Writing needs no thread while the peer keeps up: whoever sends writes at once what the kernel
takes. Only for what it does not take a writer is started, and ends when all is gone. All timing
is the sweeper's. So an idle socket costs what its server pays for an open request, and no more.
"""

from __future__ import annotations

import _thread
import logging
import random
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ... import protocol
from ...errors import ChatError
from .. import frames
from ..connection import Connection, outbox_of
from ..incoming import Incoming
from .sweeper import sweeper
from .wires import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from . import Accepted

CLOSE_SECONDS = 1.5  # for what waits, the close frame and the peer's answer, together
JITTER = 0.2  # so that the heartbeats of those who came at once do not stay together

log = logging.getLogger("flask_chat.realtime")


class Threads:
    """The engine that holds the server's thread, or greenlet, as long as the socket is open."""

    name = "threads"

    def serve(self, accepted: Accepted) -> None:
        """Run this socket's life; returns when it is over."""
        Line(accepted).run()


def _send_at_once(connection: socket.socket) -> None:
    """Two small frames in a row would otherwise wait 40 ms for the peer's delayed ACK (Nagle)."""
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Line:
    """One socket and its connection; the :class:`~flask_chat.realtime.connection.Transport`."""

    __slots__ = (
        "__weakref__", "_accepted", "_beat_at", "_close_by", "_config", "_heard_at", "_is_busy",
        "_is_over", "_lock", "_outbox", "_stuck_since", "_sweeper", "_wire", "connection",
        "next_look",
    )  # fmt: skip

    def __init__(self, accepted: Accepted) -> None:
        self._accepted = accepted
        self._config = accepted.config
        _send_at_once(accepted.socket)
        self._wire = wire(accepted.socket)
        self._outbox = outbox_of(accepted.config)
        self._lock = threading.Lock()  # guards _is_over: no cut once the server has the socket back
        self._is_over = False
        self._is_busy = False  # the receiver works; the reader does not read, the peer may be alive
        self._heard_at = time.monotonic()
        self._stuck_since: float | None = None  # since when the peer has taken nothing
        self._close_by: float | None = None
        self._beat_at = self._next_beat(self._heard_at)
        self._sweeper = sweeper()
        self.next_look = float("inf")
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
                self._guard(self._accepted.receiver.opened, self.connection)
            self._read()
            self._flush()
        except BaseException:
            # The server ends this greenlet, or the process: no time to wait for an answer.
            bye = protocol.bye(protocol.RETRY_MS)
            self.connection.close(protocol.RESTART, "restart", bye=bye)
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

    def _hear(self, incoming: Incoming, received: bytes) -> None:
        # Also after we have closed: the peer's own close stands behind what we ignore.
        texts = incoming.feed(received)
        if incoming.pong is not None:
            self.connection.offer_wire(incoming.pong, "pong")
        for text in texts:
            if self.connection.is_open:
                self._guard(self._tell, text)
        if incoming.goodbye is not None and self._outbox.finish(incoming.goodbye):
            self.closing()
            self.wake()

    def _tell(self, text: str | None) -> None:
        if self._accepted.limit is not None:
            self._accepted.limit()
        if text is None:
            return
        self._is_busy = True
        try:
            self._accepted.receiver.received(self.connection, text)
        finally:
            self._heard_at = time.monotonic()
            self._is_busy = False

    def _guard(self, call: Callable[..., None], *arguments: Any) -> None:
        try:
            call(*arguments)
        except ChatError as problem:
            self.connection.fail(problem)
        except Exception:  # the edge: a 500 page must not get into the frames
            log.exception("Socket %s failed", self.connection.id)
            self.connection.close(protocol.SERVER_ERROR, "server error")

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
        self._guard(self._accepted.receiver.closed, self.connection)

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

    # What the sweeper and the connection ask for; from any thread.

    def cut(self) -> None:
        """End the socket at once; the reader wakes and tidies up."""
        with self._lock:
            if not self._is_over:
                self._wire.cut()

    def closing(self) -> None:
        """Bound the time for the close: a peer that ignores it is cut."""
        self._close_by = time.monotonic() + CLOSE_SECONDS
        self._sweeper.watch(self, self._close_by)

    def look_by(self, moment: float) -> None:
        """Come back at this moment, or earlier."""
        self._sweeper.watch(self, moment)

    def look(self, now: float) -> float | None:
        """Do what is due; say when something is due next."""
        if self._is_over:
            return None
        if self._is_lost(now):
            self.cut()
            return None
        expiry = self.connection.expire_now(now)
        if now >= self._beat_at:
            self._beat_at = self._next_beat(now)
            self.connection.offer_wire(frames.HEARTBEAT, "heartbeat")
        due = (self._beat_at, expiry, self._close_by, self._stuck_until(), self._silent_until())
        return min(moment for moment in due if moment is not None)

    def _is_lost(self, now: float) -> bool:
        for moment, why in (
            (self._close_by, "did not close in time"),
            (self._stuck_until(), "takes no more bytes"),
            (self._silent_until(), "has fallen silent"),
        ):
            if moment is not None and now >= moment:
                log.info("Socket %s %s: cut", self.connection.id, why)
                return True
        return False

    def _stuck_until(self) -> float | None:
        since = self._stuck_since
        return None if since is None else since + float(self._config.send_seconds)

    def _silent_until(self) -> float | None:
        # Two intervals without a pong or anything else, as the protocol promises.
        if self._is_busy:
            return None
        return self._heard_at + 2 * float(self._config.heartbeat_seconds)

    def _next_beat(self, now: float) -> float:
        spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # not a secret
        return now + spread * float(self._config.heartbeat_seconds)


ENGINE = Threads()
