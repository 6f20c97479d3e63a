"""Messages: send, change, delete, and how they are shown.

The heart of the promise: counter row first, rights after it, the event encoded before the commit.
A send is repeatable: the author's ``client_id`` finds what an earlier attempt has stored.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Row, Select, bindparam, false, func, insert, select, update

from .. import announce, database, policy
from ..current import Identity, chat
from ..database import writing
from ..errors import ChatError, Conflict, Forbidden, Invalid, NotFound
from ..events import Audience, MessageDeleted, MessageEdited, MessagePosted
from ..host import Person
from ..models import access, counters, prepared
from ..models.columns import utcnow
from ..models.conversation import DIRECT, SUBJECT
from ..models.counters import Taken
from ..models.message import SYSTEM, USER
from ..schemas import MESSAGE
from . import people, reads, subjects


class Posted(NamedTuple):
    """A message as everybody sees it, and whether this very call has stored it."""

    message: dict[str, Any]
    created: bool


# Sending


@writing
def post_message(
    author: Identity | None,
    conversation: int,
    *,
    body: str,
    client_id: str | None = None,
    reply_to: int | None = None,
) -> Posted:
    """Send a message; repeating it with the same ``client_id`` finds the one already sent.

    :param author: ``None`` for a message of the system itself.
    :raises NotFound: if the author has no such conversation.
    :raises Conflict: if the ``client_id`` was used for another message.
    :raises Forbidden: in a direct conversation whose other person can no longer be written to.
    """
    client_id = client_id or (secrets.token_hex(16) if author else None)
    digest = _digest(conversation, body, reply_to)
    if client_id and (sent := _already_sent(author, client_id)):
        return Posted(_same(sent, digest), created=False)

    writer = people.acting_user(author) if author else None
    taken = counters.take(conversation, messages=1)
    readers = _readers(conversation)
    if author:
        _require_may_post(author, writer, taken, readers)
    _require_reply_target(conversation, reply_to)

    message = _store(
        taken,
        readers,
        writer,
        kind=USER if author else SYSTEM,
        body=body,
        client_id=client_id,
        digest=digest,
        reply_to_id=reply_to,
    )
    return Posted(message, created=True)


def post_system(conversation: int, *, body: str, by: Identity | None = None) -> dict[str, Any]:
    """Say what has happened; nobody is asked whether they may. Part of the host's transaction.

    :param by: whose doing it was; shown beside it.
    """
    doer = people.acting_user(by) if by else None
    taken = counters.take(conversation, messages=1)
    return _store(
        taken, _readers(conversation), doer,
        kind=SYSTEM, body=body, client_id=None, digest=None, reply_to_id=None,
    )  # fmt: skip


def draft_message(
    author: Identity | None, conversation: int, *, body: str, client_id: str | None = None
) -> None:
    """Send a message with the host's own transaction: it is numbered and stored just before the
    host's commit, and does not exist if the host rolls back.

    What is wrong with it is raised by the commit, which then does not happen.
    """
    announce.draft(
        conversation,
        partial(post_message, author, conversation, body=body, client_id=client_id),
    )


def _digest(conversation: int, body: str, reply_to: int | None) -> str:
    request = json.dumps([conversation, body, reply_to], ensure_ascii=False)
    return hashlib.sha256(request.encode()).hexdigest()


def _already_sent(author: Identity | None, client_id: str) -> Row[Any] | None:
    if author is None:
        return database.first(_sent_by_system(), {"mark": client_id})
    return database.first(_sent_by_author(), {"mark": client_id, "author": author.key})


@prepared
def _sent_by_author() -> Select[Any]:
    table = chat.models.Message.__table__
    return select(table).where(
        table.c.author_id == bindparam("author"), table.c.client_id == bindparam("mark")
    )


@prepared
def _sent_by_system() -> Select[Any]:
    table = chat.models.Message.__table__
    return select(table).where(
        table.c.author_id.is_(None),
        table.c.kind == SYSTEM,
        table.c.client_id == bindparam("mark"),
    )


def _same(sent: Row[Any], digest: str) -> dict[str, Any]:
    if sent.digest != digest:
        raise Conflict("This client_id was used for another message.")
    return present([sent])[0]


def _require_may_post(
    author: Identity, writer: Any, taken: Taken, readers: Sequence[Row[Any]]
) -> None:
    keys = {row.user_id for row in readers}
    policy.require(author.key in keys, NotFound())
    if taken.kind == DIRECT:
        others = keys - {author.key}
        policy.require(
            bool(others) and chat.host.reachable(writer, others) == others,
            Forbidden("You can no longer write to this person."),
        )
    elif taken.kind == SUBJECT:
        subjects.require_open(taken.id)


def _require_reply_target(conversation: int, reply_to: int | None) -> None:
    if reply_to is not None and _find(conversation, reply_to) is None:
        raise Invalid(fields={"reply_to": ["There is no such message in this conversation."]})


def _store(taken: Taken, readers: Sequence[Row[Any]], writer: Any, **values: Any) -> dict[str, Any]:
    """Write the message, and tell everybody after the commit."""
    author = chat.host.key_of(writer) if writer else None
    row = _insert(taken, author_id=author, **values)
    message = _present(row, chat.host.person(writer) if writer else None)
    announce.after_commit(
        MessagePosted(
            audience=_audience(readers),
            conversation=str(taken.id),
            change=taken.change,
            data=message,
        )
    )
    _unarchive(taken.id, readers)
    return message


def _insert(taken: Taken, **values: Any) -> Mapping[str, Any]:
    row = {
        "conversation_id": taken.id,
        "seq": taken.seq,
        "change": taken.change,
        "created_at": taken.now,
        **values,
    }
    key = database.scalar(_inserted(), row)
    return {**row, "id": key, "edited_at": None, "deleted_at": None}


@prepared
def _inserted() -> Any:
    table = chat.models.Message.__table__
    return insert(table).returning(table.c.id)


def _unarchive(conversation: int, readers: Iterable[Row[Any]]) -> None:
    """A new message brings a conversation back to the list of those who had put it away."""
    hidden = [row.user_id for row in readers if row.archived]
    if not hidden:
        return
    table = chat.models.Member.__table__
    database.execute(
        update(table)
        .where(table.c.conversation_id == conversation, table.c.user_id.in_(hidden))
        .values(archived=False, version=table.c.version + 1, touched_at=utcnow())
    )
    for user in hidden:
        reads.tell_self(user, conversation)


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
    readers = _readers(conversation)
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
            audience=_audience(readers),
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
    """The newest message of each of these conversations, in one statement."""
    table, heads = chat.models.Message.__table__, chat.models.Conversation.__table__
    rows = database.rows(
        select(table)
        .join(heads, (heads.c.id == table.c.conversation_id) & (heads.c.last_seq == table.c.seq))
        .where(heads.c.id.in_(set(conversations)))
    )
    return {row.conversation_id: shown for row, shown in zip(rows, present(rows), strict=True)}


def present(rows: Sequence[Row[Any] | Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Messages as everybody sees them; their authors are asked for in one statement."""
    mappings = [dict(row._mapping) if isinstance(row, Row) else row for row in rows]
    authors = people.persons([row["author_id"] for row in mappings])
    return [_present(row, authors.get(row["author_id"])) for row in mappings]


def _present(row: Mapping[str, Any], author: Person | None) -> dict[str, Any]:
    shown: dict[str, Any] = MESSAGE.dump(
        {**row, "author": author, "deleted": row["deleted_at"] is not None}
    )
    return shown


def _find(conversation: int, message: int) -> Row[Any] | None:
    table = chat.models.Message.__table__
    return database.first(
        select(table).where(table.c.id == message, table.c.conversation_id == conversation)
    )


def _readers(conversation: int) -> Sequence[Row[Any]]:
    """Who may read it now, with their own state; asked under the conversation's lock."""
    return database.rows(_readers_of(), {"conversation": conversation})


@prepared
def _readers_of() -> Select[Any]:
    member = chat.models.Member.__table__
    conversation: BindParameter[int] = bindparam("conversation")
    readers = access.people_in(conversation).subquery("readers")
    user = readers.c[0]
    return select(
        user.label("user_id"),
        func.coalesce(member.c.owner, false()).label("owner"),
        func.coalesce(member.c.archived, false()).label("archived"),
    ).outerjoin(member, (member.c.user_id == user) & (member.c.conversation_id == conversation))


def _audience(readers: Iterable[Row[Any]]) -> Audience:
    return Audience(tuple(str(row.user_id) for row in readers))
