"""Conversations: open, create, rename, and one's own settings of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Row, select, update

from .. import announce, database, policy
from ..current import Identity, chat
from ..database import reading, writing
from ..errors import Conflict, Invalid, NotFound
from ..events import Audience, ConversationChanged, ConversationCreated
from ..models import access, counters
from ..models.columns import utcnow
from ..models.conversation import ANNOUNCEMENT, DIRECT, GROUP, SELF
from ..schemas import ANNOUNCEMENT as ANNOUNCED
from ..schemas import CONVERSATION_ROW, SUBJECT
from . import history, inquiries, members, messages, people, reads, roster, subjects, supervision


class Opened(NamedTuple):
    """A conversation as its opener sees it, and whether this very call has made it."""

    conversation: dict[str, Any]
    created: bool


@writing
def open_direct(opener: Identity, user: str) -> Opened:
    """The conversation of two people; there is only ever one, whoever opens it first.

    :param user: the public id of the other person.
    :raises NotFound: if the opener may not write to them, or there is nobody of that id.
    :raises Invalid: for oneself; that is what notes to self are for.
    """
    other = chat.host.parse_key(user)
    if other == opener.key:
        raise Invalid(fields={"user": ["For notes to yourself, use the kind `self`."]})
    acting = people.acting_user(opener)
    key = shared_key(DIRECT, opener.key, other)
    expected = {opener.key, other}
    found = _by_direct_key(key, people_expected=expected)
    if found is not None:
        return reopened(opener, found)
    allowed = other in chat.host.reachable(acting, [other])
    policy.require(allowed and other in chat.host.active_keys([other]), NotFound())
    # The other person sees it with its first message, which takes it out of their archive.
    opened = _create(opener, DIRECT, [opener.key], hidden_from=[other], direct_key=key)
    return opened or _opened_meanwhile(opener, key, expected)


@writing
def open_notes(opener: Identity) -> Opened:
    """The opener's notes to themself; there is only ever one such conversation."""
    people.acting_user(opener)
    key = shared_key(SELF, opener.key)
    found = _by_direct_key(key, people_expected={opener.key})
    if found is not None:
        return reopened(opener, found)
    opened = _create(opener, SELF, [opener.key], direct_key=key)
    return opened or _opened_meanwhile(opener, key, {opener.key})


@writing
def create_group(creator: Identity, *, title: str, users: Sequence[str]) -> Opened:
    """A new group; its creator owns it.

    :param users: public ids of the others.
    :raises NotFound: if one of them is nobody the creator may write to.
    """
    others = members.reachable_keys(creator, users)
    members.require_room(1 + len(others))
    opened = _create(creator, GROUP, [creator.key, *others], title=title, owner=creator.key)
    return cast(Opened, opened)  # a group has no key that another could have


@writing
def rename_group(actor: Identity, conversation: int, *, title: str) -> None:
    """Give a group another title; giving it the one it has changes nothing.

    :raises NotFound: if this person has no such conversation.
    :raises Forbidden: if they do not own it, or it is no group.
    """
    people.acting_user(actor)
    locked = counters.lock(conversation)
    owner = members.require_member(actor, conversation).owner
    policy.require(policy.may_rename(kind=locked.kind, owner=owner))
    if locked.title == title:
        return
    taken = counters.take(conversation)
    table = chat.models.Conversation.__table__
    database.execute(
        update(table).where(table.c.id == conversation).values(title=title, change=taken.change)
    )
    announce.after_commit(
        ConversationChanged(
            audience=members.audience(conversation),
            conversation=str(conversation),
            change=taken.change,
            data=shared_view([conversation])[conversation],
        )
    )


@writing
def set_own(actor: Identity, conversation: int, **flags: bool) -> None:
    """Set one's own ``muted``, ``archived`` or ``pinned``; other devices are told.

    :raises NotFound: if this person has no such conversation.
    """
    members.require_member(actor, conversation)
    reads.begin(actor.key, conversation)
    table = chat.models.Member.__table__
    moved = database.execute(
        update(table)
        .where(
            table.c.conversation_id == conversation,
            table.c.user_id == actor.key,
            *[] if not flags else [_differs(table, flags)],
        )
        .values(**flags, version=table.c.version + 1, touched_at=utcnow())
    )
    if moved.rowcount:
        reads.tell_self(actor.key, conversation)


def _differs(table: Any, flags: Mapping[str, bool]) -> Any:
    first, *rest = [table.c[name].is_not(value) for name, value in flags.items()]
    for other in rest:
        first = first | other
    return first


@reading
def get_conversation(identity: Identity, conversation: int) -> dict[str, Any]:
    """One conversation, with this person's own state of it.

    :raises NotFound: if they have no such conversation.
    """
    history.head_of(identity, conversation)
    return heads(identity.key, [conversation])[conversation]


def heads(user: Any, conversations: Collection[int]) -> dict[int, dict[str, Any]]:
    """Conversations as one person sees them: what is shared, and their own state."""
    shared = shared_view(conversations, preview=True)
    own = reads.own_states(user, conversations)
    return {key: {**shared[key], **own[key]} for key in conversations if key in own}


