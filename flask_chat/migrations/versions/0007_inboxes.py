"""Offices that people write to: inquiries, their rounds, and in whose name a reply was sent."""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

from flask_chat.models.columns import BigKey, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat_message", sa.Column("inbox", sa.String(64)))
    op.create_table(
        "chat_inquiry",
        sa.Column("id", BigKey, primary_key=True, nullable=False),
        _row("conversation_id", "chat_conversation", "inquiry_conversation"),
        _row("notes_id", "chat_conversation", "inquiry_notes"),
        _person("writer_id", "inquiry_writer"),
        _person("assignee_id", "inquiry_assignee"),
        sa.Column("opened_with", sa.String(64), nullable=False),
        sa.Column("inbox", sa.String(64), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("opened_at", UtcDateTime),
        sa.Column("waiting_since", UtcDateTime),
        sa.Column("snoozed_until", UtcDateTime),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("answered_closure", UtcDateTime),
        sa.UniqueConstraint("conversation_id", name="uq_chat_inquiry_conversation"),
        sa.UniqueConstraint("notes_id", name="uq_chat_inquiry_notes"),
        sa.UniqueConstraint("writer_id", "opened_with", name="uq_chat_inquiry_writer"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chat_inquiry_inbox", "chat_inquiry", ["inbox", "closed_at"])
    op.create_index("ix_chat_inquiry_assignee_id", "chat_inquiry", ["assignee_id"])
    op.create_table(
        "chat_inquiry_round",
        sa.Column("id", BigKey, primary_key=True, nullable=False),
        _row("inquiry_id", "chat_inquiry", "inquiry_round_inquiry"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("inbox", sa.String(64), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("first_answer_at", UtcDateTime),
        _person("answered_by_id", "inquiry_round_answered_by"),
        sa.Column("closed_at", UtcDateTime),
        _person("closed_by_id", "inquiry_round_closed_by"),
        sa.UniqueConstraint("inquiry_id", "number", name="uq_chat_inquiry_round_number"),
    )
    for column in ("opened_at", "answered_by_id", "closed_by_id"):
        op.create_index(f"ix_chat_inquiry_round_{column}", "chat_inquiry_round", [column])


def downgrade() -> None:
    op.drop_table("chat_inquiry_round")
    op.drop_table("chat_inquiry")
    op.drop_column("chat_message", "inbox")


def _row(column: str, table: str, name: str) -> sa.Column[Any]:
    target = sa.ForeignKey(f"{table}.id", name=f"fk_chat_{name}", ondelete="CASCADE")
    return sa.Column(column, BigKey, target, nullable=False)


def _person(column: str, name: str) -> sa.Column[Any]:
    user_key = context.config.attributes["user_key"]
    target = sa.ForeignKey(user_key, name=f"fk_chat_{name}", ondelete="SET NULL")
    return sa.Column(column, user_key.type, target)
