"""One thread per process that keeps everybody's time: heartbeats, silence, stuck writes, closes.

A timer per socket would cost a thread or a greenlet per socket. Here a line says when it wants
to be looked at, and is: one thread sleeps until the first of these moments.
"""

from __future__ import annotations

import heapq
import logging
import math
import os
import threading
import time
import weakref
from typing import Protocol

TICK_SECONDS = 0.05  # looks may be this late, so that one waking serves all that are due in it
SLICE = 64  # looks between two breaths, so that thousands due at once delay nobody

log = logging.getLogger("flask_chat.realtime")


class Watched(Protocol):
    """Something with deadlines.

    :ivar next_look: the tick in which the sweeper comes; infinity for never. The sweeper's own.
    """

    next_look: float

    def look(self, now: float) -> float | None:
        """Do what is due; say when to come again (monotonic), ``None`` for never. Never waits."""


class Sweeper:
    """Looks at each line when it has asked for it.

    Moments are rounded up to ticks, and all who are due in one tick are kept in one list: a beat
    is an append, however many thousands there are.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._lock = threading.Lock()  # guards all below; never held while looking
        self._changed = threading.Condition(self._lock)
        # By weak reference: a line that is gone leaves only this until its tick has come.
        self._lines: dict[int, list[weakref.ref[Watched]]] = {}
        self._ticks: list[int] = []  # a heap of those that have lines
        threading.Thread(target=self._run, name="flask_chat sweeper", daemon=True).start()

    def watch(self, line: Watched, moment: float) -> None:
        """Look at ``line`` at ``moment`` (monotonic), unless an earlier look is already due."""
        tick = math.ceil(moment / TICK_SECONDS)
        with self._lock:
            if tick >= line.next_look:
                return
            line.next_look = tick
            lines = self._lines.get(tick)
            if lines is not None:
                lines.append(weakref.ref(line))
                return
            self._lines[tick] = [weakref.ref(line)]
            heapq.heappush(self._ticks, tick)
            if self._ticks[0] == tick:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            tick, lines = self._wait()
            for number, reference in enumerate(lines, 1):
                self._look(reference(), tick)
                if number % SLICE == 0:
                    time.sleep(0)
            del lines

    def _wait(self) -> tuple[int, list[weakref.ref[Watched]]]:
        with self._lock:
            while True:
                if not self._ticks:
                    self._changed.wait()
                elif (delay := self._ticks[0] * TICK_SECONDS - time.monotonic()) > 0:
                    self._changed.wait(delay)
                else:
                    tick = heapq.heappop(self._ticks)
                    return tick, self._lines.pop(tick)

    def _look(self, line: Watched | None, tick: int) -> None:
        if line is None or line.next_look != tick:
            return
        line.next_look = math.inf
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
