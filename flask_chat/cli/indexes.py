"""Whether the host's relations that the chat asks can be looked up from both sides.

Who takes part in a record's conversation, and who supervises whom, are queries of the host's that
every message and every page filters: now by the record or person, now by who is added to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, inspect
from sqlalchemy.exc import SQLAlchemyError

from .. import database
from ..current import chat
from .findings import Finding, ok, warn


def indexes() -> Iterator[Finding]:
    """A finding for each column without an index, as far as the queries name columns of tables:
    of what is calculated nothing can be said."""
    columns = _looked_up()
    if not columns:
        return
    try:
        with database.engine().connect() as connection:
            missing = [column for column in columns if not _has_index(connection, column)]
    except SQLAlchemyError:
        return  # the tables are missing, or do not answer, as was said above
    for column in missing:
        yield warn(
            "indexes",
            f"{column.table.name}.{column.name} is looked up for every message, without an index",
            "give the column an index (index=True, and a migration of yours)",
        )
    if not missing:
        yield ok("indexes", "what records and supervision ask of your tables has its indexes")


def _looked_up() -> list[Column[Any]]:
    relations = [
        *(subject.relation for subject in chat.subjects),
        *(rule.pairs for rule in chat.supervision),
    ]
    found = {
        column: None
        for relation in relations
        for side in relation.c
        for column in sorted(side.base_columns, key=str)
        if isinstance(column, Column)
    }
    return list(found)


def _has_index(connection: Any, column: Column[Any]) -> bool:
    """Whether an index of all rows begins with this column."""
    table, schema = column.table.name, column.table.schema
    there = inspect(connection)
    keys = [
        there.get_pk_constraint(table, schema)["constrained_columns"],
        *(each["column_names"] for each in there.get_unique_constraints(table, schema)),
        *(each["column_names"] for each in there.get_indexes(table, schema) if _is_whole(each)),
    ]
    return any(columns[0] == column.name for columns in keys if columns)


def _is_whole(index: Any) -> bool:
    return not any(option.endswith("_where") for option in index.get("dialect_options", {}))
