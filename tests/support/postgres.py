"""A PostgreSQL server of one's own: private folder, Unix socket, no port, gone afterwards.

Debian keeps the programs in a versioned folder that is not on PATH, and they refuse to run as
root; then the system user ``postgres`` runs them.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.pool import NullPool

MISSING = (
    "PostgreSQL's programs are needed for these tests and are not there. "
    "Install them: apt-get install -y --no-install-recommends postgresql"
)
# Nothing here outlives the tests, so nothing needs to reach the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
}


class Postgres:
    """The running server; hands out databases."""

    def __init__(
        self, folder: Path, control: Sequence[str] = (), settings: Mapping[str, str] = SETTINGS
    ) -> None:
        self._folder = folder
        self._control = control
        self._settings = settings
        self._numbers = count(1)

    def start(self) -> None:
        """Begin to serve, with all that was stored."""
        options = " ".join(f"-c {name}='{value}'" for name, value in self._settings.items())
        _run([*self._control, "--wait", "--log", str(self._folder / "log"),
              "--options", f"-k {self._folder} {options}", "start"], self._folder)  # fmt: skip

    def stop(self, mode: str = "fast") -> None:
        """End, with every connection; ``immediate`` as a crash would."""
        _run([*self._control, "--wait", "--mode", mode, "stop"], self._folder)

    @property
    def pid(self) -> int:
        """The process whose children do the work."""
        return int((self._folder / "cluster" / "postmaster.pid").read_text().split()[0])

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def create(self, template: str = "template1") -> str:
        """A new database, empty or a copy of another; returns its name."""
        name = f"chat_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def empty(self, name: str, *, keep: Collection[str]) -> None:
        """Remove all rows, whoever may still be connected."""
        with self._connected(name) as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            tables = ", ".join(set(inspect(connection).get_table_names()) - set(keep))
            connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")

    def _execute(self, statement: str) -> None:
        with self._connected("postgres") as connection:
            connection.exec_driver_sql(statement)

    @contextmanager
    def _connected(self, name: str) -> Iterator[Connection]:
        engine = create_engine(self.url(name), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            yield connection


@dataclass(frozen=True)
class Template:
    """A database of which there may be many copies."""

    server: Postgres
    name: str

    def copy(self) -> str:
        """The URL of a fresh one."""
        return self.server.url(self.server.create(self.name))


@contextmanager
def running(settings: Mapping[str, str] = SETTINGS) -> Iterator[Postgres]:
    """A server for as long as the block lasts."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="chat-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = folder / "cluster"
    control = [*_as_postgres(), str(programs / "pg_ctl"), "--pgdata", str(cluster)]
    _run([*_as_postgres(), str(programs / "initdb"), "--pgdata", str(cluster),
          "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C",
          "--no-sync"], folder)  # fmt: skip
    server = Postgres(folder, control, settings)
    try:
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name)
    )
    if not found:
        raise RuntimeError(MISSING)
    return found[-1]


def _as_postgres() -> list[str]:
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise RuntimeError(MISSING) from None
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    if done.returncode:
        log = folder / "log"
        raise RuntimeError(done.stderr + (log.read_text() if log.exists() else ""))
