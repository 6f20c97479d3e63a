"""What both engines know of one socket: whom to tell what it says, and what is due when.

How bytes are moved is each engine's own affair. Everything here is either called by whoever
hears the socket, one at a time, or by the sweeper.
"""

from __future__ import annotations

import logging
import math
import random
import time
from typing import TYPE_CHECKING, Any

from ... import protocol
from ...errors import ChatError
from .. import frames
from .sweeper import sweeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..connection import Connection
    from ..incoming import Incoming
    from . import Accepted

CLOSE_SECONDS = 1.5  # for what waits, the close frame and the peer's answer, together
JITTER = 0.2  # so that the heartbeats of those who came at once do not stay together
BEATS = 100  # but fall on so many moments of an interval: one waking serves many

log = logging.getLogger("flask_chat.realtime")


class Line:
    """One socket; each engine adds how it is read and written.

    :ivar connection: what the rest of the house sees of it.
    :ivar next_look: the tick in which the sweeper comes.
    """

    __slots__ = (
        "__weakref__", "_beat_at", "_close_by", "_config", "_heard_at", "_is_busy", "_is_over",
        "_limit", "_receiver", "_stuck_since", "_sweeper", "connection", "next_look",
    )  # fmt: skip

    connection: Connection

    def __init__(self, accepted: Accepted) -> None:
        self._config = accepted.config
        self._receiver = accepted.receiver
        self._limit = accepted.limit
        self._is_over = False
        self._is_busy = False  # the receiver works; nothing is read, and the peer may be alive
        self._heard_at = time.monotonic()
        self._stuck_since: float | None = None  # since when the peer has taken nothing
        self._close_by: float | None = None
        self._beat_at = self._next_beat(self._heard_at)
        self._sweeper = sweeper()
        self.next_look = math.inf

    def cut(self) -> None:
        """End the socket at once."""
        raise NotImplementedError

    # What it says.

    def _hear(self, incoming: Incoming, received: bytes) -> None:
        # Also after we have closed: the peer's own close stands behind what we ignore.
        texts = incoming.feed(received)
        if incoming.pong is not None:
            self.connection.offer_wire(incoming.pong, "pong")
        if texts:
            self._guard(self._tell, texts)
        if incoming.goodbye is not None:
            self.connection.end_with(incoming.goodbye)

    def _tell(self, texts: Iterable[str | None]) -> None:
        self._is_busy = True
        try:
            self._receiver.received(self.connection, self._counted(texts))
        finally:
            self._heard_at = time.monotonic()
            self._is_busy = False

    def _counted(self, texts: Iterable[str | None]) -> Iterator[str]:
        """Those that are still of interest when their turn comes."""
        for text in texts:
            if not self.connection.is_open:
                return
            if self._limit is not None:
                self._limit()
            if text is not None:
                yield text

    def _guard(self, call: Callable[..., None], *arguments: Any) -> None:
        try:
            call(*arguments)
        except ChatError as problem:
            self.connection.fail(problem)
        except Exception:  # the edge: a 500 page must not get into the frames
            log.exception("Socket %s failed", self.connection.id)
            self.connection.close(protocol.SERVER_ERROR, "server error")

    def _say_goodbye(self) -> None:
        # The server ends this greenlet, or the process: no time to wait for an answer.
        bye = protocol.bye(protocol.RETRY_MS)
        self.connection.close(protocol.RESTART, "restart", bye=bye)

    # What is due, for the sweeper and the connection; from anywhere.

    def closing(self) -> None:
        """Bound the time for the close: a peer that ignores it is cut."""
        self._close_by = time.monotonic() + CLOSE_SECONDS
        self._sweeper.watch(self, self._close_by)

    def look_by(self, moment: float) -> None:
        """Come back at this moment, or earlier."""
        self._sweeper.watch(self, moment)

    def look(self, now: float) -> float | None:
        """Do what is due; say when something is due next."""
        if self._is_over:
            return None
        patience, why = self._patience()
        if now >= patience:
            log.info("Socket %s %s: cut", self.connection.id, why)
            self.cut()
            return None
        expiry = self.connection.expire_now(now)
        if now >= self._beat_at:
            self._beat(now)
        return min(self._beat_at, patience, patience if expiry is None else expiry)

    def _patience(self) -> tuple[float, str]:
        """Until when this can be borne, and what would be wrong then."""
        until, why = self._silent_until(), "has fallen silent"
        if self._stuck_since is not None:
            stuck_until = self._stuck_since + float(self._config.send_seconds)
            if stuck_until < until:
                until, why = stuck_until, "takes no more bytes"
        if self._close_by is not None and self._close_by < until:
            until, why = self._close_by, "did not close in time"
        return until, why

    def _beat(self, now: float) -> None:
        self._beat_at = self._next_beat(now)
        self.connection.offer_wire(frames.HEARTBEAT, "heartbeat")

    def _silent_until(self) -> float:
        # Two intervals without a pong or anything else, as the protocol promises.
        if self._is_busy:
            return math.inf
        return self._heard_at + 2 * float(self._config.heartbeat_seconds)

    def _next_beat(self, now: float) -> float:
        interval = float(self._config.heartbeat_seconds)
        spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # not a secret
        grid = interval / BEATS
        return math.ceil((now + spread * interval) / grid) * grid
