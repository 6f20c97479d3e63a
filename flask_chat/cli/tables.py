"""``init-db`` and ``resync``: make or update the chat's tables, begin a new past."""

from __future__ import annotations

import click
from sqlalchemy import Connection

from .. import database, migrations
from ..current import chat
from ..errors import SetupError
from ..services import epochs, orders, sync
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
        before = migrations.current(connection, chat.models.user_key)
        newest = migrations.newest()
        if dry_run:
            found = {"version": before, "newest": newest}
            show(found, as_json=as_json, text=lambda: _say_version(before, newest))
            return
    applied = bring_up(migrations.HEAD)
    done = {"version": newest, "newest": newest, "applied": applied}
    show(done, as_json=as_json, text=lambda: _say_done(newest, applied))


def bring_up(to: str) -> list[str]:
    """Bring the tables up to a version, and begin the first epoch; the versions applied."""
    with database.engine().begin() as connection:
        _require_users(connection)
        applied = migrations.upgrade(connection, chat.models.user_key, to)
    if not sync.epoch():
        epochs.begin()
    return applied


def _require_users(connection: Connection) -> None:
    """Our rows point to the host's, so its table comes first; SQLite does not mind."""
    key = chat.models.user_key
    if connection.dialect.name != "sqlite" and not migrations.has_users(connection, key):
        raise SetupError(
            f"The table of your users, {key.table.fullname}, is not there yet: make your own "
            "tables first, then run `flask chat init-db` again."
        )


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


@command("resync")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@dry_run
def resync(yes: bool, as_json: bool, dry_run: bool) -> None:
    """Let every client forget what it has and load anew: after a backup was restored.

    Numbers that were given out after the backup are given out again. A client that has seen the
    first of them must not take the second for it.
    """
    if dry_run:
        found = {"epoch": sync.epoch()}
        show(found, as_json=as_json, text=lambda: click.echo(f"The epoch is {found['epoch']}."))
        return
    if not yes:
        click.confirm("Let everybody load anew?", abort=True, err=True)
    begun = {"epoch": epochs.begin()}
    orders.give(orders.RESYNC)
    show(begun, as_json=as_json, text=lambda: click.echo("Everybody loads anew."))
