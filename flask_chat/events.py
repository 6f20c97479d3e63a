"""Facts in the past tense, and who is to hear of them.

Ground floor. A service makes an event from plain values while it holds the lock and knows the
permissions; nobody downstream asks again. An event never holds a model and never knows how it
travels. ``durable`` facts are in the database and carry a ``change``; the others may vanish.

What leaves :mod:`announce` is an :class:`Entry`: the event's JSON, made once, and its audience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Audience:
    """Who hears of it: people by public id, or whoever watches one person's presence."""

    people: tuple[str, ...] = ()
    watching: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact about one conversation.

    :param conversation: public id; ``None`` for facts about a person.
    :param change: the conversation's change number; ``None`` where nothing durable changed.
    :param data: what the frame carries, as the schemas dump it.
    """

    type: ClassVar[str]
    durable: ClassVar[bool] = True

    audience: Audience
    conversation: str | None = None
    change: int | None = None
    data: Mapping[str, Any] | None = None

    def to_frame(self) -> dict[str, Any]:
        """The frame as the wire has it: what is ``None`` is left out."""
        frame = {
            "type": self.type,
            "conversation": self.conversation,
            "change": self.change,
            "data": self.data,
        }
        return {key: value for key, value in frame.items() if value is not None}

    @property
    def key(self) -> str | None:
        """For what may be dropped: a later event of the same key replaces this one."""
        return None

    @property
    def head(self) -> tuple[str, int] | None:
        """What moved, and how far; for whoever checks that nothing was missed."""
        if self.conversation is None or self.change is None:
            return None
        return self.conversation, self.change


def own_head(conversation: str | None, user: str) -> str:
    """The name under which one person's own state of a conversation moves."""
    return f"{conversation}/{user}"


def mark_head(conversation: str | None, user: str) -> str:
    """The name under which one person's read mark moves, as the others see it."""
    return f"{conversation}/{user}/read"


#: How a held message may stand, in the order in which it comes to it.
HELD_STATES = ("waiting", "refused", "cancelled")


def held_head(held: str) -> str:
    """The name under which a held message moves."""
    return f"held/{held}"


class MessagePosted(Event):
    type = "message.posted"


class MessageEdited(Event):
    type = "message.edited"


class MessageDeleted(Event):
    type = "message.deleted"


class MessageHeld(Event):
    """How a message stands that waits for the end of somebody's quiet hours; for its author's
    devices only."""

    type = "message.held"

    @property
    def head(self) -> tuple[str, int]:
        held = self.data or {}
        return held_head(held["id"]), HELD_STATES.index(held["state"]) + 1


class MemberAdded(Event):
    type = "member.added"


class MemberLeft(Event):
    type = "member.left"


class MemberChanged(Event):
    type = "member.changed"


class ConversationCreated(Event):
    type = "conversation.created"


class ConversationChanged(Event):
    type = "conversation.changed"


class ConversationPurged(Event):
    type = "conversation.purged"


class ConversationSelf(Event):
    """One person's own state of a conversation moved; for that person's devices only."""

    type = "conversation.self"

    @property
    def head(self) -> tuple[str, int]:
        return own_head(self.conversation, self.audience.people[0]), (self.data or {})["version"]


class InquiryChanged(Event):
    """How an inquiry stands in its office's queue; a change of the staff's notes on it."""

    type = "inquiry.changed"


class ReadUpdated(Event):
    """Somebody has read up to a message. Marks only grow, so the larger one wins."""

    type = "read.updated"

    @property
    def head(self) -> tuple[str, int]:
        mark = self.data or {}
        return mark_head(self.conversation, mark["user"]), mark["seq"]


class Ticked(Event):
    """The conversation has reached this change; ask for what is missing."""

    type = "tick"


class Gone(Event):
    """The conversation is no longer there for this audience."""

    type = "gone"


class TypingSeen(Event):
    type = "typing"
    durable = False

    @property
    def key(self) -> str:
        return f"typing:{self.conversation}:{(self.data or {}).get('user')}"


class PresenceChanged(Event):
    type = "presence"
    durable = False

    @property
    def key(self) -> str:
        return f"presence:{self.audience.watching}"


@dataclass(frozen=True, slots=True)
class Entry:
    """An event on its way: encoded once, the same bytes for everybody.

    :param frame: the frame, JSON in UTF-8.
    :param key: ``None`` if durable; else what a later entry of the same key replaces.
    :param head: the event's own, see :attr:`Event.head`.
    """

    audience: Audience
    frame: bytes
    key: str | None = None
    head: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """An order to every process, not to a browser.

    ``revoke``: this person's sockets end with 4003 and must prove themselves anew ·
    ``kick``: this person's sockets end with 4001 · ``drain``: every socket ends with 1012 ·
    ``resync``: every socket is told to load anew · ``recheck``: who takes part in what may have
    changed.
    """

    verb: str
    user: str | None = None


EVENTS: tuple[type[Event], ...] = (
    MessagePosted, MessageEdited, MessageDeleted, MessageHeld,
    MemberAdded, MemberLeft, MemberChanged,
    ConversationCreated, ConversationChanged, ConversationPurged, ConversationSelf,
    InquiryChanged, ReadUpdated, Ticked, Gone, TypingSeen, PresenceChanged,
)  # fmt: skip
