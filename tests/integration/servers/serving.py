"""The servers that can carry our sockets, each started on a free port with the echo app.

And a client of which every byte is under the test's control.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

GUNICORN = [sys.executable, "-m", "gunicorn", "echo_app:app", "--chdir", str(HERE)]
COMMANDS: dict[str, Callable[[int], list[str]]] = {
    "pywsgi": lambda port: [sys.executable, str(HERE / "echo_app.py"), str(port)],
    "gunicorn-gevent": lambda port: [*GUNICORN, "-k", "gevent", "-b", f"127.0.0.1:{port}"],
    "gunicorn-pywsgi": lambda port: [*GUNICORN, "-k", "gevent_pywsgi", "-b", f"127.0.0.1:{port}"],
    "gunicorn-gthread": lambda port: [
        *GUNICORN, "-k", "gthread", "--threads", "40", "-b", f"127.0.0.1:{port}",
    ],
    "werkzeug": lambda port: [
        sys.executable, "-m", "flask", "--app", str(HERE / "echo_app.py"), "run", "-p", str(port),
    ],
}  # fmt: skip
# Under gevent the descriptor is handed over, unless these ask for the portable engine.
for name in ("pywsgi", "gunicorn-gevent", "gunicorn-pywsgi"):
    COMMANDS[f"{name}-threads"] = COMMANDS[name]
EVERY = tuple(COMMANDS)


_sockets: list[socket.socket] = []


def hang_up() -> None:
    """Close every peer there is; after each test."""
    while _sockets:
        _sockets.pop().close()


class Server:
    """A running server, and raw conversations with it."""

    def __init__(
        self,
        name: str,
        settings: dict[str, Any],
        *extra: str,
        scheme: str = "http",
        wrapped: str = "",
    ) -> None:
        self.name = name
        self.scheme = scheme
        self.port = _free_port()
        self.errors = ""
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(HERE))),
            "CHAT_SETTINGS": json.dumps(settings),
            "GREEN": "1" if name.startswith("pywsgi") else "",
            "ENGINE": "threads" if name.endswith("-threads") else "",
            "WRAPPED": wrapped,
            "LEVEL": "INFO",
        }
        self.process = subprocess.Popen(
            [*COMMANDS[name](self.port), *extra],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            cwd=HERE,
        )  # fmt: skip
        self._wait_until_up()

    def _wait_until_up(self) -> None:
        for _ in until(20):
            if self.process.poll() is not None:
                raise RuntimeError(self.process.stderr.read())
            with contextlib.suppress(OSError):
                self.get("/")
                return

    def get(self, path: str) -> str:
        url = f"{self.scheme}://127.0.0.1:{self.port}{path}"
        trust = ssl._create_unverified_context()
        with urllib.request.urlopen(url, timeout=10, context=trust) as answer:
            return answer.read().decode()

    def state(self) -> dict[str, Any]:
        return json.loads(self.get("/state"))

    def open(self, path: str = "/ws", behind: bytes = b"", receive_buffer: int = 0) -> Peer:
        return Peer(self.port, path, behind, receive_buffer)

    def kick(self, number: int) -> None:
        self.process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Ask it to end; returns how long that took."""
        if self.process.poll() is None:
            self.kick(number)
        return self.ended()

    def ended(self, seconds: float = 15) -> float:
        """Wait until it has; returns how long that took."""
        begun = time.monotonic()
        try:
            _, self.errors = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, self.errors = self.process.communicate()
            raise
        return time.monotonic() - begun

    def kill(self) -> None:
        """End it at once."""
        if self.process.returncode is None:
            self.process.kill()
            _, self.errors = self.process.communicate()


class Peer:
    """A WebSocket client of which every byte is under the test's control."""

    def __init__(self, port: int, path: str, behind: bytes = b"", receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        _sockets.append(self.socket)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", port))
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
        )
        self.socket.sendall(request.encode() + behind)
        self.head = self._until(b"\r\n\r\n").decode()

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            chunk = self.socket.recv(65536)
            if not chunk:
                raise EOFError(self.buffer)
            self.buffer += chunk
        head, _, self.buffer = self.buffer.partition(mark)
        return head

    def _exactly(self, count: int) -> bytes:
        parts = [self.buffer]
        have = len(self.buffer)
        while have < count:
            chunk = self.socket.recv(65536)
            if not chunk:
                raise EOFError
            parts.append(chunk)
            have += len(chunk)
        data = b"".join(parts)
        self.buffer = data[count:]
        return data[:count]

    def frame(self) -> tuple[int, bytes]:
        """The next frame: first byte, payload."""
        first, length = self._exactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", self._exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._exactly(8))
        return first, self._exactly(length)

    def text(self) -> str:
        """The next text, heartbeats left out."""
        while True:
            first, payload = self.frame()
            if first == 0x81 and payload != b'{"type":"heartbeat"}':
                return payload.decode()
            assert first in (0x81, 0x89), (first, payload)

    def closed(self) -> int | None:
        """Read to the close frame; its code, or ``None`` if the connection ends without one."""
        while True:
            try:
                first, payload = self.frame()
            except (EOFError, ConnectionError):
                return None
            if first == 0x88:
                return struct.unpack("!H", payload[:2])[0] if payload else 1005

    def rest(self) -> bytes:
        """Everything up to the end of the stream."""
        data = self.buffer
        with contextlib.suppress(ConnectionError):
            while chunk := self.socket.recv(65536):
                data += chunk
        return data

    def say(self, text: str) -> None:
        self.socket.sendall(masked(0x81, text.encode()))

    def close(self, code: int = 1000) -> None:
        self.socket.sendall(masked(0x88, struct.pack("!H", code)))


def masked(first: int, payload: bytes, mask: bytes = b"\x01\x02\x03\x04") -> bytes:
    """A client's frame."""
    length = len(payload)
    if length < 126:
        head = bytes((first, 0x80 | length))
    elif length < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, length)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def until(seconds: float) -> Iterator[None]:
    """Try again and again, for at most this long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.02)
    raise TimeoutError


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
