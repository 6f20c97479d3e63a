"""Reading: marks, and what is unread. Unread is counted, never stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    insert,
    select,
    update,
)

from .. import announce, database
from ..current import Identity, chat
from ..database import reading, writing
from ..events import Audience, ConversationSelf, ReadUpdated
from ..models import access, counters, padded, prepared
from ..models.columns import utcnow
from ..models.conversation import WATCHED
from ..schemas import SELF
from . import history, inquiries, roster, supervision

#: Nobody needs an exact number beyond this.
MOST_COUNTED = 100

#: In larger groups, who has read what is counted on request instead of pushed to everybody.
MOST_TOLD = 50


@writing
def mark_read(identity: Identity, conversation: int, *, seq: int) -> dict[str, Any]:
    """Read up to this message. Marks only grow; a lower one changes nothing.

    :returns: the reader's own state of the conversation.
    :raises NotFound: if this person has no such conversation.
    """
    people = hearers(identity, conversation)
    begin(identity.key, conversation)
    has_moved = _advance(identity, conversation, seq)
    state = own_states(identity.key, [conversation])[conversation]
    if has_moved:
        mark = _mark_event(identity.user, conversation, people, seq=state["read_seq"])
        if mark is not None:
            announce.after_commit(mark)
        announce.after_commit(_own_event(identity.key, conversation, state))
    return state


def begin(user: Any, conversation: int) -> None:
    """Make the row of somebody's own state, if they take part by a rule and have none yet."""
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    found = database.first(
        select(heads.c.kind, heads.c.last_change, utcnow().label("now"))
        .outerjoin(member, (member.c.conversation_id == heads.c.id) & (member.c.user_id == user))
        .where(
            heads.c.id == conversation,
            heads.c.kind.in_(roster.kinds_by_rule()),
            member.c.id.is_(None),
        )
    )
    if found is not None and found.kind in WATCHED:
        counters.lock(conversation)
        supervision.settle(conversation)
    elif found is not None:
        database.execute(
            insert(member).values(
                conversation_id=conversation, user_id=user, by_rule=True, joined_at=found.now,
                touched_at=found.now, since_seq=1, read_seq=0, change=found.last_change,
            )
        )  # fmt: skip


def _advance(identity: Identity, conversation: int, seq: int) -> bool:
    member = chat.models.Member.__table__
    heads = chat.models.Conversation.__table__
    last = select(heads.c.last_seq).where(heads.c.id == conversation).scalar_subquery()
    reached = min(seq, database.scalar(select(last)))
    moved = database.execute(
        update(member)
        .where(
            member.c.conversation_id == conversation,
            member.c.user_id == identity.key,
            member.c.read_seq < reached,
        )
        .values(read_seq=reached, version=member.c.version + 1, touched_at=utcnow())
    )
    return bool(moved.rowcount)


def mark_event(user: Any, conversation: int) -> ReadUpdated | None:
    """What tells the others how far this person has read; ``None`` where nobody is told."""
    people = _hearers(conversation)
    state = own_states(user, [conversation]).get(conversation)
    if state is None or user not in people:
        return None
    return _mark_event(str(user), conversation, people, seq=state["read_seq"])


def _mark_event(
    user: str, conversation: int, people: Collection[Any], *, seq: int
) -> ReadUpdated | None:
    writer = inquiries.writer_of(conversation)
    if writer is not None and str(writer) != user:
        return None  # that somebody in the office has looked is no answer
    others = tuple(public for key in people if (public := str(key)) != user)
    if not others or not chat.config.read_receipts:
        return None
    return ReadUpdated(
        audience=Audience(others), conversation=str(conversation), data={"user": user, "seq": seq}
    )


def tell_self(user: Any, conversation: int) -> None:
    """Tell this person's other devices how their own state of the conversation is now."""
    if (event := own_event(user, conversation)) is not None:
        announce.after_commit(event)


def own_event(user: Any, conversation: int) -> ConversationSelf | None:
    """What tells this person's devices how their own state of the conversation is now."""
    state = own_states(user, [conversation]).get(conversation)
    return None if state is None else _own_event(user, conversation, state)


def _own_event(user: Any, conversation: int, state: dict[str, Any]) -> ConversationSelf:
    return ConversationSelf(
        audience=Audience((str(user),)), conversation=str(conversation), data=state
    )


def own_states(user: Any, conversations: Collection[int]) -> dict[int, dict[str, Any]]:
    """One person's own state of these conversations, in one statement, as the wire has it."""
    if not conversations:
        return {}
    wanted = {"user": user, "conversations": padded(set(conversations))}
    return {
        row.id: SELF.write({**row._mapping, "unread": _shown(row.unread)})
        for row in database.rows(_own_states(), wanted)
    }


