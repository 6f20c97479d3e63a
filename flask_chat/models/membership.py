"""What every source of access is made of: the stored members, and queries put together.

Below ``access`` and ``supervision``, which say who that is.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, union

from ..current import chat

Keys = Select[Any] | CompoundSelect[Any]
Ids = Collection[int] | Keys


def only(query: Select[Any], *filters: tuple[Any, Ids | None]) -> Select[Any]:
    """The query, filtered: each a column and what is wanted of it; ``None`` is everything."""
    for column, wanted in filters:
        if wanted is not None:
            query = query.where(column.in_(wanted))
    return query


def aliased_heads() -> Any:
    """The conversations, under a name of their own in each query."""
    return chat.models.Conversation.__table__.alias()


def stored_pairs() -> Select[Any]:
    """The stored members: conversation and person."""
    member = chat.models.Member.__table__
    return select(member.c.conversation_id, member.c.user_id).where(*is_member(member))


def is_member(member: Any) -> list[ColumnElement[bool]]:
    """Conditions: this stored row gives access."""
    return [member.c.left_at.is_(None), member.c.user_id.is_not(None), member.c.by_rule.is_(False)]


def together(queries: list[Select[Any]]) -> Keys:
    """One query of all of them; what is in several of them is found once."""
    return queries[0] if len(queries) == 1 else union(*queries)
