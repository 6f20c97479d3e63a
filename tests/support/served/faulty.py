"""The tiny host with faults on demand, for gunicorn with several workers.

Variables of the environment ask for them:

* ``FAULT_KILL=1``: a message with "die before the commit" or "die after the commit" in it kills
  its worker there, as power failure would; "die twice" likewise, whenever it is sent.
* ``FAULT_AHEAD=file``: the worker that makes this file first has a clock that is five minutes
  ahead.
* ``FAULT_PROXY=1``: it stands behind a proxy and believes it, as ``docs/deployment.md`` says.
* ``FAULT_HURRY=1``: what is not a setting (leases in Redis, pauses) runs at a twentieth.
"""

# ruff: noqa: E402 - gevent patches before anything else is imported
from __future__ import annotations

from gevent import monkey

monkey.patch_all()  # before every other import

import datetime
import os
import signal
import time
from pathlib import Path
from typing import Any

AHEAD_SECONDS = 300


def _be_ahead() -> None:
    try:
        Path(os.environ["FAULT_AHEAD"]).touch(exist_ok=False)
    except FileExistsError:
        return
    clock, moments = time.time, datetime.datetime

    class Ahead(moments):  # type: ignore[misc, valid-type]
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return moments.now(tz) + datetime.timedelta(seconds=AHEAD_SECONDS)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.now(datetime.UTC).replace(tzinfo=None)

    time.time = lambda: clock() + AHEAD_SECONDS
    datetime.datetime = Ahead  # type: ignore[misc]


if "FAULT_AHEAD" in os.environ:
    _be_ahead()

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from flask_chat import redis_client
from flask_chat.bus import redis as bus
from flask_chat.presence import redis as presence
from flask_chat.ws import beat


def _hurry() -> None:
    redis_client.TIMEOUT_SECONDS, redis_client.CONNECT_SECONDS = 0.6, 0.3
    bus._BLOCK_MS, bus._PAUSE_SECONDS = 200, 0.1
    presence._LEASE_SECONDS, presence._RENEW_SECONDS, presence._PAUSE_SECONDS = 4, 1.5, 0.1
    presence._SWEEP_SECONDS = 0.5
    beat._LEASE_SECONDS = 0.3  # type: ignore[assignment]


if os.environ.get("FAULT_HURRY"):
    _hurry()

from tests.support.served.tiny import User, app, chat, db


def _kill_on_demand() -> None:
    """The words of a message that is being inserted say where its worker is to die."""

    @event.listens_for(Engine, "before_cursor_execute")
    def look(
        connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if statement.startswith("INSERT INTO chat_message "):
            connection.info["words"] = str(parameters)

    @event.listens_for(Session, "before_commit")
    def before(session: Session) -> None:
        if "die before the commit" in _words(session):
            os.kill(os.getpid(), signal.SIGKILL)

    # Listened to on the class, so that it is heard before what the chat hung on its own session.
    @event.listens_for(Engine, "commit")
    def committing(connection: Any) -> None:
        if "die after the commit" in connection.info.pop("words", ""):
            connection.connection.dbapi_connection.commit()
            os.kill(os.getpid(), signal.SIGKILL)


def _words(session: Session) -> str:
    if not session.in_transaction() or session.get_nested_transaction() is not None:
        return ""
    session.flush()
    return str(session.connection().info.get("words", ""))


if os.environ.get("FAULT_KILL"):
    _kill_on_demand()


if os.environ.get("FAULT_PROXY"):
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]


@app.post("/people/<int:key>/delete")
def delete(key: int) -> str:
    """Delete a person as a host does."""
    db.session.delete(db.get_or_404(User, key))
    db.session.commit()
    return "gone"


@app.post("/people/<int:key>/sign-out")
def sign_out(key: int) -> str:
    """End a person's sockets, for a reason of the host's."""
    chat.sign_out(db.get_or_404(User, key))
    return "out"


@app.get("/clock")
def clock() -> str:
    """What this worker takes for the time."""
    return str(time.time())


# In one piece, or the lines of two workers could be mixed.
os.write(2, f"worker ready {os.getpid()}\n".encode())
