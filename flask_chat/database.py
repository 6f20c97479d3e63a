"""The host's scoped session, and who may end a transaction.

Ground floor. *Who opened a transaction commits it.* Our doors (REST, socket commands, CLI,
sweeps) say :func:`owning`; inside, every verb is one transaction of ours. Without it a verb was
called by host code: it joins the host's transaction and commits nothing.

Nobody else in the package calls ``commit``, ``rollback`` or ``remove``.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakSet

from flask import Flask
from sqlalchemy import Connection, Engine, Executable, Row, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from .current import chat
from .errors import Busy, SetupError, Unavailable

P = ParamSpec("P")
R = TypeVar("R")

_ATTEMPTS = 3
_LOCK_SECONDS = 2.0
# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available.
_WORTH_REPEATING = ("40001", "40P01", "55P03")

#: Marks, in ``Table.info``, the tables that are ours.
OURS = "flask_chat"

#: Engines of databases that were seen to have our tables.
_made: WeakSet[Engine] = WeakSet()

_owning: ContextVar[bool] = ContextVar("flask_chat.owning", default=False)
#: The connection of the transaction that is under way here, where it is ours.
_begun: ContextVar[Connection | None] = ContextVar("flask_chat.begun", default=None)
#: Whether the verb that is under way here has been tried before.
_again: ContextVar[bool] = ContextVar("flask_chat.again", default=False)


def session() -> Session:
    """The host's session of this context."""
    return cast(Session, chat.db.session())


def execute(statement: Executable, parameters: Any = None) -> Any:
    """Run a statement on the host's session, on the bind where our tables are.

    :returns: SQLAlchemy's ``Result``, whose type parameters differ between 2.0 and 2.1.
    """
    begun = _begun.get()
    if begun is not None:
        return begun.execute(statement, parameters)
    return session().execute(statement, parameters, bind_arguments=_where())


def rows(statement: Executable, values: Any = None) -> Sequence[Row[Any]]:
    """All rows."""
    found: Sequence[Row[Any]] = execute(statement, values).all()
    return found


def first(statement: Executable, values: Any = None) -> Row[Any] | None:
    """The first row, or ``None``."""
    found: Row[Any] | None = execute(statement, values).first()
    return found


def column(statement: Executable) -> Sequence[Any]:
    """The first column of all rows."""
    found: Sequence[Any] = execute(statement).scalars().all()
    return found


def scalar(statement: Executable, values: Any = None) -> Any:
    """The first column of the first row, or ``None``."""
    return execute(statement, values).scalar()


def insert_once(table: Table, **values: Any) -> Row[Any] | None:
    """Insert a row, unless one is there that a unique rule of the table takes for the same.

    No error and no savepoint: the transaction, which may be the host's, goes on either way. One
    that is inserting the same at this moment is waited for.

    :returns: the new row; ``None`` if there was one.
    """
    dialect = postgresql if connection().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    return first(statement.returning(*table.c))


def connection() -> Connection:
    """The session's connection to the bind where our tables are."""
    return session().connection(bind_arguments=_where())


def engine() -> Engine:
    """The engine of the bind where our tables are."""
    return cast(Engine, session().get_bind(**_where()))


def has_tables() -> bool:
    """Whether ``init-db`` has been run; until then the host's accounts are none of our business."""
    if engine() not in _made:
        member = chat.models.Member.__table__
        if not inspect(connection()).has_table(member.name, member.schema):
            return False
        _made.add(engine())
    return True


def _where() -> dict[str, Any]:
    return {"mapper": inspect(chat.models.Conversation)}


def give_back() -> None:
    """Return the connection to the pool. What the host had left unfinished here is not ours to
    carry on; its objects stay attached for its own ``after_request``."""
    if chat.db.session.registry.has():
        chat.db.session.rollback()


def remove() -> None:
    """End the session of this context altogether: nothing of it outlives the call."""
    if chat.db.session.registry.has():
        chat.db.session.remove()


@contextmanager
def owning() -> Iterator[None]:
    """Inside, each verb is a transaction of its own, begun and committed here."""
    give_back()
    token = _owning.set(True)
    try:
        yield
    finally:
        _owning.reset(token)
        give_back()


def is_owning() -> bool:
    """Whether a verb called now is a transaction of its own."""
    return _owning.get()


def may_fail() -> bool:
    """Whether a broken unique rule harms nobody: the transaction is ours, and on its first try.

    So a verb need not look for what is hardly ever there: the second try does.
    """
    return _owning.get() and not _again.get()


