"""Offices as people find them: which there are, and the conversation with one of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from .. import database, policy
from ..current import Identity, chat
from ..database import reading, writing
from ..errors import NotFound
from ..inboxes import Inbox
from ..models.columns import utcnow
from ..models.conversation import INBOX, NOTES
from ..schemas import INBOX as INBOX_SCHEMA
from . import conversations, members, people, queues, rounds
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
    conversation = _find(opener, inbox)
    created = conversation is None and _make(opener, found)
    conversation = _find(opener, inbox)
    if conversation is None:
        raise NotFound()
    if not created:
        return conversations.reopened(opener, conversation)
    conversations.tell_created(conversation, [opener.key])
    return Opened(conversations.heads(opener.key, [conversation])[conversation], created=True)


def _find(opener: Identity, inbox: str) -> int | None:
    inquiry = chat.models.Inquiry.__table__
    found = database.scalar(
        select(inquiry.c.conversation_id).where(
            inquiry.c.writer_id == opener.key, inquiry.c.opened_with == inbox
        )
    )
    return None if found is None else int(found)


def _make(opener: Identity, inbox: Inbox) -> bool:
    """Make the conversation and the notes on it; ``False`` if somebody has done so meanwhile."""
    key = conversations.shared_key(INBOX, inbox.name, opener.key)
    row = conversations.insert_conversation(INBOX, key=key)
    notes = None if row is None else conversations.insert_conversation(NOTES)
    if row is None or notes is None:
        return False
    members.insert_members(
        row.id, [{"user_id": opener.key}], change=1, since_seq=1, now=row.created_at
    )
    database.execute(
        insert(chat.models.Inquiry.__table__).values(
            conversation_id=row.id,
            notes_id=notes.id,
            writer_id=opener.key,
            opened_with=inbox.name,
            inbox=inbox.name,
            round=0,
        )
    )
    return True
