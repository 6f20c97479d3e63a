"""Who writes and who reads: real requests, real sockets, the rules of the protocol.

A writer repeats what was not acknowledged, with the same ``client_id``. A reader never loads its
page anew: it reconnects, asks for what is missing, and must come to see everything all the same.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import islice
from typing import Any, NamedTuple

import websocket

from tests.simulation.model import Conversation, Frame
from tests.support.clients import Browser, Socket

#: What a network does to a request or a socket whose server dies.
TROUBLE = (OSError, HTTPException, ValueError, websocket.WebSocketException)

_GAP_SECONDS = 0.5
_LOOK_SECONDS = 0.02
_PASSING = ("typing", "presence", "read.updated", "heartbeat", "reply", "error", "bye")


class Unanswered(Exception):
    """The server could not say; ask again."""


@dataclass
class Sent:
    """One message as its writer knows it; times are monotonic seconds."""

    conversation: str
    client_id: str
    begun: float
    acknowledged: float | None = None
    tries: int = 0


class Absence(NamedTuple):
    """When somebody was out of a conversation: asked for and acknowledged, at both ends."""

    leaving: float
    left: float
    returning: float
    returned: float


@dataclass
class Record:
    """What everybody did and saw; appended to by many threads."""

    sent: list[Sent] = field(default_factory=list)
    #: (reader, conversation, client_id) -> when it was first seen, on a socket since when
    seen: dict[tuple[str, str, str], tuple[float, float]] = field(default_factory=dict)
    #: (when, reader, frame) for every frame of a reader who may not hear everything
    heard: list[tuple[float, str, Frame]] = field(default_factory=list)
    #: of the guest
    absences: list[Absence] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def ask(browser: Browser, method: str, path: str, **values: Any) -> tuple[int, Any]:
    """One request; status and answer.

    :raises Unanswered: if nobody can say whether it was carried out.
    """
    try:
        answer = browser.api(method, path, **values)
        if answer.status >= 500:
            raise Unanswered(f"{method} {path}: {answer.status}")
        return answer.status, answer.json
    except TROUBLE as trouble:
        raise Unanswered(f"{method} {path}: {trouble}") from trouble


def insist(browser: Browser, method: str, path: str, **values: Any) -> tuple[int, Any]:
    """Ask until there is an answer."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return ask(browser, method, path, **values)
        except Unanswered:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


class Actor(threading.Thread):
    """Somebody who does something until told to stop; what goes wrong is a problem of the run."""

    def __init__(self, name: str, record: Record) -> None:
        super().__init__(name=name, daemon=True)
        self.record = record
        self.stopping = threading.Event()

    def run(self) -> None:
        try:
            self.act()
        except Exception as problem:  # noqa: BLE001 - told by the report
            self.record.problems.append(f"{self.name}: {problem!r}")

    def act(self) -> None:
        raise NotImplementedError

    def end(self) -> None:
        self.stopping.set()
        self.join(60)
        if self.is_alive():
            self.record.problems.append(f"{self.name} did not come to an end")


class Writer(Actor):
    """Writes into its conversations, one message after the other."""

    def __init__(
        self, browser: Browser, conversations: list[str], record: Record, seed: str, pause: float
    ) -> None:
        super().__init__(f"writer {browser.id}", record)
        self._browser, self._conversations = browser, conversations
        self._choice = random.Random(f"{seed} {self.name}")
        self._pause = pause

    def act(self) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            where = self._choice.choice(self._conversations)
            self._write(Sent(where, f"from-{self._browser.id}-number-{number}", time.monotonic()))
            self.stopping.wait(self._choice.uniform(0, 2 * self._pause))

    def _write(self, sent: Sent) -> None:
        self.record.sent.append(sent)
        path = f"/conversations/{sent.conversation}/messages"
        status, answer = insist(
            self._browser, "POST", path, client_id=sent.client_id, body=f"words of {sent.client_id}"
        )
        if status not in (200, 201):
            self.record.problems.append(f"{sent.client_id} was answered {status}: {answer}")
            return
        sent.acknowledged = time.monotonic()
        if self._choice.random() < 0.1:
            insist(self._browser, "PUT", path.replace("/messages", "/read"),
                   seq=answer["message"]["seq"])  # fmt: skip


class Visitor(Actor):
    """Removes somebody from a conversation and adds them again, over and over."""

    def __init__(self, owner: Browser, conversation: str, user: str, record: Record) -> None:
        super().__init__("owner", record)
        self._owner, self._user = owner, user
        self._path = f"/conversations/{conversation}/members"

    def act(self) -> None:
        while not self.stopping.wait(0.4):
            leaving = time.monotonic()
            insist(self._owner, "DELETE", f"{self._path}/{self._user}")
            left = time.monotonic()
            self.stopping.wait(0.6)
            returning = time.monotonic()
            insist(self._owner, "POST", self._path, users=[self._user])
            self.record.absences.append(Absence(leaving, left, returning, time.monotonic()))


