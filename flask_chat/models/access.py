"""Who is in a conversation, and which conversations somebody has. Asked here and nowhere else.

One relation, (conversation, person), that can be filtered from both sides. It has two sources.
For most conversations it is the stored members who have not left. For the thread of a host record
(:mod:`flask_chat.subjects`) it is the host's own rows, asked anew each time, so that access is
right from the host's next commit on. Every query, verb and delivery of the package goes through
here.

The filters are written into each source, not around their union: the host's index on its own key
and ours on the record are then what is used.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Subquery,
    cast,
    exists,
    literal,
    or_,
    select,
    union,
)

from ..current import chat
from ..subjects import Subject
from .conversation import ANNOUNCEMENT

Keys = Select[Any] | CompoundSelect[Any]
Ids = Collection[int] | Keys


def relation(*, conversations: Ids | None = None, people: Ids | None = None) -> Subquery:
    """Everybody who has access now: columns ``conversation_id`` and ``user_id``.

    :param conversations: only these.
    :param people: only people of these keys.
    """
    member = chat.models.Member.__table__
    stored = _only(_stored(), (member.c.conversation_id, conversations), (member.c.user_id, people))
    return _together([stored, *_rules(conversations, people)]).subquery("chat_access")


def by_rule(*, people: Ids) -> Subquery:
    """:func:`relation` of the threads of host records alone; for a chat that has subjects."""
    return _together(_rules(None, people)).subquery("chat_access")


def _rules(conversations: Ids | None, people: Ids | None) -> list[Select[Any]]:
    queries = []
    for subject in chat.subjects:
        heads, part = _heads(), subject.relation
        found = _by_rule(subject, heads, part)
        queries.append(_only(found, (heads.c.id, conversations), (part.c.person, people)))
    return queries


def _only(query: Select[Any], *filters: tuple[Any, Ids | None]) -> Select[Any]:
    for column, wanted in filters:
        if wanted is not None:
            query = query.where(column.in_(wanted))
    return query


def people_in(conversation: Any) -> Keys:
    """The keys of those who may read this conversation (an id, or what will be bound to one)."""
    member = chat.models.Member.__table__
    stored = _stored().with_only_columns(member.c.user_id)
    rules = [_people_by_rule(subject, conversation) for subject in chat.subjects]
    return _together([stored.where(member.c.conversation_id == conversation), *rules])


def stored_members(conversations: Any) -> Select[Any]:
    """The stored rows of those who may read these conversations, none of them about a record."""
    member = chat.models.Member.__table__
    return select(member).where(member.c.conversation_id.in_(conversations), *_is_in(member))


def conversations_of(user: Any) -> Keys:
    """The ids of the conversations this person may read."""
    member = chat.models.Member.__table__
    stored = _stored().with_only_columns(member.c.conversation_id)
    queries = [stored.where(member.c.user_id == user)]
    for subject in chat.subjects:
        heads, part = _heads(), subject.relation
        found = _by_rule(subject, heads, part).with_only_columns(heads.c.id)
        queries.append(found.where(part.c.person == user))
    return _together(queries)


def memberships_of(user: Any) -> Select[tuple[int]]:
    """The ids of the conversations this person is a stored member of."""
    member = chat.models.Member.__table__
    return _stored().with_only_columns(member.c.conversation_id).where(member.c.user_id == user)


def may_read(user: Any, conversation: Any) -> ColumnElement[bool]:
    """A condition: this person may read that conversation (an id or a column)."""
    member = chat.models.Member.__table__.alias()
    conditions: list[ColumnElement[bool]] = [
        exists().where(
            member.c.conversation_id == conversation, member.c.user_id == user, *_is_in(member)
        )
    ]
    for subject in chat.subjects:
        heads, part = _heads(), subject.relation
        conditions.append(
            exists().where(
                heads.c.id == conversation, part.c.person == user, *_is_about(subject, heads, part)
            )
        )
    return or_(*conditions)


def sharing_with(user: Any, others: Collection[Any]) -> Select[tuple[Any]]:
    """Those of the others who are shown a conversation together with this person."""
    access = relation(conversations=conversations_of(user), people=others)
    shared = ~is_announcement(access.c.conversation_id)
    return select(access.c.user_id).where(shared).distinct()


def is_announcement(conversation: Any) -> ColumnElement[bool]:
    """A condition: those who read this conversation are not shown one another."""
    heads = _heads()
    return exists().where(heads.c.id == conversation, heads.c.kind == ANNOUNCEMENT)


def key_text(subject: Subject, key: Any) -> ColumnElement[str]:
    """A record's key as the database writes it: what a conversation about it is found by."""
    return cast(literal(key, subject.key_column.type), String)


def _heads() -> Any:
    return chat.models.Conversation.__table__.alias()


def _stored() -> Select[Any]:
    member = chat.models.Member.__table__
    return select(member.c.conversation_id, member.c.user_id).where(*_is_in(member))


def _is_in(member: Any) -> list[ColumnElement[bool]]:
    return [member.c.left_at.is_(None), member.c.user_id.is_not(None), member.c.by_rule.is_(False)]


def _by_rule(subject: Subject, heads: Any, part: Any) -> Select[Any]:
    return (
        select(heads.c.id.label("conversation_id"), part.c.person.label("user_id"))
        .where(*_is_about(subject, heads, part))
        .distinct()
    )


def _is_about(subject: Subject, heads: Any, part: Any) -> list[ColumnElement[bool]]:
    return [
        heads.c.subject_kind == subject.name,
        heads.c.subject_key == cast(part.c.record, String),
    ]


def _people_by_rule(subject: Subject, conversation: Any) -> Select[Any]:
    """From one conversation to its people: the key is turned back, for the host's own index."""
    heads, part = _heads(), subject.relation
    key = heads.c.subject_key
    if not isinstance(subject.key_column.type, String):
        key = cast(key, subject.key_column.type)
    record = (
        select(key)
        .where(heads.c.id == conversation, heads.c.subject_kind == subject.name)
        .scalar_subquery()
    )
    return select(part.c.person).where(part.c.record == record)


def _together(queries: list[Select[Any]]) -> Keys:
    return queries[0] if len(queries) == 1 else union(*queries)
