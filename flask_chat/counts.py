"""What this process has counted since it began, for whoever watches it. Ground floor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock

#: Everything that is counted, and what it means.
COUNTED: dict[str, str] = {
    "events": "Events published, of whatever kind",
    "bus_failures": "Times the bus took nothing",
    "ticks": "Conversations whose clients had to be poked, because nobody had told them",
    "sockets_opened": "Sockets that were let in",
    "sockets_closed": "Sockets that ended, for whatever reason",
    "commands": "Frames from clients that were carried out",
    "command_errors": "Frames from clients that were refused",
    "revocations": "Orders to end somebody's sockets",
}


class Counts:
    """Numbers that only grow."""

    def __init__(self) -> None:
        self._lock = Lock()  # guards _counts
        self._counts: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))

    def add(self, name: str, amount: int = 1) -> None:
        """Count some more of this.

        :raises KeyError: for a name that is not in ``COUNTED``.
        """
        if name not in COUNTED:
            raise KeyError(name)
        with self._lock:
            self._counts[name] += amount

    def read(self) -> Mapping[str, int]:
        """All counts, as they are now."""
        with self._lock:
            return dict(self._counts)
