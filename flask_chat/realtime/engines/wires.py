"""Three kinds of accepted socket, with the few calls that an engine needs of them.

``receive`` and ``send`` wait, ``send_now`` and ``cut`` never do. One reader, one writer; ``cut``
from anywhere.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from _socket import socket as Descriptor
from typing import Any, Protocol

from ..servers import is_cooperative

READ_BYTES = 16 * 1024  # what one read may bring in; bounds what a flood can make us hold


class Wire(Protocol):
    """The descriptor of one peer. Both kinds of ``send`` raise ``OSError`` when it is gone."""

    def receive(self) -> bytes:
        """Wait for bytes; empty when the peer, ``cut`` or a fault of the network has ended it."""

    def send(self, chunk: memoryview) -> int:
        """Wait until some bytes have been taken, and say how many."""

    def send_now(self, chunk: bytes) -> int:
        """As many bytes as are taken at once; perhaps none."""

    def cut(self) -> None:
        """End both directions, which also wakes whoever waits."""


def wire(connection: socket.socket) -> Wire:
    """The wire for this kind of socket."""
    if hasattr(connection, "pending"):
        return TlsWire(connection)
    if is_cooperative(connection):
        return GreenWire(connection)
    return PlainWire(connection)


def send_without_delay(connection: Descriptor) -> None:
    """Two small frames in a row would otherwise wait 40 ms for the peer's delayed ACK (Nagle)."""
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class PlainWire:
    """An operating system socket, used by threads."""

    __slots__ = ("_socket",)

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(None)
        self._socket = connection

    def receive(self) -> bytes:
        try:
            return self._socket.recv(READ_BYTES)
        except OSError:
            return b""

    def send(self, chunk: memoryview) -> int:
        return self._socket.send(chunk)

    def send_now(self, chunk: bytes) -> int:
        try:
            return self._socket.send(chunk, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


class GreenWire(PlainWire):
    """gevent's socket, which waits by switching to other greenlets."""

    __slots__ = ("_bare",)

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        # Underneath is a socket that never waits. It knows when it is closed, as a bare
        # descriptor would not.
        self._bare = connection._sock

    def send_now(self, chunk: bytes) -> int:
        try:
            return int(self._bare.send(chunk))
        except BlockingIOError:
            return 0


class TlsWire:
    """TLS inside this process. OpenSSL wants one call at a time, so nobody waits inside one."""

    __slots__ = ("_is_cut", "_lock", "_socket")

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(0)
        self._socket = connection
        self._lock = threading.Lock()  # guards the TLS state and _is_cut; never held while waiting
        self._is_cut = False

    def receive(self) -> bytes:
        while True:
            with self._lock:
                if self._is_cut:
                    return b""
                try:
                    return self._socket.recv(READ_BYTES)
                except ssl.SSLWantReadError:
                    need = select.POLLIN
                except ssl.SSLWantWriteError:
                    need = select.POLLOUT
                except OSError:
                    return b""
            self._wait(need)

    def send(self, chunk: memoryview) -> int:
        while True:
            with self._lock:
                if self._is_cut:
                    raise BrokenPipeError
                try:
                    return self._socket.send(chunk)
                except ssl.SSLWantReadError:
                    need = select.POLLIN
                except ssl.SSLWantWriteError:
                    need = select.POLLOUT
            self._wait(need)

    def send_now(self, chunk: bytes) -> int:
        # A TLS write that was begun must be repeated with the same bytes: leave it to the writer.
        return 0

    def cut(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._is_cut = True
            self._socket.shutdown(socket.SHUT_RDWR)

    def _wait(self, need: int) -> None:
        poll = select.poll()
        poll.register(self._socket.fileno(), need)
        poll.poll()
