"""Databases for tests, each with all tables: a copy of one that was made once per kind of key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .hosts import Host
from .postgres import Postgres


class SqliteFiles:
    """SQLite files in write-ahead mode, as ``init-db`` proposes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    @contextmanager
    def host(self, *, kind: str = "int", **options: Any) -> Iterator[Host]:
        self._made += 1
        file = self._folder / f"{self._made}.db"
        shutil.copyfile(self._template(kind), file)
        with _closing(Host(f"sqlite:///{file}", kind=kind, **options)) as host:
            yield host

    def empty(self) -> str:
        self._made += 1
        return f"sqlite:///{self._folder / f'{self._made}.db'}"

    def _template(self, kind: str) -> Path:
        file = self._folder / f"{kind}.template"
        if not file.exists():
            with _closing(Host(f"sqlite:///{file}", kind=kind)) as host:
                host.create_all()
                host.execute("PRAGMA journal_mode=WAL")
        return file


class PostgresDatabases:
    """Databases of one server. To empty one is quicker than to make one, so they are used again."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._templates: dict[str, str] = {}
        self._free: dict[str, list[str]] = {}

    @contextmanager
    def host(self, *, kind: str = "int", **options: Any) -> Iterator[Host]:
        free = self._free.setdefault(kind, [])
        name = free.pop() if free else self._server.create(self._template(kind))
        with _closing(Host(self._server.url(name), kind=kind, **options)) as host:
            yield host
        self._server.empty(name, keep=("chat_version", "chat_epoch"))
        free.append(name)

    def empty(self) -> str:
        return self._server.url(self._server.create())

    def _template(self, kind: str) -> str:
        if kind not in self._templates:
            name = self._server.create()
            with _closing(Host(self._server.url(name), kind=kind)) as host:
                host.create_all()
            self._templates[kind] = name
        return self._templates[kind]


@contextmanager
def _closing(host: Host) -> Iterator[Host]:
    try:
        yield host
    finally:
        host.close()
