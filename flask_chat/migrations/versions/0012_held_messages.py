"""Messages that wait for the end of somebody's quiet hours."""

import sqlalchemy as sa
from alembic import context, op

from flask_chat.models.columns import BigKey, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    user_key = context.config.attributes["user_key"]
    conversation = sa.ForeignKey(
        "chat_conversation.id", name="fk_chat_held_message_conversation", ondelete="CASCADE"
    )
    author = sa.ForeignKey(user_key, name="fk_chat_held_message_author", ondelete="CASCADE")
    op.create_table(
        "chat_held_message",
        sa.Column("id", BigKey, primary_key=True, nullable=False),
        sa.Column("conversation_id", BigKey, conversation, nullable=False),
        sa.Column("author_id", user_key.type, author, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("reply_to_id", BigKey),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("code", sa.String(32)),
        sa.Column("may_send", sa.Boolean, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("touched_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("author_id", "client_id", name="uq_chat_held_message_client_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_chat_held_message_conversation_id", "chat_held_message", ["conversation_id"]
    )
    op.create_index("ix_chat_held_message_due_at", "chat_held_message", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("chat_held_message")
