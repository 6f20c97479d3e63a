"""What the chat itself says is stored as what has happened, beside the English for it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat_message", sa.Column("told", sa.JSON))


def downgrade() -> None:
    op.drop_column("chat_message", "told")
