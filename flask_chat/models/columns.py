"""Column types that mean the same on every database, and the database's own clock.

All times come from the database, never from a worker: workers' clocks differ, and order, edit
windows and retention must not.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

# SQLite numbers rows by itself only for a column that is plainly INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on the Python side."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return moment.astimezone(UTC)


class Stored:
    """What every mapped class of ours has, for the type checker."""

    if TYPE_CHECKING:
        __table__: ClassVar[Any]


class utcnow(FunctionElement[datetime]):
    """The database's clock, now (not at the start of the transaction)."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(utcnow, "postgresql")
def _postgresql(element: utcnow, compiler: Any, **kw: Any) -> str:
    return "clock_timestamp()"


@compiles(utcnow, "sqlite")
def _sqlite(element: utcnow, compiler: Any, **kw: Any) -> str:
    # Six decimals, as SQLAlchemy stores them: texts of one length compare as times.
    return "(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')"
