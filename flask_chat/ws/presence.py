"""Presence over the socket: whom it watches, and how they are now."""

from __future__ import annotations

from .. import protocol, schemas
from ..services import presence
from .commands import Call, command
from .parts import sockets


@command("presence.watch", answers=False)
def watch(call: Call) -> None:
    """Hear of these people's coming and going, instead of those named before."""
    wanted = schemas.WATCH_PEOPLE.read(call.data)["people"]
    people = presence.watchable(call.identity, wanted)
    sockets().hub.watch(call.connection, people)
    # After watching, so that whoever comes in between is told twice rather than never.
    now = {"type": "presence", "data": {"people": presence.now_online(people)}}
    call.connection.send(protocol.encode(now))
