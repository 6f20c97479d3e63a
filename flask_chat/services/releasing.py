"""Releasing: what was held back is sent, at the end of the quiet hours or before, or taken back.

Each conversation in one transaction, under its lock: whoever comes second finds nothing left to
send. It is sent as any message is, so rights are asked again at that moment; what is refused then
stays with its author.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import Row, delete, func, or_, select, update

from .. import database
from ..current import Identity, chat
from ..database import reading, writing
from ..errors import ChatError, Conflict, Forbidden, NotFound
from ..models import counters
from ..models.columns import utcnow
from ..models.held import CANCELLED, REFUSED, WAITING
from . import attempts, history, holding, people, places, posting
from .drafts import Draft

log = logging.getLogger("flask_chat.releasing")

_AT_ONCE = 200
#: What failed for a reason that is nobody's answer is tried again after this long.
_PATIENCE = timedelta(seconds=60)
#: How long it is remembered that somebody has taken something back.
_REMEMBERED = timedelta(days=1)


class Released(TypedDict):
    messages: list[dict[str, Any]]
    held: list[dict[str, Any]]


class Waiting(TypedDict):
    held: list[dict[str, Any]]
    quiet: dict[str, Any] | None


# What its author does


@reading
def list_held(identity: Identity, conversation: int) -> Waiting:
    """What this person's messages are that wait there, and what would hold back another one.

    :raises NotFound: if this person has no such conversation.
    """
    history.head_of(identity, conversation)
    now = database.scalar(select(utcnow()))
    rest = _rest_of(identity.key, conversation, now)
    return {
        "held": held_by(identity.key, conversation),
        "quiet": holding.show_rest(rest) if rest is not None else None,
    }


def held_by(author: Any, conversation: int | None = None) -> list[dict[str, Any]]:
    """What somebody has written that nobody else has seen, oldest first."""
    table = chat.models.HeldMessage.__table__
    query = select(table).where(table.c.author_id == author, table.c.state != CANCELLED)
    if conversation is not None:
        query = query.where(table.c.conversation_id == conversation)
    return [holding.show(row) for row in database.rows(query.order_by(table.c.id))]


@writing
def cancel_held(identity: Identity, conversation: int, held: int) -> dict[str, Any]:
    """Take a message back that nobody has seen; doing so again changes nothing.

    :raises NotFound: if this person has none such, as when it was delivered.
    """
    people.acting_user(identity)
    counters.lock(conversation)
    row = _own(identity, conversation, held)
    if row.state != CANCELLED:
        (row,) = _set([row.id], state=CANCELLED, body="")
        holding.tell([row])
    return holding.show(row)


@writing
def send_held(identity: Identity, conversation: int, held: int) -> Released:
    """Send a held message, and what the same person has written there before it, without waiting;
    or try again what was refused.

    :returns: the messages sent, and what was refused.
    :raises NotFound: if this person has none such, as when it was delivered.
    :raises Forbidden: in somebody's quiet hours, for whom those hold.
    """
    people.acting_user(identity)
    now = counters.lock(conversation).now
    row = _own(identity, conversation, held)
    if row.state == CANCELLED:
        raise NotFound()
    rest = _rest_of(identity.key, conversation, now)
    if rest is not None and not rest.may_send:
        raise Forbidden(rest.reason)
    table = chat.models.HeldMessage.__table__
    before = (table.c.state == WAITING) & (table.c.id < row.id)
    return _post(
        conversation,
        database.rows(
            select(table)
            .where(
                table.c.conversation_id == conversation,
                table.c.author_id == identity.key,
                or_(table.c.id == row.id, before),
            )
            .order_by(table.c.id)
        ),
    )


def _own(identity: Identity, conversation: int, held: int) -> Row[Any]:
    table = chat.models.HeldMessage.__table__
    row = database.first(
        select(table).where(
            table.c.id == held,
            table.c.conversation_id == conversation,
            table.c.author_id == identity.key,
        )
    )
    if row is None:
        raise NotFound()
    return row


def _rest_of(author: Any, conversation: int, now: datetime) -> holding.Rest | None:
    return holding.rests([(author, conversation)], now).get((author, conversation))


# The end of the quiet hours


def release_due() -> int:
    """Send what is due, the conversation that has waited longest first; may run in several
    processes at once.

    :returns: how many messages were sent.
    """
    sent = 0
    while conversations := _due():
        for conversation in conversations:
            try:
                sent += _release(conversation)
            except ChatError:
                raise  # the database is away: at the next beat
            except Exception:
                log.exception("what was held in conversation %s could not be sent", conversation)
                _postpone(conversation)
    return sent


@reading
def _due() -> Sequence[int]:
    table = chat.models.HeldMessage.__table__
    return database.column(
        select(table.c.conversation_id)
        .where(table.c.state == WAITING, table.c.due_at <= utcnow())
        .group_by(table.c.conversation_id)
        .order_by(func.min(table.c.id))
        .limit(_AT_ONCE)
    )


@writing
def _release(conversation: int) -> int:
    table = chat.models.HeldMessage.__table__
    held = counters.hold([conversation])
    if conversation not in held:  # where the database does not keep foreign keys
        database.execute(delete(table).where(table.c.conversation_id == conversation))
        return 0
    now = held[conversation].now
    waiting = (table.c.conversation_id == conversation) & (table.c.state == WAITING)
    due = select(table.c.author_id).where(waiting, table.c.due_at <= utcnow())
    rows = database.rows(
        select(table)
        .where(waiting, table.c.author_id.in_(due))
        .order_by(table.c.id)
        .limit(_AT_ONCE)
    )
    rests = holding.rests({(row.author_id, conversation) for row in rows}, now)
    for (author, _), rest in rests.items():
        _move(author, conversation, rest)
    free = [row for row in rows if (row.author_id, conversation) not in rests]
    return len(_post(conversation, free)["messages"])


def _post(conversation: int, rows: Sequence[Row[Any]]) -> Released:
    """Send these as any message is sent, and forget that they waited."""
    drafts = {row.id: _draft(row) for row in rows}
    place = places.hold({conversation}, {row.author_id for row in rows})
    sent = attempts.already_sent([draft.mark for draft in drafts.values()], at_once=True)
    fresh = [draft for draft in drafts.values() if draft.mark not in sent]
    outcomes = posting.post_released(fresh, place)
    posted: list[dict[str, Any]] = []
    done: list[int] = []
    refused: list[Row[Any]] = []
    for row in rows:
        mark = drafts[row.id].mark
        outcome = outcomes.get(mark)
        if outcome is None and sent[mark].digest != row.digest:
            outcome = Conflict("This client_id was used for another message.")
        if isinstance(outcome, ChatError):
            refused += _set([row.id], state=REFUSED, code=outcome.code, reason=outcome.detail)
            continue
        done.append(row.id)
        if outcome is not None:
            posted.append(outcome)
    table = chat.models.HeldMessage.__table__
    if done:
        database.execute(delete(table).where(table.c.id.in_(done)))
    holding.tell(refused)
    return {"messages": posted, "held": [holding.show(row) for row in refused]}


def _draft(row: Row[Any]) -> Draft:
    author = Identity(str(row.author_id), row.author_id)
    return Draft(author, row.conversation_id, row.body, row.client_id, row.reply_to_id, row.digest)


def _set(numbers: Collection[int], **values: Any) -> Sequence[Row[Any]]:
    table = chat.models.HeldMessage.__table__
    return database.rows(
        update(table)
        .where(table.c.id.in_(numbers))
        .values(touched_at=utcnow(), **values)
        .returning(*table.c)
    )


def _move(author: Any, conversation: int, rest: holding.Rest) -> None:
    """It waits until another moment than was thought, and its author is told."""
    table = chat.models.HeldMessage.__table__
    holding.tell(
        database.rows(
            update(table)
            .where(*holding.waiting_of(author, conversation))
            .values(
                due_at=rest.until, reason=rest.reason, may_send=rest.may_send, touched_at=utcnow()
            )
            .returning(*table.c)
        )
    )


@writing
def _postpone(conversation: int) -> None:
    table = chat.models.HeldMessage.__table__
    now = database.scalar(select(utcnow()))
    database.execute(
        update(table)
        .where(
            table.c.conversation_id == conversation,
            table.c.state == WAITING,
            table.c.due_at <= now,
        )
        .values(due_at=now + _PATIENCE)
    )


# Now and then


def review() -> int:
    """Look at everything that waits: calendars and people change while it does. Then send what is
    due.

    :returns: how many messages were sent.
    """
    _forget_cancelled()
    for conversation in _misjudged():
        _judge(conversation)
    return release_due()


@reading
def _misjudged() -> list[int]:
    """The conversations in which something waits until another moment than it should."""
    table = chat.models.HeldMessage.__table__
    now = database.scalar(select(utcnow()))
    rows = database.rows(
        select(table.c.author_id, table.c.conversation_id, table.c.due_at)
        .where(table.c.state == WAITING)
        .distinct()
    )
    rests: dict[holding.Writing, holding.Rest] = {}
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        rests |= holding.rests({(row.author_id, row.conversation_id) for row in some}, now)
    return sorted({row.conversation_id for row in rows if _is_misjudged(row, rests, now)})


def _is_misjudged(
    row: Row[Any], rests: Mapping[holding.Writing, holding.Rest], now: datetime
) -> bool:
    rest = rests.get((row.author_id, row.conversation_id))
    if rest is not None:
        return bool(rest.until != row.due_at)
    return row.due_at is None or bool(row.due_at > now)


@writing
def _judge(conversation: int) -> None:
    table = chat.models.HeldMessage.__table__
    held = counters.hold([conversation])
    waiting = (table.c.conversation_id == conversation) & (table.c.state == WAITING)
    # One whose conversation is gone is due as well: whoever looks then finds nothing to send to.
    database.execute(update(table).where(waiting).values(due_at=utcnow()))
    if conversation not in held:
        return
    authors = database.column(select(table.c.author_id).where(waiting).distinct())
    now = held[conversation].now
    rests = holding.rests({(author, conversation) for author in authors}, now)
    for (author, _), rest in rests.items():
        _move(author, conversation, rest)


@writing
def _forget_cancelled() -> None:
    table = chat.models.HeldMessage.__table__
    now = database.scalar(select(utcnow()))
    database.execute(
        delete(table).where(table.c.state == CANCELLED, table.c.touched_at < now - _REMEMBERED)
    )


# For the administrator


class RuleState(TypedDict):
    rule: str
    open: bool
    opens: datetime | None
    reason: str


@reading
def describe() -> dict[str, Any]:
    """The rules, whether they are open, and how much waits."""
    table = chat.models.HeldMessage.__table__
    now = database.scalar(select(utcnow()))
    counted = dict(
        database.execute(select(table.c.state, func.count()).group_by(table.c.state)).all()
    )
    return {
        "rules": [
            RuleState(
                rule=rule.name,
                open=(is_open := rule.open.is_open(now)),
                opens=None if is_open else rule.open.opens_after(now),
                reason=rule.reason,
            )
            for rule in chat.quiet
        ],
        "waiting": counted.get(WAITING, 0),
        "refused": counted.get(REFUSED, 0),
        "next": database.scalar(select(func.min(table.c.due_at)).where(table.c.state == WAITING)),
    }
