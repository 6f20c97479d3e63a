"""Who is signed in, and tickets for clients without cookies."""

from __future__ import annotations

from typing import Any

from .. import schemas, tickets
from ..current import Identity, chat
from .blueprint import api
from .boot import boot

_BOOT = {
    "user": schemas.PERSON,
    "api": str,
    "ws": str,
    "page": str,
    "login": str | None,
    "csrf": dict[str, str] | None,
    "limits": dict[str, int | None],
    "features": dict[str, bool],
    "heartbeat": float,
    "tabs": str,
    "languages": dict[str, str],
}


@api("/session", "GET", gives=_BOOT)
def get_session(identity: Identity) -> Any:
    """Who is signed in, and what a client has to know."""
    return boot(identity)


@api("/ticket", "POST", gives={"ticket": str, "expires_in": int})
def make_ticket(identity: Identity) -> Any:
    """A ticket for a client without cookies, good for a short while.

    It is shown in the first frame, never in a URL, which proxies and logs would keep.
    """
    return {"ticket": tickets.make(identity), "expires_in": int(chat.config.ticket_seconds)}
