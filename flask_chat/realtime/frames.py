"""WebSocket frames as this server sends them.

A server's frames are not masked (RFC 6455, section 5.1), so the same bytes serve every socket:
build them once, send them to many. What comes in is read by the engines.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from .. import protocol

NO_STATUS = 1005  # "the peer gave no code"; it never travels itself (RFC 6455, section 7.4.1)

JOINED_BYTES = 16 * 1024  # small frames that are owed together leave in one write up to this size

PING, PONG, CLOSE = 0x89, 0x8A, 0x88  # the first byte of a frame of that kind


def text(payload: bytes) -> bytes:
    """One unfragmented text frame around UTF-8 bytes."""
    return _header(0x81, len(payload)) + payload


def close(code: int, reason: str = "") -> bytes:
    """A close frame. The reason is cut to what a control frame holds (123 bytes)."""
    if code == NO_STATUS:
        return b"\x88\x00"
    words = reason.encode()[:123].decode(errors="ignore").encode()
    return _header(CLOSE, 2 + len(words)) + struct.pack("!H", code) + words


def pong(payload: bytes) -> bytes:
    """The answer to a ping, which carries what the ping carried."""
    return _header(PONG, len(payload)) + payload


def joined(wires: Iterable[bytes]) -> list[bytes]:
    """The same bytes in fewer pieces: each worth a write, none so large that it fills an outbox."""
    pieces: list[bytes] = []
    parts: list[bytes] = []
    size = 0
    for wire in wires:
        if parts and size + len(wire) > JOINED_BYTES:
            pieces.append(b"".join(parts))
            parts, size = [], 0
        parts.append(wire)
        size += len(wire)
    return [*pieces, b"".join(parts)]


def _header(first: int, length: int) -> bytes:
    if length < 126:
        return bytes((first, length))
    if length < 65536:
        return struct.pack("!BBH", first, 126, length)
    return struct.pack("!BBQ", first, 127, length)


# A browser answers the ping by itself but shows its scripts nothing of it, so both go out.
HEARTBEAT = bytes((PING, 0)) + text(protocol.HEARTBEAT)
RESYNC = text(protocol.resync("overflow"))
