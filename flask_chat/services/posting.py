"""Sending: one message, or as many as came together, in one transaction.

Conversations locked first, rights after it, numbers last, so that what is refused uses none up.
A send is repeatable: the author's ``client_id`` finds what an earlier attempt has stored.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, cast

from flask import has_request_context
from sqlalchemy import Row, insert, select, update

from .. import announce, database, signals
from ..current import Identity, chat
from ..database import writing
from ..errors import ChatError, Conflict, Forbidden, Invalid, NotFound, Unauthorized
from ..events import MessagePosted
from ..group_commit import Turn
from ..models import counters, padded, prepared
from ..models.columns import utcnow
from ..models.conversation import DIRECT, GROUP, SUBJECT
from ..models.message import SYSTEM, USER
from . import attempts, holding, messages, people, places, reads, rounds, subjects
from .attempts import Mark
from .drafts import Draft, Held, Posted
from .places import Place, Reader


def post_message(
    author: Identity | None,
    conversation: int,
    *,
    body: str,
    client_id: str | None = None,
    reply_to: int | None = None,
) -> Posted | Held:
    """Send a message; repeating it with the same ``client_id`` finds the one already sent.

    :param author: ``None`` for a message of the system itself.
    :returns: the message; in the quiet hours of somebody there, how it waits.
    :raises NotFound: if the author has no such conversation.
    :raises Conflict: if the ``client_id`` was used for another message.
    :raises Forbidden: in a direct conversation whose other person can no longer be written to.
    """
    begun = begin_message(author, conversation, body=body, client_id=client_id, reply_to=reply_to)
    return begun.finish()


class Begun(NamedTuple):
    """A message that waits to be sent: alone, or together with what others have begun."""

    draft: Draft
    turn: Turn[Draft, Posted | Held] | None

    def finish(self) -> Posted | Held:
        """See :func:`post_message`."""
        if self.turn is not None:
            return cast(Posted | Held, chat.sends.finish(self.turn))
        (outcome,) = post_all([self.draft])
        if isinstance(outcome, ChatError):
            raise outcome
        return cast(Posted | Held, outcome)

    def give_up(self) -> None:
        """Harmless after :meth:`finish`."""
        if self.turn is not None:
            chat.sends.leave(self.turn)


def begin_message(
    author: Identity | None,
    conversation: int,
    *,
    body: str,
    client_id: str | None = None,
    reply_to: int | None = None,
) -> Begun:
    """:func:`post_message` in two steps, for whoever has several messages to send: what was begun
    together goes together, in its order. Nothing that waits may come between the steps."""
    client_id = client_id or (secrets.token_hex(16) if author else None)
    request = json.dumps([conversation, body, reply_to], ensure_ascii=False)
    digest = hashlib.sha256(request.encode()).hexdigest()
    kind = USER if author else SYSTEM
    draft = Draft(author, conversation, body, client_id, reply_to, digest, kind)
    return Begun(draft, chat.sends.begin(draft) if _may_travel(draft) else None)


def _may_travel(draft: Draft) -> bool:
    """Whether another's transaction may carry it out.

    Not where the host's own code would notice: its transaction, its request, its receivers of the
    signal, each of which is to wait for its own message only.
    """
    return (
        draft.author is not None
        and database.is_owning()
        and not has_request_context()
        and not signals.message_posted.has_receivers_for(chat.host.app)
        and not signals.message_held.has_receivers_for(chat.host.app)
    )


@writing
def post_all(drafts: Sequence[Draft]) -> list[Posted | Held | ChatError | None]:
    """Send these messages in one transaction, each as if it came alone.

    :returns: what became of each; ``None`` if it repeats an earlier one of these, and has to be
        asked again after them.
    """
    first: dict[Mark, Draft] = {}
    for draft in drafts:
        first.setdefault(draft.mark, draft)
    sent = attempts.already_sent(first)
    fresh = [draft for mark, draft in first.items() if mark not in sent]
    place = _lock(fresh)
    before = holding.held_before(fresh, place)
    fresh = [draft for draft in fresh if draft.mark not in before]
    refused = _refused(fresh, place)
    accepted = [draft for draft in fresh if draft.mark not in refused]
    resting = holding.resting(accepted, place, before)
    sent |= attempts.already_sent([*refused, *resting], at_once=True)
    accepted = [draft for draft in accepted if draft.mark not in sent]
    held = holding.hold([draft for draft in accepted if draft.mark in resting], resting)
    accepted = [draft for draft in accepted if draft.mark not in held]
    stored = _store(accepted, place)
    _follow(accepted, stored, place)

    def outcome(draft: Draft) -> Posted | Held | ChatError | None:
        if draft.mark in sent:
            return _same(sent[draft.mark], draft)
        if draft.mark in before:
            return _same(before[draft.mark], draft, is_held=True)
        if first[draft.mark] is not draft:
            return None
        if draft.mark in held:
            return held[draft.mark]
        return refused.get(draft.mark) or Posted(stored[draft.mark], created=True)

    return [outcome(draft) for draft in drafts]


def post_released(drafts: Sequence[Draft], place: Place) -> dict[Mark, dict[str, Any] | ChatError]:
    """Send what was held back, in the transaction and under the lock of whoever releases it.

    :returns: what became of each: the message as everybody sees it, or what was wrong.
    """
    refused = _refused(drafts, place)
    stored = _store([draft for draft in drafts if draft.mark not in refused], place)
    return {**stored, **refused}


def _same(sent: Row[Any], draft: Draft, *, is_held: bool = False) -> Posted | Held | ChatError:
    if sent.digest != draft.digest:
        return Conflict("This client_id was used for another message.")
    if is_held:
        return Held(holding.show(sent))
    return Posted(messages.present([sent])[0], created=False)


def post_opening(author: Identity, conversation: int, *, body: str) -> None:
    """The first message of a conversation that this very transaction has made."""
    draft = Draft(author, conversation, body, client_id=None)
    _store([draft], _lock([draft]))


def post_system(
    conversation: int,
    *,
    body: str,
    told: dict[str, Any] | None = None,
    by: Identity | None = None,
) -> None:
    """Say what has happened; nobody is asked whether they may. Part of the host's transaction.

    :param told: what the body says, where that is a sentence of the chat's own.
    :param by: whose doing it was; shown beside it.
    :raises Unauthorized: if they may no longer sign in.
    """
    if by is not None:
        people.acting_user(by)
    _say(Draft(by, conversation, body, client_id=None, kind=SYSTEM, told=told))


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


# Whether they may


def _lock(drafts: Sequence[Draft]) -> Place:
    authors = {draft.author.key for draft in drafts if draft.author is not None}
    return places.hold({draft.conversation for draft in drafts}, authors)


def _refused(drafts: Sequence[Draft], place: Place) -> dict[Mark, ChatError]:
    reachable = _reachable(drafts, place)
    closed = {
        number
        for number, head in place.heads.items()
        if head.kind == SUBJECT and subjects.is_closed(number)
    }
    targets = _targets([draft.reply_to for draft in drafts if draft.reply_to is not None])

    def problem(draft: Draft) -> ChatError | None:
        place_of, author = draft.conversation, draft.author and draft.author.key
        if draft.author and author not in place.writers:
            return Unauthorized()
        if place_of not in place.heads or (draft.author and author not in place.keys_in(place_of)):
            return NotFound()
        if _is_asked(kind := place.heads[place_of].kind):
            talking, reached = place.members_in(place_of), reachable.get(author, set())
            # Who supervises is there whatever `contacts` says.
            if author in talking and not _is_reached(kind, talking - {author}, reached):
                return Forbidden("You can no longer write to this person.")
        if draft.author and (wrong := place.refusal(author, place_of)) is not None:
            return wrong
        if draft.author and place_of in closed:
            return Forbidden("This conversation is closed.")
        if draft.reply_to is not None and targets.get(draft.reply_to) != place_of:
            return Invalid(fields={"reply_to": ["There is no such message in this conversation."]})
        return None

    found = {draft.mark: problem(draft) for draft in drafts}
    return {mark: wrong for mark, wrong in found.items() if wrong is not None}


def _reachable(drafts: Sequence[Draft], place: Place) -> dict[Any, set[Any]]:
    """Whom the writers may still write to, of the people where that is asked."""
    wanted: dict[Any, set[Any]] = {}
    for draft in drafts:
        head = place.heads.get(draft.conversation)
        if head is None or not _is_asked(head.kind):
            continue
        if draft.author and draft.author.key in place.writers:
            others = place.members_in(head.id) - {draft.author.key}
            wanted.setdefault(draft.author.key, set()).update(others)
    pairs = [(place.writers[key], others) for key, others in wanted.items()]
    return dict(zip(wanted, chat.host.reachable_each(pairs), strict=True))


def _is_asked(kind: str) -> bool:
    """Whether the host's rule is asked about those in a conversation of this kind."""
    return kind == DIRECT or (kind == GROUP and bool(chat.config.contacts_in_groups))


