"""Who is in a conversation, and which conversations somebody has. Asked here and nowhere else.

One relation, (conversation, person), that can be filtered from both sides. Today it is the
stored members who have not left. Every query, verb and delivery of the package goes through it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, exists, select

from ..current import chat


def relation() -> Subquery:
    """Everybody who has access now: columns ``conversation_id`` and ``user_id``."""
    member = chat.models.Member
    return (
        select(member.conversation_id, member.user_id)
        .where(member.left_at.is_(None), member.user_id.is_not(None))
        .subquery("chat_access")
    )


def people_in(conversation: Any) -> Select[tuple[Any]]:
    """The keys of those who may read this conversation (an id, or what will be bound to one)."""
    access = relation()
    return select(access.c.user_id).where(access.c.conversation_id == conversation)


def conversations_of(user: Any) -> Select[tuple[int]]:
    """The ids of the conversations this person may read."""
    access = relation()
    return select(access.c.conversation_id).where(access.c.user_id == user)


def may_read(user: Any, conversation: Any) -> ColumnElement[bool]:
    """A condition: this person may read that conversation (an id or a column)."""
    access = relation()
    return exists().where(access.c.conversation_id == conversation, access.c.user_id == user)


def sharing_with(user: Any, others: Collection[Any]) -> Select[tuple[Any]]:
    """Those of the others who have a conversation together with this person."""
    access = relation()
    return (
        select(access.c.user_id)
        .where(access.c.user_id.in_(others), access.c.conversation_id.in_(conversations_of(user)))
        .distinct()
    )
