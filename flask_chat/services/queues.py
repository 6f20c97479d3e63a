"""The queue of an office: what waits for whom, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Row, Select, func, literal, null, select

from .. import database, policy, replies
from ..current import Identity, chat
from ..database import reading
from ..errors import Invalid, NotFound
from ..inboxes import Inbox, columns
from ..models import access
from ..schemas import PREPARED
from . import inquiries, messages, people
from .inquiries import ASSIGNED, NEW


class Queue(TypedDict):
    inquiries: list[dict[str, Any]]
    next: int | None
    counts: dict[str, int]


@reading
def list_queue(
    identity: Identity | None,
    inbox: str,
    *,
    state: str = NEW,
    order: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> Queue:
    """A page of an office's queue, who has waited the longest first; of what is closed, the last
    first.

    :param identity: who works there; ``None`` for an administrator, who has nothing of their own.
    :param state: ``new``, ``mine``, ``others`` (what colleagues have), ``waiting``, ``closed``.
    :param order: one of the office's own orders, by its label, before that.
    :param after: the ``next`` of the page before.
    :raises NotFound: if there is no such office, or this person does not work there.
    """
    found = _require_staff(identity, inbox)
    if order is not None and order not in found.order:
        raise Invalid(fields={"order": ["There is no such order here."]})
    query = _sorted(_queue(identity, inbox), found, order).where(*_in(state, identity))
    page = database.rows(query.offset(after).limit(limit + 1))
    return {
        "inquiries": _listed(page[:limit]),
        "next": after + limit if len(page) > limit else None,
        "counts": count(identity, inbox),
    }


def count(identity: Identity | None, inbox: str) -> dict[str, int]:
    """How many there are in each part of the queue."""
    waiting = _queue(identity, inbox).subquery()
    rows = database.rows(
        select(waiting.c.state, waiting.c.assignee_id, func.count().label("total")).group_by(
            waiting.c.state, waiting.c.assignee_id
        )
    )
    counts = dict.fromkeys(("new", "mine", "others", "waiting", "closed"), 0)
    for row in rows:
        own = "mine" if identity is not None and row.assignee_id == identity.key else "others"
        counts[own if row.state == ASSIGNED else row.state] += row.total
    return counts


@reading
def get_inquiry(identity: Identity, conversation: int) -> dict[str, Any]:
    """How an inquiry stands.

    :raises NotFound: unless this person works in the office that has it.
    """
    shown: dict[str, Any] = inquiries.shown([require(identity, conversation)])[0]
    return shown


@reading
def find(conversation: int) -> dict[str, Any]:
    """How an inquiry stands, for an administrator.

    :raises NotFound: if this is no conversation with an office.
    """
    shown: dict[str, Any] = inquiries.shown([require(None, conversation)])[0]
    return shown


@reading
def list_replies(identity: Identity, conversation: int) -> list[dict[str, Any]]:
    """The prepared replies of the office, filled in for this inquiry as they would be sent.

    :raises NotFound: unless this person works in the office that has it.
    """
    inquiry = require(identity, conversation)
    inbox = chat.inboxes.named(inquiry.inbox)
    me = chat.host.person(people.acting_user(identity))
    writer = None if inquiry.writer_id is None else chat.host.get(inquiry.writer_id)
    values = inbox.values(writer, None if writer is None else chat.host.person(writer), me)
    filled = []
    with database.joining():
        for label, text in inbox.prepared().items():
            reply = replies.fill(text, values)
            filled.append({"label": label, "body": reply.body, "missing": reply.missing})
    shown: list[dict[str, Any]] = PREPARED.dump(filled, many=True)
    return shown


def require(identity: Identity | None, conversation: int) -> Row[Any]:
    """The inquiry of a conversation (not of the notes on it).

    :param identity: ``None`` for an administrator.
    :raises NotFound: unless this person works in the office that has it.
    """
    inquiry = chat.models.Inquiry.__table__
    query = inquiries.standing().where(inquiry.c.conversation_id == conversation)
    if not len(chat.inboxes):
        raise NotFound()
    if identity is not None:
        query = query.where(access.attends(identity.key, inquiry))
    row = database.first(query)
    if row is None or row.round == 0:
        raise NotFound()
    return row


def is_staff(identity: Identity, inbox: str) -> bool:
    """Whether this person works in this office now."""
    return bool(database.scalar(select(access.works_in(identity.key, inbox))))


def _require_staff(identity: Identity | None, inbox: str) -> Inbox:
    found = chat.inboxes.named(inbox)
    policy.require(identity is None or is_staff(identity, inbox), NotFound())
    return found


def _queue(identity: Identity | None, inbox: str) -> Select[Any]:
    """What was ever written to the office and is with it now; nobody handles a letter of theirs."""
    inquiry = chat.models.Inquiry.__table__
    query = inquiries.standing().where(inquiry.c.inbox == inbox, inquiry.c.round > 0)
    if identity is not None:
        query = query.where(inquiry.c.writer_id.is_distinct_from(identity.key))
    return query


def _in(state: str, identity: Identity | None) -> list[ColumnElement[bool]]:
    inquiry = chat.models.Inquiry.__table__
    standing = inquiries.state()
    if state not in ("mine", "others"):
        return [standing == state]
    if identity is None:
        return [standing == ASSIGNED, literal(state == "others")]
    mine = inquiry.c.assignee_id == identity.key
    return [standing == ASSIGNED, mine if state == "mine" else ~mine]


def _sorted(query: Select[Any], inbox: Inbox, order: str | None) -> Select[Any]:
    inquiry = chat.models.Inquiry.__table__
    longest = [
        inquiry.c.closed_at.desc(),
        inquiry.c.waiting_since.asc().nulls_last(),
        inquiry.c.opened_at,
        inquiry.c.id,
    ]
    if order is None:
        return query.add_columns(null().label("sorted_by")).order_by(*longest)
    person, value = columns(inbox.order[order], 2, f"The order {order!r} of {inbox.name!r}")
    by = select(person.label("person"), func.min(value).label("value")).group_by(person).subquery()
    return (
        query.add_columns(by.c.value.label("sorted_by"))
        .outerjoin(by, by.c.person == inquiry.c.writer_id)
        .order_by(by.c.value.asc().nulls_last(), *longest)
    )


def _listed(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    said = messages.latest_of([row.conversation_id for row in rows])
    return [
        {
            **shown,
            "preview": said.get(row.conversation_id),
            "sorted_by": None if row.sorted_by is None else str(row.sorted_by),
        }
        for row, shown in zip(rows, inquiries.shown(rows), strict=True)
    ]
