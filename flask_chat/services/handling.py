"""What the staff of an office do with an inquiry: take it, pass it on, put it off, close it.

Each leaves a note for the others, a system message in the notes on the inquiry, which the writer
has no part in. What the writer may see of it (the office, and that it is closed) is a change of
their conversation; nothing else of it moves a number there.

The actor of each verb is somebody who works there, or ``None`` for an administrator.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from .. import announce, database, policy
from ..current import Identity, chat
from ..database import reading, writing
from ..errors import Conflict, NotFound
from ..events import Audience, Gone
from ..models import counters
from ..models.columns import utcnow
from . import inquiries, members, people, posting, queues, rounds
from .inquiries import CLOSED
from .sentences import Sentence, sentence

log = logging.getLogger("flask_chat.inboxes")


def begin(actor: Identity, inquiry: Row[Any]) -> None:
    """Begin the first round of an inquiry for the office, which is locked; the actor has it."""
    now = database.scalar(select(utcnow()))
    rounds.open_round(inquiry, now, by=actor)
    _done(inquiry, "begun", sentence("begun", by=_name(actor)), actor)


@writing
def claim(actor: Identity, conversation: int) -> dict[str, Any]:
    """Take an inquiry that nobody has; taking one's own changes nothing.

    :raises NotFound: unless the actor works in the office that has it.
    :raises Conflict: if somebody else has it: ask them, or assign it.
    """
    inquiry = _locked(actor, conversation)
    _require_open(inquiry)
    if inquiry.staffed and inquiry.assignee_id != actor.key:
        name = rounds.name_of(Identity(str(inquiry.assignee_id), inquiry.assignee_id))
        raise Conflict("{name} has taken it already.", named={"name": name})
    if inquiry.assignee_id == actor.key:
        return _shown(conversation)
    rounds.set_values(inquiry.id, assignee_id=actor.key)
    return _done(inquiry, "claimed", sentence("claimed", by=_name(actor)), actor)


@writing
def assign(actor: Identity | None, conversation: int, user: str | None) -> dict[str, Any]:
    """Give an inquiry to a colleague, or back to the queue.

    :param user: public id; ``None`` for nobody.
    :raises NotFound: unless the actor works in the office that has it, and the colleague does too.
    """
    inquiry = _locked(actor, conversation)
    _require_open(inquiry)
    key = None if user is None else chat.host.parse_key(user)
    if key is None:
        said = sentence("returned", by=_name(actor))
    else:
        colleague = Identity(str(key), key)
        works = queues.is_staff(colleague, inquiry.inbox) and key != inquiry.writer_id
        policy.require(
            works and key in chat.host.active_keys([key]),
            NotFound("Nobody of this id works in the office."),
        )
        said = sentence("assigned", by=_name(actor), to=rounds.name_of(colleague))
    if inquiry.assignee_id == key:
        return _shown(conversation)
    rounds.set_values(inquiry.id, assignee_id=key)
    return _done(inquiry, "assigned", said, actor)


@writing
def transfer(actor: Identity | None, conversation: int, inbox: str) -> dict[str, Any]:
    """Hand an inquiry over to another office, with the notes on it. Who has worked on it and does
    not work there too loses it with the commit.

    :param inbox: the other office's name.
    :raises NotFound: unless the actor works in the office that has it, and there is the other.
    """
    inquiry = _locked(actor, conversation)
    _require_open(inquiry)
    target = chat.inboxes.named(inbox)
    if inbox == inquiry.inbox:
        return _shown(conversation)
    former = chat.inboxes.title_of(inquiry.inbox)
    before = members.audience(inquiry.notes_id)
    rounds.move_to(inquiry, inbox)
    said = sentence("transferred", by=_name(actor), former=former, office=target.title)
    shown = _done(inquiry, "transferred", said, actor)
    rounds.tell_writer(conversation)
    _tell_gone(inquiry, before)
    return shown


@writing
def snooze(actor: Identity | None, conversation: int, until: datetime | None) -> dict[str, Any]:
    """Put an inquiry off until a moment, or until the writer writes, whichever is first.

    :param until: ``None`` ends it.
    :raises NotFound: unless the actor works in the office that has it.
    """
    inquiry = _locked(actor, conversation)
    _require_open(inquiry)
    if inquiry.snoozed_until == until:
        return _shown(conversation)
    rounds.set_values(inquiry.id, snoozed_until=until)
    if until is None:
        said, did = sentence("returned", by=_name(actor)), "woken"
    else:
        said, did = sentence("snoozed", by=_name(actor), until=_wall(inquiry, until)), "snoozed"
    return _done(inquiry, did, said, actor)


@writing
def set_closed(actor: Identity | None, conversation: int, *, closed: bool) -> dict[str, Any]:
    """Close an inquiry, or open it again. The writer opens it too, by writing.

    :raises NotFound: unless the actor works in the office that has it.
    """
    inquiry = _locked(actor, conversation)
    if (inquiry.state == CLOSED) == closed:
        return _shown(conversation)
    if closed:
        rounds.close_round(inquiry, actor.key if actor else None)
        said, did = sentence("closed", by=_name(actor)), "closed"
    else:
        rounds.reopen_round(inquiry)
        said, did = sentence("reopened", by=_name(actor)), "reopened"
    shown = _done(inquiry, did, said, actor)
    rounds.tell_writer(conversation)
    return shown


# What nobody does


def tend() -> int:
    """Put back into the queue what was put off until now, and what belongs to somebody who does
    not work there any more.

    :returns: how many there were.
    """
    if not len(chat.inboxes):
        return 0
    found = _left_lying()
    for conversation in found:
        put_back(conversation)
    return len(found)


@reading
def _left_lying() -> list[int]:
    inquiry = chat.models.Inquiry.__table__
    standing = inquiries.standing().where(inquiry.c.closed_at.is_(None)).subquery()
    return list(
        database.column(
            select(standing.c.conversation_id)
            .where(
                (standing.c.snoozed_until <= utcnow())
                | (standing.c.assignee_id.is_not(None) & ~standing.c.staffed)
            )
            .order_by(standing.c.conversation_id)
        )
    )


@writing
def put_back(conversation: int) -> None:
    """Put an inquiry back into the queue, if its time has come or nobody has it any more."""
    inquiry = _locked(None, conversation)
    if inquiry.closed_at is not None:
        return
    now = database.scalar(select(utcnow()))
    if inquiry.snoozed_until is not None and inquiry.snoozed_until <= now:
        rounds.set_values(inquiry.id, snoozed_until=None)
        _done(inquiry, "woken", sentence("woken"), None)
    if inquiry.assignee_id is not None and not inquiry.staffed:
        name = rounds.name_of(Identity(str(inquiry.assignee_id), inquiry.assignee_id))
        rounds.set_values(inquiry.id, assignee_id=None)
        _done(inquiry, "released", sentence("released", by=name), None)


# How it is done


def _locked(actor: Identity | None, conversation: int) -> Row[Any]:
    """The inquiry, as it is and stays until the commit."""
    if actor is not None:
        people.acting_user(actor)
    counters.lock(conversation)
    return queues.require(actor, conversation)


def _require_open(inquiry: Row[Any]) -> None:
    policy.require(inquiry.closed_at is None, Conflict("It is closed. Reopen it first."))


def _done(inquiry: Row[Any], did: str, said: Sentence, by: Identity | None) -> dict[str, Any]:
    posting.post_system(inquiry.notes_id, body=said.body, told=said.told, by=by)
    rounds.tell(inquiry.id, did)
    return _shown(inquiry.conversation_id)


def _shown(conversation: int) -> dict[str, Any]:
    inquiry = inquiries.of(conversation)
    if inquiry is None:
        raise NotFound()
    return inquiries.shown([inquiry])[0]


def _name(actor: Identity | None) -> str | None:
    return None if actor is None else rounds.name_of(actor)


def _wall(inquiry: Row[Any], until: datetime) -> datetime:
    """The moment on the wall of the office, where that is known."""
    inbox = chat.inboxes.get(inquiry.inbox)
    return until if inbox is None or inbox.hours is None else inbox.hours.local(until)


def _tell_gone(inquiry: Row[Any], before: Audience) -> None:
    """Those who have worked on it and do not any more."""
    left = set(before.people) - set(members.audience(inquiry.notes_id).people)
    if not left:
        return
    audience = Audience(tuple(sorted(left)))
    for number in (inquiry.conversation_id, inquiry.notes_id):
        announce.after_commit(Gone(audience=audience, conversation=str(number)))
