"""Messages over REST."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import Identity
from ..services import history, messages, posting, reads, sync
from .blueprint import api


@api(
    "/conversations/<conversation>/messages",
    "GET",
    query=schemas.HISTORY_QUERY,
    gives={"messages": [schemas.MESSAGE], "more": bool, "head": int},
)
def read_history(identity: Identity, conversation: int, **place: Any) -> Any:
    """A page of the history, in ascending order."""
    return history.read_history(identity, conversation, **place)


@api(
    "/conversations/<conversation>/messages",
    "POST",
    takes=schemas.POST_MESSAGE,
    gives={"message": schemas.MESSAGE},
    creates=True,
    waits={"held": schemas.HELD},
    rate="messages",
)
def post_message(identity: Identity, conversation: int, **draft: Any) -> Any:
    """Send a message: 201 if it is new, 200 if this client_id had sent it already; 202 and `held`
    in place of `message` if it waits for the end of somebody's quiet hours."""
    posted = posting.post_message(identity, conversation, **draft)
    return posted.answer, posted.status


@api(
    "/conversations/<conversation>/messages/<message>",
    "PATCH",
    takes=schemas.EDIT_MESSAGE,
    gives={"message": schemas.MESSAGE},
    rate="messages",
)
def edit_message(identity: Identity, conversation: int, message: int, body: str) -> Any:
    """Change the words of one's own message."""
    return {"message": messages.edit_message(identity, conversation, message, body=body)}


@api(
    "/conversations/<conversation>/messages/<message>",
    "DELETE",
    gives={"message": schemas.MESSAGE},
    rate="messages",
)
def delete_message(identity: Identity, conversation: int, message: int) -> Any:
    """Leave a tombstone in place of a message."""
    return {"message": messages.delete_message(identity, conversation, message)}


@api(
    "/conversations/<conversation>/changes",
    "GET",
    query=schemas.CHANGES_QUERY,
    gives={"changes": [dict], "head": int, "more": bool},
)
def list_changes(identity: Identity, conversation: int, after: int, limit: int) -> Any:
    """What has changed since, as frames with the rows as they are now."""
    return sync.list_changes(identity, conversation, after=after, limit=limit)


@api("/conversations/<conversation>/read", "PUT", takes=schemas.MARK_READ, gives=schemas.SELF)
def mark_read(identity: Identity, conversation: int, seq: int) -> Any:
    """Read up to this message; a lower mark changes nothing."""
    return reads.mark_read(identity, conversation, seq=seq)
