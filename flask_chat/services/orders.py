"""Orders: what a process without sockets (a command) asks of those that hold them.

A row in a small table, looked at once a second by every process with sockets; each answers with
a row of its own.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select

from .. import database
from ..current import chat
from ..database import reading, writing
from ..models.columns import utcnow

WHO = "who"
ABOUT = "about"
REVOKE = "revoke"
KICK = "kick"
RESYNC = "resync"

_ANSWER = "answer"
_KEPT = timedelta(minutes=5)
#: What is older concerns nobody any more; what is younger is looked at again and again, because
#: numbers are given out before they can be seen.
_RECENT = timedelta(minutes=1)


@writing
def give(verb: str, **payload: Any) -> int:
    """Leave an order; returns the number under which answers will be found."""
    return _write(verb, payload)


@writing
def answer(order: int, result: Any) -> None:
    """Answer an order, and throw old ones away."""
    table = chat.models.Order.__table__
    now = database.scalar(select(utcnow()))
    database.execute(delete(table).where(table.c.created_at < now - _KEPT))
    _write(_ANSWER, result, answers_to=order)


@reading
def answers_to(order: int) -> list[Any]:
    """What has been answered so far, by however many processes."""
    table = chat.models.Order.__table__
    found = database.column(select(table.c.payload).where(table.c.answers_to == order))
    return [json.loads(payload) for payload in found]


class Order(NamedTuple):
    """What was asked, and how long ago by the database's clock."""

    number: int
    verb: str
    payload: dict[str, Any]
    age_seconds: float


@reading
def recent() -> list[Order]:
    """The orders of the last minute, oldest first."""
    table = chat.models.Order.__table__
    now = database.scalar(select(utcnow()))
    rows = database.rows(
        select(table.c.id, table.c.verb, table.c.payload, table.c.created_at)
        .where(table.c.created_at > now - _RECENT, table.c.answers_to.is_(None))
        .order_by(table.c.id)
    )
    return [
        Order(row.id, row.verb, json.loads(row.payload), (now - row.created_at).total_seconds())
        for row in rows
    ]


def _write(verb: str, payload: Any, *, answers_to: int | None = None) -> int:
    table = chat.models.Order.__table__
    statement = insert(table).values(
        verb=verb, payload=json.dumps(payload), answers_to=answers_to, created_at=utcnow()
    )
    return int(database.scalar(statement.returning(table.c.id)))
