"""``flask chat db …``: the versions of our tables, for those who want more than ``init-db``."""

from __future__ import annotations

import click

from .. import database, migrations
from ..current import chat
from .group import as_json, command, db_group, dry_run, show, table
from .tables import bring_up


@command("upgrade", within=db_group)
@click.argument("to", default=migrations.HEAD)
@as_json
@dry_run
def upgrade(to: str, as_json: bool, dry_run: bool) -> None:
    """Bring the tables up to version TO, by default the newest."""
    applied = migrations.ahead(_current(), to) if dry_run else bring_up(to)
    verb = "Would apply" if dry_run else "Applied"
    show({"applied": applied}, as_json=as_json, text=lambda: _say(verb, applied))


@command("downgrade", within=db_group)
@click.argument("to")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@dry_run
def downgrade(to: str, yes: bool, as_json: bool, dry_run: bool) -> None:
    """Take the tables back to version TO; back to "base" nothing of the chat is left.

    What only the later versions can hold is lost. Stop the app first.
    """
    with database.engine().connect() as connection:
        undone = migrations.behind(migrations.reached(connection, chat.models.user_key), to)
    if not dry_run:
        if undone and not yes:
            click.confirm(
                f"Undo {', '.join(undone)} and lose what they hold?", abort=True, err=True
            )
        with database.engine().begin() as connection:
            undone = migrations.downgrade(connection, chat.models.user_key, to)
    verb = "Would undo" if dry_run else "Undone"
    show({"undone": undone}, as_json=as_json, text=lambda: _say(verb, undone))


@command("current", within=db_group)
@as_json
def current(as_json: bool) -> None:
    """Show the version the tables have, and the one this release brings."""
    found = {"version": _current(), "newest": migrations.newest()}

    def text() -> None:
        click.echo(f"{found['version'] or 'none'} (newest: {found['newest']})")

    show(found, as_json=as_json, text=text)


@command("history", within=db_group)
@as_json
def history(as_json: bool) -> None:
    """List all versions, and which of them this database has."""
    rows = [
        {"version": each.number, "applied": each.applied, "brings": each.brought}
        for each in migrations.history(_current())
    ]

    def text() -> None:
        shown = [{**row, "applied": "yes" if row["applied"] else "no"} for row in rows]
        table(shown, {"version": "Version", "applied": "Here", "brings": "Brings"})

    show(rows, as_json=as_json, text=text)


@command("check", within=db_group)
@as_json
def check(as_json: bool) -> None:
    """Compare the tables with what this release expects; exit code 1 if they differ."""
    key = chat.models.user_key
    with database.engine().connect() as connection:
        differences = migrations.differences(connection, key)
    found = {"version": _current(), "newest": migrations.newest(), "differences": differences}
    is_right = found["version"] == found["newest"] and not differences

    def text() -> None:
        if found["version"] != found["newest"]:
            click.echo(
                f"The tables have version {found['version'] or 'none'}, not {found['newest']}: "
                "run `flask chat db upgrade`."
            )
            return
        for difference in differences:
            click.echo(difference)
        if is_right:
            click.echo("The tables are what this release expects.")

    show(found, as_json=as_json, text=text)
    if not is_right:
        raise SystemExit(1)


@command("sql", within=db_group)
@click.option("--from", "begin", help="The version to go from; by default the one there is.")
@click.option("--to", default=migrations.HEAD, help="The version to go to; by default the newest.")
@as_json
def sql(begin: str | None, to: str, as_json: bool) -> None:
    """Print what an upgrade or downgrade would say to this database, and do nothing.

    For those who may not let an app change its own tables.
    """
    begin = begin or _current()
    with database.engine().connect() as connection:
        written = migrations.sql(connection, chat.models.user_key, begin, to)
    show({"sql": written}, as_json=as_json, text=lambda: click.echo(written, nl=False))


def _current() -> str | None:
    with database.engine().connect() as connection:
        return migrations.current(connection, chat.models.user_key)


def _say(verb: str, versions: list[str]) -> None:
    click.echo(f"{verb}: {', '.join(versions)}." if versions else "Nothing to do.")
