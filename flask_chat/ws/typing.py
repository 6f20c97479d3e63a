"""Typing over the socket."""

from __future__ import annotations

from .. import schemas
from ..services import typing
from .commands import Call, command


@command("typing", answers=False)
def tell_typing(call: Call) -> None:
    """Say that one is typing."""
    place = schemas.CONVERSATION_FRAME.read(call.data)
    typing.tell_typing(call.identity, place["conversation"])
