"""Messages: change, delete, and how they are shown. How they are sent: ``posting``.

The heart of the promise: counter row first, rights after it, the event encoded before the commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    bindparam,
    false,
    func,
    insert,
    select,
    tuple_,
    update,
)

from .. import announce, database, policy
from ..current import Identity, chat
from ..database import writing
from ..errors import ChatError, Forbidden, NotFound
from ..events import Audience, MessageDeleted, MessageEdited
from ..host import Person
from ..models import access, counters, padded, prepared
from ..models.conversation import BY_RULE, WATCHED
from ..models.counters import Taken
from ..models.message import SYSTEM, USER
from ..schemas import MESSAGE
from . import people, roster, sentences

# Changing


@writing
def edit_message(actor: Identity, conversation: int, message: int, *, body: str) -> dict[str, Any]:
    """Change the words of one's own message; the earlier words are kept as a revision.

    :raises NotFound: if this person cannot see the message.
    :raises Forbidden: if it is another's, a tombstone, or older than the window for edits.
    """
    return _revise(
        actor, conversation, message, MessageEdited,
        may=lambda row, taken, owners: policy.may_edit(
            actor=actor.key,
            author=row.author_id,
            age_seconds=policy.age(row.created_at, taken.now),
            window_seconds=chat.config.edit_seconds,
            deleted=row.deleted_at is not None,
        ),
        refusal=Forbidden("This message can no longer be edited."),
        is_done=lambda row: row.body == body and row.deleted_at is None,
        values=lambda now: {"body": body, "edited_at": now},
    )  # fmt: skip


@writing
def delete_message(actor: Identity, conversation: int, message: int) -> dict[str, Any]:
    """Leave a tombstone in place of a message; deleting it again changes nothing.

    :raises NotFound: if this person cannot see the message.
    :raises Forbidden: if they are neither its author nor an owner of the group.
    """
    return _revise(
        actor, conversation, message, MessageDeleted,
        may=lambda row, taken, owners: policy.may_delete(
            actor=actor.key,
            author=row.author_id,
            owners=owners,
            age_seconds=policy.age(row.created_at, taken.now),
            window_seconds=chat.config.delete_seconds,
        ),
        refusal=Forbidden("You cannot delete this message."),
        is_done=lambda row: row.deleted_at is not None,
        values=lambda now: {"body": "", "deleted_at": now},
    )  # fmt: skip


def _revise(
    actor: Identity,
    conversation: int,
    message: int,
    event: type[MessageEdited | MessageDeleted],
    *,
    may: Any,
    refusal: ChatError,
    is_done: Any,
    values: Any,
) -> dict[str, Any]:
    people.acting_user(actor)
    taken = counters.lock(conversation)
    readers = readers_in({conversation: taken})[conversation]
    policy.require(actor.key in {row.user_id for row in readers}, NotFound())
    row = _find(conversation, message)
    if row is None:
        raise NotFound()
    owners = {reader.user_id for reader in readers if reader.owner}
    policy.require(row.kind == USER and may(row, taken, owners), refusal)
    if is_done(row):
        return present([row])[0]

    taken = counters.take(conversation)
    _keep_revision(row, actor, taken.now)
    table = chat.models.Message.__table__
    database.execute(
        update(table).where(table.c.id == message).values(**values(taken.now), change=taken.change)
    )
    changed = {**row._mapping, **values(taken.now), "change": taken.change}
    shown = present([changed])[0]
    announce.after_commit(
        event(
            audience=audience(readers),
            conversation=str(conversation),
            change=taken.change,
            data=shown,
        )
    )
    return shown


def _keep_revision(row: Row[Any], actor: Identity, now: datetime) -> None:
    database.execute(
        insert(chat.models.Revision.__table__).values(
            message_id=row.id, by_id=actor.key, body=row.body, created_at=now
        )
    )


# Showing


def latest_of(conversations: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The newest message of each of these conversations, in one statement; what an office has
    answered by itself is none, and the message before it is meant."""
    table, heads = chat.models.Message.__table__, chat.models.Conversation.__table__
    rows = database.rows(
        select(table)
        .join(heads, (heads.c.id == table.c.conversation_id) & (heads.c.last_seq == table.c.seq))
        .where(heads.c.id.in_(set(conversations)))
    )
    rows = [row for row in rows if not _is_automatic(row)] + _before(filter(_is_automatic, rows))
    return {row.conversation_id: shown for row, shown in zip(rows, present(rows), strict=True)}


