"""``stats`` and ``who``: what there is, and who is here."""

from __future__ import annotations

from typing import Any

import click

from ..errors import Unavailable
from ..schemas.fields import moment
from ..services import maintenance, orders, people
from . import processes
from .group import as_json, command, show, table

_PATIENCE_SECONDS = 5.0


@command("stats")
@as_json
def stats(as_json: bool) -> None:
    """Count conversations, members and messages."""
    counts = maintenance.count_everything()

    def text() -> None:
        kinds = counts["conversations"]
        parts = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "none"
        click.echo(f"Conversations   {sum(kinds.values())} ({parts})")
        click.echo(f"Members         {counts['members']}")
        click.echo(
            f"Messages        {counts['messages']} ({counts['messages_today']} in the last day, "
            f"{counts['tombstones']} deleted, {counts['revisions']} earlier versions kept)"
        )
        if counts["oldest_message"] is not None:
            oldest, newest = moment(counts["oldest_message"]), moment(counts["newest_message"])
            click.echo(f"From            {oldest} to {newest}")

    show(counts, as_json=as_json, text=text)


@command("who")
@as_json
def who(as_json: bool) -> None:
    """Show who is connected now."""
    connections = _ask_server()
    names = people.names_of({row["user"] for row in connections if row["user"]})
    rows = [{**row, "name": names.get(row["user"], "")} for row in connections]
    rows.sort(key=lambda row: (row["name"], row["seconds"]))

    def text() -> None:
        if not rows:
            click.echo("Nobody is connected.")
            return
        shown = [{**row, "for": _duration(row["seconds"])} for row in rows]
        table(shown, {"name": "Person", "user": "Id", "for": "Since", "address": "From"})
        users = len({row["user"] for row in rows})
        click.echo(f"{users} people, {len(rows)} connections.")

    show(rows, as_json=as_json, text=text)


def _ask_server() -> list[dict[str, Any]]:
    answers = processes.ask(orders.WHO, patience_seconds=_PATIENCE_SECONDS)
    if not answers:
        raise Unavailable("No process of this app serves sockets at the moment.")
    return [connection for answer in answers for connection in answer]


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
