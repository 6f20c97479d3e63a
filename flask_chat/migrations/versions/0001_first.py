"""Conversations, members, messages, revisions; epoch, leases, orders."""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

from flask_chat.models.columns import BigKey, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    user_key = context.config.attributes["user_key"]

    def person(name: str, constraint: str) -> sa.Column[Any]:
        target = sa.ForeignKey(user_key, name=f"fk_chat_{constraint}", ondelete="SET NULL")
        return sa.Column(name, user_key.type, target)

    def row(name: str, target: str, constraint: str, ondelete: str = "CASCADE") -> sa.Column[Any]:
        key = sa.ForeignKey(target, name=f"fk_chat_{constraint}", ondelete=ondelete)
        return sa.Column(name, BigKey, key, nullable=ondelete != "CASCADE")

    def number(name: str, **options: Any) -> sa.Column[Any]:
        return sa.Column(name, BigKey, nullable=False, **options)

    def flag(name: str) -> sa.Column[Any]:
        return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())

    def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
        return sa.Column(name, UtcDateTime, nullable=nullable)

    op.create_table(
        "chat_conversation",
        number("id", primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200)),
        sa.Column("direct_key", sa.String(64)),
        number("last_seq"),
        number("last_change"),
        number("first_seq"),
        number("change"),
        moment("created_at"),
        moment("updated_at"),
        sa.UniqueConstraint("direct_key", name="uq_chat_conversation_direct_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chat_conversation_updated_at", "chat_conversation", ["updated_at"])

    op.create_table(
        "chat_member",
        number("id", primary_key=True),
        row("conversation_id", "chat_conversation.id", "member_conversation"),
        person("user_id", "member_user"),
        flag("owner"),
        moment("joined_at"),
        moment("left_at", nullable=True),
        number("since_seq"),
        number("change"),
        number("version", server_default="1"),
        moment("touched_at"),
        number("read_seq"),
        flag("muted"),
        flag("archived"),
        flag("pinned"),
        sa.UniqueConstraint("conversation_id", "user_id", name="uq_chat_member_user"),
    )
    op.create_index("ix_chat_member_user_id", "chat_member", ["user_id", "left_at"])
    op.create_index("ix_chat_member_touched_at", "chat_member", ["touched_at"])

    op.create_table(
        "chat_message",
        number("id", primary_key=True),
        row("conversation_id", "chat_conversation.id", "message_conversation"),
        person("author_id", "message_author"),
        row("reply_to_id", "chat_message.id", "message_reply_to", "SET NULL"),
        number("seq"),
        number("change"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("client_id", sa.String(64)),
        sa.Column("digest", sa.String(64)),
        moment("created_at"),
        moment("edited_at", nullable=True),
        moment("deleted_at", nullable=True),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_chat_message_seq"),
        sa.UniqueConstraint("author_id", "client_id", name="uq_chat_message_client_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chat_message_change", "chat_message", ["conversation_id", "change"])
    op.create_index("ix_chat_message_created_at", "chat_message", ["created_at"])
    op.create_index("ix_chat_message_reply_to_id", "chat_message", ["reply_to_id"])

    op.create_table(
        "chat_revision",
        number("id", primary_key=True),
        row("message_id", "chat_message.id", "revision_message"),
        person("by_id", "revision_by"),
        sa.Column("body", sa.Text, nullable=False),
        moment("created_at"),
    )
    op.create_index("ix_chat_revision_message_id", "chat_revision", ["message_id"])
    op.create_index("ix_chat_revision_by_id", "chat_revision", ["by_id"])

    op.create_table(
        "chat_epoch",
        number("id", primary_key=True),
        sa.Column("value", sa.String(64), nullable=False),
        moment("created_at"),
    )
    op.create_table(
        "chat_lease",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("holder", sa.String(200), nullable=False),
        moment("seen_at"),
    )
    op.create_table(
        "chat_order",
        number("id", primary_key=True),
        sa.Column("verb", sa.String(32), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("answers_to", BigKey),
        moment("created_at"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chat_order_answers_to", "chat_order", ["answers_to"])


def downgrade() -> None:
    for table in (
        "chat_order", "chat_lease", "chat_epoch", "chat_revision", "chat_message",
        "chat_member", "chat_conversation",
    ):  # fmt: skip
        op.drop_table(table)
