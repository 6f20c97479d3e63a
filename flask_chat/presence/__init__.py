"""Who is online, over all workers.

What is promised stands in :mod:`base`; each backend is a file of its own, chosen by the scheme
of ``CHAT_BUS_URL``, as the bus is. Presence may vanish at any moment and is rebuilt from the
open connections: nothing durable depends on it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from ..errors import SetupError
from .base import Announce, Presence

if TYPE_CHECKING:
    from ..config import Config

__all__ = ["SCHEMES", "Presence", "connect"]

# URL scheme -> module, which has `connect(url, config, announce) -> Presence`.
SCHEMES = {
    "memory": "flask_chat.presence.memory",
    "redis": "flask_chat.presence.redis",
    "rediss": "flask_chat.presence.redis",
}


def connect(url: str, config: Config, announce: Announce) -> Presence:
    """The presence for this URL, not started yet.

    :param announce: called with a user's id and whether they are online now.
    :raises SetupError: if the scheme is unknown.
    """
    scheme, separator, _ = url.partition("://")
    if not separator or scheme not in SCHEMES:
        known = ", ".join(f"{name}://" for name in SCHEMES)
        raise SetupError(
            f"CHAT_BUS_URL must begin with one of {known}; this begins with {scheme!r}."
        )
    return cast(Presence, import_module(SCHEMES[scheme]).connect(url, config, announce))
