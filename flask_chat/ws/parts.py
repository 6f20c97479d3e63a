"""The parts that only the sockets need, introduced by the extension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from ..current import chat
from ..presence import Presence
from ..realtime.hub import Hub
from .beat import Beat
from .surroundings import Surroundings


@dataclass(slots=True)
class Sockets:
    """The connections of this process, their leases, and the clock that runs beside them."""

    hub: Hub
    presence: Presence
    beat: Beat
    surroundings: Surroundings


def sockets() -> Sockets:
    """Those of the current app."""
    return cast(Sockets, chat.sockets)
