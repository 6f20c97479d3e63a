"""Presence: who is online, told only to those who watch and may see the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import announce, database
from ..current import Identity, chat
from ..database import reading
from ..errors import NotFound
from ..events import Audience, PresenceChanged
from ..models import access
from . import people


@reading
def watchable(identity: Identity, users: Sequence[str]) -> frozenset[str]:
    """Those of these people whose coming and going this person may see.

    Whom one may write to, and with whom one shares a conversation.
    """
    acting = people.acting_user(identity)
    keys = {key for user in users if (key := _key(user)) is not None}
    seen = chat.host.reachable(acting, keys)
    return frozenset(str(key) for key in seen | _sharing(identity, keys - seen))


def now_online(users: Sequence[str] | frozenset[str]) -> dict[str, str]:
    """For each of these people, ``online`` or ``offline``."""
    online = chat.presence.online(users) if chat.config.presence else set()
    return {user: "online" if user in online else "offline" for user in users}


def tell_presence(user: str, online: bool) -> None:
    """Tell those who watch this person that they came or went."""
    state = {"people": {user: "online" if online else "offline"}}
    announce.now(PresenceChanged(audience=Audience(watching=user), data=state))


def _key(user: str) -> Any:
    try:
        return chat.host.parse_key(user)
    except NotFound:
        return None


def _sharing(identity: Identity, keys: set[Any]) -> set[Any]:
    if not keys:
        return set()
    shared = access.sharing_with(identity.key, keys)
    return set(database.column(shared))