def _is_reached(kind: str, others: Set[Any], reached: Set[Any]) -> bool:
    """Whether the host's rule lets somebody write there: to the other of two; in a group to any of
    the others."""
    if kind == DIRECT:
        return bool(others) and others <= reached
    return not others or bool(others & reached)


def _targets(wanted: Collection[int]) -> dict[int, int]:
    """The conversations of messages that are replied to."""
    table = chat.models.Message.__table__
    if not wanted:
        return {}
    rows = database.rows(
        select(table.c.id, table.c.conversation_id).where(table.c.id.in_(padded(wanted)))
    )
    return {row.id: row.conversation_id for row in rows}


# Storing


def _follow(drafts: Sequence[Draft], stored: Mapping[Mark, dict[str, Any]], place: Place) -> None:
    """What messages to an office, and from it, bring about: notes, an automatic answer."""
    for draft in drafts:
        if draft.conversation in place.inquiries and draft.author is not None:
            written = datetime.fromisoformat(stored[draft.mark]["created_at"])
            for said in rounds.heard(draft.conversation, draft.author, written):
                _say(_said(said))


def _said(said: rounds.Said) -> Draft:
    place_of, body, told, by, inbox = said
    return Draft(by, place_of, body, client_id=None, kind=SYSTEM, inbox=inbox, told=told)


