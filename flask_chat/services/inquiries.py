"""Inquiries: what people ask of an office, as it stands at this moment and as it is shown."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Select, case, literal, select

from .. import database
from ..current import chat
from ..models import access
from ..models.columns import utcnow
from ..models.conversation import INBOX, NOTES
from ..schemas import INBOX_VIEW, INQUIRY
from . import people

#: How an inquiry stands: nobody has it, somebody has, it was put off, it is done.
NEW, ASSIGNED, WAITING, CLOSED = "new", "assigned", "waiting", "closed"


def standing() -> Select[Any]:
    """The inquiries as they stand now: with ``state``, and ``staffed``, whether whoever has it
    still works in the office."""
    inquiry = chat.models.Inquiry.__table__
    return select(inquiry, state().label("state"), _staffed(inquiry).label("staffed"))


def state() -> Any:
    """How an inquiry stands, as a column of :func:`standing`."""
    inquiry = chat.models.Inquiry.__table__
    return case(
        (inquiry.c.closed_at.is_not(None), CLOSED),
        (inquiry.c.snoozed_until > utcnow(), WAITING),
        (_staffed(inquiry), ASSIGNED),
        else_=NEW,
    )


def _staffed(inquiry: Any) -> Any:
    if not len(chat.inboxes):
        return literal(False)
    return access.works_in(inquiry.c.assignee_id, inquiry.c.inbox)


def of(conversation: int) -> Row[Any] | None:
    """The inquiry that a conversation is about, or the notes on it are."""
    return by_conversation([conversation]).get(conversation)


def by_conversation(numbers: Collection[int]) -> dict[int, Row[Any]]:
    """The inquiries of these conversations and notes, by either number."""
    if not numbers:
        return {}
    inquiry = chat.models.Inquiry.__table__
    rows = database.rows(
        standing().where(inquiry.c.conversation_id.in_(numbers) | inquiry.c.notes_id.in_(numbers))
    )
    found = {row.conversation_id: row for row in rows} | {row.notes_id: row for row in rows}
    return {number: found[number] for number in numbers if number in found}


def shown(rows: Collection[Row[Any]]) -> list[dict[str, Any]]:
    """Inquiries as the staff see them."""
    known = people.persons(
        [key for row in rows for key in (row.writer_id, row.assignee_id if row.staffed else None)]
    )
    return [
        INQUIRY.dump(
            {
                **row._mapping,
                "writer": known.get(row.writer_id),
                "assignee": known.get(row.assignee_id) if row.staffed else None,
            }
        )
        for row in rows
    ]


def views(rows: Collection[Row[Any]]) -> dict[int, dict[str, Any]]:
    """What conversations with an office, and notes, show of the inquiry; of the one everybody in
    it sees the office and no more, of the other only the staff see anything."""
    asked = by_conversation([row.id for row in rows if row.kind in (INBOX, NOTES)])
    told = dict(zip(asked, shown(asked.values()), strict=True))
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.id not in asked:
            continue
        inquiry = asked[row.id]
        title = chat.inboxes.title_of(inquiry.inbox)
        view = {"name": inquiry.inbox, "title": title, "closed": inquiry.closed_at is not None}
        if row.kind == INBOX:
            found[row.id] = {"title": title, "inbox": INBOX_VIEW.dump(view)}
        else:
            found[row.id] = {"title": title, "inquiry": told[row.id]}
    return found


# What decides on a list


def writer_of(conversation: int) -> Any:
    """The key of who writes to an office in this conversation; ``None`` in any other."""
    if not len(chat.inboxes):
        return None
    inquiry = chat.models.Inquiry.__table__
    return database.scalar(
        select(inquiry.c.writer_id).where(inquiry.c.conversation_id == conversation)
    )


def without_closed(user: Any, number: Any) -> list[Any]:
    """Conditions on a conversation's number: none of the staff's that is done. They find those in
    the queue; a list of every letter of ten years is no use to anybody."""
    if not len(chat.inboxes):
        return []
    inquiry = chat.models.Inquiry.__table__.alias()
    done = (
        select(inquiry.c.id)
        .where(
            (inquiry.c.conversation_id == number) | (inquiry.c.notes_id == number),
            inquiry.c.closed_at.is_not(None),
            inquiry.c.writer_id.is_distinct_from(user),
        )
        .correlate_except(inquiry)
    )
    return [~done.exists()]


def said_by_nobody(user: Any, heads: Any, message: Any) -> list[Any]:
    """Conditions on messages: to the staff of an office, its automatic answer is nobody's word.

    The author decides, and not the kind: there is an index that has it.
    """
    inquiry = chat.models.Inquiry.__table__.alias()
    is_writers = (
        select(inquiry.c.id)
        .where(inquiry.c.conversation_id == heads.c.id, inquiry.c.writer_id == user)
        .correlate_except(inquiry)
    )
    return [message.c.author_id.is_(None), heads.c.kind == INBOX, ~is_writers.exists()]


def asking(user: Any, heads: Any) -> list[Any]:
    """Conditions on conversations: those that may ask for this person's attention. Of an office's,
    what nobody has or they have; never the notes."""
    if not len(chat.inboxes):
        return []
    inquiry = chat.models.Inquiry.__table__.alias()
    busy = (
        select(inquiry.c.id)
        .where(
            inquiry.c.conversation_id == heads.c.id,
            inquiry.c.writer_id.is_distinct_from(user),
            inquiry.c.closed_at.is_not(None)
            | inquiry.c.snoozed_until.is_not(None)
            | (
                (inquiry.c.assignee_id != user)
                & access.works_in(inquiry.c.assignee_id, inquiry.c.inbox)
            ),
        )
        .correlate_except(inquiry)
    )
    return [heads.c.kind != NOTES, ~busy.exists()]
