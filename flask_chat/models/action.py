"""What was done to the host's records from inside their conversations."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from .columns import BigKey, Stored, UtcDateTime


class ActionRun(Stored):
    """One run of an action. Repeating the request finds this row instead of doing it again."""

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    if TYPE_CHECKING:
        conversation_id: Mapped[int]
        actor_id: Mapped[Any]
    name: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[str] = mapped_column(String(64))
    # What was first asked for under that mark, so that a different request is noticed.
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
