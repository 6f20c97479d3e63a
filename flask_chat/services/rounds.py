"""What every message moves in the queue of an office, and how the staff are told.

Below ``posting``, which asks :func:`heard` after it has stored a message to an office. All of it
happens under the lock of the conversation and of the notes on it, which are locked together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, insert, select, update

from .. import announce, database, replies
from ..current import Identity, chat
from ..events import ConversationChanged, InquiryChanged
from ..inboxes import Inbox, columns
from ..models import counters
from ..models.columns import utcnow
from . import conversations, inquiries, members, people
from .sentences import sentence


class Said(NamedTuple):
    """What is said by the system because of a message: a note, or an automatic answer."""

    conversation: int
    body: str
    told: dict[str, Any] | None = None
    by: Identity | None = None
    inbox: str | None = None


# What a message moves


def heard(conversation: int, author: Identity, at: datetime) -> list[Said]:
    """What a message moves: the writer's opens or wakes, the staff's answers.

    :param at: when it was written.
    :returns: what is now to be said by the system.
    """
    inquiry = inquiries.of(conversation)
    if inquiry is None or inquiry.conversation_id != conversation:
        return []
    if author.key == inquiry.writer_id:
        return [*_asked(inquiry, author, at), *_answered_by_itself(conversation, author, at)]
    return _answered(inquiry, author, at)


def _asked(inquiry: Row[Any], writer: Identity, at: datetime) -> list[Said]:
    name = name_of(writer)
    if inquiry.round == 0:
        open_round(inquiry, at)
        tell(inquiry.id, "opened")
        return [Said(inquiry.notes_id, *sentence("opened", by=name))]
    if inquiry.closed_at is not None:
        _reopen_by_writing(inquiry, at)
        return [Said(inquiry.notes_id, *sentence("reopened_by_writing", by=name))]
    if inquiry.snoozed_until is not None:
        set_values(inquiry.id, snoozed_until=None, waiting_since=inquiry.waiting_since or at)
        _set_first(inquiry, asked_at=at)
        tell(inquiry.id, "woken")
        return [Said(inquiry.notes_id, *sentence("woken_by_writing", by=name))]
    if inquiry.waiting_since is None:
        set_values(inquiry.id, waiting_since=at)
        _set_first(inquiry, asked_at=at)
        tell(inquiry.id, "asked")
    return []


def _reopen_by_writing(inquiry: Row[Any], at: datetime) -> None:
    """A new matter goes to the office it is addressed to, whoever had the last one in the end."""
    back = chat.inboxes.get(inquiry.opened_with)
    inbox = inquiry.opened_with if back is not None else inquiry.inbox
    move_to(inquiry, inbox)
    open_round(inquiry, at, inbox=inbox)
    tell(inquiry.id, "reopened")
    tell_writer(inquiry.conversation_id)


def _answered(inquiry: Row[Any], author: Identity, at: datetime) -> list[Said]:
    asked = chat.models.InquiryRound.__table__.c.asked_at.is_not(None)
    _set_first(inquiry, asked, first_answer_at=at, answered_by_id=author.key)
    takes = not inquiry.staffed and inquiry.closed_at is None
    if not takes and inquiry.waiting_since is None:
        return []
    values = {"assignee_id": author.key} if takes else {}
    set_values(inquiry.id, waiting_since=None, **values)
    tell(inquiry.id, "answered")
    said = sentence("answered", by=name_of(author))
    return [Said(inquiry.notes_id, *said, author)] if takes else []


def _set_first(inquiry: Row[Any], *conditions: Any, **values: Any) -> None:
    """Write of the round what happens once: the first value decides whether it has."""
    rounds = chat.models.InquiryRound.__table__
    conditions = (*conditions, rounds.c[next(iter(values))].is_(None))
    database.execute(
        update(rounds)
        .where(rounds.c.inquiry_id == inquiry.id, rounds.c.number == inquiry.round, *conditions)
        .values(**values)
    )


def _answered_by_itself(conversation: int, writer: Identity, at: datetime) -> list[Said]:
    """Once per closed period: the beginning of that period is what is remembered."""
    inquiry = inquiries.of(conversation)
    inbox = chat.inboxes.get(inquiry.inbox) if inquiry is not None else None
    if inquiry is None or inbox is None or inbox.hours is None or inbox.hours.answer is None:
        return []
    since = inbox.hours.closed_since(at)
    if since is None or since == inquiry.answered_closure:
        return []
    set_values(inquiry.id, answered_closure=since)
    body = automatic_answer(inbox, at, name_of(writer))
    return [Said(conversation, body, inbox=inbox.name)]


def automatic_answer(inbox: Inbox, at: datetime, name: str) -> str:
    """What an office that is closed answers to who writes at this moment."""
    hours = inbox.hours
    if hours is None or hours.answer is None:
        return ""
    opens = hours.opens_after(at)
    values: Mapping[str, replies.Value] = {
        "opens": lambda: f"{hours.local(opens):%A, %d %B, %H:%M}" if opens else "later",
        "person.name": lambda: name,
        "office.title": lambda: inbox.title,
    }
    return replies.fill(hours.answer, values).body


def open_round(
    inquiry: Row[Any], at: datetime, *, inbox: str | None = None, by: Identity | None = None
) -> None:
    """Begin the next round, in which the writer waits from this moment on.

    :param by: who begins it for the office, and has it; then nobody waits.
    """
    asked_at = at if by is None else None
    set_values(
        inquiry.id, round=inquiry.round + 1, opened_at=at, waiting_since=asked_at, closed_at=None,
        snoozed_until=None, **({} if by is None else {"assignee_id": by.key}),
    )  # fmt: skip
    database.execute(
        insert(chat.models.InquiryRound.__table__).values(
            inquiry_id=inquiry.id,
            number=inquiry.round + 1,
            inbox=inbox or inquiry.inbox,
            opened_at=at,
            asked_at=asked_at,
        )
    )


def move_to(inquiry: Row[Any], inbox: str) -> None:
    """Give it to another office; whoever had it and does not work there loses it."""
    if inbox == inquiry.inbox:
        return
    set_values(inquiry.id, inbox=inbox, assignee_id=None, snoozed_until=None, answered_closure=None)
    rounds = chat.models.InquiryRound.__table__
    database.execute(
        update(rounds)
        .where(
            rounds.c.inquiry_id == inquiry.id,
            rounds.c.number == inquiry.round,
            rounds.c.closed_at.is_(None),
        )
        .values(inbox=inbox)
    )


def close_round(inquiry: Row[Any], by: Any) -> None:
    """It is done."""
    now = database.scalar(select(utcnow()))
    set_values(inquiry.id, closed_at=now, waiting_since=None, snoozed_until=None)
    _set_round(inquiry, closed_at=now, closed_by_id=by)


def reopen_round(inquiry: Row[Any]) -> None:
    """It was not done after all: the same round goes on."""
    set_values(inquiry.id, closed_at=None)
    _set_round(inquiry, closed_at=None, closed_by_id=None)


def _set_round(inquiry: Row[Any], **values: Any) -> None:
    rounds = chat.models.InquiryRound.__table__
    database.execute(
        update(rounds)
        .where(rounds.c.inquiry_id == inquiry.id, rounds.c.number == inquiry.round)
        .values(**values)
    )


def set_values(number: int, **values: Any) -> None:
    """Write what has changed of an inquiry."""
    inquiry = chat.models.Inquiry.__table__
    database.execute(update(inquiry).where(inquiry.c.id == number).values(**values))


def may_write(user: Any, name: str) -> bool:
    """Whether the host lets this person (by key) write to this office."""
    inbox = chat.inboxes.get(name)
    if inbox is None or inbox.writers is None:
        return inbox is not None
    writers = writers_of(inbox).selected_columns[0]
    return database.scalar(select(writers).where(writers == user).limit(1)) is not None


def writers_of(inbox: Inbox) -> Select[Any]:
    """A query for the keys of those who may write to this office."""
    if inbox.writers is None:
        return select(chat.models.user_key)
    (person,) = columns(inbox.writers, 1, f"The writers of {inbox.name!r}")
    return select(person)


# Telling


def tell(number: int, did: str) -> None:
    """Tell the staff how an inquiry stands now: a change of the notes on it, and of nothing else.

    :param did: what has happened, for the host's signal.
    """
    inquiry = chat.models.Inquiry.__table__
    (row,) = database.rows(inquiries.standing().where(inquiry.c.id == number))
    announce.after_commit(
        InquiryChanged(
            audience=members.audience(row.notes_id),
            conversation=str(row.notes_id),
            change=_touch(row.notes_id),
            data={**inquiries.shown([row])[0], "did": did},
        )
    )


def tell_writer(conversation: int) -> None:
    """Tell everybody in the conversation with the office what of it they all may see."""
    change = _touch(conversation)
    announce.after_commit(
        ConversationChanged(
            audience=members.audience(conversation),
            conversation=str(conversation),
            change=change,
            data=conversations.shared_view([conversation])[conversation],
        )
    )


def _touch(conversation: int) -> int:
    heads = chat.models.Conversation.__table__
    taken = counters.take(conversation)
    database.execute(update(heads).where(heads.c.id == conversation).values(change=taken.change))
    return taken.change


def name_of(identity: Identity) -> str:
    """What somebody is called, for a sentence."""
    person = people.persons([identity.key]).get(identity.key)
    return person.name if person is not None else identity.user
