"""Supervision: the others are told who is with them by a rule of the host's, and who no longer is.

Access itself needs nothing of this: it is asked of the host's rows (``models/supervision.py``).
What is stored is what the others have been told, a row per person, so that somebody's coming and
going is a change of the conversation like any other: numbered, in a frame, found by who was away.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from typing import Any, TypedDict

from sqlalchemy import func, insert, select, update

from .. import announce, database, policy
from ..current import chat
from ..database import reading, writing
from ..errors import Forbidden, NotFound
from ..events import Audience, MemberAdded, MemberLeft
from ..models import access, counters
from ..models import supervision as rules
from ..models.conversation import DIRECT, WATCHED
from ..models.counters import Taken
from . import people, roster

log = logging.getLogger("flask_chat.supervision")

#: Conversations that are compared in one statement.
_AT_ONCE = 1000


class Watched(TypedDict):
    """Somebody who is in a conversation by a rule."""

    conversation: str
    user: str
    name: str


class Counted(TypedDict):
    """A rule, and how far it reaches."""

    rule: str
    reason: str
    conversations: int


def begin(conversation: int) -> list[Any]:
    """Write down who supervises a conversation that this very transaction has made.

    :returns: their keys. Nobody is told: it is shown with them from the first moment on.
    """
    if not len(chat.supervision):
        return []
    locked = counters.lock(conversation)
    there = _there(conversation)
    _write(locked, there, change=locked.change)
    return list(there)


def settle(conversation: int, *, without: Any = None) -> None:
    """Tell everybody who has come by a rule, and who has gone; the conversation is locked.

    :param without: the key of somebody who is just being deleted, whatever the rows still say.
    """
    if not len(chat.supervision):
        return
    there, told = _there(conversation), _told(conversation)
    there.pop(without, None)
    if new := [key for key in there if key not in told]:
        taken = counters.take(conversation)
        _write(taken, new, change=taken.change)
        _tell(MemberAdded, taken, new)
    if gone := [key for key in told if key not in there]:
        taken = counters.take(conversation)
        _end(taken, gone)
        _tell(MemberLeft, taken, gone)


def sweep() -> int:
    """:func:`settle` every conversation whose people have not been told yet.

    :returns: how many there were.
    """
    if not len(chat.supervision):
        return 0
    settled = 0
    for first in range(1, _newest() + 1, _AT_ONCE):
        for conversation in _untold(first, first + _AT_ONCE - 1):
            _settle_alone(conversation)
            settled += 1
        time.sleep(0)  # SQLite lets nobody else have a turn while it looks
    if settled:
        log.info("supervision has changed in %d conversations", settled)
    return settled


@reading
def count() -> list[Counted]:
    """The rules, and in how many conversations each has somebody; for an administrator."""
    if not len(chat.supervision):
        return []
    found = rules.rules_in(None).subquery()
    counted = func.count(found.c.conversation_id.distinct())
    by_place = dict(database.execute(select(found.c.rule, counted).group_by(found.c.rule)).all())
    return [
        {"rule": rule.name, "reason": rule.reason, "conversations": by_place.get(place, 0)}
        for place, rule in enumerate(chat.supervision)
    ]


@reading
def list_watched(rule: str) -> list[Watched]:
    """Who is in which conversation by a rule; for an administrator.

    :raises NotFound: if there is no such rule.
    """
    names = [one.name for one in chat.supervision]
    policy.require(rule in names, NotFound())
    found = rules.rules_in(None).subquery()
    rows = database.rows(
        select(found)
        .where(found.c.rule == names.index(rule))
        .order_by(found.c.conversation_id, found.c.user_id)
    )
    persons = people.persons([row.user_id for row in rows])
    return [
        {
            "conversation": str(row.conversation_id),
            "user": str(row.user_id),
            "name": person.name if (person := persons.get(row.user_id)) else "",
        }
        for row in rows
    ]


def require_free(conversation: int, key: Any) -> None:
    """:raises Forbidden: if this person is there by a rule: nobody removes or appoints them."""
    if len(chat.supervision):
        by_rule = database.scalar(select(rules.supervises(key, conversation)))
        policy.require(not by_rule, Forbidden("This person is here by a rule of the school."))


def as_members(key: Any) -> None:
    """Somebody is no longer a user of the host: where they were by a rule they are to be ended as
    a member is, which the caller does in this very transaction."""
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    watched = select(heads.c.id).where(heads.c.kind.in_(WATCHED))
    database.execute(
        update(member)
        .where(
            member.c.user_id == key,
            member.c.by_rule,
            member.c.left_at.is_(None),
            member.c.conversation_id.in_(watched),
        )
        .values(by_rule=False)
    )


# What is stored


def _there(conversation: int) -> dict[Any, None]:
    """Those who are there by a rule and are no members, as the host's rows say."""
    there = rules.supervisors(conversations=[conversation])
    own = set(database.column(access.members_in(conversation)))
    exists_still = there.c.user_id.in_(select(chat.models.user_key))
    found = database.column(select(there.c.user_id).where(exists_still).distinct())
    return dict.fromkeys(key for key in found if key not in own)


def _told(conversation: int) -> set[Any]:
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    return set(
        database.column(
            select(member.c.user_id)
            .join(heads, heads.c.id == member.c.conversation_id)
            .where(
                heads.c.id == conversation,
                member.c.user_id.is_not(None),
                *rules.is_told(member, heads),
            )
        )
    )


def _write(taken: Taken, keys: Collection[Any], *, change: int) -> None:
    """Their rows; one who was here before has one. What was said so far is not unread to them."""
    if not keys:
        return
    table = chat.models.Member.__table__
    # The empty conversation of two is shown with its first message, which takes it out of this.
    hidden = taken.kind == DIRECT and taken.seq == 0
    values = {
        "by_rule": True,
        "owner": False,
        "left_at": None,
        "joined_at": taken.now,
        "archived": hidden,
        "since_seq": 1,
        "change": change,
        "touched_at": taken.now,
    }
    again = set(
        database.column(
            update(table)
            .where(table.c.conversation_id == taken.id, table.c.user_id.in_(keys))
            .values(**values, version=table.c.version + 1)
            .returning(table.c.user_id)
        )
    )
    new = {"conversation_id": taken.id, "version": 1, "read_seq": taken.seq, **values}
    if rows := [{**new, "user_id": key} for key in keys if key not in again]:
        database.execute(insert(table), rows)


def _end(taken: Taken, keys: Collection[Any]) -> None:
    table = chat.models.Member.__table__
    database.execute(
        update(table)
        .where(table.c.conversation_id == taken.id, table.c.user_id.in_(keys), table.c.by_rule)
        .values(left_at=taken.now, change=taken.change, touched_at=taken.now)
    )


def _tell(event: type[MemberAdded | MemberLeft], taken: Taken, keys: Collection[Any]) -> None:
    """No audience of :mod:`members`: those who have gone are to hear it as well."""
    hearers = [*database.column(access.people_in(taken.id)), *keys]
    announce.after_commit(
        event(
            audience=Audience(tuple(str(key) for key in dict.fromkeys(hearers))),
            conversation=str(taken.id),
            change=taken.change,
            data={"members": roster.shown(taken.id, keys), "by": None},
        )
    )


@reading
def _newest() -> int:
    heads = chat.models.Conversation.__table__
    return int(database.scalar(select(func.max(heads.c.id))) or 0)


@reading
def _untold(first: int, last: int) -> list[int]:
    return sorted(set(database.column(rules.untold(first, last))))


@writing
def _settle_alone(conversation: int) -> None:
    counters.lock(conversation)
    settle(conversation)
