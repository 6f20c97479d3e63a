"""What the processes of one installation agree on: epoch, leases, orders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .columns import BigKey, Stored, UtcDateTime


class Epoch(Stored):
    """One row. Another epoch means another past (a restored backup): forget and load anew."""

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    value: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Lease(Stored):
    """A job that one process at a time may do, and the process that does it."""

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(200))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Order(Stored):
    """Asked of the processes that hold sockets by one that holds none (a CLI command).

    An answer is a row of its own that says which order it answers: several processes may.
    """

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    verb: Mapped[str] = mapped_column(String(32))
    payload: Mapped[str] = mapped_column(Text)
    answers_to: Mapped[int | None] = mapped_column(BigKey)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
