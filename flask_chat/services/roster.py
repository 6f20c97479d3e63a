"""The roster: who is in a conversation, and how they are shown to the others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, null, or_, select, true

from .. import database
from ..current import chat
from ..models import access, supervision
from ..models.conversation import ANNOUNCEMENT, BY_RULE, WATCHED
from ..schemas import MEMBER
from . import people

#: Where somebody stands in the list of a conversation: whether they own it, since when they are
#: in it, the number of the row, the key. Who takes part by the host's rows alone has only the last.
Place = tuple[bool, datetime | None, int | None, Any]


def people_in(
    conversations: Collection[int],
    *,
    people: Collection[Any] | None = None,
    most: int | None = None,
    shown: bool = False,
) -> Sequence[Row[Any]]:
    """Who has access now, the longest first; those who do by a rule may have no row of their own.

    :param most: how many of each conversation; those who own it before the others.
    :param shown: only whom the others are shown.
    """
    among = access.shown if shown else access.relation
    present = among(conversations=conversations, people=people)
    order = _order(present) if most is None else [_owns().desc(), *_order(present)]
    place = (
        func.row_number()
        .over(partition_by=present.c.conversation_id, order_by=order)
        .label("place")
    )
    query = _rows_of(present, place, shown=shown).subquery()
    chosen = select(query).order_by(query.c.conversation_id, query.c.place)
    return database.rows(chosen if most is None else chosen.where(query.c.place <= most))


def page_of(
    conversation: int, *, after: Place | None, among: Collection[Any] | None, limit: int
) -> list[Row[Any]]:
    """So many of those whom a conversation shows, from behind a place on: the owners, then the
    others, the longest first.

    :param among: only people of these keys.
    """
    member = chat.models.Member.__table__
    # Without rules everybody who is there has a row, and a crowd is not joined with itself.
    present = access.shown(conversations=[conversation]) if access.has_rules() else member
    query = _rows_of(present, member.c.joined_at, member.c.id, shown=True)
    if present is member:
        query = query.where(member.c.conversation_id == conversation, access.is_stored(member))
    query = query.where(_is_behind(after, present)).order_by(_owns().desc(), *_order(present))
    if among is None:
        return list(database.rows(query.limit(limit)))
    # They may be thousands, too many to name; here they are only looked at until there are enough.
    rows = chain.from_iterable(database.execute(query).partitions(limit))
    return list(islice((row for row in rows if row.user_id in among), limit))


def keys_of(conversation: int) -> Select[tuple[Any]]:
    """The keys of those whom a conversation shows, as a query; of an announcement, of all."""
    return select(access.shown(conversations=[conversation]).c.user_id)


def first_stored(conversations: Collection[int], most: int) -> Sequence[Row[Any]]:
    """The first of those whom each of these conversations shows (the owners, then the longest), in
    none of which anybody takes part by the host's rows. So many are read of each, and not all of a
    crowd to show a few."""
    heads, member = chat.models.Conversation.__table__, chat.models.Member.__table__
    first = (
        access.stored_members([heads.c.id])
        .with_only_columns(member.c.id)
        .where(is_shown(heads.c.kind))
        .order_by(member.c.owner.desc(), member.c.joined_at, member.c.id)
        .limit(most)
        .correlate(heads)
    )
    query = (
        select(
            member.c.conversation_id, member.c.user_id, member.c.owner, member.c.since_seq,
            member.c.read_seq, null().label("left_at"), member.c.by_rule,
        )
        .where(heads.c.id.in_(conversations))
        .order_by(
            member.c.conversation_id, member.c.owner.desc(), member.c.joined_at, member.c.id
        )
    )  # fmt: skip
    if database.connection().dialect.name == "postgresql":
        each = first.lateral()
        return database.rows(
            query.select_from(heads.join(each, true()).join(member, member.c.id == each.c.id))
        )
    return database.rows(query.select_from(heads.join(member, member.c.id.in_(first))))


def count_stored(heads: Any) -> ColumnElement[int]:
    """How many people a conversation shows, as long as nobody takes part by the host's rows."""
    return (
        access.stored_members([heads.c.id])
        .with_only_columns(func.count())
        .where(is_shown(heads.c.kind))
        .correlate(heads)
        .scalar_subquery()
    )


def kinds_by_rule() -> tuple[str, ...]:
    """The kinds in which somebody may take part before there is a row of theirs."""
    return (*BY_RULE, *(WATCHED if len(chat.supervision) else ()))


def _rows_of(present: Any, *more: Any, shown: bool) -> Select[Any]:
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    query = (
        select(
            present.c.conversation_id,
            present.c.user_id,
            _owns().label("owner"),
            func.coalesce(member.c.since_seq, 1).label("since_seq"),
            func.coalesce(member.c.read_seq, 0).label("read_seq"),
            null().label("left_at"),
            # Who supervises is in the relation of the host's, and no member.
            (heads.c.kind.in_(WATCHED) & ~is_member(member)).label("by_rule"),
            *more,
        )
        .select_from(present)
        .join(heads, heads.c.id == present.c.conversation_id)
    )
    if present is not member:
        query = query.outerjoin(member, own_row(present))
    return query.where(is_shown(heads.c.kind) if shown else true())


def _order(present: Any) -> list[Any]:
    """Who has no row of their own yet comes last."""
    member = chat.models.Member.__table__
    return [member.c.joined_at.nulls_last(), member.c.id, present.c.user_id]


def _is_behind(place: Place | None, present: Any) -> ColumnElement[bool]:
    if place is None:
        return true()
    member = chat.models.Member.__table__
    is_owner, joined_at, number, key = place
    if joined_at is None:
        return and_(member.c.id.is_(None), present.c.user_id > key)
    later = or_(
        member.c.joined_at > joined_at, and_(member.c.joined_at == joined_at, member.c.id > number)
    )
    if is_owner:
        return or_(later, _owns().is_(False))
    return and_(or_(later, member.c.id.is_(None)), _owns().is_(False))


def _owns() -> ColumnElement[bool]:
    return func.coalesce(chat.models.Member.__table__.c.owner, false())


def own_row(present: Any) -> ColumnElement[bool]:
    """What joins somebody who has access with their stored row."""
    member = chat.models.Member.__table__
    return and_(
        member.c.conversation_id == present.c.conversation_id,
        member.c.user_id == present.c.user_id,
    )


def is_member(member: Any) -> ColumnElement[bool]:
    """Whether this row, if there is one, is of a member, and not of who is there by a rule."""
    stored = member.c.left_at.is_(None) & member.c.by_rule.is_(False)
    return func.coalesce(member.c.id.is_not(None) & stored, false())


def is_shown(kind: Any) -> ColumnElement[bool]:
    """Whether the others see this member of a conversation of this kind: of an announcement, only
    who has made it."""
    return or_(_owns(), kind != ANNOUNCEMENT)


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
    found = sorted(database.rows(supervision.rules_in(conversations)), key=lambda row: -row.rule)
    return {(row.conversation_id, row.user_id): rules[row.rule].reason for row in found}
