"""How sockets are moved: an engine runs the whole life of one, from the 101 to the shutdown.

There is one today, :mod:`threads`, which works under every server we can serve. Whatever engine
is chosen keeps the same promises, in ``tests/integration/servers``.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, NamedTuple, Protocol

from . import threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...config import Config
    from ...current import Identity
    from ..connection import Receiver


class Accepted(NamedTuple):
    """A socket that the server has given up, and who is behind it.

    :param head: the HTTP answer, which the engine writes first.
    :param buffered: what the server had already read from the client.
    :param limit: called once per frame; raises ``RateLimited`` when there are too many.
    """

    socket: socket.socket
    head: bytes
    buffered: bytes
    receiver: Receiver
    config: Config
    identity: Identity | None
    address: str
    limit: Callable[[], None] | None


class Engine(Protocol):
    """A way to run sockets."""

    name: str

    def serve(self, accepted: Accepted) -> None:
        """Run this socket's life; whatever happens, it raises nothing into the server."""


def choose(connection: socket.socket) -> Engine:
    """The engine for this socket."""
    return threads.ENGINE


def describe() -> str:
    """For the doctor: which engine this process uses."""
    return threads.ENGINE.name
