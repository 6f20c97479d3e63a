"""Who is in a conversation, and which conversations somebody has. Asked here and nowhere else.

One relation, (conversation, person), that can be filtered from both sides. For most
conversations it is the stored members who have not left. For the thread of a host record
(:mod:`flask_chat.subjects`), for the staff of an office (:mod:`flask_chat.inboxes`), and for those
who supervise others (:mod:`flask_chat.supervision`), it is the host's own rows, asked anew each
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
    CompoundSelect,
    Select,
    String,
    Subquery,
    and_,
    cast,
    exists,
    false,
    literal,
    or_,
    select,
    union,
    union_all,
)

from ..current import chat
from ..subjects import Subject
from ..supervision import SupervisionRule
from .conversation import ANNOUNCEMENT, DIRECT, WATCHED

Keys = Select[Any] | CompoundSelect[Any]
Ids = Collection[int] | Keys


def relation(*, conversations: Ids | None = None, people: Ids | None = None) -> Subquery:
    """Everybody who has access now: columns ``conversation_id`` and ``user_id``.

    :param conversations: only these.
    :param people: only people of these keys.
    """
    attended = _attended(conversations, people, both=True)
    return _together([*_shown(conversations, people), *attended]).subquery("chat_access")


def shown(*, conversations: Ids | None = None, people: Ids | None = None) -> Subquery:
    """:func:`relation` of those whom a conversation shows as its people: to somebody who writes
    to an office, the office is one, and not those who happen to work there."""
    notes = _attended(conversations, people, both=False)
    return _together([*_shown(conversations, people), *notes]).subquery("chat_access")


def by_rule(*, people: Ids) -> Subquery:
    """:func:`relation` of what the host's rows decide alone; for a chat that has such rules."""
    rules = [*_rules(None, people), *_attended(None, people, both=True)]
    return _together(rules).subquery("chat_access")


def has_rules() -> bool:
    """Whether somebody may take part by the host's rows alone, with no row of ours."""
    return bool(len(chat.subjects) or len(chat.inboxes) or len(chat.supervision))


def _shown(conversations: Ids | None, people: Ids | None) -> list[Select[Any]]:
    member = chat.models.Member.__table__
    stored = _only(_stored(), (member.c.conversation_id, conversations), (member.c.user_id, people))
    rules = [*_rules(conversations, people), *_supervised(conversations, people)]
    return [stored, *rules]


def _rules(conversations: Ids | None, people: Ids | None) -> list[Select[Any]]:
    queries = []
    for subject in chat.subjects:
        heads, part = _heads(), subject.relation
        found = _by_rule(subject, heads, part)
        queries.append(_only(found, (heads.c.id, conversations), (part.c.person, people)))
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
        queries.append(_only(found, (side, conversations), (staff.c.person, people)))
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
    if len(chat.inboxes):
        inquiry, staff = _inquiries()
        attended = _is_attended(inquiry, staff, in_=conversation)
        rules.append(select(staff.c.person).where(*attended))
    for found in _supervised([conversation], None):
        rules.append(found.with_only_columns(found.selected_columns[1]))
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
    queries += [
        found.with_only_columns(found.selected_columns[0])
        for found in (*_attended(None, [user], both=True), *_supervised(None, [user]))
    ]
    return _together(queries)


def is_in(user: Any, heads: Any, member: Any) -> ColumnElement[bool]:
    """A condition: this person may read that conversation, with which their own row is joined.
    Where the host has no rules that row says it all, and is looked at once."""
    if not has_rules():
        return and_(*_is_in(member))
    return or_(heads.c.id.in_(conversations_of(user)))


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
    if len(chat.inboxes):
        inquiry, staff = _inquiries()
        attended = _is_attended(inquiry, staff, in_=conversation)
        conditions.append(exists().where(staff.c.person == user, *attended))
    return or_(*conditions, supervises(user, conversation))


def members_in(conversation: Any) -> Select[Any]:
    """The keys of the stored members of a conversation: those nobody has added by a rule."""
    member = chat.models.Member.__table__
    stored = _stored().with_only_columns(member.c.user_id)
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
    heads, own = _heads(), conversations_of(user)
    # Without the announcements from the start: a school makes hundreds, each with thousands in it.
    both = select(heads.c.id).where(heads.c.id.in_(own), heads.c.kind != ANNOUNCEMENT)
    return select(shown(conversations=both, people=others).c.user_id).distinct()


