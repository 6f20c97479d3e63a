"""Typing: said to whoever is in the conversation, kept nowhere."""

from __future__ import annotations

from .. import announce, database, policy
from ..current import Identity, chat
from ..database import reading
from ..errors import NotFound
from ..events import Audience, TypingSeen
from ..models import access
from .reads import MOST_TOLD


@reading
def tell_typing(identity: Identity, conversation: int) -> None:
    """Tell the others that this person is typing now; in large groups nobody is told.

    :raises NotFound: if this person has no such conversation.
    """
    people = set(database.column(access.people_in(conversation)))
    policy.require(identity.key in people, NotFound())
    if not chat.config.typing or len(people) > MOST_TOLD:
        return
    announce.now(
        TypingSeen(
            audience=Audience(tuple(str(key) for key in people - {identity.key})),
            conversation=str(conversation),
            data={"user": identity.user},
        )
    )
