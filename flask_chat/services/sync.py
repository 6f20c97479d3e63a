"""Catching up: what a client has missed, whether for a second or a week.

The same road after a reconnect, a resync and without any WebSocket, so it is always in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select

from .. import database
from ..current import Identity, chat
from ..database import reading
from ..errors import Invalid, NotFound
from ..events import (
    ConversationChanged,
    Event,
    MemberAdded,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
)
from ..models import access, prepared
from ..models.columns import BigKey, UtcDateTime, utcnow
from ..models.conversation import DIRECT, INBOX, NOTES, SUBJECT
from ..schemas.fields import moment
from . import conversations, history, inquiries, members, messages, people, reads, releasing

#: How many rows are read at a time, where nobody needs them together.
_AT_ONCE = 200

#: When a conversation was last written in, and its id: where it stands in the list.
Place = tuple[datetime, int]


class Synced(TypedDict):
    conversations: list[dict[str, Any]]
    next: str | None
    gone: list[str]
    held: list[dict[str, Any]]
    totals: dict[str, int]
    now: str
    epoch: str


class Greeting(NamedTuple):
    """The clock of the database, and which past it has."""

    now: str
    epoch: str


class Changes(TypedDict):
    changes: list[dict[str, Any]]
    head: int
    more: bool


@reading
def synchronise(
    identity: Identity,
    *,
    known: Mapping[int, Sequence[int]],
    limit: int = 50,
    after: str | None = None,
) -> Synced:
    """The conversations of this person that differ from what the client knows, newest first.

    :param known: for each conversation the client has, its last change and own version.
    :param after: the ``next`` of the page before.
    """
    people.acting_user(identity)
    unseen, differing, unread = dict(known), [], []
    for key, last_change, version, is_due, counted in _marks(identity, _read_cursor(after)):
        if unseen.pop(key, None) != [last_change, version] and is_due:
            differing.append(key)
        if counted:
            unread.append(counted)
    page = differing[:limit]
    heads = conversations.heads(identity.key, page)
    now, epoch = greeting()
    return {
        "conversations": [heads[key] for key in page if key in heads],
        "next": _cursor(page[-1]) if len(differing) > limit else None,
        "gone": [str(key) for key in _gone(identity, set(unseen))],
        "held": releasing.held_by(identity.key) if len(chat.quiet) else [],
        "totals": reads.added_up(unread),
        "now": now,
        "epoch": epoch,
    }


def epoch() -> str:
    """Which past this database has; another one after a restore means: forget everything."""
    return str(database.scalar(_newest_epoch()) or "")


@reading
def greeting() -> Greeting:
    """What ``hello`` says of the database, in one statement: thousands may come at once."""
    said = database.rows(_greeting())[0]
    return Greeting(moment(said.now), str(said.epoch or ""))


@prepared
def _greeting() -> Select[tuple[datetime, str | None]]:
    newest = _newest_epoch().scalar_subquery()
    return select(utcnow().label("now"), newest.label("epoch"))


@reading
def list_changes(identity: Identity, conversation: int, *, after: int, limit: int) -> Changes:
    """What has changed in a conversation, as frames with the rows as they are now.

    A row that changed twice comes once, with its last change; so the numbers may have holes, and
    a client that has applied them all is at ``head``, which was read before the rows. What is newer
    than the head is left for the next time.

    :raises NotFound: if this person has no such conversation.
    """
    head = history.head_of(identity, conversation)
    frames = [
        *_message_changes(conversation, after, limit + 1),
        *_member_changes(conversation, after),
        *_own_changes(conversation, after),
    ]
    # The rows were read one kind after the other: beyond the head, a change of a later kind may be
    # here and one of an earlier kind before it not, and the client would never ask for that.
    frames = [frame for frame in frames if frame["change"] <= head]
    frames.sort(key=lambda frame: frame["change"])
    page, more = frames[:limit], len(frames) > limit
    while more and page[-1]["change"] == frames[limit]["change"]:
        page.pop()  # one change is never spread over two pages: `after` would skip the rest
    return {"changes": page, "head": head, "more": more}


def _newest_epoch() -> Select[tuple[str]]:
    table = chat.models.Epoch.__table__
    return select(table.c.value).order_by(table.c.id.desc()).limit(1)


def _marks(identity: Identity, place: Place | None) -> Iterator[Any]:
    """Change and version of every conversation of this person, the newest first, whether it
    stands behind that place, and what it has unread that counts.

    A few at a time: of thousands at once, Python's garbage collector takes those that are left
    over for a reason to look through the whole process, every eighth request.
    """
    updated_at, key = place or (None, None)
    values = {"user": identity.key, "updated_at": updated_at, "key": key}
    return chain.from_iterable(database.execute(_all_marks(), values).partitions(_AT_ONCE))


@prepared
def _all_marks() -> Select[Any]:
    table, member = chat.models.Conversation.__table__, chat.models.Member.__table__
    user: BindParameter[Any] = bindparam("user")
    moment_, key = bindparam("updated_at", type_=UtcDateTime), bindparam("key", type_=BigKey)
    return (
        select(
            table.c.id, table.c.last_change,
            func.coalesce(member.c.version, 0).label("version"),
            # Here, because a moment costs more to fetch than to compare; and not as a condition:
            # what is in front of the place is not gone.
            (
                moment_.is_(None)
                | (table.c.updated_at < moment_)
                | ((table.c.updated_at == moment_) & (table.c.id < key))
            ).label("is_due"),
            reads.counted(user, table, member),
        )
        .join(
            member,
            (member.c.conversation_id == table.c.id) & (member.c.user_id == user),
            isouter=access.has_rules(),  # else everybody who takes part has a row
        )
        .where(
            access.is_in(user, table, member),
            # Opened by another person, who has not written yet. A group is shown all the same:
            # whoever archives an empty one must find it again.
            table.c.kind.not_in([DIRECT, SUBJECT, INBOX, NOTES])
            | (table.c.last_seq > 0)
            | member.c.archived.is_(False),
            *inquiries.without_closed(user, table.c.id),
        )
        .order_by(table.c.updated_at.desc(), table.c.id.desc())
    )  # fmt: skip


def _gone(identity: Identity, missing: set[int]) -> list[int]:
    """Those that are not there for this person any more. What the staff of an office have closed
    is in no list, and yet theirs."""
    if not missing or not len(chat.inboxes):
        return sorted(missing)
    table = chat.models.Conversation.__table__
    closed = database.column(
        select(table.c.id).where(
            table.c.id.in_(missing),
            table.c.kind.in_([INBOX, NOTES]),
            access.may_read(identity.key, table.c.id),
        )
    )
    return sorted(missing - set(closed))


def _cursor(conversation: int) -> str:
    table = chat.models.Conversation.__table__
    updated_at = database.scalar(select(table.c.updated_at).where(table.c.id == conversation))
    return f"{updated_at.isoformat()}|{conversation}"


def _read_cursor(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    moment_text, _, key = cursor.partition("|")
    try:
        place = datetime.fromisoformat(moment_text), int(key)
    except ValueError:
        raise Invalid(fields={"after": ["Is not a cursor of this list."]}) from None
    if place[0].tzinfo is None:
        raise Invalid(fields={"after": ["Is not a cursor of this list."]})
    return place


def _message_changes(conversation: int, after: int, limit: int) -> list[dict[str, Any]]:
    table = chat.models.Message.__table__
    rows = database.rows(
        select(table)
        .where(table.c.conversation_id == conversation, table.c.change > after)
        .order_by(table.c.change)
        .limit(limit)
    )
    return [
        _frame(_message_event(row), conversation, row.change, shown)
        for row, shown in zip(rows, messages.present(rows), strict=True)
    ]


def _message_event(row: Row[Any]) -> type[Event]:
    if row.deleted_at is not None:
        return MessageDeleted
    return MessagePosted if row.edited_at is None else MessageEdited


def _member_changes(conversation: int, after: int) -> list[dict[str, Any]]:
    rows = members.changed_since(conversation, after)
    by_change: dict[int, list[dict[str, Any]]] = {}
    for row, shown in zip(rows, members.present_rows(rows), strict=True):
        by_change.setdefault(row.change, []).append(shown)
    return [
        _frame(
            MemberLeft if any(member["left"] for member in shown) else MemberAdded,
            conversation,
            change,
            {"members": shown, "by": None},
        )
        for change, shown in by_change.items()
    ]


def _own_changes(conversation: int, after: int) -> list[dict[str, Any]]:
    table = chat.models.Conversation.__table__
    change = database.scalar(select(table.c.change).where(table.c.id == conversation))
    if change is None:
        raise NotFound()
    if change <= after:
        return []
    shown = conversations.shared_view([conversation])[conversation]
    return [_frame(ConversationChanged, conversation, change, shown)]


def _frame(event: type[Event], conversation: int, change: int, shown: Any) -> dict[str, Any]:
    return {
        "type": event.type,
        "conversation": str(conversation),
        "change": change,
        "data": shown,
    }
