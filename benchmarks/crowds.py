#!/usr/bin/env python3
"""What reaching many people costs: a record's thread, a group, an announcement.

    python benchmarks/crowds.py [--people 5000] [--database URL] [--json]

One process, a socket of everybody in its hub that writes nowhere, no network. Without
``--database`` on SQLite in write-ahead mode, in a file that is thrown away.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from flask_chat import Chat, Recipients, database
from flask_chat.current import Identity
from flask_chat.realtime.connection import Connection, outbox_of
from flask_chat.services import announcements, conversations, posting, reads, threads

ROUNDS = 9
PAGE = 200


class Nowhere:
    """A peer that takes everything at once."""

    def __init__(self, outbox):
        self.outbox = outbox

    def wake(self):
        chunk = self.outbox.claim()
        while chunk is not None:
            chunk = self.outbox.take()

    def closing(self):
        pass

    def look_by(self, moment):
        pass


class School:
    """People who all take part in one record's thread; Rita, the first, writes."""

    def __init__(self, url: str, people: int) -> None:
        self.app = app = flask.Flask("school")
        app.config.update(
            SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=url, CHAT_MEMBERS_LIMIT=people + 1,
            CHAT_RATE_OPENINGS="1000000 per second", CHAT_SOCKETS_PER_WORKER=people + 1,
            CHAT_SOCKETS_PER_ADDRESS=people + 1,
        )  # fmt: skip
        self.db = db = SQLAlchemy(app)

        class User(db.Model):
            id = db.Column(db.Integer, primary_key=True)
            name = db.Column(db.String(80), nullable=False)

        class Building(db.Model):
            id = db.Column(db.Integer, primary_key=True)

        class Use(db.Model):
            building_id = db.Column(db.ForeignKey(Building.id), primary_key=True)
            user_id = db.Column(db.ForeignKey(User.id), primary_key=True, index=True)

        chat = Chat(identity=lambda: None)
        use = db.select(Use.building_id, Use.user_id)
        chat.subject(Building, participants=use, name="building")(lambda record: {"title": "Hall"})
        chat.init_app(app, db, User)
        self.keys = list(range(1, people + 2))
        self.rita = Identity("1", 1)
        self.everybody = Recipients("all", "Everybody", db.select(User))
        with app.app_context():
            if url.startswith("sqlite"):
                event.listen(db.engine, "connect", _write_ahead)
            db.create_all()
            db.session.execute(
                User.__table__.insert(), [{"id": n, "name": f"Person {n}"} for n in self.keys]
            )
            db.session.add(Building(id=1))
            db.session.flush()
            db.session.execute(
                Use.__table__.insert(), [{"building_id": 1, "user_id": n} for n in self.keys]
            )
            db.session.commit()
        assert app.test_cli_runner().invoke(args=["chat", "init-db"]).exit_code == 0
        self.listen()

    def listen(self) -> None:
        """A socket of everybody."""
        parts = self.app.extensions["chat"]
        for key in self.keys:
            outbox = outbox_of(parts.config)
            who = Identity(str(key), key)
            parts.sockets.hub.add(Connection(Nowhere(outbox), outbox, identity=who, address=""))

    def do(self, verb, *args, **options):
        with database.context(self.app):
            return verb(*args, **options)

    def cost(self, act) -> dict:
        """Milliseconds and statements of doing it once, at the median."""
        seen, took, counts = [], [], []
        with self.app.app_context():
            engine = self.db.engine
        event.listen(engine, "before_cursor_execute", lambda *say: seen.append(say[2]))
        for number in range(ROUNDS):
            seen.clear()
            begun = time.perf_counter()
            act(number)
            took.append((time.perf_counter() - begun) * 1000)
            counts.append(len(seen))
        return {"ms": round(statistics.median(took), 1), "statements": counts[-1]}


def _write_ahead(connection, _record):
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def measure(school: School) -> dict[str, dict]:
    """Each thing that many people hear of."""
    do, rita, others = school.do, school.rita, [str(key) for key in school.keys[1:]]
    opened = do(threads.open_thread, rita, kind="building", record="1")
    thread = int(opened.conversation["id"])
    created = do(conversations.create_group, rita, title="All", users=others)
    group = int(created.conversation["id"])

    def announce(mark):
        made = do(
            announcements.post_announcement, rita, school.everybody, client_id=f"crowds-{mark}",
            title="Closed", body="On Friday.", confirm=True,
        )  # fmt: skip
        return int(made.conversation["id"])

    last = announce("at-first")

    def reader(number):
        return Identity(str(number + 2), number + 2)

    return {
        "post to the thread of a record": school.cost(
            lambda n: do(posting.post_message, rita, thread, body="Hello")
        ),
        "post to a group": school.cost(
            lambda n: do(posting.post_message, rita, group, body="Hello")
        ),
        "read in the thread": school.cost(lambda n: do(reads.mark_read, reader(n), thread, seq=5)),
        "announce": school.cost(announce),
        "confirm an announcement": school.cost(
            lambda n: do(announcements.confirm_reading, reader(n), last)
        ),
        "a page of who has": school.cost(
            lambda n: do(announcements.list_recipients, rita, last, limit=PAGE)
        ),
    }


def main() -> int:
    """Read the options, measure, print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--people", type=int, default=5000)
    options.add_argument("--database", help="an empty PostgreSQL database; by default SQLite")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="chat-crowds-") as folder:
        url = chosen.database or f"sqlite:///{Path(folder) / 'school.db'}"
        found = measure(School(url, chosen.people))
    if chosen.json:
        print(json.dumps(found))
        return 0
    print(f"{f'{chosen.people:,} people':<34} {'ms':>8} {'statements':>11}")
    for name, row in found.items():
        print(f"{name:<34} {row['ms']:>8,} {row['statements']:>11}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