@contextmanager
def joining() -> Iterator[None]:
    """Inside, verbs join whatever transaction there is, even while a door of ours is open: what
    runs is the host's code (a receiver of a signal), or the host's commit."""
    token, begun = _owning.set(False), _begun.set(None)
    try:
        yield
    finally:
        _begun.reset(begun)
        _owning.reset(token)


@contextmanager
def context(app: Flask) -> Iterator[None]:
    """A context of our own, for what has no request: socket commands, sweeps, loops."""
    with app.app_context():  # which has no session yet, so there is nothing to give back
        token = _owning.set(True)
        try:
            yield
        finally:
            _owning.reset(token)
            remove()


def writing(verb: Callable[P, R]) -> Callable[P, R]:
    """A verb that writes: one transaction, retried whole when the database asks for it.

    :raises Busy: if another writer held the database for too long.
    :raises Unavailable: if the database is away. Nothing was stored.
    """

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _owning.get():
            return verb(*args, **kwargs)
        for attempt in range(1, _ATTEMPTS + 1):
            token = _again.set(attempt > 1)
            try:
                return _commit(lambda: verb(*args, **kwargs))
            except (DBAPIError, PoolTimeout) as problem:
                if attempt == _ATTEMPTS or not _is_worth_repeating(problem):
                    raise _translated(problem) from problem
            finally:
                _again.reset(token)
        raise AssertionError("unreachable")

    return run


def reading(verb: Callable[P, R]) -> Callable[P, R]:
    """A verb that only reads. Its connection goes back at once.

    :raises Unavailable: if the database is away.
    """

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _owning.get():
            return verb(*args, **kwargs)
        try:
            return verb(*args, **kwargs)
        except (DBAPIError, PoolTimeout) as problem:
            raise _translated(problem) from problem
        finally:
            give_back()

    return run


@contextmanager
def translated() -> Iterator[None]:
    """For what the host asks of the database on our behalf: who is signed in.

    :raises Unavailable: if the database is away.
    """
    try:
        yield
    except (DBAPIError, PoolTimeout) as problem:
        raise _translated(problem) from problem


def _commit(act: Callable[[], R]) -> R:
    current, token = session(), None
    try:
        begun = connection()
        _begin(begun)
        token = _begun.set(begun)
        result = act()
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        if token is not None:
            _begun.reset(token)
    return result


def _begin(connection: Connection) -> None:
    """Take SQLite's write lock before the first statement.

    A transaction that has read cannot become a writer there: it fails at once, whatever the
    time-out. And the driver's own wait stops the whole process under gevent, so we wait here.
    """
    if connection.dialect.name != "sqlite":
        return
    # The driver's own call: through SQLAlchemy these four lines cost as much as the message.
    driver: Any = connection.connection.dbapi_connection
    deadline = time.monotonic() + _LOCK_SECONDS
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _try_immediate(driver):
            if time.monotonic() > deadline:
                raise Busy()
            time.sleep(random.uniform(0.001, 0.01))  # noqa: S311 - spreads the waiters
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience or 0}")


def _try_immediate(driver: Any) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as problem:
        if "within a transaction" in str(problem):
            # The host begins transactions itself. Our first statement is a write, and takes
            # the lock then.
            return True
        if "locked" in str(problem):
            return False
        raise OperationalError("BEGIN IMMEDIATE", None, problem) from problem
    return True


def _is_worth_repeating(problem: Exception) -> bool:
    """A unique violation is: the second time, the verb finds the row that was in its way."""
    if isinstance(problem, IntegrityError):
        return True
    if isinstance(problem, DBAPIError):
        return getattr(problem.orig, "sqlstate", None) in _WORTH_REPEATING
    return False


def _translated(problem: Exception) -> Exception:
    if isinstance(problem, IntegrityError):
        return problem
    if _is_table_missing(problem):
        return SetupError("The chat's tables are missing or out of date: run `flask chat init-db`.")
    if isinstance(problem, DBAPIError) and "locked" in str(problem.orig):
        return Busy(seconds=1)
    if isinstance(problem, OperationalError | PoolTimeout):
        return Unavailable(seconds=2)
    return problem


def _is_table_missing(problem: Exception) -> bool:
    cause = getattr(problem, "orig", None)
    undefined = getattr(cause, "sqlstate", None) in ("42P01", "42703")
    return undefined or str(cause).startswith(("no such table: chat_", "no such column: chat_"))
