"""The reconciler: pokes the clients of conversations that moved without anybody being told.

What a CLI command, a cron job or a worker that died between commit and publish has written is in
the database and in no frame. The conversation row is the outbox: this looks at the heads that
moved lately, compares them with what the bus has carried, and ticks those that are ahead.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select

from .. import announce, database
from ..current import chat
from ..database import reading
from ..events import (
    HELD_STATES,
    Audience,
    Control,
    Entry,
    Gone,
    Ticked,
    held_head,
    mark_head,
    own_head,
)
from ..models import prepared
from ..models.columns import utcnow
from . import holding, members, reads

#: Looked at again each time: a transaction shows only when it commits, and may have begun before.
_OVERLAP = timedelta(seconds=15)
#: How far the first look goes back: longer than it takes to miss the process that looked before.
_BEFORE = timedelta(seconds=60)
_REMEMBERED = 10_000
#: What was committed a moment ago is still on its way: telling of it again would make everybody
#: in a busy conversation ask for what they are about to get.
_ON_ITS_WAY_SECONDS = 0.2
#: How many rows are compared between two breaths: a message that comes meanwhile waits so long.
_AT_ONCE = 200


class Reconciler:
    """What this process has carried, and up to when it has compared."""

    def __init__(self) -> None:
        self._lock = Lock()  # guards _carried and _told
        self._carried: OrderedDict[str, int] = OrderedDict()
        # Every single change that was carried lately, and to whom.
        self._told: OrderedDict[tuple[str, int], Audience] = OrderedDict()
        self._since: datetime | None = None

    def note(self, entries: Sequence[Entry | Control]) -> None:
        """The bus has carried these."""
        with self._lock:
            for entry in entries:
                if isinstance(entry, Entry) and entry.head is not None:
                    conversation, change = entry.head
                    self._carried[conversation] = max(change, self._carried.get(conversation, 0))
                    self._carried.move_to_end(conversation)
                    self._told[entry.head] = entry.audience
            for memory in (self._carried, self._told):
                while len(memory) > _REMEMBERED:
                    memory.popitem(last=False)

    def look(self) -> int:
        """Tell of what moved unseen since the last look; returns how many rows that was."""
        now = self._now()
        since = now - _BEFORE if self._since is None else self._since - _OVERLAP
        missed = (
            self._look_at_conversations(since)
            + self._look_at_members(since)
            + self._look_at_removed(since)
            + self._look_at_held(since)
        )
        self._since = now  # only now: where the database was away, look at that time again
        return missed

    def _look_at_conversations(self, since: datetime) -> int:
        moved = self._rows(_conversations_since(), since)
        missed = self._missed(moved, lambda row: self._is_news(str(row.id), row.last_change))
        chat.counts.add("ticks", len(missed))
        for row in missed:
            self._tick(row.id, row.last_change)
        return len(missed)

    def _look_at_members(self, since: datetime) -> int:
        """The own state of a person: read on one device, by a worker that died before it told."""
        moved = self._rows(_members_since(), since)
        missed = self._missed(
            [row for row in moved if row.version > 1],
            lambda row: self._is_news(
                own_head(str(row.conversation_id), str(row.user_id)), row.version
            ),
        )
        for row in missed:
            self._tell_own(row.user_id, row.conversation_id)
        return len(missed) + self._look_at_marks(moved)

    def _look_at_marks(self, moved: Sequence[Row[Any]]) -> int:
        """How far others have read: no number of the conversation moves with it, so nobody who
        missed it would ever ask."""
        missed = self._missed(
            [row for row in moved if row.read_seq > 0],
            lambda row: self._is_news(
                mark_head(str(row.conversation_id), str(row.user_id)), row.read_seq
            ),
        )
        for row in missed:
            self._tell_mark(row)
        return len(missed)

    def _look_at_removed(self, since: datetime) -> int:
        """A tick is for members; who was removed unseen is one no more, and later changes that
        were carried went past them."""
        moved = self._rows(_removed_since(), since)
        missed = self._missed(
            moved, lambda row: not self._was_told((str(row.conversation_id), row.change), row)
        )
        for row in missed:
            conversation, audience = str(row.conversation_id), Audience((str(row.user_id),))
            announce.now(Gone(audience=audience, conversation=conversation))
            with self._lock:
                self._told[conversation, row.change] = audience
        return len(missed)

    def _look_at_held(self, since: datetime) -> int:
        """What waits for the end of quiet hours moves with no number either, and concerns its
        author alone."""
        if not len(chat.quiet):
            return 0
        moved = self._rows(_held_since(), since)
        missed = self._missed(
            moved,
            lambda row: self._is_news(held_head(str(row.id)), HELD_STATES.index(row.state) + 1),
        )
        announce.now(*map(holding.event_of, missed))
        return len(missed)

    def _missed(
        self, moved: Sequence[Row[Any]], is_news: Callable[[Row[Any]], bool]
    ) -> list[Row[Any]]:
        """Those that the bus has not carried, nor carries in the next moment."""
        missed = [row for row in _slowly(moved) if is_news(row)]
        if missed:
            time.sleep(_ON_ITS_WAY_SECONDS)
        return [row for row in _slowly(missed) if is_news(row)]

    def _is_news(self, name: str, reached: int) -> bool:
        with self._lock:
            return self._carried.get(name, 0) < reached

    def _was_told(self, head: tuple[str, int], leaver: Row[Any]) -> bool:
        """Whether the leaver was among those who heard; a tick of that change is for others."""
        with self._lock:
            audience = self._told.get(head)
        return audience is not None and str(leaver.user_id) in audience.people

    @reading
    def _now(self) -> datetime:
        now: datetime = database.scalar(select(utcnow()))
        return now

    @reading
    def _rows(self, statement: Select[Any], since: datetime) -> Sequence[Row[Any]]:
        return database.rows(statement, {"since": since})

    @reading
    def _tick(self, conversation: int, change: int) -> None:
        announce.now(
            Ticked(
                audience=members.audience(conversation),
                conversation=str(conversation),
                change=change,
            )
        )

    @reading
    def _tell_mark(self, row: Row[Any]) -> None:
        event = reads.mark_event(row.user_id, row.conversation_id)
        if event is not None:
            announce.now(event)
            return
        with self._lock:  # of such a mark nobody is told; do not look for it again
            name = mark_head(str(row.conversation_id), str(row.user_id))
            self._carried[name] = row.read_seq

    @reading
    def _tell_own(self, user: Any, conversation: int) -> None:
        if (event := reads.own_event(user, conversation)) is not None:
            announce.now(event)


def _slowly(rows: Iterable[Row[Any]]) -> Iterator[Row[Any]]:
    for number, row in enumerate(rows, 1):
        yield row
        if number % _AT_ONCE == 0:
            time.sleep(0)


@prepared
def _conversations_since() -> Select[Any]:
    heads = chat.models.Conversation.__table__
    return select(heads.c.id, heads.c.last_change).where(heads.c.updated_at > bindparam("since"))


@prepared
def _members_since() -> Select[Any]:
    """Whose own state has moved since they joined: a crowd that was only let in is no news."""
    member = chat.models.Member.__table__
    return select(
        member.c.conversation_id, member.c.user_id, member.c.version, member.c.read_seq
    ).where(
        member.c.touched_at > bindparam("since"),
        member.c.user_id.is_not(None),
        member.c.left_at.is_(None),
        or_(member.c.version > 1, member.c.read_seq > 0),
    )


@prepared
def _removed_since() -> Select[Any]:
    member = chat.models.Member.__table__
    return select(member.c.conversation_id, member.c.user_id, member.c.change).where(
        member.c.touched_at > bindparam("since"),
        member.c.user_id.is_not(None),
        member.c.left_at.is_not(None),
    )


@prepared
def _held_since() -> Select[Any]:
    held = chat.models.HeldMessage.__table__
    return select(held).where(held.c.touched_at > bindparam("since"))
