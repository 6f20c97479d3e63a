"""``announce`` and ``announced``: to a list of the host's, and who has read it."""

from __future__ import annotations

import hashlib
from typing import Any

import click

from .. import schemas
from ..current import Identity, chat
from ..services import announcements
from .group import as_json, command, dry_run, identity_of, progress, show, table


@command("announce")
@click.option("--as", "author", required=True, help="The id of the person who announces.")
@click.option("--to", help="The name of a list; without it, the lists are shown.")
@click.option("--title", default="", help="What it is called in people's lists.")
@click.option("--confirm-read", is_flag=True, help="Ask everybody to confirm they have read it.")
@click.option(
    "--key", help="Repeating it under the same key sends nothing twice; made of what is said."
)
@click.option("--yes", is_flag=True, help="Do not ask, however many they are.")
@click.argument("body", default="")
@as_json
@dry_run
def announce(
    author: str,
    to: str | None,
    title: str,
    confirm_read: bool,
    key: str | None,
    yes: bool,
    body: str,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Announce BODY to everybody in a list that the host offers this person.

    One transaction: stopped in the middle, nobody has it, and it may be run again.
    """
    writer = identity_of(author)
    if to is None:
        _show_lists(writer, as_json=as_json)
        return
    values = {"to": to, "title": title, "body": body, "confirm": confirm_read}
    asked = schemas.POST_ANNOUNCEMENT.read({**values, "client_id": key or _key(*values.values())})
    count = announcements.count_recipients(writer, to)
    if dry_run:
        found = {"recipients": count, "announced": None}
        show(found, as_json=as_json, text=lambda: click.echo(f"{count} people are in {to}."))
        return
    if count > chat.config.announce_above and not yes:
        click.confirm(f"Announce “{title}” to {count} people?", abort=True, err=True)
    with progress("Announcing", length=count + 1, hidden=as_json) as bar:
        asked["recipients"] = count
        announced = announcements.post_announcement(writer, **asked, told=bar.update)
    done = {"recipients": announced.recipients, "announced": announced.conversation}

    def text() -> None:
        verb = "Announced" if announced.created else "Had been announced before"
        number = announced.conversation["id"]
        click.echo(f"{verb} to {announced.recipients} people: conversation {number}.")

    show(done, as_json=as_json, text=text)


@command("announced")
@click.option("--missing", is_flag=True, help="Only those who have not confirmed or read it.")
@click.argument("conversation", type=int)
@as_json
def announced(conversation: int, missing: bool, as_json: bool) -> None:
    """Say who has read and confirmed the announcement with this number."""
    report = announcements.report_on(conversation, missing=missing)

    def text() -> None:
        rows = [
            {**one, "read": "yes" if one["read"] else "no", "at": one["confirmed_at"] or ""}
            for one in report["recipients"]
        ]
        table(rows, {"id": "Id", "name": "Name", "read": "Read", "at": "Confirmed"})
        click.echo(
            f"{report['to']}: {report['total']} people, {report['read']} have read it, "
            f"{report['confirmed']} have confirmed that."
        )

    show(report, as_json=as_json, text=text)


def _show_lists(writer: Identity, *, as_json: bool) -> None:
    lists = announcements.list_recipient_lists(writer)
    found = [
        {**one, "recipients": announcements.count_recipients(writer, one["name"])} for one in lists
    ]
    columns = {"name": "Name", "label": "To", "recipients": "People"}

    def text() -> None:
        if found:
            table(found, columns)
        else:
            click.echo("The host offers this person no list of people to announce to.")

    show(found, as_json=as_json, text=text)


def _key(*asked: Any) -> str:
    return hashlib.sha256(repr(asked).encode()).hexdigest()
