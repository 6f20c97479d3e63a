"""What people ask of an office: where it stands, and how long each answer took."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from .columns import BigKey, Stored, UtcDateTime


class Inquiry(Stored):
    """One person's conversation with one office, as it stands in the office's queue.

    There is one for each writer and the office they wrote to (``opened_with``); ``inbox`` is the
    office that has it now. What the staff say among themselves about it is a conversation of its
    own, ``notes_id``, in which the writer takes no part.
    """

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    if TYPE_CHECKING:
        conversation_id: Mapped[int]
        notes_id: Mapped[int]
        writer_id: Mapped[Any]
        assignee_id: Mapped[Any]
    opened_with: Mapped[str] = mapped_column(String(64))
    inbox: Mapped[str] = mapped_column(String(64))
    # How often it was opened: nothing was written yet, the first time, reopened once ...
    round: Mapped[int]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Since when the writer has been without an answer.
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The beginning of the closed period in which the office has answered by itself.
    answered_closure: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InquiryRound(Stored):
    """From the first words of either side, or the writer's first after it was closed, to its
    closing."""

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    if TYPE_CHECKING:
        inquiry_id: Mapped[int]
        answered_by_id: Mapped[Any]
        closed_by_id: Mapped[Any]
    number: Mapped[int]
    # The office that has it now, or had it when it was closed.
    inbox: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The writer's first words; later than the opening, or none, where the office has begun.
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_answer_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
