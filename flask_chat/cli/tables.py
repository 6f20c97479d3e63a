"""``init-db``: make or update the chat's tables."""

from __future__ import annotations

import secrets

import click
from sqlalchemy import insert

from .. import database, migrations
from ..current import chat
from ..models.columns import utcnow
from ..services import sync
from .group import as_json, command, dry_run, show


@command("init-db")
@as_json
@dry_run
def init_db(as_json: bool, dry_run: bool) -> None:
    """Make the chat's tables, or bring them up to date. Safe to run again.

    Touches only tables whose names begin with chat_.
    """
    engine = database.engine()
    with engine.connect() as connection:
        before, newest = migrations.current(connection), migrations.newest()
        if dry_run:
            found = {"version": before, "newest": newest}
            show(found, as_json=as_json, text=lambda: _say_version(before, newest))
            return
    with engine.begin() as connection:
        applied = migrations.upgrade(connection, chat.models.user_key)
    _begin_epoch()
    done = {"version": newest, "newest": newest, "applied": applied}
    show(done, as_json=as_json, text=lambda: _say_done(newest, applied))


def _say_version(version: str | None, newest: str) -> None:
    click.echo(f"The tables have version {version or 'none'}; the newest is {newest}.")


def _say_done(newest: str, applied: list[str]) -> None:
    if applied:
        click.echo(f"The chat's tables are ready, at version {newest}.")
    else:
        click.echo(f"Nothing to do: the chat's tables are at version {newest}.")
    engine = database.engine()
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        if mode not in ("wal", "memory"):
            click.echo(
                "This SQLite file lets one reader or writer in at a time. To let people read\n"
                "while somebody writes, run once:  PRAGMA journal_mode=WAL"
            )


@database.writing
def _begin_epoch() -> None:
    """A new database begins a past of its own."""
    if not sync.epoch():
        table = chat.models.Epoch.__table__
        database.execute(insert(table).values(value=secrets.token_hex(8), created_at=utcnow()))
