#!/usr/bin/env python3
"""What a send costs the process that carries it out: alone, and with others at the same moment.

    python benchmarks/posts.py [--seconds 3] [--database URL] [--json]

One process under gevent, direct conversations of two people each, no sockets and no network: the
command as the socket's session carries it out, from the schema to the commit and the bus.
Without ``--database`` on SQLite in write-ahead mode, in a file that is thrown away.
"""

from gevent import monkey

monkey.patch_all()  # before every other import

import argparse  # noqa: E402
import itertools  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import flask  # noqa: E402
import gevent  # noqa: E402
from flask_sqlalchemy import SQLAlchemy  # noqa: E402
from sqlalchemy import event  # noqa: E402

from flask_chat import Chat, database  # noqa: E402
from flask_chat.current import Identity  # noqa: E402
from flask_chat.ws.commands import Call, answered  # noqa: E402

PAIRS = 256
IN_FLIGHT = (1, 16, 256)
UNLIMITED = "1000000 per second"


def school(url: str) -> tuple[flask.Flask, list[tuple[Identity, str]]]:
    """An app with people, and for each pair who writes and where."""
    app = flask.Flask("school")
    app.config.update(
        SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=url, CHAT_RATE_MESSAGES=UNLIMITED,
        CHAT_RATE_OPENINGS=UNLIMITED,
    )  # fmt: skip
    db = SQLAlchemy(app)

    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        name = db.Column(db.String(80), nullable=False)

    chat = Chat(identity=lambda: None)
    chat.init_app(app, db, User)
    with app.app_context():
        if url.startswith("sqlite"):
            event.listen(db.engine, "connect", _write_ahead)
        db.create_all()
        db.session.add_all([User(name=f"Person {n}") for n in range(1, 2 * PAIRS + 1)])
        db.session.commit()
    assert app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
    writers = []
    with app.app_context():
        for number in range(1, PAIRS + 1):
            one, other = db.session.get(User, number), db.session.get(User, PAIRS + number)
            place = chat.open_direct(one, other)
            writers.append((Identity(str(number), number), str(place)))
        db.session.commit()
    return app, writers


def _write_ahead(connection, _record):
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def measure(app: flask.Flask, writers: list, in_flight: int, seconds: float) -> dict:
    """So many at once for so long: messages per second, and microseconds of CPU for each."""
    post, numbers, done = answered["message.post"], itertools.count(), [0]
    until = time.monotonic() + seconds

    def write(identity: Identity, place: str) -> None:
        while time.monotonic() < until:
            data = {
                "conversation": place, "body": "See you at four, by the gate.",
                "client_id": f"posts-{time.monotonic_ns()}-{next(numbers)}",
            }  # fmt: skip
            with database.context(app):
                begun = post(Call(None, identity, data))
                for _ in begun:
                    pass
            done[0] += 1

    begun, cpu = time.monotonic(), time.process_time()
    gevent.joinall([gevent.spawn(write, *who) for who in writers[:in_flight]], raise_error=True)
    spent, took = time.process_time() - cpu, time.monotonic() - begun
    return {
        "in_flight": in_flight, "per_second": round(done[0] / took),
        "cpu_us": round(spent / done[0] * 1e6), "wall_us": round(took / done[0] * 1e6),
    }  # fmt: skip


def main() -> int:
    """Read the options, measure, print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--seconds", type=float, default=3)
    options.add_argument("--database", help="an empty PostgreSQL database; by default SQLite")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="chat-posts-") as folder:
        app, writers = school(chosen.database or f"sqlite:///{Path(folder) / 'school.db'}")
        measure(app, writers, 1, 0.5)  # writes and compiles the statements
        found = [measure(app, writers, many, chosen.seconds) for many in IN_FLIGHT]
    if chosen.json:
        print(json.dumps(found))
        return 0
    print(f"{'in flight':>10} {'per second':>11} {'CPU us':>8} {'wall us':>8}")
    for row in found:
        print("{in_flight:>10} {per_second:>11,} {cpu_us:>8} {wall_us:>8}".format(**row))
    return 0


if __name__ == "__main__":
    sys.exit(main())
