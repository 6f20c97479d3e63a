"""A site as it is run: gunicorn with several workers, PostgreSQL and Redis, all of our own.

Everything listens on the loopback or a Unix socket in a private folder, and is ended by its
process id.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.support import postgres, redis
from tests.support.running import PATIENT, fill_tiny
from tests.support.servers import COMMANDS, TINY, Server, until

_KIND = "gunicorn with workers"


class Cluster:
    """The running site, and what can be done to it."""

    def __init__(self, server: Server, redis_server: redis.RedisServer, database: str) -> None:
        self.server = server
        self._redis = redis_server
        # A connection of our own, to the same server, that ends the others.
        self._database = create_engine(database, isolation_level="AUTOCOMMIT")

    def workers(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        master = self.server.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii")
        return sorted(int(pid) for pid in children.split())

    # What may go wrong

    def kill_worker(self, choice: random.Random) -> str:
        """SIGKILL; gunicorn starts another one."""
        pids = self.workers()
        if pids:
            with suppress(ProcessLookupError):
                os.kill(choice.choice(pids), signal.SIGKILL)
        return "worker killed"

    def kill_redis(self, choice: random.Random) -> str:
        """SIGKILL; it comes back a little later, empty."""
        self._redis.kill()
        return "redis killed"

    def start_redis(self) -> None:
        if not self._redis.is_running:
            self._redis.start()

    def cut_database(self, choice: random.Random) -> str:
        """End some connections to the database, whatever they are doing."""
        with self._database.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                    "ORDER BY md5(pid::text || :salt) LIMIT 2"
                ),
                {"salt": str(choice.random())},
            )
        return "database connections cut"

    def close(self) -> None:
        self._database.dispose()
        with suppress(Exception):
            self.server.end(signal.SIGTERM, within=15)
        self.server.kill()


@contextmanager
def running(folder: Path, *, workers: int, lossy: str = "") -> Iterator[Cluster]:
    """A site for as long as the block lasts.

    :param lossy: the seed of a bus that loses one entry in ten; by default it loses none.
    """
    COMMANDS[_KIND] = lambda app, port: [
        sys.executable, "-m", "gunicorn", app, "-k", "gevent", "-w", str(workers),
        "--graceful-timeout", "10", "-b", f"127.0.0.1:{port}", "--backlog", "512",
    ]  # fmt: skip
    with postgres.running() as database_server, redis.running() as redis_server:
        database = database_server.url(database_server.create())
        fill_tiny(database)
        settings = {
            **PATIENT,
            "CHAT_BUS_URL": redis_server.url,
            "CHAT_RECONCILE_SECONDS": 0.5,
            "LOSSY_BUS": lossy,
        }
        server = Server(database, folder, app=TINY, kind=_KIND, settings=settings)
        cluster = Cluster(server, redis_server, database)
        try:
            for _ in until(30, "the workers did not start"):
                if len(cluster.workers()) == workers:
                    break
            yield cluster
        finally:
            cluster.close()
