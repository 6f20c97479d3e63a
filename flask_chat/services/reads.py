"""Reading: marks, and what is unread. Unread is counted, never stored."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, false, func, insert, select, update

from .. import announce, database
from ..current import Identity, chat
from ..database import reading, writing
from ..events import Audience, ConversationSelf, ReadUpdated
from ..models import access, counters, padded, prepared
from ..models.columns import utcnow
from ..models.conversation import WATCHED
from ..schemas import SELF
from . import history, inquiries, roster, supervision

#: Nobody needs an exact number beyond this; counting stops here.
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
    return {row.id: SELF.write(row._mapping) for row in database.rows(_own_states(), wanted)}


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
    """How many messages of a conversation this person has not read, up to ``MOST_COUNTED``.

    Others' messages that are no tombstones, beyond the mark; correlated to both tables. What an
    office has answered by itself is news to the writer only.
    """
    message = chat.models.Message.__table__
    unread = (
        select(message.c.id)
        .where(
            message.c.conversation_id == heads.c.id,
            message.c.seq > func.coalesce(member.c.read_seq, 0),
            message.c.author_id.is_distinct_from(user),
            message.c.deleted_at.is_(None),
            *inquiries.said_by_somebody(user, heads, message),
        )
        .limit(MOST_COUNTED)
        .correlate(heads, member)
        .subquery()
    )
    return select(func.count()).select_from(unread).correlate(heads, member).scalar_subquery()


@reading
def totals(identity: Identity) -> dict[str, int]:
    """What a badge shows: unread messages, and in how many conversations.

    Muted and archived conversations do not count; each counts at most ``MOST_COUNTED``.
    """
    return count_totals(identity.key)


def count_totals(user: Any) -> dict[str, int]:
    """:func:`totals` by primary key, for verbs that are in a transaction already."""
    counts = [unread for (unread,) in database.rows(_unread_counts(), {"user": user}) if unread]
    return {"unread": sum(counts), "conversations": len(counts)}


@prepared
def _unread_counts() -> Select[tuple[int]]:
    """What is unread in each conversation that counts.

    One row for each of them and no sum: around a sum, both databases count everything twice.
    """
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    user: BindParameter[Any] = bindparam("user")
    return (
        select(_unread_of(user, heads, member))
        .select_from(heads)
        .join(
            member,
            (member.c.conversation_id == heads.c.id) & (member.c.user_id == user),
            isouter=access.has_rules(),  # else everybody who takes part has a row
        )
        .where(
            access.is_in(user, heads, member),
            func.coalesce(member.c.muted, false()).is_(False),
            func.coalesce(member.c.archived, false()).is_(False),
            # Most have been read to their end, and there is nothing to count.
            heads.c.last_seq > func.coalesce(member.c.read_seq, 0),
            *inquiries.asking(user, heads),
        )
    )


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
