"""The reconciler: pokes the clients of conversations that moved without anybody being told.

What a CLI command, a cron job or a worker that died between commit and publish has written is in
the database and in no frame. The conversation row is the outbox: this looks at the heads that
moved lately, compares them with what the bus has carried, and ticks those that are ahead.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import select

from .. import announce, database
from ..current import chat
from ..database import reading
from ..events import Control, Entry, Ticked
from ..models.columns import utcnow
from . import members

#: Looked at again each time: a transaction shows only when it commits, and may have begun before.
_OVERLAP = timedelta(seconds=15)
_REMEMBERED = 10_000


class Reconciler:
    """What this process has carried, and up to when it has compared."""

    def __init__(self) -> None:
        self._lock = Lock()  # guards _carried
        self._carried: OrderedDict[str, int] = OrderedDict()
        self._since: datetime | None = None

    def note(self, entries: Sequence[Entry | Control]) -> None:
        """The bus has carried these."""
        with self._lock:
            for entry in entries:
                if isinstance(entry, Entry) and entry.head is not None:
                    conversation, change = entry.head
                    self._carried[conversation] = max(change, self._carried.get(conversation, 0))
                    self._carried.move_to_end(conversation)
            while len(self._carried) > _REMEMBERED:
                self._carried.popitem(last=False)

    def look(self) -> int:
        """Tick what moved unseen since the last look; returns how many conversations that was."""
        missed = self._missed()
        chat.counts.add("ticks", len(missed))
        for conversation, change in missed:
            announce.now(
                Ticked(
                    audience=members.audience(conversation),
                    conversation=str(conversation),
                    change=change,
                )
            )
        return len(missed)

    @reading
    def _missed(self) -> list[tuple[int, int]]:
        heads = chat.models.Conversation.__table__
        now = database.scalar(select(utcnow()))
        since, self._since = self._since or now, now
        rows = database.rows(
            select(heads.c.id, heads.c.last_change).where(heads.c.updated_at > since - _OVERLAP)
        )
        with self._lock:
            return [
                (row.id, row.last_change)
                for row in rows
                if self._carried.get(str(row.id), 0) < row.last_change
            ]
