"""Threads: the conversation of a host record. Opened, told about the host's changes, ended.

What the host does to its records reaches us as part of the host's own transaction, and what we do
about it joins that: a rollback of the host's takes ours along.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from functools import partial
from typing import Any

from sqlalchemy import String, cast, delete, func, inspect, select, update
from sqlalchemy.orm import Session

from .. import announce, database, policy
from ..current import Identity, chat
from ..database import reading, writing
from ..errors import NotFound
from ..events import Audience, Control, ConversationChanged, ConversationCreated, Gone
from ..models import access, counters
from ..models.columns import utcnow
from ..models.conversation import SUBJECT
from ..subjects import Subject
from . import conversations, members, people, posting, reads, subjects
from .conversations import Opened

log = logging.getLogger("flask_chat.threads")

#: What tells every process to compare who may read what with what it told its sockets.
RECHECK = Control("recheck")


@writing
def open_thread(opener: Identity, *, kind: str, record: str) -> Opened:
    """The conversation about a host record; there is only ever one, whoever opens it first.

    :param kind: the subject's name.
    :param record: the record's key, as text.
    :raises NotFound: if there is no such record, or the opener takes no part in it.
    """
    people.acting_user(opener)
    subject = chat.subjects.named(kind)
    key = subject.parse_key(record)
    policy.require(bool(subject.load([key])) and takes_part(subject, key, opener.key), NotFound())
    conversation, created = ensure(subject, key)
    reads.begin(opener.key, conversation)
    if created:
        # The others hear of it with its first message; so far it is the opener's alone.
        announce.after_commit(
            ConversationCreated(
                audience=Audience((opener.user,)),
                conversation=str(conversation),
                change=1,
                data=conversations.shared_view([conversation])[conversation],
            )
        )
    return Opened(conversations.heads(opener.key, [conversation])[conversation], created)


@reading
def place_of(reader: Identity, record: Any) -> dict[str, str] | None:
    """Where the conversation about a record is, for a page: ``subject``, and ``conversation`` if
    there is one. ``None`` for who takes no part, and for a record that is not stored yet.

    :raises SetupError: if the record's model is no subject.
    """
    subject = chat.subjects.of(record)
    with database.session().no_autoflush:
        key = subject.key_of(record)
        if key is None or not takes_part(subject, key, reader.key):
            return None
        found = subjects.find(subject, key)
    place = {"subject": f"{subject.name}:{key}"}
    return place if found is None else place | {"conversation": str(found)}


@reading
def unread_about(reader: Identity, subject: Subject, keys: Collection[Any]) -> dict[Any, int]:
    """What this person has not read about each of these records, in a constant number of
    statements; records they take no part in, and those nobody has written about, are left out.

    :param keys: primary keys of records of this subject.
    """
    part, heads = subject.relation, chat.models.Conversation.__table__
    theirs = database.column(
        select(part.c.record).where(part.c.person == reader.key, part.c.record.in_(keys))
    )
    rows = database.rows(
        select(heads.c.id, heads.c.subject_key).where(
            heads.c.subject_kind == subject.name,
            heads.c.subject_key.in_([access.key_text(subject, key) for key in set(theirs)]),
        )
    )
    own = reads.own_states(reader.key, [row.id for row in rows])
    return {subject.stored_key(row.subject_key): own[row.id]["unread"] for row in rows}


def ensure(subject: Subject, key: Any) -> tuple[int, bool]:
    """The number of the conversation about this record, made if there is none; and whether it was.

    Two who open it at once: the second waits for the first's commit and finds its row.
    """
    found = subjects.find(subject, key)
    if found is not None:
        return found, False
    made = database.insert_once(
        chat.models.Conversation.__table__,
        kind=SUBJECT,
        subject_kind=subject.name,
        subject_key=access.key_text(subject, key),
        last_seq=0,
        last_change=1,
        first_seq=1,
        change=1,
        created_at=utcnow(),
        updated_at=utcnow(),
    )
    found = subjects.find(subject, key)
    if found is None:
        raise NotFound()
    return found, made is not None


def takes_part(subject: Subject, key: Any, user: Any) -> bool:
    """Whether this person (by key) takes part in the conversation about a record."""
    part = subject.relation
    found = database.scalar(
        select(func.count()).select_from(part).where(part.c.record == key, part.c.person == user)
    )
    return bool(found)


# What the host says


def draft_system(record: Any, body: str, *, by: Identity | None) -> None:
    """Say something in a record's conversation with the host's own transaction: numbered and
    stored just before the host's commit, and never there if the host rolls back.

    :param by: whose doing it was.
    """
    subject = chat.subjects.of(record)

    def say() -> None:
        conversation = _conversation_of(subject, record, make=True)
        if conversation is not None:
            posting.post_system(conversation, body=body, by=by)

    announce.draft(_conversation_of(subject, record) or 0, say)


def access_changed(record: Any | None) -> None:
    """The host's rows now say something else about this record, or who takes part in its thread.

    Everybody who has the thread open sees the record as it is after the host's commit; who has
    lost it is told so, who has gained it gets it. Without a record: whoever supervises others, or
    works in an office, may be somebody else.
    """
    if record is not None:
        subject = chat.subjects.of(record)
        tell = partial(_tell_changed, subject, record)
        announce.draft(_conversation_of(subject, record) or 0, tell)
    announce.order_after_commit(RECHECK)


def _tell_changed(subject: Subject, record: Any) -> None:
    conversation = _conversation_of(subject, record)
    if conversation is None:
        return
    taken = counters.take(conversation)
    heads = chat.models.Conversation.__table__
    database.execute(update(heads).where(heads.c.id == conversation).values(change=taken.change))
    announce.after_commit(
        ConversationChanged(
            audience=members.audience(conversation),
            conversation=str(conversation),
            change=taken.change,
            data=conversations.shared_view([conversation])[conversation],
        )
    )


def _conversation_of(subject: Subject, record: Any, *, make: bool = False) -> int | None:
    session = database.session()
    if make:
        session.flush()  # a new record has its key from here on; the host is committing anyway
    with session.no_autoflush:
        key = subject.key_of(record)
        if key is None:
            return None
        return ensure(subject, key)[0] if make else subjects.find(subject, key)


# What the host's ORM does, as its session flushes


def before_flush(session: Session) -> None:
    """Notice which records the host deletes or changes, and which rows that its rules read."""
    for row in session.deleted:
        if (subject := chat.subjects.about(row)) is not None:
            _forget_record(subject, subject.key_of(row))
    for row in session.dirty:
        if chat.subjects.about(row) is not None and session.is_modified(row):
            access_changed(row)
    if any(_moves_access(row, session) for row in (*session.deleted, *session.new, *session.dirty)):
        announce.order_after_commit(RECHECK)


def after_flush(session: Session) -> None:
    """A conversation about an earlier record of the same key, which was deleted in a way we could
    not see, does not belong to the new one."""
    for row in session.new:
        subject = chat.subjects.about(row)
        found = None if subject is None else subjects.find(subject, subject.key_of(row))
        if found is not None:
            _detach([found])


def _moves_access(row: Any, session: Session) -> bool:
    changed = None
    if row in session.dirty:
        changed = {state.key for state in inspect(row).attrs if state.history.has_changes()}
    rules = (*chat.subjects, chat.inboxes, chat.supervision)
    return any(rule.is_touched_by(row, changed=changed) for rule in rules)


def _forget_record(subject: Subject, key: Any) -> None:
    """Nobody takes part any more, and a new record that gets the same key must not inherit what
    was said."""
    conversation = subjects.find(subject, key)
    if conversation is None:
        return
    gone = members.audience(conversation)
    _end(subject, [conversation])
    announce.after_commit(Gone(audience=gone, conversation=str(conversation)))


def _end(subject: Subject, conversations: Collection[int]) -> None:
    if subject.on_delete == "keep":
        _detach(conversations)
        return
    models = chat.models
    message, revision = models.Message.__table__, models.Revision.__table__
    # One by one, for SQLite keeps foreign keys only where the host asks it to.
    ours = select(message.c.id).where(message.c.conversation_id.in_(conversations))
    database.execute(delete(revision).where(revision.c.message_id.in_(ours)))
    for table in (
        message,
        models.Member.__table__,
        models.ActionRun.__table__,
        models.HeldMessage.__table__,
    ):
        database.execute(delete(table).where(table.c.conversation_id.in_(conversations)))
    heads = models.Conversation.__table__
    database.execute(delete(heads).where(heads.c.id.in_(conversations)))


def _detach(conversations: Collection[int]) -> None:
    heads = chat.models.Conversation.__table__
    database.execute(
        update(heads)
        .where(heads.c.id.in_(conversations))
        .values(subject_kind=None, subject_key=None)
    )


@writing
def sweep_records() -> int:
    """End the conversations about records that the host deleted in a way we could not see.

    :returns: how many there were.
    """
    heads = chat.models.Conversation.__table__
    ended = 0
    for subject in chat.subjects:
        left = select(cast(subject.key_column, String))
        orphans = database.column(
            select(heads.c.id).where(
                heads.c.subject_kind == subject.name, heads.c.subject_key.not_in(left)
            )
        )
        _tell_readers(orphans)
        _end(subject, orphans)
        ended += len(orphans)
    if ended:
        log.info("ended %d conversations about records the host had deleted", ended)
    return ended


def _tell_readers(conversations: Collection[int]) -> None:
    """Who took part can no longer be asked, but who has read is stored; the others' pages find
    out when access is compared, which follows every sweep."""
    member = chat.models.Member.__table__
    for row in database.rows(
        select(member.c.conversation_id, member.c.user_id).where(
            member.c.conversation_id.in_(conversations), member.c.user_id.is_not(None)
        )
    ):
        audience = Audience((str(row.user_id),))
        announce.after_commit(Gone(audience=audience, conversation=str(row.conversation_id)))


# Who has what, for the people a process serves


class Access:
    """Which threads the people of this process have, as far as their sockets know.

    :ivar is_asked: whether something has changed since the last comparison.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self._known: dict[str, _Mark] = {}

    def moved(self, users: Collection[str]) -> list[str]:
        """Those of these people whose threads are others than at the last call; one statement.

        Who is here for the first time counts: nobody knows what they had when they came.
        """
        if not (len(chat.subjects) + len(chat.inboxes)):
            return []
        now = _marks(users)
        before, self._known = self._known, {user: now.get(user, _NONE) for user in users}
        return [user for user, mark in self._known.items() if before.get(user) != mark]


_Mark = tuple[int, int, int]
_NONE: _Mark = (0, 0, 0)


@reading
def _marks(users: Collection[str]) -> dict[str, _Mark]:
    """A mark of each person's threads, another one when others are theirs."""
    keys = {}
    for user in users:
        try:
            keys[chat.host.parse_key(user)] = user
        except NotFound:
            continue
    if not keys:
        return {}
    present = access.by_rule(people=list(keys))
    number = present.c.conversation_id
    rows = database.rows(
        select(
            present.c.user_id,
            func.count().label("total"),
            func.sum(number).label("sum"),
            # Two sets of one sum are told apart; modulo, so that it stays a plain number.
            func.sum(number * number % 2147483647).label("squares"),
        ).group_by(present.c.user_id)
    )
    return {
        keys[row.user_id]: (row.total, int(row.sum), int(row.squares))
        for row in rows
        if row.user_id in keys
    }
