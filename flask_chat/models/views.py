"""The views as hosts' queries name them; what they say is ``migrations/views.py``.

Not part of the host's ``MetaData``: nothing makes them as tables, and nothing compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    MetaData,
    String,
    TableClause,
    and_,
    cast,
    column,
    event,
    table,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ExecutableDDLElement

from .columns import UtcDateTime

#: Those that read others go first.
_DROPPED = (
    "chat_inquiry_round_view", "chat_inquiry_view", "chat_unanswered_view", "chat_thread_view",
    "chat_turn_view",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Views:
    """What was said, for reports.

    :ivar threads: ``chat_thread_view``: one row for each record that people talk about.
    :ivar turns: ``chat_turn_view``: what one person wrote until another did, and when that was.
    :ivar unanswered: ``chat_unanswered_view``: conversations by who wrote last, and since when.
    :ivar inquiries: ``chat_inquiry_view``: what was written to an office, and how it stands there.
    :ivar rounds: ``chat_inquiry_round_view``: each time it was opened, answered and closed.
    """

    threads: TableClause
    turns: TableClause
    unanswered: TableClause
    inquiries: TableClause
    rounds: TableClause


def build(user_key: Column[Any]) -> Views:
    """The views beside this user table."""
    key, schema = user_key.type, user_key.table.metadata.schema

    def view(name: str, **columns: Any) -> TableClause:
        parts = [column(each, kind) for each, kind in columns.items()]
        return table(name, *parts, schema=schema)

    about: dict[str, Any] = {"subject_kind": String(64), "subject_key": String(255)}
    moment, number = UtcDateTime(), BigInteger()
    return Views(
        threads=view(
            "chat_thread_view", conversation_id=number, **about, messages=Integer(),
            started_at=moment, last_message_at=moment, last_author_id=key,
        ),
        inquiries=view(
            "chat_inquiry_view", conversation_id=number, inbox=String(64), opened_with=String(64),
            writer_id=key, assignee_id=key, state=String(16), round=Integer(), opened_at=moment,
            waiting_since=moment, waiting_seconds=Float(), snoozed_until=moment, closed_at=moment,
        ),
        rounds=view(
            "chat_inquiry_round_view", conversation_id=number, round=Integer(), inbox=String(64),
            writer_id=key, opened_at=moment, asked_at=moment, first_answer_at=moment,
            answered_by_id=key, response_seconds=Float(), closed_at=moment, closed_by_id=key,
            resolution_seconds=Float(),
        ),
        turns=view(
            "chat_turn_view", conversation_id=number, kind=String(16), **about, turn=Integer(),
            author_id=key, messages=Integer(), started_at=moment, ended_at=moment,
            answered_at=moment, answered_by_id=key, response_seconds=Float(),
        ),
        unanswered=view(
            "chat_unanswered_view", conversation_id=number, kind=String(16), **about,
            author_id=key, messages=Integer(), waiting_since=moment, last_message_at=moment,
        ),
    )  # fmt: skip


def follow_drops(metadata: MetaData) -> None:
    """Let the views go before the host's ``drop_all`` drops what they read."""

    def before_drop(target: Any, connection: Connection, tables: Any = (), **rest: Any) -> None:
        if any(one.name == "chat_message" for one in tables or ()):
            for name in _DROPPED:
                connection.execute(_DropView(table(name, schema=metadata.schema)))

    event.listen(metadata, "before_drop", before_drop)


class _DropView(ExecutableDDLElement):
    def __init__(self, view: TableClause) -> None:
        self.view = view


@compiles(_DropView)
def _drop_view(element: _DropView, compiler: Any, **rest: Any) -> str:
    return f"DROP VIEW IF EXISTS {compiler.preparer.format_table(element.view)}"


def is_about(view: TableClause, kind: str, key: Any) -> ColumnElement[bool]:
    """What joins a view with the records of one subject.

    :param key: the column of the records' primary key.
    """
    return and_(view.c.subject_kind == kind, view.c.subject_key == cast(key, String))
