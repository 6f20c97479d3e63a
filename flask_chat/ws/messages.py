"""Messages over the socket."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import chat
from ..services import messages, posting
from .commands import Call, command


@command("message.post")
def post_message(call: Call) -> dict[str, Any]:
    """Send a message."""
    draft = schemas.POST_FRAME.read(call.data)
    chat.rates.hit("messages", call.identity.user)
    posted = posting.post_message(call.identity, **draft)
    return {"message": posted.message}


@command("message.edit")
def edit_message(call: Call) -> dict[str, Any]:
    """Change the words of one's own message."""
    place = schemas.MESSAGE_FRAME.read(call.data)
    values = schemas.EDIT_MESSAGE.read(call.data)
    chat.rates.hit("messages", call.identity.user)
    edited = messages.edit_message(call.identity, place["conversation"], place["message"], **values)
    return {"message": edited}


@command("message.delete")
def delete_message(call: Call) -> dict[str, Any]:
    """Leave a tombstone in place of a message."""
    place = schemas.MESSAGE_FRAME.read(call.data)
    chat.rates.hit("messages", call.identity.user)
    return {
        "message": messages.delete_message(call.identity, place["conversation"], place["message"])
    }
