"""One thread per process that keeps everybody's time: heartbeats, silence, stuck writes, closes.

A timer per socket would cost a thread or a greenlet per socket. Here a line says when it wants
to be looked at, and is: a heap of moments, and one thread that sleeps until the first of them.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import threading
import time
import weakref
from typing import Protocol

TICK_SECONDS = 0.05  # looks may be this late, so that one waking serves all that came due
SLICE = 64  # looks between two breaths, so that thousands due at once delay nobody

log = logging.getLogger("flask_chat.realtime")


class Watched(Protocol):
    """Something with deadlines."""

    next_look: float

    def look(self, now: float) -> float | None:
        """Do what is due; say when to come again (monotonic), ``None`` for never. Never waits."""


class Sweeper:
    """Looks at each line when it has asked for it."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._changed = threading.Condition()  # guards all below; never held while looking
        self._heap: list[tuple[float, int, weakref.ref[Watched]]] = []
        self._numbers = itertools.count()
        threading.Thread(target=self._run, name="flask_chat sweeper", daemon=True).start()

    def watch(self, line: Watched, moment: float) -> None:
        """Look at ``line`` at ``moment`` (monotonic), unless an earlier look is already due."""
        with self._changed:
            if moment >= line.next_look:
                return
            line.next_look = moment
            # By weak reference: a line that is gone leaves only this entry until it is due.
            heapq.heappush(self._heap, (moment, next(self._numbers), weakref.ref(line)))
            if self._heap[0][0] == moment:
                self._changed.notify()

    def _run(self) -> None:
        for turn in itertools.count(1):
            line = self._wait()
            if line is not None:
                self._look(line)
            del line
            if turn % SLICE == 0:
                time.sleep(0)

    def _wait(self) -> Watched | None:
        with self._changed:
            if not self._heap:
                self._changed.wait()
                return None
            delay = self._heap[0][0] - time.monotonic()
            if delay > 0:
                self._changed.wait(max(delay, TICK_SECONDS))
                return None
            moment, _, reference = heapq.heappop(self._heap)
            line = reference()
            if line is None or line.next_look != moment:
                return None
            line.next_look = float("inf")
            return line

    def _look(self, line: Watched) -> None:
        try:
            again = line.look(time.monotonic())
        except Exception:  # one line's failure must not stop everybody's clock
            log.exception("A socket's deadlines could not be kept")
            return
        if again is not None:
            self.watch(line, again)


_lock = threading.Lock()  # guards _sweeper
_sweeper: Sweeper | None = None


def sweeper() -> Sweeper:
    """The sweeper of this process; a forked child gets one of its own."""
    global _sweeper
    with _lock:
        if _sweeper is None or _sweeper.pid != os.getpid():
            _sweeper = Sweeper()
        return _sweeper
