"""``send``: write a message from the command line."""

from __future__ import annotations

from typing import Any

import click

from .. import schemas
from ..errors import NotFound
from ..services import conversations, posting
from ..services.drafts import Held
from .group import as_json, command, dry_run, identity_of, show


@command("send")
@click.option("--conversation", type=int, help="The number of the conversation.")
@click.option("--to", help="The id of a person, for a direct conversation; needs --as.")
@click.option("--as", "author", help="The id of the person who writes; the system if left out.")
@click.option("--client-id", help="Repeating a send with the same mark sends nothing twice.")
@click.argument("body")
@as_json
@dry_run
def send(
    conversation: int | None,
    to: str | None,
    author: str | None,
    client_id: str | None,
    body: str,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Send BODY as a person, or as the system itself."""
    if (conversation is None) == (to is None) or (to is not None and author is None):
        raise click.UsageError("Give --conversation, or --to together with --as.")
    schemas.EDIT_MESSAGE.read({"body": body})
    writer = identity_of(author) if author is not None else None
    if dry_run:
        where = f"conversation {conversation}" if to is None else f"the conversation with {to}"
        show({"sent": None}, as_json=as_json, text=lambda: click.echo(f"Would write to {where}."))
        return
    place = _place(writer, conversation, to)
    posted = posting.post_message(writer, place, body=body, client_id=client_id)
    if isinstance(posted, Held):
        held = posted.held
        until = held["due_at"] or "nobody knows when"
        show({"held": held}, as_json=as_json, text=lambda: click.echo(f"Held until {until}."))
        return
    message = posted.message

    def text() -> None:
        verb = "Sent" if posted.created else "Had been sent before"
        click.echo(f"{verb}: message {message['seq']} of conversation {message['conversation']}.")

    show({"sent": message}, as_json=as_json, text=text)


def _place(writer: Any, conversation: int | None, to: Any) -> int:
    if conversation is not None:
        return conversation
    try:
        return int(conversations.open_direct(writer, to).conversation["id"])
    except NotFound:
        raise NotFound(
            f"There is no person with the id {to} to whom {writer.user} may write."
        ) from None
