"""Announcements, and who has confirmed that they read one."""

import sqlalchemy as sa
from alembic import op

from flask_chat.models.columns import BigKey, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conversation = sa.ForeignKey(
        "chat_conversation.id", name="fk_chat_announcement_conversation", ondelete="CASCADE"
    )
    op.create_table(
        "chat_announcement",
        sa.Column("id", BigKey, primary_key=True, nullable=False),
        sa.Column("conversation_id", BigKey, conversation, nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("asks_confirmation", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("conversation_id", name="uq_chat_announcement_conversation"),
    )
    op.add_column("chat_member", sa.Column("confirmed_at", UtcDateTime, nullable=True))


def downgrade() -> None:
    op.drop_column("chat_member", "confirmed_at")
    op.drop_table("chat_announcement")
