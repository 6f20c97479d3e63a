"""The rules a client keeps (docs/protocol.md, "Client"), as plainly as they can be written.

A conversation as one client holds it: changes are applied once, in order and without a gap; what
comes too early is held; unread is the server's count up to ``counted_to`` and, above it, what was
seen to arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MOST_COUNTED = 100
_OWN = ("version", "read_seq", "unread", "counted_to", "muted", "archived", "pinned")

Frame = dict[str, Any]


@dataclass
class Conversation:
    """One conversation of one person.

    :ivar last: the highest change that was applied.
    :ivar is_behind: something happened that only a new head can tell.
    """

    me: str
    shared: dict[str, Any]
    own: dict[str, Any]
    last: int
    fresh: set[int] = field(default_factory=set)
    held: dict[int, Frame] = field(default_factory=dict)
    rows: dict[int, Frame] = field(default_factory=dict)
    reached: int = 0
    is_behind: bool = False

    @classmethod
    def of(cls, head: dict[str, Any], me: str) -> Conversation:
        shared = {key: value for key, value in head.items() if key not in _OWN}
        own = {key: head[key] for key in _OWN}
        return cls(me, shared, own, head["last_change"], reached=head["last_change"])

    @property
    def misses(self) -> bool:
        return self.reached > self.last

    # Heads

    def take_head(self, head: dict[str, Any]) -> None:
        """The changes between stay missing on purpose: the rows are asked for."""
        self.is_behind = False
        if head["last_change"] >= self.shared["last_change"]:
            self.shared = {key: value for key, value in head.items() if key not in _OWN}
        self.reached = max(self.reached, head["last_change"])
        self.take_own({key: head[key] for key in _OWN})

    def take_own(self, own: dict[str, Any]) -> None:
        """An older version never wins."""
        newer = own["version"] > self.own["version"]
        same = own["version"] == self.own["version"]
        if newer or (same and own["counted_to"] >= self.own["counted_to"]):
            self.own = {key: own[key] for key in _OWN}
            counted = max(own["counted_to"], own["read_seq"])
            self.fresh = {seq for seq in self.fresh if seq > counted}

    # Changes

    def hear(self, frame: Frame) -> None:
        change = frame["change"]
        if change <= self.last:
            return
        self.reached = max(self.reached, change)
        if change > self.last + 1:
            self.held[change] = frame
            return
        self._apply(frame)
        self._release()

    def take_changes(self, answer: dict[str, Any]) -> None:
        for frame in answer["changes"]:
            if frame["change"] > self.last:
                self._apply(frame)
                self.is_behind |= frame["type"].startswith("member.")
        if not answer["more"]:
            self.last = max(self.last, answer["head"])
        self.reached = max(self.reached, self.last)
        self._release()

    def _release(self) -> None:
        for change in sorted(self.held):
            if change <= self.last + 1:
                frame = self.held.pop(change)
                if change > self.last:
                    self._apply(frame)

    def _apply(self, frame: Frame) -> None:
        self.last = frame["change"]
        self.shared["last_change"] = max(self.shared["last_change"], self.last)
        noun, _, verb = frame["type"].partition(".")
        if noun == "message":
            self.take_message(frame["data"])
        elif noun == "member":
            self._take_members(frame["data"]["members"], verb)
        elif noun == "conversation":
            self._take_shared(frame["data"])

    def take_message(self, message: Frame) -> None:
        """The row that was touched last stays, from whichever door it came."""
        seq = message["seq"]
        known = self.rows.get(seq)
        if (known is None or known["change"] < message["change"]) and (
            seq >= self.shared["first_seq"]
        ):
            self.rows[seq] = message
        if seq > self.shared["last_seq"]:
            self.shared["last_seq"] = seq
            self.own = {**self.own, "archived": False}
        preview = self.shared["preview"]
        if preview is None or (seq, message["change"]) > (preview["seq"], preview["change"]):
            self.shared["preview"] = message
        self._count(message)

    def _count(self, message: Frame) -> None:
        seq = message["seq"]
        if seq <= self.own["read_seq"]:
            return
        mine = message["author"] is not None and message["author"]["id"] == self.me
        counts = not message["deleted"] and not mine
        if seq <= self.own["counted_to"]:
            self.is_behind |= message["deleted"]
        elif counts:
            self.fresh.add(seq)
        else:
            self.fresh.discard(seq)

    def _take_members(self, changed: list[Frame], verb: str) -> None:
        members = {member["id"]: member for member in self.shared["members"]}
        for member in changed:
            members[member["id"]] = {**members.get(member["id"], {}), **member}
            if verb == "left":
                members[member["id"]]["left"] = True
        self.shared["members"] = list(members.values())

    def _take_shared(self, head: Frame) -> None:
        if head["first_seq"] > self.shared["first_seq"]:
            self.rows = {s: row for s, row in self.rows.items() if s >= head["first_seq"]}
            self.is_behind = True  # what was unread may have gone, and the preview
        self.shared.update(title=head["title"], first_seq=head["first_seq"])

    # What a person sees

    def view(self) -> dict[str, Any]:
        first = self.shared["first_seq"]
        return {
            "title": self.shared["title"],
            "first_seq": first,
            "last_seq": self.shared["last_seq"],
            "members": members_view(self.shared["members"]),
            "preview": _words(self.shared["preview"]),
            "unread": min(MOST_COUNTED, self.own["unread"] + len(self.fresh)),
            **{
                key: self.own[key] for key in ("version", "read_seq", "muted", "archived", "pinned")
            },
            "messages": [_words(self.rows[seq]) for seq in sorted(self.rows) if seq >= first],
        }


def members_view(members: list[Frame]) -> dict[str, bool]:
    """Who is in it, and whether they own it. How far others have read may lag behind."""
    return {member["id"]: member["owner"] for member in members if not member["left"]}


def _words(message: Frame | None) -> Any:
    if message is None:
        return None
    author = message["author"] and message["author"]["id"]
    return (message["seq"], author, message["body"], message["deleted"], message["client_id"])
