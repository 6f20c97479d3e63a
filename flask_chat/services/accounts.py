"""What happens to accounts at the host: signed out, deactivated, deleted."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, exists, func, select, update

from .. import announce, database
from ..current import chat
from ..database import reading, writing
from ..errors import NotFound
from ..events import Control
from ..models import access
from . import members, supervision

log = logging.getLogger("flask_chat.accounts")


def sign_out(user: str) -> None:
    """End this person's open sockets; each must prove itself anew, and most cannot.

    :param user: public id.
    """
    chat.counts.add("revocations")
    announce.order(Control("revoke", user))


@reading
def inactive_among(users: Iterable[str]) -> set[str]:
    """Those of these people who were deleted or deactivated; one statement for all of them."""
    keys = {}
    for user in users:
        try:
            keys[chat.host.parse_key(user)] = user
        except NotFound:
            continue
    active = chat.host.active_keys(keys)
    return {user for key, user in keys.items() if key not in active}


def depart(key: Any) -> None:
    """The host deletes this person: end their memberships, keep what they wrote without a name.

    Part of the host's own transaction, before its ``DELETE``: a number that the database gives
    to somebody new must find nothing of the old owner.
    """
    supervision.as_members(key)
    conversations = database.column(access.memberships_of(key))
    for conversation in sorted(conversations):
        members.end_membership(conversation, key)
    _forget(key)
    announce.order_after_commit(Control("kick", str(key)))


def _forget(key: Any) -> None:
    models = chat.models
    member, heads = models.Member.__table__, models.Conversation.__table__
    supervision.as_members(key)
    database.execute(delete(member).where(member.c.user_id == key, member.c.by_rule))
    # Nobody has heard it yet, and nobody ever will.
    held = models.HeldMessage.__table__
    database.execute(delete(held).where(held.c.author_id == key))
    theirs = select(member.c.conversation_id).where(member.c.user_id == key)
    database.execute(update(heads).where(heads.c.id.in_(theirs)).values(direct_key=None))
    for column in (
        member.c.user_id,
        models.Message.__table__.c.author_id,
        models.Revision.__table__.c.by_id,
        models.ActionRun.__table__.c.actor_id,
        models.Inquiry.__table__.c.writer_id,
        models.Inquiry.__table__.c.assignee_id,
        models.InquiryRound.__table__.c.answered_by_id,
        models.InquiryRound.__table__.c.closed_by_id,
    ):
        database.execute(update(column.table).where(column == key).values({column.name: None}))


def disinherit(keys: Collection[Any]) -> None:
    """The host has new people: what somebody of the same key has left behind is not theirs.

    Part of the host's own transaction, after its ``INSERT``. Databases give the number of a
    deleted row out again, and a bulk delete tells us nothing.
    """
    models = chat.models
    left = {
        key
        for column in (
            models.Member.__table__.c.user_id,
            models.Message.__table__.c.author_id,
            models.ActionRun.__table__.c.actor_id,
            models.HeldMessage.__table__.c.author_id,
            models.Inquiry.__table__.c.writer_id,
            models.Inquiry.__table__.c.assignee_id,
        )
        for key in database.column(select(column).where(column.in_(keys)).distinct())
    }
    for key in left:
        _forget(key)
    if left:
        _end_nameless()


@writing
def sweep_departed() -> int:
    """End the memberships of people whom the host deleted in a way we could not see.

    :returns: how many memberships there were.
    """
    key, member = chat.models.user_key, chat.models.Member.__table__
    departed = database.column(
        select(member.c.user_id)
        .where(member.c.user_id.is_not(None), ~exists().where(key == member.c.user_id))
        .distinct()
    )
    for user in departed:
        _forget(user)
        announce.order_after_commit(Control("kick", str(user)))
    ended = _end_nameless()
    if ended:
        log.info("ended %d memberships of people the host had deleted", ended)
    return ended


def _end_nameless() -> int:
    """End the memberships that are nobody's any more: the database has blanked the person, or
    we have."""
    member = chat.models.Member.__table__
    database.execute(delete(member).where(member.c.user_id.is_(None), member.c.by_rule))
    found = database.rows(
        select(member.c.conversation_id, func.count().label("total"))
        .where(member.c.user_id.is_(None), member.c.left_at.is_(None))
        .group_by(member.c.conversation_id)
        .order_by(member.c.conversation_id)
    )
    for row in found:
        members.end_nameless(row.conversation_id)
    return sum(row.total for row in found)
