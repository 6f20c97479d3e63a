"""The counter row of a conversation: the lock that every verb takes first.

Rights, members and audience are read *after* it, under the same lock. Asked earlier, a post that
races an ``add`` would miss the newcomer for ever, and one that races a ``remove`` would still
reach the removed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, select, update

from .. import database
from ..current import chat
from ..errors import NotFound
from . import padded, prepared
from .columns import utcnow


@dataclass(frozen=True, slots=True)
class Taken:
    """The locked conversation, and the numbers that now belong to the verb; in the order in which
    the statements below return them.

    :param now: the database's clock, for whatever the verb writes.
    :param has_held: whether one of those who want to write has a message that was held back.
    """

    id: int
    kind: str
    title: str | None
    seq: int
    change: int
    first_seq: int
    now: datetime
    has_held: bool = False


def take(conversation: int, *, messages: int = 0) -> Taken:
    """Lock the conversation and take its next change, and as many message numbers as needed.

    :raises NotFound: if there is no such conversation.
    """
    row = database.first(_taken(), {"conversation": conversation, "messages": messages})
    if row is None:
        raise NotFound()
    return Taken(*tuple(row))


@prepared
def _taken() -> Any:
    table = chat.models.Conversation.__table__
    return (
        update(table)
        .where(table.c.id == bindparam("conversation"))
        .values(
            last_seq=table.c.last_seq + bindparam("messages"),
            last_change=table.c.last_change + 1,
            updated_at=utcnow(),
        )
        .returning(
            table.c.id, table.c.kind, table.c.title, table.c.last_seq.label("seq"),
            table.c.last_change.label("change"), table.c.first_seq,
            table.c.updated_at.label("now"),
        )
    )  # fmt: skip


def lock(conversation: int) -> Taken:
    """Lock the conversation without taking a number, for a verb that may find nothing to do.

    :raises NotFound: if there is no such conversation.
    """
    held = hold([conversation])
    if conversation not in held:
        raise NotFound()
    return held[conversation]


def hold(conversations: Collection[int], *, writers: Collection[Any] = ()) -> dict[int, Taken]:
    """Lock these conversations, lowest number first, so that no two who do so wait for each other;
    unknown ones are left out. No number is taken; ``now`` is from before the lock.

    A conversation with an office is locked together with the notes on it: what is said in the one
    may be noted in the other.

    :param writers: the keys of those who want to write. Whether one of them has a message that was
        held back is found with the lock, where there are quiet hours at all.
    """
    if not conversations:
        return {}
    values: dict[str, Any] = {"conversations": padded(sorted(conversations))}
    statement = _held()
    if writers and len(chat.quiet):
        values["writers"], statement = padded(list(writers)), _held_with_writers()
    rows = database.rows(statement, values)
    return {row.id: Taken(*tuple(row)) for row in rows}


@prepared
def _held() -> Any:
    table, inquiry = chat.models.Conversation.__table__, chat.models.Inquiry.__table__
    wanted: BindParameter[Any] = bindparam("conversations", expanding=True)
    held = table.c.id.in_(wanted)
    if len(chat.inboxes):
        notes = select(inquiry.c.notes_id).where(inquiry.c.conversation_id.in_(wanted))
        held = held | table.c.id.in_(notes)
    return (
        select(
            table.c.id, table.c.kind, table.c.title, table.c.last_seq.label("seq"),
            table.c.last_change.label("change"), table.c.first_seq, utcnow().label("now"),
        )
        .where(held)
        .order_by(table.c.id)
        .with_for_update()
    )  # fmt: skip


@prepared
def _held_with_writers() -> Any:
    held = chat.models.HeldMessage.__table__
    writers: BindParameter[Any] = bindparam("writers", expanding=True)
    return _held().add_columns(exists().where(held.c.author_id.in_(writers)).label("has_held"))


def advance(messages: Mapping[int, int]) -> None:
    """Take so many numbers of each of these conversations, which are held."""
    values = [{"conversation": number, "messages": more} for number, more in messages.items()]
    if values:
        database.execute(_advanced(), values)


@prepared
def _advanced() -> Any:
    table = chat.models.Conversation.__table__
    return (
        update(table)
        .where(table.c.id == bindparam("conversation"))
        .values(
            last_seq=table.c.last_seq + bindparam("messages"),
            last_change=table.c.last_change + bindparam("messages"),
            updated_at=utcnow(),
        )
    )
