"""What the chat refuses, each in one sentence, before anybody chats.

Ground floor. A host that cannot carry the chat hears of it when it starts, and not from the first
person who writes a message.
"""

from __future__ import annotations

import re
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from .errors import SetupError

if TYPE_CHECKING:
    from flask import Flask
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy import Table

    from .config import Config

# The bounds of setup.py that old apps are likely to hold down; a test keeps them alike.
LOWEST = {"flask": "3.0", "flask-sqlalchemy": "3.1", "sqlalchemy": "2.0.30", "marshmallow": "4.0"}
_SQLITE = (3, 35)  # UPDATE … RETURNING


def refuse_old_versions() -> None:
    """pip says so when it installs; an environment that was forced has to be told again.

    :raises SetupError: if a package is older than the chat can do with.
    """
    for package, lowest in LOWEST.items():
        try:
            found = version(package)
        except PackageNotFoundError:  # a checkout on the path, of which pip knows nothing
            continue
        if _numbers(found) < _numbers(lowest):
            raise SetupError(
                f"The chat needs {package} {lowest} or newer; this environment has {found}: "
                f"pip install --upgrade '{package}>={lowest}'"
            )


def refuse_app(app: Flask, db: SQLAlchemy, config: Config) -> None:
    """:raises SetupError: if names that the chat needs are taken in this app."""
    if "chat" in app.extensions:
        raise SetupError("This app has a chat already; call init_app once.")
    if not hasattr(db, "session") or not hasattr(db, "metadatas"):
        raise SetupError(
            "The second argument of init_app is your Flask-SQLAlchemy extension, `db` in most "
            f"apps; {db!r} is none."
        )
    if config.blueprint in app.blueprints:
        raise SetupError(
            f"This app has a blueprint {config.blueprint!r} already: give the chat's another name "
            "with CHAT_BLUEPRINT."
        )
    if config.command in app.cli.commands:
        raise SetupError(
            f"This app has a command `flask {config.command}` already: give the chat's another "
            "name with CHAT_COMMAND."
        )
    taken = [rule.rule for rule in app.url_map.iter_rules() if _is_below(rule.rule, config)]
    if taken:
        raise SetupError(
            f"This app has a route {taken[0]} already: give the chat another place with "
            "CHAT_URL_PREFIX."
        )


def refuse_database(db: SQLAlchemy, users: Table) -> None:
    """Call it in an app context, once ``db`` knows the app.

    :raises SetupError: if the chat cannot keep its tables beside this one.
    """
    engine = db.engines.get(users.metadata.info.get("bind_key"))
    if engine is None:
        return  # of a bind that is not configured; SQLAlchemy names it at the first statement
    name = engine.dialect.name
    if name not in ("sqlite", "postgresql"):
        raise SetupError(
            f"The chat runs on SQLite and PostgreSQL; the database of {users.fullname} is {name}, "
            "which cannot return the rows that an UPDATE has changed."
        )
    if name == "sqlite" and sqlite3.sqlite_version_info < _SQLITE:
        raise SetupError(
            f"The chat needs SQLite 3.35 or newer; this Python has {sqlite3.sqlite_version}."
        )


def _is_below(rule: str, config: Config) -> bool:
    return rule == config.url_prefix or rule.startswith(f"{config.url_prefix}/")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
