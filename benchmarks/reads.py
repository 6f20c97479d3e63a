#!/usr/bin/env python3
"""What reading costs in a school that has talked for years, beside what it may cost.

    python benchmarks/reads.py [--databases sqlite postgresql] [--plans] [--json] [--messages N …]

Whole requests, from the host's WSGI app to the answer's last byte, one after the other, by the
registrar of ``old_school.py``: a million messages, ten thousand people, two thousand conversations
of one person. Databases that are thrown away; SQLite in a file, a PostgreSQL server of our own.
Another program gets the same figures from :func:`measure`. With ``--plans``, what each database
does for each statement.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import flask
from sqlalchemy import event

from benchmarks.old_school import FULL, REGISTRAR, Size, fill, school
from benchmarks.servers import POSTGRES_SETTINGS
from flask_chat.current import chat
from tests.support import postgres

DATABASES = ("sqlite", "postgresql")
ROUNDS = 60
JSON = {"Content-Type": "application/json"}
CROWD = 1  # the id of the conversation with the most members and the longest history


@dataclass(frozen=True)
class Figures:
    """What one kind of request costs, in milliseconds.

    :param cpu: of this process; PostgreSQL's own is not in it.
    :param budget: the most that the 95th percentile may be; ``None`` if nothing was promised.
    """

    p50: float
    p95: float
    cpu: float
    statements: int
    bytes: int
    budget: float | None

    @property
    def is_kept(self) -> bool:
        """Whether the promise was kept."""
        return self.budget is None or self.p95 <= self.budget


class Read(NamedTuple):
    """One kind of request: what it is called, what it may cost, and how it is made."""

    name: str
    budget_ms: float | None
    path: str
    body: str | None = None


def reads(size: Size, known: dict[str, list[int]]) -> list[Read]:
    """Everything that is measured; ``known`` is all that the registrar has."""
    history = f"/conversations/{CROWD}/messages"
    newest = size.messages // 5
    return [
        Read("sync, knowing nothing: the first 50", 80, "/sync", "{}"),
        Read("sync, knowing nothing: a page of 200", 80, "/sync", '{"limit": 200}'),
        Read("sync, nothing has changed", 10, "/sync", json.dumps({"known": known})),
        Read("totals", 10, "/sync?totals=1"),
        Read("history, newest page", 10, history),
        Read("history, a page in the middle", 10, f"{history}?before={newest // 2}"),
        Read("history, around a message", 10, f"{history}?around={newest // 3}"),
        Read("changes since 100 ago", 10, f"/conversations/{CROWD}/changes?after={newest - 100}"),
        Read(f"the conversation of {size.crowd}", 10, f"/conversations/{CROWD}"),
        Read(f"members of {size.crowd}, the first page", 10, f"/conversations/{CROWD}/members"),
        Read(
            f"members of {size.crowd}, by a part of the name",
            20,
            f"/conversations/{CROWD}/members?q=birch",
        ),
        Read("people, the first page", 20, "/people"),
        Read("people, by a part of the name", 20, "/people?q=juniper"),
        Read("people, by the whole name", 20, "/people?q=goran%20fir%209056"),
    ]


def measure(
    url: str, *, size: Size = FULL, rounds: int = ROUNDS, is_filled: bool = False
) -> dict[str, Figures]:
    """Fill this empty database, unless it is, and measure every read in it; by name."""
    app = school(url)
    if not is_filled:
        fill(app, size)
    ask = asking(app)
    known = known_by(ask)
    found = {read.name: _figures(app, ask, read, rounds) for read in reads(size, known)}
    with app.app_context():
        chat.db.engine.dispose()
    return found


def asking(app: flask.Flask) -> Callable[[Read], Any]:
    """How the registrar asks: makes a request, insists on an answer."""
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(_user_id=str(REGISTRAR), _fresh=True)

    def ask(read: Read) -> Any:
        path = f"/chat/api{read.path}"
        body = read.body
        answer = client.get(path) if body is None else client.post(path, data=body, headers=JSON)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.text[:500]}")
        return answer

    return ask


def known_by(ask: Callable[[Read], Any]) -> dict[str, list[int]]:
    """What a client knows that has loaded everything."""
    known: dict[str, list[int]] = {}
    after = None
    while True:
        page = ask(Read("", None, "/sync", json.dumps({"limit": 200, "after": after}))).json
        known |= {c["id"]: [c["last_change"], c["version"]] for c in page["conversations"]}
        after = page["next"]
        if after is None:
            return known


def _figures(app: flask.Flask, ask: Callable[[Read], Any], read: Read, rounds: int) -> Figures:
    with noted(app) as statements:
        size = len(ask(read).data)  # also writes and compiles the statements
    seconds, spent = [], []
    for _ in range(rounds):
        begun, cpu = time.perf_counter(), time.process_time()
        ask(read)
        spent.append(time.process_time() - cpu)
        seconds.append(time.perf_counter() - begun)
    return Figures(
        p50=statistics.median(seconds) * 1e3,
        p95=statistics.quantiles(seconds, n=20)[-1] * 1e3,
        cpu=statistics.median(spent) * 1e3,
        statements=len(statements),
        bytes=size,
        budget=read.budget_ms,
    )


@contextmanager
def noted(app: flask.Flask) -> Iterator[list[tuple[str, Any]]]:
    """The statements that run meanwhile, with their values."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        seen.append((statement, values))

    with app.app_context():
        engine = chat.db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plans(url: str, size: Size) -> str:
    """What the database does for each statement of each read; it must be filled already."""
    app = school(url)
    ask = asking(app)
    pages = []
    for read in reads(size, known_by(ask)):
        with noted(app) as statements:
            ask(read)
        pages.append(f"## {read.name}\n")
        with app.app_context(), chat.db.engine.connect() as connection:
            for statement, values in statements:
                pages.append(f"{statement}\n\n{_plan(connection, statement, values)}\n")
    return "\n".join(pages)