@prepared
def _own_states() -> Select[Any]:
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    user: BindParameter[Any] = bindparam("user")
    return (
        select(
            heads.c.id, *own_columns(member),
            heads.c.last_seq.label("counted_to"), _unread_of(user, heads, member).label("unread"),
        )
        .outerjoin(member, (member.c.conversation_id == heads.c.id) & (member.c.user_id == user))
        .where(
            heads.c.id.in_(bindparam("conversations", expanding=True)),
            # By rule, somebody takes part before there is a row of theirs.
            member.c.id.is_not(None) | heads.c.kind.in_(roster.kinds_by_rule()),
        )
    )  # fmt: skip


def own_columns(member: Any) -> list[Any]:
    """One person's own state, as it is where there is no row of theirs yet."""
    return [
        func.coalesce(member.c.version, 0).label("version"),
        func.coalesce(member.c.read_seq, 0).label("read_seq"),
        *(
            func.coalesce(member.c[name], false()).label(name)
            for name in ("muted", "archived", "pinned")
        ),
        member.c.confirmed_at.is_not(None).label("confirmed"),
    ]


def _unread_of(user: Any, heads: Any, member: Any) -> Any:
    """How many messages of a conversation this person has not read; correlated to both tables.

    Numbers have no gap from ``first_seq`` on, so what lies beyond the mark is a subtraction, and
    only what is passed over has to be looked for: that is little, wherever people read.
    """
    mark = func.coalesce(member.c.read_seq, 0)
    begun = case((mark < heads.c.first_seq, heads.c.first_seq - 1), else_=mark)
    return case(
        (heads.c.last_seq > mark, heads.c.last_seq - begun - _passed_over(user, heads, member)),
        else_=0,
    )


def _passed_over(user: Any, heads: Any, member: Any) -> Any:
    """How many messages beyond the mark are no news: one's own, tombstones, and to the staff of an
    office what it has answered by itself."""
    message = chat.models.Message.__table__
    others = message.c.author_id.is_distinct_from(user)
    kinds = [[message.c.author_id == user], [message.c.deleted_at.is_not(None), others]]
    if len(chat.inboxes):
        kinds.append(
            [message.c.deleted_at.is_(None), *inquiries.said_by_nobody(user, heads, message)]
        )
    counts = [
        select(func.count())
        .where(
            message.c.conversation_id == heads.c.id,
            message.c.seq > func.coalesce(member.c.read_seq, 0),
            *conditions,
        )
        .correlate(heads, member)
        .scalar_subquery()
        for conditions in kinds
    ]
    return sum(counts[1:], counts[0])


@reading
def totals(identity: Identity) -> dict[str, int]:
    """What a badge shows: unread messages, and in how many conversations.

    Muted and archived conversations do not count; each counts at most ``MOST_COUNTED``.
    """
    return count_totals(identity.key)


def count_totals(user: Any) -> dict[str, int]:
    """:func:`totals` by primary key, for verbs that are in a transaction already."""
    return added_up(unread for (unread,) in database.rows(_counts(), {"user": user}) if unread)


def added_up(counts: Iterable[int]) -> dict[str, int]:
    """:func:`totals` of the conversations of which something unread counts."""
    shown = [_shown(unread) for unread in counts]
    return {"unread": sum(shown), "conversations": len(shown)}


def _shown(unread: int) -> int:
    return max(0, min(unread, MOST_COUNTED))


@prepared
def _counts() -> Select[tuple[int]]:
    """What is unread in each conversation that has news.

    A row for each and no sum: around a sum, both databases count everything twice.
    """
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    user: BindParameter[Any] = bindparam("user")
    return (
        select(counted(user, heads, member))
        .select_from(heads)
        .join(
            member,
            (member.c.conversation_id == heads.c.id) & (member.c.user_id == user),
            isouter=access.has_rules(),  # else everybody who takes part has a row
        )
        # Most have been read to their end.
        .where(
            access.is_in(user, heads, member),
            heads.c.last_seq > func.coalesce(member.c.read_seq, 0),
        )
    )


def counted(user: Any, heads: Any, member: Any) -> Any:
    """What a conversation adds to the totals of somebody who has it, before :data:`MOST_COUNTED`:
    a column, of a query in which their own row is joined."""
    asks = and_(
        func.coalesce(member.c.muted, false()).is_(False),
        func.coalesce(member.c.archived, false()).is_(False),
        *inquiries.asking(user, heads),
    )
    return case((asks, _unread_of(user, heads, member)), else_=0)


def hearers(identity: Identity, conversation: int) -> set[Any]:
    """The keys of those who hear of each other's reading and typing there; nobody, where they are
    too many or are not shown one another.

    :raises NotFound: if this person has no such conversation.
    """
    found = _hearers(conversation)
    if identity.key not in found:
        history.head_of(identity, conversation)
    return found


def _hearers(conversation: int) -> set[Any]:
    people = access.people_in(conversation).subquery()
    found = database.column(
        select(people.c[0]).where(~access.is_announcement(conversation)).limit(MOST_TOLD + 1)
    )
    return set() if len(found) > MOST_TOLD else set(found)