def shared_view(
    conversations: Iterable[int], *, preview: bool = False
) -> dict[int, dict[str, Any]]:
    """Conversations as everybody in them sees them, in a constant number of statements."""
    wanted = set(conversations)
    if not wanted:
        return {}
    table = chat.models.Conversation.__table__
    count = roster.count_stored(table).label("members_count")
    rows = database.rows(select(table, count).where(table.c.id.in_(wanted)))
    first, counts = members.first_of(rows), members.count_by_rule(rows)
    latest = messages.latest_of(wanted) if preview else {}
    records, asked = subjects.shown_of(rows), inquiries.views(rows)
    announced = _announcements_among(rows)
    return {
        row.id: {
            **CONVERSATION_ROW.write(row._mapping),
            **({"members_count": counts[row.id]} if row.id in counts else {}),
            **_about(records.get(row.id)),
            **announced.get(row.id, {}),
            **asked.get(row.id, {}),
            "members": first.get(row.id, []),
            "preview": latest.get(row.id),
        }
        for row in rows
    }


def _about(record: Mapping[str, Any] | None) -> dict[str, Any]:
    """A conversation about a record is called what the record is called now."""
    if record is None:
        return {}
    shown = SUBJECT.dump(record)
    return {"title": shown["title"], "subject": shown}


def _announcements_among(rows: Sequence[Row[Any]]) -> dict[int, dict[str, Any]]:
    """What everybody sees of those that are announcements, in one statement if there are any."""
    numbers = [row.id for row in rows if row.kind == ANNOUNCEMENT]
    if not numbers:
        return {}
    table = chat.models.Announcement.__table__
    found = database.rows(
        select(table.c.conversation_id, table.c.asks_confirmation.label("confirm")).where(
            table.c.conversation_id.in_(numbers)
        )
    )
    return {row.conversation_id: {"announcement": ANNOUNCED.dump(row._mapping)} for row in found}


def shared_key(kind: str, *keys: Any) -> str:
    """What those who open the same conversation at once have in common: its ``direct_key``."""
    names = [kind, *sorted(str(key) for key in keys)]
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()


def _by_direct_key(key: str, *, people_expected: set[Any]) -> int | None:
    """The conversation of this pair. One whose people have changed (an account was deleted and
    its number given to somebody new) is not theirs, and loses the key."""
    found = find_by_key(key)
    if found is None:
        return None
    if set(database.column(access.members_in(found))) == people_expected:
        return found
    table = chat.models.Conversation.__table__
    database.execute(update(table).where(table.c.id == found).values(direct_key=None))
    return None


def reopened(opener: Identity, conversation: int) -> Opened:
    """A conversation that was there already, out of the opener's archive."""
    set_own.__wrapped__(opener, conversation, archived=False)  # type: ignore[attr-defined]
    return Opened(heads(opener.key, [conversation])[conversation], created=False)


def _opened_meanwhile(opener: Identity, key: str, people_expected: set[Any]) -> Opened:
    found = _by_direct_key(key, people_expected=people_expected)
    if found is None:
        raise Conflict("Somebody else is opening it right now. Please try again.")
    return reopened(opener, found)


def _create(
    creator: Identity,
    kind: str,
    keys: Sequence[Any],
    *,
    hidden_from: Sequence[Any] = (),
    title: str | None = None,
    direct_key: str | None = None,
    owner: Any = None,
) -> Opened | None:
    """The new conversation; ``None`` if somebody has made the one of this key meanwhile."""
    row = insert_conversation(kind, title, direct_key)
    if row is None:
        return None
    shown_to = [{"user_id": key, "owner": key == owner} for key in keys]
    hidden = [{"user_id": key, "archived": True} for key in hidden_from]
    members.insert_members(row.id, [*shown_to, *hidden], change=1, since_seq=1, now=row.created_at)
    supervising = supervision.begin(row.id)
    tell_created(row.id, keys if hidden_from else [*keys, *supervising])
    return Opened(heads(creator.key, [row.id])[row.id], created=True)


def tell_created(conversation: int, keys: Iterable[Any]) -> None:
    """Tell these people that they have a new conversation."""
    announce.after_commit(
        ConversationCreated(
            audience=Audience(tuple(str(key) for key in keys)),
            conversation=str(conversation),
            change=1,
            data=shared_view([conversation])[conversation],
        )
    )


def find_by_key(key: str) -> int | None:
    """The conversation that only one may have this key of, if there is one."""
    table = chat.models.Conversation.__table__
    found = database.scalar(select(table.c.id).where(table.c.direct_key == key))
    return None if found is None else int(found)


def insert_conversation(
    kind: str, title: str | None = None, key: str | None = None
) -> Row[Any] | None:
    """A new row; ``None`` if there is one of this key already. One that another is making at this
    moment is waited for."""
    return database.insert_once(
        chat.models.Conversation.__table__,
        kind=kind,
        title=title,
        direct_key=key,
        last_seq=0,
        last_change=1,
        first_seq=1,
        change=1,
        created_at=utcnow(),
        updated_at=utcnow(),
    )
