"""Where messages are to go, under lock: the conversations, who reads them, who may write there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from ..current import chat
from ..errors import ChatError, Forbidden
from ..models import counters
from ..models.conversation import ANNOUNCEMENT, INBOX
from ..models.counters import Taken
from . import inquiries, messages, rounds

Reader = Row[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Conversations that are locked, as they stay until the commit.

    :ivar writers: the host's users who want to write, by key, those who still may at all.
    :ivar inquiries: of the conversations with an office, how they stand.
    """

    heads: dict[int, Taken]
    readers: dict[int, Sequence[Reader]]
    writers: dict[Any, Any]
    inquiries: dict[int, Row[Any]]
    _keys: dict[int, frozenset[Any]] = field(default_factory=dict)

    def keys_in(self, conversation: int) -> frozenset[Any]:
        """Who reads it."""
        if conversation not in self._keys:
            self._keys[conversation] = frozenset(
                reader.user_id for reader in self.readers[conversation]
            )
        return self._keys[conversation]

    def members_in(self, conversation: int) -> set[Any]:
        """Who reads it and talks there: without those who supervise."""
        return {row.user_id for row in self.readers[conversation] if not row.by_rule}

    def refusal(self, key: Any, conversation: int) -> ChatError | None:
        """Why somebody who reads it may not write there: in an announcement, only who has made it
        does, and to an office only whom the host lets."""
        if self.heads[conversation].kind == ANNOUNCEMENT:
            makers = {one.user_id for one in self.readers[conversation] if one.owner}
            if key not in makers:
                return Forbidden("Only who has announced something writes here.")
        inquiry = self.inquiries.get(conversation)
        is_writer = inquiry is not None and key == inquiry.writer_id
        if inquiry is not None and is_writer and not rounds.may_write(key, inquiry.inbox):
            return Forbidden("You can no longer write to this office.")
        return None

    def office_of(self, key: Any, conversation: int) -> str | None:
        """In the name of which office somebody writes there, if of one."""
        inquiry = self.inquiries.get(conversation)
        return None if inquiry is None or key == inquiry.writer_id else str(inquiry.inbox)


def hold(conversations: Collection[int], authors: Collection[Any]) -> Place:
    """Lock these conversations, and find who reads and who wants to write.

    :param authors: the keys of those who want to write.
    """
    held = counters.hold(conversations, writers=authors)
    heads = {number: head for number, head in held.items() if number in conversations}
    with_offices = [number for number, head in heads.items() if head.kind == INBOX]
    return Place(
        heads=heads,
        inquiries=inquiries.by_conversation(with_offices),
        readers=messages.readers_in(heads),
        writers=chat.host.active_users(authors),
    )
