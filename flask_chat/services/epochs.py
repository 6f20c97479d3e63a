"""Epochs: which past the database has. Another one means: forget everything, load anew."""

from __future__ import annotations

import secrets

from sqlalchemy import insert

from .. import database
from ..current import chat
from ..database import writing
from ..models.columns import utcnow


@writing
def begin() -> str:
    """Begin a new epoch; its name."""
    value = secrets.token_hex(8)
    database.execute(insert(chat.models.Epoch.__table__).values(value=value, created_at=utcnow()))
    return value
