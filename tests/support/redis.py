"""A Redis server of one's own: private folder, Unix socket and a free port, gone afterwards."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

MISSING = (
    "Redis is needed for these tests and is not there. "
    "Install it: apt-get install -y --no-install-recommends redis-server"
)
READY_SECONDS = 10


class RedisServer:
    """The running server; may be ended and started again on the same port, empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> Redis:
        return Redis(port=self.port, socket_timeout=5)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError(MISSING)
        self._process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", str(self._folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                self.client.ping()
            except RedisError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def send_signal(self, number: int) -> None:
        """Send the process a signal: SIGSTOP makes it hang, SIGCONT ends that."""
        assert self._process is not None
        self._process.send_signal(number)

    def start_again(self) -> None:
        """Have it run, whatever was done to it."""
        if self._process is None:
            self.start()
        else:
            self.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once; everything in it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def running() -> Iterator[RedisServer]:
    """A server for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="chat-redis-"))
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
