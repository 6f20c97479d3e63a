"""Messages that wait for the end of somebody's quiet hours."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .columns import BigKey, Stored, UtcDateTime

WAITING, REFUSED, CANCELLED = "waiting", "refused", "cancelled"


class HeldMessage(Stored):
    """One message that nobody but its author knows of; it has no number yet.

    Released, the row is gone in the transaction that stores the message. ``refused``: what was
    wrong when it was to be released; it stays with its author. ``cancelled``: kept for a while
    without its words, so that repeating the send finds that it was taken back.
    """

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    if TYPE_CHECKING:
        conversation_id: Mapped[int]
        author_id: Mapped[Any]
    body: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    # No foreign key: what it replies to may be purged meanwhile, and the release notices.
    reply_to_id: Mapped[int | None] = mapped_column(BigKey)
    state: Mapped[str] = mapped_column(String(16))
    # Why it waits, in the host's words; or the code and sentence of what was wrong.
    reason: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(String(32))
    # Whether its author might have sent it at once; asked anew when they do.
    may_send: Mapped[bool]
    # When it is to be looked at next; nothing where no rule says when it opens.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When its state moved last; the reconciler looks for what it has not heard of.
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
