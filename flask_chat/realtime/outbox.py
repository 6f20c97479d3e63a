"""What waits to be written to one socket: bounded, in order, with one writer at a time.

No I/O here. Senders ``put`` and ``offer`` from anywhere and never wait; whoever gets the
``claim`` is the writer until ``take`` has nothing left for it. A peer that does not read costs
at most the bounds given here, and the rest of the house no time at all.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from .frames import JOINED_BYTES, RESYNC


class Outbox:
    """The frames of one socket, ready for the wire.

    :param frames: how many may wait.
    :param size: how many bytes may wait; one frame alone may be larger.
    """

    __slots__ = (
        "_claimed", "_finished", "_frames", "_holds", "_limit", "_lock", "_next", "_released",
        "_retired", "_size", "_waiting",
    )  # fmt: skip

    def __init__(self, frames: int, size: int) -> None:
        self._frames = frames
        self._limit = size
        self._lock = threading.Lock()  # guards all below; never held while writing
        self._waiting: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._next = 0
        self._holds = 0  # how many have asked that nothing leaves yet
        self._claimed = False  # somebody is writing
        self._finished = False  # the close frame is in; nothing may follow it
        self._retired = False  # the socket is gone; nobody may write any more
        self._released: threading.Event | None = None

    def put(self, wire: bytes) -> bool:
        """Add what must arrive, or else the client must hear that it has missed something.

        :returns: ``False`` if there was no room: all that waited was exchanged for one ``resync``.
        """
        with self._lock:
            if self._finished:
                return True
            if self._has_room(wire):
                self._append(wire)
                return True
            self._waiting.clear()
            self._size = 0
            self._append(RESYNC)
            return False

    def offer(self, wire: bytes, key: str) -> None:
        """Add what may be dropped: when there is no room, or when newer of the same key comes."""
        with self._lock:
            if self._finished:
                return
            older = self._waiting.get(key)
            if older is not None:
                self._waiting[key] = wire
                self._size += len(wire) - len(older)
            elif self._has_room(wire):
                self._waiting[key] = wire
                self._size += len(wire)

    def finish(self, *wires: bytes) -> bool:
        """Add the last frames, whatever the bounds say; later ones are ignored.

        :returns: whether this was the first call; only one close frame ever leaves.
        """
        with self._lock:
            if self._finished:
                return False
            for wire in wires:
                self._append(wire)
            self._finished = True
            return True

    def hold(self) -> None:
        """Keep what comes from now on until ``let_go``; the bounds hold meanwhile."""
        with self._lock:
            self._holds += 1

    def let_go(self) -> None:
        """Take back one ``hold``."""
        with self._lock:
            self._holds -= 1

    def claim(self) -> bytes | None:
        """Become the one writer, and take the first bytes; ``None`` if there is one, or nothing."""
        with self._lock:
            if self._claimed or self._retired or self._holds or not self._waiting:
                return None
            self._claimed = True
            return self._join()

    def take(self) -> bytes | None:
        """The next bytes for the writer; ``None`` ends its claim."""
        with self._lock:
            if self._retired or self._holds or not self._waiting:
                self._release()
                return None
            return self._join()

    def abandon(self) -> None:
        """For the writer: the socket takes nothing any more."""
        with self._lock:
            self._retire()
            self._release()

    def retire(self) -> None:
        """Let nobody write any more, and wait until the one who was writing has noticed.

        After this the socket's descriptor may be closed and its number given to somebody else.
        """
        with self._lock:
            self._retire()
        self.wait_until_released()

    def wait_until_released(self) -> None:
        """Wait for the present writer's end; at once if there is none."""
        with self._lock:
            if not self._claimed:
                return
            if self._released is None:
                self._released = threading.Event()
            released = self._released
        released.wait()

    @property
    def is_finished(self) -> bool:
        """Whether the close frame is in."""
        return self._finished

    def __len__(self) -> int:
        return len(self._waiting)

    def _release(self) -> None:
        self._claimed = False
        if self._released is not None:
            self._released.set()
            self._released = None

    def _retire(self) -> None:
        self._retired = self._finished = True
        self._waiting.clear()
        self._size = 0

    def _has_room(self, wire: bytes) -> bool:
        waiting = len(self._waiting)
        return not waiting or (waiting < self._frames and self._size + len(wire) <= self._limit)

    def _append(self, wire: bytes) -> None:
        self._next += 1
        self._waiting[self._next] = wire
        self._size += len(wire)

    def _join(self) -> bytes:
        _, wire = self._waiting.popitem(last=False)
        self._size -= len(wire)
        if not self._waiting or len(wire) >= JOINED_BYTES:
            return wire
        parts, total = [wire], len(wire)
        while self._waiting and total < JOINED_BYTES:
            _, wire = self._waiting.popitem(last=False)
            parts.append(wire)
            total += len(wire)
        self._size -= total - len(parts[0])
        return b"".join(parts)