def _plan(connection: Any, statement: str, values: Any) -> str:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(f"    {row[3]}" for row in rows)
    rows = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, COSTS OFF) {statement}", values)
    return "\n".join(f"    {row[0]}" for row in rows)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of an empty one that is thrown away."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="chat-reads-") as folder:
            yield f"sqlite:///{Path(folder) / 'school.db'}"
    else:
        # As it comes: where a commit is not on the disk, a vacuum marks no page, and what could be
        # counted in an index is looked up in the table.
        with postgres.running(POSTGRES_SETTINGS) as server:
            yield server.url(server.create())


def main() -> int:
    """Measure, print; say by the exit code whether every promise was kept."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--plans", action="store_true")
    options.add_argument("--json", action="store_true")
    sizes = ("messages", "people", "conversations", "crowd")
    for name in sizes:
        options.add_argument(f"--{name}", type=int, default=getattr(Size, name))
    chosen = options.parse_args()
    size = Size(**{name: getattr(chosen, name) for name in sizes})
    found = {}
    for kind in chosen.databases:
        with database(kind) as url:
            found[kind] = measure(url, size=size, rounds=chosen.rounds)
            if chosen.plans:
                print(f"# {kind}\n\n{plans(url, size)}")
    if chosen.json:
        print(
            json.dumps({kind: {n: asdict(f) for n, f in of.items()} for kind, of in found.items()})
        )
    else:
        for kind, of in found.items():
            _show(kind, of)
    return 0 if all(f.is_kept for of in found.values() for f in of.values()) else 1


def _show(kind: str, found: dict[str, Figures]) -> None:
    print(f"{kind:40}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'budget':>8}{'stmts':>7}{'KiB':>8}")
    for name, f in found.items():
        budget = "" if f.budget is None else f"{f.budget:.0f}{'' if f.is_kept else ' !'}"
        print(
            f"{name:40}{f.p50:9.1f}{f.p95:9.1f}{f.cpu:9.1f}{budget:>8}{f.statements:7}"
            f"{f.bytes / 1024:8.1f}"
        )


if __name__ == "__main__":
    sys.exit(main())
