"""The demo: ``python -m host_example`` builds the school if need be and serves it.

``--reset`` throws the demo's database away first.
"""

from gevent import monkey

monkey.patch_all()  # before every other import: a module that came earlier may keep blocking parts

import argparse
import contextlib
import errno
import io
import signal
import sys
from pathlib import Path

from flask import Flask
from flask.cli import ScriptInfo
from gevent.event import Event
from gevent.pywsgi import WSGIServer
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from host_example import config, create_app, letters, seed
from host_example.models import Role, db

HOST = "127.0.0.1"
GRACE_SECONDS = 2


def main(arguments: list[str] | None = None) -> int:
    """Serve the demo until it is told to stop; return the exit code."""
    options = _parse(arguments)
    try:
        port = config.port()
        app = create_app()
        server = WSGIServer((HOST, port), app, log=None, backlog=1024)
        # Taking the port first also keeps two demos from building one database.
        server.init_socket()
    except ValueError as error:
        return _fail(str(error))
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        return _fail(
            f"Port {port} is taken; choose another one, for example: PORT={port + 1} make demo"
        )
    try:
        prepare(app, reset=options.reset)
    except SQLAlchemyError as error:
        return _fail(
            f"The database cannot be used ({_first_line(error)}); “make demo-reset” starts over."
        )
    serve(server, greeting(port))
    return 0


def prepare(app: Flask, *, reset: bool = False) -> None:
    """Bring the database to the state the demo needs; harmless when it is there already."""
    with app.app_context():
        if reset:
            wipe()
        is_new = seed.ensure()
        db.session.remove()
    with contextlib.redirect_stdout(io.StringIO()):
        app.cli.main(
            args=["chat", "init-db"], obj=ScriptInfo(create_app=lambda: app), standalone_mode=False
        )
    if is_new:
        with app.app_context():
            letters.write()


def wipe() -> None:
    """Throw away the demo's database: the file of SQLite, our own tables elsewhere."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        db.engine.dispose()
        if url.database and url.database != ":memory:":
            for suffix in ("", "-wal", "-shm"):
                Path(url.database + suffix).unlink(missing_ok=True)
        return
    known = set(db.metadata.tables)
    with db.engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        for name in inspect(connection).get_table_names():
            if name in known or name.startswith("chat_"):
                connection.execute(text(f"DROP TABLE IF EXISTS {quote(name)} CASCADE"))


def serve(server: WSGIServer, words: str) -> None:
    """Answer requests until Ctrl-C or SIGTERM, then finish what is under way."""
    stop = Event()
    # Plain handlers: a library that wants to say goodbye to its sockets can put its own in front.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server.start()
    print(words, flush=True)
    stop.wait()
    server.stop(timeout=GRACE_SECONDS)


def greeting(port: int) -> str:
    accounts = ", ".join(role.value for role in Role if role is not Role.STAFF)
    return (
        f"\n  Alder Quay School is open at http://{HOST}:{port}\n\n"
        f"  Sign in as   {accounts}\n"
        f"  Password     {seed.PASSWORD}\n\n"
        "  Two people talk best in two browsers, or in a private window beside this one.\n"
        "  Ctrl-C closes the school.\n"
    )


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m host_example", description="A school with a chat in it."
    )
    parser.add_argument(
        "--reset", action="store_true", help="throw the demo's database away and start over"
    )
    return parser.parse_args(arguments)


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _first_line(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


if __name__ == "__main__":
    sys.exit(main())
