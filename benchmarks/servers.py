"""The servers that are measured: what each is, how it is started, what it costs while it runs."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.support import postgres
from tests.support import redis as redis_server

from . import processes, school
from .crowd import Crowd, now
from .dialects import FlaskChat, Plain, SocketIO

HERE = Path(__file__).parent
ROOT = HERE.parent
RIVALS = HERE / "rivals"
#: Where ``make bench-rivals`` puts their environment, and what the runs leave behind.
WORK = ROOT / ".bench"
PYTHON = WORK / "venv" / "bin" / "python"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
PORT = "{port}"
#: PostgreSQL as it comes, with a cache of some size: what is committed is on the disk.
POSTGRES_SETTINGS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "256MB"}


@dataclass(frozen=True)
class Server:
    """One way to serve a chat.

    :param command: ``{port}`` in it is the port to listen on.
    :param processes: how many, each on a port of its own.
    :param root: the checkout whose package it serves; ``None`` for a rival.
    """

    name: str
    label: str
    command: tuple[str, ...]
    dialect: type[Plain] = Plain
    root: Path | None = None
    database: str = SQLITE
    has_redis: bool = False
    processes: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = RIVALS

    @property
    def is_ours(self) -> bool:
        return self.root is not None

    @property
    def is_installed(self) -> bool:
        return Path(self.command[0]).exists() or (self.command[0] == "node" and _has_node())


def _has_node() -> bool:
    return (RIVALS / "node_modules").is_dir()


def _python(*command: str) -> tuple[str, ...]:
    return (str(PYTHON), *command)


def _ours(name: str, label: str, root: Path = ROOT, **options: object) -> Server:
    command = (sys.executable, str(HERE / "host.py"), PORT)
    made = Server(name, label, command, FlaskChat, root, folder=HERE)
    return replace(made, **options)  # type: ignore[arg-type]


def checkout(root: Path) -> Server:
    """Our server with the package of another checkout, to compare with."""
    return _ours(f"flask_chat@{root.name}", f"flask_chat {root.name}", root.resolve())


UVICORN = ("-m", "uvicorn", "--log-level", "warning", "--no-access-log", "--backlog", "8192")
DAPHNE = ("-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", PORT, "channels_app:application")
GUNICORN = (
    sys.executable, "-m", "gunicorn", "host:app", "-k", "gevent", "-b", f"127.0.0.1:{PORT}",
    "--backlog", "8192", "--worker-connections", "20000",
)  # fmt: skip

ALL = [
    _ours("flask_chat", "flask_chat"),
    Server("naive", "flask-sock, naive", _python("naive_flask_sock.py")),
    Server("socketio_flask", "Flask-SocketIO", _python("socketio_flask.py"), SocketIO),
    Server("fastapi", "FastAPI, uvicorn", _python(*UVICORN, "--port", PORT, "fastapi_app:app")),
    Server("channels", "Django Channels, Redis", _python(*DAPHNE), has_redis=True),
    Server("ws", "Node ws", ("node", "ws_server.cjs")),
    Server("socketio", "Node Socket.IO", ("node", "socketio_server.cjs"), SocketIO),
    Server("bare", "bare gevent (floor)", _python("bare_gevent.py")),
    _ours("flask_chat_threads", "flask_chat, a thread each",
          environment={"BENCH_ENGINE": "threads"}),
    _ours("flask_chat_gunicorn", "flask_chat, gunicorn", command=GUNICORN),
    _ours("flask_chat_pg", "flask_chat, PostgreSQL", database=POSTGRES),
    _ours("flask_chat_2", "flask_chat, 2 processes", has_redis=True, processes=2),
    _ours("flask_chat_pg_2", "flask_chat, PostgreSQL, 2 processes",
          database=POSTGRES, has_redis=True, processes=2),
    _ours("flask_chat_pg_4", "flask_chat, PostgreSQL, 4 processes",
          database=POSTGRES, has_redis=True, processes=4),
    Server("socketio_flask_2", "Flask-SocketIO, 2 processes", _python("socketio_flask.py"),
           SocketIO, has_redis=True, processes=2),
    Server("channels_2", "Django Channels, 2 processes", _python(*DAPHNE),
           has_redis=True, processes=2),
]  # fmt: skip
BY_NAME = {server.name: server for server in ALL}


class Running:
    """A server that serves, and the crowd that comes to it."""

    def __init__(self, server: Server, members: list[processes.Process], beside: list[int]) -> None:
        self.server = server
        self.pids = [process.pid for process in members]
        self.beside = beside
        self.ports = [process.port for process in members]

    @contextmanager
    def crowd(self) -> Iterator[Crowd]:
        crowd = Crowd(self.ports, _dialect(self.server.dialect))
        try:
            yield crowd
        finally:
            crowd.hang_up()

    def memory_kib(self) -> float:
        return processes.memory_kib(self.pids)

    def descriptors(self) -> int:
        return processes.descriptors(self.pids)


class Stretch:
    """What was spent over a stretch of time: by the server, beside it (Redis, PostgreSQL), by us.

    ``others`` is the part of one processor that everything else on the machine took: where it is
    large, the clock tells little and the processor time somewhat less.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        self._begun = now()
        self._before = self._spent()

    def _spent(self) -> tuple[float, float, float, float]:
        pids, beside = self._running.pids, self._running.beside
        spent, other = processes.cpu_seconds(pids), processes.cpu_seconds(beside)
        return spent, other, time.process_time(), processes.machine_seconds()

    def end(self) -> Stretch:
        self.seconds = now() - self._begun
        spent = [after - before for after, before in zip(self._spent(), self._before, strict=True)]
        self.server, self.beside, self.crowd, everything = spent
        self.others = max(0.0, everything - sum(spent[:3])) / self.seconds
        return self


