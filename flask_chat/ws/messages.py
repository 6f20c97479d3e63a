"""Messages over the socket."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from .. import schemas
from ..current import chat
from ..services import messages, posting
from .commands import Call, command


@command("message.post")
def post_message(call: Call) -> Generator[None, None, dict[str, Any]]:
    """Send a message, together with those that follow it at once."""
    draft = schemas.POST_FRAME.read(call.data)
    chat.rates.hit("messages", call.identity.user)
    begun = posting.begin_message(call.identity, **draft)
    try:
        yield
        return begun.finish().answer
    finally:
        begun.give_up()


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
