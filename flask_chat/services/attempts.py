"""Earlier attempts at the same message: sends are repeated until they are answered."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, tuple_

from .. import database
from ..current import chat
from ..models import padded, prepared
from ..models.message import SYSTEM

#: What a repetition has in common with the first attempt: the author's key, and the client_id.
Mark = tuple[Any, str | None]


def already_sent(marks: Collection[Mark], *, at_once: bool = False) -> dict[Mark, Row[Any]]:
    """What earlier attempts have stored.

    Hardly any message is a repetition, and what people repeat breaks a unique rule: unless it is
    to be known at once, it is looked for when the transaction is tried again.
    """
    is_asked = at_once or not database.may_fail()
    by_people = [mark for mark in marks if mark[0] is not None and is_asked]
    by_system = [client_id for author, client_id in marks if author is None and client_id]
    rows: list[Row[Any]] = []
    if by_people:
        rows += database.rows(_sent_by_people(), {"marks": padded(by_people)})
    if by_system:
        rows += database.rows(_sent_by_system(), {"marks": padded(by_system)})
    return {(row.author_id, row.client_id): row for row in rows}


@prepared
def _sent_by_people() -> Select[Any]:
    table = chat.models.Message.__table__
    mark = tuple_(table.c.author_id, table.c.client_id)
    return select(table).where(mark.in_(bindparam("marks", expanding=True)))


@prepared
def _sent_by_system() -> Select[Any]:
    table = chat.models.Message.__table__
    return select(table).where(
        table.c.author_id.is_(None),
        table.c.kind == SYSTEM,
        table.c.client_id.in_(bindparam("marks", expanding=True)),
    )
