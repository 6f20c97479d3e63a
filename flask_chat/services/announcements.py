"""Announcements: one message to everybody in a list of the host's, and who has confirmed it.

An announcement is a conversation that its sender writes in and the others read, none of whom is
shown another. All of it is one transaction, however many they are: they all have it, or nobody
has, and whoever asks again under the same mark finds it. An answer goes to the sender alone, in
the direct conversation of the two.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import Row, func, insert, select, update

from .. import database, policy
from ..announcements import Recipients
from ..current import Identity, chat
from ..database import reading, writing
from ..errors import Conflict, Forbidden, Invalid, ManyRecipients, NotFound
from ..models.columns import utcnow
from ..models.conversation import ANNOUNCEMENT
from ..schemas import PERSON, RECIPIENT, RECIPIENT_LIST
from . import conversations, history, members, people, posting, reads

_AT_ONCE = 1000

Told = Callable[[int], object]


class Announced(NamedTuple):
    """The announcement as its sender sees it, to how many it went, and whether just now."""

    conversation: dict[str, Any]
    recipients: int
    created: bool


class Report(TypedDict):
    """Who has an announcement, a page of them by name, and how many have read and confirmed it."""

    to: str
    total: int
    read: int
    confirmed: int
    recipients: list[dict[str, Any]]
    next: str | None


@reading
def list_recipient_lists(identity: Identity) -> list[dict[str, Any]]:
    """The lists of people that this person may announce to."""
    lists = chat.host.lists_of(people.acting_user(identity))
    shown: list[dict[str, Any]] = RECIPIENT_LIST.dump(lists.values(), many=True)
    return shown


@reading
def count_recipients(identity: Identity, to: str) -> int:
    """How many people an announcement to this list would reach now.

    :raises NotFound: if the host offers this person no such list.
    """
    return len(_keys_of(identity, _list_of(identity, to)))


@writing
def post_announcement(
    author: Identity,
    to: str | Recipients,
    *,
    title: str,
    body: str,
    client_id: str | None = None,
    confirm: bool = False,
    recipients: int | None = None,
    told: Told | None = None,
) -> Announced:
    """Announce something; repeating it with the same ``client_id`` finds what was announced.

    :param to: a list that the host offers the author, by name; or one that its own code has made,
        which answers for the number as well.
    :param confirm: ask everybody to confirm that they have read it.
    :param recipients: the number that the author was shown and has agreed to.
    :param told: called with how many more are written, as it goes on.
    :raises NotFound: if the host offers the author no such list.
    :raises Invalid: if there is nobody in it.
    :raises ManyRecipients: if they are many, and another number than was agreed to.
    :raises Conflict: if the ``client_id`` was used for another announcement.
    """
    people.acting_user(author)
    client_id = client_id or secrets.token_hex(16)
    chosen = to if isinstance(to, Recipients) else _list_of(author, to)
    digest = _digest(chosen.name, title, body, confirm)
    found = _find(author, client_id)
    if found is None:
        keys = _keys_of(author, chosen)
        policy.require(bool(keys), Invalid(fields={"to": ["There is nobody in this list."]}))
        agreed = isinstance(to, Recipients) or policy.is_confirmed(
            count=len(keys), shown=recipients, above=chat.config.announce_above
        )
        policy.require(agreed, ManyRecipients(recipients=len(keys)))
        found = _create(author, chosen.label, keys, title, client_id, digest, confirm, told)
        if found is not None:
            posting.post_opening(author, found, body=body)
            return _announced(author, found, created=True)
        found = _find(author, client_id)
    return _same(author, found, digest)


@writing
def confirm_reading(identity: Identity, conversation: int) -> dict[str, Any]:
    """Confirm that one has read an announcement; once is enough, and final.

    :returns: one's own state of the conversation, read to its end.
    :raises NotFound: if this person has no such conversation.
    :raises Forbidden: if it asks them for nothing.
    """
    people.acting_user(identity)
    own = members.require_member(identity, conversation)
    announcement = _announcement(conversation)
    asked = announcement is not None and announcement.asks_confirmation
    policy.require(
        policy.may_confirm(asked=asked, owner=own.owner), Forbidden("There is nothing to confirm.")
    )
    member, heads = chat.models.Member.__table__, chat.models.Conversation.__table__
    end = select(heads.c.last_seq).where(heads.c.id == conversation).scalar_subquery()
    moved = database.execute(
        update(member)
        .where(
            member.c.conversation_id == conversation,
            member.c.user_id == identity.key,
            member.c.confirmed_at.is_(None),
        )
        .values(
            confirmed_at=utcnow(), read_seq=end, version=member.c.version + 1, touched_at=utcnow()
        )
    )
    if moved.rowcount:
        reads.tell_self(identity.key, conversation)
    return reads.own_states(identity.key, [conversation])[conversation]


@reading
def reply_to(identity: Identity, conversation: int) -> dict[str, Any] | None:
    """Whom a private answer to an announcement goes to; ``None`` to its sender, where the account
    is gone, and where the host does not let this person write to them.

    :raises NotFound: if this person has no such conversation, or it is no announcement.
    """
    acting = people.acting_user(identity)
    history.head_of(identity, conversation)
    if _announcement(conversation) is None:
        raise NotFound()
    sender = _sender_of(conversation)
    if sender is None or sender == identity.key:
        return None
    allowed = sender in chat.host.reachable(acting, [sender])
    person = people.persons([sender]).get(sender) if allowed else None
    shown: dict[str, Any] | None = PERSON.dump(person) if person is not None else None
    return shown


@reading
def list_recipients(
    identity: Identity,
    conversation: int,
    *,
    missing: bool = False,
    after: int | None = None,
    limit: int = 100,
) -> Report:
    """Who has an announcement of one's own, and who has read and confirmed it.

    :param missing: only those who have not confirmed it, or where nobody is asked to, not read it.
    :param after: the ``next`` of the page before.
    :raises NotFound: if this person has no such conversation, or it is no announcement.
    :raises Forbidden: if it is another's.
    """
    history.head_of(identity, conversation)
    policy.require(members.require_member(identity, conversation).owner)
    return report_on(conversation, missing=missing, after=after, limit=limit)


@reading
def report_on(
    conversation: int, *, missing: bool = False, after: int | None = None, limit: int | None = None
) -> Report:
    """:func:`list_recipients` for the administrator, who is asked for no rights.

    :raises NotFound: if there is no such announcement.
    """
    announcement = _announcement(conversation)
    if announcement is None:
        raise NotFound()
    member = chat.models.Member.__table__
    got = _got(conversation)
    done = member.c.confirmed_at.is_not(None)
    is_read = member.c.read_seq >= 1
    counts = database.rows(
        select(
            func.count().label("total"),
            func.count().filter(is_read).label("read"),
            func.count().filter(done).label("confirmed"),
        ).where(*got)
    )[0]
    page = select(member).where(*got, member.c.id > (after or 0)).order_by(member.c.id)
    if missing:
        page = page.where(~(done if announcement.asks_confirmation else is_read))
    rows = database.rows(page if limit is None else page.limit(limit + 1))
    shown, more = rows[:limit], limit is not None and len(rows) > limit
    return {
        "to": announcement.label,
        "total": counts.total,
        "read": counts.read,
        "confirmed": counts.confirmed,
        "recipients": _present(shown),
        "next": str(shown[-1].id) if more else None,
    }


# To whom


def _list_of(identity: Identity, name: str) -> Recipients:
    lists = chat.host.lists_of(people.acting_user(identity))
    if name not in lists:
        raise NotFound("There is no such list of people, or you may not announce to it.")
    return lists[name]


def _keys_of(author: Identity, chosen: Recipients) -> list[Any]:
    return chat.host.recipients(chosen.query, but=author.key)


# Once


def _digest(*asked: Any) -> str:
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


def _key(author: Identity, client_id: str) -> str:
    return _digest(ANNOUNCEMENT, author.user, client_id)


def _find(author: Identity, client_id: str) -> int | None:
    found = conversations.find_by_key(_key(author, client_id))
    # An account's number that was given to somebody new finds nothing of the old owner.
    return found if found is not None and members.is_owner(found, author.key) else None


def _same(author: Identity, found: int | None, digest: str) -> Announced:
    announcement = None if found is None else _announcement(found)
    if found is None or announcement is None or announcement.digest != digest:
        raise Conflict("This client_id was used for another announcement.")
    return _announced(author, found, created=False)


def _announced(author: Identity, conversation: int, *, created: bool) -> Announced:
    member = chat.models.Member.__table__
    count = select(func.count()).select_from(member).where(*_got(conversation))
    head = conversations.heads(author.key, [conversation])[conversation]
    return Announced(head, int(database.scalar(count)), created)


# How it is stored


def _create(
    author: Identity,
    label: str,
    keys: Sequence[Any],
    title: str,
    client_id: str,
    digest: str,
    confirm: bool,
    told: Told | None,
) -> int | None:
    """The new conversation's number; ``None`` if the same was announced meanwhile."""
    row = conversations.insert_conversation(ANNOUNCEMENT, title, _key(author, client_id))
    if row is None:
        return None
    database.execute(
        insert(chat.models.Announcement.__table__).values(
            conversation_id=row.id,
            label=label,
            asks_confirmation=confirm,
            digest=digest,
            created_at=row.created_at,
        )
    )
    people_in_it = [{"user_id": author.key, "owner": True}, *({"user_id": key} for key in keys)]
    for start in range(0, len(people_in_it), _AT_ONCE):
        some = people_in_it[start : start + _AT_ONCE]
        members.insert_members(row.id, some, change=1, since_seq=1, now=row.created_at)
        if told is not None:
            told(len(some))
    conversations.tell_created(row.id, [author.key, *keys])
    return int(row.id)


def _announcement(conversation: int) -> Row[Any] | None:
    table = chat.models.Announcement.__table__
    return database.first(select(table).where(table.c.conversation_id == conversation))


def _sender_of(conversation: int) -> Any:
    member = chat.models.Member.__table__
    query = select(member.c.user_id).where(
        member.c.conversation_id == conversation, member.c.owner, member.c.left_at.is_(None)
    )
    return database.scalar(query)


def _got(conversation: int) -> list[Any]:
    """The rows of those whom an announcement was sent to, and who are still there."""
    member = chat.models.Member.__table__
    return [
        member.c.conversation_id == conversation,
        member.c.owner.is_(False),
        member.c.left_at.is_(None),
        member.c.user_id.is_not(None),
    ]


def _present(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    persons = people.persons([row.user_id for row in rows])
    shown: list[dict[str, Any]] = RECIPIENT.dump(
        [
            {
                "id": person.id,
                "name": person.name,
                "role": person.role,
                "avatar": person.avatar,
                "read": row.read_seq >= 1,
                "confirmed_at": row.confirmed_at,
            }
            for row in rows
            if (person := persons.get(row.user_id)) is not None
        ],
        many=True,
    )
    return shown
