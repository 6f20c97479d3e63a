"""So many at once; the others wait in line.

When a process was restarted, everybody comes back in the same second. Whoever was turned away
would only come again, and each time cost a request; in line they are served as fast as it goes,
first come first served.
"""

from __future__ import annotations

from collections import deque
from threading import Event, Lock


class Turns:
    """A line before so many places.

    :param places: how many have a turn at once.
    :param patience_seconds: how long one waits in line at most.
    """

    def __init__(self, places: int, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._lock = Lock()  # guards all below; never held while waiting
        self._free = places
        self._line: deque[Event] = deque()

    def take(self) -> bool:
        """Wait for a turn; ``False`` if there was none in time. Whoever got one ends it."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            call = Event()
            self._line.append(call)
        try:
            if call.wait(self._patience_seconds) or not self._leave(call):
                return True
        except BaseException:  # the server ends this request: its turn is somebody else's
            if not self._leave(call):
                self.end()
            raise
        return False

    def end(self) -> None:
        """Give a turn back; the next in line has it at once, before any newcomer."""
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1

    def _leave(self, call: Event) -> bool:
        """Step out of the line; ``False`` if the turn has come in this moment."""
        with self._lock:
            if call.is_set():
                return False
            self._line.remove(call)
            return True
