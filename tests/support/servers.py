"""Real server processes of a host, on a free port and with a database of their own.

A server is ended by its process id and must leave a clean log: :meth:`Server.complaints` says
what in it is none.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from tests.support.postgres import Template

ROOT = Path(__file__).parents[2]
SERVE = ROOT / "tests" / "support" / "served" / "serve.py"

#: Apps that can be served. The first is the example exactly as its readers start it.
EXAMPLE = "host_example.wsgi:app"
SCHOOL = "tests.support.served.school:app"
TINY = "tests.support.served.tiny:app"

PYTHON = [sys.executable, "-W", "default::ResourceWarning"]
COMMANDS: dict[str, Callable[[str, int], list[str]]] = {
    "pywsgi": lambda app, port: [*PYTHON, str(SERVE), app, str(port)],
    "gunicorn": lambda app, port: [
        *PYTHON, "-m", "gunicorn", app, "-k", "gevent", "-w", "1", "-b", f"127.0.0.1:{port}",
    ],
    # How many, and the rest, stand in GUNICORN_CMD_ARGS.
    "workers": lambda app, port: [
        *PYTHON, "-m", "gunicorn", app, "-k", "gevent", "-b", f"127.0.0.1:{port}",
    ],
    "flask": lambda app, port: [*PYTHON, "-m", "flask", "--app", app, "run", "-p", str(port)],
    "demo": lambda app, port: [*PYTHON, "-m", "host_example"],
}  # fmt: skip
EVERY = ("pywsgi", "gunicorn", "flask")

#: What a log must not hold, whatever was done to the server.
_COMPLAINT = re.compile(r"Traceback|NoneType|ResourceWarning|Exception ignored")


class Server:
    """A running server.

    :param settings: over the host's configuration; only our own hosts read them.
    :param extra: variables of the environment.
    """

    def __init__(
        self,
        database: str | Path,
        folder: Path,
        *,
        app: str = SCHOOL,
        kind: str = "pywsgi",
        settings: dict[str, Any] | None = None,
        extra: dict[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.app = app
        self.database = database if isinstance(database, str) else f"sqlite:///{database}"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": self.database,
            "HOST_SETTINGS": json.dumps(settings or {}),
            "PORT": str(self.port),
            **(extra or {}),
        }
        self._log = folder / f"server-{self.port}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                COMMANDS[kind](app, self.port),
                env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        for _ in until(30, "the server did not begin to serve"):
            assert self.process.poll() is None, self.log
            with contextlib.suppress(OSError):
                self.get("/")
                return

    def execute(self, statement: str) -> None:
        """Write to the database behind the server's back."""
        engine = create_engine(self.database, poolclass=NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        engine = create_engine(self.database, poolclass=NullPool)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def get(self, path: str) -> bytes:
        """The body of an answer, for somebody who is not signed in."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", path)
            return connection.getresponse().read()

    def state(self) -> dict[str, Any]:
        """What the test's own view tells of the inside; see ``served/inside.py``."""
        found: dict[str, Any] = json.loads(self.get("/inside"))
        return found

    def becomes(self, within: float = 5, **expected: Any) -> dict[str, Any]:
        """Wait until the inside is as expected."""
        state: dict[str, Any] = {}
        with contextlib.suppress(TimeoutError):
            for _ in until(within):
                state = self.state()
                if expected.items() <= state.items():
                    return state
        raise AssertionError(f"{expected} expected, still {state}")

    def flask(self, *arguments: str) -> str:
        """Run a command of the host beside this server; what it printed."""
        done = subprocess.run(
            [*PYTHON, "-m", "flask", "--app", self.app, *arguments],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert not _COMPLAINT.search(done.stderr), done.stderr
        return done.stdout

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def complaints(self) -> str:
        """The log, if there is anything in it that should not be."""
        return self.log if _COMPLAINT.search(self.log) else ""

    def end(self, number: int = signal.SIGTERM, within: float = 10) -> tuple[int, float]:
        """Send a signal and wait; the exit code, and how many seconds it took."""
        begun = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return code, time.monotonic() - begun

    def kill(self) -> None:
        """End it, and the workers it has started, at once."""
        with contextlib.suppress(ProcessLookupError):
            # Its own session, so this group is the server and its workers and nobody else.
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


class Servers:
    """Starts servers, and ends them all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[Server] = []

    def start(self, database: str | Path, **options: Any) -> Server:
        self._started.append(Server(database, self._folder, **options))
        return self._started[-1]

    def take(self, server: Server) -> None:
        """See to the end of this one too."""
        self._started.append(server)

    def copy_of(self, seeded: Path | Template) -> Path | str:
        """A fresh database like this one: a file's path, or a URL."""
        if isinstance(seeded, Template):
            return seeded.copy()
        return Path(shutil.copy(seeded, self._folder / f"{len(list(self._folder.iterdir()))}.db"))

    def end_all(self) -> None:
        """End them; none may have complained."""
        for server in self._started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.end(within=8)
            server.kill()
        complaints = [server.complaints() for server in self._started if server.complaints()]
        assert not complaints, "\n\n".join(complaints)


def until(seconds: float, problem: str = "") -> Iterator[None]:
    """Try again and again, for at most this long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(0.02)
    raise TimeoutError(problem)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
