"""What the administrator does from the command line: count, check, purge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import Row, delete, func, select, true, update

from .. import announce, database
from ..current import chat
from ..database import reading, writing
from ..events import ConversationPurged
from ..models import counters
from ..models.columns import utcnow
from ..models.held import WAITING
from . import conversations, members

_AT_ONCE = 500


class Finding(TypedDict):
    """A conversation whose counters and rows contradict each other."""

    conversation: str
    problem: str


@reading
def count_everything() -> dict[str, Any]:
    """How much there is of everything."""
    models = chat.models
    conversation, member = models.Conversation.__table__, models.Member.__table__
    message, held = models.Message.__table__, models.HeldMessage.__table__
    kinds = database.rows(
        select(conversation.c.kind, func.count().label("total"))
        .group_by(conversation.c.kind)
        .order_by(conversation.c.kind)
    )
    now = database.scalar(select(utcnow()))
    return {
        "conversations": {row.kind: row.total for row in kinds},
        "members": _count(member, member.c.left_at.is_(None)),
        "messages": _count(message),
        "messages_today": _count(message, message.c.created_at > now - timedelta(days=1)),
        "tombstones": _count(message, message.c.deleted_at.is_not(None)),
        "revisions": _count(models.Revision.__table__),
        "held": _count(held, held.c.state == WAITING),
        "oldest_message": database.scalar(select(func.min(message.c.created_at))),
        "newest_message": database.scalar(select(func.max(message.c.created_at))),
    }


def _count(table: Any, *conditions: Any) -> int:
    return int(database.scalar(select(func.count()).select_from(table).where(*conditions)))


# Counters


@reading
def find_miscounts() -> list[Finding]:
    """Conversations whose numbers have a gap, a double, or a head below what is stored."""
    heads, message = chat.models.Conversation.__table__, chat.models.Message.__table__
    stored = (
        select(
            message.c.conversation_id,
            func.count().label("stored"),
            func.min(message.c.seq).label("lowest"),
            func.max(message.c.seq).label("highest"),
            func.max(message.c.change).label("change"),
        )
        .group_by(message.c.conversation_id)
        .subquery()
    )
    rows = database.execute(
        select(
            heads.c.id, heads.c.last_seq, heads.c.last_change, heads.c.first_seq,
            func.coalesce(stored.c.stored, 0).label("stored"), stored.c.lowest, stored.c.highest,
            func.coalesce(stored.c.change, 0).label("change"),
        )
        .outerjoin(stored, stored.c.conversation_id == heads.c.id)
        .order_by(heads.c.id)
    )  # fmt: skip
    return [
        {"conversation": str(row.id), "problem": problem}
        for row in rows
        for problem in _problems(row)
    ]


def _problems(row: Row[Any]) -> Iterator[str]:
    expected = row.last_seq - row.first_seq + 1
    if row.stored != expected:
        yield f"has {row.stored} messages where its numbers say {expected}"
    if row.stored and row.lowest != row.first_seq:
        yield f"begins with message {row.lowest}, not {row.first_seq}"
    if row.stored and row.highest != row.last_seq:
        yield f"ends with message {row.highest}, not {row.last_seq}"
    if row.change > row.last_change:
        yield f"has reached change {row.change}, its head says {row.last_change}"


@writing
def recount(conversation: int) -> None:
    """Put a conversation's head back above what is stored; numbers are only ever raised."""
    taken = counters.take(conversation)
    heads, message = chat.models.Conversation.__table__, chat.models.Message.__table__
    row = database.execute(
        select(
            func.coalesce(func.max(message.c.seq), 0),
            func.min(message.c.seq),
            func.coalesce(func.max(message.c.change), 0),
        ).where(message.c.conversation_id == conversation)
    ).one()
    highest, lowest, change = row
    reached = max(taken.change, change + 1)
    database.execute(
        update(heads)
        .where(heads.c.id == conversation)
        .values(
            last_seq=max(taken.seq, highest),
            first_seq=lowest if lowest is not None else max(taken.seq, highest) + 1,
            last_change=reached,
            change=reached,
        )
    )
    _tell_purged(conversation, reached)


# Purging


@reading
def count_older(days: float) -> int:
    """How many messages a purge of this age would remove."""
    message = chat.models.Message.__table__
    return int(database.scalar(select(func.count()).where(message.c.created_at < _before(days))))


@reading
def conversations_older(days: float) -> list[int]:
    """The conversations a purge of this age would touch."""
    message = chat.models.Message.__table__
    old = select(message.c.conversation_id).where(message.c.created_at < _before(days)).distinct()
    return sorted(database.column(old))


def purge(days: float, *, told: Callable[[int], None] | None = None) -> int:
    """Remove messages older than ``days`` for good, a conversation and some hundred at a time.

    May be stopped and repeated at any point. Clients are told and drop what they have.

    :param told: called with the number removed, as it goes.
    :returns: how many messages were removed.
    """
    removed = 0
    for conversation in conversations_older(days):
        while count := _purge_some(conversation, days):
            removed += count
            if told:
                told(count)
    _purge_held(days)
    return removed


@writing
def _purge_held(days: float) -> None:
    """What was never sent either: refused, and its author has not looked after it since."""
    held = chat.models.HeldMessage.__table__
    database.execute(delete(held).where(held.c.state != WAITING, held.c.touched_at < _before(days)))


@writing
def _purge_some(conversation: int, days: float) -> int:
    heads, message = chat.models.Conversation.__table__, chat.models.Message.__table__
    counters.lock(conversation)
    before, mine = _before(days), message.c.conversation_id == conversation
    # Up to the first that is younger: where a clock was set back, nothing is torn out of the
    # middle, for numbers are without a gap from `first_seq` on.
    youngest = database.scalar(
        select(func.min(message.c.seq)).where(mine, message.c.created_at >= before)
    )
    old = database.rows(
        select(message.c.id, message.c.seq)
        .where(mine, message.c.seq < youngest if youngest is not None else true())
        .order_by(message.c.seq)
        .limit(_AT_ONCE)
    )
    if not old:
        return 0
    taken = counters.take(conversation)
    keys = [row.id for row in old]
    revision = chat.models.Revision.__table__
    database.execute(delete(revision).where(revision.c.message_id.in_(keys)))
    database.execute(
        update(message).where(message.c.reply_to_id.in_(keys)).values(reply_to_id=None)
    )
    database.execute(delete(message).where(message.c.id.in_(keys)))
    database.execute(
        update(heads)
        .where(heads.c.id == conversation)
        .values(first_seq=old[-1].seq + 1, change=taken.change)
    )
    _tell_purged(conversation, taken.change)
    return len(keys)


def _tell_purged(conversation: int, change: int) -> None:
    announce.after_commit(
        ConversationPurged(
            audience=members.audience(conversation),
            conversation=str(conversation),
            change=change,
            data=conversations.shared_view([conversation])[conversation],
        )
    )


def _before(days: float) -> datetime:
    now: datetime = database.scalar(select(utcnow()))
    return now - timedelta(days=days)
