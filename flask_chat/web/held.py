"""Messages over REST that wait for the end of somebody's quiet hours."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import Identity
from ..services import releasing
from .blueprint import api


@api(
    "/conversations/<conversation>/held",
    "GET",
    gives={"held": [schemas.HELD], "quiet": (schemas.QUIET, None)},
)
def list_held(identity: Identity, conversation: int) -> Any:
    """One's own messages that wait there, and what would hold back another one (null: nothing)."""
    return releasing.list_held(identity, conversation)


@api(
    "/conversations/<conversation>/held/<held>",
    "DELETE",
    gives={"held": schemas.HELD},
    rate="messages",
)
def cancel_held(identity: Identity, conversation: int, held: int) -> Any:
    """Take a message back that nobody has seen."""
    return {"held": releasing.cancel_held(identity, conversation, held)}


@api(
    "/conversations/<conversation>/held/<held>/send",
    "POST",
    gives={"messages": [schemas.MESSAGE], "held": [schemas.HELD]},
    rate="messages",
)
def send_held(identity: Identity, conversation: int, held: int) -> Any:
    """Send a held message at once, and one's own before it; in `held` is what was refused."""
    return releasing.send_held(identity, conversation, held)
