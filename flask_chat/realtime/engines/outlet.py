"""The writing half of a line that was handed over.

Whoever sends writes to the socket at once, as far as the kernel takes it; only what it does not
take waits in an outbox, made for that while. A frame that is half on the wire is always finished
first. One thread only, and nothing waits here, so there is nothing to lock.
"""

from __future__ import annotations

import time
from _socket import socket as Descriptor
from typing import TYPE_CHECKING

from ..connection import outbox_of
from . import line
from .exchange import Exchange, this_thread

if TYPE_CHECKING:
    from ..outbox import Outbox
    from . import Accepted


class Outlet(line.Line):
    """What a connection puts its frames into; see :class:`~flask_chat.realtime.connection.Box`.

    :ivar is_finished: the close frame is in; nothing may follow it.
    """

    __slots__ = (
        "_exchange", "_has_ended", "_holds", "_is_at_work", "_outbox", "_rest", "_socket",
        "is_finished",
    )  # fmt: skip

    def __init__(self, accepted: Accepted, exchange: Exchange, descriptor: Descriptor) -> None:
        super().__init__(accepted)
        self._exchange = exchange
        self._socket = descriptor
        self._outbox: Outbox | None = None  # only while something waits
        self._rest: memoryview | None = None  # of a write that was not taken whole; goes first
        self._holds = 0
        self.is_finished = False
        self._is_at_work = True  # somebody hears this line, or will; nobody else may
        self._has_ended = False  # nothing more will be heard

    def work(self) -> None:
        """A turn, in a greenlet of the crew."""
        raise NotImplementedError

    def _ask_for_work(self) -> None:
        self._is_at_work = True
        self._exchange.crew.put(self)

    def put(self, wire: bytes) -> bool:
        """Write, or let wait what the peer does not take; ``False`` if it overflowed."""
        if this_thread() != self._exchange.thread:
            self._exchange.call(self.put, wire)
        elif self.is_finished:
            pass
        elif self._outbox is not None:
            return self._outbox.put(wire)
        else:
            self._write(wire)
        return True

    def offer(self, wire: bytes, key: str) -> None:
        """As :meth:`put`, for what may be dropped when the peer takes nothing."""
        if this_thread() != self._exchange.thread:
            self._exchange.call(self.offer, wire, key)
        elif self._outbox is not None:
            self._outbox.offer(wire, key)
        elif not self.is_finished:
            self._write(wire)

    def finish(self, *wires: bytes) -> bool:
        """Write the last frames; later ones are ignored. Whether this was the first call."""
        if this_thread() != self._exchange.thread:
            self._exchange.call(self._finish_for_another, *wires)
            return False
        if self.is_finished:
            return False
        self.is_finished = True
        if self._outbox is not None:
            self._outbox.finish(*wires)
        else:
            self._write(b"".join(wires))
        return True

    def _finish_for_another(self, *wires: bytes) -> None:
        if self.finish(*wires):
            self.closing()

    def hold(self) -> None:
        """Let what comes from now on wait for ``let_go``."""
        self._holds += 1
        if self._outbox is None and not self._is_over:
            self._outbox = outbox_of(self._config)

    def let_go(self) -> None:
        """Take back one ``hold``."""
        self._holds -= 1
        self._flush()

    def wake(self) -> None:
        """Nothing to do: what can be written has been, and for the rest the kernel rings."""

    def _write(self, wire: bytes) -> None:
        try:
            sent = self._socket.send(wire)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.cut()
            return
        if sent < len(wire):
            self._outbox = outbox_of(self._config)
            self._stall(memoryview(wire)[sent:])

    def _flush(self) -> None:
        """Go on writing where the peer stopped taking. In the hub as well."""
        outbox = self._outbox
        if outbox is None or self._holds:
            return
        while (rest := self._rest or outbox.take()) is not None:
            try:
                sent = self._socket.send(rest)
            except BlockingIOError:
                sent = 0
            except OSError:
                self.cut()
                return
            if sent < len(rest):
                self._stall(memoryview(rest)[sent:], is_new=sent > 0)
                return
            self._rest = None
        self._outbox = self._stuck_since = None
        if self._has_ended and not self._is_at_work:
            self._ask_for_work()

    def _stall(self, rest: memoryview, is_new: bool = True) -> None:
        self._rest = rest
        is_watched = self._stuck_since is not None
        if is_new or not is_watched:
            self._stuck_since = time.monotonic()
        if not is_watched:
            self._sweeper.watch(self, time.monotonic() + self._config.send_seconds)
