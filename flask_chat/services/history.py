"""The history of a conversation, page by page."""

from __future__ import annotations

from typing import Any, TypedDict

from sqlalchemy import Row, Select, select

from .. import database
from ..current import Identity, chat
from ..database import reading
from ..errors import Invalid, NotFound
from ..models import access
from . import messages


class History(TypedDict):
    messages: list[dict[str, Any]]
    more: bool
    head: int


@reading
def read_history(
    identity: Identity,
    conversation: int,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = 50,
) -> History:
    """A page of the history, in ascending order; the newest page if no place is named.

    ``more`` says whether there is more in the direction asked for; ``head`` is the conversation's
    change *before* the page was read, so nothing newer than it can be missing.

    :raises NotFound: if this person has no such conversation.
    :raises Invalid: if more than one of ``before``, ``after`` and ``around`` is given.
    """
    if sum(place is not None for place in (before, after, around)) > 1:
        raise Invalid("Give at most one of `before`, `after` and `around`.")
    head = head_of(identity, conversation)
    if around is not None:
        earlier, more = _page(conversation, before=around, limit=limit // 2)
        later, _ = _page(conversation, after=around - 1, limit=limit - len(earlier))
        return {"messages": messages.present([*earlier, *later]), "more": more, "head": head}
    rows, more = _page(conversation, before=before, after=after, limit=limit)
    return {"messages": messages.present(rows), "more": more, "head": head}


@reading
def read_notes(conversation: int) -> list[dict[str, Any]]:
    """The last hundred of what the staff of an office have noted, for an administrator."""
    rows, _ = _page(conversation, limit=100)
    return messages.present(rows)


def head_of(identity: Identity, conversation: int) -> int:
    """The last change of a conversation that this person may read.

    :raises NotFound: if they may not, or there is none.
    """
    table = chat.models.Conversation.__table__
    head = database.scalar(
        select(table.c.last_change).where(
            table.c.id == conversation, access.may_read(identity.key, table.c.id)
        )
    )
    if head is None:
        raise NotFound()
    return int(head)


def _page(
    conversation: int, *, before: int | None = None, after: int | None = None, limit: int
) -> tuple[list[Row[Any]], bool]:
    table = chat.models.Message.__table__
    query: Select[Any] = select(table).where(table.c.conversation_id == conversation)
    if after is not None:
        query = query.where(table.c.seq > after).order_by(table.c.seq)
    else:
        query = query.order_by(table.c.seq.desc())
    if before is not None:
        query = query.where(table.c.seq < before)
    rows = list(database.execute(query.limit(limit + 1)))
    page = rows[:limit]
    return (page if after is not None else page[::-1]), len(rows) > limit
