"""Who is in a conversation, and which conversations somebody has. Asked here and nowhere else.

One relation, (conversation, person), that can be filtered from both sides. For most
conversations it is the stored members who have not left. For the thread of a host record
(:mod:`flask_chat.subjects`), for the staff of an office (:mod:`flask_chat.inboxes`), and for those
who supervise others (``models/supervision.py``), it is the host's own rows, asked anew each
time, so that access is right from the host's next commit on.
Every query, verb and delivery of the package goes through here.

The filters are written into each source, not around their union: the host's index on its own key
and ours on the record are then what is used.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    cast,
    exists,
    literal,
    or_,
    select,
)

from ..current import chat
from ..subjects import Subject
from . import supervision
from .conversation import ANNOUNCEMENT
from .membership import Ids, Keys, aliased_heads, is_member, only, stored_pairs, together


def relation(*, conversations: Ids | None = None, people: Ids | None = None) -> Subquery:
    """Everybody who has access now: columns ``conversation_id`` and ``user_id``.

    :param conversations: only these.
    :param people: only people of these keys.
    """
    attended = _attended(conversations, people, both=True)
    return together([*_shown(conversations, people), *attended]).subquery("chat_access")


def shown(*, conversations: Ids | None = None, people: Ids | None = None) -> Subquery:
    """:func:`relation` of those whom a conversation shows as its people: to somebody who writes
    to an office, the office is one, and not those who happen to work there."""
    notes = _attended(conversations, people, both=False)
    return together([*_shown(conversations, people), *notes]).subquery("chat_access")


def members_and_supervisors(conversations: Any) -> Subquery:
    """:func:`relation` of conversations that are about no record and with no office."""
    member = chat.models.Member.__table__
    stored = only(stored_pairs(), (member.c.conversation_id, conversations))
    both = [stored, *supervision.supervised(conversations, None)]
    return together(both).subquery("chat_access")


def by_rule(*, people: Ids) -> Subquery:
    """:func:`relation` of what the host's rows decide alone; for a chat that has such rules."""
    rules = [*_rules(None, people), *_attended(None, people, both=True)]
    return together(rules).subquery("chat_access")


def has_rules() -> bool:
    """Whether somebody may take part by the host's rows alone, with no row of ours."""
    return bool(len(chat.subjects) or len(chat.inboxes) or len(chat.supervision))


def _shown(conversations: Ids | None, people: Ids | None) -> list[Select[Any]]:
    member = chat.models.Member.__table__
    wanted = (member.c.conversation_id, conversations), (member.c.user_id, people)
    rules = [*_rules(conversations, people), *supervision.supervised(conversations, people)]
    return [only(stored_pairs(), *wanted), *rules]


def _rules(conversations: Ids | None, people: Ids | None) -> list[Select[Any]]:
    queries = []
    for subject in chat.subjects:
        heads, part = aliased_heads(), subject.relation
        found = _by_rule(subject, heads, part)
        queries.append(only(found, (heads.c.id, conversations), (part.c.person, people)))
    return queries


def _attended(conversations: Ids | None, people: Ids | None, *, both: bool) -> list[Select[Any]]:
    """The staff of an office, in the notes on what it is asked, and in ``both`` conversations."""
    if not len(chat.inboxes):
        return []
    inquiry, staff = _inquiries()
    sides = (inquiry.c.conversation_id, inquiry.c.notes_id) if both else (inquiry.c.notes_id,)
    queries = []
    for side in sides:
        found = select(side.label("conversation_id"), staff.c.person.label("user_id")).distinct()
        found = found.where(*_is_attended(inquiry, staff))
        queries.append(only(found, (side, conversations), (staff.c.person, people)))
    return queries


def people_in(conversation: Any) -> Keys:
    """The keys of those who may read this conversation (an id, or what will be bound to one)."""
    member = chat.models.Member.__table__
    stored = stored_pairs().with_only_columns(member.c.user_id)
    rules = [_people_by_rule(subject, conversation) for subject in chat.subjects]
    if len(chat.inboxes):
        inquiry, staff = _inquiries()
        attended = _is_attended(inquiry, staff, in_=conversation)
        rules.append(select(staff.c.person).where(*attended))
    for found in supervision.supervised([conversation], None):
        rules.append(found.with_only_columns(found.selected_columns[1]))
    return together([stored.where(member.c.conversation_id == conversation), *rules])


def stored_members(conversations: Any) -> Select[Any]:
    """The stored rows of those who may read these conversations, none of them about a record."""
    member = chat.models.Member.__table__
    return select(member).where(member.c.conversation_id.in_(conversations), *is_member(member))


def conversations_of(user: Any) -> Keys:
    """The ids of the conversations this person may read."""
    member = chat.models.Member.__table__
    stored = stored_pairs().with_only_columns(member.c.conversation_id)
    queries = [stored.where(member.c.user_id == user)]
    for subject in chat.subjects:
        heads, part = aliased_heads(), subject.relation
        found = _by_rule(subject, heads, part).with_only_columns(heads.c.id)
        queries.append(found.where(part.c.person == user))
    queries += [
        found.with_only_columns(found.selected_columns[0])
        for found in (*_attended(None, [user], both=True), *supervision.supervised(None, [user]))
    ]
    return together(queries)