@functools.cache
def _dialect(kind: type[Plain]) -> Plain:
    return FlaskChat(school.cookies()) if kind is FlaskChat else kind()


@contextmanager
def serving(server: Server) -> Iterator[Running]:
    """A server with a fresh school, for as long as the block lasts."""
    WORK.mkdir(exist_ok=True)
    with ExitStack() as stack:
        beside: list[int] = []
        environment = dict(server.environment)
        if server.has_redis:
            environment |= _redis(stack, beside)
        if server.root is None:
            environment["BENCH_FILE"] = str(school.for_rivals(WORK))
        else:
            environment["BENCH_DB"] = _database(stack, server, beside)
            environment["PYTHONPATH"] = str(server.root)
        members = [_start(stack, server, environment) for _ in range(server.processes)]
        yield Running(server, members, beside)


def _redis(stack: ExitStack, beside: list[int]) -> dict[str, str]:
    server = stack.enter_context(redis_server.running())
    beside.append(server.pid)
    processes.pin(1, server.pid)
    return {"BENCH_REDIS": server.url, "BENCH_SET_CHAT_BUS_URL": server.url}


def _database(stack: ExitStack, server: Server, beside: list[int]) -> str:
    assert server.root is not None
    if server.database == SQLITE:
        return school.for_us(WORK, server.root)
    cluster = stack.enter_context(postgres.running(POSTGRES_SETTINGS))
    beside.append(cluster.pid)
    processes.pin(1, cluster.pid)
    url = cluster.url(cluster.create())
    school.fill(url, server.root)
    return url


def _start(stack: ExitStack, server: Server, environment: dict[str, str]) -> processes.Process:
    port = processes.free_port()
    process = processes.Process(
        [part.replace(PORT, str(port)) for part in server.command], port, processor=0,
        environment={**environment, "BENCH_PORT": str(port)}, folder=server.folder,
        log=WORK / f"{server.name}.log",
    )  # fmt: skip
    stack.callback(process.end)
    process.wait_until_it_serves()
    return process
