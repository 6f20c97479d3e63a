"""Read marks over the socket."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..services import reads
from .commands import Call, command


@command("conversation.read")
def mark_read(call: Call) -> dict[str, Any]:
    """Read up to a message."""
    place = schemas.CONVERSATION_FRAME.read(call.data)
    values = schemas.MARK_READ.read(call.data)
    return reads.mark_read(call.identity, place["conversation"], **values)
