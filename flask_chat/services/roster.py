"""The roster: who is in a conversation, and how they are shown to the others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, null, or_, select, true

from .. import database
from ..current import chat
from ..models import access
from ..models.conversation import ANNOUNCEMENT, WATCHED
from ..schemas import MEMBER
from . import people


def people_in(
    conversations: Collection[int],
    *,
    people: Collection[Any] | None = None,
    most: int | None = None,
    shown: bool = False,
) -> Sequence[Row[Any]]:
    """Who has access now, the longest first; those who do by a rule may have no row of their own.

    :param most: how many of each conversation.
    :param shown: only whom the others are shown.
    """
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    among = access.shown if shown else access.relation
    present = among(conversations=conversations, people=people)
    order = [member.c.joined_at.nulls_last(), member.c.id, present.c.user_id]
    query = (
        select(
            present.c.conversation_id,
            present.c.user_id,
            func.coalesce(member.c.owner, false()).label("owner"),
            func.coalesce(member.c.since_seq, 1).label("since_seq"),
            func.coalesce(member.c.read_seq, 0).label("read_seq"),
            null().label("left_at"),
            # Who supervises is in the relation of the host's, and no member.
            (heads.c.kind.in_(WATCHED) & ~_is_member(member)).label("by_rule"),
            func.row_number()
            .over(partition_by=present.c.conversation_id, order_by=order)
            .label("place"),
        )
        .join(heads, heads.c.id == present.c.conversation_id)
        .outerjoin(member, own_row(present))
        .where(is_shown(heads.c.kind) if shown else true())
        .subquery()
    )
    chosen = select(query).order_by(query.c.conversation_id, query.c.place)
    return database.rows(chosen if most is None else chosen.where(query.c.place <= most))


def own_row(present: Any) -> ColumnElement[bool]:
    """What joins somebody who has access with their stored row."""
    member = chat.models.Member.__table__
    return and_(
        member.c.conversation_id == present.c.conversation_id,
        member.c.user_id == present.c.user_id,
    )


def _is_member(member: Any) -> ColumnElement[bool]:
    stored = member.c.left_at.is_(None) & member.c.by_rule.is_(False)
    return func.coalesce(member.c.id.is_not(None) & stored, false())


def is_shown(kind: Any) -> ColumnElement[bool]:
    """Whether the others see this member of a conversation of this kind: of an announcement, only
    who has made it."""
    owner = func.coalesce(chat.models.Member.__table__.c.owner, false())
    return or_(owner, kind != ANNOUNCEMENT)


def rows(*conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Stored memberships, the longest first."""
    member = chat.models.Member.__table__
    return database.rows(
        select(member).where(*conditions).order_by(member.c.joined_at, member.c.id)
    )


def shown(conversation: int, keys: Collection[Any]) -> list[dict[str, Any]]:
    """The memberships of these people as everybody sees them."""
    member = chat.models.Member.__table__
    return present(rows(member.c.conversation_id == conversation, member.c.user_id.in_(keys)))


def present(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Memberships as everybody sees them; of the host's former users nothing is left."""
    persons = people.persons([row.user_id for row in rows])
    reasons = _reasons({row.conversation_id for row in rows})
    return [
        MEMBER.write(
            {
                "id": person.id if person else str(row.user_id or ""),
                "name": person.name if person else "",
                "role": person.role if person else None,
                "avatar": person.avatar if person else None,
                "owner": row.owner,
                "since_seq": row.since_seq,
                "read_seq": row.read_seq if chat.config.read_receipts else None,
                "left": row.left_at is not None or person is None,
                # Empty, for who is there by a rule no more: still none of those who talk.
                "rule": reasons.get(
                    (row.conversation_id, row.user_id), "" if row.by_rule else None
                ),
            }
        )
        for row in rows
        for person in [persons.get(row.user_id)]
    ]


def _reasons(conversations: Collection[int]) -> dict[tuple[int, Any], str]:
    """Why people are there whom a rule of supervision has added; the first rule that does."""
    if not len(chat.supervision) or not conversations:
        return {}
    rules = list(chat.supervision)
    found = sorted(database.rows(access.rules_in(conversations)), key=lambda row: -row.rule)
    return {(row.conversation_id, row.user_id): rules[row.rule].reason for row in found}