class Reader(Actor):
    """A browser that is left open.

    :ivar resyncs: how often it was told to load anew; ``connections`` how often it connected.
    """

    def __init__(self, browser: Browser, record: Record, *, keeps_frames: bool = False) -> None:
        super().__init__(f"reader {browser.id}", record)
        self.browser = browser
        self.conversations: dict[str, Conversation] = {}
        self.resyncs = self.connections = 0
        self._keeps_frames = keeps_frames
        self._lock = threading.RLock()  # guards conversations
        self._socket: Socket | None = None
        self._wants_sync = False
        self._greeted = 0.0
        self._gaps: dict[str, float] = {}
        self._noticed: dict[str, int] = {}

    def act(self) -> None:
        while not self.stopping.is_set():
            self._socket = None
            try:
                self._socket = self.browser.knock()
                self.connections += 1
                self._listen(self._socket)
            except TROUBLE:
                pass
            finally:
                if self._socket is not None:
                    self._socket.hang_up()
            self.stopping.wait(random.uniform(0.05, 0.5))

    def _listen(self, socket: Socket) -> None:
        heard = 0
        while socket.is_open and not self.stopping.wait(_LOOK_SECONDS):
            frames = socket.frames[heard:]
            heard += len(frames)
            with self._lock:
                for frame in frames:
                    self._hear(frame)
                self._look_for(self._catch_up)

    def _look_for(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Unanswered:
            self._wants_sync = True
            self.stopping.wait(0.3)

    def _hear(self, frame: Frame) -> None:
        if self._keeps_frames:
            self.record.heard.append((time.monotonic(), self.browser.id, frame))
        if frame["type"] in ("hello", "resync"):
            self.resyncs += frame["type"] == "resync"
            self._wants_sync = True
            if frame["type"] == "hello":
                self._greeted = time.monotonic()
        elif frame["type"] not in _PASSING:
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        conversation = self.conversations.get(frame["conversation"])
        if conversation is None:
            self._wants_sync = True
        elif frame["type"] == "gone":
            self._gaps[frame["conversation"]] = 0
            conversation.is_behind = True
        elif frame["type"] == "conversation.self":
            conversation.take_own(frame["data"])
        elif frame["type"] == "tick":
            conversation.reached = max(conversation.reached, frame["change"])
        elif self._expels(frame) and frame["change"] > conversation.last:
            if frame["change"] >= conversation.reached:
                del self.conversations[frame["conversation"]]
            else:
                conversation.is_behind = True
        else:
            conversation.hear(frame)
            self._notice(frame["conversation"])

    def _expels(self, frame: Frame) -> bool:
        return frame["type"] == "member.left" and any(
            member["id"] == self.browser.id for member in frame["data"]["members"]
        )

    def _notice(self, key: str) -> None:
        """When each message was seen first."""
        rows = self.conversations[key].rows
        new = len(rows) - self._noticed.get(key, 0)
        self._noticed[key] = len(rows)
        for message in islice(reversed(rows.values()), max(0, new)):
            place = (self.browser.id, key, message["client_id"])
            if place not in self.record.seen:
                self.record.seen[place] = time.monotonic(), self._greeted

    # Catching up

    def _catch_up(self) -> None:
        if self._wants_sync:
            self._wants_sync = False
            self.sync()
        now = time.monotonic()
        for key, conversation in list(self.conversations.items()):
            if not (conversation.misses or conversation.is_behind):
                self._gaps.pop(key, None)
            elif now - self._gaps.setdefault(key, now) >= _GAP_SECONDS:
                self._fill(key)
                self._gaps.pop(key, None)

    def sync(self) -> None:
        """Everything that differs from what is known."""
        known = {key: [c.last, c.own["version"]] for key, c in self.conversations.items()}
        status, answer = ask(self.browser, "POST", "/sync", known=known, limit=200)
        assert status == 200, answer
        for gone in answer["gone"]:
            self.conversations.pop(gone, None)
        for head in answer["conversations"]:
            if head["id"] in self.conversations:
                self.conversations[head["id"]].take_head(head)
            else:
                self._load(head)

    def _load(self, head: dict[str, Any]) -> None:
        conversation = Conversation.of(head, self.browser.id)
        path, before = f"/conversations/{head['id']}/messages?limit=200", ""
        while True:
            status, page = ask(self.browser, "GET", path + before)
            if status == 404:
                return
            conversation.rows.update({row["seq"]: row for row in page["messages"]})
            if not page["more"]:
                break
            before = f"&before={page['messages'][0]['seq']}"
        self.conversations[head["id"]] = conversation
        self._noticed.pop(head["id"], None)
        self._notice(head["id"])

    def _fill(self, key: str) -> None:
        conversation = self.conversations[key]
        more = conversation.misses
        while more:
            path = f"/conversations/{key}/changes?after={conversation.last}&limit=200"
            status, answer = ask(self.browser, "GET", path)
            if status == 404:
                del self.conversations[key]
                return
            conversation.take_changes(answer)
            more = answer["more"]
        self._notice(key)
        if conversation.is_behind:
            status, answer = ask(self.browser, "GET", f"/conversations/{key}")
            if status == 404:
                del self.conversations[key]
            else:
                conversation.take_head(answer["conversation"])

    def view(self) -> dict[str, Any]:
        """What a person sees."""
        with self._lock:
            return {key: one.view() for key, one in self.conversations.items()}
