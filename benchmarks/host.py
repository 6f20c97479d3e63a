"""Our server under measurement: an ordinary host with Flask-Login and the chat, nothing tuned.

``python host.py PORT`` serves it with pywsgi, gunicorn loads ``host:app``, and ``python host.py
fill`` makes the tables and puts everybody in. ``BENCH_DB`` is the database's URL, and
``BENCH_SET_CHAT_…`` a setting of the chat. It is a program and no part of the package
``benchmarks``, so that it can be run with the ``flask_chat`` of another checkout.
"""

import json
import os
import sys

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()  # before every other import

from datetime import UTC, datetime

import flask
from flask_login import LoginManager, UserMixin, current_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, insert, text

from flask_chat import Chat, config
from flask_chat.current import chat

UNLIMITED = "1000000 per second"
MANY = 1_000_000
#: What a measurement must not run into: everybody comes from one machine, and one of them talks.
LIMITS = {
    "CHAT_RATE_MESSAGES": UNLIMITED,
    "CHAT_RATE_REQUESTS": UNLIMITED,
    "CHAT_RATE_FRAMES": UNLIMITED,
    "CHAT_SOCKETS_PER_ADDRESS": MANY,
    "CHAT_SOCKETS_PER_WORKER": MANY,
    "CHAT_BODY_LIMIT": 40_000,
    "CHAT_FRAME_LIMIT": 60_000,
}
KNOWN = {setting.name for setting in config.SETTINGS}

app = flask.Flask(__name__)
app.config.update(SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=os.environ["BENCH_DB"])
app.config.update({name: value for name, value in LIMITS.items() if name in KNOWN})
app.config.from_prefixed_env("BENCH_SET")
db = SQLAlchemy(app)
login = LoginManager(app)
login.session_protection = None


class User(db.Model, UserMixin):
    """Somebody."""

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)


@login.user_loader
def load(key):
    """The signed-in user, as every host has it."""
    return db.session.get(User, int(key))


@app.get("/whoami")
def whoami():
    """What a handshake would cost if it were only a page of the host's."""
    return current_user.name


Chat().init_app(app, db, User)

with app.app_context():
    if db.engine.dialect.name == "sqlite":

        @event.listens_for(db.engine, "connect")
        def write_ahead(connection, _record):
            """What ``init-db`` proposes for SQLite."""
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")


if os.environ.get("BENCH_ENGINE") == "threads":
    from flask_chat.realtime import engines
    from flask_chat.realtime.engines import threads

    engines.choose = lambda accepted: threads.ENGINE


def fill(people, conversations):
    """The tables, so many people, and who is in which conversation."""
    with app.app_context():
        db.create_all()
        done = app.test_cli_runner().invoke(args=["chat", "init-db"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        with db.engine.begin() as connection:
            rows = [{"id": n, "name": f"Person {n}"} for n in range(1, people + 1)]
            connection.execute(insert(User.__table__), rows)
            for key, members in conversations.items():
                _converse(connection, int(key), members)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        db.engine.dispose()  # SQLite empties the write-ahead log when the last connection closes


def _converse(connection, key, members):
    heads, memberships = chat.models.Conversation.__table__, chat.models.Member.__table__
    now = datetime.now(UTC)
    is_group = len(members) != 2
    connection.execute(insert(heads), {
        "id": key, "kind": "group" if is_group else "direct",
        "title": f"Group {key}" if is_group else None,
        "direct_key": None if is_group else f"bench:{key}",
        "last_seq": 0, "last_change": 1, "first_seq": 1, "change": 1,
        "created_at": now, "updated_at": now,
    })  # fmt: skip
    connection.execute(insert(memberships), [
        {
            "conversation_id": key, "user_id": member, "joined_at": now, "since_seq": 1,
            "change": 1, "read_seq": 0, "touched_at": now,
        }
        for member in members
    ])  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(**json.load(sys.stdin))
    else:
        from gevent.pywsgi import WSGIServer

        WSGIServer(("127.0.0.1", int(sys.argv[1])), app, log=None, backlog=8192).serve_forever()
