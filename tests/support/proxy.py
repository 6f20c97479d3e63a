"""A wire that can be bad: a TCP proxy that delays, slices, stalls and cuts what goes through it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


class Proxy:
    """Stands before a port of this machine.

    :ivar delay_seconds: how long each piece is kept before it goes on.
    :ivar slice_bytes: the largest piece; 0 for whatever comes.
    :ivar sent_bytes: how much went through, both ways.
    """

    def __init__(self, target: int) -> None:
        self.delay_seconds = 0.0
        self.slice_bytes = 0
        self.sent_bytes = 0
        self._target = target
        self._flows = threading.Event()
        self._flows.set()
        self._is_open = True
        self._lock = threading.Lock()  # guards _wires
        self._wires: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        """Let nothing through; connections stay open, and new ones are accepted."""
        self._flows.clear()

    def flow(self) -> None:
        """Let everything through again, what has waited included; accept connections again."""
        self._is_open = True
        self._flows.set()

    def cut(self, *, for_good: bool = False) -> None:
        """End every connection; with ``for_good``, new ones too, until ``flow``."""
        self._is_open = not for_good
        with self._lock:
            wires, self._wires = self._wires, set()
        for wire in wires:
            _end(wire)

    def close(self) -> None:
        """Take the proxy away."""
        self._door.close()
        self.cut(for_good=True)
        self._flows.set()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if not self._is_open:
                _end(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                _end(near)
                continue
            with self._lock:
                self._wires |= {near, far}
            for pair in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(self.slice_bytes or 65536):
                time.sleep(self.delay_seconds)
                self._flows.wait()
                target.sendall(piece)
                self.sent_bytes += len(piece)
        with self._lock:
            self._wires -= {source, target}
        _end(source)
        _end(target)


def _end(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
    wire.close()
