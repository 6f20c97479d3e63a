"""Actions: what the host's code does to a record from inside its conversation, once.

The host's function is part of our transaction, and we add to it what is said about it: both are
there, or neither. The record is locked first, as the host's own code does that changes a record
and speaks of it; then rights are asked anew, so that of two who press the same button the second
meets what the first has made of the record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from .. import database, policy
from ..actions import Action
from ..current import Identity, chat
from ..database import reading, writing
from ..errors import Conflict, Forbidden, NotFound, SetupError
from ..models.columns import utcnow
from ..schemas import ACTION, EDIT_MESSAGE
from ..subjects import Subject
from . import history, people, posting, subjects, threads


class Done(NamedTuple):
    """What the actor may do next, and whether this very call has done something."""

    actions: list[dict[str, Any]]
    created: bool


@reading
def list_actions(identity: Identity, conversation: int) -> list[dict[str, Any]]:
    """What this person may do to the record of a conversation now; nothing, if it has no record.

    :raises NotFound: if this person has no such conversation.
    """
    user = people.acting_user(identity)
    history.head_of(identity, conversation)
    return _offered(conversation, user)


@reading
def list_actions_on(identity: Identity, *, kind: str, record: str) -> list[dict[str, Any]]:
    """:func:`list_actions` of a record that nobody has written about yet, and of any other.

    :param kind: the subject's name.
    :param record: the record's key, as text.
    :raises NotFound: if there is no such record, or this person takes no part in it.
    """
    user = people.acting_user(identity)
    subject = chat.subjects.named(kind)
    key = subject.parse_key(record)
    takes_part = threads.takes_part(subject, key, identity.key)
    found = subject.load([key]) if takes_part else {}
    policy.require(bool(found), NotFound())
    return _offered_on(subject, found[key], user)


@writing
def run_action(
    actor: Identity,
    conversation: int,
    name: str,
    *,
    client_id: str,
    values: Mapping[str, str],
) -> Done:
    """Let the host do something to the record of a conversation.

    Repeating it with the same ``client_id`` does nothing more. Whatever the host's function
    raises takes everything back; a :class:`~flask_chat.errors.ChatError` is told to the actor.

    :raises NotFound: if the actor has no such conversation, or its record no such action.
    :raises Forbidden: if the host does not allow it to them now.
    :raises Invalid: if an answer is missing or wrong.
    :raises Conflict: if the ``client_id`` was used for something else.
    """
    user = people.acting_user(actor)
    subject, record = _locked(conversation)
    history.head_of(actor, conversation)
    action = subject.actions.get(name)
    if action is None:
        raise NotFound()
    digest = _digest(conversation, name, values)
    if _is_done(actor, client_id, digest):
        return Done(_offered(conversation, user), created=False)
    policy.require(
        action.is_offered(record, user), Forbidden("You cannot do this, or not any more.")
    )
    answers = action.answers(values)
    _note(actor, conversation, name, client_id, digest)
    _act(action, record, user, answers, conversation, actor)
    return Done(_offered(conversation, user), created=True)


def _locked(conversation: int) -> tuple[Subject, Any]:
    found = subjects.record_of(conversation, lock=True)
    if found is None:
        raise NotFound()
    return found


def _act(
    action: Action,
    record: Any,
    user: Any,
    answers: Mapping[str, str],
    conversation: int,
    actor: Identity,
) -> None:
    session = database.session()
    begun = session.get_transaction()
    with database.joining():
        said = action.run(record, user, **answers)
    if session.get_transaction() is not begun:
        raise SetupError(
            f"The action {action.name!r} has ended the transaction it is part of: leave the "
            "commit to the chat, and raise an error to take everything back."
        )
    session.flush()  # who takes part, and so who hears of it, is what it has made of the rows
    if said is not None:
        body = EDIT_MESSAGE.read({"body": said})["body"]
        posting.post_system(conversation, body=body, by=actor)


def _offered(conversation: int, user: Any) -> list[dict[str, Any]]:
    found = subjects.record_of(conversation)
    if found is None:
        return []
    return _offered_on(*found, user)


def _offered_on(subject: Subject, record: Any, user: Any) -> list[dict[str, Any]]:
    offered = [
        action.shown() for action in subject.actions.values() if action.is_offered(record, user)
    ]
    shown: list[dict[str, Any]] = ACTION.dump(offered, many=True)
    return shown


def _digest(conversation: int, name: str, values: Mapping[str, str]) -> str:
    request = json.dumps([conversation, name, values], sort_keys=True)
    return hashlib.sha256(request.encode()).hexdigest()


def _is_done(actor: Identity, client_id: str, digest: str) -> bool:
    runs = chat.models.ActionRun.__table__
    found = database.scalar(
        select(runs.c.digest).where(runs.c.actor_id == actor.key, runs.c.client_id == client_id)
    )
    policy.require(found in (None, digest), Conflict("This client_id was used for something else."))
    return found is not None


def _note(actor: Identity, conversation: int, name: str, client_id: str, digest: str) -> None:
    database.execute(
        insert(chat.models.ActionRun.__table__).values(
            conversation_id=conversation,
            actor_id=actor.key,
            name=name,
            client_id=client_id,
            digest=digest,
            created_at=utcnow(),
        )
    )
