"""Rounds that an office begins: the writer's first words are no longer the opening."""

import sqlalchemy as sa
from alembic import context, op

from flask_chat.migrations import views
from flask_chat.models.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat_inquiry_round", sa.Column("asked_at", UtcDateTime))
    op.execute("UPDATE chat_inquiry_round SET asked_at = opened_at")
    _make(views.OFFICES)


def downgrade() -> None:
    _make(views.OFFICES_BEFORE)
    op.drop_column("chat_inquiry_round", "asked_at")


def _make(those: dict[str, str]) -> None:
    dialect = context.get_context().dialect.name
    for statement in [*views.dropped(those), *views.made(those, dialect)]:
        op.execute(statement)
