"""Keeps our tables out of what the host's own Alembic proposes.

The host's ``MetaData`` knows our tables, for its ``create_all`` and our foreign keys. Its history
must not: it would want to make them before ``init-db`` has, and undo each of our versions. So an
autogenerate looks away from tables of ours, and what it has found of them all the same is taken
out again, in plain Alembic, Flask-Migrate and Flask-Alembic alike. A host that wants them in its
history says so in its ``env.py``: ``context.configure(..., chat_tables=True)``.
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


def _look_away(context: Any, found: Any, schemas: Any) -> None:
    """Spare the host's log the lines "Detected added table" for tables that are left out anyway.

    Alembic has no public way to add a filter so late; where its own name for them changes, the
    lines are back and nothing else.
    """
    ours = _left_out(context)

    def is_theirs(thing: Any, name: str | None, kind: str, *rest: Any) -> bool:
        return kind != "table" or (thing.schema, name) not in ours

    filters = getattr(context, "_object_filters", None)
    if filters is not None:
        context._object_filters = [*filters, is_theirs]


def _leave_out(context: Any, found: Any, schemas: Any) -> None:
    ours = _left_out(context)
    found.ops[:] = [
        operation
        for operation in found.ops
        if (getattr(operation, "schema", None), getattr(operation, "table_name", None)) not in ours
    ]


def _left_out(context: Any) -> set[tuple[str | None, str]]:
    given = context.metadata
    if context.opts.get(OPTION) or given is None:
        return set()
    return tables_of([given] if isinstance(given, MetaData) else given)


def _register() -> None:
    """One before all others, one after; before Alembic 1.18 they came as they were registered."""
    try:
        from alembic.util import DispatchPriority
    except ImportError:
        comparators.dispatch_for("schema")(_leave_out)
    else:
        comparators.dispatch_for("schema", priority=DispatchPriority.FIRST)(_look_away)
        comparators.dispatch_for("schema", priority=DispatchPriority.LAST)(_leave_out)


_register()
