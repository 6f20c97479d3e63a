"""Orders: what a process without sockets (a command) asks of the one that holds them.

A row in a small table, looked at once a second by the process with the lease.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from .. import database
from ..current import chat
from ..database import reading, writing
from ..models.columns import utcnow

WHO = "who"
REVOKE = "revoke"

_KEPT = timedelta(minutes=5)


@writing
def give(verb: str, **payload: Any) -> int:
    """Leave an order; returns the number under which the answer will be found."""
    table = chat.models.Order.__table__
    statement = insert(table).values(verb=verb, payload=json.dumps(payload), created_at=utcnow())
    return int(database.scalar(statement.returning(table.c.id)))


@reading
def answer_to(order: int) -> Any:
    """The answer, or ``None`` as long as there is none."""
    table = chat.models.Order.__table__
    answer = database.scalar(select(table.c.answer).where(table.c.id == order))
    return None if answer is None else json.loads(answer)


@reading
def open_orders() -> list[tuple[int, str, dict[str, Any]]]:
    """What nobody has answered yet: number, verb and payload."""
    table = chat.models.Order.__table__
    rows = database.execute(
        select(table.c.id, table.c.verb, table.c.payload)
        .where(table.c.answer.is_(None))
        .order_by(table.c.id)
    )
    return [(key, verb, json.loads(payload)) for key, verb, payload in rows]


@writing
def answer(order: int, result: Any) -> None:
    """Answer an order, and throw old ones away."""
    table = chat.models.Order.__table__
    now = database.scalar(select(utcnow()))
    database.execute(delete(table).where(table.c.created_at < now - _KEPT))
    database.execute(update(table).where(table.c.id == order).values(answer=json.dumps(result)))
