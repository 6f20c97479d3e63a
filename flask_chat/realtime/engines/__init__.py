"""How sockets are moved: an engine runs the whole life of one, from the 101 to the shutdown.

:mod:`epoll` takes the descriptor away from the server, under gevent on Linux: an idle socket is
then a small object and nothing else. :mod:`threads` works under every server we can serve, and
costs what the server pays for an open request. Both keep the same promises, in
``tests/integration/servers``.
"""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .. import servers
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
    :param leave: tells the server that the socket is no longer its own; ``None`` if it cannot
        be told.
    """

    socket: socket.socket
    head: bytes
    buffered: bytes
    receiver: Receiver
    config: Config
    identity: Identity | None
    address: str
    limit: Callable[[], None] | None
    leave: Callable[[], None] | None = None


class Engine(Protocol):
    """A way to run sockets."""

    name: str

    def serve(self, accepted: Accepted) -> None:
        """Run this socket's life; whatever happens, it raises nothing into the server."""


def choose(accepted: Accepted) -> Engine:
    """The engine for this socket: handed over where that is possible, else read by its request."""
    if _may_hand_over(accepted):
        from . import epoll

        return epoll.ENGINE
    return threads.ENGINE


def describe() -> dict[str, Any]:
    """For the doctor: which engine sockets get in this process, as far as it can tell by itself,
    whether gevent is at work, and whether it has patched.

    A socket with TLS, or of a server that cannot be told, has the portable engine all the same.
    """
    return {
        "engine": "epoll" if _is_patched() else threads.ENGINE.name,
        "gevent": "gevent.pywsgi" in sys.modules,
        "patched": _is_patched(),
    }


def _may_hand_over(accepted: Accepted) -> bool:
    # TLS inside the process has a state of its own, which a descriptor does not carry.
    if accepted.leave is None or hasattr(accepted.socket, "pending"):
        return False
    if not servers.is_cooperative(accepted.socket) or not _is_patched():
        return False
    from . import epoll

    return epoll.is_at_home()


def _is_patched() -> bool:
    """Whether this is Linux, and gevent has patched the process so that all wait in its hub."""
    monkey = sys.modules.get("gevent.monkey")
    return sys.platform == "linux" and bool(monkey and monkey.is_module_patched("threading"))
