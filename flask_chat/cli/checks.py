"""What the doctor looks at, in the order in which a mistake shows: the app, the database, the
server, and then what the app answers to a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from .. import database, migrations, redis_client
from ..current import chat
from ..errors import ChatError
from .answers import answers_to_a_browser
from .findings import Finding, fail, ok, warn
from .indexes import indexes
from .serving import serving


def _identity() -> Iterator[Finding]:
    if not current_app.secret_key:
        yield fail("secret", "the app has no SECRET_KEY", "set SECRET_KEY: sessions are signed")
    if chat.hooks.identity is not None:
        yield ok("identity", "your `identity` hook says who is signed in")
    elif hasattr(current_app, "login_manager"):
        yield ok("identity", "Flask-Login says who is signed in")
    else:
        yield fail(
            "identity",
            "nobody says who is signed in",
            "set up Flask-Login, or give the chat an `identity` hook",
        )
    if chat.hooks.contacts is None:
        yield warn("contacts", "everybody may write to everybody", "say who with `@chat.contacts`")
    else:
        yield ok("contacts", "your `contacts` hook says who may write to whom")


def _names() -> Iterator[Finding]:
    if chat.host.has_names:
        yield ok("names", "people have names")
    else:
        model = chat.host.user_class.__name__
        yield warn(
            "names", f"{model} has no name that the chat knows of: people are User 17",
            "say what they are called: Chat(display_name=…)",
        )  # fmt: skip


def _csrf() -> Iterator[Finding]:
    if "csrf" in current_app.extensions:
        yield ok("csrf", f"CSRFProtect; the widget sends {chat.config.csrf_header}")
    elif callable(current_app.jinja_env.globals.get("csrf_token")):
        yield ok("csrf", f"your own csrf_token; the widget sends {chat.config.csrf_header}")
    else:
        yield ok("csrf", "none of yours; the chat's own rules of origin and JSON hold")


def _database() -> Iterator[Finding]:
    engine = database.engine()
    try:
        with engine.connect() as connection:
            yield ok("database", f"{engine.dialect.name}, through {engine.dialect.driver}")
            yield from _tables(connection)
            if engine.dialect.name == "sqlite":
                yield _journal(connection)
    except (SQLAlchemyError, ChatError) as problem:
        reason = str(problem).partition("\n")[0]
        yield fail("database", f"does not answer: {reason}", "look at SQLALCHEMY_DATABASE_URI")
        return
    if engine.dialect.driver == "psycopg2":
        yield warn(
            "database",
            "psycopg2 stops the whole process at each statement under gevent",
            "use psycopg 3: postgresql+psycopg://…, pip install 'flask-chat[postgres]'",
        )
    yield _pool(engine.pool)


def _tables(connection: Any) -> Iterator[Finding]:
    key = chat.models.user_key
    if not migrations.has_users(connection, key):
        found = f"the table of your users, {key.table.fullname}, is not there yet"
        yield fail("users", found, "make your own tables first, then run `flask chat init-db`")
        return
    version, newest = migrations.current(connection, key), migrations.newest()
    if version != newest:
        found = f"the tables have version {version or 'none'}, not {newest}"
        yield fail("tables", found, "run `flask chat init-db`")
    elif different := migrations.differences(connection, key):
        found = f"{len(different)} differences from what this release expects"
        yield fail("tables", found, "run `flask chat db check`, which names them")
    else:
        yield ok("tables", f"version {newest}, the newest")


def _journal(connection: Any) -> Finding:
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    if mode in ("wal", "memory"):
        return ok("journal", f"{mode}: people read while somebody writes")
    return warn(
        "journal",
        f"{mode}: one reader or writer at a time",
        "run once on the file: PRAGMA journal_mode=WAL",
    )


def _pool(pool: Any) -> Finding:
    size = getattr(pool, "size", None)
    if size is None:
        return ok("pool", f"{type(pool).__name__}")
    most = size() + max(0, getattr(pool, "_max_overflow", 0))
    return ok("pool", f"{type(pool).__name__}, {most} connections at most; sockets hold none")


def _bus() -> Iterator[Finding]:
    url = chat.config.bus_url
    if url.startswith("memory:"):
        yield ok("bus", "memory: one process serves the sockets, others poll")
        return
    try:
        client, prefix = redis_client.connect(url)
        client.ping()
        client.close()
    except Exception as problem:  # noqa: BLE001 - redis is imported only where it is used
        yield fail("bus", f"Redis does not answer: {problem}", "look at CHAT_BUS_URL and at Redis")
        return
    yield ok("bus", f"Redis answers; keys begin with {prefix}")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _identity, _names, _csrf, _database, indexes, _bus, serving, answers_to_a_browser,
)  # fmt: skip
