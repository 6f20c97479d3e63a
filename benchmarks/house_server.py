"""The server that ``house.py`` measures: an ordinary host with Flask-Login, SQLite and the chat.

``python house_server.py PORT`` serves it with pywsgi; gunicorn's gevent workers load ``app``.
``HOUSE_DB`` is the database file, made and filled when it is not there; ``HOUSE_PEOPLE`` how many;
``HOUSE_WAIT`` how many seconds the host waits for an answer about who is signed in.
"""

import os
import sys

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()  # before every other import

import time
from pathlib import Path

import flask
from flask_login import LoginManager, UserMixin, current_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, insert

from flask_chat import Chat, events
from flask_chat.ws.parts import sockets

MANY = 1_000_000
FILE = Path(os.environ["HOUSE_DB"])
WAIT_SECONDS = float(os.environ.get("HOUSE_WAIT", "0"))
PEOPLE = int(os.environ.get("HOUSE_PEOPLE", "10000"))

app = flask.Flask(__name__)
app.config.update(
    SECRET_KEY="house",
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{FILE}",
    CHAT_SOCKETS_PER_ADDRESS=MANY,
    CHAT_SOCKETS_PER_WORKER=MANY,
    CHAT_ALLOW_MISSING_ORIGIN=True,
    **{name: float(value) for name, value in os.environ.items() if name.startswith("CHAT_")},
)
db = SQLAlchemy(app)
login = LoginManager(app)
login.session_protection = None


class User(db.Model, UserMixin):
    """Somebody."""

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)


@login.user_loader
def load(key):
    """The signed-in user, as every host has it; after a while, if the database is far away."""
    if WAIT_SECONDS:
        time.sleep(WAIT_SECONDS)
    return db.session.get(User, int(key))


Chat().init_app(app, db, User)


def fill():
    """The tables, and so many people."""
    with app.app_context():
        event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA journal_mode=WAL"))
        db.create_all()
        app.test_cli_runner().invoke(args=["chat", "init-db"], catch_exceptions=False)
        people = [{"id": n, "name": f"Person {n}"} for n in range(1, PEOPLE + 1)]
        db.session.execute(insert(User), people)
        db.session.commit()


@app.get("/cookies/<int:people>")
def cookies(people):
    """Session cookies of the first so many, as if they had signed in."""
    sign = app.session_interface.get_signing_serializer(app).dumps
    mark = {"_fresh": True, "_id": "f" * 128}
    return {"cookies": [f"session={sign(mark | {'_user_id': str(n + 1)})}" for n in range(people)]}


@app.get("/whoami")
def whoami():
    """What a handshake would cost if it were only a page of the host's."""
    return current_user.name


@app.get("/costs")
def costs():
    """What the process has spent so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return {
        "cpu": time.process_time(),
        "rss": int(status.partition("VmRSS:")[2].split()[0]),
        "open": len(sockets().hub),
    }


@app.get("/deliver/<int:size>")
def deliver(size):
    """One entry of this size to everybody here; the time is in it."""
    hub = sockets().hub
    frame = b'{"type":"room","at":%d,"fill":"%s"}' % (time.monotonic_ns(), b"x" * size)
    hub.deliver(events.Entry(events.Audience(tuple(hub.online())), frame))
    return {}


if __name__ == "__main__":
    if not FILE.exists():
        fill()
    if len(sys.argv) > 1:
        from gevent.pywsgi import WSGIServer

        WSGIServer(("127.0.0.1", int(sys.argv[1])), app, log=None, backlog=8192).serve_forever()
