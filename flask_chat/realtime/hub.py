"""The connections of this process: who is here, and how an entry reaches its audience.

The hub never sees a model, a permission or what an event means. Its lock is held for looking
up, never for sending: what is sent goes into outboxes that do not wait, so one stuck client
delays nobody.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import protocol
from ..errors import OverCapacity, Unauthorized
from ..events import Audience, Control, Entry
from . import frames
from .connection import Connection
from .turns import Turns

if TYPE_CHECKING:
    from ..config import Config

BATCHES = 20  # how many steps a drain takes at most, so that not all return in one moment
BATCH = 50  # and how many may return in one moment without harm
REVOCATION_SECONDS = 300  # no handshake takes longer than this
TURN_SECONDS = 10  # in line before the handshakes under way; a widget waits 15 s for its hello

log = logging.getLogger("flask_chat.realtime")


@dataclass(frozen=True, slots=True)
class Admission:
    """A handshake under way.

    :param since: when it began (monotonic); give it to :meth:`Hub.add`.
    """

    address: str
    user: str | None
    since: float


class Hub:
    """Every open connection of this process, by person.

    :param on_drain: called when the goodbye begins, before the first socket is closed.
    """

    def __init__(
        self,
        config: Config,
        *,
        clock: Callable[[], float] = time.monotonic,
        on_drain: Callable[[], object] = lambda: None,
    ) -> None:
        self._on_drain = on_drain
        self._config = config
        self._clock = clock
        # Guards all below; never held while sending. A plain lock: a reentrant one costs several
        # times as much under gevent.
        self._changed = threading.Condition(threading.Lock())
        self._users: dict[Connection, str | None] = {}
        self._connections: dict[str, list[Connection]] = {}  # oldest first
        self._watchers: dict[str, set[Connection]] = {}
        self._addresses: Counter[str] = Counter()
        self._turns = Turns(config.handshakes, TURN_SECONDS)
        self._revoked: dict[str | None, float] = {}  # None: everybody
        self._is_draining = False

    # Coming and going.

    @contextmanager
    def admit(self, address: str, user: str | None = None) -> Iterator[Admission]:
        """Let one handshake be under way, as soon as it is its turn.

        :raises OverCapacity: if this process drains or has too many sockets, or this address too
            many, or the turn does not come in time.
        """
        self._require_room(address)
        if not self._turns.take():
            raise OverCapacity
        try:
            self._require_room(address)  # again: those before have taken it, or it drains now
            yield Admission(address, user, self._clock())
        finally:
            self._turns.end()

    def add(self, connection: Connection, *, since: float | None = None) -> None:
        """Let a connection take part; call it again once its ``identity`` is known.

        If the person now has too many, their oldest one ends with 4009.
        If their sockets were revoked after ``since``, this one ends with 4003.

        :param since: when its handshake began (monotonic), from :class:`Admission`.
        :raises OverCapacity: as :meth:`admit`, for handshakes that finished side by side.
        """
        user = connection.user
        with self._changed:
            self._place(connection, user)
            is_revoked = self._is_revoked(user, connection.opened_at if since is None else since)
            surplus = self._surplus(user)
        if is_revoked:
            connection.close(protocol.REVOKED, "revoked")
        if surplus is not None:
            surplus.close(protocol.TOO_MANY, "too many sockets")

    def remove(self, connection: Connection) -> None:
        """Forget a connection that is gone; harmless if it was never added."""
        with self._changed:
            if connection in self._users:
                self._forget(connection)
                self._changed.notify_all()

    def watch(self, connection: Connection, people: Iterable[str]) -> None:
        """Whose presence this connection hears of from now on; replaces the previous list."""
        with self._changed:
            self._unwatch(connection)
            if connection not in self._users:
                return
            connection.watching = frozenset(people)
            for person in connection.watching:
                self._watchers.setdefault(person, set()).add(connection)

    # Asking.

    def connections(self, user: str | None = None) -> list[Connection]:
        """The connections of one person, or all of them."""
        with self._changed:
            return list(self._users if user is None else self._connections.get(user, ()))

    def online(self) -> set[str]:
        """Who has a connection to this process."""
        with self._changed:
            return set(self._connections)

    def is_watched(self, person: str) -> bool:
        """Whether a connection to this process wants to hear of this person's presence."""
        with self._changed:
            return person in self._watchers

    def was_revoked(self, user: str, seconds: float) -> bool:
        """Whether this person's sockets here were ended within the last so many seconds."""
        with self._changed:
            return self._is_revoked(user, self._clock() - seconds)

    def __len__(self) -> int:
        return len(self._users)

    # What comes from the bus.

    def receive(self, items: Iterable[Entry | Control]) -> None:
        """Take whatever the bus carries, in order."""
        for is_durable, run in itertools.groupby(items, _is_durable):
            several = list(run)
            if is_durable and len(several) > 1:
                self._deliver_together(several)
                continue
            for item in several:
                if isinstance(item, Control):
                    self.obey(item)
                else:
                    self.deliver(item)

    def deliver(self, entry: Entry) -> None:
        """Send an entry to its audience; one set of bytes for all of them. Never waits."""
        audience = self._audience(entry.audience)
        if not audience:
            return
        wire = frames.text(entry.frame)
        if entry.key is None:
            for connection in audience:
                connection.send_wire(wire)
        else:
            for connection in audience:
                connection.offer_wire(wire, entry.key)

    def obey(self, control: Control) -> None:
        """Carry out an order that concerns sockets; without ``user`` it concerns all. Never waits.

        An unknown verb is logged: a newer process may know more.
        """
        if control.verb == "revoke":
            self._revoke(control.user)
        elif control.verb == "kick":
            for connection in self.connections(control.user):
                connection.fail(Unauthorized())
        elif control.verb == "resync":
            wire = frames.text(protocol.resync("server"))
            for connection in self.connections(control.user):
                connection.send_wire(wire)
        elif control.verb == "recheck":
            pass  # a question to the database: the beat's
        elif control.verb == "drain":
            threading.Thread(target=self.drain, daemon=True).start()
        else:
            log.warning("The order %r is not known here", control.verb)

    def drain(self, seconds: float | None = None) -> bool:
        """Admit nobody any more, say ``bye`` and 1012 to all in batches, wait for them to go.

        :param seconds: how long at most; by default the setting.
        :returns: whether all have gone.
        """
        seconds = self.drain_seconds if seconds is None else seconds
        until = self._clock() + seconds
        with self._changed:
            self._is_draining = True
        self._on_drain()
        leaving = self.connections()
        if leaving:
            log.info("Saying goodbye to %d sockets", len(leaving))
        self._say_goodbye(leaving, seconds / 2)
        with self._changed:
            while self._users and (left := until - self._clock()) > 0:
                self._changed.wait(left)
            return not self._users

    @property
    def drain_seconds(self) -> float:
        """How long a goodbye takes at most."""
        return float(self._config.drain_seconds)

    @property
    def is_draining(self) -> bool:
        """Whether this process has begun to say goodbye."""
        return self._is_draining

    # Below here: called with the lock held, unless it says otherwise.

    def _place(self, connection: Connection, user: str | None) -> None:
        if connection not in self._users:
            if self._is_draining or len(self._users) >= self._config.sockets_per_worker:
                raise OverCapacity
            self._addresses[connection.address] += 1
        elif self._users[connection] == user:
            return
        self._users[connection] = user
        if user is not None:
            self._connections.setdefault(user, []).append(connection)

    def _forget(self, connection: Connection) -> None:
        user = self._users.pop(connection)
        self._unwatch(connection)
        self._addresses[connection.address] -= 1
        if not self._addresses[connection.address]:
            del self._addresses[connection.address]
        if user is None:
            return
        theirs = self._connections[user]
        theirs.remove(connection)
        if not theirs:
            del self._connections[user]

    def _unwatch(self, connection: Connection) -> None:
        for person in connection.watching:
            watchers = self._watchers.get(person, set())
            watchers.discard(connection)
            if not watchers:
                self._watchers.pop(person, None)
        connection.watching = frozenset()

    def _found(self, audience: Audience) -> list[Connection]:
        if audience.watching is not None:
            return list(self._watchers.get(audience.watching, ()))
        found = self._connections
        return [c for user in audience.people if user in found for c in found[user]]

    def _surplus(self, user: str | None) -> Connection | None:
        theirs = [c for c in self._connections.get(user or "", ()) if c.is_open]
        return theirs[0] if len(theirs) > self._config.sockets_per_user else None

    def _is_revoked(self, user: str | None, since: float) -> bool:
        if user is None:
            return False
        never = float("-inf")
        return max(self._revoked.get(user, never), self._revoked.get(None, never)) >= since

    # Without the lock.

    def _require_room(self, address: str) -> None:
        with self._changed:
            if (
                self._is_draining
                or len(self._users) >= self._config.sockets_per_worker
                or self._addresses[address] >= self._config.sockets_per_address
            ):
                raise OverCapacity

    def _deliver_together(self, entries: Iterable[Any]) -> None:
        """Send durable entries; what one socket is owed of them leaves in one write."""
        owed: defaultdict[Connection, list[bytes]] = defaultdict(list)
        framed = [(frames.text(entry.frame), entry.audience) for entry in entries]
        with self._changed:
            for wire, audience in framed:
                for connection in self._found(audience):
                    owed[connection].append(wire)
        # As a rule all are owed the same, one after the other. Only the last is kept: of a batch
        # for many overlapping groups each could be owed something else.
        last: list[bytes] = []
        joined: list[bytes] = []
        for connection, wires in owed.items():
            if wires != last:
                last, joined = wires, frames.joined(wires)
            for wire in joined:
                connection.send_wire(wire)

    def _audience(self, audience: Audience) -> list[Connection]:
        with self._changed:
            return self._found(audience)

    def _revoke(self, user: str | None) -> None:
        now = self._clock()
        with self._changed:
            recent = now - REVOCATION_SECONDS
            self._revoked = {who: at for who, at in self._revoked.items() if at > recent}
            self._revoked[user] = now
        for connection in self.connections(user):
            connection.close(protocol.REVOKED, "revoked")

    def _say_goodbye(self, leaving: list[Connection], seconds: float) -> None:
        bye = protocol.bye(protocol.RETRY_MS)
        size = max(BATCH, -(-len(leaving) // BATCHES))
        for start in range(0, len(leaving), size):
            if start:
                time.sleep(seconds / BATCHES)
            for connection in leaving[start : start + size]:
                connection.close(protocol.RESTART, "restart", bye=bye)


def _is_durable(item: Entry | Control) -> bool:
    return isinstance(item, Entry) and item.key is None
