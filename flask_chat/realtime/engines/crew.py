"""A bounded pool of greenlets that carry out what clients say.

An idle socket has no greenlet; one that has said something borrows one for as long as its
command takes. A line stands in the queue at most once, so what one client says is carried out
in order and one at a time, and a client that never stops talking gets its turn like the others.
"""

from __future__ import annotations

import itertools
import logging
from typing import Any, Protocol

import gevent
from gevent.queue import Queue

MOST = 256  # commands under way at once; those that wait for a batch or the database among them
SPARE = 16  # idle greenlets that are kept
BREATH = 8  # commands between two breaths, so that many that never wait delay nobody else

log = logging.getLogger("flask_chat.realtime")


class Worker(Protocol):
    """Somebody with work for one turn."""

    def work(self) -> None:
        """Do it; may wait."""


class Crew:
    """Greenlets of one gevent hub. Everything here is called in the hub's own thread."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub
        self._queue: Any = Queue()  # before gevent 25, its SimpleQueue is that of the threads
        self._hired = 0
        self._idle = 0  # those who wait at the queue
        self._commands = itertools.count(1)

    def put(self, worker: Worker) -> None:
        """Let this one have a turn. Never waits, so the hub may call it too."""
        self._queue.put(worker)
        self._hire()

    def breathe(self) -> None:
        """Called after each command: now and then the others come first."""
        if next(self._commands) % BREATH == 0:
            gevent.sleep(0)

    def _hire(self) -> None:
        if self._queue.qsize() > self._idle and self._hired < MOST:
            self._hired += 1
            # From the hub, and not from here: a greenlet inherits from the one it is started in,
            # and would keep the locals of a request for ever.
            self._hub.loop.run_callback(gevent.spawn, self._run)

    def _run(self) -> None:
        try:
            while not (self._queue.empty() and self._idle >= SPARE):
                self._take().work()
        finally:
            self._hired -= 1
            self._hire()  # for what is left, if this one was ended from outside

    def _take(self) -> Worker:
        self._idle += 1
        try:
            worker: Worker = self._queue.get()
        finally:
            self._idle -= 1
        return worker
