"""gunicorn with several workers, and which of them has which socket."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from websocket import WebSocketBadStatusException

from tests.support.clients import Browser, Socket
from tests.support.servers import Server, until

#: The tiny host, with faults on demand; see ``served/faulty.py``.
FAULTY = "tests.support.served.faulty:app"


class Workers(Server):
    """A gunicorn master and its gevent workers.

    :param count: how many workers.
    :param arguments: more of gunicorn's own.
    :param faults: what ``served/faulty.py`` is to do, by the names of its variables.
    """

    def __init__(
        self,
        database: str,
        folder: Path,
        *,
        count: int = 2,
        arguments: Iterable[str] = (),
        faults: dict[str, str] | None = None,
        settings: dict[str, Any] | None = None,
        app: str = FAULTY,
    ) -> None:
        self.count = count
        self._arguments = tuple(arguments)
        options = " ".join(["--workers", str(count), "--graceful-timeout", "8", *arguments])
        super().__init__(
            database, folder, app=app, kind="workers", settings=settings,
            extra={"GUNICORN_CMD_ARGS": options, **(faults or {})},
        )  # fmt: skip
        try:
            for _ in until(30, "not all workers came up"):
                if len(self._ready()) == count:
                    break
        except BaseException:
            self.kill()
            raise

    def _ready(self) -> set[int]:
        """The workers that have been heard of; each says so in the log when it has its app."""
        if "--preload" in self._arguments:
            return self.pids()
        return {int(pid) for pid in re.findall(r"worker ready (\d+)\n", self.log)} & self.pids()

    def pids(self) -> set[int]:
        """The workers there are."""
        master = self.process.pid
        found = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
        return {int(pid) for pid in found}

    def worker_of(self, socket: Socket) -> int:
        """The worker that has the other end of this socket."""
        ours = socket._line.getsockname()[1]
        for pid in self.pids():
            if ours in _peers(pid, self.port):
                return pid
        raise AssertionError("no worker has this socket")

    def socket_at(self, browser: Browser, worker: int) -> Socket:
        """A socket at this worker; those that land elsewhere are closed again."""
        for _ in until(15, f"no socket came to worker {worker}"):
            with contextlib.suppress(WebSocketBadStatusException):
                socket = browser.socket()
                if self.worker_of(socket) == worker:
                    return socket
                socket.hang_up()
        raise AssertionError("unreachable")

    def sockets_everywhere(self, browser: Browser) -> dict[int, Socket]:
        """One socket at each worker."""
        return {worker: self.socket_at(browser, worker) for worker in sorted(self.pids())}

    def signal_worker(self, worker: int, number: int = signal.SIGKILL) -> None:
        """Send a signal to one worker."""
        assert worker in self.pids()
        os.kill(worker, number)

    def wait_for_another(self, worker: int, within: float = 15) -> None:
        """Until the master has replaced a worker that is gone."""
        for _ in until(within, "the worker was not replaced"):
            if worker not in self.pids() and len(self._ready()) == self.count:
                return


@contextlib.contextmanager
def running(database: str, folder: Path, **options: Any) -> Iterator[Workers]:
    """Workers for as long as the block lasts. They end at once, and may not have complained."""
    workers = Workers(database, folder, **options)
    try:
        yield workers
    finally:
        workers.kill()
    assert not workers.complaints(), workers.complaints()


def _peers(pid: int, port: int) -> set[int]:
    """The ports that a process's connections to its own ``port`` come from."""
    inodes = set()
    for place in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            target = place.readlink().name
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    fields = [line.split() for line in lines]
    return {
        int(line[2].partition(":")[2], 16)
        for line in fields
        if line[9] in inodes and int(line[1].partition(":")[2], 16) == port
    }
