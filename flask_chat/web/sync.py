"""Catching up over REST."""

from __future__ import annotations

from typing import Any

from .. import schemas
from ..current import Identity
from ..services import reads, sync
from .blueprint import api

# Five thousand known conversations, each with its two numbers.
_KNOWN_BYTES = 256 * 1024

_TOTALS = {"unread": int, "conversations": int}


@api(
    "/sync",
    "POST",
    takes=schemas.SYNC_REQUEST,
    gives={
        "conversations": [schemas.HEAD], "next": str | None, "gone": [str],
        "held": [schemas.HELD], "totals": _TOTALS,
        "now": str, "epoch": str,
    },
    body_bytes=_KNOWN_BYTES,
)  # fmt: skip
def synchronise(identity: Identity, **known: Any) -> Any:
    """The conversations that differ from what the client knows, newest first."""
    return sync.synchronise(identity, **known)


@api("/sync", "GET", query=schemas.TOTALS_QUERY, gives={"totals": _TOTALS})
def totals(identity: Identity, **_: Any) -> Any:
    """What a badge shows: unread messages, and in how many conversations."""
    return {"totals": reads.totals(identity)}
