"""Several workers over one database, without a process, a thread or a clock of their own.

Each worker is an app with its own hub and its own end of a :class:`SimulatedBus`. Clients come
through the public doors: the REST routes, and a socket's session over a wire that is a list.
"""

from __future__ import annotations

import json
import time
from typing import Any

from flask_chat.current import EXTENSION
from flask_chat.events import Entry
from flask_chat.realtime.connection import Connection, outbox_of
from flask_chat.services import maintenance, reconcile, sync
from flask_chat.services.reconcile import Reconciler
from flask_chat.ws.session import Session
from tests.simulation.network import SimulatedBus
from tests.support.hosts import Host, Person
from tests.unit.realtime.fakes import Transport

WORKERS = 3
PEOPLE = ("Ana", "Ben", "Cleo", "Dov")
_TABLES = ("chat_revision", "chat_message", "chat_member", "chat_conversation")


class World:
    """The workers, the people, and what everybody was allowed to hear.

    :param first: a host with tables; the other workers are made on its database.
    """

    def __init__(self, first: Host) -> None:
        self._first = first
        url = first.app.config["SQLALCHEMY_DATABASE_URI"]
        reconcile._ON_ITS_WAY_SECONDS = 0  # here nothing is on its way unless the test says so
        hosts = [first, *(Host(url) for _ in range(WORKERS - 1))]
        self.people = first.people(*PEOPLE)
        self.workers = [Worker(host, self._witness) for host in hosts]
        for worker in self.workers:
            worker.bus.others = [other.bus for other in self.workers if other is not worker]
        self._allowed: dict[bytes, set[str]] = {}
        self._changes: dict[str, set[int]] = {}

    def close(self) -> None:
        for worker in self.workers[1:]:
            worker.host.close()

    @property
    def is_light(self) -> bool:
        """Whether its database is a file: nothing waits for another process."""
        return "sqlite" in self._first.app.config["SQLALCHEMY_DATABASE_URI"]

    def begin_anew(self) -> None:
        """An empty chat for the same people."""
        self._allowed.clear()
        self._changes.clear()
        for worker in self.workers:
            worker.die()
        for table in _TABLES:
            self._first.execute(f"DELETE FROM {table}")

    def purge(self, conversation: str, count: int) -> None:
        """Remove the oldest messages for good, by a command of a process without sockets."""
        self._first.execute(
            "UPDATE chat_message SET created_at = :past WHERE id IN (SELECT id FROM chat_message "
            "WHERE conversation_id = :conversation ORDER BY seq LIMIT :count)",
            past="2001-01-01 00:00:00.000000", conversation=int(conversation), count=count,
        )  # fmt: skip
        # The other process has no bus: nothing of this reaches anybody.
        bus = self.workers[0].bus
        bus.is_cut = True
        self.workers[0].host.do(maintenance.purge, 1)
        bus.is_cut = False

    # Who may hear what

    def _witness(self, entry: Entry) -> None:
        """Note who was in the conversation when this was committed; asked of the table itself,
        not of the entry's own audience."""
        frame = json.loads(entry.frame)
        if "conversation" in frame:
            self._allowed.setdefault(entry.frame, set()).update(self._members(frame))
        if "change" in frame and frame["type"] != "tick":
            self._changes.setdefault(frame["conversation"], set()).add(frame["change"])

    def _members(self, frame: dict[str, Any]) -> set[str]:
        rows = self._first.rows("chat_member", f"conversation_id = {int(frame['conversation'])}")
        return {
            str(row["user_id"])
            for row in rows
            # Whoever has just left hears of that, and of nothing else; `gone` has no content.
            if row["left_at"] is None
            or row["change"] == frame.get("change")
            or frame["type"] == "gone"
        }

    def may_hear(self, user: str, frame: bytes) -> bool:
        """Whether this person was in the conversation of a frame when it was committed."""
        return frame not in self._allowed or user in self._allowed[frame]

    # What is stored

    def changes_of(self, conversation: int) -> list[int]:
        """The changes that some worker has announced, whether or not anybody heard."""
        return sorted(self._changes.get(str(conversation), ()))

    def rows(self, table: str, order: str = "1") -> list[dict[str, Any]]:
        return self._first.rows(table, order=order)


class Worker:
    """One process of the site."""

    def __init__(self, host: Host, witness: Any) -> None:
        self.host = host
        self._parts = host.app.extensions[EXTENSION]
        self.bus = self._parts.bus = SimulatedBus(self._parts.bus, witness)
        self._parts.sockets.presence = _Nobody()
        self._reconciler: Reconciler = self._parts.listeners[0].__self__
        self._doors: dict[str, Any] = {}
        self._open: list[Wire] = []

    def open(self, person: Person) -> Wire:
        """A socket of this person, greeted."""
        parts = self._parts
        greeting = self.host.do(sync.greeting)
        session = Session(
            self.host.app, parts.config, parts.sockets, parts.counts, greeting, time.monotonic()
        )
        wire = Wire(session, person, parts.config)
        self._open.append(wire)
        return wire

    def ask(self, person: Person, method: str, path: str, values: Any = None) -> tuple[int, Any]:
        """A request of the API; status and answer."""
        if person.id not in self._doors:
            self._doors[person.id] = self.host.client(person)
        answer = self._doors[person.id].open(f"/chat/api{path}", method=method, json=values)
        return answer.status_code, answer.get_json()

    def look(self) -> int:
        """The beat: compare what was carried with what is stored; how much was missed."""
        return self.host.do(self._reconciler.look)

    def die(self) -> None:
        """SIGKILL, and a new process in its place: nobody is told, nothing is remembered."""
        for wire in self._open:
            wire.cut()
        self._open.clear()
        self.bus.waiting.clear()
        self.bus.is_cut = False
        self._reconciler.__init__()  # type: ignore[misc]


class Wire:
    """A socket whose other end is a list."""

    def __init__(self, session: Session, person: Person, config: Any) -> None:
        self._session = session
        self._transport = Transport()
        self._transport.outbox = outbox_of(config)
        self._connection = Connection(
            self._transport, self._transport.outbox, identity=person.identity
        )
        self.is_open = True
        session.opened(self._connection)

    def take(self) -> list[bytes]:
        """What has arrived since the last time."""
        texts = self._transport.texts
        self._transport.written.clear()
        return texts

    def cut(self) -> None:
        """The end of it; what was under way is lost."""
        if self.is_open:
            self.is_open = False
            self._transport.written.clear()
            self._session.closed(self._connection)


class _Nobody:
    """A presence without timers: who is online is not what is tested here."""

    def arrived(self, connection_id: str, user: str) -> None: ...

    def left(self, connection_id: str, user: str) -> None: ...

    def online(self, users: Any) -> set[str]:
        return set()