def is_in(user: Any, heads: Any, member: Any) -> ColumnElement[bool]:
    """A condition: this person may read that conversation, with which their own row is joined.
    Where the host has no rules that row says it all, and is looked at once."""
    if not has_rules():
        return is_stored(member)
    return or_(heads.c.id.in_(conversations_of(user)))


def is_stored(member: Any) -> ColumnElement[bool]:
    """A condition: whose row this is may read its conversation by that row, and by no rule."""
    return and_(*is_member(member))


def memberships_of(user: Any) -> Select[tuple[int]]:
    """The ids of the conversations this person is a stored member of."""
    member = chat.models.Member.__table__
    return (
        stored_pairs().with_only_columns(member.c.conversation_id).where(member.c.user_id == user)
    )


def may_read(user: Any, conversation: Any) -> ColumnElement[bool]:
    """A condition: this person may read that conversation (an id or a column)."""
    member = chat.models.Member.__table__.alias()
    conditions: list[ColumnElement[bool]] = [
        exists().where(
            member.c.conversation_id == conversation, member.c.user_id == user, *is_member(member)
        )
    ]
    for subject in chat.subjects:
        heads, part = aliased_heads(), subject.relation
        conditions.append(
            exists().where(
                heads.c.id == conversation, part.c.person == user, *_is_about(subject, heads, part)
            )
        )
    if len(chat.inboxes):
        inquiry, staff = _inquiries()
        attended = _is_attended(inquiry, staff, in_=conversation)
        conditions.append(exists().where(staff.c.person == user, *attended))
    return or_(*conditions, supervision.supervises(user, conversation))


def talking(conversations: Ids) -> Subquery:
    """:func:`relation` of those who talk in conversations of people and about records: without
    those who supervise."""
    member = chat.models.Member.__table__
    stored = only(stored_pairs(), (member.c.conversation_id, conversations))
    return together([stored, *_rules(conversations, None)]).subquery("chat_talking")


def members_in(conversation: Any) -> Select[Any]:
    """The keys of the stored members of a conversation: those nobody has added by a rule."""
    member = chat.models.Member.__table__
    stored = stored_pairs().with_only_columns(member.c.user_id)
    return stored.where(member.c.conversation_id == conversation)


def attends(user: Any, inquiry: Any) -> ColumnElement[bool]:
    """A condition: this person works in the office that has this inquiry, and is not who wrote."""
    staff = chat.inboxes.relation
    return exists().where(staff.c.person == user, *_is_attended(inquiry, staff))


def works_in(user: Any, inbox: Any) -> ColumnElement[bool]:
    """A condition: this person (a key or a column) works in that office (a name or a column)."""
    staff = chat.inboxes.relation
    return exists().where(staff.c.person == user, staff.c.inbox == inbox)


def sharing_with(user: Any, others: Collection[Any]) -> Select[tuple[Any]]:
    """Those of the others who are shown a conversation together with this person."""
    heads, own = aliased_heads(), conversations_of(user)
    # Without the announcements from the start: a school makes hundreds, each with thousands in it.
    both = select(heads.c.id).where(heads.c.id.in_(own), heads.c.kind != ANNOUNCEMENT)
    return select(shown(conversations=both, people=others).c.user_id).distinct()


def is_announcement(conversation: Any) -> ColumnElement[bool]:
    """A condition: those who read this conversation are not shown one another."""
    heads = aliased_heads()
    return exists().where(heads.c.id == conversation, heads.c.kind == ANNOUNCEMENT)


def key_text(subject: Subject, key: Any) -> ColumnElement[str]:
    """A record's key as the database writes it: what a conversation about it is found by."""
    return cast(literal(key, subject.key_column.type), String)


def _inquiries() -> tuple[Any, Any]:
    return chat.models.Inquiry.__table__.alias(), chat.inboxes.relation


def _is_attended(inquiry: Any, staff: Any, *, in_: Any = None) -> list[ColumnElement[bool]]:
    """Who asks as a person is not staff in that matter: the notes on it are not for them."""
    conditions = [
        inquiry.c.inbox == staff.c.inbox,
        staff.c.person.is_distinct_from(inquiry.c.writer_id),
    ]
    if in_ is not None:
        conditions.append((inquiry.c.conversation_id == in_) | (inquiry.c.notes_id == in_))
    return conditions


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
    heads, part = aliased_heads(), subject.relation
    key = heads.c.subject_key
    if not isinstance(subject.key_column.type, String):
        key = cast(key, subject.key_column.type)
    record = (
        select(key)
        .where(heads.c.id == conversation, heads.c.subject_kind == subject.name)
        .scalar_subquery()
    )
    return select(part.c.person).where(part.c.record == record)
