"""Transports and clocks that are under a test's control."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask_chat.config import read
from flask_chat.current import Identity
from flask_chat.realtime.connection import Connection, outbox_of


def config(**values: Any) -> SimpleNamespace:
    """The settings with some changed, named as attributes: ``outbox_frames=2``."""
    return read({f"CHAT_{name.upper()}": value for name, value in values.items()})


class Transport:
    """Writes into a list, unless it is stuck."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.is_stuck = False
        self.is_closing = False
        self.looks: list[float] = []
        self.outbox: Any = None

    def wake(self) -> None:
        chunk = None if self.is_stuck else self.outbox.claim()
        while chunk is not None:
            self.written.append(chunk)
            chunk = self.outbox.take()

    def closing(self) -> None:
        self.is_closing = True

    def look_by(self, moment: float) -> None:
        self.looks.append(moment)

    @property
    def texts(self) -> list[bytes]:
        """The payloads of the frames written, in order."""
        return [payload for first, payload in split(b"".join(self.written)) if first == 0x81]

    @property
    def code(self) -> int | None:
        """The code of the close frame, if one was written."""
        ends = [payload for first, payload in split(b"".join(self.written)) if first == 0x88]
        assert len(ends) <= 1
        return int.from_bytes(ends[0][:2], "big") if ends else None


class Clock:
    """Monotonic seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def connect(user: str | None = None, *, stuck: bool = False, **values: Any) -> Any:
    """A connection over a :class:`Transport`, which is its attribute ``wire``."""

    class Testable(Connection):
        wire: Transport

    transport = Transport()
    transport.is_stuck = stuck
    transport.outbox = outbox_of(config(**values))
    identity = Identity(user=user, key=user) if user else None
    connection = Testable(
        transport, transport.outbox, identity=identity, address=values.get("address", "10.0.0.1")
    )
    connection.wire = transport
    return connection


def split(stream: bytes) -> list[tuple[int, bytes]]:
    """A server's frames: first byte, payload."""
    found = []
    while stream:
        first, length, stream = stream[0], stream[1], stream[2:]
        if length == 126:
            length, stream = int.from_bytes(stream[:2], "big"), stream[2:]
        elif length == 127:
            length, stream = int.from_bytes(stream[:8], "big"), stream[8:]
        found.append((first, stream[:length]))
        stream = stream[length:]
    return found
