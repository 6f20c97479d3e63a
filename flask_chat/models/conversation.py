"""Conversations and the people in them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from .columns import BigKey, Stored, UtcDateTime

DIRECT, GROUP, SELF, SUBJECT = "direct", "group", "self", "subject"
ANNOUNCEMENT = "announcement"
#: Somebody and an office; and what the office says of it among its own.
INBOX, NOTES = "inbox", "notes"

#: The kinds in which people take part by a rule, without a membership of their own.
BY_RULE = (SUBJECT, INBOX, NOTES)

#: The kinds whose members may have others beside them, whom the host's rules of supervision name.
WATCHED = (DIRECT, GROUP)


class Conversation(Stored):
    """A conversation and its two counters.

    The row is what every verb locks first: whoever holds it may number messages (``last_seq``)
    and changes (``last_change``), so both are gap-free and in the order of the commits.
    """

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str | None] = mapped_column(String(200))
    # One row for one pair (or one person with themself), whoever opens it first.
    direct_key: Mapped[str | None] = mapped_column(String(64))
    # The host record it is about, if any: the subject's name, the key as the database writes it.
    subject_kind: Mapped[str | None] = mapped_column(String(64))
    subject_key: Mapped[str | None] = mapped_column(String(255))
    last_seq: Mapped[int] = mapped_column(BigKey)
    last_change: Mapped[int] = mapped_column(BigKey)
    first_seq: Mapped[int] = mapped_column(BigKey)
    # The change that last touched this row itself: created, renamed, purged.
    change: Mapped[int] = mapped_column(BigKey)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Member(Stored):
    """One person in one conversation: their membership and their own reading state.

    Ended by ``left_at``, never by deleting the row. ``version`` moves with the own state (read,
    muted, archived, pinned), ``change`` with the membership.

    In the thread of a host record, and for the staff of an office, it is no membership
    (``by_rule``): who takes part there is what the host's own rows say, and this row is only what
    somebody has read. In a direct conversation or a group it is of somebody who supervises: that
    they are there is what the host's rows say, and this row is what the others were told.

    In an announcement the sender is its ``owner``; of the others nobody is shown another.
    """

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    if TYPE_CHECKING:
        conversation_id: Mapped[int]
        user_id: Mapped[Any]
    owner: Mapped[bool] = mapped_column(server_default=false())
    by_rule: Mapped[bool] = mapped_column(server_default=false())
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    since_seq: Mapped[int] = mapped_column(BigKey)
    change: Mapped[int] = mapped_column(BigKey)
    version: Mapped[int] = mapped_column(BigKey, server_default="1")
    # When ``version`` moved, or the membership ended; the reconciler looks for what it has not
    # heard of.
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_seq: Mapped[int] = mapped_column(BigKey)
    muted: Mapped[bool] = mapped_column(server_default=false())
    archived: Mapped[bool] = mapped_column(server_default=false())
    pinned: Mapped[bool] = mapped_column(server_default=false())
    # When this person said that they have read the announcement, where one asks for that.
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
