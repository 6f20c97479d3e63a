"""Messages over the socket that wait for the end of somebody's quiet hours."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import chat
from ..services import releasing
from .commands import Call, command


@command("held.cancel")
def cancel_held(call: Call) -> dict[str, Any]:
    """Take a message back that nobody has seen."""
    place = schemas.HELD_FRAME.read(call.data)
    chat.rates.hit("messages", call.identity.user)
    return {"held": releasing.cancel_held(call.identity, place["conversation"], place["held"])}


@command("held.send")
def send_held(call: Call) -> dict[str, Any]:
    """Send a held message at once, and one's own before it."""
    place = schemas.HELD_FRAME.read(call.data)
    chat.rates.hit("messages", call.identity.user)
    return {**releasing.send_held(call.identity, place["conversation"], place["held"])}
