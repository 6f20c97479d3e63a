"""Who is signed in, and tickets for clients without cookies."""

from __future__ import annotations

from typing import Any

from .. import tickets
from ..current import Identity, chat
from .blueprint import api
from .boot import boot


@api("/session", "GET", gives={"user": dict, "ws": str, "csrf": dict, "limits": dict})
def get_session(identity: Identity) -> Any:
    """Who is signed in, and what a client has to know."""
    return boot(identity)


@api("/ticket", "POST", gives={"ticket": str, "expires_in": int})
def make_ticket(identity: Identity) -> Any:
    """A ticket for a client without cookies, good for one minute.

    It is shown in the first frame, never in a URL, which proxies and logs would keep.
    """
    return {"ticket": tickets.make(identity), "expires_in": int(chat.config.ticket_seconds)}
