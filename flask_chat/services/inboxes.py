"""Offices as people find them: which there are, and the conversation with one of them, which either
side opens: the writer, or somebody who works there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from .. import database, policy
from ..current import Identity, chat
from ..database import reading, writing
from ..errors import Conflict, Forbidden, NotFound
from ..inboxes import Inbox
from ..models import counters
from ..models.columns import utcnow
from ..models.conversation import INBOX, NOTES
from ..schemas import INBOX as INBOX_SCHEMA
from . import conversations, handling, inquiries, members, people, queues, rounds
from .conversations import Opened


@reading
def list_inboxes(identity: Identity) -> list[dict[str, Any]]:
    """The offices this person may write to or works in; with the lengths of its queue, where they
    work there."""
    people.acting_user(identity)
    now = database.scalar(select(utcnow()))
    found = []
    for inbox in chat.inboxes:
        staff = queues.is_staff(identity, inbox.name)
        writes = not staff and rounds.may_write(identity.key, inbox.name)
        if not staff and not writes:
            continue
        found.append(
            {
                "name": inbox.name,
                "title": inbox.title,
                "writes": writes,
                "staff": staff,
                "open": inbox.hours is None or inbox.hours.is_open(now),
                "orders": list(inbox.order) if staff else [],
                "counts": queues.count(identity, inbox.name) if staff else None,
            }
        )
    shown: list[dict[str, Any]] = INBOX_SCHEMA.dump(found, many=True)
    return shown


@writing
def open_inquiry(opener: Identity, *, inbox: str) -> Opened:
    """The conversation of somebody with an office; there is only ever one, however often and in
    however many tabs they open it. The office hears of it with the first message.

    :param inbox: its name.
    :raises NotFound: if there is no such office, or the opener may not write to it.
    """
    people.acting_user(opener)
    found = chat.inboxes.named(inbox)
    policy.require(rounds.may_write(opener.key, inbox), NotFound())
    policy.require(not queues.is_staff(opener, inbox), NotFound("You work in this office."))
    conversation, created = _ensure(opener.key, found)
    if not created:
        return conversations.reopened(opener, conversation)
    conversations.tell_created(conversation, [opener.key])
    return Opened(conversations.heads(opener.key, [conversation])[conversation], created=True)


@writing
def open_as_office(opener: Identity, *, inbox: str, user: str) -> Opened:
    """The same conversation, opened by somebody who works in the office. Where nothing was written
    yet, the opener has it from now on, and the other person hears of it with the first message.

    :param inbox: the name of the office.
    :param user: public id of whom the office writes to.
    :raises NotFound: if there is no such office, or the opener does not work there.
    :raises Forbidden: if that person is none whom the host lets write to the office.
    :raises Conflict: if another office has that conversation now.
    """
    people.acting_user(opener)
    found = chat.inboxes.named(inbox)
    policy.require(queues.is_staff(opener, inbox), NotFound())
    writer = _require_writer(found, user)
    conversation, created = _ensure(writer, found, is_hidden=True)
    counters.lock(conversation)
    asked = inquiries.of(conversation)
    if asked is None:
        raise NotFound()
    if asked.round == 0:
        handling.begin(opener, asked)
    elif not queues.is_staff(opener, asked.inbox):
        office = chat.inboxes.title_of(asked.inbox)
        raise Conflict("{office} has this conversation now.", named={"office": office})
    return conversations.reopened(opener, conversation)._replace(created=created)


@reading
def list_writers(
    identity: Identity, inbox: str, *, q: str, after: str | None, limit: int
) -> people.Directory:
    """A page of the people whom an office may write to, by name, for those who work there.

    :raises NotFound: if there is no such office, or this person does not work there.
    """
    people.acting_user(identity)
    found = chat.inboxes.named(inbox)
    policy.require(queues.is_staff(identity, inbox), NotFound())
    key, staff = chat.models.user_key, chat.inboxes.relation
    colleagues = select(staff.c.person).where(staff.c.inbox == inbox)
    writers = select(key).where(key.in_(rounds.writers_of(found)), key.not_in(colleagues))
    return people.page_of(chat.host.names(writers), q=q, after=after, limit=limit)


def _require_writer(inbox: Inbox, user: str) -> Any:
    """The key of somebody the office may write to. Who is not there is refused like who may not:
    the staff find out about nobody."""
    refusal = Forbidden("This office does not write to this person.")
    try:
        key = chat.host.parse_key(user)
    except NotFound:
        raise refusal from None
    policy.require(key in chat.host.active_keys([key]), refusal)
    policy.require(rounds.may_write(key, inbox.name), refusal)
    policy.require(not queues.is_staff(Identity(user, key), inbox.name), refusal)
    return key


def _ensure(writer: Any, inbox: Inbox, *, is_hidden: bool = False) -> tuple[int, bool]:
    """The number of the conversation of a person (a key) and an office, made if there is none; and
    whether it was. Two who open it at once: the second waits, and finds the first's."""
    found = _find(writer, inbox.name)
    created = found is None and _make(writer, inbox, is_hidden=is_hidden)
    found = found or _find(writer, inbox.name)
    if found is None:
        raise NotFound()
    return found, created


def _find(writer: Any, inbox: str) -> int | None:
    inquiry = chat.models.Inquiry.__table__
    found = database.scalar(
        select(inquiry.c.conversation_id).where(
            inquiry.c.writer_id == writer, inquiry.c.opened_with == inbox
        )
    )
    return None if found is None else int(found)


def _make(writer: Any, inbox: Inbox, *, is_hidden: bool) -> bool:
    """Make the conversation and the notes on it; ``False`` if somebody has done so meanwhile.

    :param is_hidden: whether the writer is to see it with its first message only.
    """
    key = conversations.shared_key(INBOX, inbox.name, writer)
    row = conversations.insert_conversation(INBOX, key=key)
    notes = None if row is None else conversations.insert_conversation(NOTES)
    if row is None or notes is None:
        return False
    members.insert_members(
        row.id, [{"user_id": writer, "archived": is_hidden}],
        change=1, since_seq=1, now=row.created_at,
    )  # fmt: skip
    database.execute(
        insert(chat.models.Inquiry.__table__).values(
            conversation_id=row.id,
            notes_id=notes.id,
            writer_id=writer,
            opened_with=inbox.name,
            inbox=inbox.name,
            round=0,
        )
    )
    return True
