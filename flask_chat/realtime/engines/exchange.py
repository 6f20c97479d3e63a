"""All lines that were handed over: one epoll set, behind one watcher of gevent's hub.

Edges are asked for once, when a line is connected: what it is interested in never changes, so
no message costs a call of ``epoll_ctl``. The price is that a line has to remember that there is
more to read when it stops reading before the kernel says "nothing more".

Law: what runs here runs in the hub itself. It never waits, never raises, never writes a log on
its ordinary way.
"""

from __future__ import annotations

import logging
import os
import select
import threading
from collections.abc import Callable
from typing import Any, Protocol

import gevent
from gevent import monkey

from .crew import Crew

SLICE = 128  # lines rung before the hub looks after others

log = logging.getLogger("flask_chat.realtime")

# gevent takes `epoll` away from those who would wait in it; we never do. And which *thread* runs
# is meant here, not which greenlet.
_epoll: Any = monkey.get_original("select", "epoll")
this_thread: Callable[[], int] = monkey.get_original("_thread", "get_ident")

_READ, _HANG_UP = select.EPOLLIN, select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR
_EDGES = _READ | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET
WRITABLE, READABLE, HUNG_UP = select.EPOLLOUT, _READ | _HANG_UP, _HANG_UP


class Bell(Protocol):
    """Who is told what happened at a descriptor."""

    def ring(self, events: int) -> None:
        """Something may be read or written now. In the hub: must not wait."""

    def cut(self) -> None:
        """End it at once."""


class Exchange:
    """The lines of this process.

    :ivar thread: the one thread in which lines are touched; others use :meth:`call`.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.thread = this_thread()
        self._hub = gevent.get_hub()
        self.crew = Crew(self._hub)
        self._epoll = _epoll()
        self._watcher = self._hub.loop.io(self._epoll.fileno(), 1)
        self._lines: dict[int, Bell] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def connect(self, descriptor: int, line: Bell) -> None:
        """Ring this line from now on, and at once if there is something already."""
        if not self._lines:
            self._watcher.start(self._ring)
        self._lines[descriptor] = line
        self._epoll.register(descriptor, _EDGES)

    def disconnect(self, descriptor: int) -> None:
        """Ring it no more; before the descriptor is closed, and its number given to another."""
        if self._lines.pop(descriptor, None) is None:
            return
        self._epoll.unregister(descriptor)
        if not self._lines:
            self._watcher.stop()

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        """Have this done soon, in the thread of the lines; several calls in their order."""
        # In a greenlet, because it may have to wait for a lock, which the hub cannot.
        self._hub.loop.run_callback_threadsafe(gevent.spawn, function, *arguments)

    def _ring(self) -> None:
        if os.getpid() != self.pid:
            # A forked child shares the set, and would take away what its parent waits for.
            self._watcher.stop()
            return
        for descriptor, events in self._epoll.poll(0, SLICE):
            # An event may be older than the line that has this number now: nothing is lost by
            # looking once too often.
            line = self._lines.get(descriptor)
            if line is not None:
                self._tell(line, events)

    @staticmethod
    def _tell(line: Bell, events: int) -> None:
        try:
            line.ring(events)
        except Exception:  # the edge: an exception in the hub would reach everybody
            log.exception("A socket could not be read")
            line.cut()


_lock = threading.Lock()  # guards _exchange
_exchange: Exchange | None = None


def exchange() -> Exchange:
    """The exchange of this process; a forked child gets one of its own."""
    global _exchange
    with _lock:
        if _exchange is None or _exchange.pid != os.getpid():
            _exchange = Exchange()
        return _exchange
