"""Conversations over REST."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import Identity
from ..services import conversations, inboxes, members, threads
from .blueprint import api


@api(
    "/conversations",
    "POST",
    takes=schemas.CREATE_CONVERSATION,
    gives={"conversation": schemas.HEAD},
    creates=True,
    rate="openings",
)
def open_conversation(identity: Identity, kind: str, members: list[str], **values: Any) -> Any:
    """Open a direct conversation, a group, the notes to oneself, the thread of a host record, or
    the conversation with an office (for its staff, as the office with a user): 201 if it is new,
    else 200."""
    if kind == "direct":
        opened = conversations.open_direct(identity, values["user"])
    elif kind == "subject":
        named = values["subject"]
        opened = threads.open_thread(identity, kind=named["kind"], record=named["id"])
    elif kind == "inbox":
        named = {name: values[name] for name in ("inbox", "user") if name in values}
        by_staff = "user" in named
        opened = (inboxes.open_as_office if by_staff else inboxes.open_inquiry)(identity, **named)
    elif kind == "self":
        opened = conversations.open_notes(identity)
    else:
        opened = conversations.create_group(identity, title=values["title"], users=members)
    return {"conversation": opened.conversation}, 201 if opened.created else 200


@api("/conversations/<conversation>", "GET", gives={"conversation": schemas.HEAD})
def get_conversation(identity: Identity, conversation: int) -> Any:
    """One conversation, with one's own state of it."""
    return {"conversation": conversations.get_conversation(identity, conversation)}


@api(
    "/conversations/<conversation>",
    "PATCH",
    takes=schemas.CHANGE_CONVERSATION,
    gives={"conversation": schemas.HEAD},
)
def change_conversation(
    identity: Identity, conversation: int, title: str | None = None, **own: bool
) -> Any:
    """Rename a group, or set one's own muted, archived and pinned."""
    if title is not None:
        conversations.rename_group(identity, conversation, title=title)
    if own:
        conversations.set_own(identity, conversation, **own)
    return {"conversation": conversations.get_conversation(identity, conversation)}


@api("/conversations/<conversation>", "DELETE")
def leave_conversation(identity: Identity, conversation: int) -> Any:
    """Leave a group."""
    members.remove_member(identity, conversation, identity.user)
    return {}