def _say(draft: Draft) -> None:
    _store([draft], _lock([draft]))


def _store(drafts: Sequence[Draft], place: Place) -> dict[Mark, dict[str, Any]]:
    """Number and write the messages, in their order, and tell everybody after the commit.

    :returns: the messages as everybody sees them.
    """
    rows = _insert(_numbered(drafts, place)) if drafts else []
    shown = dict(zip((draft.mark for draft in drafts), _present(rows, place), strict=True))
    audiences = {number: messages.audience(found) for number, found in place.readers.items()}
    announce.after_commit(
        *(
            MessagePosted(
                audience=audiences[draft.conversation],
                conversation=str(draft.conversation),
                change=shown[draft.mark]["change"],
                data=shown[draft.mark],
            )
            for draft in drafts
        )
    )
    for number in {draft.conversation for draft in drafts}:
        _unarchive(number, place.readers[number])
    return shown


def _numbered(drafts: Sequence[Draft], place: Place) -> list[dict[str, Any]]:
    more: Counter[int] = Counter()
    rows = []
    for draft in drafts:
        number = draft.conversation
        more[number] += 1
        rows.append(
            {
                "conversation_id": number,
                "seq": place.heads[number].seq + more[number],
                "change": place.heads[number].change + more[number],
                "kind": draft.kind,
                "author_id": draft.author.key if draft.author else None,
                "body": draft.body,
                "told": draft.told,
                "inbox": _office_of(draft, place),
                "client_id": draft.client_id,
                "digest": draft.digest,
                "reply_to_id": draft.reply_to,
            }
        )
    counters.advance(more)
    return rows


def _office_of(draft: Draft, place: Place) -> str | None:
    """In whose name it is sent: the staff write to people as the office."""
    if draft.author is None:
        return draft.inbox
    return place.office_of(draft.author.key, draft.conversation)


def _insert(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write these rows; each comes back with its id, and the database's time."""
    written = {(row.conversation_id, row.seq): row for row in database.rows(_inserted(), rows)}
    for row in rows:
        found = written[row["conversation_id"], row["seq"]]
        row["id"], row["created_at"] = found.id, found.created_at
    return rows


@prepared
def _inserted() -> Any:
    table = chat.models.Message.__table__
    return (
        insert(table)
        .values(created_at=utcnow())
        .returning(table.c.id, table.c.conversation_id, table.c.seq, table.c.created_at)
    )


def _present(rows: Sequence[dict[str, Any]], place: Place) -> list[dict[str, Any]]:
    authors = {key: chat.host.person(user) for key, user in place.writers.items()}
    new = {"edited_at": None, "deleted_at": None}
    return [messages.show(row | new, authors.get(row["author_id"])) for row in rows]


def _unarchive(conversation: int, readers: Iterable[Reader]) -> None:
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
