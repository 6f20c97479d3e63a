"""Two indexes that find what is not counted as unread, instead of one that finds all that is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DELETED, STANDING = sa.text("deleted_at IS NOT NULL"), sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_chat_message_author", "chat_message", ["author_id", "conversation_id", "seq"]
    )
    op.create_index(
        "ix_chat_message_deleted",
        "chat_message",
        ["conversation_id", "seq", "author_id"],
        sqlite_where=DELETED,
        postgresql_where=DELETED,
    )
    op.drop_index("ix_chat_message_unread", "chat_message")


def downgrade() -> None:
    op.create_index(
        "ix_chat_message_unread",
        "chat_message",
        ["conversation_id", "seq", "author_id"],
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.drop_index("ix_chat_message_deleted", "chat_message")
    op.drop_index("ix_chat_message_author", "chat_message")
