"""Who supervises whom: those whom a rule of the host's adds to the conversations of others.

One source of access among the others (``access``), and what the others in the conversation have
been told of it, which is stored.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    except_,
    exists,
    false,
    literal,
    or_,
    select,
    union,
    union_all,
)

from ..current import chat
from ..supervision import SupervisionRule
from .conversation import DIRECT, WATCHED
from .membership import Ids, Keys, aliased_heads, is_member, only, together

#: The first and the last number of conversations that are looked at together.
Slice = tuple[int, int]


def supervisors(*, conversations: Ids | None = None) -> Subquery:
    """:func:`relation` of those whom a rule of supervision adds."""
    return together(supervised(conversations, None)).subquery("chat_supervision")


def supervises(user: Any, conversation: Any) -> ColumnElement[bool]:
    """A condition: this person (a key or a column) is in that conversation by a rule."""
    conditions = []
    for rule in chat.supervision:
        member, pair = _watched(rule)
        conditions.append(
            exists().where(
                member.c.conversation_id == conversation,
                pair.c.supervisor == user,
                *_is_supervised(rule, member, pair),
            )
        )
    return or_(false(), *conditions)


def rules_in(conversations: Ids | None) -> Select[Any]:
    """Who is there by which rule: conversation, person, and the rule's place among the rules."""
    queries = [
        found.add_columns(literal(place).label("rule"))
        for place, found in enumerate(supervised(conversations, None))
    ]
    found = union_all(*queries).subquery("chat_rules")
    return select(found.c.conversation_id, found.c.user_id, found.c.rule)


def untold(first: int, last: int) -> Keys:
    """The conversations of these numbers in which somebody supervises, or no longer does, and the
    others have not been told: their stored rows say something else than the host's."""
    member, heads = chat.models.Member.__table__, aliased_heads()
    among = first, last
    there = together(supervised(None, None, among=among)).subquery("chat_supervision")
    come = (
        select(there.c.conversation_id)
        .outerjoin(
            member,
            (member.c.conversation_id == there.c.conversation_id)
            & (member.c.user_id == there.c.user_id)
            & member.c.left_at.is_(None)
            & member.c.conversation_id.between(*among),
        )
        # Rows of the host's may be left that name somebody it has deleted.
        .where(member.c.id.is_(None), there.c.user_id.in_(select(chat.models.user_key)))
    )
    told = (
        select(member.c.conversation_id, member.c.user_id)
        .join(heads, heads.c.id == member.c.conversation_id)
        .where(
            heads.c.id.between(*among),
            member.c.conversation_id.between(*among),
            *is_told(member, heads),
        )
    )
    # One set less the other: asked of each row, it may be looked for among all of them.
    gone = except_(told, select(there.c.conversation_id, there.c.user_id)).subquery()
    return union(come, select(gone.c.conversation_id))


def is_told(member: Any, heads: Any) -> list[ColumnElement[bool]]:
    """Conditions: this stored row is of somebody whom the others see there by a rule."""
    return [member.c.by_rule, member.c.left_at.is_(None), heads.c.kind.in_(WATCHED)]


def supervised(
    conversations: Ids | None, people: Ids | None, *, among: Slice | None = None
) -> list[Select[Any]]:
    """Those whom the rules add, a query of conversation and person for each rule."""
    queries = []
    for rule in chat.supervision:
        member, pair = _watched(rule)
        found = (
            select(
                member.c.conversation_id.label("conversation_id"),
                pair.c.supervisor.label("user_id"),
            )
            .where(*_is_supervised(rule, member, pair, among))
            .distinct()
        )
        queries.append(
            only(found, (member.c.conversation_id, conversations), (pair.c.supervisor, people))
        )
    return queries


def _watched(rule: SupervisionRule) -> tuple[Any, Any]:
    return chat.models.Member.__table__.alias(), rule.pairs


def _is_supervised(
    rule: SupervisionRule, member: Any, pair: Any, among: Slice | None = None
) -> list[ColumnElement[bool]]:
    """The member is supervised, and talks with somebody else the rule is about. Only members
    count: who supervises brings nobody along, and is not watched over talking to themself.

    :param among: said of every table, or a database reads all of those it is not said of.
    """
    heads, other = aliased_heads(), chat.models.Member.__table__.alias()
    kinds = WATCHED if rule.in_groups else (DIRECT,)
    talks = exists().where(
        other.c.conversation_id == member.c.conversation_id,
        other.c.user_id != member.c.user_id,
        other.c.user_id != pair.c.supervisor,
        *is_member(other),
    )
    if rule.others is not None:
        talks = talks.where(other.c.user_id.in_(rule.others))
    watched = exists().where(heads.c.id == member.c.conversation_id, heads.c.kind.in_(kinds))
    conditions = [pair.c.person == member.c.user_id, *is_member(member)]
    if among is not None:
        talks = talks.where(other.c.conversation_id.between(*among))
        watched = watched.where(heads.c.id.between(*among))
        conditions.append(member.c.conversation_id.between(*among))
    return [*conditions, watched, talks]
