"""What was done to the host's records from inside their conversations."""

import sqlalchemy as sa
from alembic import context, op

from flask_chat.models.columns import BigKey, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    user_key = context.config.attributes["user_key"]
    conversation = sa.ForeignKey(
        "chat_conversation.id", name="fk_chat_action_run_conversation", ondelete="CASCADE"
    )
    actor = sa.ForeignKey(user_key, name="fk_chat_action_run_actor", ondelete="SET NULL")
    op.create_table(
        "chat_action_run",
        sa.Column("id", BigKey, primary_key=True, nullable=False),
        sa.Column("conversation_id", BigKey, conversation, nullable=False),
        sa.Column("actor_id", user_key.type, actor),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("actor_id", "client_id", name="uq_chat_action_run_client_id"),
    )
    op.create_index("ix_chat_action_run_conversation_id", "chat_action_run", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("chat_action_run")
