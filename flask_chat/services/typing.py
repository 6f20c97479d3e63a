"""Typing: said to whoever is in the conversation, kept nowhere."""

from __future__ import annotations

from .. import announce
from ..current import Identity, chat
from ..database import reading
from ..events import Audience, TypingSeen
from . import reads


@reading
def tell_typing(identity: Identity, conversation: int) -> None:
    """Tell the others that this person is typing now; in large groups nobody is told.

    :raises NotFound: if this person has no such conversation.
    """
    others = reads.hearers(identity, conversation) - {identity.key}
    if not chat.config.typing or not others:
        return
    announce.now(
        TypingSeen(
            audience=Audience(tuple(str(key) for key in others)),
            conversation=str(conversation),
            data={"user": identity.user},
        )
    )