def _is_automatic(row: Row[Any]) -> bool:
    return row.kind == SYSTEM and row.inbox is not None


def _before(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """The messages before these; of an automatic answer, what it answers."""
    places = [(row.conversation_id, row.seq - 1) for row in rows]
    if not places:
        return []
    table = chat.models.Message.__table__
    place = tuple_(table.c.conversation_id, table.c.seq)
    return list(database.rows(select(table).where(place.in_(places))))


def present(rows: Sequence[Row[Any] | Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Messages as everybody sees them, who asks for them in their language; their authors are
    asked for in one statement."""
    mappings = [dict(row._mapping) if isinstance(row, Row) else row for row in rows]
    authors = people.persons([row["author_id"] for row in mappings])
    return [show(sentences.spoken(row), authors.get(row["author_id"])) for row in mappings]


def show(row: Mapping[str, Any], author: Person | None) -> dict[str, Any]:
    """One message as everybody sees it."""
    shown: dict[str, Any] = MESSAGE.write(
        {**row, "author": author, "deleted": row["deleted_at"] is not None}
    )
    if row["inbox"] is not None:
        shown["office"] = chat.inboxes.title_of(row["inbox"])
    if row["told"] is not None:
        shown["said"] = row["told"]
    return shown


def _find(conversation: int, message: int) -> Row[Any] | None:
    table = chat.models.Message.__table__
    return database.first(
        select(table).where(table.c.id == message, table.c.conversation_id == conversation)
    )


def readers_in(heads: Mapping[int, Taken]) -> dict[int, Sequence[Row[Any]]]:
    """Who may read these conversations now, with their own state; asked under their lock."""
    found: dict[int, list[Row[Any]]] = {number: [] for number in heads}
    watched = WATCHED if len(chat.supervision) else ()
    stored = [number for number, head in heads.items() if head.kind not in (*BY_RULE, *watched)]
    others = [number for number, head in heads.items() if head.kind in watched]
    for query, numbers in ((_stored_readers, stored), (_watched_readers, others)):
        if numbers:
            for row in database.rows(query(), {"conversations": padded(numbers)}):
                found[row.conversation_id].append(row)
    threads = {
        number: database.rows(_readers_by_rule(), {"conversation": number})
        for number, head in heads.items()
        if head.kind in BY_RULE
    }
    return {**found, **threads}


@prepared
def _stored_readers() -> Select[Any]:
    # Joined to the host's users: where foreign keys are not enforced, a row may outlive its person.
    member, key = chat.models.Member.__table__, chat.models.user_key
    stored = access.stored_members(bindparam("conversations", expanding=True))
    return stored.join(key.table, key == member.c.user_id).with_only_columns(
        member.c.conversation_id, member.c.user_id, member.c.owner, member.c.archived,
        false().label("by_rule"),
    )  # fmt: skip


@prepared
def _watched_readers() -> Select[Any]:
    """The members, and who supervises them; of the host's users, as above."""
    member, key = chat.models.Member.__table__, chat.models.user_key
    conversations: BindParameter[Any] = bindparam("conversations", expanding=True)
    present = access.members_and_supervisors(conversations)
    return (
        select(
            present.c.conversation_id,
            present.c.user_id,
            func.coalesce(member.c.owner, false()).label("owner"),
            func.coalesce(member.c.archived, false()).label("archived"),
            (~roster.is_member(member)).label("by_rule"),
        )
        .join(key.table, key == present.c.user_id)
        .outerjoin(member, roster.own_row(present))
    )


@prepared
def _readers_by_rule() -> Select[Any]:
    member = chat.models.Member.__table__
    conversation: BindParameter[int] = bindparam("conversation")
    readers = access.people_in(conversation).subquery("readers")
    user = readers.c[0]
    return select(
        user.label("user_id"),
        func.coalesce(member.c.owner, false()).label("owner"),
        func.coalesce(member.c.archived, false()).label("archived"),
        false().label("by_rule"),
    ).outerjoin(member, (member.c.user_id == user) & (member.c.conversation_id == conversation))


def audience(readers: Iterable[Row[Any]]) -> Audience:
    """Those whose sockets are told."""
    return Audience(tuple(str(row.user_id) for row in readers))
