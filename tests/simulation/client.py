"""One simulated client: a socket at some worker, requests at any, and the rules of the protocol.

Frames and answers wait until the test lets them be heard; so an answer may be older, or newer,
than the frames around it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.simulation.model import Conversation, Frame
from tests.simulation.world import Wire, Worker, World
from tests.support.hosts import Person

_PASSING = ("typing", "presence", "read.updated", "heartbeat")
_PAGE = 10


class Client:
    """A browser of one person.

    :ivar answers: what has been asked and not been heard yet.
    :ivar overheard: frames of conversations that this person was not in.
    """

    def __init__(self, world: World, person: Person, worker: Worker) -> None:
        self.world, self.person, self.worker = world, person, worker
        self.conversations: dict[str, Conversation] = {}
        self.answers: list[Callable[[], None]] = []
        self.overheard: list[Frame] = []
        self.resyncs = 0
        self._wire: Wire | None = None
        self._forget_what_is_under_way()

    def _forget_what_is_under_way(self) -> None:
        self.answers.clear()
        self._early: list[Frame] = []
        self._is_ready = False
        self._is_syncing = self._sync_again = False
        self._asking: set[str] = set()

    # The socket

    def connect(self, worker: Worker) -> None:
        """A new socket; the old one and all that was under way are lost."""
        self.leave()
        self._forget_what_is_under_way()
        self.worker = worker
        self._wire = worker.open(self.person)

    def leave(self) -> None:
        """Hang up."""
        if self._wire is not None:
            self._wire.cut()

    @property
    def is_connected(self) -> bool:
        return self._wire is not None and self._wire.is_open

    def listen(self) -> bool:
        """Hear what has arrived; whether there was anything."""
        texts = self._wire.take() if self._wire is not None and self._wire.is_open else []
        for text in texts:
            frame = json.loads(text)
            if not self.world.may_hear(self.person.id, text):
                self.overheard.append(frame)
            self._hear(frame)
        return bool(texts)

    def _hear(self, frame: Frame) -> None:
        if frame["type"] in ("hello", "resync"):
            self.resyncs += frame["type"] == "resync"
            self._sync()
        elif frame["type"] in _PASSING:
            return
        elif self._is_ready:
            self._take(frame)
        else:
            self._early.append(frame)

    def _take(self, frame: Frame) -> None:
        conversation = self.conversations.get(frame["conversation"])
        if conversation is None:
            if frame["type"] != "gone":
                self._sync()
        elif frame["type"] == "gone":
            self._refresh(frame["conversation"])  # it may be late, and this person in again
        elif frame["type"] == "conversation.self":
            conversation.take_own(frame["data"])
        elif frame["type"] == "tick":
            conversation.reached = max(conversation.reached, frame["change"])
        elif self._expels(frame) and frame["change"] > conversation.last:
            self._expelled(frame, conversation)
        else:
            conversation.hear(frame)

    def _expels(self, frame: Frame) -> bool:
        return frame["type"] == "member.left" and any(
            member["id"] == self.person.id for member in frame["data"]["members"]
        )

    def _expelled(self, frame: Frame, conversation: Conversation) -> None:
        """Out, unless something newer is known: then perhaps in again."""
        if frame["change"] >= conversation.reached:
            self._drop(frame["conversation"])
        else:
            self._refresh(frame["conversation"])

    def _drop(self, conversation: str) -> None:
        self.conversations.pop(conversation, None)
        # An answer under way may be older than this, and bring it back.
        self._sync_again |= self._is_syncing

    # Catching up

    def _sync(self) -> None:
        if self._is_syncing:
            self._sync_again = True
            return
        self._is_syncing, self._sync_again = True, False
        self._ask_for_heads(None)

    def _ask_for_heads(self, after: str | None) -> None:
        known = {key: [c.last, c.own["version"]] for key, c in self.conversations.items()}
        answer = self.ask("POST", "/sync", {"known": known, "limit": 3, "after": after})[1]
        self.answers.append(lambda: self._synced(answer))

    def _synced(self, answer: dict[str, Any]) -> None:
        for head in answer["conversations"]:
            self._take_head(head)
        for gone in answer["gone"]:
            self.conversations.pop(gone, None)
            # As old as the answer: perhaps this person was added again meanwhile.
            self._sync_again = True
        if answer["next"] is not None:
            self._ask_for_heads(answer["next"])
            return
        self._is_syncing = False
        if self._sync_again:
            self._sync()
            return
        self._is_ready = True
        early, self._early = self._early, []
        for frame in early:
            self._take(frame)

    def _take_head(self, head: dict[str, Any]) -> None:
        conversation = self.conversations.get(head["id"])
        if conversation is not None:
            conversation.take_head(head)
            return
        self.conversations[head["id"]] = Conversation.of(head, self.person.id)
        self._load(head["id"])

    def _load(self, key: str) -> None:
        status, answer = self.ask("GET", f"/conversations/{key}/messages?limit=200")
        if status == 200:
            self.answers.append(lambda: self._loaded(key, answer))

    def _loaded(self, key: str, page: dict[str, Any]) -> None:
        if (conversation := self.conversations.get(key)) is not None:
            for message in page["messages"]:
                known = conversation.rows.get(message["seq"])
                if known is None or known["change"] < message["change"]:
                    conversation.rows[message["seq"]] = message

    # Gaps

    def fill_gaps(self) -> bool:
        """The timers fire: ask for what is missing; whether anything was."""
        found = [
            key
            for key, conversation in self.conversations.items()
            if (conversation.misses or conversation.is_behind) and key not in self._asking
        ]
        for key in found:
            self._fill(key)
        return bool(found)

    def _fill(self, key: str) -> None:
        conversation = self.conversations[key]
        self._asking.add(key)
        if not conversation.misses:
            self._refresh(key)
            return
        path = f"/conversations/{key}/changes?after={conversation.last}&limit={_PAGE}"
        status, answer = self.ask("GET", path)
        self.answers.append(lambda: self._filled(key, status, answer))

    def _filled(self, key: str, status: int, answer: Any) -> None:
        self._asking.discard(key)
        conversation = self.conversations.get(key)
        if conversation is None:
            return
        if status == 404:
            self._drop(key)
            return
        conversation.take_changes(answer)
        if answer["more"]:
            self._fill(key)
        elif conversation.is_behind:
            self._refresh(key)

    def _refresh(self, key: str) -> None:
        self._asking.add(key)
        status, answer = self.ask("GET", f"/conversations/{key}")
        self.answers.append(lambda: self._refreshed(key, status, answer))

    def _refreshed(self, key: str, status: int, answer: Any) -> None:
        self._asking.discard(key)
        if status == 404:
            self._drop(key)
        elif key in self.conversations:
            self.conversations[key].take_head(answer["conversation"])

    def hear_answer(self, place: int = 0) -> bool:
        """Let one of the answers arrive; whether there was any."""
        if self.answers:
            self.answers.pop(place % len(self.answers))()
            return True
        return False

    # Asking

    def ask(
        self, method: str, path: str, values: Any = None, *, at: Worker | None = None
    ) -> tuple[int, Any]:
        """A request, at this client's worker or another."""
        worker = at or self.worker
        status, answer = worker.ask(self.person, method, path, values)
        assert status < 500, (method, path, answer)
        return status, answer

    def posted(self, message: Frame) -> None:
        """The answer to one's own message, when it comes."""

        def hear() -> None:
            if (conversation := self.conversations.get(message["conversation"])) is not None:
                conversation.take_message(message)

        self.answers.append(hear)

    def marked(self, key: str, own: dict[str, Any]) -> None:
        """The answer to one's own mark, when it comes."""

        def hear() -> None:
            if (conversation := self.conversations.get(key)) is not None:
                conversation.take_own(own)

        self.answers.append(hear)

    # What a person sees

    def view(self) -> dict[str, Any]:
        """Everything, by conversation; what nobody was ever shown is left out."""
        return {
            key: conversation.view()
            for key, conversation in self.conversations.items()
            if conversation.shared["last_seq"] or not conversation.own["archived"]
        }
