"""What was announced, beyond the conversation that everybody who got it reads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from .columns import BigKey, Stored, UtcDateTime


class Announcement(Stored):
    """For those who sent it. That people have read it is in their own rows (``Member``)."""

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    if TYPE_CHECKING:
        conversation_id: Mapped[int]
    # To whom, in the host's words: may be for the sender's eyes alone.
    label: Mapped[str] = mapped_column(String(200))
    asks_confirmation: Mapped[bool] = mapped_column(server_default=false())
    # What was first asked for under the sender's mark, so that a different request is noticed.
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
