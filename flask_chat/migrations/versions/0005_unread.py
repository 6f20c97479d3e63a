"""An index that what is unread is counted in, without a look at the messages themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NOT_DELETED = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_chat_message_unread",
        "chat_message",
        ["conversation_id", "seq", "author_id"],
        sqlite_where=NOT_DELETED,
        postgresql_where=NOT_DELETED,
    )


def downgrade() -> None:
    op.drop_index("ix_chat_message_unread", "chat_message")