def is_announcement(conversation: Any) -> ColumnElement[bool]:
    """A condition: those who read this conversation are not shown one another."""
    heads = _heads()
    return exists().where(heads.c.id == conversation, heads.c.kind == ANNOUNCEMENT)


def key_text(subject: Subject, key: Any) -> ColumnElement[str]:
    """A record's key as the database writes it: what a conversation about it is found by."""
    return cast(literal(key, subject.key_column.type), String)


# Who supervises whom


def supervisors(*, conversations: Ids | None = None) -> Subquery:
    """:func:`relation` of those whom a rule of supervision adds."""
    return _together(_supervised(conversations, None)).subquery("chat_supervision")


def members_and_supervisors(conversations: Any) -> Subquery:
    """:func:`relation` of conversations that are about no record and with no office."""
    member = chat.models.Member.__table__
    stored = _only(_stored(), (member.c.conversation_id, conversations))
    both = [stored, *_supervised(conversations, None)]
    return _together(both).subquery("chat_access")


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
        for place, found in enumerate(_supervised(conversations, None))
    ]
    found = union_all(*queries).subquery("chat_rules")
    return select(found.c.conversation_id, found.c.user_id, found.c.rule)


def untold(first: int, last: int) -> Keys:
    """The conversations of these numbers in which somebody supervises, or no longer does, and the
    others have not been told: their stored rows say something else than the host's."""
    member, heads = chat.models.Member.__table__, _heads()
    among = _heads()
    numbers = select(among.c.id).where(among.c.id.between(first, last))
    there = supervisors(conversations=numbers)
    come = (
        select(there.c.conversation_id)
        .outerjoin(
            member,
            (member.c.conversation_id == there.c.conversation_id)
            & (member.c.user_id == there.c.user_id)
            & member.c.left_at.is_(None),
        )
        # Rows of the host's may be left that name somebody it has deleted.
        .where(member.c.id.is_(None), there.c.user_id.in_(select(chat.models.user_key)))
    )
    gone = (
        select(member.c.conversation_id)
        .join(heads, heads.c.id == member.c.conversation_id)
        .where(
            heads.c.id.between(first, last),
            *is_told(member, heads),
            ~supervises(member.c.user_id, member.c.conversation_id),
        )
    )
    return union(come, gone)


def is_told(member: Any, heads: Any) -> list[ColumnElement[bool]]:
    """Conditions: this stored row is of somebody whom the others see there by a rule."""
    return [member.c.by_rule, member.c.left_at.is_(None), heads.c.kind.in_(WATCHED)]


def _supervised(conversations: Ids | None, people: Ids | None) -> list[Select[Any]]:
    queries = []
    for rule in chat.supervision:
        member, pair = _watched(rule)
        found = (
            select(
                member.c.conversation_id.label("conversation_id"),
                pair.c.supervisor.label("user_id"),
            )
            .where(*_is_supervised(rule, member, pair))
            .distinct()
        )
        queries.append(
            _only(found, (member.c.conversation_id, conversations), (pair.c.supervisor, people))
        )
    return queries


def _watched(rule: SupervisionRule) -> tuple[Any, Any]:
    return chat.models.Member.__table__.alias(), rule.pairs


def _is_supervised(rule: SupervisionRule, member: Any, pair: Any) -> list[ColumnElement[bool]]:
    """The member is supervised, and talks with somebody else the rule is about. Only members
    count: who supervises brings nobody along, and is not watched over talking to themself."""
    heads, other = _heads(), chat.models.Member.__table__.alias()
    kinds = WATCHED if rule.in_groups else (DIRECT,)
    talks = exists().where(
        other.c.conversation_id == member.c.conversation_id,
        other.c.user_id != member.c.user_id,
        other.c.user_id != pair.c.supervisor,
        *_is_in(other),
    )
    if rule.others is not None:
        talks = talks.where(other.c.user_id.in_(rule.others))
    return [
        pair.c.person == member.c.user_id,
        *_is_in(member),
        exists().where(heads.c.id == member.c.conversation_id, heads.c.kind.in_(kinds)),
        talks,
    ]


# Written once


def _heads() -> Any:
    return chat.models.Conversation.__table__.alias()


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
