"""Messages, and what they said before they were changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .columns import BigKey, Stored, UtcDateTime

USER, SYSTEM = "user", "system"


class Message(Stored):
    """One message. ``seq`` is its place for ever; ``change`` the last change that touched it.

    Deleted means a tombstone: the row and its number stay, the words move to the revisions.
    """

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    if TYPE_CHECKING:
        conversation_id: Mapped[int]
        author_id: Mapped[Any]
        reply_to_id: Mapped[int | None]
    seq: Mapped[int] = mapped_column(BigKey)
    change: Mapped[int] = mapped_column(BigKey)
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)
    # What has happened, where the chat itself says it: `body` is that in English.
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The author's own mark: repeating a send finds this row instead of making another.
    client_id: Mapped[str | None] = mapped_column(String(64))
    # What was first asked for under that mark, so that a different request is noticed.
    digest: Mapped[str | None] = mapped_column(String(64))
    # The office in whose name it was sent, if any.
    inbox: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Revision(Stored):
    """The words of a message before somebody changed or deleted them."""

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    if TYPE_CHECKING:
        message_id: Mapped[int]
        by_id: Mapped[Any]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
