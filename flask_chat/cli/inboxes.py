"""``inbox``: the queues of the offices, as the administrator sees them."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from ..current import chat
from ..errors import NotFound
from ..services import handling, history, queues
from .group import as_json, command, dry_run, group, show, table

inbox = AppGroup("inbox", help="See and sort what people have written to an office.")
group.add_command(inbox)

_STATES = ("new", "assigned", "waiting", "closed")


@command("list", within=inbox)
@click.argument("name", required=False)
@click.option("--state", type=click.Choice(_STATES), help="Only these; without, all but closed.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@as_json
def list_queue(name: str | None, state: str | None, limit: int, as_json: bool) -> None:
    """List what is in the queue of the office NAME, or of each office."""
    names = [name] if name is not None else [one.name for one in chat.inboxes]
    states = [state] if state is not None else list(_STATES[:3])
    rows = [_row(found) for one in names for found in _queue(one, states, limit)]

    def text() -> None:
        columns = {
            "conversation": "Conversation", "inbox": "Office", "state": "State",
            "writer": "From", "assignee": "Taken by", "waiting_since": "Waits since",
        }  # fmt: skip
        table(rows, columns)

    show(rows, as_json=as_json, text=text)


@command("show", within=inbox)
@click.argument("conversation", type=int)
@as_json
def show_inquiry(conversation: int, as_json: bool) -> None:
    """Show how the inquiry of CONVERSATION stands, and what the staff have noted."""
    found = queues.find(conversation)
    row = {**_row(found), "notes": history.read_notes(int(found["notes"]))}

    def text() -> None:
        for name, value in row.items():
            if name != "notes":
                click.echo(f"{name.replace('_', ' ').capitalize():15} {value or '-'}")
        for note in row["notes"]:
            click.echo(f"{note['created_at']}  {note['body']}")

    show(row, as_json=as_json, text=text)


@command("assign", within=inbox)
@click.argument("conversation", type=int)
@click.argument("person", required=False)
@as_json
@dry_run
def assign(conversation: int, person: str | None, as_json: bool, dry_run: bool) -> None:
    """Give the inquiry of CONVERSATION to PERSON, an id; without, back to the queue."""
    if not dry_run:
        handling.assign(None, conversation, person)
    found = queues.find(conversation)
    _say(found, as_json, "Would change" if dry_run else "Now", dry_run=dry_run)


@command("close", within=inbox)
@click.argument("conversation", type=int)
@click.option("--reopen", is_flag=True, help="Open it again instead.")
@as_json
@dry_run
def close(conversation: int, reopen: bool, as_json: bool, dry_run: bool) -> None:
    """Close the inquiry of CONVERSATION."""
    if not dry_run:
        handling.set_closed(None, conversation, closed=not reopen)
    found = queues.find(conversation)
    _say(found, as_json, "Would change" if dry_run else "Now", dry_run=dry_run)


def _queue(name: str, states: list[str], limit: int) -> list[dict[str, Any]]:
    if chat.inboxes.get(name) is None:
        known = ", ".join(one.name for one in chat.inboxes) or "none"
        raise NotFound(f"There is no inbox {name!r}. There are: {known}.")
    return [
        found
        for state in states
        for found in queues.list_queue(
            None, name, state="others" if state == "assigned" else state, limit=limit
        )["inquiries"]
    ]


def _row(found: dict[str, Any]) -> dict[str, Any]:
    def name(person: dict[str, Any] | None) -> str:
        return person["name"] if person else ""

    return {
        "conversation": found["conversation"],
        "inbox": found["inbox"],
        "state": found["state"],
        "writer": name(found["writer"]),
        "assignee": name(found["assignee"]),
        "opened_at": found["opened_at"],
        "waiting_since": found["waiting_since"] or "",
        "snoozed_until": found["snoozed_until"] or "",
    }


def _say(found: dict[str, Any], as_json: bool, word: str, *, dry_run: bool) -> None:
    row = _row(found)

    def text() -> None:
        taken = f", taken by {row['assignee']}" if row["assignee"] else ""
        click.echo(f"{word}: conversation {row['conversation']}, {row['state']}{taken}.")

    show({"inquiry": row, "changed": not dry_run}, as_json=as_json, text=text)
