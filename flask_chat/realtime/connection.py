"""One open socket as the rest of the house sees it, and what the house owes it.

The connection knows the person, the outbox and nothing of threads or descriptors; the engine
behind :class:`Transport` does the moving. Everything here may be called from any thread or
greenlet and never waits.

The other side is a :class:`Receiver`: a socket's session, written on the floor above.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .. import protocol
from . import frames
from .outbox import Outbox

if TYPE_CHECKING:
    from ..config import Config
    from ..current import Identity
    from ..errors import ChatError


log = logging.getLogger("flask_chat.realtime")


class Transport(Protocol):
    """What an engine does for a connection. None of it waits, none of it raises."""

    def wake(self) -> None:
        """Something is in the outbox: write as much as goes, arrange for the rest."""

    def closing(self) -> None:
        """The close frame is in the outbox: from now on the socket's time is bounded."""

    def look_by(self, moment: float) -> None:
        """Look at this connection's deadline at this moment (monotonic), or earlier."""


class Box(Protocol):
    """Where a connection puts its frames: an :class:`~flask_chat.realtime.outbox.Outbox`, or an
    engine that needs none as long as the peer takes everything. See there what each call means.
    """

    @property
    def is_finished(self) -> bool: ...

    def put(self, wire: bytes) -> bool: ...

    def offer(self, wire: bytes, key: str) -> None: ...

    def finish(self, *wires: bytes) -> bool: ...

    def hold(self) -> None: ...

    def let_go(self) -> None: ...


class Receiver(Protocol):
    """Who is told what one connection says. One at a time per connection, in order.

    An error of :mod:`flask_chat.errors` raised from ``opened`` or ``received`` is sent to the
    client and closes the socket with the error's own code; any other exception closes it with
    1011. ``closed`` is called exactly once, whatever happened, and last.
    """

    def opened(self, connection: Connection) -> None:
        """The socket is accepted; nothing has been read yet, and nothing leaves until this ends."""

    def received(self, connection: Connection, texts: Iterator[str]) -> None:
        """Whole text messages, those that came at once. May wait: meanwhile nothing more is read
        from this socket."""

    def closed(self, connection: Connection) -> None:
        """The socket is gone: no call follows, and what is sent now is thrown away."""


class Ending(NamedTuple):
    """A close that is due at a moment (monotonic)."""

    moment: float
    code: int
    reason: str
    bye: bytes | None


class Connection:
    """One open socket.

    :ivar id: short random text, for logs.
    :ivar identity: who is behind it; ``None`` until a client without cookies has shown its ticket.
    :ivar address: where it comes from, as the host's proxy settings see it.
    :ivar opened_at: monotonic seconds.
    :ivar watching: whose presence it wants to hear of; set through ``Hub.watch``.
    """

    __slots__ = (
        "__weakref__", "_ending", "_outbox", "_transport", "address", "id", "identity",
        "opened_at", "watching",
    )  # fmt: skip

    def __init__(
        self,
        transport: Transport,
        outbox: Box,
        *,
        identity: Identity | None = None,
        address: str = "",
    ) -> None:
        self.id = secrets.token_hex(4)
        self.identity = identity
        self.address = address
        self.opened_at = time.monotonic()
        self.watching: frozenset[str] = frozenset()
        self._transport = transport
        self._outbox = outbox
        self._ending: Ending | None = None

    @property
    def user(self) -> str | None:
        """The public id of who is behind it; ``None`` as long as nobody is known to be."""
        return self.identity.user if self.identity else None

    @property
    def is_open(self) -> bool:
        """Whether frames still go out: no close has been asked for by either side."""
        return not self._outbox.is_finished

    def send(self, frame: bytes) -> None:
        """Send what must arrive: a durable event, or an answer.

        When the outbox overflows, all that waits is exchanged for one ``resync``: a client with
        a gap would show a wrong history, one that loads anew does not.
        """
        self.send_wire(frames.text(frame))

    def offer(self, frame: bytes, key: str) -> None:
        """Send what may be dropped; while it waits, a newer one of the same key takes its place."""
        self.offer_wire(frames.text(frame), key)

    def send_wire(self, wire: bytes) -> None:
        """As :meth:`send`, for bytes of :func:`frames.text` that many sockets share."""
        if not self._outbox.put(wire):
            log.info("Socket %s is too slow: told to load anew", self.id)
        self._transport.wake()

    def offer_wire(self, wire: bytes, key: str) -> None:
        """As :meth:`offer`, for bytes of :func:`frames.text` that many sockets share."""
        self._outbox.offer(wire, key)
        self._transport.wake()

    def close(self, code: int, reason: str = "", *, bye: bytes | None = None) -> None:
        """Send what waits, then ``bye``, then a close frame; only the first call counts.

        The peer has a short while to take all this and to close in turn; then the socket is cut.
        """
        self._finish(bye, frames.close(code, reason))

    def fail(self, problem: ChatError) -> None:
        """Say what is wrong in an ``error`` frame, then close with that error's code."""
        self._finish(protocol.error(problem), frames.close(problem.close, problem.code))

    def end_with(self, goodbye: bytes) -> None:
        """For engines: send what waits, then this close frame, unless there was one already."""
        self._finish(None, goodbye)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing leave before the block ends; what is sent meanwhile waits in order.

        So that ``hello`` is the first frame *and* nothing is missed after it: send it, then join
        the hub, and only then let it go. ``Receiver.opened`` runs like this anyway.
        """
        self._outbox.hold()
        try:
            yield
        finally:
            self._outbox.let_go()
            self._transport.wake()

    def expire(
        self, seconds: float | None, code: int = 0, reason: str = "", *, bye: bytes | None = None
    ) -> None:
        """Close after ``seconds`` unless this is called again; ``None`` takes the deadline away.

        For a ticket that must come within seconds of opening, and for the age at which a socket
        has to sign in anew.
        """
        if seconds is None:
            self._ending = None
            return
        self._ending = Ending(time.monotonic() + seconds, code, reason, bye)
        self._transport.look_by(self._ending.moment)

    def expire_now(self, now: float) -> float | None:
        """For engines: close if the deadline has passed; else say when it will."""
        ending = self._ending
        if ending is None:
            return None
        if now < ending.moment:
            return ending.moment
        self._ending = None
        self.close(ending.code, ending.reason, bye=ending.bye)
        return None

    def _finish(self, last_words: bytes | None, goodbye: bytes) -> None:
        words = [frames.text(last_words)] if last_words is not None else []
        if self._outbox.finish(*words, goodbye):
            self._transport.closing()
            self._transport.wake()

    def __repr__(self) -> str:
        return f"<Connection {self.id} user={self.user}>"


def outbox_of(config: Config) -> Outbox:
    """An outbox with the bounds that the settings give."""
    return Outbox(config.outbox_frames, config.outbox_bytes)
