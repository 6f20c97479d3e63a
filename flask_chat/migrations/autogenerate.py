"""Keeps our tables out of what the host's own Alembic proposes.

The host's ``MetaData`` knows our tables, for its ``create_all`` and our foreign keys. Its history
must not: it would want to make them before ``init-db`` has, and undo each of our versions. So what
an autogenerate has found about tables of ours is taken out again, in plain Alembic, Flask-Migrate
and Flask-Alembic alike. A host that wants them in its history says so in its ``env.py``:
``context.configure(..., chat_tables=True)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from alembic.autogenerate import comparators
from sqlalchemy import MetaData

from ..database import OURS

#: The option of an Alembic context that lets our tables in.
OPTION = "chat_tables"


def tables_of(metadata: Iterable[MetaData]) -> set[tuple[str | None, str]]:
    """Schema and name of every table of ours in there."""
    return {
        (table.schema, table.name)
        for each in metadata
        for table in each.tables.values()
        if OURS in table.info
    }


def _leave_out(context: Any, found: Any, schemas: Any) -> None:
    if context.opts.get(OPTION) or context.metadata is None:
        return
    given = context.metadata
    ours = tables_of([given] if isinstance(given, MetaData) else given)
    found.ops[:] = [
        operation
        for operation in found.ops
        if (getattr(operation, "schema", None), getattr(operation, "table_name", None)) not in ours
    ]


def _last() -> dict[str, Any]:
    """After all others; before Alembic 1.18 that was simply the order of registration."""
    try:
        from alembic.util import DispatchPriority
    except ImportError:
        return {}
    return {"priority": DispatchPriority.LAST}


comparators.dispatch_for("schema", **_last())(_leave_out)
