"""Conversations about a host record, whose participants are what the host's rows say.

Columns and an index only, nothing that SQLite can do by copying the table alone: dropping the old
copy would, with foreign keys enforced, delete every message along with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat_conversation", sa.Column("subject_kind", sa.String(64)))
    op.add_column("chat_conversation", sa.Column("subject_key", sa.String(255)))
    op.create_index(
        "uq_chat_conversation_subject",
        "chat_conversation",
        ["subject_kind", "subject_key"],
        unique=True,
    )
    by_rule = sa.Column("by_rule", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("chat_member", by_rule)


def downgrade() -> None:
    op.drop_column("chat_member", "by_rule")
    op.drop_index("uq_chat_conversation_subject", "chat_conversation")
    op.drop_column("chat_conversation", "subject_key")
    op.drop_column("chat_conversation", "subject_kind")
